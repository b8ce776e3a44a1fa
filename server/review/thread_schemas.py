"""Shapes of the threads' part of the API. Names are promises to other programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from server.accounts.models import User
from server.registry.access import Access
from server.registry.colours import colour_of
from server.registry.schemas import Strict
from server.review.access import standing
from server.review.actions.anchoring import MOST_AT_ONCE
from server.review.models import (
    CommentFile,
    FieldSuggestion,
    SuggestionState,
    Thread,
    ThreadComment,
    suggestion_of,
)
from server.review.rights import OF_SUGGESTION, ThreadAct, allows
from server.review.words import Anchor, Wording

# Bounds against floods; the exact ones, with their sentences, are in `words`.
Words = Annotated[str, Field(max_length=20_000)]
Quoted = Annotated[str, Field(max_length=4000)]
Key = Annotated[str, Field(max_length=200, description="your own name for this")]
People = Annotated[list[UUID], Field(max_length=50)]
Files = Annotated[list[UUID], Field(max_length=20)]


class AnchorIn(Strict):
    """`start` and `end`: Yjs relative positions, encoded, in base64. `part`: "body",
    the name of a field of the letterhead, or "picture". An empty `quote` speaks of a
    whole field. Of what is chosen, not written (type, date, urgency, deadline, number),
    `quote` is the value that it had. Of a picture, both positions name its element,
    `quote` is its description, and `before` its file: the digest that ends its address.

    `echo`: how many letters of `before` and `after` another place with the same words
    shares, the best of them; -1 when they stand nowhere else. Without it, words that
    were cut and pasted are found by what stands around them alone."""

    part: Annotated[str, Field(max_length=100)]
    start: Annotated[str, Field(max_length=1000)]
    end: Annotated[str, Field(max_length=1000)]
    epoch: int
    quote: Quoted
    before: Quoted = ""
    after: Quoted = ""
    echo: int = 0

    def value(self) -> Anchor:
        return Anchor(**self.dict())


class ThreadAnchorIn(Strict):
    thread: UUID
    anchor: AnchorIn


class ThreadAnchorsIn(Strict):
    items: Annotated[list[ThreadAnchorIn], Field(max_length=MOST_AT_ONCE)]


class ThreadsMovedOut(Schema):
    """Threads that stand elsewhere now."""

    moved: list[UUID]


class AnchorOut(Schema):
    part: str
    start: str
    end: str
    epoch: int
    quote: str
    before: str
    after: str
    echo: int


class SaidIn(Strict):
    """The same key sent again says nothing twice."""

    key: Key
    text: Words
    mentions: People = []
    files: Files = []


class FieldSuggestionIn(Strict):
    """New words for the field of the anchor; `old` is what it says to you. An empty
    `new` is to leave it empty."""

    old: Quoted
    new: Quoted

    def value(self) -> Wording:
        return Wording(self.old, self.new)


class ThreadIn(SaidIn):
    """With a `suggestion`, `text` may be empty."""

    anchor: AnchorIn
    assignee: UUID | None = None
    suggestion: FieldSuggestionIn | None = None


class RejectionIn(Strict):
    """`said`: why, as an answer in the thread."""

    said: SaidIn | None = None


class CommentChange(Strict):
    text: Words
    mentions: People = []


class AssigneeIn(Strict):
    assignee: UUID | None


class ReadIn(Strict):
    number: int


class ReadOut(Schema):
    read: int


class ThreadPersonOut(Schema):
    id: UUID
    name: str
    colour: str

    @classmethod
    def of(cls, user: User) -> ThreadPersonOut:
        return cls(id=user.pk, name=user.full_name, colour=colour_of(user.pk))


class NamedPersonOut(ThreadPersonOut):
    """Somebody who may be mentioned; `detail` tells people of one name apart."""

    detail: str


class ThreadUnitOut(Schema):
    id: UUID
    name: str


class CommentFileOut(Schema):
    id: UUID
    name: str
    content_type: str
    size_bytes: int

    @classmethod
    def of(cls, row: CommentFile) -> CommentFileOut:
        return cls(
            id=row.pk,
            name=row.name,
            content_type=row.content_type,
            size_bytes=row.size_bytes,
        )


class CommentOut(Schema):
    """`text` is plain text; it is empty when the author took it back."""

    id: UUID
    number: int
    key: str
    author: ThreadPersonOut
    text: str
    mentions: list[ThreadPersonOut]
    files: list[CommentFileOut]
    created_at: datetime
    edited_at: datetime | None
    removed_at: datetime | None

    @classmethod
    def of(cls, comment: ThreadComment) -> CommentOut:
        removed = comment.removed_at is not None
        return cls(
            id=comment.pk,
            number=comment.number,
            key=comment.key,
            author=ThreadPersonOut.of(comment.author),
            text=comment.text,
            mentions=[ThreadPersonOut.of(m.user) for m in comment.mentions.all()],
            files=[]
            if removed
            else [CommentFileOut.of(row) for row in comment.files.all()],
            created_at=comment.created_at,
            edited_at=comment.edited_at,
            removed_at=comment.removed_at,
        )


class FieldSuggestionOut(Schema):
    """Author and time are the thread's. `accepted`: the field said `new` then."""

    old: str
    new: str
    state: SuggestionState
    decided_by: ThreadPersonOut | None
    decided_at: datetime | None

    @classmethod
    def of(cls, row: FieldSuggestion) -> FieldSuggestionOut:
        return cls(
            old=row.old,
            new=row.new,
            state=SuggestionState(row.state),
            decided_by=_person(row.decided_by),
            decided_at=row.decided_at,
        )


