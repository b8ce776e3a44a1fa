"""What a letterhead says, line by line, from the fields of a draft and a rule-set.

Both exporters draw these lines, so that .docx and PDF never differ in words. The
importer undoes them with the `bare_*` functions. Pure; must never ask for the time:
the year of an open date is given. Labels and forms come from the rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from collab.content.tree import Block, Fields, Paragraph
from server.common.text import nfc
from server.publishing.rules.model import RuleSet, TypeLayout

# Wide enough to write a number, a day and a month in, also by hand: a digit is as wide
# as two of these, so five digits for a number, two for a day and for a month.
NUMBER_BLANK = "\u00a0" * 10
DAY_BLANK = MONTH_BLANK = "\u00a0" * 4
DISPATCHES = "điện:"
_SUBJECT_PREFIX = re.compile(r"^\s*(?:v/v\s*:?\s*|về việc\s*:?\s+)", re.IGNORECASE)
_NOT_CARRIED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_BULLET = re.compile(r"^\s*[-–—+•]\s*")
_PLACE = re.compile(r"\{(\w+)\}")
# One digit: what was typed with a zero, and any longer number, stands as typed.
_NUMBER = re.compile(r"(?P<digits>\d)(?P<suffix>[a-zđ]?)")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Lines as printed; an empty string or tuple is a part that is not there."""

    right: tuple[tuple[str, str], ...]  # component and text: Quốc hiệu, tiêu ngữ
    issuer_parent: tuple[str, ...]
    issuer: tuple[str, ...]
    number: str
    place_date: str
    letter_subject: tuple[str, ...]  # công văn: "V/v …" under the number
    name_line: str  # named types: "QUYẾT ĐỊNH" …
    subject: tuple[str, ...]  # named types: below the name
    enacting_authority: tuple[str, ...]
    enacting: str  # "QUYẾT ĐỊNH:" after the bases, when the body lacks it
    urgency: str
    handling: str
    addressees_title: str
    addressees: tuple[str, ...]
    lines_before: tuple[str, ...]
    lines_after: tuple[str, ...]
    recipients_title: str
    recipients: tuple[str, ...]
    signer_authority: tuple[str, ...]
    signer_position: tuple[str, ...]
    signer_name: str
    second_position: tuple[str, ...]
    second_name: str
    two_sign: bool
    typist: str
    contact: tuple[str, ...]

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
            or self.second_name
            or (self.two_sign and self.second_position)
            or self.typist
        )


def letterhead_of(
    fields: Fields, year: int, rules: RuleSet, blocks: tuple[Block, ...] = ()
) -> Letterhead:
    """`year` stands in the date line while the date is not set; `blocks` is the body,
    which may hold a line of the form already."""
    kind = rules.type_layout(fields.document_type)
    words = rules.words
    subject = lines_of(fields.subject)
    is_letter = kind.subject == "letter"
    if is_letter and subject:
        first = words.letter_subject_prefix + bare_subject(subject[0])
        subject = (first, *subject[1:])
    authority = lines_of(fields.enacting_authority)
    enacts = bool(authority and kind.enacts) and not has_line(blocks, kind.enacts)
    return Letterhead(
        right=tuple((name, getattr(words, name)) for name in rules.header.right),
        issuer_parent=lines_of(fields.issuer_parent),
        issuer=lines_of(fields.issuer),
        number=number_line(fields.number, fields.notation, rules),
        place_date=date_line(fields.place, fields.date, year, rules)
        if kind.place_date
        else "",
        letter_subject=subject if is_letter else (),
        name_line=kind.name.upper() if kind.name_line and not is_letter else "",
        subject=() if is_letter else subject,
        enacting_authority=authority,
        enacting=kind.enacts if enacts else "",
        urgency=fields.urgency,
        handling=" ".join(lines_of(fields.handling)),
        addressees_title=_addressees_title(fields, kind, rules),
        addressees=_listed(fields.addressees, bullet=kind.addressees == "dispatch"),
        lines_before=_filled(kind.lines_before, fields),
        lines_after=_filled(kind.lines_after, fields),
        recipients_title=words.recipients,
        recipients=recipient_lines(fields.recipients),
        signer_authority=lines_of(fields.signer_authority),
        signer_position=lines_of(fields.signer_position),
        signer_name=" ".join(lines_of(fields.signer_name)),
        second_position=lines_of(fields.second_position)
        or lines_of(kind.second_position),
        second_name=" ".join(lines_of(fields.second_name)),
        two_sign=kind.signatures == 2,
        typist=" ".join(lines_of(fields.typist)),
        contact=lines_of(fields.contact),
    )


