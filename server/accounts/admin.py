"""The administrator's pages: people with their roles, organisations, units, tokens.

Saving here must tell the rest of the system, as an action would. Entries of the audit
trail can be read, never changed. (Django's admin classes are generic only for the
type checker, so here they stand without their parameter.)
"""

from __future__ import annotations

from typing import Any, cast

from axes.utils import reset
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from server.accounts import actions, events
from server.accounts.models import AccessToken, Membership, Organisation, Unit, User
from server.common import audit
from server.common.models import AuditEntry

admin.site.site_header = _("Quản trị Duthao")
admin.site.site_title = _("Quản trị Duthao")
admin.site.index_title = _("Danh mục")
# Rights come from roles in units, never from Django's groups.
admin.site.unregister(Group)


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("unit",)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "full_name")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, type[forms.Field]] = {}


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = UserForm
    add_form = NewUserForm
    inlines = (MembershipInline,)
    list_display = ("full_name", "username", "title", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "memberships__role")
    search_fields = ("search_key", "username")
    ordering = ("name_key",)
    filter_horizontal = ()
    actions = ("end_pause",)
    readonly_fields = ("last_login", "created_at")
    powers = ("is_staff", "is_superuser")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (
            _("Cá nhân"),
            {"fields": ("full_name", "title", "phone", "email", "language")},
        ),
        (_("Quyền"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Thời gian"), {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "full_name",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str]:
        """Only a superuser makes superusers, or opens this site to others."""
        fixed = [str(name) for name in super().get_readonly_fields(request, obj)]
        return fixed if request.user.is_superuser else [*fixed, *self.powers]

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """Nobody else may touch a superuser: a new password would be a way in."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    @admin.action(description=_("Cho đăng nhập lại ngay (bỏ tạm dừng)"))
    def end_pause(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            reset(username=user.username)
            audit.record(_actor(request), "user.pause_ended", "user", user.id)

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            act = "user.changed" if change else "user.created"
            audit.record(
                _actor(request), act, "user", obj.id, changed=form.changed_data
            )
            events.credentials_changed(obj, "changed_by_administrator")

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[User],
        formsets: list[BaseModelFormSet[Any, Any]],
        change: bool,
    ) -> None:
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            if any(formset.has_changed() for formset in formsets):
                held = [str(m) for m in form.instance.memberships.all()]
                audit.record(
                    _actor(request),
                    "user.memberships_changed",
                    "user",
                    form.instance.id,
                    memberships=held,
                )
                events.memberships_changed(form.instance)

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        # A person who left is made inactive: what they wrote keeps its author.
        return False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "abbreviation", "identifier", "place", "parent")
    search_fields = ("name", "abbreviation")
    autocomplete_fields = ("parent",)


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ("name", "abbreviation", "parent", "organisation")
    list_filter = ("organisation",)
    list_select_related = ("parent", "organisation")
    search_fields = ("search_key", "name")
    autocomplete_fields = ("organisation", "parent")
    ordering = ("organisation__name", "parent__name", "name")


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    """Tokens can be looked at and revoked; only their owner can make one."""

    list_display = (
        "name",
        "prefix",
        "user",
        "scope",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = ("scope",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__search_key")
    actions = ("revoke",)

    @admin.action(description=_("Thu hồi các mã đã chọn"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> None:
        for token in queryset.select_related("user"):
            actions.revoke_token(_actor(request), token)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: AccessToken | None = None
    ) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: AccessToken | None = None
    ) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = (
        "at",
        "actor",
        "action",
        "subject_type",
        "subject_id",
        "client_address",
    )
    list_filter = ("action",)
    list_select_related = ("actor",)
    search_fields = ("subject_id", "actor__search_key", "actor__username")
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: AuditEntry | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: AuditEntry | None = None
    ) -> bool:
        return False


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)
