"""A reviewed Word file in words: what becomes suggestions, comments, what is not taken.

Page and API show the same. Texts are cut for reading, except those that were not taken:
of these nothing may be lost. Must never decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.accounts.models import User
from server.publishing.docx_notes import MESSAGES
from server.review.queries.authors import FROM_WORD
from server.review.word.heading import HeadChange
from server.review.word.outcome import Taken
from server.review.word.reviewed import Reviewed
from server.review.word.steps import Missed

_SHOWN = 300
_PLACE = 80
KINDS: dict[str, str | Promise] = {
    "insertion": gettext_lazy("Thêm"),
    "deletion": gettext_lazy("Bỏ"),
    "formatting": gettext_lazy("Đổi định dạng"),
    "list": gettext_lazy("Đổi danh sách"),
    "resize": gettext_lazy("Đổi cỡ hình"),
    "merge": gettext_lazy("Ghép ô"),
    "split": gettext_lazy("Tách ô"),
    "headed": gettext_lazy("Làm hàng tiêu đề"),
    "unheaded": gettext_lazy("Bỏ hàng tiêu đề"),
    "width": gettext_lazy("Đổi độ rộng cột"),
    "accepted": gettext_lazy("Chấp nhận"),
    "rejected": gettext_lazy("Từ chối"),
    "thread": gettext_lazy("Góp ý mới"),
    "reply": gettext_lazy("Trả lời"),
    "resolve": gettext_lazy("Đánh dấu đã xong"),
    "reopen": gettext_lazy("Mở lại"),
}
OF: dict[str, str | Promise] = {
    "row": gettext_lazy("%(act)s hàng"),
    "column": gettext_lazy("%(act)s cột"),
    "cell": gettext_lazy("%(act)s sửa đổi ô"),
}
REASONS: dict[str, str | Promise] = {
    "gone": gettext_lazy("Đoạn này không còn trong dự thảo."),
    "changed": gettext_lazy("Chữ quanh chỗ này đã được sửa trong lúc đó."),
    "formatted": gettext_lazy(
        "Chỗ này đang có quá nhiều đề nghị đổi định dạng: hãy xử lý bớt trong dự thảo "
        "rồi đổi tiếp."
    ),
    "settled": gettext_lazy(
        "Chấp nhận, từ chối trong Word không được áp dụng: cần quyền sửa dự thảo."
    ),
    "cells": gettext_lazy(
        "Các ô ở đây không còn thẳng cột (thêm, bớt hoặc ghép ô), nên không đối chiếu "
        "được: hãy sửa bảng trong dự thảo."
    ),
    "edge": gettext_lazy(
        "Đoạn được nối với phần sau trong Word, nhưng sau đoạn là danh sách hoặc bảng: "
        "hãy nối trong dự thảo."
    ),
    "image": gettext_lazy(
        "Hình này không nhập được (không đọc được, hoặc nằm trong phần thể thức): "
        "hãy chèn trong dự thảo."
    ),
    "image_changed": gettext_lazy(
        "Hình đã có được thay bằng hình khác trong Word: hãy thay trong dự thảo."
    ),
    "image_stretched": gettext_lazy(
        "Hình bị kéo lệch hoặc cắt bớt trong Word; dự thảo giữ đúng tỉ lệ của hình: "
        "hãy sửa tệp hình rồi thay trong dự thảo."
    ),
    "image_refused": gettext_lazy("Hình thêm trong Word không nhập được."),
    "text_box": gettext_lazy(
        "Dự thảo không có hộp chữ: hãy chép chữ trong hộp vào dự thảo."
    ),
    "column_added": gettext_lazy(
        "Cột thêm vào bảng trong Word, nhưng các hàng không thẳng cột: hãy thêm cột "
        "trong dự thảo rồi chép các ô này."
    ),
    "column_removed": gettext_lazy(
        "Cột bị xóa khỏi bảng trong Word, nhưng các hàng không thẳng cột: hãy xóa cột "
        "trong dự thảo nếu đồng ý."
    ),
    "list_decided": gettext_lazy(
        "Đoạn có đề nghị về danh sách được đưa vào danh sách khác trong Word: hãy "
        "quyết định trong dự thảo."
    ),
    "list_made": gettext_lazy(
        "Đoạn được đưa vào hoặc đưa ra khỏi danh sách trong Word: hãy làm trong dự "
        "thảo."
    ),
    "too_wide": gettext_lazy(
        "Bảng có tối đa 63 cột, nên cột này không thêm được: hãy bỏ bớt cột trước."
    ),
    "no_place": gettext_lazy("Không tìm được chỗ của phần này."),
    "letterhead": gettext_lazy(
        "Phần thể thức này không nhập được từ Word (tên loại, số, quốc hiệu, dòng lạ): "
        "hãy sửa ở dự thảo."
    ),
    "comment_changed": gettext_lazy("Lời góp ý đã có được sửa trong Word."),
    "comment_empty": gettext_lazy("Góp ý trống."),
    "comment_refused": gettext_lazy("Góp ý không lưu được."),
}
FIELDS: dict[str, str | Promise] = {
    "issuer_parent": gettext_lazy("Cơ quan chủ quản"),
    "issuer": gettext_lazy("Cơ quan ban hành"),
    "notation": gettext_lazy("Ký hiệu"),
    "place": gettext_lazy("Địa danh"),
    "date": gettext_lazy("Ngày tháng"),
    "subject": gettext_lazy("Trích yếu"),
    "addressees": gettext_lazy("Kính gửi"),
    "recipients": gettext_lazy("Nơi nhận"),
    "signer_authority": gettext_lazy("Quyền hạn người ký"),
    "signer_position": gettext_lazy("Chức vụ người ký"),
    "signer_name": gettext_lazy("Họ tên người ký"),
    "typist": gettext_lazy("Người soạn"),
    "enacting_authority": gettext_lazy("Thẩm quyền ban hành"),
    "dispatcher": gettext_lazy("Cơ quan điện"),
    "second_position": gettext_lazy("Chức vụ người ký bên trái"),
    "second_name": gettext_lazy("Họ tên người ký bên trái"),
    "handling": gettext_lazy("Chỉ dẫn phạm vi lưu hành"),
    "contact": gettext_lazy("Địa chỉ cơ quan"),
}
NOTES: dict[str, str | Promise] = {
    "no_origin": gettext_lazy(
        "Tệp không ghi xuất từ bản nào, nên được đối chiếu với nội dung hiện tại."
    ),
    "text_moved_on": gettext_lazy(
        "Dự thảo đã được sửa tiếp từ khi xuất tệp; phần sửa đó được giữ nguyên."
    ),
    "other_epoch": gettext_lazy(
        "Dự thảo đã qua một lần làm lại từ khi xuất tệp; các đoạn được tìm theo chữ."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`author` is a name; `place` the beginning of the paragraph it stands in."""

    kind: str
    label: str
    author: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A field of the letterhead; `now` is None unless the draft changed meanwhile."""

    name: str
    label: str
    author: str
    old: str
    new: str
    now: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """`may_take_head`: this person may choose fields of the letterhead to be taken.
    `already` and `decided`: changes that were taken before and stand, or were accepted
    or rejected since; `comments_already`: comments that were."""

    suggestions: tuple[Line, ...]
    comments: tuple[Line, ...]
    missed: tuple[Line, ...]
    already: int
    notes: tuple[tuple[str, str], ...]
    head: tuple[HeadLine, ...] = ()
    may_take_head: bool = False
    decided: int = 0
    comments_already: int = 0

    @property
    def was_taken(self) -> bool:
        return bool(self.already or self.decided or self.comments_already)

    @property
    def is_empty(self) -> bool:
        return not self.suggestions and not self.comments and not self.head

    @property
    def has_to_take(self) -> bool:
        has_head = bool(self.head) and self.may_take_head
        return bool(self.suggestions or self.comments) or has_head


def tell(found: Reviewed) -> Told:
    names = _names(taken.author for taken in found.outcome.taken)
    plan = found.comments
    comments = [
        _line("thread", thread.said[0].name, thread.said[0].text, thread.quote)
        for thread in plan.threads
    ]
    comments += [
        _line("reply", said.name, said.text, thread.quote)
        for thread in plan.threads
        for said in thread.said[1:]
    ]
    comments += [
        _line("reply", answer.said.name, answer.said.text, answer.quote)
        for answer in plan.replies
    ]
    comments += [
        _line("resolve" if turn.is_resolved else "reopen", "", "", turn.quote)
        for turn in plan.turns
    ]
    return Told(
        tuple(_taken(taken, names, found) for taken in found.outcome.taken),
        tuple(comments),
        tuple(_missed(missed, found) for missed in found.missed),
        found.known,
        tuple((code, str(NOTES[code])) for code in found.notes),
        tuple(_head(change) for change in found.head),
        found.may_write,
        found.decided,
        found.comments.already,
    )


def _head(change: HeadChange) -> HeadLine:
    label = str(FIELDS.get(change.name, change.name))
    return HeadLine(change.name, label, change.by, change.old, change.new, change.now)


def _taken(taken: Taken, names: dict[str, str], found: Reviewed) -> Line:
    name = names.get(taken.author, "")
    place = _place(taken.paragraph, found)
    line = _line(taken.kind, name, taken.text, place)
    if not taken.of:
        return line
    what = str(OF[taken.of]) % {"act": line.label}
    return replace(line, label=what)


def _missed(missed: Missed, found: Reviewed) -> Line:
    code = missed.code
    if code.startswith("lost_"):
        message = MESSAGES.get(code.removeprefix("lost_"), "")
        reason = str(message) % {"count": missed.text} if message else ""
        return Line(code, reason, "", "")
    place = _place(missed.paragraph, found)
    return Line(code, str(REASONS.get(code, code)), "", missed.text, place[:_PLACE])


def _line(kind: str, name: str, text: str, place: str) -> Line:
    return Line(kind, str(KINDS[kind]), name, text[:_SHOWN], place[:_PLACE])


def _place(paragraph: int | None, found: Reviewed) -> str:
    if paragraph is None or paragraph >= len(found.places):
        return ""
    return found.places[paragraph]


def _names(authors: Iterable[str]) -> dict[str, str]:
    wanted = set(authors)
    names = {
        author: _("%(name)s (trong Word)") % {"name": author.removeprefix(FROM_WORD)}
        for author in wanted
        if author.startswith(FROM_WORD)
    }
    ids = [i for i in map(_as_id, wanted) if i is not None]
    for person in User.objects.filter(pk__in=ids):
        names[str(person.pk)] = person.full_name
    return names


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
