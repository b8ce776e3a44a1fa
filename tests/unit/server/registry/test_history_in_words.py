"""What is written into the trail of a draft is told in words, never by its code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.registry.actions.process import DEEDS
from server.registry.queries.activity import _sentence

DETAILS = (
    *("title", "filename", "before", "after", "full_number", "name", "version"),
    *("suggestions", "comments", "round", "asked", "requests", "due_on"),
)
SERVER = Path(__file__).resolve().parents[4] / "server"


def recorded() -> Iterator[str]:
    """Every act that any app records of a draft, read from the sources."""
    for path in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func) != "audit.record":
                continue
            act, subject = (ast.unparse(argument) for argument in node.args[1:3])
            if subject == "'draft'" and act.startswith("'"):
                yield ast.literal_eval(act)


@pytest.mark.parametrize("act", sorted({*recorded(), *DEEDS.values()}))
def test_every_act_on_a_draft_has_its_words(act: str) -> None:
    said = _sentence(act, dict.fromkeys(DETAILS, "X"), {})
    assert act not in said
    assert "." not in said.split()[0]


def test_the_sources_were_found() -> None:
    found = set(recorded())
    assert {"draft.created", "opinion.asked", "draft.linked"} <= found
