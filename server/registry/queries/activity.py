"""The audit trail of a draft, in words.

The trail keeps ids, because names change; they are read here, all at once. Must never
show an address or a browser: those are for the administrator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.accounts.models import Unit, User
from server.common.models import AuditEntry
from server.registry.models import LEVEL_CHOICES, Draft, level_name

PAGE_SIZE = 50


# Act of the trail → what was done. Whatever any app records of a draft stands here.
_SENTENCES: dict[str, Promise | str] = {
    "draft.created": gettext_lazy("tạo dự thảo “%(title)s”"),
    "draft.imported": gettext_lazy("nhập dự thảo “%(title)s” từ tệp “%(filename)s”"),
    "draft.renamed": gettext_lazy("đổi tên từ “%(before)s” thành “%(after)s”"),
    "draft.shared": gettext_lazy("chia sẻ với %(holder)s (quyền: %(level)s)"),
    "draft.share_changed": gettext_lazy(
        "đổi quyền của %(holder)s từ %(before_level)s thành %(level)s"
    ),
    "draft.share_ended": gettext_lazy("thôi chia sẻ với %(holder)s (quyền: %(level)s)"),
    "draft.archived": gettext_lazy("cất dự thảo vào lưu trữ"),
    "draft.restored": gettext_lazy("khôi phục dự thảo từ lưu trữ"),
    "draft.image_added": gettext_lazy("thêm một ảnh"),
    "draft.submitted": gettext_lazy("trình duyệt, người ký: %(holder)s"),
    "draft.signed_off": gettext_lazy("ký nháy"),
    "draft.content_approved": gettext_lazy("duyệt nội dung"),
    "draft.format_checked": gettext_lazy("kiểm tra thể thức, đạt"),
    "draft.approved": gettext_lazy("duyệt ký và khóa nội dung"),
    "draft.signed": gettext_lazy("ký số văn bản"),
    "draft.issued": gettext_lazy("phát hành, số %(full_number)s"),
    "draft.filed": gettext_lazy("đưa văn bản vào lưu"),
    "draft.returned": gettext_lazy("trả lại dự thảo"),
    "draft.withdrawn": gettext_lazy("rút dự thảo về để sửa"),
    "draft.cancelled": gettext_lazy("hủy dự thảo"),
    "draft.linked": gettext_lazy("soạn để đính chính văn bản số %(full_number)s"),
    "draft.unlinked": gettext_lazy("bỏ liên kết với văn bản số %(full_number)s"),
    "version.named": gettext_lazy("đặt tên phiên bản “%(name)s”"),
    "version.renamed": gettext_lazy("đổi tên phiên bản “%(before)s” thành “%(after)s”"),
    "version.restored": gettext_lazy("khôi phục nội dung của lần lưu %(version)s"),
    "draft.word_taken": gettext_lazy(
        "nhận tệp Word: %(suggestions)s đề xuất sửa, %(comments)s góp ý"
    ),
    "thread.all_moved": gettext_lazy("gắn lại các góp ý vào chỗ mới của chúng"),
    "opinion.asked": gettext_lazy(
        "lấy ý kiến đợt %(round)s: hỏi %(asked)s nơi, hạn %(day)s"
    ),
    "opinion.extended": gettext_lazy("gia hạn lấy ý kiến đợt %(round)s đến %(day)s"),
    "opinion.withdrawn": gettext_lazy("thôi hỏi một nơi ở đợt lấy ý kiến %(round)s"),
    "opinion.closed": gettext_lazy("đóng đợt lấy ý kiến %(round)s"),
    "opinion.closed_by_term": gettext_lazy(
        "đóng đợt lấy ý kiến %(round)s vì hết hạn %(day)s"
    ),
    "opinion.reopened": gettext_lazy(
        "mở lại đợt lấy ý kiến %(round)s, hạn mới %(day)s"
    ),
    "opinion.chased": gettext_lazy(
        "đôn đốc %(requests)s nơi ở đợt lấy ý kiến %(round)s"
    ),
    "opinion.given": gettext_lazy("trả lời đợt lấy ý kiến %(round)s"),
    "opinion.handled": gettext_lazy(
        "tiếp thu, giải trình một ý kiến của đợt %(round)s"
    ),
    "draft.approvals_voided": gettext_lazy(
        "bỏ hiệu lực các lần duyệt trước vì nội dung thay đổi"
    ),
}
_REPLACES = gettext_lazy("soạn để thay thế văn bản số %(full_number)s")
_DESPITE_FAULTS = gettext_lazy("xác nhận thể thức dù còn %(faults)s lỗi phải sửa")


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
        "day": _day(details.get("due_on")),
    }
    pattern = _SENTENCES.get(action, "")
    if action == "draft.format_checked" and details.get("faults"):
        pattern = _DESPITE_FAULTS
    elif action == "draft.linked" and details.get("kind") == "replaces":
        pattern = _REPLACES
    sentence = str(pattern) % words if pattern else action
    if details.get("form"):
        # The mandate by which the act was somebody else's.
        form = f"{details['form']}."
        if details.get("user"):
            whose = _("(%(form)s %(holder)s)")
            sentence += " " + whose % {"form": form, "holder": words["holder"]}
        else:  # in a vacant post, or for a collective
            sentence += f" ({form})"
    return sentence


def _day(written: object) -> str:
    try:
        return f"{date.fromisoformat(str(written)):%d/%m/%Y}"
    except ValueError:
        return ""


def _level(name: object) -> str:
    for value, label in LEVEL_CHOICES:
        if level_name(value) == name:
            return str(label)
    return str(name or "")
