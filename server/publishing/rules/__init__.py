"""Rule-sets of document layout: which norm holds on a day, for whom.

The files beside this module are the law as data; `docs/decree-30.md` reads against
them. An office changes a value in a folder of its own (docs/office-rules.md), which no
upgrade overwrites. Must never hold a legal value itself.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from collab.content.tree import Fields
from server.common import clock
from server.common.dated import in_force, read_folders
from server.common.tables import BadRules
from server.publishing.rules.load import made
from server.publishing.rules.model import Kind, RuleSet

__all__ = [
    "BadRules",
    "Kind",
    "RuleSet",
    "all_rules",
    "choose_rules",
    "day_of",
    "kind_of",
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
    found = [(file.is_office, made(file)) for file in read_folders(_FOLDER, *folders)]
    found.sort(key=lambda pair: (pair[1].kind, pair[1].valid_from, pair[0], pair[1].id))
    return tuple(rules for _, rules in found)


def choose_rules(on_date: date, kind: Kind = "state") -> RuleSet:
    """The rule-set in force on a day; see `server.common.dated.in_force`."""
    of_kind = [rules for rules in all_rules() if rules.kind == kind]
    if not of_kind:
        raise LookupError(f"no rule-set of kind {kind!r}")
    return in_force(of_kind, on_date)


def rules_for(fields: Fields) -> RuleSet:
    """By the draft's own kind and date; today when it has no date yet."""
    return choose_rules(day_of(fields), kind_of(fields))


def kind_of(fields: Fields) -> Kind:
    """Whose norm a draft follows."""
    return "party" if fields.rule_kind == "party" else "state"


def day_of(fields: Fields) -> date:
    """The day whose law a document follows: its own date, today while it has none."""
    try:
        return date.fromisoformat(fields.date.strip())
    except ValueError:
        return clock.today()
