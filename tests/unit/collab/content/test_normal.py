"""Runs are merged without losing text, and without copying it again and again."""

from __future__ import annotations

import time

from collab.content.normal import merge_runs
from collab.content.tree import LineBreak, Run

BOLD = frozenset({"bold"})


def test_neighbours_that_look_the_same_become_one_run() -> None:
    inlines = (
        Run("Căn "), Run(""), Run("cứ"), Run(" Luật", BOLD), Run(" này", BOLD),
        LineBreak(), Run("a"), Run("b"), Run("c", frozenset(), "https://x.vn"),
    )  # fmt: skip
    assert merge_runs(inlines) == (
        Run("Căn cứ"), Run(" Luật này", BOLD), LineBreak(), Run("ab"),
        Run("c", frozenset(), "https://x.vn"),
    )  # fmt: skip
    assert merge_runs(()) == ()


def test_a_hostile_number_of_runs_is_merged_at_once() -> None:
    begun = time.monotonic()
    (run,) = merge_runs([Run("abc ")] * 300_000)
    assert isinstance(run, Run)
    assert len(run.text) == 1_200_000
    # Copied at each step it would take minutes.
    assert time.monotonic() - begun < 5
