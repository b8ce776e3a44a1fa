"""Rule-sets of document layout: which norm holds on a day, for whom.

The files beside this module are the law as data; `docs/decree-30.md` reads against
them. An office changes a value in a folder of its own (docs/office-rules.md), which no
upgrade overwrites. Must never hold a legal value itself.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from collab.content.tree import Fields
from server.common import clock
from server.publishing.rules.load import (
    BadRules,
    load_changed,
    load_rules,
    read_data,
)
from server.publishing.rules.model import Kind, RuleSet

__all__ = [
    "BadRules",
    "Kind",
    "RuleSet",
    "all_rules",
    "choose_rules",
    "read_rules",
    "rules_for",
    "use_office_rules",
]

_FOLDER = Path(__file__).parent
_office: list[Path] = []


def use_office_rules(folder: Path) -> None:
    """From now on read also what the office lays down in this folder; it need not be
    there. Called once, before anything is printed. Raises BadRules naming file and
    key, so that a slip is seen when the server starts and not in a document."""
    _office[:] = [folder]
    all_rules.cache_clear()
    all_rules()


@lru_cache(maxsize=1)
def all_rules() -> tuple[RuleSet, ...]:
    """Every rule-set, the oldest of each kind first. Raises BadRules."""
    return read_rules(*_office)


def read_rules(*folders: Path) -> tuple[RuleSet, ...]:
    """Ours and those of an office's folders. Of two that begin on one day the office's
    comes later, so that it is the one in force. Raises BadRules."""
    found: list[tuple[int, RuleSet]] = []
    known: dict[str, dict[str, Any]] = {}
    taken: dict[str, str] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        rules = load_rules(path)
        known[rules.id], taken[rules.id] = read_data(path), path.name
        found.append((0, rules))
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            rules = load_changed(path, known)
            if rules.id in taken:
                other = taken[rules.id]
                raise BadRules(f"{path.name}: id: {rules.id!r} is that of {other}")
            taken[rules.id] = path.name
            found.append((1, rules))
    found.sort(key=lambda pair: (pair[1].kind, pair[1].valid_from, pair[0], pair[1].id))
    return tuple(rules for _, rules in found)


def choose_rules(on_date: date, kind: Kind = "state") -> RuleSet:
    """The rule-set in force on a day; of several the one that began last.

    Before the first norm that we know, and in a gap, the nearest one that began by
    then, else the first: an old document must still be printable.
    """
    of_kind = [rules for rules in all_rules() if rules.kind == kind]
    if not of_kind:
        raise LookupError(f"no rule-set of kind {kind!r}")
    begun = [rules for rules in of_kind if rules.valid_from <= on_date]
    in_force = [r for r in begun if r.valid_to is None or on_date <= r.valid_to]
    return (in_force or begun or of_kind[:1])[-1]


def rules_for(fields: Fields) -> RuleSet:
    """By the draft's own kind and date; today when it has no date yet."""
    try:
        on_date = date.fromisoformat(fields.date.strip())
    except ValueError:
        on_date = clock.today()
    return choose_rules(on_date, "party" if fields.rule_kind == "party" else "state")
