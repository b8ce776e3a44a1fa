"""A time-stamp keeps a signature provable; a token signs without giving its key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp

from server.common.errors import Unavailable
from server.publishing.signing.keys import Pkcs11Signer, pkcs12_from_files
from server.publishing.signing.report import Certificate, Verdict
from server.publishing.signing.sign import Signing, sign_person
from server.publishing.signing.timestamp import HttpTimestampService
from server.publishing.signing.verify import verify
from tests.support.signing import LEADER, NOON, PASSWORD, handwriting, keys, letter
from tests.support.timestamps import time_stamper
from tests.support.tokens import PIN, TOKEN, put_key, token

__all__ = ["token"]

LABEL = "lanh-dao"


@pytest.fixture
def service() -> Iterator[str]:
    """The address of an RFC 3161 service on this machine."""
    stamper = time_stamper()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            request = tsp.TimeStampReq.load(asked)
            data = stamper.request_tsa_response(request).dump()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments: object) -> None:
            """Tests stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def signed(signing: Signing) -> bytes:
    pdf, places = letter()
    return sign_person(pdf, signing, handwriting(), places)


def test_time_stamp_outlives_the_certificate(service: str) -> None:
    pdf = signed(Signing(keys().leader, NOON, HttpTimestampService(service)))
    report = verify(pdf, keys().anchors, NOON + timedelta(days=1500))
    assert report.verdict is Verdict.VALID
    (found,) = report.signatures
    assert found.timestamped
    assert found.signed_at == NOON + timedelta(seconds=1)
    plain = verify(signed(Signing(keys().leader, NOON)), keys().anchors, NOON)
    assert not plain.signatures[0].timestamped


def test_time_stamp_of_a_stranger_proves_no_time(service: str) -> None:
    pdf = signed(Signing(keys().leader, NOON, HttpTimestampService(service)))
    other = keys().anchors.__class__()
    (found,) = verify(pdf, other, NOON).signatures
    assert not found.timestamped
    assert found.certificate is Certificate.UNKNOWN


def test_silent_time_stamp_service_stops_the_signature() -> None:
    nobody = HttpTimestampService("http://127.0.0.1:9/")
    with pytest.raises(Unavailable) as caught:
        signed(Signing(keys().leader, NOON, nobody))
    assert caught.value.code == "timestamp_unavailable"


def test_key_is_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "office.p12").write_bytes(keys().leader.data)
    (tmp_path / "office.password").write_bytes(PASSWORD + b"\n")
    signer = pkcs12_from_files(tmp_path / "office.p12", tmp_path / "office.password")
    assert verify(signed(Signing(signer, NOON)), keys().anchors, NOON).signatures
    with pytest.raises(Unavailable):
        pkcs12_from_files(tmp_path / "nothing.p12", tmp_path / "office.password")


def test_token_signs_and_keeps_its_key(token: Path) -> None:
    put_key(token, keys().leader, LABEL)
    signer = Pkcs11Signer(token, TOKEN, LABEL, PIN)
    report = verify(signed(Signing(signer, NOON)), keys().anchors, NOON)
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].signer == LEADER
    with pytest.raises(Unavailable) as caught:
        signed(Signing(Pkcs11Signer(token, TOKEN, LABEL, "000000"), NOON))
    assert caught.value.code == "key_unusable"
    assert "000000" not in str(caught.value)


def test_missing_token_is_named_without_details() -> None:
    with pytest.raises(Unavailable) as caught:
        signed(Signing(Pkcs11Signer(Path("/nowhere.so"), TOKEN, LABEL, PIN), NOON))
    assert caught.value.code == "key_unusable"
