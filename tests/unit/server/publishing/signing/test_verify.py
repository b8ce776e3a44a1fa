"""Whatever is done to a signed file is found out."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import crl
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from server.common.errors import InvalidInput
from server.publishing.signing import verify as verify_module
from server.publishing.signing.anchors import Anchors, BadAnchor, read_anchors
from server.publishing.signing.appearance import picture_drawing, take_over
from server.publishing.signing.report import Certificate, Report, Since, Verdict
from server.publishing.signing.sign import Signing, sign_organisation, sign_person
from server.publishing.signing.verify import verify
from tests.support.signing import (
    NOON,
    certificate_of,
    handwriting,
    issued,
    key_of,
    keys,
    letter,
    seal,
    signed_by_person,
)

SOON = NOON + timedelta(hours=2)


def check(pdf: bytes) -> Report:
    return verify(pdf, keys().anchors, SOON)


def edited(pdf: bytes, change: Any) -> bytes:
    """`pdf` with an incremental update by somebody who has no key."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def field(writer: IncrementalPdfFileWriter, name: str) -> Any:
    found = [f.get_object() for f in writer.root["/AcroForm"]["/Fields"]]
    return next(f for f in found if f["/T"] == name)


def test_file_that_nobody_signed_says_so() -> None:
    assert check(letter()[0]).verdict is Verdict.UNSIGNED


def test_one_changed_byte_breaks_the_signatures_over_it() -> None:
    pdf = bytearray(issued())
    place = pdf.index(b"stream") + 40
    pdf[place] ^= 1
    report = check(bytes(pdf))
    assert report.verdict is Verdict.CHANGED
    assert not any(signature.intact for signature in report.signatures)


def test_change_after_the_person_signed_breaks_only_what_covers_it() -> None:
    pdf = bytearray(issued())
    place = len(signed_by_person()) + pdf[len(signed_by_person()) :].index(b"328")
    pdf[place : place + 3] = b"329"
    person, organisation = check(bytes(pdf)).signatures
    assert person.intact
    assert not organisation.intact


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_file_cut_off_is_not_taken(share: float) -> None:
    pdf = issued()
    with pytest.raises(InvalidInput) as caught:
        check(pdf[: int(len(pdf) * share)])
    assert caught.value.code == "not_a_pdf"


def test_file_cut_back_to_the_person_lacks_the_organisation() -> None:
    report = check(issued()[: len(signed_by_person())])
    assert len(report.signatures) == 1


@pytest.mark.parametrize("tail", [b"<html>", b"\n%%EOF\nmore", b"x" * 3000])
def test_bytes_behind_the_end_count_as_a_change(tail: bytes) -> None:
    try:
        verdict = check(issued() + tail).verdict
    except InvalidInput:
        return
    assert verdict is Verdict.CHANGED


def test_another_image_in_the_signature_is_found() -> None:
    def swap(writer: IncrementalPdfFileWriter) -> None:
        target = field(writer, "signer")
        other = picture_drawing(handwriting("#0040ff").data, 170, 70)
        target["/AP"] = generic.DictionaryObject(
            {pdf_name("/N"): take_over(other, writer)}
        )
        writer.update_container(target)

    for pdf in (signed_by_person(), issued()):
        assert check(edited(pdf, swap)).verdict is Verdict.CHANGED


def test_another_page_text_is_found() -> None:
    def overwrite(writer: IncrementalPdfFileWriter) -> None:
        words = generic.StreamObject(stream_data=b"q 1 0 0 RG 50 50 300 300 re S Q")
        writer.add_stream_to_page(0, writer.add_object(words))

    for pdf in (signed_by_person(), issued()):
        assert check(edited(pdf, overwrite)).verdict is Verdict.CHANGED


def test_a_note_over_the_page_is_found() -> None:
    def annotate(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0]
        rect = [generic.NumberObject(n) for n in (50, 50, 400, 700)]
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(rect),
                pdf_name("/Contents"): generic.TextStringObject("bãi bỏ"),
            }
        )
        writer.register_annotation(page, writer.add_object(note))

    for pdf in (signed_by_person(), issued()):
        assert check(edited(pdf, annotate)).verdict is Verdict.CHANGED


def renumber(writer: IncrementalPdfFileWriter) -> None:
    target = field(writer, "number")
    target["/V"] = generic.TextStringObject("999")
    writer.update_container(target)


