"""What stands and what would stand: the same answers as the editor gives."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collab.content.digest import digest_of
from collab.content.normal import normalise
from collab.content.read import plain_text, read_content
from collab.content.suggested import final, original, resolve, without
from collab.content.suggestions import has_suggestions, open_suggestions
from collab.content.tree import (
    Block,
    Content,
    Image,
    Inline,
    ListBlock,
    PageBreak,
    Paragraph,
    Reformatted,
    Restyled,
    Rule,
    Run,
    Suggested,
    Table,
    iter_paragraphs,
)
from collab.content.write import build_update
from tests.unit.collab.content.strategies import contents
from tests.unit.collab.content.suggestion_lines import blocks

CASES = json.loads(Path(__file__).with_name("suggestion_cases.json").read_text())
AT = "2026-11-27T08:00:00Z"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_cases_that_the_editor_reads_too(case: dict[str, Any]) -> None:
    marked = normalise(Content(blocks=blocks(case["marked"])))
    assert original(marked) == normalise(Content(blocks=blocks(case["original"])))
    assert final(marked) == normalise(Content(blocks=blocks(case["final"])))


class _Marker:
    """Scatters suggestions of three people over a draft."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def mark(self) -> Suggested | None:
        if self.dice.random() < 0.6:
            return None
        author = self.dice.choice(["an", "binh", "word:Chi"])
        return Suggested(f"s{self.dice.randrange(9)}", author, AT)

    def content(self, content: Content) -> Content:
        return normalise(replace(content, blocks=self.blocks(content.blocks)))

    def blocks(self, given: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(map(self.block, given))

    def block(self, block: Block) -> Block:
        if isinstance(block, ListBlock):
            return replace(block, items=tuple(map(self.blocks, block.items)))
        if isinstance(block, Table):
            rows = tuple(
                replace(
                    row,
                    cells=tuple(
                        replace(c, blocks=self.blocks(c.blocks)) for c in row.cells
                    ),
                    insertion=self.mark(),
                    deletion=self.mark(),
                )
                for row in block.rows
            )
            return replace(block, rows=rows, deletion=self.mark())
        if isinstance(block, Paragraph):
            by = self.mark()
            return replace(
                block,
                inlines=tuple(map(self.inline, block.inlines)),
                insertion=self.mark(),
                deletion=self.mark(),
                formatting=by and Restyled(by.id, by.author, by.at, "clause", indent=2),
            )
        assert isinstance(block, Image | PageBreak | Rule)
        return replace(block, insertion=self.mark(), deletion=self.mark())

    def inline(self, inline: Inline) -> Inline:
        ends = replace(inline, insertion=self.mark(), deletion=self.mark())
        by = self.mark()
        if by is None or not isinstance(ends, Run):
            return ends
        marks = frozenset({"bold", "italic"})
        return replace(ends, formatting=Reformatted(by.id, by.author, by.at, marks))


marked_contents = st.builds(
    lambda content, seed: _Marker(seed).content(content), contents, st.integers(0, 9999)
)


@given(marked_contents)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_what_is_read(content: Content) -> None:
    assert read_content(build_update(content)) == content


@given(contents)
@settings(max_examples=60, deadline=None)
def test_a_draft_without_suggestions_stays_as_it_is(content: Content) -> None:
    assert original(content) == final(content) == normalise(content)


@given(marked_contents)
@settings(max_examples=100, deadline=None)
def test_after_a_decision_on_all_nothing_is_open(content: Content) -> None:
    for decided in (original(content), final(content)):
        assert not has_suggestions(decided)
        assert original(decided) == decided == final(decided)


@given(marked_contents, st.permutations(["an", "binh", "word:Chi"]))
@settings(max_examples=100, deadline=None)
def test_no_order_of_rejecting_people_loses_or_leaves_a_letter(
    content: Content, order: list[str]
) -> None:
    step = content
    for author in order:
        step = without(step, author)
    assert _texts(step) == _texts(original(content))


def _texts(content: Content) -> str:
    return "".join(paragraph.text for paragraph in iter_paragraphs(content.blocks))


@given(marked_contents)
@settings(max_examples=100, deadline=None)
def test_the_digest_names_the_suggestions_too(content: Content) -> None:
    if has_suggestions(content):
        assert digest_of(content) != digest_of(original(content))


def test_the_digest_of_a_draft_without_suggestions_is_what_it_always_was() -> None:
    """Approvals and issued documents are bound to it."""
    content = Content(blocks=(Paragraph((Run("Điều một"),), "article"), Rule()))
    assert digest_of(content) == OLD_DIGEST


OLD_DIGEST = "6b72fbf202965019be903ec24acc17c19cd3251e6aae784cf5612caa96b18971"


def test_one_decision_leaves_the_others_open() -> None:
    content = Content(blocks=blocks(["a{+b+}¶+", "c¶"]))
    other = Suggested("t", "binh", AT)
    first = content.blocks[0]
    assert isinstance(first, Paragraph)
    mixed = Content(blocks=(replace(first, insertion=other), *content.blocks[1:]))
    decided = resolve(mixed, lambda s: True if s.author == "an" else None)
    assert [s.author for s in open_suggestions(decided)] == ["binh"]
    assert plain_text(decided) == "ab\nc"


def test_the_list_says_who_what_and_when() -> None:
    content = Content(blocks=blocks(["a{+b+}{-c-}¶+", "d¶"]))
    (found,) = open_suggestions(content)
    assert (found.id, found.author, found.at) == ("s", "an", AT)
    assert (found.inserted, found.deleted, found.others) == ("b", "c", 1)
