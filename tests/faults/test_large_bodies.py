"""Both servers refuse a body that is too large, announced or not, and go on serving."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.office import Office

pytestmark = pytest.mark.server


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def small_office(request: pytest.FixtureRequest, open_office: Any) -> Iterator[Office]:
    office: Office = open_office(request.param, DUTHAO_MAX_VERIFY_BYTES="1000")
    yield office
    office.stop()


def chunks() -> Iterator[bytes]:
    for _ in range(40):
        yield b"x" * 50_000


@pytest.mark.parametrize("path", ["/api/v1/verify", "/verify/"])
@pytest.mark.parametrize("announced", [True, False])
def test_a_large_body_is_refused_with_an_answer_that_can_be_read(
    announced: bool, path: str, small_office: Office
) -> None:
    content: Any = b"x" * 2_000_000 if announced else chunks()
    answer = httpx.post(
        f"{small_office.base_url}{path}",
        content=content,
        headers={"Content-Type": "application/pdf"},
        timeout=30,
    )
    assert answer.status_code == 413
    if path.startswith("/api/"):
        assert answer.json()["code"] == "too_large"
    assert httpx.get(f"{small_office.base_url}/healthz", timeout=10).is_success


def test_what_fits_is_still_taken(small_office: Office) -> None:
    file = {"file": ("a.pdf", b"no pdf", "application/pdf")}
    answer = httpx.post(
        f"{small_office.base_url}/api/v1/verify", files=file, timeout=30
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "not_a_pdf")
