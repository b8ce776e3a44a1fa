"""Name a version, bring an earlier one back, and note what a person has seen.

A version is brought back as a new edit of its restorer: it goes into the log like any
other, merges with what is being typed, and open browsers get it at once. Must never
replace the document or begin an epoch, and must never change the log's past.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from collab.content.digest import digest_of
from collab.content.restoring import restoring_update
from server.accounts.models import User
from server.common import audit, clock, providers
from server.common.errors import Conflict, InvalidInput, NotFound, TooLarge
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.actions.drafts import touch_updated
from server.registry.actions.voiding import settle
from server.registry.entry_fields import one_line
from server.registry.texts import committed, place_of
from server.review import events
from server.review.actions.word_files import forget_after
from server.review.models import (
    VERSION_NAME_LENGTH,
    LastSeen,
    Version,
    VersionKind,
)
from server.review.past.reading import (
    content_at,
    damage_told,
    state_at,
    timeline_of,
)
from storage.ports import AppendRefused, Refusal

# Who comes back sooner is still on the same visit.
VISIT_GAP = timedelta(minutes=30)


def name_version(
    actor: User, draft_id: UUID | str, name: str, *, seq: int | None = None
) -> Version:
    """Name what the draft said after `seq`; None: what it says now.

    Raises InvalidInput for an unusable name, Conflict when this place has a name,
    NotFound when there was no such place, and what `access_draft` raises.
    """
    draft = access_draft(actor, draft_id, Action.WRITE).draft
    name = clean_name(name)
    moment = timeline_of(str(draft.pk)).at(seq or place_of(draft.pk)[1])
    if moment is None:
        raise NotFound
    digest = digest_of(content_at(str(draft.pk), moment.seq))
    try:
        with transaction.atomic():
            version = Version.objects.create(
                draft=draft,
                epoch=moment.epoch,
                seq=moment.seq,
                kind=VersionKind.NAMED,
                name=name,
                by=actor,
                at=clock.now(),
                digest=digest,
            )
            audit.record(
                actor, "version.named", "draft", draft.pk, name=name, seq=moment.seq
            )
    except IntegrityError:
        raise Conflict(
            _("Phiên bản này đã có tên. Hãy đổi tên nó."), code="version_named"
        ) from None
    return version


@transaction.atomic
def rename_version(
    actor: User, draft_id: UUID | str, version_id: UUID | str, name: str
) -> Version:
    """Only what a person named has a name to change."""
    draft = access_draft(actor, draft_id, Action.WRITE).draft
    name = clean_name(name)
    version = (
        Version.objects.select_for_update()
        .filter(pk=as_id(version_id), draft=draft, kind=VersionKind.NAMED)
        .first()
    )
    if version is None:
        raise NotFound
    if version.name != name:
        before, version.name = version.name, name
        version.save(update_fields=["name"])
        audit.record(
            actor, "version.renamed", "draft", draft.pk, before=before, after=name
        )
    return version


def restore_version(actor: User, draft_id: UUID | str, seq: int) -> int | None:
    """Make the draft say again what it said after `seq`.

    Returns the `seq` of the edit; None when it says that already. Raises NotFound,
    Conflict (`draft_frozen`) when the text stands still, TooLarge as the rooms do for
    an edit, Unavailable when the past is damaged, and what `access_draft` raises.
    """
    draft = access_draft(actor, draft_id, Action.WRITE).draft
    document_id = str(draft.pk)
    then = state_at(document_id, seq)
    now = committed(draft.pk)
    with damage_told():
        update = restoring_update(now.state, then)
    if update is None:
        return None
    if len(now.state) + len(update) > settings.COLLAB_LIMITS.max_document_bytes:
        raise TooLarge(_("Dự thảo đã quá lớn, không khôi phục thêm được."))
    with transaction.atomic():
        # Rights and state once more, now that nothing slow lies between.
        access_draft(actor, draft_id, Action.WRITE)
        try:
            stored = providers.document_store.get().append(
                document_id, update, epoch=now.epoch, author=str(actor.pk)
            )
        except AppendRefused as refused:
            raise append_refused(refused.refusal) from None
        audit.record(
            actor, "version.restored", "draft", draft.pk, version=seq, seq=stored
        )
        forget_after(draft.pk, seq)
        touch_updated(draft.pk, clock.now())
        events.text_restored(draft.pk, stored)
    # As after any edit: an approval of another text holds no more.
    settle(draft.pk)
    return stored


def mark_seen(user: User, draft_id: UUID | str, *, entering: bool = False) -> LastSeen:
    """The person has the newest text on the screen, coming or going.

    A bookmark of one person: no audit entry. Coming after a while begins a new visit,
    and what was seen by then becomes "the version I last saw".
    """
    draft = access_draft(user, draft_id, Action.OPEN).draft
    seq, now = place_of(draft.pk)[1], clock.now()
    with transaction.atomic():
        seen, made = LastSeen.objects.select_for_update().get_or_create(
            draft=draft, user=user, defaults={"seq": seq, "at": now}
        )
        if made:
            return seen
        if entering and now - seen.at >= VISIT_GAP:
            seen.before_seq, seen.before_at = seen.seq, seen.at
        seen.seq, seen.at = max(seq, seen.seq), now
        seen.save(update_fields=["seq", "at", "before_seq", "before_at"])
    return seen


def clean_name(given: str) -> str:
    """NFC on one line. Raises InvalidInput when empty or too long."""
    name = one_line(given)
    if not name:
        raise InvalidInput(
            _("Hãy đặt tên cho phiên bản."), fields={"name": _("Tên đang để trống.")}
        )
    if len(name) > VERSION_NAME_LENGTH:
        raise InvalidInput(
            _("Tên phiên bản dài quá %(limit)s ký tự.")
            % {"limit": VERSION_NAME_LENGTH},
            fields={"name": _("Hãy rút ngắn tên.")},
        )
    return name


def append_refused(why: Refusal) -> Conflict:
    if why is Refusal.FROZEN:
        return Conflict(
            _("Dự thảo đã được khóa: không ai sửa được nội dung nữa."),
            code="draft_frozen",
        )
    return Conflict(
        _("Dự thảo vừa thay đổi. Hãy tải lại trang rồi thử lại."), code="text_moved_on"
    )
