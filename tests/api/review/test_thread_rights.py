"""Who may do what with a thread: every level, every act; drafts that stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from collab.ports import Level
from server.accounts.actions import mint_token
from server.accounts.models import TokenScope
from server.common import clock
from server.registry.actions.drafts import archive
from server.registry.workflow.table import State
from server.review.models import Thread
from tests.api.review.conftest import API, anchor, key

# What the person is answered who neither began the thread nor has it in hand.
ACTS: dict[str, tuple[str, str, Callable[[Any], dict[str, Any]]]] = {
    "list": ("get", "", lambda _draft: {}),
    "open": ("get", "/{thread}", lambda _draft: {}),
    "people": ("get", "/people", lambda _draft: {}),
    "start": (
        "post",
        "",
        lambda draft: {"key": key(), "text": "Ý kiến", "anchor": anchor(draft)},
    ),
    "reply": ("post", "/{thread}/replies", lambda _d: {"key": key(), "text": "Trả"}),
    "read": ("put", "/{thread}/read", lambda _draft: {"number": 1}),
    "move": ("put", "/{thread}/anchor", lambda draft: anchor(draft, after=" khác")),
    "move_many": ("put", "/anchors", lambda _draft: {"items": []}),
    "resolve": ("post", "/{thread}/resolve", lambda _draft: {}),
    "reopen": ("post", "/{thread}/reopen", lambda _draft: {}),
    "assign": ("put", "/{thread}/assignee", lambda _draft: {"assignee": None}),
    "edit": ("patch", "/{thread}/comments/{comment}", lambda _d: {"text": "Khác"}),
    "remove": ("delete", "/{thread}/comments/{comment}", lambda _draft: {}),
}
ALL = set(ACTS)
OTHERS_WORDS = {"edit", "remove"}
CONCERN = {"resolve", "reopen", "assign"}
MAY: dict[str, set[str]] = {
    "own": ALL - OTHERS_WORDS,
    "edit": ALL - OTHERS_WORDS,
    "suggest": ALL - OTHERS_WORDS - CONCERN,
    "comment": ALL - OTHERS_WORDS - CONCERN,
    "view": set(),
    "stranger": set(),
}


def ask(browser: Any, draft: Any, act: str, thread: dict[str, Any]) -> Any:
    method, path, body = ACTS[act]
    comment = thread["comments"][0]["id"]
    where = path.format(thread=thread["id"], comment=comment)
    address = f"{API}/{draft.pk}/threads{where}"
    if method == "get":
        return browser.get(address)
    return getattr(browser, method)(address, body(draft), "application/json")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", MAY)
def test_each_level_may_do_this_and_no_more(
    role: str,
    act: str,
    cast: Any,
    stranger: Any,
    begin_draft: Any,
    begin_thread: Any,
    signed_in: Any,
) -> None:
    shared = {cast.lanhdao: Level.COMMENT}
    who = cast.chuyenvien if role == "own" else cast.sotttt
    if role in {"edit", "suggest", "comment", "view"}:
        shared[cast.sotttt] = Level[role.upper()]
    if role == "stranger":
        who = stranger
    draft = begin_draft(shared=shared)
    thread = begin_thread(draft, cast.lanhdao)
    answer = ask(signed_in(who), draft, act, thread)
    if act in MAY[role]:
        assert answer.status_code in {200, 201}, answer.json()
    else:
        assert answer.status_code == (404 if role == "stranger" else 403)


@pytest.mark.parametrize("act", sorted(CONCERN))
def test_who_began_a_thread_or_has_it_in_hand_settles_it(
    act: str, cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    level = Level.COMMENT
    draft = begin_draft(shared={cast.lanhdao: level, cast.sotttt: level})
    thread = begin_thread(draft, cast.lanhdao, assignee=str(cast.sotttt.pk))
    assert ask(signed_in(cast.lanhdao), draft, act, thread).status_code == 200
    assert ask(signed_in(cast.truongphong), draft, act, thread).status_code == 403
    fresh = begin_thread(draft, cast.lanhdao, assignee=str(cast.sotttt.pk))
    assert ask(signed_in(cast.sotttt), draft, act, fresh).status_code == 200


@pytest.mark.parametrize("act", sorted(OTHERS_WORDS))
def test_words_belong_to_whoever_wrote_them(
    act: str, cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    thread = begin_thread(draft, cast.lanhdao)
    assert ask(signed_in(cast.lanhdao), draft, act, thread).status_code == 200


@pytest.mark.parametrize("act", sorted(ALL))
def test_an_archived_draft_is_read_and_nothing_else(
    act: str, cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    thread = begin_thread(draft, cast.chuyenvien)
    archive(cast.chuyenvien, draft.pk)
    answer = ask(signed_in(cast.chuyenvien), draft, act, thread)
    if act in {"list", "open", "people", "read"}:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "archived")


def test_what_one_may_do_is_told_with_the_thread(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT, cast.sotttt: Level.EDIT})
    begin_thread(draft, cast.chuyenvien)
    told = {
        who.username: set(
            signed_in(who).get(f"{API}/{draft.pk}/threads").json()["items"][0]["may"]
        )
        for who in (cast.lanhdao, cast.sotttt)
    }
    assert told["lanhdao"] == {"reply", "move"}
    assert told["sotttt"] == {"reply", "move", "resolve", "reopen", "assign"}


def test_a_text_that_stands_still_is_commented_on(
    moved: Any, cast: Any, begin_thread: Any
) -> None:
    draft = moved(State.APPROVED)
    assert begin_thread(draft, cast.chuyenvien)["state"] == "open"


def test_a_thread_is_found_in_its_own_draft_only(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    mine, other = begin_draft(), begin_draft()
    thread = begin_thread(other, cast.chuyenvien)
    browser = signed_in(cast.chuyenvien)
    for act in ALL - {"list", "people", "start", "move_many"}:
        assert ask(browser, mine, act, thread).status_code == 404, act
    assert Thread.objects.get().state == "open"


def test_a_reading_token_reads_and_does_not_write(
    cast: Any, begin_draft: Any, begin_thread: Any, client: Any
) -> None:
    draft = begin_draft()
    thread = begin_thread(draft, cast.chuyenvien)
    end = clock.now() + timedelta(days=1)
    _row, token = mint_token(cast.chuyenvien, "đọc", TokenScope.READ, end)
    bearer = {"Authorization": f"Bearer {token}"}
    at = f"{API}/{draft.pk}/threads"
    assert client.get(at, headers=bearer).status_code == 200
    answer = client.post(f"{at}/{thread['id']}/resolve", headers=bearer)
    assert answer.status_code == 403