def test_number_may_change_until_the_organisation_signs_and_not_after() -> None:
    assert check(edited(signed_by_person(), renumber)).verdict is Verdict.VALID
    person, organisation = check(edited(issued(), renumber)).signatures
    assert person.since is Since.ALLOWED
    assert organisation.since is Since.CHANGED


def test_date_of_signing_cannot_be_moved() -> None:
    def backdate(writer: IncrementalPdfFileWriter) -> None:
        value = field(writer, "signer")["/V"]
        value["/M"] = generic.TextStringObject("D:20200101000000Z")
        writer.update_container(value)

    assert check(edited(issued(), backdate)).verdict is Verdict.CHANGED


def test_impostor_with_the_same_name_is_not_trusted() -> None:
    pdf, places = letter()
    forged = sign_person(pdf, Signing(keys().impostor, NOON), handwriting(), places)
    report = check(forged)
    assert report.verdict is Verdict.UNPROVEN
    assert report.signatures[0].certificate is Certificate.UNKNOWN


def test_impostor_cannot_lend_the_letter_a_seal() -> None:
    forged = sign_organisation(
        signed_by_person(), Signing(keys().impostor, NOON), seal()
    )
    report = check(forged)
    assert report.verdict is Verdict.UNPROVEN
    assert [s.certificate for s in report.signatures] == [
        Certificate.TRUSTED,
        Certificate.UNKNOWN,
    ]


def test_without_anchors_nobody_is_trusted() -> None:
    report = verify(issued(), Anchors(), SOON)
    assert {s.certificate for s in report.signatures} == {Certificate.UNKNOWN}


def test_certificate_that_has_ended_proves_nothing_without_a_time_stamp() -> None:
    report = verify(issued(), keys().anchors, NOON + timedelta(days=800))
    assert report.verdict is Verdict.UNPROVEN
    assert {s.certificate for s in report.signatures} == {Certificate.EXPIRED}


def test_certificate_that_has_not_begun_is_named() -> None:
    report = verify(issued(), keys().anchors, NOON - timedelta(days=2))
    assert {s.certificate for s in report.signatures} == {Certificate.NOT_YET_VALID}


def test_revoked_certificate_is_named() -> None:
    authority = keys().authority
    signer = key_of(authority, "Người bị thu hồi", "Văn phòng")
    pdf, places = letter()
    signed = sign_person(pdf, Signing(signer, NOON), handwriting(), places)
    serial = int(check(signed).signatures[0].serial, 16)
    revoked = (
        pyca.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(NOON + timedelta(minutes=1))
        .build()
    )
    listed = (
        pyca.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(NOON + timedelta(hours=1))
        .next_update(NOON + timedelta(days=30))
        .add_revoked_certificate(revoked)
        .sign(authority.key, hashes.SHA256())
    )
    lists = (crl.CertificateList.load(listed.public_bytes(Encoding.DER)),)
    anchors = Anchors(keys().anchors.certificates, lists)
    (found,) = verify(signed, anchors, SOON).signatures
    assert found.certificate is Certificate.REVOKED
    assert found.revocation_known
    others = verify(signed_by_person(), anchors, SOON)
    assert others.verdict is Verdict.VALID


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n99999999\n%%EOF\n"],
)
def test_what_is_no_pdf_is_named(data: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        check(data)
    assert caught.value.code == "not_a_pdf"


def test_file_with_endless_revisions_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify_module, "MAX_REVISIONS", 1)
    with pytest.raises(InvalidInput) as caught:
        check(issued())
    assert caught.value.code == "too_many_signatures"


def test_digest_names_the_file() -> None:
    assert check(issued()).digest != check(signed_by_person()).digest


def test_anchors_are_read_from_a_folder(tmp_path: Any) -> None:
    pem = keys().authority.pem
    (tmp_path / "office.pem").write_bytes(pem)
    (tmp_path / "notes.txt").write_text("not a certificate")
    found = read_anchors(tmp_path).certificates
    known = certificate_of(keys().authority)
    assert [certificate.dump() for certificate in found] == [known.dump()]
    assert read_anchors(tmp_path / "nowhere") == Anchors()


def test_broken_anchor_is_named(tmp_path: Any) -> None:
    (tmp_path / "bad.crt").write_bytes(b"\x30\x03\x02\x01")
    with pytest.raises(BadAnchor, match=r"bad\.crt"):
        read_anchors(tmp_path)
