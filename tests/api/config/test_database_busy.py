"""A database that does not answer: a 503 that says to try again, never a riddle."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client

from server.accounts.models import User

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def _locked(*args: object, **kwargs: object) -> None:
    raise OperationalError("database is locked")


@pytest.fixture
def at_work(chuyenvien: User, signed_in: SignedIn) -> Client:
    """A browser that is shown error pages, as in an office."""
    client = signed_in(chuyenvien)
    client.raise_request_exception = False
    return client


def test_a_program_is_told_to_try_again(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.registry.api.list_drafts", _locked)
    answer = at_work.get("/api/v1/drafts")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


def test_a_person_is_told_to_try_again(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.registry.views.listing.list_drafts", _locked)
    answer = at_work.get("/drafts/")
    assert answer.status_code == 503


def test_a_fault_of_ours_stays_a_500(
    at_work: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("server.registry.api.list_drafts", broken)
    assert at_work.get("/api/v1/drafts").status_code == 500
