"""A draft with its suggestions and threads as a .docx, for a colleague with Word.

What is exported is what the log holds at that moment; the file names the place, so that
what comes back is compared with what went out. Must never show a thread to somebody who
may not read threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from collab.content.anchors import Anchored, Anchors
from collab.content.suggestions import open_suggestions
from collab.content.tree import Content
from server.accounts.models import User
from server.publishing.docx_comments import CommentText, ThreadText
from server.publishing.docx_review import Origin, to_review_docx
from server.publishing.rules import Kind, kind_of
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.exports import (
    CONTENT_TYPES,
    ExportedFile,
    Form,
    file_name,
    image_reader,
)
from server.registry.models import Draft
from server.registry.texts import committed
from server.review.models import BODY, Thread, ThreadComment, ThreadState, suggestion_of
from server.review.queries.authors import FROM_WORD
from server.review.thread_places import place_words
from server.review.word.head_suggestions import field_changes, suggestion_line

MARK = ".gop-y"
_KEY_BITS = 31


@dataclass(frozen=True, slots=True)
class Names:
    """What authors of suggestions are called in Word."""

    by_id: dict[str, str]

    def __call__(self, author: str) -> str:
        if author.startswith(FROM_WORD):
            return author.removeprefix(FROM_WORD)
        return self.by_id.get(author) or _("Không rõ tên")


def export_with_review(actor: User, draft_id: UUID | str) -> ExportedFile:
    """Raises what `access_draft` raises, and NotFound when the text is gone."""
    access = access_draft(actor, draft_id, Action.EXPORT)
    draft = access.draft
    text = committed(draft.pk)
    may_read = access.may(Action.SEE_ACTIVITY)
    rows: Iterable[Thread] = threads_of(draft) if may_read else ()
    data = to_review_docx(
        text.whole,
        image_reader(draft),
        Origin(str(draft.pk), text.epoch, text.seq),
        names_in(text.whole),
        placed(rows, text.state, kind_of(text.whole.fields)),
        head=field_changes(rows),
    )
    name = file_name(draft, Form.DOCX).removesuffix(".docx")
    return ExportedFile(f"{name}{MARK}.docx", CONTENT_TYPES[Form.DOCX], data)


def names_in(content: Content) -> Names:
    ids = {suggestion.author for suggestion in open_suggestions(content)}
    people = User.objects.filter(pk__in=[i for i in map(_as_id, ids) if i])
    return Names({str(person.pk): person.full_name for person in people})


def threads_of(draft: Draft) -> QuerySet[Thread]:
    """With their comments, in the order in which they began."""
    return (
        Thread.objects.filter(draft=draft)
        .select_related("author", "suggestion")
        .prefetch_related("comments__author")
        .order_by("created_at", "pk")
    )


def placed(
    threads: Iterable[Thread], state: bytes, norm: Kind = "state"
) -> tuple[ThreadText, ...]:
    """The threads as Word will show them, each where its words are now."""
    rows = list(threads)
    anchors = [_anchor(thread) for thread in rows]
    finder = Anchors(state, anchors)
    found: list[ThreadText] = []
    for thread, anchor in zip(rows, anchors, strict=True):
        spot = finder.find(anchor)
        start = end = None
        if spot.start is not None and spot.end is not None:
            start = (spot.start.block, spot.start.offset)
            end = (spot.end.block, spot.end.offset)
        found.append(
            ThreadText(
                thread.part,
                _words(thread, norm),
                tuple(_comments(thread)),
                thread.state == ThreadState.RESOLVED,
                start,
                end,
            )
        )
    return tuple(thread for thread in found if thread.comments)


def comment_key(comment_id: UUID) -> str:
    """The number of a comment in a Word file: not zero, and below 80000000."""
    low = comment_id.int & ((1 << _KEY_BITS) - 1)
    return f"{low or 1:08X}"


def _comments(thread: Thread) -> Iterator[CommentText]:
    """The first says what is suggested too: not every line of Word can show it."""
    suggestion = suggestion_of(thread)
    for comment in thread.comments.all():
        text = comment.text
        if comment.removed_at is not None:
            text = _("(góp ý đã được rút lại)")
        elif comment.number == 1 and suggestion is not None:
            text = "\n".join(
                part for part in (suggestion_line(suggestion), text) if part
            )
        yield _comment(comment, text)


def _comment(comment: ThreadComment, text: str) -> CommentText:
    return CommentText(
        comment_key(comment.pk),
        comment.author.full_name,
        comment.created_at.isoformat(),
        text,
    )


def _anchor(thread: Thread) -> Anchored:
    return Anchored(
        thread.part,
        thread.start,
        thread.end,
        thread.epoch,
        thread.quote,
        thread.before,
        thread.after,
        thread.echo,
    )


def _words(thread: Thread, norm: Kind) -> str:
    """What it speaks of, in one language: the file comes back to any reader."""
    if thread.part == BODY:
        return thread.quote
    with override("vi"):
        return place_words(thread.part, thread.quote, norm)


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
