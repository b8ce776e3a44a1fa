"""The whole sheet: letterhead around the text, for one version or for two.

The letterhead stands where the printed document has it, so that a reader finds a field
by its place; fields that have no place there follow in a list. Must never hold a rule
of form: how a document is printed is `server.publishing`'s matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace

from django.utils.safestring import SafeString

from collab.content.comparing.changes import Change, Comparison, Piece, Side
from collab.content.comparing.compare import unchanged
from collab.content.tree import SCALAR_FIELDS, Content, Fields, Inline, Run
from server.publishing.letterhead import bare_subject
from server.publishing.rules import Kind, kind_of
from server.registry.document_types import find
from server.registry.letterhead_words import in_words
from server.review.rendering.blocks import AuthorOf, Renderer

# Where each field stands on the sheet; what is in none of these is listed after it.
PLACED = frozenset(
    {
        "issuer_parent",
        "issuer",
        "number",
        "notation",
        "place",
        "date",
        "document_type",
        "subject",
        "addressees",
        "recipients",
        "signer_authority",
        "signer_position",
        "signer_name",
    }
)
_HIDDEN = frozenset({"schema", "rule_kind"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """HTML by name of field, the other fields in a list, and the text."""

    fields: Mapping[str, SafeString]
    others: tuple[tuple[str, SafeString], ...]
    body: SafeString
    is_party: bool = False
    is_letter: bool = False  # a công văn: its subject stands under its number
    has_prefix: bool = False  # "V/v" was typed into the subject


@dataclass(frozen=True, slots=True)
class Pair:
    """One block of either side, beside each other."""

    kind: str
    old: SafeString
    new: SafeString


def sheet_of(content: Content) -> Sheet:
    pieces = _field_pieces(content.fields)
    body = Renderer().blocks(unchanged(content.blocks))
    return _sheet(content.fields, pieces, Renderer(), body)


def authored_sheet(
    content_fields: Fields,
    field_pieces: Mapping[str, tuple[Piece, ...]],
    changes: Iterable[Change],
    author_of: AuthorOf,
) -> Sheet:
    """The sheet with each piece in the colour of whoever wrote it."""
    renderer = Renderer(author_of=author_of)
    body = renderer.blocks(changes)
    held = {**_field_pieces(content_fields), **field_pieces}
    return _sheet(content_fields, held, renderer, body)


def compared_sheet(comparison: Comparison, side: Side | None = None) -> Sheet:
    """Both versions in one text, or one of them with its marks."""
    shown = comparison.old_fields if side == "old" else comparison.new_fields
    pieces = _field_pieces(shown)
    pieces.update({change.name: change.pieces for change in comparison.fields})
    renderer = Renderer(side)
    body = renderer.blocks(comparison.blocks)
    return _sheet(shown, pieces, renderer, body)


def pairs_of(comparison: Comparison) -> list[Pair]:
    """The blocks of both sides, row by row."""
    left, right = Renderer("old"), Renderer("new")
    return [
        Pair(change.kind, left.block(change), right.block(change))
        for change in comparison.blocks
    ]


def changed_fields(
    comparison: Comparison,
) -> list[tuple[str, SafeString, SafeString]]:
    """Name, old and new of each field that differs."""
    left, right = Renderer("old"), Renderer("new")
    norm = kind_of(comparison.new_fields)
    worded = [
        (change.name, [_worded(change.name, piece, norm) for piece in change.pieces])
        for change in comparison.fields
    ]
    return [(n, left.pieces(found), right.pieces(found)) for n, found in worded]


def _sheet(
    content_fields: Fields,
    pieces: Mapping[str, tuple[Piece, ...]],
    renderer: Renderer,
    body: SafeString,
) -> Sheet:
    norm = kind_of(content_fields)
    html = {
        name: renderer.pieces(_worded(name, piece, norm) for piece in found)
        for name, found in pieces.items()
    }
    others = tuple(
        (name, text)
        for name, text in html.items()
        if name not in PLACED
        and name not in _HIDDEN
        and text
        # As on paper: that nothing is urgent is not said.
        and not (
            name == "urgency"
            and pieces[name][0].kind == "same"
            and content_fields.urgency == "normal"
        )
    )
    kind = find(content_fields.document_type)
    return Sheet(
        html,
        others,
        body,
        norm == "party",
        kind is None or not kind.abbreviation,
        bare_subject(content_fields.subject) != content_fields.subject,
    )


def _worded(name: str, piece: Piece, norm: Kind) -> Piece:
    """What was chosen from a list in the words that people know it by."""
    if name not in SCALAR_FIELDS:
        return piece

    def say(inline: Inline | None) -> Inline | None:
        if not isinstance(inline, Run):
            return inline
        return replace(inline, text=in_words(name, inline.text, norm))

    return replace(piece, old=say(piece.old), new=say(piece.new))


def _field_pieces(content_fields: Fields) -> dict[str, tuple[Piece, ...]]:
    assert is_dataclass(content_fields)
    values = asdict(content_fields)
    known = [field.name for field in fields(content_fields)]
    return {
        name: (Piece("same", Run(values[name]), Run(values[name])),)
        for name in known
        if isinstance(values[name], str) and values[name]
    }
