"""Suggestions for fields of the letterhead on their way to Word and back.

They leave as revisions of the lines on which the field prints, and in the comment that
carries them. What comes back as it went out is nothing new. Must never decide about a
suggestion: what was accepted in Word is a changed field, taken by a click like others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from collab.content.tree import Content
from server.publishing.docx_head_revisions import FieldChange
from server.publishing.docx_marked import read_marked
from server.publishing.docx_review import Origin, to_review_docx
from server.publishing.marked import MarkedParagraph
from server.review.models import FieldSuggestion, SuggestionState, Thread, suggestion_of
from server.review.word.heading import HeadChange, compare_heads

_GONE = SuggestionState.WITHDRAWN


def suggestion_line(suggestion: FieldSuggestion) -> str:
    """In one language, whoever reads it: by these words the comment is known again."""
    if suggestion.state == _GONE and not suggestion.new:
        return ""
    return (
        f"Đề nghị sửa thành: “{suggestion.new}”"
        if suggestion.new
        else "Đề nghị để trống."
    )


def field_changes(threads: Iterable[Thread]) -> list[FieldChange]:
    """Those that are open, the oldest first."""
    found = ((thread, suggestion_of(thread)) for thread in threads)
    return [
        _change(thread, suggestion)
        for thread, suggestion in found
        if suggestion is not None and suggestion.is_open and thread.state == "open"
    ]


def without_known(
    changes: Sequence[HeadChange], threads: Iterable[Thread], content: Content
) -> list[HeadChange]:
    """What the file says of the letterhead beyond what was suggested here already."""
    if not changes:
        return []
    pairs = ((thread, suggestion_of(thread)) for thread in threads)
    suggested = [
        _change(thread, suggestion)
        for thread, suggestion in pairs
        if suggestion is not None and suggestion.state != _GONE
    ]
    names = {change.name for change in changes}
    known = {
        said
        for change in suggested
        if change.name in names
        for said in _printed(change, content)
    }
    return [change for change in changes if (change.name, change.new) not in known]


def _printed(change: FieldChange, content: Content) -> Iterable[tuple[str, str]]:
    """What a reader of the file finds in the fields, of this suggestion alone."""
    plain = replace(content, blocks=())
    old, new = (_head(plain, given) for given in ((), (change,)))
    for found in compare_heads(old, new, content.fields, content.fields)[0]:
        yield found.name, found.new


def _head(
    content: Content, changes: Sequence[FieldChange]
) -> tuple[MarkedParagraph, ...]:
    origin = Origin("", 1, 1)
    data = to_review_docx(content, lambda _src: None, origin, str, head=changes)
    return read_marked(data).head


def _change(thread: Thread, suggestion: FieldSuggestion) -> FieldChange:
    return FieldChange(
        thread.part,
        suggestion.new,
        thread.author.full_name,
        thread.created_at.isoformat(),
    )
