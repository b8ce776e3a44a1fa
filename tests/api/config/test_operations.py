"""GET /api/v1/operations: counters for administrators, nothing for anyone else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from server.accounts.models import User
from server.config import wiring

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def test_an_administrator_reads_the_counters(
    quantri: User, signed_in: SignedIn
) -> None:
    wiring.engine().counters["closed_malformed_frame"] += 1
    answer = signed_in(quantri).get("/api/v1/operations")
    assert answer.status_code == 200
    body = answer.json()
    assert body["counters"]["closed_malformed_frame"] >= 1
    assert body["update_log"] is True


def test_nobody_else_finds_them(
    chuyenvien: User,
    truongphong: User,
    lanhdao: User,
    vanthu: User,
    signed_in: SignedIn,
) -> None:
    for user in (chuyenvien, truongphong, lanhdao, vanthu):
        answer = signed_in(user).get("/api/v1/operations")
        absent = signed_in(user).get("/api/v1/no-such-page")
        assert answer.status_code == absent.status_code == 404


def test_a_stranger_must_sign_in(client: Client) -> None:
    assert client.get("/api/v1/operations").status_code == 401
