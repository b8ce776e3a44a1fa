"""A document marked mật comes in by no door, and is told what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from collab.content.tree import Content, Fields, Paragraph, Run
from collab.content.write import build_update
from server.common import providers
from server.common.errors import AppError
from server.registry.actions.drafts import create_draft, rename
from server.registry.actions.imports import import_docx
from server.registry.actions.incoming import (
    FollowUp,
    IncomingEntry,
    follow_up,
    register_incoming,
)
from server.registry.actions.outgoing import (
    OutgoingEntry,
    Sending,
    record_sending,
    register_outgoing,
)
from server.registry.actions.process import submit
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import (
    Draft,
    IncomingDocument,
    IssuedNumber,
    OutgoingDocument,
)
from server.registry.workflow.table import Act, State
from tests.support.process import step, write

MARKS = ["MẬT", "TỐI MẬT", "Độ mật: Tuyệt mật"]
FINE = "Tăng cường bảo mật, đổi mật khẩu thư mật"


@pytest.fixture
def books(cast: Any) -> dict[str, Any]:
    return {
        kind: open_register(
            cast.vanthu, cast.office.pk, RegisterPlan(name=f"Sổ {kind}", kind=kind)
        )
        for kind in ("outgoing", "incoming")
    }


def refused(act: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == "state_secret"
    assert caught.value.http_status == 409
    assert "sổ văn bản mật" in str(caught.value)
    return caught.value


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("field", ["subject", "note", "recipients_text"])
def test_the_outgoing_book_refuses_it_and_gives_no_number(
    cast: Any, books: Any, mark: str, field: str
) -> None:
    given = {"subject": FINE, field: mark}
    entry = OutgoingEntry("CV", signer_name="Bùi Hồng Quý", **given)
    error = refused(lambda: register_outgoing(cast.vanthu, books["outgoing"].pk, entry))
    assert set(error.fields) == {field}
    assert not OutgoingDocument.objects.exists()
    assert not IssuedNumber.objects.exists()


@pytest.mark.parametrize("mark", MARKS)
def test_the_incoming_book_refuses_it_and_gives_no_number(
    cast: Any, books: Any, mark: str
) -> None:
    entry = IncomingEntry("CV", "Công an tỉnh", FINE, "12/CAT-PV", note=mark)
    error = refused(lambda: register_incoming(cast.vanthu, books["incoming"].pk, entry))
    assert set(error.fields) == {"note"}
    assert not IncomingDocument.objects.exists()
    assert not IssuedNumber.objects.exists()


def test_what_is_added_to_a_row_later_is_looked_at_too(cast: Any, books: Any) -> None:
    sent = register_outgoing(
        cast.vanthu, books["outgoing"].pk, OutgoingEntry("CV", FINE, "Bùi Hồng Quý")
    )
    came = register_incoming(
        cast.vanthu,
        books["incoming"].pk,
        IncomingEntry("CV", "Công an tỉnh", FINE, "12/CAT-PV"),
    )
    refused(lambda: record_sending(cast.vanthu, sent.pk, Sending(copies=1, note="MẬT")))
    refused(lambda: follow_up(cast.vanthu, came.pk, FollowUp(progress="TỐI MẬT")))


def docx(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("mark", MARKS)
def test_an_import_refuses_it_and_leaves_nothing(cast: Any, mark: str) -> None:
    data = docx("ỦY BAN NHÂN DÂN", mark, "Nội dung")
    refused(lambda: import_docx(cast.chuyenvien, filename="a.docx", data=data))
    assert not Draft.objects.exists()


def test_an_import_is_refused_for_a_stamp_beside_the_text(cast: Any) -> None:
    """A stamp stands in a cell of the header, in the page's header or in a text box."""
    in_cell, in_header, in_box = Document(), Document(), Document()
    table = in_cell.add_table(1, 2)
    table.cell(0, 0).text = "VĂN PHÒNG\nSố: 12/VP-TH"
    table.cell(0, 0).add_paragraph("MẬT")
    in_header.sections[0].header.paragraphs[0].text = "TUYỆT MẬT"
    box = parse_xml(
        f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>TỐI MẬT</w:t></w:r>"
        "</w:p></w:txbxContent></w:pict></w:r>"
    )
    in_box.add_paragraph("Nội dung")._p.append(box)
    for document in (in_cell, in_header, in_box):
        out = BytesIO()
        document.save(out)
        data = out.getvalue()
        refused(lambda: import_docx(cast.chuyenvien, filename="a.docx", data=data))  # noqa: B023


