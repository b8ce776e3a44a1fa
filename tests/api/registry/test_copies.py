"""Copies of an issued document: who makes them, which number, what the file says."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from server.common import providers
from server.common.errors import (
    AppError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from server.common.models import AuditEntry
from server.publishing.pdf_pages import (
    as_printed,
    page_count,
    page_picture,
    words_of,
)
from server.publishing.signing.report import Place, Verdict
from server.publishing.signing.sign import sign_attachment
from server.publishing.signing.verify import verify
from server.registry.actions.copying import CopyPlan, make_copy
from server.registry.actions.numbers import void_number
from server.registry.actions.recalling import recall
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.issued_access import access_copy
from server.registry.models import (
    DocumentCopy,
    IssuedFiles,
    OfficePolicy,
    RegisterKind,
)
from server.registry.signing_keys import trusted
from tests.support.copying import copy_plan as plan
from tests.support.copying import nothing_was_drawn

API = "/api/v1/outgoing-documents"


def words(copy: DocumentCopy) -> str:
    return " ".join(words_of(providers.blob_store.get().get(copy.pdf)).split())


# ── the act ─────────────────────────────────────────────────────────────────────


def test_a_copy_takes_the_next_number_of_its_own_book_and_a_row(
    cast: Any, document: Any, book: Any
) -> None:
    first = make_copy(cast.vanthu, document.pk, plan(book))
    second = make_copy(
        cast.vanthu,
        document.pk,
        plan(book, recipients_text="Sở Nội vụ\nLưu: VT", note="theo đề nghị"),
    )
    assert [c.row.full_number for c in (first, second)] == [
        "01/SY-VPUBND",
        "02/SY-VPUBND",
    ]
    row = second.row
    assert (row.register, row.subject) == (book, document.subject)
    assert (row.document_type, row.signer_name) == ("SY", "Nguyễn Văn Phi")
    assert row.recipients_text == "Sở Nội vụ\nLưu: VT"
    assert row.note == "theo đề nghị"
    assert first.row.note == f"sao từ văn bản {document.full_number}"
    assert row.pages == 1
    assert row.draft is None


def test_a_number_that_another_book_of_copies_gave_must_be_confirmed(
    cast: Any, document: Any, book: Any, signed_in: Any
) -> None:
    first = make_copy(cast.vanthu, document.pk, plan(book))
    second = RegisterPlan(name="Sổ bản sao hai", kind=RegisterKind.COPIES)
    other = open_register(cast.vanthu, cast.office.pk, second)
    with pytest.raises(Conflict) as refused:
        make_copy(cast.vanthu, document.pk, plan(other))
    assert refused.value.code == "duplicate_document"
    assert nothing_was_drawn(other)
    page = reverse("distribution", args=[document.pk])
    act = reverse("document_copy", args=[document.pk])
    browser = signed_in(cast.vanthu)
    assert 'name="is_second"' in browser.get(page).content.decode()
    form = {"register": str(other.pk), "kind": "SY", "signer_name": "Nguyễn Văn Phi"}
    said = browser.post(act, form, follow=True).content.decode()
    assert "Nếu đúng là văn bản khác, hãy xác nhận." in said
    browser.post(act, {**form, "is_second": "1"})
    again = DocumentCopy.objects.get(row__register=other)
    assert again.row.full_number == first.row.full_number


def test_kinds_of_copies_share_one_run_of_numbers(
    cast: Any, document: Any, book: Any
) -> None:
    make_copy(cast.vanthu, document.pk, plan(book))
    again = make_copy(cast.vanthu, document.pk, plan(book, "SL"))
    assert again.row.full_number == "02/SL-VPUBND"


def test_a_copy_on_paper_says_the_text_and_its_own_block(
    cast: Any, document: Any, book: Any
) -> None:
    copy = make_copy(cast.vanthu, document.pk, plan(book, recipients_text="Sở Nội vụ"))
    said = words(copy)
    assert not copy.is_electronic
    assert "Đề nghị Sở quan tâm, phối hợp thực hiện" in said
    assert f"{document.number:02d}/VPUBND-HCTC" in said
    for part in (
        "SAO Y",
        "01/SY-VPUBND",
        "TL. CHÁNH VĂN PHÒNG",
        "Nguyễn Văn Phi",
        "Sở Nội vụ",
    ):
        assert part in said, part


def test_an_electronic_copy_is_signed_by_the_organisation_in_the_corner(
    cast: Any, digital: None, issued: Any, book: Any, monkeypatch: Any
) -> None:
    lines: list[str] = []

    def sign(pdf: bytes, signing: Any, line: str) -> bytes:
        lines.append(line)
        return sign_attachment(pdf, signing, line)

    monkeypatch.setattr("server.registry.actions.copying.sign_attachment", sign)
    copy = make_copy(cast.vanthu, issued().pk, CopyPlan(book.pk, "SY"))
    report = verify(providers.blob_store.get().get(copy.pdf), trusted())
    assert report.verdict is Verdict.VALID
    assert [s.place for s in report.signatures] == [Place.ATTACHMENT]
    assert lines == [f"SAO Y, {cast.office.name}"]
    assert copy.is_electronic
    assert copy.row.signer_name == cast.vanthu.full_name
    assert "01/VPUBND-HCTC" in words(copy)
    assert "SY-VPUBND" not in words(copy)


def test_an_office_that_signs_digitally_may_copy_to_paper(
    cast: Any, document: Any, book: Any
) -> None:
    OfficePolicy.objects.create(organisation=cast.office, signs_digitally=True)
    copy = make_copy(cast.vanthu, document.pk, plan(book, on_paper=True))
    assert not copy.is_electronic
    assert "01/SY-VPUBND" in words(copy)


@pytest.mark.parametrize("on_paper", [True, False])
@pytest.mark.parametrize("kind", ["SY", "SL"])
def test_a_copy_shows_signature_and_seal_where_the_original_does(
    cast: Any, digital: None, issued: Any, book: Any, kind: str, on_paper: bool
) -> None:
    document = issued()
    original = IssuedFiles.objects.get(document=document).pdf
    if kind == "SL":
        make_copy(cast.vanthu, document.pk, plan(book, on_paper=True))
    copy = make_copy(cast.vanthu, document.pk, plan(book, kind, on_paper=on_paper))
    for is_ink in (is_blue, is_red):
        assert inked(copy.pdf, is_ink) == inked(original, is_ink) != {}


def test_an_extract_shows_no_signature(
    cast: Any, digital: None, issued: Any, book: Any
) -> None:
    asked = plan(book, "TrS", on_paper=True, parts=frozenset({0}))
    copy = make_copy(cast.vanthu, issued().pk, asked)
    assert inked(copy.pdf, is_blue) == inked(copy.pdf, is_red) == {}


def is_blue(red: int, green: int, blue: int) -> bool:
    return blue > red + 80


def is_red(red: int, green: int, blue: int) -> bool:
    return red > blue + 80


def inked(
    digest: str, is_ink: Callable[[int, int, int], bool]
) -> dict[int, tuple[int, int, int, int]]:
    """By page: left, top, right and bottom of the coloured ink, in pixels."""
    # As printed: on the screen fields have a colour of their own.
    pdf = as_printed(providers.blob_store.get().get(digest))
    found = {}
    for page in range(1, page_count(pdf) + 1):
        shown = Image.open(BytesIO(page_picture(pdf, page, dpi=40))).convert("RGB")
        places = [
            (place % shown.width, place // shown.width)
            for place, colour in enumerate(shown.get_flattened_data())
            if is_ink(*colour)
        ]
        if places:
            across, down = zip(*places, strict=True)
            found[page] = (min(across), min(down), max(across), max(down))
    return found


def test_a_copy_is_told_of(cast: Any, document: Any, book: Any, events: Any) -> None:
    copy = make_copy(cast.vanthu, document.pk, plan(book))
    assert ("outgoing.copied", str(document.pk)) in events()
    entry = AuditEntry.objects.get(action="outgoing.copied")
    assert (entry.actor, entry.subject_id) == (cast.vanthu, str(document.pk))
    assert entry.details["full_number"] == copy.row.full_number
    assert entry.details["pdf"] == copy.pdf


# ── what is refused ─────────────────────────────────────────────────────────────


def test_a_recalled_document_is_not_copied(cast: Any, document: Any, book: Any) -> None:
    recall(cast.vanthu, document.pk, "sai phụ lục")
    with pytest.raises(Conflict) as refused:
        make_copy(cast.vanthu, document.pk, plan(book))
    assert refused.value.code == "recalled"
    assert nothing_was_drawn(book)


def test_sao_luc_needs_a_true_copy_that_holds(
    cast: Any, document: Any, book: Any
) -> None:
    with pytest.raises(Conflict) as refused:
        make_copy(cast.vanthu, document.pk, plan(book, "SL"))
    assert refused.value.code == "no_true_copy"
    assert nothing_was_drawn(book)
    copy = make_copy(cast.vanthu, document.pk, plan(book))
    void_number(cast.vanthu, copy.row.issued_number_id, "sao nhầm")
    with pytest.raises(Conflict):
        make_copy(cast.vanthu, document.pk, plan(book, "SL"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "TrS"}, "parts"),
        ({"kind": "TrS", "parts": frozenset({999})}, "parts"),
        ({"kind": "SY", "parts": frozenset({0})}, "parts"),
        ({"kind": "XY"}, "kind"),
        ({"signer_name": ""}, "signer_name"),
        ({"recipients_text": "a" * 1001}, "recipients_text"),
        ({"note": "a" * 501}, "note"),
    ],
)
def test_an_unusable_plan_draws_no_number(
    cast: Any, document: Any, book: Any, wrong: dict[str, Any], field: str
) -> None:
    kind = wrong.pop("kind", "SY")
    with pytest.raises(InvalidInput) as refused:
        make_copy(cast.vanthu, document.pk, plan(book, kind, **wrong))
    assert field in refused.value.fields
    assert nothing_was_drawn(book)


def test_copies_stand_in_no_other_book_nor_another_office(
    cast: Any, document: Any, outgoing_register: Any, department_clerk: Any
) -> None:
    theirs = open_register(
        department_clerk,
        cast.department.pk,
        RegisterPlan(name="Sổ bản sao", kind=RegisterKind.COPIES),
    )
    with pytest.raises(InvalidInput) as refused:
        make_copy(cast.vanthu, document.pk, plan(outgoing_register))
    assert "register" in refused.value.fields
    with pytest.raises(NotFound):
        make_copy(cast.vanthu, document.pk, plan(theirs))


def test_a_file_that_cannot_be_made_leaves_the_number_for_the_next(
    cast: Any, document: Any, book: Any, monkeypatch: Any
) -> None:
    def fail(*_args: Any, **_named: Any) -> bytes:
        raise InvalidInput("không có phông chữ")

    with monkeypatch.context() as broken:
        broken.setattr("server.registry.actions.copying.to_pdf", fail)
        with pytest.raises(InvalidInput):
            make_copy(cast.vanthu, document.pk, plan(book))
    assert nothing_was_drawn(book)
    copy = make_copy(cast.vanthu, document.pk, plan(book))
    assert copy.row.full_number == "01/SY-VPUBND"


# ── who may ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "refusal", "sees_list"),
    [
        ("vanthu", None, True),
        ("chuyenvien", NotAllowed, True),  # wrote the draft, and reads the book
        ("truongphong", NotAllowed, True),
        ("lanhdao", NotAllowed, True),
        ("vanthuso", NotFound, False),  # clerk of who received it
        ("sotttt", NotFound, False),
        ("quantri", NotFound, False),
        ("nguoila", NotFound, False),
    ],
)
def test_only_the_clerks_of_the_office_make_and_read_copies(
    cast: Any,
    document: Any,
    book: Any,
    department_clerk: Any,
    stranger: Any,
    signed_in: Any,
    who: str,
    refusal: type[AppError] | None,
    sees_list: bool,
) -> None:
    made = make_copy(cast.vanthu, document.pk, plan(book))
    people = {**cast.people, "vanthuso": department_clerk, "nguoila": stranger}
    user, browser = people[who], signed_in(people[who])
    file = f"{API}/{document.pk}/copies/{made.pk}.pdf"
    page = reverse("copy_file", args=[document.pk, made.pk])
    if refusal is None:
        make_copy(user, document.pk, plan(book))
        assert access_copy(user, made.pk) == made
    else:
        with pytest.raises(refusal):
            make_copy(user, document.pk, plan(book))
        with pytest.raises(NotFound):
            access_copy(user, made.pk)
    status = 200 if refusal is None else 404
    assert browser.get(file).status_code == status
    assert browser.get(page).status_code == status
    listed = browser.get(f"{API}/{document.pk}/copies")
    assert listed.status_code == (200 if sees_list else 404)


def test_a_recipient_of_a_recalled_document_learns_nothing_of_copies(
    cast: Any, document: Any, book: Any, department_clerk: Any
) -> None:
    made = make_copy(cast.vanthu, document.pk, plan(book))
    recall(cast.vanthu, document.pk, "sai phụ lục")
    with pytest.raises(NotFound):
        access_copy(department_clerk, made.pk)
    assert access_copy(cast.vanthu, made.pk) == made
