"""The API of one's own signature, of an organisation's seal and of its rules.

It only translates: the doors and the actions decide. A picture goes to nobody but its
owner, or the clerks who keep it, and into no cache.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema, Status, UploadedFile
from pydantic import ConfigDict, Field

from server.accounts.api import caller
from server.publishing.signing.images import MAX_BYTES
from server.registry.actions.policy import Rules, set_policy
from server.registry.actions.stamps import set_seal_image, set_signature_image
from server.registry.models import OfficePolicy, SealImage, SignatureImage
from server.registry.office_access import OfficeAccess, access_office, list_offices
from server.registry.stamps import (
    access_seal,
    access_seal_of,
    access_signature,
    stamp_bytes,
)
from server.registry.standing import policy_of
from server.registry.uploads import read_upload

router = Router(tags=["office"])


class StampImageOut(Schema):
    """`digest` is the SHA-256 of the picture."""

    digest: str
    size_bytes: int
    set_at: datetime

    @classmethod
    def of(cls, row: SignatureImage | SealImage) -> StampImageOut:
        return cls(digest=row.digest, size_bytes=row.size_bytes, set_at=row.set_at)


class OfficeOut(Schema):
    """An organisation that you work in; `may_rule`: you set its rules."""

    id: UUID
    name: str
    abbreviation: str
    may_rule: bool
    may_keep_seal: bool

    @classmethod
    def of(cls, access: OfficeAccess) -> OfficeOut:
        office = access.organisation
        return cls(
            id=office.pk,
            name=office.name,
            abbreviation=office.abbreviation,
            may_rule=access.may_rule,
            may_keep_seal=access.may_keep_seal,
        )


class PolicyOut(Schema):
    drafter_may_approve: bool
    content_approver_may_check: bool
    signs_digitally: bool
    copies_signed_files: bool
    inserts_numbers: bool
    checking_unit: UUID | None
    norm: str = Field(description="whose form new drafts have: state or party")

    @classmethod
    def of(cls, policy: OfficePolicy) -> PolicyOut:
        return cls(
            drafter_may_approve=policy.drafter_may_approve,
            content_approver_may_check=policy.content_approver_may_check,
            signs_digitally=policy.signs_digitally,
            copies_signed_files=policy.copies_signed_files,
            inserts_numbers=policy.inserts_numbers,
            checking_unit=policy.checking_unit_id,
            norm=policy.norm,
        )


class PolicyIn(Schema):
    model_config = ConfigDict(extra="forbid")

    drafter_may_approve: bool
    content_approver_may_check: bool
    signs_digitally: bool
    copies_signed_files: bool = Field(
        False, description="electronic copies of signed PDFs, the original attached"
    )
    inserts_numbers: bool = Field(
        False, description="numbers like 12a, for a document of a day that is past"
    )
    checking_unit: UUID | None
    norm: Literal["state", "party"] | None = Field(
        None, description="whose form new drafts have; null: as it was"
    )


@router.get("/me/signature-image", response=StampImageOut)
def signature_read(request: HttpRequest) -> StampImageOut:
    """Yours alone; there is no address for another's."""
    return StampImageOut.of(access_signature(caller(request)))


@router.post("/me/signature-image", response={201: StampImageOut})
def signature_set(
    request: HttpRequest, file: File[UploadedFile]
) -> Status[StampImageOut]:
    """A transparent .png in blue ink, up to 2 MB. It takes the former one's place."""
    data = read_upload(file, MAX_BYTES)
    return Status(201, StampImageOut.of(set_signature_image(caller(request), data)))


@router.get("/me/signature-image.png", response={200: bytes})
def signature_picture(request: HttpRequest) -> HttpResponse:
    return picture_response(access_signature(caller(request)))


@router.get("/organisations", response=list[OfficeOut])
def office_list(request: HttpRequest) -> list[OfficeOut]:
    """Where you work, and what you may do there."""
    return [OfficeOut.of(access) for access in list_offices(caller(request))]


@router.get("/organisations/{uuid:organisation_id}/policy", response=PolicyOut)
def policy_read(request: HttpRequest, organisation_id: UUID) -> PolicyOut:
    """For who works there. An organisation that never ruled has the strict rules."""
    access = access_office(caller(request), organisation_id)
    return PolicyOut.of(policy_of(access.organisation.pk))


@router.put("/organisations/{uuid:organisation_id}/policy", response=PolicyOut)
def policy_set(
    request: HttpRequest, organisation_id: UUID, body: PolicyIn
) -> PolicyOut:
    """For its leaders. All rules are replaced."""
    rules = Rules(**body.dict())
    return PolicyOut.of(set_policy(caller(request), organisation_id, rules))


@router.get("/organisations/{uuid:organisation_id}/seal", response=StampImageOut)
def seal_read(request: HttpRequest, organisation_id: UUID) -> StampImageOut:
    """For the clerks of the organisation."""
    return StampImageOut.of(access_seal(caller(request), organisation_id))


@router.post(
    "/organisations/{uuid:organisation_id}/seal", response={201: StampImageOut}
)
def seal_set(
    request: HttpRequest, organisation_id: UUID, file: File[UploadedFile]
) -> Status[StampImageOut]:
    """A transparent .png in red ink, up to 2 MB. It takes the former one's place."""
    user = caller(request)
    office = access_seal_of(user, organisation_id)
    made = set_seal_image(user, office, read_upload(file, MAX_BYTES))
    return Status(201, StampImageOut.of(made))


@router.get("/organisations/{uuid:organisation_id}/seal.png", response={200: bytes})
def seal_picture(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    return picture_response(access_seal(caller(request), organisation_id))


def picture_response(row: SignatureImage | SealImage) -> HttpResponse:
    """The picture for who passed the door; nothing keeps a copy of it."""
    response = HttpResponse(stamp_bytes(row), content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
