"""Scanned pages are recognised one by one, and the clerk sees how far it is.

With a stand-in for Tesseract that says what a test wants; the real one is asked in
`tests/unit/server/publishing/test_office_programs.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from server.common import clock
from server.registry.models import FileWords, IncomingFile, TextLayer, WhyUnread
from server.registry.queries.search import search
from server.registry.search.attached import EDITION, read_new_files
from server.registry.search.programs import Programs
from server.registry.search.reading_apart import FileReader, Stopped
from server.registry.search.recognising import recognise_next
from tests.support.attachments import attach, pdf_saying, read_all
from tests.support.incoming import NOON, Desks
from tests.support.office_files import picture_saying, scan_saying
from tests.support.programs import CRASH, ENDLESS, hasty, office, recogniser

SAYS = "print('Chuyển đổi số trong cơ quan')"
WORDS = '"chuyển đổi số"'
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def found(desks: Desks, q: str = WORDS) -> list[Any]:
    return [hit.entry.object_id for hit in search(desks.clerk, q).hits]


def line_of(signed_in: Any, desks: Desks, document: Any) -> str:
    """What the page says of the words of the one file."""
    page = signed_in(desks.clerk).get(f"/incoming/{document.pk}/").content.decode()
    return page.partition("Chữ trong tệp: ")[2].partition("<")[0].strip()


def read_with(programs: Programs) -> list[str]:
    return list(read_new_files(FileReader(programs)))


def test_a_scan_is_recognised_page_by_page_and_found(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một", "hai"))
    steps = read_new_files(FileReader(recogniser(tmp_path, SAYS)))
    assert line_of(signed_in, desks, document) == "đang chờ đọc"
    for said in ("đang đọc, xong 0/2 trang quét", "đang đọc, xong 1/2 trang quét"):
        next(steps)
        assert line_of(signed_in, desks, document) == said
        assert found(desks) == []
    assert len(list(steps)) == 1
    assert found(desks) == [document.pk]
    end = "đã đọc; nhận dạng 2 trang quét"
    assert line_of(signed_in, desks, document) == end


def test_the_page_asks_again_while_it_is_read_and_no_longer(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    file = attach(desks, document, scan_saying("một"))
    browser = signed_in(desks.clerk)
    address = f"/incoming/{document.pk}/files/{file.pk}/words/"
    assert f'hx-get="{address}"' in browser.get(address).content.decode()
    read_with(recogniser(tmp_path, SAYS))
    part = browser.get(address).content.decode()
    assert "đã đọc" in part
    assert "hx-get" not in part
    assert signed_in(desks.colleague).get(address).status_code == 404
    other = desks.register()
    assert browser.get(
        address.replace(str(document.pk), str(other.pk))
    ).status_code == (404)


def test_the_api_tells_how_far_it_is(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một", "hai"))
    steps = read_new_files(FileReader(recogniser(tmp_path, SAYS)))
    next(steps)
    next(steps)
    address = f"/api/v1/incoming-documents/{document.pk}/handling"
    [file] = signed_in(desks.clerk).get(address).json()["files"]
    assert file["text_layer"] == "reading"
    assert (file["text_pages"], file["text_pages_left"]) == (2, 1)
    assert (file["text_pages_failed"], file["text_why"]) == (0, "")


def test_what_has_letters_is_found_before_its_pictures_are_read(
    desks: Desks, tmp_path: Path
) -> None:
    """A letter with a scanned appendix, as they come."""
    from io import BytesIO

    import pypdfium2

    whole = pypdfium2.PdfDocument(pdf_saying("Công văn về biên chế"))
    scanned = pypdfium2.PdfDocument(scan_saying("phụ lục"))
    whole.import_pages(scanned)
    out = BytesIO()
    whole.save(out)
    whole.close()
    scanned.close()
    document = desks.register()
    attach(desks, document, out.getvalue())
    steps = read_new_files(FileReader(recogniser(tmp_path, SAYS)))
    next(steps)
    assert FileWords.objects.get().layer == TextLayer.READING
    assert found(desks, "biên chế") == [document.pk]
    list(steps)
    assert found(desks, f"biên chế {WORDS}") == [document.pk]


def test_a_server_that_ended_goes_on_where_it_was(desks: Desks, tmp_path: Path) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một", "hai", "ba"))
    count = tmp_path / "count"
    does = f"{SAYS}\nopen({str(count)!r}, 'a').write('x')"
    steps = read_new_files(FileReader(recogniser(tmp_path, does)))
    next(steps)
    next(steps)
    steps.close()
    assert FileWords.objects.get().pages == [1, 2]
    assert len(read_with(recogniser(tmp_path, does))) == 2
    assert count.read_text() == "xxx"
    assert found(desks) == [document.pk]


def test_a_page_in_hand_when_the_server_ends_is_free_for_the_next(
    desks: Desks, tmp_path: Path
) -> None:
    attach(desks, desks.register(), scan_saying("một"))
    reader = FileReader(recogniser(tmp_path, SAYS))
    next(read_new_files(reader))
    reader.stop()
    with pytest.raises(Stopped):
        recognise_next(reader)
    row = FileWords.objects.get()
    assert (row.pages, row.claimed_until) == ([0], None)


def test_two_processes_do_not_recognise_one_file_at_once(
    desks: Desks, tmp_path: Path
) -> None:
    attach(desks, desks.register(), scan_saying("một"))
    reader = FileReader(recogniser(tmp_path, SAYS))
    next(read_new_files(reader))
    held = clock.now() + timedelta(seconds=30)
    FileWords.objects.update(claimed_until=held)
    assert recognise_next(reader) is None
    # A process that was killed holds it no longer than that.
    with clock.fixed(held + timedelta(seconds=1)):
        assert recognise_next(reader) is not None
    assert FileWords.objects.get().layer == TextLayer.WORDS


def test_a_page_on_which_the_program_fails_is_passed_over(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một", "hai"))
    mark = tmp_path / "mark"
    does = (
        f"mark = pathlib.Path({str(mark)!r})\n"
        f"if not mark.exists():\n    mark.touch()\n    raise SystemExit(1)\n{SAYS}"
    )
    read_with(recogniser(tmp_path, does))
    assert found(desks) == [document.pk]
    end = "đã đọc; nhận dạng 1 trang quét; 1 trang quét không đọc được"
    assert line_of(signed_in, desks, document) == end


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (CRASH, "chương trình đọc bị lỗi với tệp này"),
        (ENDLESS, "đọc quá lâu nên đã dừng"),
    ],
    ids=["crash", "endless"],
)
def test_a_file_on_which_the_program_always_fails_says_why(
    desks: Desks, signed_in: Any, tmp_path: Path, does: str, why: str
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một"))
    read_with(hasty(recogniser(tmp_path, does)))
    assert FileWords.objects.get().layer == TextLayer.UNREADABLE
    assert line_of(signed_in, desks, document) == f"không đọc được: {why}"
    # It is not tried again and again.
    assert read_with(recogniser(tmp_path, SAYS)) == []


def test_pages_without_a_word_are_told_as_such(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một"))
    read_with(recogniser(tmp_path, "print('~ | .')"))
    assert FileWords.objects.get().layer == TextLayer.NOTHING
    said = line_of(signed_in, desks, document)
    assert said == "không thấy chữ nào; nhận dạng 1 trang quét"


def test_of_a_very_long_scan_the_first_pages_are_read(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một", "hai", "ba"))
    read_with(replace(recogniser(tmp_path, SAYS), most_pages=2))
    said = line_of(signed_in, desks, document)
    assert "nhận dạng 2 trang quét" in said
    assert "quá nhiều trang, chỉ đọc các trang đầu" in said


def test_pictures_are_read_too(desks: Desks, tmp_path: Path) -> None:
    document = desks.register()
    attach(desks, document, picture_saying("một"), "ảnh.png")
    read_with(recogniser(tmp_path, SAYS))
    assert found(desks) == [document.pk]


def test_new_files_come_before_the_pages_of_older_ones(
    desks: Desks, tmp_path: Path
) -> None:
    attach(desks, desks.register(), scan_saying("một", "hai", "ba"))
    steps = read_new_files(FileReader(recogniser(tmp_path, SAYS)))
    next(steps)
    next(steps)
    document = desks.register()
    attach(desks, document, pdf_saying("Đề án tinh giản biên chế"), "mới.pdf")
    next(steps)
    assert found(desks, "tinh giản") == [document.pk]


# ── a program that is missing, and comes later ───────────────────────────────────


def test_a_scan_waits_for_the_program_and_is_read_when_it_is_there(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một"))
    assert read_all() == 1
    said = "không đọc được: máy chủ chưa cài chương trình nhận dạng chữ"
    assert line_of(signed_in, desks, document) == said
    assert read_all() == 0
    read_with(recogniser(tmp_path, SAYS))
    assert found(desks) == [document.pk]


def test_a_scan_whose_program_is_gone_is_told_as_unread(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, scan_saying("một", "hai"))
    steps = read_new_files(FileReader(recogniser(tmp_path, SAYS)))
    next(steps)
    next(steps)
    steps.close()
    assert read_all() == 1
    said = "không đọc được: máy chủ chưa cài chương trình nhận dạng chữ"
    assert line_of(signed_in, desks, document) == said


def test_an_old_word_file_waits_for_its_program_too(
    desks: Desks, signed_in: Any, tmp_path: Path
) -> None:
    document = desks.register()
    attach(desks, document, DOC, "cũ.doc")
    assert read_all() == 1
    said = "không đọc được: máy chủ chưa cài chương trình đọc loại tệp này"
    assert line_of(signed_in, desks, document) == said
    newer = tmp_path / "newer.docx"
    from tests.support.attachments import docx_saying

    newer.write_bytes(docx_saying("Chuyển đổi số"))
    read_with(office(tmp_path, f"shutil.copy({str(newer)!r}, made)"))
    assert found(desks) == [document.pk]
    assert line_of(signed_in, desks, document) == "đã đọc"


def test_what_an_earlier_edition_read_is_read_again(
    desks: Desks, tmp_path: Path
) -> None:
    """It did not say which pages are pictures; its words stay found meanwhile."""
    document = desks.register()
    file = attach(desks, document, scan_saying("một"))
    FileWords.objects.create(
        digest=file.digest, layer=TextLayer.WORDS, text="biên chế", read_at=clock.now()
    )
    assert FileWords.objects.get().edition < EDITION
    call_command("reindex", verbosity=0)
    assert FileWords.objects.get().why == WhyUnread.NO_RECOGNISER
    read_with(recogniser(tmp_path, SAYS))
    assert found(desks) == [document.pk]


def test_reindex_leaves_the_pages_to_the_server(
    desks: Desks, tmp_path: Path, settings: Any
) -> None:
    settings.RECOGNISER = recogniser(tmp_path, SAYS).recogniser
    attach(desks, desks.register(), scan_saying("một"))
    call_command("reindex", verbosity=0)
    assert FileWords.objects.get().layer == TextLayer.READING
    assert IncomingFile.objects.count() == 1