def number_line(number: str, notation: str, rules: RuleSet) -> str:
    """ "Số: 05/QĐ-UBND"; the number is a blank to write in until it is given."""
    shown = padded_number(number, rules) or NUMBER_BLANK
    form = rules.words.number_form
    return nfc(form.format(number=shown, notation=notation.strip()))


def padded_number(number: str, rules: RuleSet) -> str:
    """ "5" as "05", "5a" as "05a"; what is no number with a suffix stays as it is."""
    found = _NUMBER.fullmatch(number.strip())
    if found is None:
        return number.strip()
    return rules.zeros.number(int(found["digits"])) + found["suffix"]


def date_line(place: str, iso_date: str, year: int, rules: RuleSet) -> str:
    """ "Đắk Lắk, ngày 05 tháng 01 năm 2026", with the zeros that the rules ask for."""
    day, month = DAY_BLANK, MONTH_BLANK
    try:
        when = date.fromisoformat(iso_date.strip())
    except ValueError:
        pass
    else:
        day, month = rules.zeros.day(when.day), rules.zeros.month(when.month)
        year = when.year
    line = rules.words.date_form.format(
        place=place.strip(), day=day, month=month, year=year
    )
    return nfc(line.removeprefix(", "))


def has_line(blocks: tuple[Block, ...], text: str) -> bool:
    """Whether a paragraph of the body says exactly this, whatever its last sign."""
    wanted = _bare(text)
    return any(
        _bare(block.text) == wanted for block in blocks if isinstance(block, Paragraph)
    )


def after_bases(blocks: tuple[Block, ...]) -> int:
    """How many blocks stand before what a decision decides: the leading căn cứ."""
    count = 0
    for index, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or block.style not in (
            "basis",
            "center_title",
        ):
            break
        if block.style == "basis":
            count = index + 1
    return count


def lines_of(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in clean_text(text).split("\n"))
    return tuple(line for line in lines if line)


def recipient_lines(text: str) -> tuple[str, ...]:
    return _listed(text, bullet=True)


def clean_text(text: str) -> str:
    """NFC, without the characters that neither XML nor paper can carry."""
    return nfc(_NOT_CARRIED.sub("", text))


def bare_line(line: str) -> str:
    """An entry of a list without its dash and its closing sign."""
    return _BULLET.sub("", line).strip().rstrip(";.,").strip()


def bare_subject(text: str) -> str:
    return _SUBJECT_PREFIX.sub("", text).strip()


def bare_dispatcher(text: str) -> str:
    return text.strip().removesuffix(DISPATCHES).strip()


def _addressees_title(fields: Fields, kind: TypeLayout, rules: RuleSet) -> str:
    if kind.addressees != "dispatch":
        return rules.words.addressees
    sender = " ".join(lines_of(fields.dispatcher) or lines_of(fields.issuer))
    return f"{sender} {DISPATCHES}".strip()


def _filled(forms: tuple[str, ...], fields: Fields) -> tuple[str, ...]:
    """Lines whose fields are all there. A line of the issuer alone introduces those
    that follow, and stands only with them."""
    lines: list[str] = []
    waiting = ""
    for form in forms:
        names = _PLACE.findall(form)
        values = {n: " ".join(lines_of(getattr(fields, n))) for n in names}
        if not all(values.values()):
            continue
        line = form.format(**values)
        if set(names) <= {"issuer"}:
            waiting = line
            continue
        if waiting:
            lines.append(waiting)
            waiting = ""
        lines.append(line)
    return tuple(lines)


def _bare(text: str) -> str:
    return " ".join(clean_text(text).split()).rstrip(":. ").casefold()


def _listed(text: str, *, bullet: bool) -> tuple[str, ...]:
    """Lines with ";" after each and "." after the last, however they were typed."""
    lines = [bare for line in lines_of(text) if (bare := bare_line(line))]
    dash = "- " if bullet or len(lines) > 1 else ""
    return tuple(
        f"{dash}{line}{';' if index < len(lines) - 1 else '.'}"
        for index, line in enumerate(lines)
    )
