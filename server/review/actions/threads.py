"""Begin a thread, answer, change and take back one's own words.

Each act locks the draft's counter of threads, takes the next number and writes audit
and event with it. Sending the same thing twice, by its key, says it once: as it was
sent last, for whoever saw no answer may have written on. Must never touch the text of
the draft, and never delete what somebody said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.accounts.queries import main_unit
from server.common import audit, clock
from server.common.errors import Conflict, InvalidInput
from server.registry.abilities import Action, fits_state
from server.registry.access import Access
from server.review import events
from server.review.access import (
    comment_of,
    commenting,
    locked_book,
    must,
    thread_of,
)
from server.review.actions.mentions import mention, named
from server.review.models import (
    CommentFile,
    FieldSuggestion,
    SuggestionState,
    Thread,
    ThreadBook,
    ThreadComment,
    ThreadRead,
    ThreadState,
)
from server.review.people import among
from server.review.rights import ThreadAct
from server.review.words import (
    Anchor,
    Wording,
    checked_anchor,
    checked_key,
    checked_wording,
    comment_text,
)

MOST_THREADS = 5000
MOST_COMMENTS = 500
MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as it is sent. `key` is the sender's own name for it."""

    key: str
    text: str
    mentions: Sequence[UUID] = field(default=())
    files: Sequence[UUID] = field(default=())


@transaction.atomic
def start_thread(
    actor: User,
    draft_id: UUID | str,
    anchor: Anchor,
    said: Said,
    *,
    assignee: UUID | None = None,
    wording: Wording | None = None,
) -> Thread:
    """`wording`: what is suggested for the field; then words of one's own may be left
    out. Raises what `commenting` raises; InvalidInput for a bad anchor, text, or a
    person who does not reach the draft; Conflict (`too_many_threads`, `draft_frozen`).
    """
    access = commenting(actor, draft_id)
    book = locked_book(access.draft.pk)
    if (sent := _sent(actor, access, said.key)) is not None:
        return _said_again(actor, access, book, sent, said, wording).thread
    anchor = checked_anchor(anchor)
    words = comment_text(said.text, may_be_empty=wording is not None)
    if wording is not None:
        wording = checked_wording(anchor.part, wording)
        _must_stand_open(access)
    if Thread.objects.filter(draft=access.draft).count() >= MOST_THREADS:
        raise Conflict(
            _(
                "Dự thảo đã có quá nhiều góp ý. Hãy trả lời trong góp ý sẵn có, "
                "hoặc báo người soạn."
            ),
            code="too_many_threads",
        )
    held = assignable(access, assignee) if assignee else None
    now = clock.now()
    thread = Thread.objects.create(
        draft=access.draft,
        revision=next_revision(book),
        part=anchor.part,
        start=anchor.start,
        end=anchor.end,
        epoch=anchor.epoch,
        quote=anchor.quote,
        before=anchor.before,
        after=anchor.after,
        echo=anchor.echo,
        author=actor,
        unit=main_unit(actor),
        assignee=held,
        created_at=now,
        changed_at=now,
    )
    comment = add_comment(actor, access, thread, said, words)
    thread.save(update_fields=["last_number"])
    if wording is not None:
        FieldSuggestion.objects.create(thread=thread, old=wording.old, new=wording.new)
    _tell(actor, events.STARTED, thread, comment, assignee=assignee)
    return thread


@transaction.atomic
def reply(
    actor: User, draft_id: UUID | str, thread_id: UUID | str, said: Said
) -> ThreadComment:
    """Raises what `commenting` raises, InvalidInput, Conflict (`too_many_comments`)."""
    access = commenting(actor, draft_id)
    book = locked_book(access.draft.pk)
    if (sent := _sent(actor, access, said.key)) is not None:
        return _said_again(actor, access, book, sent, said)
    thread = thread_of(access, thread_id)
    must(access, actor, thread, ThreadAct.REPLY)
    words = comment_text(said.text)
    comment = add_comment(actor, access, thread, said, words)
    changed(thread, book, "last_number")
    _tell(actor, events.REPLIED, thread, comment)
    return comment


