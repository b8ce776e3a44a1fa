"""Looks in layers, lists and columns: the same answers as the editor gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collab.content.read import read_content
from collab.content.suggested import resolve
from collab.content.suggestions import open_suggestions
from collab.content.tree import Run
from collab.content.write import build_update
from tests.unit.collab.content.suggestion_shapes import content_of

CASES = json.loads(Path(__file__).with_name("suggestion_shapes.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shapes_that_the_editor_reads_too(case: dict[str, Any]) -> None:
    marked = content_of(case["marked"])
    for decisions, result in case["decisions"]:
        decided = resolve(marked, lambda s, d=decisions: d.get(s.author))
        assert decided.blocks == content_of(result).blocks, decisions


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_written_of_them_is_what_is_read(case: dict[str, Any]) -> None:
    marked = content_of(case["marked"])
    assert read_content(build_update(marked)) == marked


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_no_order_of_decisions_makes_another_draft(case: dict[str, Any]) -> None:
    marked = content_of(case["marked"])
    for one in (True, False):
        both = resolve(marked, lambda _s, one=one: one)
        for first in ("an", "binh"):
            step = resolve(
                marked, lambda s, f=first, one=one: one if s.author == f else None
            )
            assert resolve(step, lambda _s, one=one: one).blocks == both.blocks


def test_each_who_suggests_a_look_is_listed() -> None:
    marked = content_of(CASES[0]["marked"])
    assert {s.author for s in open_suggestions(marked)} == {"an", "binh"}


def test_the_same_twice_is_one() -> None:
    """A program that writes its suggestion under two names has made one."""
    twice = {"formatting": [["an", "bold", ""], ["an", "bold", ""]], "bold": 1}
    once = {"formatting": [["an", "bold", ""]], "bold": 1}
    assert content_of([["paragraph", {}, ["a", twice]]]) == content_of(
        [["paragraph", {}, ["a", once]]]
    )


def test_more_layers_than_are_kept_do_not_stop_the_reader() -> None:
    many = [[f"n{i:02}", "bold" if i % 2 else "italic", ""] for i in range(40)]
    (block,) = content_of([["paragraph", {}, ["a", {"formatting": many}]]]).blocks
    (run,) = block.inlines  # type: ignore[union-attr]
    assert isinstance(run, Run) and run.formatting is not None
    assert len(run.formatting.under) == 15
