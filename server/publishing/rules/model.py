"""The rules of a layout as typed, immutable values: one `RuleSet` a norm.

Everything that law decides about the look of a document is here and nowhere else:
exporters and checks ask a rule-set, so that another norm is another data file. Sizes
are points, lengths millimetres. Must never contain code that draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from collab.content.tree import Align, Style

Kind = Literal["state", "party"]
SubjectPlace = Literal["letter", "title", "none"]
Severity = Literal["error", "warning"]
Addressees = Literal["required", "allowed", "none", "dispatch"]


@dataclass(frozen=True, slots=True)
class Page:
    width_mm: float
    height_mm: float
    margin_top_mm: float
    margin_bottom_mm: float
    margin_left_mm: float
    margin_right_mm: float
    number_pt: float
    number_from_top_mm: float  # centred, from page 2 on

    @property
    def text_width_mm(self) -> float:
        return self.width_mm - self.margin_left_mm - self.margin_right_mm

    @property
    def text_height_mm(self) -> float:
        return self.height_mm - self.margin_top_mm - self.margin_bottom_mm

    @property
    def turned_width_mm(self) -> float:
        """Width of the text on a landscape page: the margins turn with the sheet."""
        return self.height_mm - self.margin_top_mm - self.margin_bottom_mm


@dataclass(frozen=True, slots=True)
class TextRules:
    """`exact_line_pt` 0 = lines are `line_spacing` times the font's single line."""

    font: str
    size_pt: float
    line_spacing: float
    exact_line_pt: float
    gap_pt: float
    first_line_mm: float


@dataclass(frozen=True, slots=True)
class Header:
    """Shares are of the line of text above; `issuer_mark` is "rule" or a sign."""

    left_mm: float
    right: tuple[str, ...]  # components whose word of the same name stands there
    issuer_mark: str
    issuer_rule_share: float
    right_rule_share: float
    subject_rule_share: float


@dataclass(frozen=True, slots=True)
class Words:
    country: str
    motto: str
    number_form: str
    number_pattern: str
    notation_pattern: str
    date_form: str
    letter_subject_prefix: str
    addressees: str
    recipients: str
    same_as_above: str
    filed: str
    ending: str
    subject_limit: int
    appendix: str


@dataclass(frozen=True, slots=True)
class Zeros:
    """Numbers below these are written with a zero before them: 05, 02."""

    number_below: int
    day_below: int
    month_below: int

    def number(self, number: int) -> str:
        return _zero(number, self.number_below)

    def day(self, day: int) -> str:
        return _zero(day, self.day_below)

    def month(self, month: int) -> str:
        return _zero(month, self.month_below)


@dataclass(frozen=True, slots=True)
class SigningRules:
    """Where and how large signatures show. `seal_share` of the signature's width lies
    under the seal; `corner_margin_mm` is that of the line on separate files and on
    electronic copies, whose letters are the component "corner"."""

    seal_mm: float
    seal_share: float
    widest_signature_mm: float
    corner_margin_mm: float


@dataclass(frozen=True, slots=True)
class Component:
    """How one part of the letterhead looks."""

    size_pt: float
    align: Align
    bold: bool = False
    italic: bool = False
    underline: bool = False
    capitals: bool = False
    before_pt: float = 0.0
    inset_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class StyleRule:
    """How paragraphs of one style look before anything is set by hand."""

    size_pt: float
    align: Align = "justify"
    bold: bool = False
    italic: bool = False
    first_line: bool = True
    keep: bool = False  # on the page of what follows


@dataclass(frozen=True, slots=True)
class Stamp:
    text: str
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class TypeLayout:
    """What a document type has and has not. Lines hold {fields} of the draft."""

    name: str
    name_line: bool = True
    subject: SubjectPlace = "title"
    addressees: Addressees = "none"
    place_date: bool = True
    basis: Literal["required", "allowed"] = "allowed"
    enacts: str = ""
    signatures: int = 1
    second_position: str = ""
    recipients: bool = True
    ending: bool = True
    lines_before: tuple[str, ...] = ()
    lines_after: tuple[str, ...] = ()


COMPONENTS = (
    "country",
    "motto",
    "issuer_parent",
    "issuer",
    "number",
    "place_date",
    "letter_subject",
    "urgency",
    "handling",
    "type_name",
    "subject",
    "enacting_authority",
    "enacting",
    "addressees",
    "addressee",
    "recipients_title",
    "recipient",
    "typist",
    "signer_authority",
    "signer_position",
    "signer_name",
    "contact",
    "copy_form",
    "corner",
)


# Rules of the check of form (`server.publishing.check`); a norm names those it has.
CHECKS = frozenset(
    {
        "subject_missing",
        "subject_too_long",
        "issuer_missing",
        "place_missing",
        "addressees_missing",
        "addressees_unexpected",
        "signer_missing",
        "signer_title",
        "name_capitals",
        "authority_form",
        "recipients_missing",
        "recipients_not_filed",
        "recipients_same_as_above",
        "number_form",
        "notation_form",
        "notation_type",
        "date_form",
        "basis_missing",
        "basis_ending",
        "enacting_missing",
        "numbering_order",
        "point_letter",
        "body_missing",
        "ending_missing",
        "empty_paragraph",
        "appendix_number",
        "double_space",
        "space_before_sign",
        "space_after_sign",
        "capitals",
        "tone_marks",
        "abbreviation",
        "old_font",
    }
)


# Compared by identity: a rule-set is loaded once and used as a key of caches.
@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """`sources` and `ranges` are by key as it stands in the file: "page.width_mm"."""

    id: str
    kind: Kind
    title: str
    valid_from: date
    valid_to: date | None
    page: Page
    text: TextRules
    header: Header
    words: Words
    zeros: Zeros
    signing: SigningRules
    seals: Mapping[str, float]
    authorities: Mapping[str, str]
    stamp_colour: str
    stamps: Mapping[str, Stamp]
    copies: Mapping[str, str]
    components: Mapping[str, Component]
    styles: Mapping[Style, StyleRule]
    types: Mapping[str, TypeLayout]
    checks: Mapping[str, Severity]
    sources: Mapping[str, str]
    ranges: Mapping[str, tuple[float, float]]

    @property
    def header_right_mm(self) -> float:
        return self.page.text_width_mm - self.header.left_mm

    def type_layout(self, code: str) -> TypeLayout:
        """A code that is unknown has the layout of a type without a name line."""
        return self.types.get(code, _UNKNOWN)

    def seal_mm_of(self, *names: str) -> float:
        """The size of a seal, by any name of the organisation that the norm knows."""
        known = (self.seals.get(name.casefold()) for name in names if name)
        return next((size for size in known if size), self.signing.seal_mm)

    def source_of(self, key: str) -> str:
        """Where the norm says it: "NĐ …: PL I, II.3"; "" for an unknown key."""
        clause = self.sources.get(key, "")
        return f"{self.title}: {clause}" if clause else ""


def _zero(number: int, below: int) -> str:
    return f"0{number}" if number < min(below, 10) else str(number)


_UNKNOWN = TypeLayout("", name_line=False, addressees="allowed")
