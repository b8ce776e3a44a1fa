"""The doors to an issued document: its files, its list, and what one received.

Rows of a book are read by everybody who works in the organisation; the files only by

- the clerks of the organisation, who keep them;
- whoever reaches the draft that it was made from (below);
- its recipients in this system: the person, the members of a unit and of its
  sub-units, the clerks of an organisation, and whoever got it from them through their
  incoming book. Not after a recall.

A share of the draft to a person was given to that person, in whichever office, and
often in another one: a move to another office does not end it here either. To close the
files while the draft stays open would hide nothing, for the text is the same; who
should read no more loses the share, with both at once (`actions.shares.end_share`, also
after the issue). What comes with a unit or a post ends with it.

For everybody else the files do not exist. Must never be bypassed.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Membership, User
from server.common.errors import Conflict, NotAllowed, NotFound
from server.registry.access import as_id, find_access, reach_of
from server.registry.incoming_access import find_incoming_document
from server.registry.models import (
    DocumentCopy,
    IncomingDocument,
    IssuedFiles,
    OutgoingDocument,
    OutgoingState,
    Recipient,
    RecipientChannel,
)
from server.registry.register_access import access_outgoing, kept_organisations
from server.registry.standing import SigningRight, Worker


@dataclass(frozen=True, slots=True)
class IssuedAccess:
    """`keeps`: a clerk of the issuing organisation. `recipient`: as whom one got it."""

    document: OutgoingDocument
    files: IssuedFiles
    keeps: bool
    recipient: Recipient | None


def received_by(user: User) -> Q:
    """Condition on Recipient: what this person received in this system."""
    reach = reach_of(user.pk)
    clerk_of = kept_organisations(user).order_by().values("pk")
    mine = (
        Q(person_id=user.pk)
        | Q(unit_id__in=reach.above)
        | Q(organisation_id__in=clerk_of)
    )
    return mine & Q(channel=RecipientChannel.IN_APP)


def access_recipient(user: User, recipient_id: UUID | str) -> Recipient:
    """What this person received. Three queries. Raises NotFound."""
    if not user.is_active:
        raise NotFound
    found = (
        Recipient.objects.filter(received_by(user), pk=as_id(recipient_id))
        .select_related(
            "document__organisation",
            "document__issued_files",
            "organisation",
            "unit",
            "incoming",
        )
        .first()
    )
    if found is None:
        raise NotFound
    return found


def access_issued_files(user: User, document_id: UUID | str) -> IssuedAccess:
    """The files of an issued document, for who may read them.

    Raises NotFound, and Conflict `recalled` for a recipient of a recalled document.
    """
    files = (
        IssuedFiles.objects.filter(document_id=as_id(document_id))
        .select_related("document__organisation", "document__register")
        .first()
    )
    if files is None or not user.is_active:
        raise NotFound
    document = files.document
    if kept_organisations(user).filter(pk=document.organisation_id).exists():
        return IssuedAccess(document, files, True, None)
    if document.draft_id and find_access(user, document.draft_id) is not None:
        return IssuedAccess(document, files, False, None)
    recipient = _received(user, document)
    if recipient is None:
        raise NotFound
    if document.state == OutgoingState.RECALLED:
        raise recalled()
    return IssuedAccess(document, files, False, recipient)


def _received(user: User, document: OutgoingDocument) -> Recipient | None:
    """As whom this person got it: from us, or from a clerk who entered it."""
    rows = Recipient.objects.filter(document=document)
    direct = rows.filter(received_by(user)).first()
    if direct is not None:
        return direct
    # A province writes to hundreds: the book of one's own office is looked into first.
    own = Membership.objects.filter(
        user=user, unit__organisation=OuterRef("incoming__organisation")
    )
    entered = rows.filter(incoming__isnull=False).annotate(is_own=Exists(own))
    for row in entered.order_by("-is_own", "position", "pk"):
        if find_incoming_document(user, str(row.incoming_id)) is not None:
            return row
    return None


def access_received_document(user: User, document_id: UUID | str) -> Recipient:
    """The line by which this person got an issued document, also after a recall.

    Raises NotFound for everybody who did not get it, whatever else they may read.
    """
    document = OutgoingDocument.objects.filter(pk=as_id(document_id)).first()
    row = _received(user, document) if document and user.is_active else None
    if row is None:
        raise NotFound
    return row


def issued_files_behind(incoming: IncomingDocument) -> IssuedFiles | None:
    """What the sender issued here, of a document that came through this system; None
    for what came another way. The caller has passed the document's door. One query."""
    found = IssuedFiles.objects.filter(document__recipients__incoming=incoming)
    return found.select_related("document").first()


def recalled() -> Conflict:
    return Conflict(
        _("Văn bản này đã được thu hồi nên không xem được nội dung nữa."),
        code="recalled",
    )


def access_distribution(
    user: User, document_id: UUID | str, *, keep: bool = False
) -> tuple[OutgoingDocument, bool]:
    """An issued document with its list, for the issuing organisation and for who would
    sign it today: a leader of an organisation above signs, and so recalls, what is in
    a book that is not this leader's to read.

    Raises as `access_outgoing`, and NotFound for a paper row that has no list.
    """
    try:
        document, may_keep = access_outgoing(user, document_id, keep=keep)
    except NotFound:
        document, may_keep = _signed_from_above(user, document_id), False
        if keep:
            raise NotAllowed(
                _("Chỉ văn thư của cơ quan được ghi vào sổ này.")
            ) from None
    if not IssuedFiles.objects.filter(document=document).exists():
        raise NotFound
    return document, may_keep


def _signed_from_above(user: User, document_id: UUID | str) -> OutgoingDocument:
    """Raises NotFound unless the right to sign is this person's today."""
    found = (
        OutgoingDocument.objects.filter(pk=as_id(document_id))
        .select_related(
            "issued_number",
            "created_by",
            "register__organisation__parent",
            "register__body",
            "draft__organisation",
        )
        .first()
    )
    if found is None or not user.is_active or right_to_recall(user, found) is None:
        raise NotFound
    return found


def right_to_recall(user: User, document: OutgoingDocument) -> SigningRight | None:
    """The right by which this person would sign the document today. Asked for anew at
    every act, as the right to sign is: who leads no more, or whose mandate has ended,
    takes nothing back either. Few short queries."""
    if document.draft is None:
        return None
    return Worker.of(user).right_to_sign(document.draft)


def access_copy(user: User, copy_id: UUID | str) -> DocumentCopy:
    """A copy and its file: for the clerks who keep the document and its books, of an
    issued document or of one that was received.

    Raises NotFound for everybody else, also for who may read the document itself.
    """
    kept = kept_organisations(user).order_by().values("pk")
    copy = (
        DocumentCopy.objects.filter(
            Q(source__organisation__in=kept) | Q(incoming__organisation__in=kept),
            pk=as_id(copy_id),
        )
        .select_related("row")
        .first()
    )
    if copy is None:
        raise NotFound
    return copy
