"""What is told of the words of an attached file: being read, read, or why not.

The same on the page and in the API. Must never show the words: they are derived, and
nobody takes them for the document.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from server.registry.models import FileWords, IncomingFile, TextLayer, WhyUnread
from server.registry.search.reading_apart import KINDS

# Nothing is wrong with the file.
_NOT_HERE = (WhyUnread.NO_PROGRAM, WhyUnread.NO_RECOGNISER)


@dataclass(frozen=True, slots=True)
class FileState:
    """`text` in words; `is_waiting` while it may still change by itself, `is_fault`
    when something is wrong with the file."""

    text: str
    is_waiting: bool = False
    is_fault: bool = False


def state_of(file: IncomingFile) -> FileState | None:
    """None for a kind of file that nobody reads. `file.known` was asked before."""
    if file.content_type not in KINDS:
        return None
    known = file.known
    if known is None:
        return FileState(_("đang chờ đọc"), is_waiting=True)
    if known.layer == TextLayer.READING:
        done = known.pages_in_all - len(known.pages)
        return FileState(
            _("đang đọc, xong %(done)s/%(total)s trang quét")
            % {"done": done, "total": known.pages_in_all},
            is_waiting=True,
        )
    if known.layer == TextLayer.UNREADABLE or (
        known.layer == TextLayer.NOTHING and known.why == WhyUnread.NO_RECOGNISER
    ):
        why = WhyUnread(known.why or WhyUnread.BROKEN)
        return FileState(
            _("không đọc được: %(why)s") % {"why": why.label},
            is_fault=why not in _NOT_HERE,
        )
    is_read = known.layer == TextLayer.WORDS
    said = [_("đã đọc") if is_read else _("không thấy chữ nào"), *_more(known)]
    return FileState("; ".join(said))


def _more(known: FileWords) -> list[str]:
    seen = known.pages_in_all - known.pages_failed
    said = []
    if seen > 0:
        said.append(
            ngettext(
                "nhận dạng %(count)s trang quét",
                "nhận dạng %(count)s trang quét",
                seen,
            )
            % {"count": seen}
        )
    if known.pages_failed:
        said.append(
            ngettext(
                "%(count)s trang quét không đọc được",
                "%(count)s trang quét không đọc được",
                known.pages_failed,
            )
            % {"count": known.pages_failed}
        )
    if known.why in (WhyUnread.NO_RECOGNISER, WhyUnread.TOO_MANY_PAGES):
        said.append(str(WhyUnread(known.why).label))
    return said
