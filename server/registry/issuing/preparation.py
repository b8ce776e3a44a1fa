"""All that an issue needs before its transaction: text, signed file, row, first number.

Reading the text, the signed file and the authors takes a while, so it is done before a
row is locked; the transaction then asks whether anything moved. The preview is made of
the same preparation, so that it shows what would go out. Must never write a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, User
from server.common import clock, providers
from server.common.errors import Conflict, InvalidInput
from server.common.ids import new_code
from server.registry.actions.numbers import is_over, next_number, types_of
from server.registry.actions.outgoing import OutgoingEntry
from server.registry.document_types import find, name_of
from server.registry.entry_fields import one_line
from server.registry.exports import image_reader
from server.registry.issuing.files import Given, Source
from server.registry.issuing.plan import IssuePlan
from server.registry.models import (
    Approval,
    ApprovalStep,
    Draft,
    IssuedNumber,
    NumberState,
    Register,
    RegisterKind,
    SignedCopy,
    Urgency,
)
from server.registry.refusals import refused
from server.registry.register_access import access_number, access_register
from server.registry.standing import policy_of, signed_copy_of
from server.registry.texts import Committed, committed
from server.registry.workflow.table import Refusal


@dataclass(frozen=True, slots=True)
class Preparation:
    """`guess` is the number that would be given now, `state` the blob of the CRDT
    state, `contributors` the ids of those who wrote."""

    register: Register
    text: Committed
    source: Source
    signed_copy: SignedCopy | None
    guess: Given
    entry: OutgoingEntry
    notation: str
    state: str
    contributors: tuple[str, ...]

    @property
    def document_type(self) -> str:
        return self.entry.document_type

    def is_stale(self, draft: Draft) -> bool:
        """Whether a copy was signed since, or the office changed how it signs."""
        return _signed_copy(draft) != self.signed_copy

    def fits_year(self, given: Given) -> bool:
        """A signed copy has its year printed; the number's date must be in it."""
        copy = self.signed_copy
        return copy is None or copy.year == given.issued_on.year


def prepare(actor: User, draft: Draft, plan: IssuePlan) -> Preparation:
    """Raises what the doors raise, InvalidInput for a letterhead that cannot be
    registered, Conflict for a number or a copy that cannot be used."""
    register = access_register(actor, plan.register_id, keep=True).register
    _fits(register, draft)
    text = committed(draft.pk)
    entry = entry_of(draft, text, register)
    copy = _signed_copy(draft)
    guess = _guess(actor, register, plan, entry.document_type)
    if copy is not None and copy.year != guess.issued_on.year:
        raise refused(Refusal.NOT_SIGNED)
    check_day(guess.issued_on, signed_on(draft, copy))
    blobs = providers.blob_store.get()
    return Preparation(
        register=register,
        text=text,
        source=Source(
            content=text.content,
            images=image_reader(draft),
            organisation=_organisation(draft),
            code=copy.code if copy else new_code(),
            signed=blobs.get(copy.pdf) if copy else None,
        ),
        signed_copy=copy,
        guess=guess,
        entry=entry,
        notation=_notation(text),
        state=blobs.put(text.state).digest,
        contributors=providers.document_store.get().authors(str(draft.pk)),
    )


def entry_of(draft: Draft, text: Committed, register: Register) -> OutgoingEntry:
    """What the book will say, taken from the letterhead. Lengths are checked later."""
    fields = text.content.fields
    code = fields.document_type or draft.document_type
    if code not in {kind.code for kind in types_of(register)}:
        raise InvalidInput(
            _("Sổ này không đăng ký loại văn bản “%(type)s”.")
            % {"type": name_of(code)},
            fields={"register": _("Hãy chọn sổ khác.")},
        )
    return OutgoingEntry(
        document_type=code,
        subject=_subject(code, fields.subject or draft.title),
        signer_name=fields.signer_name,
        signer_position=fields.signer_position,
        signer_authority=fields.signer_authority.replace("\n", " "),
        recipients_text=fields.recipients,
        urgency=fields.urgency or Urgency.NORMAL,
        deadline=day_of(fields.deadline),
    )


def _subject(code: str, subject: str) -> str:
    """A công văn has "V/v" printed before its subject; a book says it in words."""
    kind = find(code)
    if (kind and kind.abbreviation) or subject.lower().startswith(("v/v", "về việc")):
        return subject
    return f"về việc {subject}"


def _notation(text: Committed) -> str:
    notation = one_line(text.content.fields.notation)
    if not notation:
        raise InvalidInput(
            _("Văn bản chưa có ký hiệu. Hãy trả lại để ghi ký hiệu."),
            fields={"notation": _("Ký hiệu đang để trống.")},
        )
    return notation


def day_of(value: str) -> date | None:
    """A day of the letterhead; None for what cannot be read."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _fits(register: Register, draft: Draft) -> None:
    if register.kind not in (RegisterKind.OUTGOING, RegisterKind.INTERNAL):
        raise InvalidInput(fields={"register": _("Hãy chọn một sổ văn bản đi.")})
    if register.organisation_id != draft.organisation_id:
        raise InvalidInput(fields={"register": _("Sổ này của cơ quan khác.")})


def _organisation(draft: Draft) -> Organisation:
    if draft.organisation is None:
        raise Conflict(
            _("Dự thảo không thuộc cơ quan nào nên không phát hành được."),
            code="no_unit",
        )
    return draft.organisation


def _signed_copy(draft: Draft) -> SignedCopy | None:
    """None where the office signs by hand; the table asks for it where it does not."""
    if not policy_of(draft.organisation_id).signs_digitally:
        return None
    return signed_copy_of(draft)


def _guess(actor: User, register: Register, plan: IssuePlan, code: str) -> Given:
    if plan.number_id is None:
        today = clock.today()
        return Given(
            register.written(next_number(register, code, today), "", today), today
        )
    number = access_number(actor, plan.number_id, keep=True)
    check_number(number, register, code)
    if number.state != NumberState.RESERVED or is_over(number):
        raise Conflict(_("Số này đã được dùng hoặc đã hủy."), code="number_taken")
    return Given.of(number)


def signed_on(draft: Draft, copy: SignedCopy | None) -> date | None:
    """The day in Vietnam on which the signer approved, or signed the copy since; None
    when nobody has. One query."""
    approved = Approval.objects.filter(
        draft=draft, step=ApprovalStep.FINAL, voided_at__isnull=True
    ).first()
    moments = [done.at for done in (approved, copy) if done is not None]
    return clock.day_of(max(moments)) if moments else None


def check_day(issued_on: date, signed: date | None) -> None:
    """Decree 30, article 15.2: the number comes after the signature. Raises Conflict
    `before_approval`: only a number that was held can be of an earlier day."""
    if signed is not None and issued_on < signed:
        raise Conflict(
            _(
                "Số này mang ngày %(day)s, trước ngày văn bản được ký (%(signed)s)."
                " Hãy dùng số tiếp theo."
            )
            % {"day": f"{issued_on:%d/%m/%Y}", "signed": f"{signed:%d/%m/%Y}"},
            code="before_approval",
        )


def check_number(number: IssuedNumber, register: Register, code: str) -> None:
    """A held number is for its own register and type. Raises InvalidInput."""
    if number.register_id != register.pk:
        raise InvalidInput(fields={"number": _("Số này thuộc sổ khác.")})
    if number.document_type != code:
        raise InvalidInput(
            fields={"document_type": _("Số này được giữ cho loại văn bản khác.")}
        )
