"""What comes back from Word, over HTTP. It only translates."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from server.accounts.api import caller
from server.registry.uploads import read_upload
from server.review.actions.word_review import look_at, take
from server.review.word.telling import Line, tell

HeadName = Annotated[str, Field(max_length=40)]
router = Router(tags=["review"])


class WordLineOut(Schema):
    """`kind`: insertion, deletion, formatting, accepted, rejected, thread, reply,
    resolve, reopen; of what is not taken, the code of the reason."""

    kind: str
    label: str
    author: str
    text: str
    place: str = Field(description="the beginning of the paragraph, or the words")

    @staticmethod
    def of(line: Line) -> WordLineOut:
        return WordLineOut(
            kind=line.kind,
            label=line.label,
            author=line.author,
            text=line.text,
            place=line.place,
        )


class WordHeadOut(Schema):
    """A field of the letterhead that the file has otherwise. `now`: what the draft says
    by now, when it changed after the export."""

    name: str
    label: str
    author: str
    old: str
    new: str
    now: str | None


class WordNoteOut(Schema):
    code: str
    message: str


class ReviewedDocxOut(Schema):
    """What a file brought that was taken before comes once: of its changes, `already`
    counts those that stand as suggestions, `decided` those that were accepted or
    rejected since; `comments_already` counts comments."""

    applied: bool
    suggestions: list[WordLineOut]
    comments: list[WordLineOut]
    missed: list[WordLineOut]
    already: int
    decided: int
    comments_already: int
    notes: list[WordNoteOut]
    head: list[WordHeadOut]


@router.post("/drafts/{uuid:draft_id}/reviewed-docx", response=ReviewedDocxOut)
def reviewed_docx(
    request: HttpRequest,
    draft_id: UUID,
    file: File[UploadedFile],
    apply: Form[bool] = False,
    head: Form[list[HeadName]] = [],  # noqa: B006 - a form's default
) -> ReviewedDocxOut:
    """A .docx that was exported for review and edited in Word: its changes become
    suggestions, its comments threads. Without `apply` it only says what would be done.
    Of the letterhead only the fields named in `head` are taken, from who may write.
    """
    data = read_upload(file, settings.MAX_IMPORT_BYTES)
    user = caller(request)
    found = take(user, draft_id, data, head) if apply else look_at(user, draft_id, data)
    told = tell(found)
    return ReviewedDocxOut(
        applied=apply,
        suggestions=[WordLineOut.of(line) for line in told.suggestions],
        comments=[WordLineOut.of(line) for line in told.comments],
        missed=[WordLineOut.of(line) for line in told.missed],
        already=told.already,
        decided=told.decided,
        comments_already=told.comments_already,
        notes=[WordNoteOut(code=code, message=text) for code, text in told.notes],
        head=[
            WordHeadOut(
                name=line.name,
                label=line.label,
                author=line.author,
                old=line.old,
                new=line.new,
                now=line.now,
            )
            for line in told.head
        ],
    )
