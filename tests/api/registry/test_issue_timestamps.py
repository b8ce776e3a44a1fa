"""A time-stamp is asked for before anything is locked, however often one must ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.common import clock, providers
from server.common.errors import Unavailable
from server.publishing.signing.report import Verdict
from server.publishing.signing.verify import verify
from server.registry.actions import issuing, signing
from server.registry.actions.issuing import NETWORK_GUESSES, issue
from server.registry.actions.numbers import draw_number
from server.registry.issuing import files
from server.registry.models import IssuedNumber, NumberState, OutgoingDocument
from server.registry.signing_keys import trusted
from server.registry.workflow.table import State
from tests.support.issuing import plan_for
from tests.support.timestamps import WatchedService


@pytest.fixture
def service(digital: None, monkeypatch: Any) -> WatchedService:
    made = WatchedService()
    for module in (files, signing):
        monkeypatch.setattr(module, "timestamp_service", lambda: made)
    return made


@pytest.fixture
def beaten(cast: Any, outgoing_register: Any, monkeypatch: Any) -> Callable[..., None]:
    """`beaten(3)`: another clerk takes the number after each of the first 3 files."""

    def beat(times: int) -> None:
        drawn = issuing._draw
        left = [None] * times

        def draw(ready: Any) -> Any:
            found = drawn(ready)
            if left:
                left.pop()
                draw_number(cast.vanthu, outgoing_register, "CV", clock.today())
            return found

        monkeypatch.setattr(issuing, "_draw", draw)

    return beat


def test_approval_and_issue_hold_no_lock_while_they_ask(
    cast: Any, issued: Any, service: WatchedService
) -> None:
    document = issued()
    assert len(service.asked) >= 2
    assert service.was_asked_outside()
    pdf = providers.blob_store.get().get(document.issued_files.pdf)
    report = verify(pdf, trusted())
    assert (report.verdict, len(report.signatures)) == (Verdict.VALID, 2)


def test_lost_races_end_in_an_issue_that_asked_outside_each_time(
    cast: Any,
    approved: Any,
    outgoing_register: Any,
    service: WatchedService,
    beaten: Any,
) -> None:
    draft = approved()
    beaten(NETWORK_GUESSES - 1)
    document = issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert document.number == NETWORK_GUESSES
    assert service.was_asked_outside()


def test_who_loses_every_race_is_told_to_try_again_and_takes_no_number(
    cast: Any,
    approved: Any,
    outgoing_register: Any,
    service: WatchedService,
    beaten: Any,
) -> None:
    draft = approved()
    beaten(NETWORK_GUESSES)
    plan = plan_for(draft, outgoing_register)
    with pytest.raises(Unavailable) as refused:
        issue(cast.vanthu, draft.pk, plan)
    assert (refused.value.code, refused.value.http_status) == ("numbers_busy", 503)
    assert service.was_asked_outside()
    assert not OutgoingDocument.objects.exists()
    draft.refresh_from_db()
    assert draft.state == State.APPROVED
    drawn = IssuedNumber.objects.exclude(state=NumberState.VOID)
    assert drawn.count() == NETWORK_GUESSES  # those of the others
    again = issue(cast.vanthu, draft.pk, plan)
    assert again.number == NETWORK_GUESSES + 1
