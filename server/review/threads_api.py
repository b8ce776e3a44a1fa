"""The threads' part of the HTTP API. It only translates: rights and rules are in
`access`, `rights`, `actions` and `queries`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import File, Router, Status, UploadedFile
from pydantic import Field

from server.accounts.api import caller
from server.registry.access import Access
from server.registry.colours import colour_of
from server.registry.file_answers import stored_file_answer
from server.review.access import reading, thread_of
from server.review.actions import (
    anchoring,
    comment_files,
    field_suggestions,
    thread_states,
    threads,
)
from server.review.models import Thread
from server.review.people import reachable
from server.review.queries.threads import Wanted, changes_after, one
from server.review.thread_schemas import (
    AnchorIn,
    AssigneeIn,
    CommentChange,
    CommentFileOut,
    NamedPersonOut,
    ReadIn,
    ReadOut,
    RejectionIn,
    SaidIn,
    ThreadAnchorsIn,
    ThreadIn,
    ThreadOut,
    ThreadsMovedOut,
    ThreadsOut,
)

router = Router(tags=["threads"])
AT = "/drafts/{uuid:draft_id}/threads"
ONE = AT + "/{uuid:thread_id}"
COMMENT = ONE + "/comments/{uuid:comment_id}"
MOST_PEOPLE = 20

After = Annotated[int, Field(ge=0, le=2**62, description="the cursor you have")]
Words = Annotated[str, Field(max_length=200, description="words, diacritics optional")]


@router.get(AT, response=ThreadsOut)
def thread_list(
    request: HttpRequest,
    draft_id: UUID,
    after: After = 0,
    state: Wanted = Wanted.ALL,
    mine: bool = False,
    unit: UUID | None = None,
) -> ThreadsOut:
    """Threads that changed after a cursor, in the order of their changes; after 0, all.

    `mine`: begun by you, in your hands, or naming you. `unit`: begun by its people.
    """
    user = caller(request)
    access = reading(user, draft_id)
    found = changes_after(access, user, after, state=state, mine=mine, unit=unit)
    return ThreadsOut(
        items=[
            ThreadOut.of(thread, access, user, found.read.get(thread.pk, 0))
            for thread in found.threads
        ],
        cursor=found.cursor,
        more=found.has_more,
    )


@router.post(AT, response={201: ThreadOut})
def thread_start(
    request: HttpRequest, draft_id: UUID, body: ThreadIn
) -> Status[ThreadOut]:
    thread = threads.start_thread(
        caller(request),
        draft_id,
        body.anchor.value(),
        _said(body),
        assignee=body.assignee,
        wording=body.suggestion.value() if body.suggestion else None,
    )
    return Status(201, _shown(request, thread))


@router.get(AT + "/people", response=list[NamedPersonOut])
def thread_people(
    request: HttpRequest, draft_id: UUID, q: Words = ""
) -> list[NamedPersonOut]:
    """Who may be mentioned or asked: those who may comment on the draft."""
    access = reading(caller(request), draft_id)
    found = reachable(access.draft, q)[:MOST_PEOPLE]
    return [
        NamedPersonOut(
            id=user.pk,
            name=user.full_name,
            colour=colour_of(user.pk),
            detail=user.title,
        )
        for user in found
    ]


@router.post(AT + "/files", response={201: CommentFileOut})
def thread_file_add(
    request: HttpRequest, draft_id: UUID, file: File[UploadedFile]
) -> Status[CommentFileOut]:
    """Upload first, then name the file in a comment of yours."""
    row = comment_files.add_file(caller(request), draft_id, file)
    return Status(201, CommentFileOut.of(row))


@router.get(AT + "/files/{uuid:file_id}", response={200: bytes})
def thread_file_read(
    request: HttpRequest, draft_id: UUID, file_id: UUID
) -> HttpResponseBase:
    served = comment_files.open_file(caller(request), draft_id, file_id)
    row = served.row
    return stored_file_answer(
        request,
        served.chunks,
        name=row.name,
        content_type=row.content_type,
        size=row.size_bytes,
    )


@router.delete(AT + "/files/{uuid:file_id}", response={204: None})
def thread_file_drop(
    request: HttpRequest, draft_id: UUID, file_id: UUID
) -> Status[None]:
    """Let go of a file that you uploaded and did not send."""
    comment_files.drop_file(caller(request), draft_id, file_id)
    return Status(204, None)


@router.put(AT + "/anchors", response=ThreadsMovedOut)
def threads_move(
    request: HttpRequest, draft_id: UUID, body: ThreadAnchorsIn
) -> ThreadsMovedOut:
    """Anchor many threads where their words were found again; quotes and parts stay. An
    anchor that could never be right moves nothing. Threads that are not there are
    passed over, and those of others whose words are not there, for whoever may not
    edit."""
    wanted = {item.thread: item.anchor.value() for item in body.items}
    moved = anchoring.move_many(caller(request), draft_id, wanted)
    return ThreadsMovedOut(moved=moved)


@router.get(ONE, response=ThreadOut)
def thread_read(request: HttpRequest, draft_id: UUID, thread_id: UUID) -> ThreadOut:
    access = reading(caller(request), draft_id)
    return _shown(request, thread_of(access, thread_id), access)


@router.post(ONE + "/replies", response={201: ThreadOut})
def thread_reply(
    request: HttpRequest, draft_id: UUID, thread_id: UUID, body: SaidIn
) -> Status[ThreadOut]:
    """An answer to a settled thread opens it again."""
    comment = threads.reply(caller(request), draft_id, thread_id, _said(body))
    return Status(201, _shown(request, comment.thread))


@router.patch(COMMENT, response=ThreadOut)
def comment_edit(
    request: HttpRequest,
    draft_id: UUID,
    thread_id: UUID,
    comment_id: UUID,
    body: CommentChange,
) -> ThreadOut:
    """Change your own words."""
    thread = threads.edit_comment(
        caller(request),
        draft_id,
        thread_id,
        comment_id,
        text=body.text,
        mentions=body.mentions,
    )
    return _shown(request, thread)


@router.delete(COMMENT, response=ThreadOut)
def comment_remove(
    request: HttpRequest, draft_id: UUID, thread_id: UUID, comment_id: UUID
) -> ThreadOut:
    """Take back your own words. That something stood there stays to be seen."""
    user = caller(request)
    thread = threads.remove_comment(user, draft_id, thread_id, comment_id)
    return _shown(request, thread)


@router.post(ONE + "/resolve", response=ThreadOut)
def thread_resolve(request: HttpRequest, draft_id: UUID, thread_id: UUID) -> ThreadOut:
    thread = thread_states.resolve(caller(request), draft_id, thread_id)
    return _shown(request, thread)


@router.post(ONE + "/reopen", response=ThreadOut)
def thread_reopen(request: HttpRequest, draft_id: UUID, thread_id: UUID) -> ThreadOut:
    return _shown(request, thread_states.reopen(caller(request), draft_id, thread_id))


@router.post(ONE + "/suggestion/accept", response=ThreadOut)
def suggestion_accept(
    request: HttpRequest, draft_id: UUID, thread_id: UUID
) -> ThreadOut:
    """Note that the field says now what was suggested, and settle the thread. The words
    themselves are written as an edit of the document, by whoever accepts."""
    user = caller(request)
    return _shown(request, field_suggestions.accept(user, draft_id, thread_id))


@router.post(ONE + "/suggestion/reject", response=ThreadOut)
def suggestion_reject(
    request: HttpRequest, draft_id: UUID, thread_id: UUID, body: RejectionIn
) -> ThreadOut:
    """Settle the thread and leave the field as it is."""
    said = _said(body.said) if body.said else None
    user = caller(request)
    return _shown(request, field_suggestions.reject(user, draft_id, thread_id, said))


@router.post(ONE + "/suggestion/withdraw", response=ThreadOut)
def suggestion_withdraw(
    request: HttpRequest, draft_id: UUID, thread_id: UUID
) -> ThreadOut:
    """Take back what you suggested yourself."""
    user = caller(request)
    return _shown(request, field_suggestions.withdraw(user, draft_id, thread_id))


@router.put(ONE + "/assignee", response=ThreadOut)
def thread_assign(
    request: HttpRequest, draft_id: UUID, thread_id: UUID, body: AssigneeIn
) -> ThreadOut:
    """Put the thread in somebody's hands, or in nobody's (null)."""
    user = caller(request)
    thread = thread_states.assign(user, draft_id, thread_id, body.assignee)
    return _shown(request, thread)


@router.put(ONE + "/anchor", response=ThreadOut)
def thread_move(
    request: HttpRequest, draft_id: UUID, thread_id: UUID, body: AnchorIn
) -> ThreadOut:
    """Anchor the thread where its words were found again; its quote and its part stay.
    A thread of others can only be led to words that are saved, for whoever may not
    edit."""
    user = caller(request)
    thread = anchoring.move(user, draft_id, thread_id, body.value())
    return _shown(request, thread)


@router.put(ONE + "/read", response=ReadOut)
def thread_mark_read(
    request: HttpRequest, draft_id: UUID, thread_id: UUID, body: ReadIn
) -> ReadOut:
    """You have read up to this comment. Only you see the mark."""
    user = caller(request)
    mark = thread_states.mark_read(user, draft_id, thread_id, body.number)
    return ReadOut(read=mark)


def _said(body: SaidIn) -> threads.Said:
    return threads.Said(
        key=body.key, text=body.text, mentions=body.mentions, files=body.files
    )


def _shown(
    request: HttpRequest, thread: Thread, access: Access | None = None
) -> ThreadOut:
    user = caller(request)
    access = access or reading(user, thread.draft_id)
    fresh, read = one(access, user, thread.pk)
    return ThreadOut.of(fresh, access, user, read)
