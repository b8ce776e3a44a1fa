"""The index stays true: what was saved is found soon, and what was missed is put right.

The watch is the one of the server, over the real log; only its pauses are shorter.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.db import connection, transaction

from collab.content.tree import Content, Fields, Paragraph, Run
from collab.content.write import build_update
from collab.ports import Level
from server.accounts.models import User
from server.common import clock, providers
from server.config.office_log import OfficeUpdateLog
from server.config.search_watch import SearchWatch, index_stale_drafts
from server.registry import events
from server.registry.actions.drafts import create_draft
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import (
    Draft,
    DraftShare,
    DraftState,
    OutgoingDocument,
    SearchEntry,
    SearchText,
)
from server.registry.queries.search import search
from server.registry.search import upkeep
from server.registry.search.entries import index_draft
from server.registry.search.index import index_of
from storage.ports import Append
from storage.update_log.threads import DatabaseThreads
from tests.support.cast import build_cast
from tests.support.wait import until_async


def titles(user: User, q: str) -> list[str]:
    return [hit.entry.title for hit in search(user, q).hits]


def rewrite(draft: Draft, words: str) -> None:
    """The log goes on without anybody telling the index."""
    update = build_update(Content(Fields(), (Paragraph((Run(words),)),)))
    providers.document_store.get().start_epoch(str(draft.pk), update)


def forget_everything() -> None:
    """An office as it was before there was an index."""
    keys = list(SearchEntry.objects.values_list("pk", flat=True))
    index_of().remove(keys)
    SearchText.objects.all().delete()
    SearchEntry.objects.all().delete()


@pytest.fixture
def filled(cast: Any, begin_draft: Any) -> Callable[[], set[str]]:
    """One document of each kind; gives what the clerk or the author finds."""
    begin_draft("dự thảo chỉ mục")
    for kind in ("outgoing", "incoming"):
        plan = RegisterPlan(name=kind, kind=kind)
        book = open_register(cast.vanthu, cast.office.pk, plan)
        if kind == "outgoing":
            entry = OutgoingEntry("CV", "đi chỉ mục", "Bùi Hồng Quý")
            register_outgoing(cast.vanthu, book.pk, entry)
        else:
            came = IncomingEntry("CV", "Sở Nội vụ", "đến chỉ mục", "5/SNV")
            register_incoming(cast.vanthu, book.pk, came)
    return lambda: set(titles(cast.chuyenvien, "chỉ mục"))


EVERY = {"dự thảo chỉ mục", "đi chỉ mục", "đến chỉ mục"}


def test_reindex_makes_the_index_anew(filled: Callable[[], set[str]]) -> None:
    forget_everything()
    assert filled() == set()
    out = StringIO()
    call_command("reindex", stdout=out)
    assert filled() == EVERY
    told = (
        "Indexed: draft 1, outgoing 1, incoming 1, case_file 0, attached 0, received 0"
    )
    assert out.getvalue().strip() == told


def test_reindex_on_a_whole_index_changes_nothing_and_doubles_nothing(
    filled: Callable[[], set[str]],
) -> None:
    before = list(SearchText.objects.order_by("pk").values())
    call_command("reindex", verbosity=0)
    assert list(SearchText.objects.order_by("pk").values()) == before
    assert filled() == EVERY
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registry_searchindex(registry_searchindex)"
                " VALUES('integrity-check')"
            )


def test_reindex_drops_what_is_no_more(filled: Callable[[], set[str]]) -> None:
    OutgoingDocument.objects.all().delete()
    call_command("reindex", verbosity=0)
    assert filled() == EVERY - {"đi chỉ mục"}


def test_reindex_goes_on_past_a_document_that_it_cannot_read(
    filled: Callable[[], set[str]], monkeypatch: Any, caplog: Any
) -> None:
    def fail(*_: Any) -> bool:
        raise ValueError("damaged")

    forget_everything()
    monkeypatch.setattr(upkeep, "index_draft", fail)
    call_command("reindex", verbosity=0)
    assert filled() == EVERY - {"dự thảo chỉ mục"}
    assert "could not be indexed" in caplog.text


def test_an_office_without_an_index_gets_one(filled: Callable[[], set[str]]) -> None:
    forget_everything()
    assert upkeep.index_missing_rows() == 2
    assert index_stale_drafts() == 1
    assert filled() == EVERY
    assert (upkeep.index_missing_rows(), index_stale_drafts()) == (0, 0)


def test_text_that_was_saved_and_not_indexed_is_found_by_comparing(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft("thông báo")
    assert index_stale_drafts() == 0
    rewrite(draft, "nghỉ lễ quốc khánh")
    assert titles(cast.chuyenvien, "quốc khánh") == []
    assert index_stale_drafts() == 1
    assert titles(cast.chuyenvien, "quốc khánh") == ["thông báo"]
    assert index_stale_drafts() == 0


def test_an_older_reading_does_not_replace_a_newer_one(
    cast: Any, begin_draft: Any, monkeypatch: Any
) -> None:
    from server.registry.search import entries

    draft = begin_draft("thông báo")
    older = entries.committed(draft.pk)
    rewrite(draft, "bản sau cùng")
    assert index_draft(draft.pk)
    monkeypatch.setattr(entries, "committed", lambda _id: older)
    assert not index_draft(draft.pk)
    assert titles(cast.chuyenvien, "sau cùng") == ["thông báo"]


def test_a_state_that_another_way_changed_is_put_right(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft("thông báo")
    assert upkeep.refresh_drifted_drafts() == 0
    Draft.objects.filter(pk=draft.pk).update(state=DraftState.ISSUED)
    assert upkeep.refresh_drifted_drafts() == 1
    assert SearchEntry.objects.get(object_id=draft.pk).state == "issued"
    assert upkeep.refresh_drifted_drafts() == 0


def test_a_share_that_another_way_gave_is_put_right(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft("thông báo")
    last = upkeep.reshare_drafts(None)
    DraftShare.objects.create(
        draft=draft,
        user=cast.sotttt,
        level=Level.VIEW,
        granted_by=cast.chuyenvien,
        at=clock.now(),
    )
    events.access_changed(draft.pk)
    assert titles(cast.sotttt, "thông báo") == []
    assert upkeep.reshare_drafts(last) > last
    assert titles(cast.sotttt, "thông báo") == ["thông báo"]


def test_a_refused_act_leaves_no_trace_in_the_index(cast: Any) -> None:
    class Refused(Exception):
        pass

    def act() -> None:
        with transaction.atomic():
            create_draft(cast.chuyenvien, title="không thành", type_code="CV")
            raise Refused

    with pytest.raises(Refused):
        act()
    assert titles(cast.chuyenvien, "không thành") == []


def append_to(draft: Draft, update: bytes, author: User, epoch: int = 1) -> Append:
    return Append(str(draft.pk), epoch, update, (str(author.pk),), clock.now())


@pytest.mark.django_db(transaction=True)
def test_saved_text_is_found_within_seconds(stores: None, monkeypatch: Any) -> None:
    """The room's append is all that happens: the watch does the rest."""
    monkeypatch.setattr(SearchWatch, "gather_s", 0.05)
    cast = build_cast()
    draft = create_draft(
        cast.chuyenvien, title="thông báo", type_code="CV", source="blank"
    )
    words = Content(Fields(), (Paragraph((Run("nghỉ lễ quốc khánh"),)),))

    async def save_and_wait() -> None:
        watch = SearchWatch()
        threads = DatabaseThreads("access", using="default", count=1)
        log = OfficeUpdateLog(threads, [watch])
        try:
            await log.append_many(
                [append_to(draft, build_update(words), cast.chuyenvien)]
            )

            async def is_found() -> bool:
                return await threads.run(
                    lambda: bool(titles(cast.chuyenvien, "quốc khánh"))
                )

            await until_async(is_found, 10)
        finally:
            await log.close()
            await threads.close()

    async_to_sync(save_and_wait)()