def test_an_import_that_speaks_of_secrecy_is_fine(cast: Any) -> None:
    data = docx(FINE, "Không gửi văn bản MẬT qua mạng.")
    draft, _notes = import_docx(cast.chuyenvien, filename="a.docx", data=data)
    assert draft.pk


@pytest.mark.parametrize("mark", MARKS)
def test_a_draft_does_not_begin_under_a_mark(cast: Any, mark: str) -> None:
    error = refused(lambda: create_draft(cast.chuyenvien, title=mark, type_code="CV"))
    assert set(error.fields) == {"title"}
    assert not Draft.objects.exists()
    assert create_draft(cast.chuyenvien, title=FINE, type_code="CV").title == FINE


@pytest.mark.parametrize("mark", MARKS)
def test_a_draft_is_not_renamed_to_a_mark(
    cast: Any, begin_draft: Any, mark: str
) -> None:
    draft = begin_draft("V/v họp")
    error = refused(lambda: rename(cast.chuyenvien, draft.pk, mark))
    assert set(error.fields) == {"title"}
    draft.refresh_from_db()
    assert draft.title == "V/v họp"
    assert rename(cast.chuyenvien, draft.pk, FINE).title == FINE


def test_the_pages_and_the_api_say_why_a_title_is_refused(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft("V/v họp")
    browser = signed_in(cast.chuyenvien)
    typed = {"title": "TỐI MẬT", "type": "CV"}
    for address in ("/drafts/new/", f"/drafts/{draft.pk}/rename/"):
        page = browser.post(address, typed)
        assert page.status_code == 200
        assert "sổ văn bản mật" in page.content.decode()
    begun = browser.post("/api/v1/drafts", typed, content_type="application/json")
    renamed = browser.patch(
        f"/api/v1/drafts/{draft.pk}",
        {"title": "TỐI MẬT"},
        content_type="application/json",
    )
    for answer in (begun, renamed):
        assert answer.status_code == 409
        assert answer.json()["code"] == "state_secret"
    cast.chuyenvien.language = "en"
    cast.chuyenvien.save(update_fields=["language"])
    page = browser.post("/drafts/new/", typed)
    assert "paper book of secret documents" in page.content.decode()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("mark", MARKS)
def test_a_marked_draft_is_not_submitted(
    cast: Any, begin_draft: Any, mark: str
) -> None:
    store = providers.document_store.get()
    in_text = begin_draft("trong nội dung")
    write(in_text, mark)
    in_field = begin_draft("trong trường")
    store.start_epoch(
        str(in_field.pk), build_update(Content(Fields(handling=mark), ()))
    )
    in_title = begin_draft("tên từ trước khi có phép kiểm này")
    Draft.objects.filter(pk=in_title.pk).update(title=mark)
    store.start_epoch(str(in_title.pk), build_update(Content()))
    for draft in (in_text, in_field, in_title):
        refused(lambda: submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao))  # noqa: B023
        draft.refresh_from_db()
        assert draft.state == State.DRAFTING


def test_a_draft_that_speaks_of_secrecy_is_submitted(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft(FINE)
    store = providers.document_store.get()
    text = (Paragraph((Run("Công tác bảo vệ bí mật nhà nước; mật khẩu."),)),)
    store.start_epoch(str(draft.pk), build_update(Content(Fields(subject=FINE), text)))
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)


def test_a_mark_that_came_after_the_submission_stops_the_next_step(
    cast: Any, moved: Any
) -> None:
    draft = moved(State.IN_REVIEW)
    write(draft, "TUYỆT MẬT")
    refused(lambda: step(cast.truongphong, draft, Act.APPROVE_CONTENT))
    step(cast.truongphong, draft, Act.RETURN)
