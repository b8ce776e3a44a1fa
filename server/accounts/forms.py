"""The forms of the account pages. Shape only: the rules stand in the actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from server.accounts import phones
from server.accounts.models import Language, TokenScope, User
from server.common import clock
from server.common.errors import AppError


class StyledForm(forms.Form):
    """Fields that look like the rest of the pages, and say when they are wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        style(self)

    def add_app_error(self, error: AppError) -> None:
        """Show what an action refused beside its field, or above the form."""
        for name, message in error.fields.items():
            self.add_error(name if name in self.fields else None, str(message))
        if not error.fields:
            self.add_error(None, str(error.message))
        style(self)


def style(form: forms.BaseForm) -> None:
    wrong = set(form.errors) if form.is_bound else set()
    for name, field in form.fields.items():
        select = isinstance(field.widget, forms.Select)
        css = "form-select" if select else "form-control"
        field.widget.attrs["class"] = f"{css} is-invalid" if name in wrong else css


class SignInForm(StyledForm):
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": 1}
        ),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProfileForm(StyledForm):
    phone = forms.CharField(
        label=_("Điện thoại"),
        required=False,
        max_length=30,
        help_text=_("Để nhận tin nhắn nhắc việc."),
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        ),
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=Language.choices)

    @classmethod
    def of(cls, user: User) -> ProfileForm:
        return cls(
            initial={
                "phone": phones.for_people(user.phone),
                "email": user.email,
                "language": user.language,
            }
        )


class TokenForm(StyledForm):
    name = forms.CharField(
        label=_("Dùng để làm gì"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        label=_("Phạm vi"), choices=TokenScope.choices, initial=TokenScope.READ
    )
    days = forms.TypedChoiceField(
        label=_("Thời hạn"),
        coerce=int,
        initial=90,
        choices=[
            (7, _("7 ngày")),
            (30, _("30 ngày")),
            (90, _("90 ngày")),
            (365, _("1 năm")),
        ],
    )

    def expires_at(self) -> datetime:
        days: int = self.cleaned_data["days"]
        return clock.now() + timedelta(days=days)


class NewPasswordForm(PasswordChangeForm):
    """Django's rules, our looks."""

    error_messages = {
        "password_incorrect": _("Mật khẩu hiện tại chưa đúng."),
        "password_mismatch": _("Hai lần nhập mật khẩu mới không giống nhau."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Mật khẩu hiện tại")
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].label = _("Mật khẩu mới")
        self.fields["new_password1"].help_text = _(
            "Ít nhất 10 ký tự, không phải chỉ toàn số, không quá giống tên của bạn "
            "và không nằm trong số mật khẩu thông dụng."
        )
        self.fields["new_password2"].label = _("Nhập lại mật khẩu mới")
        self.fields["new_password2"].help_text = ""
        style(self)
