"""Pictures and boxes of a Word file: how large they are now, and what has no place.

Word tracks no size of a picture; our export notes with which one it went out, so that a
change is seen whatever bytes a program writes. Must never lose what a draft cannot
hold: it is named here, to be told. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from server.publishing.marked import Flow, MarkedAtom, MarkedParagraph
from server.review.word.steps import InsertColumns, InsertNodes, InsertRow, Step

# Programs round: LibreOffice to hundredths of a millimetre, Word to pixels.
_LEAST_MM, _LEAST_SHARE, _LEAST_RATIO = 1.0, 0.01, 0.03


def has_place(atom: MarkedAtom) -> bool:
    """Whether a draft can hold it."""
    if atom.kind == "image":
        return bool(atom.src)
    return atom.kind != "textBox"


def other_width(atom: MarkedAtom) -> float | None:
    """In millimetres; None when it is as wide as it went out."""
    if atom.sent_mm is None or atom.shown_mm is None:
        return None
    sent, shown = atom.sent_mm[0], atom.shown_mm[0]
    is_other = abs(shown - sent) > max(_LEAST_MM, _LEAST_SHARE * sent)
    return shown if is_other and 0 < shown <= 1000 else None


def is_stretched(atom: MarkedAtom) -> bool:
    """Whether it is of another form: drawn out of shape, or cut."""
    if atom.sent_mm is None or atom.shown_mm is None or not all(atom.sent_mm):
        return False
    (width, height), (now, high) = atom.sent_mm, atom.shown_mm
    # As high as it would be if it were only larger or smaller.
    wanted = now * height / width
    return abs(high - wanted) > max(_LEAST_MM, _LEAST_RATIO * wanted)


def without_place(step: Step) -> Iterator[MarkedAtom]:
    """What is in the new cells of a step, and a draft cannot hold."""
    if isinstance(step, InsertNodes):
        tables = (n for n in step.nodes if not isinstance(n, MarkedParagraph))
        yield from _lost(tuple(n for n in tables if not isinstance(n, MarkedAtom)))
    elif isinstance(step, InsertRow):
        for cell in step.content.cells:
            yield from _lost(cell.flow)
        for extra in step.more:
            yield from _lost(extra.flow)
    elif isinstance(step, InsertColumns):
        for new in step.cells:
            yield from _lost(new.flow)


def _lost(flow: Flow) -> Iterator[MarkedAtom]:
    for node in flow:
        if isinstance(node, MarkedAtom):
            if not has_place(node) and node.deletion is None:
                yield node
        elif not isinstance(node, MarkedParagraph):
            for row in node.rows:
                for cell in row.cells:
                    yield from _lost(cell.flow)
