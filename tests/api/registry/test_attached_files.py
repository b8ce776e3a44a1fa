"""Files that say nothing, and files that were there before anybody read them."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command

from server.common import clock, providers
from server.config.search_watch import SearchWatch
from server.registry.models import FileWords, IncomingFile, TextLayer
from server.registry.queries.search import search
from server.registry.search.attached import EDITION, read_file
from server.registry.search.reading_apart import FileReader
from server.registry.search.upkeep import index_missing_files
from storage.update_log.threads import DatabaseThreads
from tests.support.attachments import attach, locked, pdf_saying, read_all, scan
from tests.support.cast import build_cast
from tests.support.incoming import NOON, PDF, Desks
from tests.support.wait import until_async

SAID = "Đề nghị rà soát danh mục dịch vụ công trực tuyến toàn trình"
WORDS = '"dịch vụ công trực tuyến"'


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def found(desks: Desks, q: str = WORDS) -> list[Any]:
    """What the clerk finds."""
    return [hit.entry.object_id for hit in search(desks.clerk, q).hits]


# ── files that say nothing ───────────────────────────────────────────────────────


NO_PROGRAM = "máy chủ chưa cài chương trình nhận dạng chữ"
CANNOT = "không đọc được: tệp hỏng, có mật khẩu hoặc quá nặng"


@pytest.mark.parametrize(
    ("data", "layer", "said"),
    [
        (scan(), TextLayer.NOTHING, f"không đọc được: {NO_PROGRAM}"),
        (PDF, TextLayer.NOTHING, "không thấy chữ nào"),
        (locked(pdf_saying(SAID)), TextLayer.UNREADABLE, CANNOT),
        (b"%PDF-1.7 nothing", TextLayer.UNREADABLE, CANNOT),
    ],
    ids=["scan", "empty", "locked", "broken"],
)
def test_a_file_that_says_nothing_is_listed_as_such(
    desks: Desks, signed_in: Any, data: bytes, layer: str, said: str
) -> None:
    document = desks.register()
    attach(desks, document, data)
    browser = signed_in(desks.clerk)
    address, handling = f"/incoming/{document.pk}/", "/api/v1/incoming-documents"
    before = browser.get(address).content.decode()
    assert "Chữ trong tệp: đang chờ đọc" in before
    assert said not in before
    read_all()
    assert FileWords.objects.get().layer == layer
    assert f"Chữ trong tệp: {said}" in browser.get(address).content.decode()
    answer = browser.get(f"{handling}/{document.pk}/handling").json()
    assert [file["text_layer"] for file in answer["files"]] == [layer]
    assert found(desks, "cải cách") == [document.pk]
    # It is not tried again and again.
    assert read_all() == 0


def test_a_file_that_is_missing_fails_nobody_and_is_read_when_it_is_back(
    desks: Desks,
) -> None:
    document = desks.register()
    data = pdf_saying(SAID)
    attach(desks, document, data)
    row = IncomingFile.objects.get()
    row.digest = "0" * 64
    row.save()
    assert read_all() == 1
    assert found(desks) == []
    row.digest = providers.blob_store.get().put(data).digest
    row.save()
    call_command("reindex", verbosity=0)
    assert found(desks) == [document.pk]


def test_archives_are_left_alone(desks: Desks, signed_in: Any) -> None:
    document = desks.register()
    attach(desks, document, b"Rar!\x1a\x07" + b"x" * 40, "gói.rar")
    assert read_all() == 0
    assert not FileWords.objects.exists()
    page = signed_in(desks.clerk).get(f"/incoming/{document.pk}/").content.decode()
    assert "Chữ trong tệp" not in page


# ── upkeep ───────────────────────────────────────────────────────────────────────


def test_reindex_reads_the_files_that_are_there_already(desks: Desks) -> None:
    document = desks.register()
    attach(desks, document, pdf_saying(SAID))
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "attached 1" in out.getvalue()
    assert found(desks) == [document.pk]


def test_reindex_tries_again_what_could_not_be_read(desks: Desks) -> None:
    document = desks.register()
    file = attach(desks, document, pdf_saying(SAID))
    FileWords.objects.create(
        digest=file.digest, layer=TextLayer.UNREADABLE, read_at=clock.now()
    )
    call_command("reindex", verbosity=0)
    assert found(desks) == [document.pk]


def test_words_that_another_process_read_meanwhile_are_put_right(desks: Desks) -> None:
    document = desks.register()
    attach(desks, document, pdf_saying("Phụ lục biên chế"))
    read_all()
    file = attach(desks, document, pdf_saying(SAID), "hai.pdf")
    FileWords.objects.create(
        digest=file.digest, layer=TextLayer.WORDS, text=SAID, read_at=clock.now(),
        edition=EDITION,
    )  # fmt: skip
    assert found(desks) == []
    assert index_missing_files() == 1
    assert found(desks, f"{WORDS} biên chế") == [document.pk]
    assert index_missing_files() == 0


def test_two_processes_that_read_one_file_write_it_once(desks: Desks) -> None:
    document = desks.register()
    file = attach(desks, document, pdf_saying(SAID))
    for _process in range(2):
        read_file(FileReader(), file.digest, file.content_type)
    assert found(desks) == [document.pk]


@pytest.mark.django_db(transaction=True)
def test_an_attached_file_is_found_within_seconds(stores: None) -> None:
    """The commit of the file is all that happens: the watch does the rest."""
    desks = Desks(build_cast())
    document = desks.register()

    async def attach_and_wait() -> None:
        watch = SearchWatch()
        threads = DatabaseThreads("access", using="default", count=1)
        watch.start()
        try:
            await threads.run(lambda: attach(desks, document, pdf_saying(SAID)))
            watch.note_file()

            async def is_found() -> bool:
                return await threads.run(lambda: bool(found(desks)))

            await until_async(is_found, 20)
        finally:
            await watch.close()
            await threads.close()

    async_to_sync(attach_and_wait)()
