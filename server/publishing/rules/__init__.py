"""Rule-sets of document layout: which norm holds on a day, for whom.

The files beside this module are the law as data; `docs/decree-30.md` reads against
them. Must never hold a legal value itself.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from collab.content.tree import Fields
from server.common import clock
from server.publishing.rules.load import BadRules, load_rules
from server.publishing.rules.model import Kind, RuleSet

__all__ = ["BadRules", "Kind", "RuleSet", "all_rules", "choose_rules", "rules_for"]

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=1)
def all_rules() -> tuple[RuleSet, ...]:
    """Every rule-set, the oldest of each kind first. Raises BadRules."""
    found = [load_rules(path) for path in sorted(_FOLDER.glob("*.toml"))]
    if len({rules.id for rules in found}) != len(found):
        raise BadRules("two rule-sets have one id")
    return tuple(sorted(found, key=lambda r: (r.kind, r.valid_from, r.id)))


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
