"""The competent person signs: the PDF of the approved text, number and date blank.

The file is drawn and signed before the transaction of the approval, because that takes
a tenth of a second and a time-stamp service may take longer; the transaction then keeps
it only if the text is still the one that was signed. Must never sign with another key
than that of the person who acts, nor over another person's name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import clock, providers, text
from server.common.errors import Conflict
from server.common.ids import new_code
from server.publishing.pdf_export import to_signable_pdf
from server.publishing.rules import RuleSet, rules_for
from server.publishing.signing.sign import Signing, sign_person
from server.registry.exports import image_reader
from server.registry.issuing.addresses import verify_url
from server.registry.models import Approval, Draft, SignedCopy
from server.registry.signing_keys import person_signer, timestamp_service
from server.registry.stamps import signature_stamp
from server.registry.texts import Committed


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file that is stored, and belongs to no draft yet."""

    pdf: str
    code: str
    year: int
    digest: str


def sign_copy(actor: User, draft: Draft, now: Committed) -> Signed:
    """Draw and sign. No transaction may be open.

    Raises Conflict (`signer_mismatch`, `no_signature_image`, `no_place_to_sign`),
    Unavailable (`key_unusable`, or the time-stamp service) and what the drawing raises.
    """
    fields = now.content.fields
    # Tone marks count: Dung is not Dũng.
    if _spoken(fields.signer_name) != _spoken(actor.full_name):
        raise Conflict(
            _(
                "Phần ký của văn bản ghi “%(name)s”, không phải tên bạn. Hãy trả lại"
                " để sửa phần ký rồi duyệt."
            )
            % {"name": fields.signer_name or "…"},
            code="signer_mismatch",
        )
    image = signature_stamp(actor)
    signer = person_signer(actor)
    code = new_code()
    # Number and date are the clerk's to give, whatever the draft says (Điều 15).
    blank = replace(now.content, fields=replace(fields, number="", date=""))
    year = clock.today().year
    pdf, places = to_signable_pdf(
        blank, image_reader(draft), verify_url=verify_url(code)
    )
    rules = rules_for(blank.fields)
    seal_mm = _seal_mm(draft, rules)
    signed = sign_person(
        pdf,
        Signing(signer, clock.now(), timestamp_service()),
        image,
        places,
        rules=rules,
        seal_mm=seal_mm,
    )
    stored = providers.blob_store.get().put(signed)
    return Signed(stored.digest, code, year, now.digest)


def _seal_mm(draft: Draft, rules: RuleSet) -> float:
    """The size of the seal of the draft's organisation, as the office says it."""
    organisation = draft.organisation
    if organisation is None:
        return rules.signing.seal_mm
    return rules.seal_mm_of(organisation.identifier, organisation.name)


def _spoken(name: str) -> str:
    return " ".join(text.accent_key(name).split())


def keep_signed_copy(
    actor: User, draft: Draft, approval: Approval, signed: Signed
) -> SignedCopy:
    """In the transaction of the act; the caller has checked that the text is the same.

    Raises Conflict `content_changed` when the approval is for another text.
    """
    if approval.digest != signed.digest:
        raise Conflict(
            _("Nội dung đã thay đổi từ khi bạn xem. Hãy xem lại rồi duyệt."),
            code="content_changed",
        )
    return SignedCopy.objects.create(
        draft=draft,
        approval=approval,
        digest=signed.digest,
        pdf=signed.pdf,
        code=signed.code,
        year=signed.year,
        signed_by=actor,
        at=clock.now(),
    )
