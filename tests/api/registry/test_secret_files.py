"""An attached file that bears a secrecy mark is set aside when its words are read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from server.common import clock, providers
from server.common.errors import AppError
from server.common.models import AuditEntry, OutboxEvent
from server.registry.actions.copying_received import copy_received
from server.registry.actions.incoming_files import remove_file
from server.registry.case_files.held_files import held_files
from server.registry.models import (
    FileWords,
    IncomingDocument,
    IncomingFile,
    TextLayer,
)
from server.registry.queries.search import search
from server.registry.search.attached import EDITION, read_file, read_new_files
from server.registry.search.reading_apart import FileReader
from tests.support.attachments import attach, docx_saying, pdf_saying, read_all
from tests.support.copying import copy_plan
from tests.support.incoming import NOON, Desks
from tests.support.office_files import scan_saying, xlsx_saying
from tests.support.programs import recogniser

MARKS = ["MẬT", "TỐI MẬT", "Độ mật: Tuyệt mật"]
SAID = "Đề nghị rà soát dịch vụ công trực tuyến"
WORDS = '"dịch vụ công trực tuyến"'


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


@pytest.fixture
def document(desks: Desks) -> IncomingDocument:
    return desks.forwarded()[0]


def pdf(*pages: tuple[str, ...]) -> bytes:
    """Each page in lines of its own."""
    # A page stands in #text("…"): a string of typst breaks lines by \n.
    return pdf_saying(*("\\n".join(lines) for lines in pages))


def layer_of(file: IncomingFile) -> str:
    return FileWords.objects.get(digest=file.digest).layer


def refused(act: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == "state_secret"
    assert caught.value.http_status == 409
    return caught.value


def found(desks: Desks) -> list[Any]:
    return [hit.entry.object_id for hit in search(desks.clerk, WORDS).hits]


def stamped_docx(place: str, mark: str) -> bytes:
    """A Word file with its stamp in the header of the page or in a text box."""
    made = docx.Document()
    made.add_paragraph(SAID)
    if place == "header":
        made.sections[0].header.paragraphs[0].text = mark
    else:
        box = parse_xml(
            f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>{mark}</w:t>"
            "</w:r></w:p></w:txbxContent></w:pict></w:r>"
        )
        made.add_paragraph("Nội dung")._p.append(box)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


# ── what is set aside ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(
    "made",
    [
        lambda mark: pdf(("SỞ NỘI VỤ", "Số: 12/SNV", mark, SAID)),
        lambda mark: pdf((SAID,), ("PHỤ LỤC", mark, "Danh sách")),
        lambda mark: docx_saying("SỞ NỘI VỤ", mark, SAID),
        lambda mark: stamped_docx("header", mark),
        lambda mark: stamped_docx("box", mark),
    ],
    ids=["pdf", "second page", "docx", "docx header", "docx box"],
)
def test_a_marked_file_is_set_aside_and_no_word_of_it_kept(
    desks: Desks, document: IncomingDocument, made: Any, mark: str
) -> None:
    file = attach(desks, document, made(mark))
    read_all()
    row = FileWords.objects.get(digest=file.digest)
    assert (row.layer, row.text, row.pages) == (TextLayer.SECRET, "", [])
    assert found(desks) == []


@pytest.mark.parametrize(
    "line",
    ["Tăng cường bảo mật, đổi mật khẩu", "Danh mục tài liệu TUYỆT MẬT của tỉnh",
     "Không gửi văn bản MẬT qua mạng.", "CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC", "Mật ong"],
)  # fmt: skip
def test_a_file_that_speaks_of_secrecy_stays_and_is_found(
    desks: Desks, document: IncomingDocument, line: str
) -> None:
    files = [
        attach(desks, document, pdf((line, SAID), (line,))),
        attach(desks, document, docx_saying(line, SAID)),
    ]
    read_all()
    assert {layer_of(file) for file in files} == {TextLayer.WORDS}
    assert found(desks) == [document.pk]


def test_deep_in_a_page_and_in_a_row_of_a_sheet_the_word_is_text(
    desks: Desks, document: IncomingDocument
) -> None:
    many = ("Điều khoản",) * 12
    files = [
        attach(desks, document, pdf((SAID,), (*many, "MẬT"))),
        attach(desks, document, xlsx_saying(Sổ=[["Số", "Độ"], ["12", "MẬT"]])),
    ]
    read_all()
    assert {layer_of(file) for file in files} == {TextLayer.WORDS}


def test_a_scan_is_set_aside_by_the_page_that_bears_the_mark(
    desks: Desks, document: IncomingDocument, tmp_path: Path
) -> None:
    """The second page; what was recognised of the first goes, and no third is read."""
    file = attach(desks, document, scan_saying("một", "hai", "ba"))
    turns = tmp_path / "turns"
    turns.write_text("")
    says = (
        f"turns = pathlib.Path({str(turns)!r})\n"
        "turns.write_text(turns.read_text() + '.')\n"
        f"print({SAID!r} if len(turns.read_text()) == 1 else 'SỞ NỘI VỤ\\n| MẬT |')"
    )
    list(read_new_files(FileReader(recogniser(tmp_path, says))))
    row = FileWords.objects.get(digest=file.digest)
    assert (row.layer, row.text, row.pages) == (TextLayer.SECRET, "", [])
    assert turns.read_text() == ".."
    assert found(desks) == []
    assert OutboxEvent.objects.filter(kind="incoming.file_set_aside").count() == 1


def test_what_an_earlier_reader_made_of_it_is_looked_at_again(
    desks: Desks, document: IncomingDocument
) -> None:
    file = attach(desks, document, docx_saying("MẬT", SAID))
    FileWords.objects.create(
        digest=file.digest, layer=TextLayer.WORDS, text=SAID, edition=EDITION - 1,
        read_at=clock.now(),
    )  # fmt: skip
    read_all()
    assert layer_of(file) == TextLayer.SECRET


def test_what_is_set_aside_is_read_no_more(
    desks: Desks, document: IncomingDocument
) -> None:
    """Nor brought back by a reader that began earlier and saw no mark."""
    file = attach(desks, document, docx_saying(SAID))
    FileWords.objects.create(
        digest=file.digest, layer=TextLayer.SECRET, edition=0, read_at=clock.now()
    )
    assert read_all() == 0
    read_file(FileReader(), file.digest, file.content_type)
    assert layer_of(file) == TextLayer.SECRET
    assert found(desks) == []


# ── what becomes of it ───────────────────────────────────────────────────────────


@pytest.fixture
def secret(desks: Desks, document: IncomingDocument) -> IncomingFile:
    file = attach(desks, document, pdf(("SỞ NỘI VỤ", "MẬT", SAID)), "cong-van.pdf")
    read_all()
    return file


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 409), ("leader", 409), ("lead_head", 409), ("lead_official", 409),
     ("helper", 409), ("colleague", 404)],
)  # fmt: skip
def test_nobody_opens_it(
    who: str,
    status: int,
    desks: Desks,
    document: IncomingDocument,
    secret: IncomingFile,
    signed_in: Any,
) -> None:
    address = f"/api/v1/incoming-documents/{document.pk}/files/{secret.pk}"
    browser = signed_in(getattr(desks, who))
    for query in ("", "?show=true"):
        answer = browser.get(address + query)
        assert answer.status_code == status
        if status == 409:
            assert answer.json()["code"] == "state_secret"


def test_it_is_not_copied_and_in_no_case_file(
    desks: Desks, document: IncomingDocument, secret: IncomingFile, book: Any
) -> None:
    other = attach(desks, document, pdf((SAID,)))
    plan = copy_plan(book)
    refused(lambda: copy_received(desks.clerk, document.pk, secret.pk, plan))
    digests = {file.digest for file in held_files(desks.clerk, document).files}
    assert digests == {other.digest}


def test_the_trail_and_an_event_tell_it_without_a_word_of_the_file(
    document: IncomingDocument, secret: IncomingFile
) -> None:
    entry = AuditEntry.objects.get(action="incoming.file_set_aside")
    assert (entry.actor, entry.subject_id) == (None, str(document.pk))
    assert entry.details == {
        "file": str(secret.pk), "name": secret.name, "digest": secret.digest,
    }  # fmt: skip
    event = OutboxEvent.objects.get(kind="incoming.file_set_aside")
    assert event.subject_id == str(document.pk)
    assert event.payload["file"] == str(secret.pk)
    assert "MẬT" not in f"{entry.details} {event.payload}"


@pytest.mark.parametrize(
    ("language", "said", "badge"),
    [("vi", "hãy gỡ tệp", "Ghi độ mật"), ("en", "remove the file", "Marked secret")],
)
def test_the_clerk_is_told_why_and_removes_it(
    language: str,
    said: str,
    badge: str,
    desks: Desks,
    document: IncomingDocument,
    secret: IncomingFile,
    signed_in: Any,
) -> None:
    desks.clerk.language = language
    desks.clerk.save(update_fields=["language"])
    browser = signed_in(desks.clerk)
    address = f"/incoming/{document.pk}/"
    text = browser.get(address).content.decode()
    assert said in text
    assert badge in text
    assert f"/files/{secret.pk}/remove/" in text
    assert f"/api/v1/incoming-documents/{document.pk}/files/{secret.pk}" not in text
    remove_file(desks.clerk, document.pk, secret.pk, "văn bản mật")
    assert said not in browser.get(address).content.decode()


def test_the_api_tells_it(
    desks: Desks, document: IncomingDocument, secret: IncomingFile, signed_in: Any
) -> None:
    address = f"/api/v1/incoming-documents/{document.pk}/handling"
    [file] = signed_in(desks.clerk).get(address).json()["files"]
    assert file["text_layer"] == "secret"


def test_the_same_bytes_are_attached_nowhere_again(
    desks: Desks, document: IncomingDocument, secret: IncomingFile
) -> None:
    remove_file(desks.clerk, document.pk, secret.pk, "văn bản mật")
    data = providers.blob_store.get().get(secret.digest)
    other = desks.register()
    for where in (document, other):
        error = refused(lambda: attach(desks, where, data, "khác.pdf"))  # noqa: B023
        assert "sổ văn bản mật" in str(error)
    assert not IncomingFile.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "Độ mật - Tuyệt mật"])
def test_a_file_named_by_a_mark_is_refused(
    desks: Desks, document: IncomingDocument, mark: str
) -> None:
    error = refused(lambda: attach(desks, document, pdf((SAID,)), f"{mark}.pdf"))
    assert "sổ văn bản mật" in str(error)
    assert not IncomingFile.objects.exists()
    fine = attach(desks, document, pdf((SAID,)), "Quy chế bảo mật.pdf")
    assert fine.name == "Quy chế bảo mật.pdf"