@transaction.atomic
def edit_comment(
    actor: User,
    draft_id: UUID | str,
    thread_id: UUID | str,
    comment_id: UUID | str,
    *,
    text: str,
    mentions: Sequence[UUID] = (),
) -> Thread:
    """Change one's own words; that they were changed is shown."""
    book, access, thread, comment = _own(
        actor, draft_id, thread_id, comment_id, ThreadAct.EDIT
    )
    if comment.removed_at is not None:
        raise Conflict(_("Góp ý này đã được rút lại."), code="comment_removed")
    words = comment_text(text)
    people = named(access, mentions)
    _change(actor, book, thread, comment, words, people)
    return thread


@transaction.atomic
def remove_comment(
    actor: User, draft_id: UUID | str, thread_id: UUID | str, comment_id: UUID | str
) -> Thread:
    """Take back one's own words: a tombstone stays, so that answers make sense."""
    book, _access, thread, comment = _own(
        actor, draft_id, thread_id, comment_id, ThreadAct.REMOVE
    )
    if comment.removed_at is not None:
        return thread
    comment.text, comment.removed_at = "", clock.now()
    comment.save(update_fields=["text", "removed_at"])
    if comment.number == 1:
        _take_back_wording(actor, thread)
    changed(thread, book)
    _tell(actor, events.REMOVED, thread, comment, mentioned=())
    return thread


def _must_stand_open(access: Access) -> None:
    """Nobody suggests new words for a text that takes none any more."""
    draft = access.draft
    if not fits_state(Action.WRITE, archived=False, state=draft.state):
        raise Conflict(
            _("Văn bản đã khóa, không đề xuất sửa được nữa. Hãy góp ý bằng lời."),
            code="draft_frozen",
        )


def _take_back_wording(actor: User, thread: Thread) -> None:
    """What was suggested with the words that are taken back goes with them."""
    open_one = FieldSuggestion.objects.filter(thread=thread, state=SuggestionState.OPEN)
    open_one.update(
        old="",
        new="",
        state=SuggestionState.WITHDRAWN,
        decided_by=actor,
        decided_at=clock.now(),
    )


def next_revision(book: ThreadBook) -> int:
    book.revision += 1
    book.save(update_fields=["revision"])
    return book.revision


def changed(thread: Thread, book: ThreadBook, *fields: str) -> None:
    """Save `fields` of the thread under the next number."""
    thread.revision, thread.changed_at = next_revision(book), clock.now()
    thread.save(update_fields=["revision", "changed_at", *fields])


def assignable(access: Access, user_id: UUID) -> User:
    """Raises InvalidInput for somebody who does not reach the draft."""
    found = among(access.draft, [user_id]).get(user_id)
    if found is None:
        message = _("Người này chưa có quyền góp ý dự thảo. Hãy chia sẻ trước.")
        raise InvalidInput(message, fields={"assignee": message})
    return found


def _sent(actor: User, access: Access, key: str) -> ThreadComment | None:
    """What the person has already sent under this key."""
    found = (
        ThreadComment.objects.select_related("thread")
        .filter(author=actor, key=checked_key(key))
        .first()
    )
    if found is not None and found.thread.draft_id != access.draft.pk:
        message = _("Mã gửi đã dùng cho dự thảo khác.")
        raise InvalidInput(message, fields={"key": message})
    return found


def _said_again(
    actor: User,
    access: Access,
    book: ThreadBook,
    sent: ThreadComment,
    said: Said,
    wording: Wording | None = None,
) -> ThreadComment:
    """What was sent under a known key, as it is sent now, files and wording included.

    Raises Conflict (`comment_removed`), and InvalidInput as the first time.
    """
    if sent.removed_at is not None:
        raise Conflict(_("Góp ý này đã được rút lại."), code="comment_removed")
    words = comment_text(said.text, may_be_empty=wording is not None)
    files = set(sent.files.values_list("pk", flat=True))
    people = named(access, said.mentions)
    # What was taken off before it was sent again waits to be sent, or to be let go of.
    gone = files - set(said.files)
    CommentFile.objects.filter(pk__in=gone).update(comment=None)
    fresh = [pk for pk in said.files if pk not in files]
    _attach(actor, access, sent, fresh)
    is_other = wording is not None and _reword(sent.thread, wording)
    _change(
        actor,
        book,
        sent.thread,
        sent,
        words,
        people,
        has_more=bool(gone or fresh or is_other),
    )
    return sent


