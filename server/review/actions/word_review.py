"""Take what a colleague did in Word into the draft: suggestions, threads, answers.

It is a new edit of whoever brings the file, through the log like any other, and holds
that person to the same rights as typing does. Must never overwrite: what finds no place
is told, with its words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pycrdt import merge_updates

from collab.content.anchors import nowhere
from collab.content.restoring import fields_update
from collab.content.tree import Suggested
from collab.ports import Level
from collab.rooms.suggesting import only_suggests
from server.accounts.models import User
from server.common import audit, clock, providers
from server.common.errors import AppError, InvalidInput, NotAllowed, TooLarge
from server.publishing.docx_package import Limits
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.actions.drafts import touch_updated
from server.registry.actions.images import check_image, keep_image
from server.registry.actions.voiding import settle
from server.registry.texts import committed
from server.review import events
from server.review.access import locked_book
from server.review.actions.thread_states import reopen, resolve
from server.review.actions.threads import Said, reply, start_thread
from server.review.actions.versions import append_refused
from server.review.actions.word_files import remember
from server.review.models import CONTEXT_LENGTH
from server.review.word import commenting
from server.review.word.course import taken_by_now
from server.review.word.exporting import threads_of
from server.review.word.head_suggestions import without_known
from server.review.word.reviewed import Reviewed, review_file
from server.review.word.steps import Missed
from server.review.words import Anchor
from storage.ports import AppendRefused, Refusal

# Each begins anew because somebody took a file in the middle of the one before.
MOST_TRIES = 4


def look_at(actor: User, draft_id: UUID | str, data: bytes) -> Reviewed:
    """What taking the file would do; nothing is changed.

    Raises what `access_draft` raises, InvalidInput or TooLarge for a file that cannot
    be read, Conflict (`other_draft`, `state_secret`).
    """
    access = access_draft(actor, draft_id, Action.SUGGEST)
    limits = Limits(
        max_bytes=settings.MAX_IMPORT_BYTES, max_image_bytes=settings.MAX_IMAGE_BYTES
    )
    now = committed(access.draft.pk)
    found = review_file(access, actor, now, data, limits)
    found.head = without_known(found.head, threads_of(access.draft), now.whole)
    if found.update is not None and access.level < Level.EDIT:
        ids, me = found.outcome.ids, str(actor.pk)

        def is_new(suggested: Suggested) -> bool:
            return suggested.id in ids or suggested.author == me

        if not only_suggests(now.state, found.update, is_new):
            raise NotAllowed(
                _("Tệp này sửa thẳng vào văn bản, trong khi bạn chỉ được đề xuất sửa."),
                code="changes_text",
            )
    return found


def take(
    actor: User, draft_id: UUID | str, data: bytes, head: Collection[str] = ()
) -> Reviewed:
    """Do it. `head`: fields of the letterhead that are to say what the file says.

    Raises what `look_at` raises, NotAllowed (`letterhead_needs_edit`), InvalidInput
    (`head_unchanged`), TooLarge, and Conflict (`draft_frozen`, `text_moved_on`) when
    the text does not take it any more."""
    for _turn in range(MOST_TRIES):
        found = look_at(actor, draft_id, data)
        if _is_done(actor, draft_id, data, head, found):
            # As after any edit: an approval of another text holds no more.
            settle(as_id(draft_id))
            return found
    raise append_refused(Refusal.WRONG_EPOCH)


@transaction.atomic
def _is_done(
    actor: User,
    draft_id: UUID | str,
    data: bytes,
    head: Collection[str],
    found: Reviewed,
) -> bool:
    """Not when somebody took a file meanwhile: it may be the same one."""
    update = _whole_edit(found, head)
    # Rights and state once more, now that nothing slow lies between.
    draft = access_draft(
        actor, draft_id, Action.WRITE if head else Action.SUGGEST
    ).draft
    locked_book(draft.pk)
    if taken_by_now(draft.pk) != found.course.seen:
        return False
    for picture in found.pictures.values():
        keep_image(actor, draft, picture, check_image(picture))
    seq = found.seq
    if update is not None:
        try:
            seq = providers.document_store.get().append(
                str(draft.pk), update, epoch=found.epoch, author=str(actor.pk)
            )
        except AppendRefused as refused:
            raise append_refused(refused.refusal) from None
        touch_updated(draft.pk, clock.now())
        events.word_taken(draft.pk, seq)
    _comment(actor, draft.pk, found)
    remember(actor, draft, found, data, seq)
    audit.record(
        actor, "draft.word_taken", "draft", draft.pk,
        suggestions=len(found.outcome.taken),
        comments=len(found.comments.threads) + len(found.comments.replies),
        missed=len(found.missed), letterhead=sorted(head),
        digest=found.course.digest,
    )  # fmt: skip
    return True


def _comment(actor: User, draft_id: UUID, found: Reviewed) -> None:
    for thread in found.comments.threads:
        _begin(actor, draft_id, found, thread)
    for answer in found.comments.replies:
        act = partial(reply, actor, draft_id, answer.thread, _said(actor, answer.said))
        _try(found, answer.said.text, act)
    for turn in found.comments.turns:
        way = resolve if turn.is_resolved else reopen
        if not _try(found, turn.quote, partial(way, actor, draft_id, turn.thread)):
            found.comments.unturned += 1


def _whole_edit(found: Reviewed, head: Collection[str]) -> bytes | None:
    """What is suggested, and the fields that were asked for."""
    updates = [found.update] if found.update is not None else []
    if head:
        if not found.may_write:
            raise NotAllowed(
                _("Sửa phần thể thức cần quyền sửa dự thảo."),
                code="letterhead_needs_edit",
            )
        wanted = {change.name: change.new for change in found.head}
        if not wanted.keys() >= set(head):
            raise InvalidInput(
                _("Phần thể thức được chọn không khác trong tệp. Hãy xem trước lại."),
                code="head_unchanged",
            )
        values = {name: wanted[name] for name in head}
        made = fields_update(found.state, values)
        updates += [made] if made is not None else []
    if not updates:
        return None
    update = merge_updates(*updates)
    if len(found.state) + len(update) > settings.COLLAB_LIMITS.max_document_bytes:
        raise TooLarge(_("Dự thảo đã quá lớn, không nhập thêm được."))
    return update


def _begin(
    actor: User, draft_id: UUID, found: Reviewed, thread: commenting.NewThread
) -> None:
    anchor = Anchor(
        thread.part,
        nowhere(),
        nowhere(),
        found.epoch,
        thread.quote,
        thread.before[-CONTEXT_LENGTH:],
        thread.after[:CONTEXT_LENGTH],
    )
    first, *others = [_said(actor, one) for one in thread.said]

    def begin() -> None:
        made = start_thread(actor, draft_id, anchor, first)
        for other in others:
            reply(actor, draft_id, made.pk, other)
        if thread.is_resolved:
            resolve(actor, draft_id, made.pk)

    _try(found, thread.said[0].text, begin)


def _try(found: Reviewed, text: str, act: Callable[[], object]) -> bool:
    """One comment that cannot be kept is told, and takes nothing else with it."""
    try:
        with transaction.atomic():
            act()
    except AppError as error:
        found.comments.missed.append(
            Missed("comment_refused", f"{text}: {error.message}")
        )
        return False
    return True


def _said(actor: User, said: commenting.Said) -> Said:
    text, name = said.text, " ".join(said.name.split())
    if name.casefold() != " ".join(actor.full_name.split()).casefold():
        named = name or gettext("Không rõ tên")
        both = {"name": named, "text": text}
        text = gettext("%(name)s (trong Word): %(text)s") % both
    return Said(said.key, text)
