"""What reviewers send, checked before it is kept: words, anchors, keys.

Everything is bounded, NFC, without signs that a database or a page cannot hold. Must
never look at rights or at the database.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from collab.content.anchored_parts import PICTURE
from collab.content.anchors import nowhere
from collab.content.positions import read_position
from collab.content.tree import CHOICE_FIELDS, TEXT_FIELDS, URGENCIES
from server.common import text
from server.common.errors import InvalidInput, Message
from server.review.models import (
    BODY,
    COMMENT_LENGTH,
    CONTEXT_LENGTH,
    FIELD_LENGTH,
    KEY_LENGTH,
    POSITION_LENGTH,
    QUOTE_LENGTH,
)

PARTS = frozenset({BODY, PICTURE, *CHOICE_FIELDS, *TEXT_FIELDS})
# Fields that are written in lines, as the editor's own are; others hold one line.
IN_LINES = frozenset(
    {"addressees", "recipients", "signer_authority", "enacting_authority", "contact"}
)
_KEY = re.compile(rf"[A-Za-z0-9_-]{{8,{KEY_LENGTH}}}")
_CODE = re.compile(r"[\w./-]{0,40}")
_FILE = re.compile(r"[0-9a-f]{64}")
_MAX_EPOCH = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a thread hangs: see `server.review.models.Thread`."""

    part: str
    start: str
    end: str
    epoch: int
    quote: str
    before: str = ""
    after: str = ""
    echo: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """What is suggested for a field: see `server.review.models.FieldSuggestion`."""

    old: str
    new: str


def comment_text(value: str, *, may_be_empty: bool = False) -> str:
    """NFC, line breaks kept, other control signs gone. Raises InvalidInput."""
    clean = re.sub(r"\n{3,}", "\n\n", _plain("text", value)).strip()
    if not clean and not may_be_empty:
        raise _wrong("text", _("Hãy viết nội dung góp ý."))
    if len(clean) > COMMENT_LENGTH:
        raise _wrong("text", _("Dài quá %(limit)s ký tự.") % {"limit": COMMENT_LENGTH})
    return clean


def checked_anchor(anchor: Anchor) -> Anchor:
    """The same with its words in NFC. Raises InvalidInput.

    Positions are checked as positions only: whether this document has that place, and
    ever had it, is seen by whoever looks for it, who then goes by the quote.
    """
    if anchor.part not in PARTS:
        raise _wrong("anchor.part", _("Không có phần này trong dự thảo."))
    if not 0 < anchor.epoch <= _MAX_EPOCH:
        raise _wrong("anchor.epoch", _("Số nằm ngoài khoảng cho phép."))
    for name in ("start", "end"):
        _check_position(name, getattr(anchor, name))
    if not -1 <= anchor.echo <= 2 * CONTEXT_LENGTH:
        raise _wrong("anchor.echo", _("Số nằm ngoài khoảng cho phép."))
    quote = _quoted("quote", anchor.quote, QUOTE_LENGTH)
    if anchor.part in CHOICE_FIELDS:
        return _choice(anchor, quote)
    if anchor.part == PICTURE:
        return _picture(anchor, quote)
    if not quote.strip():
        # A field may be spoken of though nothing is written in it.
        if anchor.part == BODY:
            raise _wrong("anchor.quote", _("Hãy chọn một đoạn chữ để góp ý."))
        quote = ""
    return Anchor(
        anchor.part,
        anchor.start,
        anchor.end,
        anchor.epoch,
        quote,
        _quoted("before", anchor.before, CONTEXT_LENGTH),
        _quoted("after", anchor.after, CONTEXT_LENGTH),
        anchor.echo,
    )


def _choice(anchor: Anchor, quote: str) -> Anchor:
    """On a field without letters: what it said, and no position that could lead
    anywhere else."""
    if not _may_be_chosen(anchor.part, quote):
        raise _wrong("anchor.quote", _("Mục này không thể có giá trị như vậy."))
    there = nowhere()
    return Anchor(anchor.part, there, there, anchor.epoch, quote, echo=-1)


def _may_be_chosen(part: str, value: str) -> bool:
    if part in ("date", "deadline"):
        return not value or _is_day(value)
    if part == "urgency":
        return value in URGENCIES
    return _CODE.fullmatch(value) is not None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _picture(anchor: Anchor, quote: str) -> Anchor:
    """On a picture: its description, if it has one, and the file by which it is known
    again."""
    if not _FILE.fullmatch(anchor.before):
        raise _wrong("anchor.before", _("Hãy chọn một hình trong dự thảo."))
    if _item(anchor.start) != _item(anchor.end):
        raise _wrong("anchor.end", _("Vị trí góp ý chưa hợp lệ."))
    return replace(anchor, quote=quote.strip(), after="")


def checked_wording(part: str, wording: Wording) -> Wording:
    """As the field would hold it. Raises InvalidInput, also for what changes nothing.

    The old words are taken as told: they say what its author looked at.
    """
    if part not in TEXT_FIELDS:
        raise _wrong("anchor.part", _("Chỉ đề xuất sửa được một mục của thể thức."))
    old = _of_field("old", part, wording.old)
    new = _of_field("new", part, wording.new)
    if new == old:
        raise _wrong("suggestion.new", _("Nội dung đề xuất giống nội dung đang có."))
    return Wording(old, new)


def checked_key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise _wrong("key", _("Mã gửi chưa hợp lệ."))
    return value


def field_words(part: str, value: str) -> str:
    """What a field says, whatever blanks and empty lines stand around it."""
    lines = [line.strip() for line in _kept(value).split("\n")]
    return ("\n" if part in IN_LINES else " ").join(line for line in lines if line)


def _of_field(name: str, part: str, value: str) -> str:
    clean = field_words(part, _plain(f"suggestion.{name}", value))
    if len(clean) > FIELD_LENGTH:
        raise _wrong(
            f"suggestion.{name}",
            _("Dài quá %(limit)s ký tự.") % {"limit": FIELD_LENGTH},
        )
    return clean


def _plain(name: str, value: str) -> str:
    if "\x00" in value:
        raise _wrong(name, _("Nội dung có ký tự không dùng được."))
    return _kept(value)


def _kept(value: str) -> str:
    plain = text.nfc(value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in plain if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    )


def _check_position(name: str, value: str) -> None:
    try:
        if len(value) > POSITION_LENGTH:
            raise ValueError
        read_position(base64.b64decode(value, validate=True))
    except (ValueError, binascii.Error):
        raise _wrong(f"anchor.{name}", _("Vị trí góp ý chưa hợp lệ.")) from None


def _item(value: str) -> tuple[int, int] | None:
    return read_position(base64.b64decode(value)).item


def _quoted(name: str, value: str, limit: int) -> str:
    clean = text.nfc(value)
    if len(clean) > limit:
        raise _wrong(f"anchor.{name}", _("Dài quá %(limit)s ký tự.") % {"limit": limit})
    if any(c == "\x00" or unicodedata.category(c) == "Cs" for c in clean):
        raise _wrong(f"anchor.{name}", _("Nội dung có ký tự không dùng được."))
    return clean


def _wrong(field: str, message: Message) -> InvalidInput:
    return InvalidInput(message, fields={field: message})
