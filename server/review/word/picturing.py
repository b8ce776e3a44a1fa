"""Pictures that are new in a Word file: which of them a draft takes, and their address.

Held to the same checks as one that is uploaded. Nothing is stored here: whoever takes
the file stores those that its steps use. Must never trust what the file says of a type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO

from PIL import Image as PillowImage

from collab.content.tree import Content, iter_images
from server.common.errors import AppError
from server.publishing.marked import (
    Flow,
    Marked,
    MarkedAtom,
    MarkedCell,
    MarkedRow,
    MarkedTable,
    Node,
)
from server.publishing.pictures import open_picture
from server.review.word.steps import (
    InsertColumns,
    InsertNodes,
    InsertRow,
    Missed,
    Step,
)

Check = Callable[[bytes], str]
"""The content type, from the bytes; raises AppError for what is not taken."""
Address = Callable[[str], str]
Read = Callable[[str], bytes | None]
"""The bytes at an address of the draft."""
_SIDE, _ALIKE = 16, 16  # of 255: saved anew, a picture stays far below


def with_addresses(
    edited: Marked, check: Check, address: Address
) -> tuple[Marked, list[Missed]]:
    """The same file, in which each picture that may be taken has an address."""
    sources: dict[str, str] = {}
    refused: list[Missed] = []
    for digest, data in edited.images.items():
        try:
            check(data)
        except AppError as error:
            refused.append(Missed("image_refused", str(error.message)))
        else:
            sources[digest] = address(digest)
    flow = _addressed(edited.flow, sources)
    return replace(edited, flow=flow), refused


def pictures_in(steps: Iterable[Step]) -> set[str]:
    """The digests of those that the steps bring."""
    found: set[str] = set()
    for step in steps:
        if isinstance(step, InsertNodes):
            found.update(_digests(step.nodes))
        elif isinstance(step, InsertRow):
            for cell in step.content.cells:
                found.update(_digests(cell.flow))
            for extra in step.more:
                found.update(_digests(extra.flow))
        elif isinstance(step, InsertColumns):
            for new in step.cells:
                found.update(_digests(new.flow))
    return found


def changed_pictures(
    content: Content, base: Marked, edited: Marked, read: Read
) -> list[Missed]:
    """Pictures that show something else than those that went out. Programs write a
    picture anew when they save, so what is compared is what one sees."""
    images = list(iter_images(content.blocks))
    sent = [atom for atom in _atoms(base.flow) if atom.kind == "image"]
    if len(images) != len(sent):
        return []
    known = {a.mark: i.src for a, i in zip(sent, images, strict=True)}
    found: list[Missed] = []
    for atom in _atoms(edited.flow):
        src = known.get(atom.mark, "")
        if not atom.digest or not src or src.endswith(atom.digest):
            continue
        was, now = _seen(read(src)), _seen(edited.images[atom.digest])
        if was is None or now is None:
            continue
        if sum(abs(a - b) for a, b in zip(was, now, strict=True)) > _ALIKE * len(was):
            found.append(Missed("image_changed", atom.text))
    return found


def _seen(data: bytes | None) -> bytes | None:
    """The picture as a few greys; None when it cannot be shown."""
    picture = open_picture(data)
    if picture is None:
        return None
    with PillowImage.open(BytesIO(picture.data)) as image:
        return image.convert("L").resize((_SIDE, _SIDE)).tobytes()


def _atoms(flow: Flow) -> Iterator[MarkedAtom]:
    for node in flow:
        if isinstance(node, MarkedAtom):
            yield node
        elif isinstance(node, MarkedTable):
            for row in node.rows:
                for cell in row.cells:
                    yield from _atoms(cell.flow)


def _addressed(flow: Flow, sources: dict[str, str]) -> Flow:
    return tuple(map(partial(_with_source, sources=sources), flow))


def _with_source(node: Node, sources: dict[str, str]) -> Node:
    if isinstance(node, MarkedAtom):
        return replace(node, src=sources.get(node.digest, ""))
    if isinstance(node, MarkedTable):
        rows = (
            replace(row, cells=tuple(_addressed_cells(row, sources)))
            for row in node.rows
        )
        return MarkedTable(tuple(rows))
    return node


def _addressed_cells(row: MarkedRow, sources: dict[str, str]) -> Iterator[MarkedCell]:
    return (replace(c, flow=_addressed(c.flow, sources)) for c in row.cells)


def _digests(flow: Flow) -> Iterator[str]:
    return (atom.digest for atom in _atoms(flow) if atom.src)
