"""Issuing over HTTP: the preview, the act, and the files as they went out."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from server.common import providers
from server.publishing.pdf_pages import words_of
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import IssuedNumber, LinkKind, OutgoingDocument
from server.registry.texts import committed

JSON = {"content_type": "application/json"}
PREVIEWS = ("issue/preview", "issue/preview.pdf")


def body_for(draft: Any, register: Any, **more: Any) -> dict[str, Any]:
    digest = committed(draft.pk).digest
    return {"register_id": str(register.pk), "digest": digest, **more}


def person(cast: Any, request: Any, who: str) -> Any:
    return cast.people.get(who) or request.getfixturevalue(who)


# ── the act ─────────────────────────────────────────────────────────────────────


def test_the_clerk_previews_and_issues_over_the_api(
    cast: Any, approved: Any, outgoing_register: Any, signed_in: Any
) -> None:
    draft = approved()
    browser = signed_in(cast.vanthu)
    address = f"/api/v1/drafts/{draft.pk}/issue"
    first = browser.get(f"{address}/recipients").json()
    assert first["archive_unit"] == "VT, HCTC"
    lines = first["recipients"]
    assert lines[0]["organisation"] == str(cast.department.pk)
    plan = {"register_id": str(outgoing_register.pk), "recipients": lines}
    shown = browser.post(f"{address}/preview", plan, **JSON).json()
    assert (shown["number"], shown["full_number"]) == ("01", "01/VPUBND-HCTC")
    assert shown["refusal"] is None
    assert not IssuedNumber.objects.exists()

    plan |= {"digest": shown["digest"], "expected": shown["number"]}
    answer = browser.post(address, plan, **JSON)
    assert answer.status_code == 201, answer.content
    issued = answer.json()
    assert issued["full_number"] == shown["full_number"]
    assert issued["verify_url"].endswith(f"/verify/{issued['code']}")
    again = browser.post(address, plan, **JSON)
    assert (again.status_code, again.json()) == (200, issued)
    assert OutgoingDocument.objects.count() == 1


def test_the_preview_as_pdf_bears_the_number(
    cast: Any, approved: Any, outgoing_register: Any, signed_in: Any
) -> None:
    draft = approved()
    answer = signed_in(cast.vanthu).post(
        f"/api/v1/drafts/{draft.pk}/issue/preview.pdf",
        body_for(draft, outgoing_register),
        **JSON,
    )
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "Số: 01/VPUBND-HCTC" in words_of(answer.content)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("chuyenvien", 403),
        ("truongphong", 403),
        ("lanhdao", 403),
        ("sotttt", 404),
        ("quantri", 404),
        ("stranger", 404),
    ],
)
def test_nobody_but_the_clerk_issues_over_the_api(
    cast: Any,
    approved: Any,
    outgoing_register: Any,
    request: Any,
    signed_in: Any,
    who: str,
    status: int,
) -> None:
    draft = approved()
    browser = signed_in(person(cast, request, who))
    body = body_for(draft, outgoing_register)
    for part in (*PREVIEWS, "issue"):
        answer = browser.post(f"/api/v1/drafts/{draft.pk}/{part}", body, **JSON)
        assert answer.status_code == status, part
    if status == 404:
        listed = browser.get(f"/api/v1/drafts/{draft.pk}/issue/recipients")
        assert listed.status_code == 404
    assert not OutgoingDocument.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"register_id": "sổ đi"}, "register_id"),
        ({"copies": -1}, "copies"),
        ({"recipients": [{"channel": "bồ câu"}]}, "recipients.0.channel"),
        ({"recipients": [{"name": "Đảng ủy"}]}, "recipients"),
        ({"recipients": [{"deadline": "mai"}]}, "recipients.0.deadline"),
        ({"nhan": 1}, "nhan"),
    ],
)
def test_an_unusable_plan_names_its_fault(
    cast: Any,
    approved: Any,
    outgoing_register: Any,
    signed_in: Any,
    change: dict[str, Any],
    field: str,
) -> None:
    draft = approved()
    answer = signed_in(cast.vanthu).post(
        f"/api/v1/drafts/{draft.pk}/issue",
        body_for(draft, outgoing_register, **change),
        **JSON,
    )
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not IssuedNumber.objects.exists()


def test_another_text_or_number_than_the_one_shown_is_a_conflict(
    cast: Any, approved: Any, outgoing_register: Any, signed_in: Any
) -> None:
    draft = approved()
    browser = signed_in(cast.vanthu)
    for change, code in (
        ({"digest": "0" * 64}, "content_changed"),
        ({"expected": "7"}, "number_moved"),
    ):
        body = body_for(draft, outgoing_register, **change)
        answer = browser.post(f"/api/v1/drafts/{draft.pk}/issue", body, **JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, code)


# ── what was issued ─────────────────────────────────────────────────────────────


def test_files_are_the_blobs_byte_for_byte(
    cast: Any, digital: None, issued: Any, signed_in: Any
) -> None:
    document = issued()
    files, blobs = document.issued_files, providers.blob_store.get()
    browser = signed_in(cast.vanthu)
    for form in ("pdf", "docx"):
        address = f"/api/v1/outgoing-documents/{document.pk}/files/document.{form}"
        answer = browser.get(address)
        digest = getattr(files, form)
        assert answer.content == blobs.get(digest)
        assert hashlib.sha256(answer.content).hexdigest() == digest
        assert answer["ETag"] == f'"{digest}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        name = f'attachment; filename="01-VPUBND-HCTC.{form}"'
        assert answer["Content-Disposition"] == name
        kept = browser.get(address, headers={"If-None-Match": answer["ETag"]})
        assert (kept.status_code, kept.content) == (304, b"")
    other = browser.get(f"/api/v1/outgoing-documents/{document.pk}/files/document.exe")
    assert other.status_code in (400, 404)


def test_a_damaged_file_is_never_given_out(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued()
    blobs = providers.blob_store.get()
    del blobs.files[document.issued_files.docx]  # type: ignore[attr-defined]
    answer = signed_in(cast.vanthu).get(
        f"/api/v1/outgoing-documents/{document.pk}/files/document.docx"
    )
    assert (answer.status_code, answer.json()["code"]) == (503, "file_damaged")


def test_pages_are_pictures(cast: Any, issued: Any, signed_in: Any) -> None:
    document = issued()
    browser = signed_in(cast.vanthu)
    pages = f"/api/v1/outgoing-documents/{document.pk}/pages"
    answer = browser.get(f"{pages}/1.png")
    picture = Image.open(BytesIO(answer.content))
    assert picture.height > picture.width > 500
    tag = {"If-None-Match": answer["ETag"]}
    assert browser.get(f"{pages}/1.png", headers=tag).status_code == 304
    assert browser.get(f"{pages}/2.png").status_code == 404
    assert browser.get(f"{pages}/0.png").status_code == 400


@pytest.mark.parametrize(
    ("who", "reads", "in_office"),
    [
        ("vanthu", 200, 200),  # keeps the book
        ("chuyenvien", 200, 200),  # wrote it
        ("truongphong", 200, 200),  # heads the unit
        ("lanhdao", 200, 200),  # signed it
        ("department_clerk", 200, 404),  # received it
        ("sotttt", 404, 404),
        ("quantri", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_reads_what_of_an_issued_document(
    cast: Any,
    issued: Any,
    department_clerk: Any,
    request: Any,
    signed_in: Any,
    who: str,
    reads: int,
    in_office: int,
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    browser = signed_in(person(cast, request, who))
    address = f"/api/v1/outgoing-documents/{document.pk}"
    for part in ("files/document.pdf", "files/document.docx", "pages/1.png"):
        assert browser.get(f"{address}/{part}").status_code == reads, part
    for part in ("issued", "record", "recipients"):
        assert browser.get(f"{address}/{part}").status_code == in_office, part
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    closed = 409 if who == "department_clerk" else reads
    assert browser.get(f"{address}/files/document.pdf").status_code == closed
    assert browser.get(f"{address}/pages/1.png").status_code == closed


def test_the_record_can_be_proven_from_its_own_words(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued()
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    answer = signed_in(cast.vanthu).get(
        f"/api/v1/outgoing-documents/{document.pk}/record"
    )
    said = answer.json()
    first, (second,) = said["issued"], said["later"]
    for row in (first, second):
        assert hashlib.sha256(row["payload"].encode()).hexdigest() == row["digest"]
    assert second["previous"] == first["digest"]
    assert (first["kind"], second["kind"]) == ("issued", "recalled")
    assert document.issued_files.pdf in first["payload"]


def test_what_became_of_it_is_told(cast: Any, issued: Any, signed_in: Any) -> None:
    document = issued()
    begin_linked_draft(cast.chuyenvien, document.pk, LinkKind.REPLACES)
    browser = signed_in(cast.chuyenvien)
    address = f"/api/v1/outgoing-documents/{document.pk}/issued"
    before = browser.get(address).json()
    assert (before["state"], before["recall"], before["replaced_by"]) == (
        "issued",
        None,
        [],
    )
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    after = browser.get(address).json()
    assert after["state"] == "recalled"
    assert after["recall"]["reason"] == "Ban hành nhầm"
    assert after["recall"]["by"]["name"] == "Lê Thị Hồng Đào"
