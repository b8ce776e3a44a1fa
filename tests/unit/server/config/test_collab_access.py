"""The rooms' questions, answered from the real tables: who, what, and what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.test import Client

from collab.ports import AccessChange, Credentials, Level
from server.accounts import actions as account_actions
from server.accounts.models import AccessToken, TokenScope, User
from server.common import clock, providers
from server.common.models import OutboxEvent
from server.config.collab_access import (
    DatabaseAuthorizer,
    OutboxAccessFeed,
    _ask_again,
    _authorize,
    change_of,
    colour_of,
)
from server.registry.actions import drafts, shares
from server.registry.models import Draft
from server.review import events as review_events
from storage.update_log.threads import DatabaseThreads
from tests.support.cast import Cast, build_cast

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
Ask = Callable[[Callable[[DatabaseThreads], Coroutine[Any, Any, T]]], T]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build_cast()


@pytest.fixture
def ask(transactional_db: None) -> Ask[Any]:
    """Run one question on database threads of its own, as the rooms do."""

    def run(question: Callable[[DatabaseThreads], Coroutine[Any, Any, Any]]) -> Any:
        async def inside() -> Any:
            threads = DatabaseThreads("test-access", using="default", count=2)
            try:
                return await question(threads)
            finally:
                await threads.close()

        return asyncio.run(inside())

    return run


@pytest.fixture
def draft(cast: Cast) -> Draft:
    return drafts.create_draft(cast.chuyenvien, title="Công văn 328", type_code="CV")


def mint(user: User) -> str:
    end = clock.now() + timedelta(days=1)
    return account_actions.mint_token(user, "thử", TokenScope.WRITE, end)[1]


def test_a_token_that_reads_gives_no_pen(
    cast: Cast, ask: Ask[Any], draft: Draft
) -> None:
    end = clock.now() + timedelta(days=1)
    secret = account_actions.mint_token(cast.chuyenvien, "đọc", TokenScope.READ, end)[1]
    reader = identify(ask, Credentials({}, secret))
    grant = ask(
        lambda threads: DatabaseAuthorizer(threads).authorize(reader, str(draft.pk))
    )
    assert grant.level is Level.VIEW
    assert not grant.may_write


def test_an_expired_token_is_nobody_and_ends_who_is_there(
    cast: Cast, ask: Ask[Any]
) -> None:
    secret = mint(cast.chuyenvien)
    found = identify(ask, Credentials({}, secret))
    AccessToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert identify(ask, Credentials({}, secret)) is None
    draft = drafts.create_draft(cast.chuyenvien, title="Công văn 328", type_code="CV")
    assert again(ask, found, draft) is None


def identify(ask: Ask[Any], credentials: Credentials) -> Any:
    return ask(lambda threads: DatabaseAuthorizer(threads).identify(credentials))


def again(ask: Ask[Any], identity: Any, draft: Draft) -> Any:
    asked = [(identity, str(draft.pk))]
    return ask(lambda threads: DatabaseAuthorizer(threads).ask_again(asked))[0]


def authorize(ask: Ask[Any], user: User, document: str) -> Any:
    identity = identify(ask, Credentials({}, mint(user)))
    return ask(
        lambda threads: DatabaseAuthorizer(threads).authorize(identity, document)
    )


def test_a_token_names_its_person_with_unit_and_colour(
    cast: Cast, ask: Ask[Any]
) -> None:
    found = identify(ask, Credentials({}, mint(cast.chuyenvien)))
    assert found.name == "Trần Thị Ánh Tuyết"
    assert found.unit == "Phòng Hành chính – Tổ chức"
    assert found.user_id == str(cast.chuyenvien.pk)
    assert found.colour == colour_of(found.user_id)


def test_a_session_names_its_person_until_it_ends(
    cast: Cast, ask: Ask[Any], signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(cast.lanhdao)
    name = settings.SESSION_COOKIE_NAME
    cookies = {name: browser.cookies[name].value}
    found = identify(ask, Credentials(cookies))
    assert found.name == "Bùi Hồng Quý"
    draft = drafts.create_draft(cast.lanhdao, title="Công văn 329", type_code="CV")
    assert again(ask, found, draft).level is Level.OWN
    browser.logout()
    assert again(ask, found, draft) is None
    assert identify(ask, Credentials(cookies)) is None


@pytest.mark.parametrize("token", ["", "dth_sai", "x" * 10_000, "\0", None])
def test_who_shows_nothing_valid_is_nobody(
    cast: Cast, ask: Ask[Any], token: str | None
) -> None:
    cookies = {settings.SESSION_COOKIE_NAME: "không có"}
    assert identify(ask, Credentials(cookies, token)) is None


def test_rights_are_those_of_the_draft(cast: Cast, ask: Ask[Any], draft: Draft) -> None:
    shares.share(cast.chuyenvien, draft.pk, to=cast.lanhdao, level=Level.VIEW)
    own = authorize(ask, cast.chuyenvien, str(draft.pk))
    assert (own.level, own.epoch, own.frozen) == (Level.OWN, 1, False)
    assert authorize(ask, cast.lanhdao, str(draft.pk)).level is Level.VIEW
    assert authorize(ask, cast.sotttt, str(draft.pk)) is None


@pytest.mark.parametrize(
    "document", ["", "không", "0190c0de-0000-7000-8000-00000000dead"]
)
def test_an_absent_draft_is_as_a_forbidden_one(
    cast: Cast, ask: Ask[Any], document: str
) -> None:
    assert authorize(ask, cast.chuyenvien, document) is None


def test_a_draft_by_another_spelling_of_its_id_is_absent(
    cast: Cast, ask: Ask[Any], draft: Draft
) -> None:
    """Or one draft would have two rooms."""
    for spelling in (str(draft.pk).upper(), draft.pk.hex, f"{{{draft.pk}}}"):
        assert authorize(ask, cast.chuyenvien, spelling) is None


def test_frozen_and_epoch_come_from_the_log(
    cast: Cast, ask: Ask[Any], draft: Draft
) -> None:
    providers.document_store.get().set_frozen(str(draft.pk), frozen=True)
    grant = authorize(ask, cast.chuyenvien, str(draft.pk))
    assert grant.frozen
    assert not grant.may_write


def test_many_are_asked_about_again_in_few_queries(
    cast: Cast,
    ask: Ask[Any],
    django_assert_num_queries: Any,
) -> None:
    """A thousand people every half minute: one by one it would be felt by all."""
    people = [
        identify(ask, Credentials({}, mint(user)))
        for user in (cast.chuyenvien, cast.vanthu, cast.lanhdao)
    ]
    made = [
        drafts.create_draft(cast.chuyenvien, title=f"Dự thảo {n}", type_code="CV")
        for n in range(5)
    ]
    for draft in made[:3]:
        shares.share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.EDIT)
    providers.document_store.get().set_frozen(str(made[0].pk), frozen=True)
    asked = [(person, str(draft.pk)) for person in people for draft in made]
    asked.append((people[0], "không có"))
    with django_assert_num_queries(len(people) + 5):
        answers = _ask_again(asked)
    expected = [_authorize(person, draft) for person, draft in asked]
    assert answers == expected
    first, second = answers[0], answers[5]
    assert first is not None and first.frozen
    assert second is not None and second.level is Level.EDIT
    assert answers[-1] is None


def test_the_feed_tells_changes_since_its_cursor_once(
    cast: Cast, ask: Ask[Any], draft: Draft
) -> None:
    shares.share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.EDIT)

    async def follow(threads: DatabaseThreads) -> list[list[AccessChange]]:
        feed = OutboxAccessFeed(threads)
        cursor, first = await feed.since(None)
        await threads.run(
            lambda: shares.share(
                cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.VIEW
            )
        )
        cursor, second = await feed.since(cursor)
        cursor, third = await feed.since(cursor)
        return [first, second, third]

    change = AccessChange(document_id=str(draft.pk))
    assert ask(follow) == [[], [change], []]


def test_a_change_that_commits_after_a_later_one_is_told_too(
    cast: Cast, ask: Ask[Any]
) -> None:
    """PostgreSQL gives ids before the commit, so a lower one can appear later."""
    last = OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def appear(number: int) -> None:
        OutboxEvent.objects.create(
            id=last + number,
            at=clock.now(),
            kind="draft.archived",
            subject_id=f"d{number}",
            payload={},
        )

    async def follow(threads: DatabaseThreads) -> list[list[AccessChange]]:
        feed = OutboxAccessFeed(threads)
        cursor, _ = await feed.since(None)
        told = []
        for number in (5, 3, 7, 4):
            await threads.run(lambda number=number: appear(number))  # type: ignore[misc]
            cursor, changes = await feed.since(cursor)
            told.append(changes)
        return told

    assert ask(follow) == [[AccessChange(document_id=f"d{n}")] for n in (5, 3, 7, 4)]


def test_what_has_nothing_to_do_with_rights_is_no_change(
    cast: Cast, ask: Ask[Any]
) -> None:
    async def follow(threads: DatabaseThreads) -> list[AccessChange]:
        feed = OutboxAccessFeed(threads)
        cursor, _ = await feed.since(None)
        await threads.run(
            lambda: OutboxEvent.objects.create(
                at=clock.now(), kind="draft.created", subject_id="d", payload={}
            )
        )
        return (await feed.since(cursor))[1]

    assert ask(follow) == []


def test_a_restored_text_is_told_to_the_rooms_as_something_to_read(
    draft: Draft, ask: Ask[Any]
) -> None:
    cursor, _none = ask(lambda threads: OutboxAccessFeed(threads).since(None))
    review_events.text_restored(draft.pk, 7)
    event = OutboxEvent.objects.get(kind=review_events.TEXT_RESTORED)
    written = AccessChange(document_id=str(draft.pk), written=True)
    assert change_of(event) == written
    # The feed tells it too, to processes that heard no hint.
    _end, changes = ask(lambda threads: OutboxAccessFeed(threads).since(cursor))
    assert written in changes
