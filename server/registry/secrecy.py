"""State secrets stay out: a document marked mật is refused, wherever it comes in.

The law keeps them off networked systems (Law on protection of state secrets 2018;
QCVN 102 excludes them), so the office registers them in the paper book of secret
documents. How a mark is known says `server.publishing.secrecy_marks`; its words are
data (`procedure`). Pure but for the error it makes; must never quote what it found: a
log or a message is networked too.
"""

from __future__ import annotations

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
from server.publishing.secrecy_marks import FIRST_LINES, SecrecyMarks
from server.registry.procedure import PROCEDURE


def marks_today() -> SecrecyMarks:
    """The words of a mark, and where the law says so."""
    edition = PROCEDURE.edition(clock.today())
    levels = frozenset(map(accent_key, edition.value.secrecy.levels))
    return SecrecyMarks(levels, edition.sources["secrecy.levels"])


def is_mark(line: str) -> bool:
    """Whether this line or field is a secrecy mark and nothing else."""
    return marks_today().is_mark(line)


def bears_mark(lines: Iterable[str]) -> bool:
    return marks_today().bear(lines)


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
