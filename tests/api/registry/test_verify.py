"""Anybody may ask whether a PDF is still what was signed; nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from server.accounts.models import Organisation
from server.common import clock
from server.common.errors import Unavailable
from server.common.models import AuditEntry, OutboxEvent
from server.publishing.signing.report import Verdict
from server.publishing.signing.sign import Signing, sign_organisation, sign_person
from server.publishing.signing.verify import verify
from server.registry import signing_keys, verifying
from server.registry.demo_keys import make_demo_keys
from tests.support.cast import Cast
from tests.support.signing import (
    NOON,
    handwriting,
    issued,
    keys,
    letter,
    seal,
    signed_by_person,
)


@pytest.fixture(autouse=True)
def trust(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An office that trusts the authority of the tests, at the time of the tests."""
    settings.TRUST_DIR = tmp_path / "trust"
    settings.TRUST_DIR.mkdir()
    (settings.TRUST_DIR / "office.pem").write_bytes(keys().authority.pem)
    settings.ORGANISATION_KEY = tmp_path / "keys" / "organisation.p12"
    settings.ORGANISATION_PASSWORD = tmp_path / "keys" / "organisation.password"
    settings.PERSON_KEYS = tmp_path / "keys" / "people"
    verifying.throttle.forget()
    with clock.fixed(NOON):
        yield settings.TRUST_DIR
    verifying.throttle.forget()


def pdf(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("cong-van.pdf", data, "application/pdf")


def tampered() -> bytes:
    return issued().replace(b"%%EOF", b"%%EOG", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (issued(), "Tệp còn nguyên vẹn"),
        (tampered(), "Tệp đã bị thay đổi sau khi ký"),
        (signed_by_person(), "Chưa có chữ ký số của cơ quan"),
        (letter()[0], "Tệp này không có chữ ký số"),
    ],
    ids=["issued", "tampered", "person only", "unsigned"],
)
def test_page_says_plainly_what_was_found(data: bytes, words: str) -> None:
    page = Client().post("/verify/", {"file": pdf(data)})
    assert page.status_code == 200
    assert words in page.content.decode()


@pytest.mark.django_db
def test_page_names_the_signers_and_speaks_english_too() -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.post("/language/", {"language": "en", "next": "/verify/"})
    page = browser.post("/verify/", {"file": pdf(issued())}).content.decode()
    assert "Bùi Hồng Quý" in page
    assert "12:40:00 22/11/2026" in page


@pytest.mark.django_db
def test_page_opens_for_people_who_are_not_signed_in() -> None:
    page = Client().get("/verify/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
def test_page_refuses_what_is_no_pdf_with_a_reason() -> None:
    page = Client().post("/verify/", {"file": pdf(b"PK\x03\x04")})
    assert page.status_code == 400
    assert "không phải PDF" in page.content.decode()
    assert Client().post("/verify/").status_code == 400


@pytest.mark.django_db
def test_file_over_the_limit_is_not_read(settings: Any) -> None:
    settings.MAX_VERIFY_BYTES = 10_000
    assert Client().post("/verify/", {"file": pdf(issued())}).status_code == 413


@pytest.mark.django_db
def test_one_address_may_not_ask_endlessly(settings: Any) -> None:
    settings.VERIFY_PER_MINUTE = 2
    statuses = [
        Client().post("/api/v1/verify", {"file": pdf(letter()[0])}).status_code
        for _ in range(3)
    ]
    assert statuses == [200, 200, 429]
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/api/v1/verify", {"file": pdf(letter()[0])}).status_code == 200


@pytest.mark.django_db
def test_api_answers_the_same_for_programs() -> None:
    answer = Client().post("/api/v1/verify", {"file": pdf(issued())}).json()
    assert answer["verdict"] == "valid"
    assert [s["place"] for s in answer["signatures"]] == ["person", "organisation"]
    assert [s["since"] for s in answer["signatures"]] == ["allowed", "unchanged"]
    bad = Client().post("/api/v1/verify", {"file": pdf(b"x")})
    assert (bad.status_code, bad.json()["code"]) == (400, "not_a_pdf")


@pytest.mark.django_db
def test_nothing_is_kept() -> None:
    Client().post("/verify/", {"file": pdf(issued())})
    assert not AuditEntry.objects.exists()
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_broken_anchor_stops_the_check_instead_of_distrusting(trust: Path) -> None:
    (trust / "broken.pem").write_bytes(b"not a certificate")
    answer = Client().post("/api/v1/verify", {"file": pdf(issued())})
    assert answer.status_code == 503


def test_demo_office_signs_a_letter_that_its_own_page_trusts(cast: Cast) -> None:
    made = make_demo_keys()
    assert len(made.new) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.new)
    base, places = letter()
    person = Signing(signing_keys.person_signer(cast.lanhdao), NOON)
    signed = sign_person(base, person, handwriting(), places)
    office = Signing(signing_keys.organisation_signer(), NOON)
    whole = sign_organisation(signed, office, seal())
    report = verify(whole, signing_keys.trusted(), NOON)
    assert report.verdict is Verdict.VALID
    assert [s.signer for s in report.signatures] == [
        cast.lanhdao.full_name,
        cast.office.name,
    ]


def test_demo_keys_are_made_once(cast: Cast) -> None:
    first = make_demo_keys()
    before = {path: path.read_bytes() for path in first.new}
    again = make_demo_keys()
    assert again.new == ()
    assert {path: path.read_bytes() for path in again.kept} == before


@pytest.mark.django_db
def test_demo_keys_need_an_office() -> None:
    assert not Organisation.objects.exists()
    with pytest.raises(CommandError, match="seed"):
        call_command("demo_keys")


def test_person_without_a_key_cannot_sign(cast: Cast) -> None:
    make_demo_keys()
    with pytest.raises(Unavailable):
        signing_keys.person_signer(cast.chuyenvien)
    cast.chuyenvien.username = "../people/lanhdao"
    with pytest.raises(Unavailable):
        signing_keys.person_signer(cast.chuyenvien)
