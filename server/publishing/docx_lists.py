"""Nested lists from paragraphs that only say their numbering and level. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from collab.content.tree import Block, ListBlock
from server.publishing.docx_formats import ListPlace

# A block, and where in a list it stands.
Laid = tuple[Block, ListPlace | None]


@dataclass(slots=True)
class _Open:
    """A list that is being filled."""

    place: ListPlace
    items: list[list[Block]] = field(default_factory=list)

    def close(self) -> ListBlock:
        ordered = self.place.kind == "ordered"
        return ListBlock(
            tuple(tuple(item) for item in self.items),
            ordered,
            self.place.value if ordered else 1,
        )


def build_lists(laid: list[Laid]) -> tuple[Block, ...]:
    """Nest blocks by their places: items of one numbering and level make a list."""
    result: list[Block] = []
    stack: list[_Open] = []

    def close_last() -> None:
        closed = stack.pop().close()
        target = stack[-1].items[-1] if stack else result
        target.append(closed)

    for block, place in laid:
        if place is None:
            while stack:
                close_last()
            result.append(block)
            continue
        while stack and stack[-1].place.level > place.level:
            close_last()
        if place.kind == "continued":
            if stack and stack[-1].place.level == place.level:
                stack[-1].items[-1].append(block)
            else:
                while stack:
                    close_last()
                result.append(block)
            continue
        if (
            stack
            and stack[-1].place.level == place.level
            and (stack[-1].place.num_id, stack[-1].place.kind)
            != (place.num_id, place.kind)
        ):
            close_last()
        if not stack or stack[-1].place.level < place.level:
            stack.append(_Open(place))
        stack[-1].items.append([block])
    while stack:
        close_last()
    return tuple(result)
