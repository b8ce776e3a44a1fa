"""What a copy of an issued document says of itself: sao y, sao lục, trích sao.

On paper the block stands below the last line of the document; an electronic copy has
one line in the top right corner of page 1 instead. Pure; the text of the document is
never touched, so that a copy stays a copy.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.publishing.letterhead import (
    clean_text,
    date_line,
    lines_of,
    number_line,
    recipient_lines,
)
from server.publishing.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class Copy:
    """`form` is "SY", "SL" or "TrS"; dates are ISO. `signed_at` is the written-out
    time of the signature of an electronic copy, "" for a copy on paper."""

    form: str
    issuer: str
    number: str = ""
    notation: str = ""
    place: str = ""
    date: str = ""
    recipients: str = ""
    signer_authority: str = ""
    signer_position: str = ""
    signer_name: str = ""
    signed_at: str = ""


@dataclass(frozen=True, slots=True)
class CopyLines:
    """Lines as printed. Either `corner` is set, or the block is."""

    corner: str = ""
    form: str = ""
    issuer: tuple[str, ...] = ()
    number: str = ""
    place_date: str = ""
    recipients: tuple[str, ...] = ()
    signer_authority: tuple[str, ...] = ()
    signer_position: tuple[str, ...] = ()
    signer_name: str = ""


def copy_lines(copy: Copy, year: int, rules: RuleSet) -> CopyLines:
    """Raises LookupError for a form that the rules do not know."""
    form = rules.copies[copy.form]
    issuer = lines_of(copy.issuer)
    if copy.signed_at:
        parts = (form, " ".join(issuer), clean_text(copy.signed_at).strip())
        return CopyLines(corner="; ".join(part for part in parts if part))
    return CopyLines(
        form=form,
        issuer=issuer,
        number=number_line(copy.number, copy.notation, rules),
        place_date=date_line(copy.place, copy.date, year, rules),
        recipients=recipient_lines(copy.recipients),
        signer_authority=lines_of(copy.signer_authority),
        signer_position=lines_of(copy.signer_position),
        signer_name=" ".join(lines_of(copy.signer_name)),
    )
