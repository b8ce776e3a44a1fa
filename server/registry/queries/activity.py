"""The audit trail of a draft, in words.

The trail keeps ids, because names change; they are read here, all at once. Must never
show an address or a browser: those are for the administrator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from server.accounts.models import Unit, User
from server.common.models import AuditEntry
from server.registry.models import LEVEL_CHOICES, Draft, level_name

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Deed:
    at: datetime
    actor: str
    action: str
    sentence: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ActivityPage:
    deeds: tuple[Deed, ...]
    total: int
    number: int
    pages: int


def activity_of(draft: Draft, page: int = 1) -> ActivityPage:
    """Newest first. Four queries."""
    shown = Paginator(_entries(draft), PAGE_SIZE).get_page(page)
    pages = shown.paginator
    return ActivityPage(_deeds(list(shown)), pages.count, shown.number, pages.num_pages)


def newest_deeds(draft: Draft, most: int) -> tuple[Deed, ...]:
    """The newest `most` of all acts, newest first. Three queries."""
    return _deeds(list(_entries(draft)[:most]))


def deeds_of(draft: Draft, actions: Collection[str], most: int) -> tuple[Deed, ...]:
    """The newest `most` of these acts, newest first. Three queries."""
    return _deeds(list(_entries(draft).filter(action__in=actions)[:most]))


def _entries(draft: Draft) -> QuerySet[AuditEntry, AuditEntry]:
    of_this = AuditEntry.objects.filter(subject_type="draft", subject_id=str(draft.pk))
    return of_this.select_related("actor")


def _deeds(entries: Sequence[AuditEntry]) -> tuple[Deed, ...]:
    names = _names(entries)
    return tuple(
        Deed(
            entry.at,
            entry.actor.full_name if entry.actor else _("Hệ thống"),
            entry.action,
            _sentence(entry.action, entry.details, names),
            str(entry.details.get("reason") or entry.details.get("note") or ""),
        )
        for entry in entries
    )


def _names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    ids: dict[str, set[UUID]] = {"user": set(), "unit": set()}
    for entry in entries:
        for kind, wanted in ids.items():
            if value := entry.details.get(kind):
                wanted.add(UUID(value))
    users = User.objects.filter(pk__in=ids["user"]).values_list("pk", "full_name")
    units = Unit.objects.filter(pk__in=ids["unit"]).values_list("pk", "name")
    return {str(key): name for rows in (users, units) for key, name in rows}


def _sentence(action: str, details: Mapping[str, Any], names: Mapping[str, str]) -> str:
    holder = str(details.get("user") or details.get("unit") or "")
    words = {
        **details,
        "holder": names.get(holder, _("một người đã bị xóa")),
        "level": _level(details.get("level")),
        "before_level": _level(details.get("before")),
    }
    known = {
        "draft.created": _("tạo dự thảo “%(title)s”"),
        "draft.imported": _("nhập dự thảo “%(title)s” từ tệp “%(filename)s”"),
        "draft.renamed": _("đổi tên từ “%(before)s” thành “%(after)s”"),
        "draft.shared": _("chia sẻ với %(holder)s (quyền: %(level)s)"),
        "draft.share_changed": _(
            "đổi quyền của %(holder)s từ %(before_level)s thành %(level)s"
        ),
        "draft.share_ended": _("thôi chia sẻ với %(holder)s (quyền: %(level)s)"),
        "draft.archived": _("cất dự thảo vào lưu trữ"),
        "draft.restored": _("khôi phục dự thảo từ lưu trữ"),
        "draft.image_added": _("thêm một ảnh"),
        "draft.submitted": _("trình duyệt, người ký: %(holder)s"),
        "draft.signed_off": _("ký nháy"),
        "draft.content_approved": _("duyệt nội dung"),
        "draft.format_checked": _("kiểm tra thể thức, đạt"),
        "draft.approved": _("duyệt ký và khóa nội dung"),
        "draft.signed": _("ký số văn bản"),
        "draft.issued": _("phát hành, số %(full_number)s"),
        "draft.filed": _("đưa văn bản vào lưu"),
        "draft.returned": _("trả lại dự thảo"),
        "draft.withdrawn": _("rút dự thảo về để sửa"),
        "draft.cancelled": _("hủy dự thảo"),
        "draft.linked": _("để thay thế văn bản số %(full_number)s")
        if details.get("kind") == "replaces"
        else _("để đính chính văn bản số %(full_number)s"),
        "draft.unlinked": _("bỏ liên kết với văn bản số %(full_number)s"),
        "version.named": _("đặt tên phiên bản “%(name)s”"),
        "version.renamed": _("đổi tên phiên bản “%(before)s” thành “%(after)s”"),
        "version.restored": _("khôi phục nội dung của lần lưu %(version)s"),
        "draft.approvals_voided": _(
            "bỏ hiệu lực các lần duyệt trước vì nội dung thay đổi"
        ),
    }
    if action == "draft.format_checked" and details.get("faults"):
        known[action] = _("xác nhận thể thức dù còn %(faults)s lỗi phải sửa")
    pattern = known.get(action)
    sentence = pattern % words if pattern else action
    if details.get("form"):
        # The mandate by which the act was somebody else's.
        form = f"{details['form']}."
        if details.get("user"):
            whose = _("(%(form)s %(holder)s)")
            sentence += " " + whose % {"form": form, "holder": words["holder"]}
        else:  # in a vacant post, or for a collective
            sentence += f" ({form})"
    return sentence


def _level(name: object) -> str:
    for value, label in LEVEL_CHOICES:
        if level_name(value) == name:
            return str(label)
    return str(name or "")
