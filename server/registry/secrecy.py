"""State secrets stay out: a document marked mật is refused, wherever it comes in.

The law keeps them off networked systems (Law on protection of state secrets 2018;
QCVN 102 excludes them), so the office registers them in the paper book of secret
documents. A mark is known by standing alone: "MẬT", "TỐI MẬT" or "TUYỆT MẬT" (the words
are data: `procedure`) as a line or a field of its own, with or without "Độ mật:" before
it. The word inside a sentence
("bảo mật", "mật khẩu", "thư mật") is none. Pure but for the error it makes; must never
quote what it found: a log or a message is networked too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from collab.content.tree import (
    TEXT_FIELDS,
    Block,
    Content,
    ListBlock,
    Paragraph,
    Table,
)
from server.common import clock
from server.common.errors import Conflict, Message
from server.common.text import accent_key
from server.registry.procedure import PROCEDURE

# A stamp stands beside or below the header: within the first lines of a page.
FIRST_LINES = 40
_LABEL = re.compile(r"^(?:dấu )?(?:(?:chỉ )?độ mật|mức độ mật)\s*[:\-–]?\s*")
# What may frame the word: brackets, dots, stars, bars, quotation marks.
_FRAME = re.compile(r"^[^\w]+|[^\w]+$")


def is_mark(line: str) -> bool:
    """Whether this line or field is a secrecy mark and nothing else.

    Without a label the word counts in capitals only, as the stamp is written: a cell
    or a heading "Mật" may be about honey.
    """
    shown = _FRAME.sub("", " ".join(line.split()))
    lower = accent_key(shown)
    bare = _FRAME.sub("", _LABEL.sub("", lower))
    if not bare or not PROCEDURE.on(clock.today()).secrecy.is_level(bare):
        return False
    return bare != lower or shown == shown.upper()


def bears_mark(lines: Iterable[str]) -> bool:
    return any(is_mark(part) for line in lines for part in re.split(r"[\n\t]", line))


def content_bears_mark(content: Content) -> bool:
    """In any field of the letterhead, or alone in one of the first lines."""
    named = (getattr(content.fields, name) for name in TEXT_FIELDS)
    return bears_mark(named) or bears_mark(_first_lines(content.blocks))


def refuse_marked(marked: Iterable[str]) -> None:
    """Raise Conflict `state_secret` when one of these names or lines is a mark."""
    if bears_mark(marked):
        raise state_secret()


def refuse_marked_fields(values: dict[str, str]) -> None:
    """As `refuse_marked`, and say which fields of a form bear the mark."""
    found = {name: _BEARS for name, text in values.items() if bears_mark([text])}
    if found:
        raise state_secret(found)


def refuse_marked_content(content: Content) -> None:
    if content_bears_mark(content):
        raise state_secret()


_BEARS: Message = _("Ghi độ mật.")


def state_secret(found: dict[str, Message] | None = None) -> Conflict:
    return Conflict(
        _(
            "Văn bản có độ mật không được đưa vào hệ thống nối mạng. Hãy soạn và lưu"
            " trên máy không nối mạng, đăng ký vào sổ văn bản mật bằng giấy và xóa nội"
            " dung mật khỏi đây. Nếu văn bản không mật, hãy bỏ dấu độ mật."
        ),
        code="state_secret",
        fields=found,
    )


def _first_lines(blocks: Iterable[Block]) -> Iterator[str]:
    for number, line in enumerate(_lines(blocks)):
        if number >= FIRST_LINES:
            return
        yield line


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (part for part in block.text.split("\n") if part.strip())
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from _lines(item)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from _lines(cell.blocks)
