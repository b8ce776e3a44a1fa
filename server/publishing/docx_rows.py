"""A row or a cell that comes or goes, with all that stands in it, as Word writes it.

LibreOffice keeps the mark of a row only when its letters and ends are marked too, and
of a column it shows those alone; read back, they belong to the row or column
(`docx_marked_rows`). Must never touch what is suggested by somebody else in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.oxml.ns import qn

from server.publishing.docx_elements import element

# Nothing else of a run's own may stand in it when it is deleted text.
_DELETED = {qn("w:t"): qn("w:delText"), qn("w:instrText"): qn("w:delInstrText")}
LINK_MARK = "_dtl_"  # around a link that is suggested to lead elsewhere
_OUTER = frozenset((qn("w:p"), qn("w:hyperlink")))
_AFTER_MARK = (qn("w:sectPr"), qn("w:pPrChange"))


def strike(wrapper: Any) -> None:
    """The texts in it, as deleted ones are written."""
    for part in list(wrapper.iter(*_DELETED)):
        part.tag = _DELETED[part.tag]


def track_inside(part: Any, tag: str, revision: Callable[[], Any]) -> None:
    """Of a row or a cell. `tag` is w:ins or w:del; `revision` makes one more of it."""
    linked = _linked_runs(part)
    for run in list(part.iter(qn("w:r"))):
        if run in linked:
            continue  # it is struck and inserted already, to be read as one
        if next(run.iterancestors(qn(tag)), None) is None:
            _wrap(run, tag, revision())
    for paragraph in part.iter(qn("w:p")):
        marks = _mark_of(paragraph)
        if marks.find(qn(tag)) is None:
            # An end that comes stands before one that goes.
            marks.insert(0 if tag == "w:ins" else len(marks), revision())


def _linked_runs(part: Any) -> set[Any]:
    """Those of links that are suggested to lead elsewhere."""
    found: set[Any] = set()
    for start in part.iter(qn("w:bookmarkStart")):
        if not (start.get(qn("w:name")) or "").startswith(LINK_MARK):
            continue
        for sibling in start.itersiblings():
            if sibling.tag == qn("w:bookmarkEnd"):
                break
            found.update(sibling.iter(qn("w:r")))
    return found


def _wrap(run: Any, tag: str, wrapper: Any) -> None:
    inner = run
    while tag == "w:ins" and inner.getparent().tag not in _OUTER:
        inner = inner.getparent()  # what was inserted may be deleted, in that order
    inner.addprevious(wrapper)
    wrapper.append(inner)
    if tag == "w:del":
        strike(wrapper)


def _mark_of(paragraph: Any) -> Any:
    form = paragraph.get_or_add_pPr()
    marks = form.find(qn("w:rPr"))
    if marks is None:
        marks = element("w:rPr")
        behind = next((c for c in form if c.tag in _AFTER_MARK), None)
        (form.append if behind is None else behind.addprevious)(marks)
    return marks