def _reword(thread: Thread, wording: Wording) -> bool:
    """Whether what is suggested, and was not decided, is something else now."""
    clean = checked_wording(thread.part, wording)
    waiting = FieldSuggestion.objects.filter(thread=thread, state=SuggestionState.OPEN)
    others = waiting.exclude(old=clean.old, new=clean.new)
    return others.update(old=clean.old, new=clean.new) > 0


def _change(
    actor: User,
    book: ThreadBook,
    thread: Thread,
    comment: ThreadComment,
    words: str,
    named: set[UUID],
    *,
    has_more: bool = False,
) -> None:
    before = set(comment.mentions.values_list("user_id", flat=True))
    if words == comment.text and named == before and not has_more:
        return
    comment.text, comment.edited_at = words, clock.now()
    comment.save(update_fields=["text", "edited_at"])
    comment.mentions.exclude(user_id__in=named).delete()
    mention(comment, named - before)
    changed(thread, book)
    _tell(actor, events.EDITED, thread, comment, mentioned=named - before)


def _own(
    actor: User,
    draft_id: UUID | str,
    thread_id: UUID | str,
    comment_id: UUID | str,
    act: ThreadAct,
) -> tuple[ThreadBook, Access, Thread, ThreadComment]:
    access = commenting(actor, draft_id)
    book = locked_book(access.draft.pk)
    thread = thread_of(access, thread_id)
    comment = comment_of(thread, comment_id)
    must(access, actor, thread, act, comment)
    return book, access, thread, comment


def add_comment(
    actor: User, access: Access, thread: Thread, said: Said, words: str
) -> ThreadComment:
    """Raises InvalidInput, Conflict (`too_many_comments`). The thread is not saved."""
    if thread.last_number >= MOST_COMMENTS:
        raise Conflict(
            _("Góp ý này đã quá dài. Hãy mở góp ý mới."), code="too_many_comments"
        )
    people = named(access, said.mentions)
    thread.last_number += 1
    comment = ThreadComment.objects.create(
        thread=thread,
        number=thread.last_number,
        author=actor,
        key=said.key,
        text=words,
        created_at=clock.now(),
    )
    mention(comment, people)
    _attach(actor, access, comment, said.files)
    # One's own words are read.
    ThreadRead.objects.update_or_create(
        thread=thread, user=actor, defaults={"number": thread.last_number}
    )
    if thread.state == ThreadState.RESOLVED:
        # An answer to what was settled asks again.
        thread.state = ThreadState.OPEN
        thread.resolved_by = thread.resolved_at = None
        thread.save(update_fields=["state", "resolved_by", "resolved_at"])
    return comment


def _attach(
    actor: User, access: Access, comment: ThreadComment, ids: Sequence[UUID]
) -> None:
    wanted = set(ids)
    if not wanted:
        return
    files = CommentFile.objects.filter(
        pk__in=wanted, draft=access.draft, added_by=actor, comment=None
    )
    if len(wanted) > MOST_FILES or files.update(comment=comment) != len(wanted):
        message = _("Có tệp đính kèm không dùng được. Hãy tải lại tệp.")
        raise InvalidInput(message, fields={"files": message})


def _tell(
    actor: User,
    kind: str,
    thread: Thread,
    comment: ThreadComment,
    *,
    mentioned: set[UUID] | tuple[()] | None = None,
    assignee: UUID | None = None,
) -> None:
    if mentioned is None:
        mentioned = set(comment.mentions.values_list("user_id", flat=True))
    audit.record(
        actor, kind, "thread", thread.pk,
        draft=str(thread.draft_id), comment=str(comment.pk),
    )  # fmt: skip
    events.thread_changed(
        kind, thread, actor.pk, mentioned=sorted(mentioned), assignee=assignee
    )
