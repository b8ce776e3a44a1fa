"""An office whose keys are in tokens: the leader's approval and the clerk's issue sign
with them, and no key is in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.common import clock, providers
from server.common.errors import Unavailable
from server.publishing.signing.report import Place, Verdict
from server.publishing.signing.verify import verify
from server.registry.signing_keys import person_signer, trusted
from tests.support import signing
from tests.support.tokens import PIN, TOKEN, put_key, token

__all__ = ["token"]


@pytest.fixture
def in_tokens(digital: None, token: Path, settings: Any) -> Path:
    """VPUBND signs digitally, and its keys have left the files for the token."""
    keys, folder = signing.keys(), Path(settings.PERSON_KEYS)
    for left in folder.glob("*.p12"):
        left.unlink()
    put_key(token, keys.office, "co-quan")
    put_key(token, keys.leader, "lanh-dao")
    settings.ORGANISATION_TOKEN = TOKEN
    settings.ORGANISATION_TOKEN_MODULE = str(token)
    settings.ORGANISATION_TOKEN_CERTIFICATE = "co-quan"
    settings.ORGANISATION_PASSWORD.write_text(f"{PIN}\n")
    (folder / "lanhdao.password").write_text(f"{PIN}\n")
    (folder / "lanhdao.token").write_text(
        f'module = "{token}"\ntoken = "{TOKEN}"\ncertificate = "lanh-dao"\n'
    )
    return folder


def test_a_letter_is_signed_by_both_tokens(in_tokens: Path, issued: Any) -> None:
    document = issued()
    pdf = providers.blob_store.get().get(document.issued_files.pdf)
    report = verify(pdf, trusted(), clock.now())
    assert report.verdict is Verdict.VALID
    assert [(s.place, s.signer) for s in report.signatures] == [
        (Place.PERSON, signing.LEADER),
        (Place.ORGANISATION, signing.OFFICE),
    ]


@pytest.mark.parametrize(
    "said",
    ["", "module = 5", 'module = "x"', "no toml at all", 'module = "/nowhere.so"'],
)
def test_a_token_that_is_described_wrongly_is_no_key(
    said: str, digital: None, cast: Any, settings: Any
) -> None:
    folder = Path(settings.PERSON_KEYS)
    (folder / "lanhdao.token").write_text(said)
    with pytest.raises(Unavailable) as caught, person_signer(cast.lanhdao).session():
        pass
    assert caught.value.code == "key_unusable"


def test_an_unreadable_pin_is_no_key(digital: None, cast: Any, settings: Any) -> None:
    folder = Path(settings.PERSON_KEYS)
    (folder / "lanhdao.token").write_text(
        'module = "/x.so"\ntoken = "a"\ncertificate = "b"\n'
    )
    (folder / "lanhdao.password").unlink()
    with pytest.raises(Unavailable):
        person_signer(cast.lanhdao)
