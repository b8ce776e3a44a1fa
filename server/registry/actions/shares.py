"""Share a draft, change a level, end a share.

A draft always keeps a person who owns it: somebody must be able to give it on. Each
act locks the draft's row, so that two owners cannot remove each other at once.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collab.ports import Level
from server.accounts.models import Unit, User
from server.common import audit, clock
from server.common.errors import Conflict, InvalidInput, NotFound
from server.registry import events
from server.registry.abilities import Action
from server.registry.access import access_draft, as_id
from server.registry.models import Draft, DraftShare, described, level_name
from server.registry.search.entries import reshare_draft


@transaction.atomic
def share(
    actor: User, draft_id: UUID | str, *, to: User | Unit, level: Level
) -> DraftShare:
    """Give `to` this level, or change the level it has.

    Raises InvalidInput for a unit as owner or an inactive person, Conflict when the
    last owner would lose the draft, and what `access_draft` raises.
    """
    draft = _locked(actor, draft_id)
    if isinstance(to, Unit) and level == Level.OWN:
        raise InvalidInput(
            _("Chỉ một người mới có thể chủ trì dự thảo; với đơn vị, hãy chọn Sửa."),
            fields={"level": _("Đơn vị không thể chủ trì dự thảo.")},
        )
    if isinstance(to, User) and not to.is_active:
        raise InvalidInput(
            _("Tài khoản của người này đã ngừng hoạt động."),
            fields={"user": _("Tài khoản đã ngừng hoạt động.")},
        )
    holder: dict[str, User | Unit] = {"user" if isinstance(to, User) else "unit": to}
    found = DraftShare.objects.filter(draft=draft, **holder).first()
    if found is None:
        return _begin(actor, draft, holder, level)
    if found.level != level:
        _change(actor, draft, found, level)
    return found


@transaction.atomic
def end_share(actor: User, draft_id: UUID | str, share_id: UUID | str) -> None:
    """Remove one share. A person may always give back a right of his own."""
    key = as_id(share_id)
    own = DraftShare.objects.filter(pk=key, draft=as_id(draft_id), user=actor).exists()
    draft = _locked(actor, draft_id, Action.OPEN if own else Action.SHARE)
    found = DraftShare.objects.filter(draft=draft, pk=key).first()
    if found is None:
        raise NotFound
    if found.level == Level.OWN:
        _must_leave_an_owner(draft, found)
    details = described(found)
    found.delete()
    reshare_draft(draft.pk)
    audit.record(actor, "draft.share_ended", "draft", draft.pk, **details)
    events.access_changed(draft.pk)


def _locked(actor: User, draft_id: UUID | str, action: Action = Action.SHARE) -> Draft:
    Draft.objects.select_for_update().filter(pk=as_id(draft_id)).first()
    return access_draft(actor, draft_id, action).draft


def _begin(
    actor: User, draft: Draft, holder: dict[str, User | Unit], level: Level
) -> DraftShare:
    created = DraftShare.objects.create(
        draft=draft, level=level, granted_by=actor, at=clock.now(), **holder
    )
    reshare_draft(draft.pk)
    audit.record(actor, "draft.shared", "draft", draft.pk, **described(created))
    events.access_changed(draft.pk)
    return created


def _change(actor: User, draft: Draft, found: DraftShare, level: Level) -> None:
    if found.level == Level.OWN:
        _must_leave_an_owner(draft, found)
    before = level_name(found.level)
    found.level, found.granted_by, found.at = level, actor, clock.now()
    found.save(update_fields=["level", "granted_by", "at"])
    audit.record(
        actor,
        "draft.share_changed",
        "draft",
        draft.pk,
        before=before,
        **described(found),
    )
    events.access_changed(draft.pk)


def _must_leave_an_owner(draft: Draft, leaving: DraftShare) -> None:
    others = DraftShare.objects.filter(
        draft=draft, level=Level.OWN, user__is_active=True
    ).exclude(pk=leaving.pk)
    if not others.exists():
        raise Conflict(
            _("Dự thảo phải còn ít nhất một người chủ trì. Hãy trao quyền trước."),
            code="last_owner",
        )
