"""Lists that were suggested, made of the paragraphs that are to stand in them.

Until it is decided, a paragraph stays where it is and says what list it is to stand in
(`listed`, and `nested` levels deeper); so colleagues go on writing in it, and what
stands is plain to see. When nothing is open about that any more, it is done here: the
lists around are laid out flat, each item with its depth, and put together again.

The editor does the same (editor_client/src/suggest/relist.ts). Pure; must never lose a
block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from collab.content.tree import Block, ListBlock, Paragraph


@dataclass(slots=True)
class _Entry:
    """`depth` None: in no list. `is_item` False: goes on with the item before."""

    blocks: list[Block]
    depth: int | None = None
    is_item: bool = True
    ordered: bool = False
    start: int = 1
    source: int | None = None


@dataclass(slots=True)
class _Open:
    ordered: bool
    start: int
    source: int | None
    items: list[list[Block]] = field(default_factory=list)

    def made(self) -> ListBlock:
        items = tuple(tuple(item) for item in self.items)
        return ListBlock(items, self.ordered, self.start if self.ordered else 1)


def relist(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks of the body or of a cell; what is decided about lists is done."""
    if not any(_is_concerned(block) for block in blocks):
        return blocks
    made: list[Block] = []
    stretch: list[Block] = []
    for block in (*blocks, None):
        if block is not None and (isinstance(block, ListBlock) or _makes_item(block)):
            stretch.append(block)
            continue
        made += _relisted(stretch)
        stretch = []
        if isinstance(block, Paragraph):
            made.append(_done(block))
        elif block is not None:
            made.append(block)
    return tuple(made)


def _is_ready(block: Block) -> bool:
    """Whether a paragraph says something about lists that nobody has open any more."""
    if not isinstance(block, Paragraph) or block.insertion is not None:
        return False
    if block.listed is None and not block.nested:
        return False
    top = block.formatting
    layers = () if top is None else (*top.under, top)
    here = (block.listed, block.nested)
    return all((layer.listed, layer.nested) == here for layer in layers)


def _is_concerned(block: Block) -> bool:
    if isinstance(block, ListBlock):
        return any(_is_concerned(inner) for item in block.items for inner in item)
    return _is_ready(block)


def _makes_item(block: Block) -> bool:
    return (
        isinstance(block, Paragraph)
        and block.listed in ("bullet", "ordered")
        and _is_ready(block)
    )


def _done(block: Paragraph) -> Paragraph:
    if not _is_ready(block):
        return block
    top = block.formatting
    if top is not None:
        under = tuple(replace(each, listed=None, nested=0) for each in top.under)
        top = replace(top, listed=None, nested=0, under=under)
    return replace(block, listed=None, nested=0, formatting=top)


def _relisted(stretch: list[Block]) -> list[Block]:
    if not any(_is_concerned(block) for block in stretch):
        return stretch
    return _built(_entries(stretch))


def _entries(stretch: Iterable[Block]) -> Iterator[_Entry]:
    for source, block in enumerate(stretch):
        if isinstance(block, ListBlock):
            yield from _of_list(block, 0, source)
        else:
            yield _made_item(block, 0)


def _made_item(block: Block, depth: int) -> _Entry:
    assert isinstance(block, Paragraph), "only these make items"
    depth = max(0, depth + block.nested)
    return _Entry([_done(block)], depth, ordered=block.listed == "ordered")


def _of_list(block: ListBlock, depth: int, source: int) -> Iterator[_Entry]:
    start = block.start
    for item in block.items:
        entry = _Entry([], depth, True, block.ordered, start, source)
        start = 1
        first, rest = (item[0], item[1:]) if item else (None, ())
        if isinstance(first, Paragraph):
            if _is_ready(first):
                if first.listed == "none":
                    entry.depth = None
                elif first.listed is not None:
                    entry.ordered = first.listed == "ordered"
                if entry.depth is not None:
                    entry.depth = max(0, depth + first.nested)
            entry.blocks.append(_done(first))
        elif first is not None:
            rest = item
        yield from _of_item(entry, rest, depth, source)


def _of_item(
    entry: _Entry, rest: Iterable[Block], depth: int, source: int
) -> Iterator[_Entry]:
    """The item itself, then what comes below its first nested list."""
    is_open = True
    for block in rest:
        is_nested = isinstance(block, ListBlock) or _makes_item(block)
        if is_nested and is_open:
            yield entry
            is_open = False
        if isinstance(block, ListBlock):
            yield from _of_list(block, depth + 1, source)
        elif is_nested:
            yield _made_item(block, depth + 1)
        elif is_open:
            entry.blocks.append(_done(block) if isinstance(block, Paragraph) else block)
        else:
            block = _done(block) if isinstance(block, Paragraph) else block
            yield _Entry([block], entry.depth, False, source=source)
    if is_open:
        yield entry


def _built(entries: Iterable[_Entry]) -> list[Block]:
    made: list[Block] = []
    stack: list[_Open] = []

    def close(most: int) -> None:
        while len(stack) > most:
            block = stack.pop().made()
            if stack:
                stack[-1].items[-1].append(block)
            else:
                made.append(block)

    for entry in entries:
        if entry.depth is None or (not entry.is_item and not stack):
            close(0)
            made += entry.blocks
            continue
        if not entry.is_item:
            close(min(entry.depth, len(stack) - 1) + 1)
            stack[-1].items[-1] += entry.blocks
            continue
        depth = min(entry.depth, len(stack))
        close(depth + 1)
        if len(stack) > depth and not _goes_on(stack[-1], entry):
            close(depth)
        if len(stack) == depth:
            stack.append(_Open(entry.ordered, entry.start, entry.source))
        here = stack[-1]
        here.source = entry.source if here.source is None else here.source
        here.items.append(list(entry.blocks))
    close(0)
    return made


def _goes_on(here: _Open, entry: _Entry) -> bool:
    """Two lists that stood one after the other stay two."""
    if here.ordered != entry.ordered:
        return False
    return None in (here.source, entry.source) or here.source == entry.source
