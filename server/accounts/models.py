"""People, organisations, units, the roles people hold in units, and access tokens.

A person may hold several roles in several units (Membership), so nothing else may
store "the" role of a user. Must never hold a secret in clear: passwords are argon2,
tokens are SHA-256 of 256 random bits.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from server.common import clock, text
from server.common.ids import new_id

IDENTIFIER = r"^[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}$"


class Organisation(models.Model):
    """Cơ quan, tổ chức. `place` stands in the date line of its documents, `identifier`
    (mã định danh, OrganId) in what is exchanged and archived; "" until it has one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("tên"), max_length=200)
    abbreviation = models.CharField(_("viết tắt"), max_length=30)
    place = models.CharField(_("địa danh"), max_length=100, blank=True, default="")
    identifier = models.CharField(
        _("mã định danh"),
        max_length=13,
        blank=True,
        default="",
        help_text=_("13 ký tự theo QCVN 102:2016/BTTTT, ví dụ 000.00.12.H15."),
        validators=[
            RegexValidator(IDENTIFIER, _("Mã có dạng 000.00.12.H15 (13 ký tự)."))
        ],
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        constraints = [
            models.UniqueConstraint(
                fields=["identifier"],
                condition=~models.Q(identifier=""),
                name="organisation_identifier_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """Đơn vị: a node in the tree of one organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="units"
    )
    name = models.CharField(_("tên"), max_length=200)
    abbreviation = models.CharField(_("viết tắt"), max_length=30)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    search_key = models.CharField(max_length=250, editable=False, db_index=True)

    class Meta:
        verbose_name = _("đơn vị")
        verbose_name_plural = _("đơn vị")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "abbreviation"], name="unit_abbreviation_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = text.nfc(self.name)
        self.search_key = text.search_key(f"{self.name} {self.abbreviation}")
        super().save(*args, **kwargs)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, password: str | None, **fields: Any
    ) -> User:
        return self.create_user(
            username, password, is_staff=True, is_superuser=True, **fields
        )


class Language(models.TextChoices):
    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. `full_name` is in Vietnamese order: Nguyễn Văn An."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("tên đăng nhập"), max_length=60, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    title = models.CharField(_("chức vụ"), max_length=120, blank=True, default="")
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True, default="")
    email = models.EmailField(_("thư điện tử"), blank=True, default="")
    language = models.CharField(
        _("ngôn ngữ"),
        max_length=2,
        choices=Language.choices,
        default=Language.VIETNAMESE,
    )
    is_active = models.BooleanField(_("đang hoạt động"), default=True)
    is_staff = models.BooleanField(_("vào trang quản trị"), default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    name_key = models.CharField(max_length=500, editable=False, db_index=True)
    search_key = models.CharField(max_length=200, editable=False, db_index=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = text.nfc(self.full_name)
        self.name_key = text.name_sort_key(self.full_name)[:500]
        self.search_key = text.search_key(f"{self.full_name} {self.username}")[:200]
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        """The given name, which is how colleagues address each other."""
        return self.full_name.split()[-1] if self.full_name else self.username


class Role(models.TextChoices):
    OFFICIAL = "official", _("Chuyên viên")
    HEAD = "head", _("Trưởng đơn vị")
    LEADER = "leader", _("Lãnh đạo")
    CLERK = "clerk", _("Văn thư")
    ADMINISTRATOR = "administrator", _("Quản trị")


class Membership(models.Model):
    """One role of one person in one unit. The primary unit stands beside the name."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("vai trò"), max_length=20, choices=Role.choices)
    is_primary = models.BooleanField(_("đơn vị chính"), default=False)

    class Meta:
        verbose_name = _("vai trò")
        verbose_name_plural = _("vai trò")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], name="membership_once"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(is_primary=True),
                name="membership_one_primary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"


class TokenScope(models.TextChoices):
    READ = "read", _("Chỉ đọc")
    WRITE = "write", _("Đọc và ghi")


class AccessToken(models.Model):
    """A personal token for scripts. Only its digest is kept; it is shown once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("tên"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=12, editable=False)
    scope = models.CharField(
        _("phạm vi"),
        max_length=10,
        choices=TokenScope.choices,
        default=TokenScope.WRITE,
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("hết hạn"))
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("mã truy cập")
        verbose_name_plural = _("mã truy cập")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
