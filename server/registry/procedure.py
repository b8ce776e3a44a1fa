"""What the law says of acting for another, of terms, and of files that arrive, as data.

The editions are the files of data/procedure and an office's own. Pure: the day is the
caller's. Must never decide a case; `workflow.authority` and `incoming_terms` do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from server.common.dated import DatedData
from server.common.tables import BadRules, Tables, one_of


class Form(StrEnum):
    """In whose name somebody signs. The letters stand above the signature."""

    TM = "TM"
    Q = "Q"
    KT = "KT"
    TL = "TL"
    TUQ = "TUQ"


@dataclass(frozen=True, slots=True)
class FormRule:
    """A mandate of a form may be given under one of the others; none there: it rests on
    no mandate."""

    may_rest_on: frozenset[Form]
    needs_end: bool
    needs_document: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """Working days after the day of arrival; 0 is the day itself."""

    working_days: int
    urgent_working_days: int


@dataclass(frozen=True, slots=True)
class Digitised:
    oldest_pdf: str


@dataclass(frozen=True, slots=True)
class Procedure:
    forms: Mapping[Form, FormRule]
    transfer: Transfer
    digitised: Digitised


@dataclass(frozen=True, slots=True)
class _FormRow:
    may_rest_on: tuple[str, ...]
    needs_end: bool = False
    needs_document: bool = False


def _read(tables: Tables) -> Procedure:
    names = tuple(form.value for form in Form)
    forms: dict[Form, FormRule] = {}
    for name, row in tables.named("forms", names, _FormRow).items():
        key = f"forms.{name}.may_rest_on"
        under = frozenset(Form(one_of(n, names, key)) for n in row.may_rest_on)
        forms[Form(name)] = FormRule(under, row.needs_end, row.needs_document)
    digitised = tables.section("digitised", Digitised)
    if not re.fullmatch(r"[12]\.[0-9]", digitised.oldest_pdf):
        raise BadRules(f"digitised.oldest_pdf: {digitised.oldest_pdf!r} is no version")
    return Procedure(forms, tables.section("transfer", Transfer), digitised)


PROCEDURE = DatedData(
    "procedure",
    Path(__file__).parent / "data" / "procedure",
    ("forms", "transfer", "digitised"),
    _read,
)
