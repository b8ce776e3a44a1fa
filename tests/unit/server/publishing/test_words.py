"""Everything that publishing says to people has an English translation."""

from __future__ import annotations

import ast
from pathlib import Path

from babel.messages.pofile import read_po

import server.publishing

FOLDER = Path(server.publishing.__file__).parent


def said() -> set[str]:
    found: set[str] = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "_"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def test_every_sentence_is_translated_with_the_same_places() -> None:
    with (FOLDER / "locale/en/LC_MESSAGES/django.po").open("rb") as stream:
        catalogue = {m.id: m.string for m in read_po(stream) if m.id}
    assert set(catalogue) == said()
    for vietnamese, english in catalogue.items():
        assert english
        for place in ("%(count)s", "%(limit)s", "%(characters)s"):
            assert (place in vietnamese) == (place in english)
