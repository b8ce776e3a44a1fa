"""In whose name somebody signs: TM., Q., KT., TL., TUQ. (Decree 30/2020, Art. 13).

A mandate says who acts for whom, how, with which powers and from when to when. It may
rest on another one (`under`); the chain holds only if each link holds. Rights and the
suggested lines above a signature both follow from here. Which form may rest on which is
data (`server.registry.procedure`). Pure.

    TM.   on behalf of a collective; a deputy then signs "TM. … / KT. …"
    Q.    acting head: has the powers of the head
    KT.   a deputy in place of the head; goes no further
    TL.   by order; the one who got it may pass it to his own deputy ("TL. … / KT. …")
    TUQ.  by a written, time-limited mandate; goes no further

The letters are about signing. That somebody also directs incoming documents in the
place of a leader is a power of its own, so a mandate to sign alone never opens them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from server.registry.procedure import PROCEDURE, Form

__all__ = [
    "Fault",
    "Form",
    "Mandate",
    "Power",
    "SignatureBlock",
    "chain",
    "fault_of",
    "holds",
    "signature_block",
]


class Power(StrEnum):
    CONTENT = "content"  # approve content as head of the unit
    SIGN = "sign"  # approve what is to be signed
    DIRECT = "direct"  # say who settles an incoming document (Art. 24.1)


@dataclass(frozen=True, slots=True)
class Mandate:
    """`in_place_of` is the post or the collective that is named above the signature.

    `ends_on` is the last day; None is without an end. `is_written`: a document names
    the mandate.
    """

    form: Form
    in_place_of: str
    starts_on: date
    ends_on: date | None = None
    powers: frozenset[Power] = frozenset(Power)
    is_written: bool = False
    under: Mandate | None = None


class Fault(StrEnum):
    """Why a mandate cannot be given."""

    DATES = "dates"
    NEEDS_END = "needs_end"
    NEEDS_DOCUMENT = "needs_document"
    NO_POWER = "no_power"
    NOT_RE_DELEGABLE = "not_re_delegable"
    BEYOND = "beyond"


def fault_of(mandate: Mandate) -> Fault | None:
    """The first rule that the mandate breaks, or None. The rules are those of its first
    day, so a mandate that was given rightly stands."""
    rule = PROCEDURE.on(mandate.starts_on).forms[mandate.form]
    if mandate.ends_on is not None and mandate.ends_on < mandate.starts_on:
        return Fault.DATES
    if rule.needs_end and mandate.ends_on is None:
        return Fault.NEEDS_END
    if rule.needs_document and not mandate.is_written:
        return Fault.NEEDS_DOCUMENT
    if not mandate.powers:
        return Fault.NO_POWER
    under = mandate.under
    if under is None:
        return None
    if under.form not in rule.may_rest_on:
        return Fault.NOT_RE_DELEGABLE
    if not mandate.powers <= under.powers or not _within(mandate, under):
        return Fault.BEYOND
    return None


def _within(mandate: Mandate, under: Mandate) -> bool:
    if mandate.starts_on < under.starts_on:
        return False
    if under.ends_on is None:
        return True
    return mandate.ends_on is not None and mandate.ends_on <= under.ends_on


def chain(mandate: Mandate) -> Iterator[Mandate]:
    """The mandate and what it rests on, nearest first."""
    link: Mandate | None = mandate
    while link is not None:
        yield link
        link = link.under


def holds(mandate: Mandate, power: Power, on: date) -> bool:
    """Whether the mandate gives this power on this day."""
    return all(
        power in link.powers
        and link.starts_on <= on
        and (link.ends_on is None or on <= link.ends_on)
        for link in chain(mandate)
    )


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """The fields `signer_authority` (one line a name), `signer_position` and
    `signer_name` of the letterhead."""

    authority: str
    position: str
    name: str


def signature_block(
    position: str,
    name: str,
    mandate: Mandate | None,
    written: Mapping[str, str] = MappingProxyType({}),
) -> SignatureBlock:
    """What stands above the signature of somebody who holds `position`. `written` says
    how a norm writes the letters of a form, where it is not "KT.".

    An acting head has the letter before the post ("Q. CHÁNH VĂN PHÒNG") and no line
    of authority of his own.
    """

    def letters(form: Form) -> str:
        return written.get(form, f"{form}.")

    lines: list[str] = []
    shown = position.upper()
    for link in chain(mandate) if mandate else ():
        if link.form is Form.Q:
            acting = f"{letters(Form.Q)} {link.in_place_of.upper()}"
            if link is mandate:
                shown = acting
            continue
        lines.insert(0, f"{letters(link.form)} {link.in_place_of.upper()}")
    return SignatureBlock("\n".join(lines), shown, name)