class ThreadOut(Schema):
    """`read`: up to which comment the person who asks has read."""

    id: UUID
    revision: int
    state: Literal["open", "resolved"]
    anchor: AnchorOut
    author: ThreadPersonOut
    unit: ThreadUnitOut | None
    assignee: ThreadPersonOut | None
    resolved_by: ThreadPersonOut | None
    resolved_at: datetime | None
    created_at: datetime
    changed_at: datetime
    read: int
    may: list[str] = Field(description="what the person who asks may do with it")
    comments: list[CommentOut]
    suggestion: FieldSuggestionOut | None

    @classmethod
    def of(cls, thread: Thread, access: Access, user: User, read: int) -> ThreadOut:
        here = standing(access, user, thread)
        suggestion = suggestion_of(thread)
        acts = [
            act.value
            for act in ThreadAct
            if allows(here, act)
            and (
                act not in OF_SUGGESTION
                or (suggestion is not None and suggestion.is_open)
            )
        ]
        archived = access.draft.archived_at is not None
        return cls(
            id=thread.pk,
            revision=thread.revision,
            state="resolved" if thread.state == "resolved" else "open",
            anchor=AnchorOut(
                part=thread.part,
                start=thread.start,
                end=thread.end,
                epoch=thread.epoch,
                quote=thread.quote,
                before=thread.before,
                after=thread.after,
                echo=thread.echo,
            ),
            author=ThreadPersonOut.of(thread.author),
            unit=ThreadUnitOut(id=thread.unit.pk, name=thread.unit.name)
            if thread.unit
            else None,
            assignee=_person(thread.assignee),
            resolved_by=_person(thread.resolved_by),
            resolved_at=thread.resolved_at,
            created_at=thread.created_at,
            changed_at=thread.changed_at,
            read=read,
            may=[] if archived else acts,
            comments=[CommentOut.of(comment) for comment in thread.comments.all()],
            suggestion=FieldSuggestionOut.of(suggestion)
            if suggestion is not None
            else None,
        )


class ThreadsOut(Schema):
    """`cursor` is the `after` of the next call; with `more`, ask again at once."""

    items: list[ThreadOut]
    cursor: int
    more: bool


def _person(user: User | None) -> ThreadPersonOut | None:
    return ThreadPersonOut.of(user) if user is not None else None
