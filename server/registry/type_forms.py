"""What the editor is told of the law: the types, and which parts the form of each has.

The editor draws the page before the server prints it, and both must show the same
parts: so the rule-sets tell it, and the client holds no copy of the law. Only what
differs from a plain type with a name is sent. Must never hold a form itself.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from server.common import clock
from server.publishing.rules import Kind, all_rules, choose_rules
from server.publishing.rules.model import TypeLayout
from server.registry.document_types import all_types

_PLAIN = asdict(TypeLayout(""))
_OF_CHECKS = frozenset({"basis", "recipients", "ending"})
# The order in which the editor offers types; those that are not here follow by name.
_MOST_USED = (
    *("CV", "QĐ", "TB", "BC", "KH", "TTr", "GM", "CT", "NQ", "HD", "BB", "CTr", "CĐ"),
    *("QC", "QyĐ", "TC", "PA", "ĐA", "DA", "HĐ", "BGN", "BTT", "GUQ", "GGT", "GNP"),
    *("PG", "PC", "PB", "ThC"),
)
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


def type_choices() -> dict[str, list[tuple[str, str]]]:
    """By kind of norm, codes and names of the types that may be drafted today, most
    used first."""
    places = {code: place for place, code in enumerate(_MOST_USED)}
    found: dict[str, list[tuple[str, str]]] = {}
    for norm in _KINDS:
        types = sorted(
            all_types(norm=norm), key=lambda t: places.get(t.code, len(places))
        )
        found[norm] = [(kind.code, kind.name) for kind in types]
    return found


def heads() -> dict[str, dict[str, Any]]:
    """By kind of norm, the words of the letterhead that nobody types. `right` are the
    lines beside the issuer, `mark` what stands below it: "rule" or a sign; `number`
    what stands before and behind the number."""
    found: dict[str, dict[str, Any]] = {}
    for kind in _KINDS:
        rules = choose_rules(clock.today(), kind)
        words, mark = rules.words, rules.header.issuer_mark
        before, _number, after = words.number_form.partition("{number}")
        found[kind] = {
            "right": [getattr(words, name) for name in rules.header.right],
            "mark": mark,
            "number": [before.strip(), after.partition("{notation}")[0].strip()],
            "subject": words.letter_subject_prefix.strip(),
            "addressees": words.addressees,
            "recipients": words.recipients,
        }
    return found


def zeros() -> dict[str, list[dict[str, str | int]]]:
    """By kind of norm: below which number a day and a month have a zero before them,
    and from which day on; the first holds also before its day."""
    return {kind: _zeros_of(kind) for kind in _KINDS}


def _zeros_of(kind: Kind) -> list[dict[str, str | int]]:
    days: set[date] = set()
    for rules in all_rules():
        if rules.kind == kind:
            days.add(rules.valid_from)
            if rules.valid_to is not None and rules.valid_to < date.max:
                days.add(rules.valid_to + timedelta(days=1))
    found: list[dict[str, str | int]] = []
    for day in sorted(days):
        rule = choose_rules(day, kind).zeros
        here = {"day": rule.day_below, "month": rule.month_below}
        found.append({"from": day.isoformat(), **here})
    return found


def _differences(layout: TypeLayout) -> dict[str, Any]:
    return {
        name: value
        for name, value in asdict(layout).items()
        if value != _PLAIN[name] and name not in _OF_CHECKS
    }
