"""Which parts the form of each document type has, for the editor's letterhead.

The editor draws the page before the server prints it, and both must show the same
parts: so the rule-sets tell it, and the client holds no copy of the law. Only what
differs from a plain type with a name is sent. Must never hold a form itself.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server.common import clock
from server.publishing.rules import Kind, choose_rules
from server.publishing.rules.model import TypeLayout

_PLAIN = asdict(TypeLayout(""))
_OF_CHECKS = frozenset({"basis", "recipients", "ending"})
_KINDS: tuple[Kind, ...] = ("state", "party")


def type_forms() -> dict[str, dict[str, dict[str, Any]]]:
    """By kind of norm and code of the type; names are those of `TypeLayout`."""
    return {
        kind: {
            code: _differences(layout)
            for code, layout in choose_rules(clock.today(), kind).types.items()
        }
        for kind in _KINDS
    }


def _differences(layout: TypeLayout) -> dict[str, Any]:
    return {
        name: value
        for name, value in asdict(layout).items()
        if value != _PLAIN[name] and name not in _OF_CHECKS
    }
