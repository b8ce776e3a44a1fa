"""How a document's number is written: `05/QĐ-VPUBND`, `328/VPUBND-HCTC`, `05-NQ/ĐU`.

What this office writes is composed strictly. What others wrote is read with patience,
because papers come with spaces, "Số:" and missing zeros; what cannot be read is kept as
it was typed, and is no error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.common import text
from server.publishing.rules import Kind, choose_rules

# Letters that may follow a number that was put between two others (12a): those of the
# Vietnamese alphabet that decrees use for points, in its order.
SUFFIXES = "abcdđeghiklmnopqrstuvxy"
_UPPER = "0-9A-ZĂÂĐÊÔƠƯ"
_LETTER = "0-9A-Za-zĂÂĐÊÔƠƯăâđêôơư"
_GROUP = f"[{_UPPER}][{_LETTER}]*"
_DECREE = re.compile(
    rf"(?P<number>\d{{1,10}})(?P<suffix>[{SUFFIXES}]?)"
    rf"/(?:(?P<year>\d{{4}})/)?(?P<notation>{_GROUP}(?:-{_GROUP})*)"
)
_PARTY = re.compile(
    rf"(?P<number>\d{{1,10}})(?P<suffix>[{SUFFIXES}]?)"
    rf"-(?P<notation>[{_LETTER}]+/{_GROUP}(?:-{_GROUP})*)"
)
_BEFORE = re.compile(r"^số\s*:?\s*", re.IGNORECASE)


class Form(StrEnum):
    """Which rules write the number.

    DECREE_30   `15/QĐ-BNV`, `05/BNV-VP`: administrative documents
    LEGAL       `45/2016/QĐ-UBND`: legal normative documents, with the year
    PARTY       `05-NQ/ĐU`: documents of the Party's committees
    """

    DECREE_30 = "decree30"
    LEGAL = "legal"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """The parts of a number that was read. `year` is None where none is written."""

    form: Form
    number: int
    suffix: str
    year: int | None
    notation: str


def number_text(form: Form, number: int, suffix: str, on: date) -> str:
    """`05`, `12a`, `328`: with the zero that the rules of the day ask for, those of the
    Party in its own form."""
    kind: Kind = "party" if form is Form.PARTY else "state"
    return f"{choose_rules(on, kind).zeros.number(number)}{suffix}"


def compose_notation(
    form: Form, type_abbreviation: str, organisation: str, unit: str
) -> str:
    """The notation of a document, without its number.

    A type with an abbreviation: `QĐ-VPUBND`. A công văn: organisation and the unit that
    drafted it, `VPUBND-HCTC` (the organisation alone when there is no unit). The
    Party's form names the type also of a công văn: `CV/ĐU`.
    """
    if form is Form.PARTY:
        return f"{type_abbreviation or 'CV'}/{organisation}"
    parts = (
        (type_abbreviation, organisation) if type_abbreviation else (organisation, unit)
    )
    return "-".join(part for part in parts if part)


def compose_number(
    form: Form, number: int, suffix: str, notation: str, on: date
) -> str:
    """What stands after "Số", of a document of that day."""
    return compose_written(
        form, number_text(form, number, suffix, on), notation, on.year
    )


def compose_written(form: Form, written: str, notation: str, year: int) -> str:
    """The same from a number that is written already: `05`, `12a`. `year` is used by
    the legal form only."""
    if form is Form.PARTY:
        return f"{written}-{notation}"
    if form is Form.LEGAL:
        return f"{written}/{year}/{notation}"
    return f"{written}/{notation}"


def parse_number(written: str) -> ParsedNumber | None:
    """Read a number of either form, or None.

    Tolerates "Số:" before it, spaces anywhere and a missing leading zero.
    """
    bare = "".join(_BEFORE.sub("", text.nfc(written).strip()).split())
    for form, pattern in ((Form.DECREE_30, _DECREE), (Form.PARTY, _PARTY)):
        found = pattern.fullmatch(bare)
        if found is None:
            continue
        year = found["year"] if form is Form.DECREE_30 else None
        return ParsedNumber(
            Form.LEGAL if year else form,
            int(found["number"]),
            found["suffix"],
            int(year) if year else None,
            found["notation"],
        )
    return None


def next_suffix(taken: set[str]) -> str | None:
    """The first letter that is free after a number, or None when all are taken."""
    return next((letter for letter in SUFFIXES if letter not in taken), None)


def identity_key(number: str, notation: str, organisation: str) -> str:
    """One key for "the same document": number, notation and issuing organisation.

    Case, diacritics, spaces and leading zeros do not tell documents apart; the letters
    đ and d do in a notation, but two offices that differ so little are worth a warning.
    Empty when the document carries no number at all: nothing can be compared then.
    """
    digits = "".join(number.split()).lstrip("0")
    if not digits and not notation.strip():
        return ""
    parts = (digits, "".join(notation.split()), organisation)
    return "|".join(text.search_key(part) for part in parts)
