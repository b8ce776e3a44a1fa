"""docs/codes.md and docs/openapi.json say what the sources answer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from collab.errors import ALL_CLOSES
from server.common import errors
from server.config.management.commands.openapi import description

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<number>\d{3,4}) \| `(?P<code>\w+)` \|", re.MULTILINE)


def documented() -> list[tuple[int, str]]:
    text = (ROOT / "docs" / "codes.md").read_text()
    return [(int(m["number"]), m["code"]) for m in ROW.finditer(text)]


def raised() -> dict[str, int]:
    """Every code that a source gives an error, with its status."""
    kinds = {
        name: kind
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.AppError)
    }
    found = {kind.code: kind.http_status for kind in kinds.values()}
    for path in (ROOT / "server").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                for keyword in node.keywords:
                    if keyword.arg == "code" and called in kinds:
                        value = keyword.value
                        assert isinstance(value, ast.Constant), path
                        found[str(value.value)] = kinds[called].http_status
    return found


def test_error_codes_are_documented_with_their_status() -> None:
    page = {code: number for number, code in documented() if number < 1000}
    assert page == raised()


def test_close_codes_are_documented() -> None:
    page = [(number, code) for number, code in documented() if number > 1000]
    assert page == [(close.code, close.name) for close in ALL_CLOSES]


def test_no_code_means_two_things() -> None:
    closes = [close.code for close in ALL_CLOSES]
    names = [code for _number, code in documented()]
    assert len(set(closes)) == len(closes)
    assert len(set(names)) == len(names)


def test_api_description_is_up_to_date() -> None:
    page = ROOT / "docs" / "openapi.json"
    assert page.read_text() == description(), "run `make docs`"
