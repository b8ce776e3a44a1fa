"""Pictures that are new in a Word file: which of them a draft takes, and their address.

Held to the same checks as one that is uploaded. Nothing is stored here: whoever takes
the file stores those that its steps use. Must never trust what the file says of a type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from server.common.errors import AppError
from server.publishing.marked import Flow, Marked, MarkedAtom, MarkedTable, Node
from server.review.word.steps import InsertNodes, InsertRow, Missed, Step

Check = Callable[[bytes], str]
"""The content type, from the bytes; raises AppError for what is not taken."""
Address = Callable[[str], str]


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
                found.update(_digests(cell))
    return found


def _addressed(flow: Flow, sources: dict[str, str]) -> Flow:
    return tuple(map(partial(_with_source, sources=sources), flow))


def _with_source(node: Node, sources: dict[str, str]) -> Node:
    if isinstance(node, MarkedAtom):
        return replace(node, src=sources.get(node.digest, ""))
    if isinstance(node, MarkedTable):
        rows = (
            replace(row, cells=tuple(_addressed(cell, sources) for cell in row.cells))
            for row in node.rows
        )
        return MarkedTable(tuple(rows))
    return node


def _digests(flow: Flow) -> Iterator[str]:
    for node in flow:
        if isinstance(node, MarkedAtom) and node.src:
            yield node.digest
        elif isinstance(node, MarkedTable):
            for row in node.rows:
                for cell in row.cells:
                    yield from _digests(cell)
