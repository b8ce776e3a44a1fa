"""What the law says of acting for another, of terms, files, copies, corrections and
secrecy, as data.

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
from server.common.text import accent_key


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


# What a copy may be made of beside another copy: bản gốc, bản chính.
ORIGINAL = "original"
_COPIES = ("SY", "SL", "TrS")


@dataclass(frozen=True, slots=True)
class CopyRule:
    """`of`: any of these is enough, ORIGINAL or the code of a copy that stands."""

    of: tuple[str, ...]
    electronic_of_signed: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """The type of the document that corrects another one."""

    document_type: str


@dataclass(frozen=True, slots=True)
class Secrecy:
    """`levels` are the words of a secrecy mark, whatever their case."""

    levels: tuple[str, ...]

    def is_level(self, word: str) -> bool:
        """`word` as `accent_key` makes it."""
        return word in {accent_key(level) for level in self.levels}


@dataclass(frozen=True, slots=True)
class Procedure:
    """`copies` are by code: sao y, sao lục, trích sao."""

    forms: Mapping[Form, FormRule]
    transfer: Transfer
    digitised: Digitised
    copies: Mapping[str, CopyRule]
    correction: Correction
    secrecy: Secrecy


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
    copies = tables.named("copies", _COPIES, CopyRule)
    for name, rule in copies.items():
        if not rule.of:
            raise BadRules(f"copies.{name}.of: names nothing that it is made of")
        for source in rule.of:
            one_of(source, (ORIGINAL, *_COPIES), f"copies.{name}.of")
    secrecy = tables.section("secrecy", Secrecy)
    if not all(level.strip() for level in secrecy.levels):
        raise BadRules("secrecy.levels: one of them is empty")
    return Procedure(
        forms,
        tables.section("transfer", Transfer),
        digitised,
        copies,
        tables.section("correction", Correction),
        secrecy,
    )


PROCEDURE = DatedData(
    "procedure",
    Path(__file__).parent / "data" / "procedure",
    ("forms", "transfer", "digitised", "copies", "correction", "secrecy"),
    _read,
)
