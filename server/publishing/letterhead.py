"""What a letterhead says, line by line, from the fields of a draft.

Both exporters draw these lines, so that .docx and PDF never differ in words. The
importer undoes them with the `bare_*` functions. Pure; must never ask for the time:
the year of an open date is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from collab.content.tree import Fields
from server.common.text import nfc
from server.publishing.document_types import LETTER, name_line

# Wide enough to write a number, a day and a month by hand.
NUMBER_BLANK = "\u00a0" * 8
DAY_BLANK = "\u00a0" * 4
MONTH_BLANK = "\u00a0" * 3
_SUBJECT_PREFIX = re.compile(r"^\s*v/v\s*:?\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[-–—+•]\s*")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Lines as printed; an empty string or tuple is a part that is not there."""

    issuer_parent: tuple[str, ...]
    issuer: tuple[str, ...]
    number: str
    place_date: str
    letter_subject: tuple[str, ...]  # công văn: "V/v …" under the number
    name_line: str  # named types: "QUYẾT ĐỊNH" …
    subject: tuple[str, ...]  # named types: below the name
    urgency: str
    addressees: tuple[str, ...]
    recipients: tuple[str, ...]
    signer_authority: tuple[str, ...]
    signer_position: tuple[str, ...]
    signer_name: str
    typist: str

    @property
    def has_head(self) -> bool:
        return bool(
            self.issuer_parent
            or self.issuer
            or self.letter_subject
            or self.name_line
            or self.subject
        )

    @property
    def has_end(self) -> bool:
        return bool(
            self.recipients
            or self.signer_authority
            or self.signer_position
            or self.signer_name
            or self.typist
        )


def letterhead_of(fields: Fields, year: int) -> Letterhead:
    """`year` stands in the date line while the date is not set."""
    named = name_line(fields.document_type)
    is_letter = fields.document_type == LETTER
    subject = lines_of(fields.subject)
    if is_letter and subject:
        subject = ("V/v " + _SUBJECT_PREFIX.sub("", subject[0]), *subject[1:])
    return Letterhead(
        issuer_parent=lines_of(fields.issuer_parent),
        issuer=lines_of(fields.issuer),
        number=number_line(fields.number, fields.notation),
        place_date=date_line(fields.place, fields.date, year),
        letter_subject=subject if is_letter else (),
        name_line=named,
        subject=() if is_letter else subject,
        urgency=fields.urgency,
        addressees=_listed(fields.addressees, bullet=False),
        recipients=_listed(fields.recipients, bullet=True),
        signer_authority=lines_of(fields.signer_authority),
        signer_position=lines_of(fields.signer_position),
        signer_name=" ".join(lines_of(fields.signer_name)),
        typist=" ".join(lines_of(fields.typist)),
    )


def number_line(number: str, notation: str) -> str:
    """ "Số: 05/QĐ-UBND"; the number is a blank to write in until it is given."""
    number = number.strip()
    if number.isdigit() and len(number) == 1:
        number = "0" + number
    return nfc(f"Số: {number or NUMBER_BLANK}/{notation.strip()}")


def date_line(place: str, iso_date: str, year: int) -> str:
    """ "Đắk Lắk, ngày 05 tháng 01 năm 2026": days below 10, January and February
    have a leading zero; other months have none."""
    day, month = DAY_BLANK, MONTH_BLANK
    try:
        when = date.fromisoformat(iso_date.strip())
    except ValueError:
        pass
    else:
        day, year = f"{when.day:02}", when.year
        month = f"{when.month:02}" if when.month <= 2 else str(when.month)
    line = f"ngày {day} tháng {month} năm {year}"
    return nfc(f"{place.strip()}, {line}" if place.strip() else line)


def lines_of(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in clean_text(text).split("\n"))
    return tuple(line for line in lines if line)


def clean_text(text: str) -> str:
    """NFC, without the characters that neither XML nor paper can carry."""
    return nfc("".join(c for c in text if _is_carried(c)))


def _is_carried(char: str) -> bool:
    if char < " ":
        return char in "\t\n"
    return char not in "\ufffe\uffff" and not "\ud800" <= char <= "\udfff"


def bare_line(line: str) -> str:
    """An entry of a list without its dash and its closing sign."""
    return _BULLET.sub("", line).strip().rstrip(";.,").strip()


def bare_subject(text: str) -> str:
    return _SUBJECT_PREFIX.sub("", text).strip()


def _listed(text: str, *, bullet: bool) -> tuple[str, ...]:
    """Lines with ";" after each and "." after the last, however they were typed."""
    lines = [bare for line in lines_of(text) if (bare := bare_line(line))]
    dash = "- " if bullet or len(lines) > 1 else ""
    return tuple(
        f"{dash}{line}{';' if index < len(lines) - 1 else '.'}"
        for index, line in enumerate(lines)
    )
