"""Files of incoming documents: what is taken, who gets it, how it is served."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncRequestFactory

from server.common import clock, providers
from server.common.streaming import stream
from server.registry.models import IncomingDocument, IncomingFile
from tests.support.incoming import NOON, PDF, Desks

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40


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


def base(document: IncomingDocument) -> str:
    return f"/api/v1/incoming-documents/{document.pk}/files"


def send(
    browser: Any, document: IncomingDocument, data: bytes, name: str = "quét.pdf"
) -> Any:
    # The type that a browser claims is never believed.
    file = SimpleUploadedFile(name, data, content_type="text/html")
    return browser.post(base(document), {"file": file})


@pytest.mark.parametrize(
    ("who", "adds", "reads"),
    [
        ("clerk", 201, 200),
        ("leader", 403, 200),
        ("lead_head", 403, 200),
        ("lead_official", 403, 200),
        ("helper", 403, 200),
        ("colleague", 404, 404),
    ],
)
def test_who_attaches_and_who_reads(
    who: str,
    adds: int,
    reads: int,
    desks: Desks,
    document: IncomingDocument,
    signed_in: Any,
) -> None:
    held = send(signed_in(desks.clerk), document, PDF).json()["id"]
    browser = signed_in(getattr(desks, who))
    assert send(browser, document, PNG).status_code == adds
    assert browser.get(f"{base(document)}/{held}").status_code == reads
    removed = browser.post(
        f"{base(document)}/{held}/remove",
        {"reason": "nhầm"},
        content_type="application/json",
    )
    assert removed.status_code == (204 if adds == 201 else adds)


@pytest.mark.parametrize("who", ["stranger", "sotttt", "quantri"])
def test_a_stranger_finds_no_file(
    who: str, desks: Desks, document: IncomingDocument, request: Any, signed_in: Any
) -> None:
    held = send(signed_in(desks.clerk), document, PDF).json()["id"]
    browser = signed_in(request.getfixturevalue(who))
    assert browser.get(f"{base(document)}/{held}").status_code == 404
    assert send(browser, document, PNG).status_code == 404


def test_a_file_comes_back_as_it_was_and_runs_nowhere(
    desks: Desks, document: IncomingDocument, signed_in: Any
) -> None:
    browser = signed_in(desks.clerk)
    held = send(browser, document, PDF, "Công văn “số 9”.pdf").json()
    assert held["digest"] == hashlib.sha256(PDF).hexdigest()
    assert (held["content_type"], held["pdf_too_old"]) == ("application/pdf", False)
    answer = browser.get(f"{base(document)}/{held['id']}")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    shown = browser.get(f"{base(document)}/{held['id']}?show=true")
    assert shown["Content-Disposition"].startswith("inline;")
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in shown["Content-Security-Policy"]


def test_only_pictures_and_pdf_are_shown(
    desks: Desks, document: IncomingDocument, signed_in: Any
) -> None:
    browser = signed_in(desks.clerk)
    held = send(browser, document, b"PK\x03\x04 rest", "tệp.zip").json()["id"]
    answer = browser.get(f"{base(document)}/{held}?show=true")
    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"", "rỗng.pdf", 400, "file_empty"),
        (b"<html>", "a.pdf", 400, "file_unknown"),
        (PDF + b"%" * 3000, "lớn.pdf", 413, "file_too_large"),
    ],
)
def test_what_is_not_taken_is_said_clearly(
    data: bytes,
    name: str,
    status: int,
    code: str,
    desks: Desks,
    document: IncomingDocument,
    signed_in: Any,
    settings: Any,
) -> None:
    settings.MAX_INCOMING_FILE_BYTES = 2000
    answer = send(signed_in(desks.clerk), document, data, name)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not IncomingFile.objects.exists()


def test_the_same_file_is_attached_once_and_again_after_it_was_taken_off(
    desks: Desks, document: IncomingDocument, signed_in: Any
) -> None:
    browser = signed_in(desks.clerk)
    held = send(browser, document, PDF).json()["id"]
    assert send(browser, document, PDF).json()["code"] == "file_twice"
    path = f"{base(document)}/{held}/remove"
    empty = browser.post(path, {"reason": " "}, content_type="application/json")
    assert empty.status_code == 400
    browser.post(path, {"reason": "nhầm"}, content_type="application/json")
    assert browser.get(f"{base(document)}/{held}").status_code == 404
    assert send(browser, document, PDF).status_code == 201
    kept = IncomingFile.objects.get(pk=held)
    assert (kept.removed_reason, kept.removed_by) == ("nhầm", desks.clerk)
    assert providers.blob_store.get().has(kept.digest), "nothing is lost"


def test_a_file_of_another_document_is_not_found_here(
    desks: Desks, document: IncomingDocument, signed_in: Any
) -> None:
    browser = signed_in(desks.clerk)
    held = send(browser, document, PDF).json()["id"]
    other = desks.register()
    assert browser.get(f"{base(other)}/{held}").status_code == 404


def test_an_old_pdf_is_pointed_out(
    desks: Desks, document: IncomingDocument, signed_in: Any
) -> None:
    old = send(signed_in(desks.clerk), document, b"%PDF-1.3 old").json()
    assert (old["pdf_version"], old["pdf_too_old"]) == ("1.3", True)


async def test_an_asynchronous_server_gets_the_file_in_pieces() -> None:
    pieces = iter([b"a", b"b", b"c"])
    answer = stream(
        AsyncRequestFactory().get("/"), pieces, content_type="application/pdf", size=3
    )
    assert answer.is_async
    assert [piece async for piece in answer] == [b"a", b"b", b"c"]
    assert answer["Content-Length"] == "3"
