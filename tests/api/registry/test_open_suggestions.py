"""Open suggestions in the office: nobody's text yet, and nothing to be signed."""

from __future__ import annotations

from typing import Any

import pytest

from collab.content.tree import Content, Paragraph, Run, Suggested
from collab.content.write import build_update
from collab.ports import Grant, Level
from server.common import providers
from server.common.errors import Conflict
from server.registry.actions.process import Request, take
from server.registry.exports import Form, export
from server.registry.models import Draft
from server.registry.texts import committed
from server.registry.workflow.table import Act, State
from tests.support.process import Move, step, write

AT = "2026-11-27T08:00:00Z"


def suggest(draft: Draft, author: str) -> None:
    """A text with a suggestion in it reaches the log."""
    by = Suggested("s1", author, AT)
    old = committed(draft.pk).content
    runs = (
        Run("Báo cáo trong "),
        Run("ba", deletion=by),
        Run("năm", insertion=by),
        Run(" ngày."),
    )
    content = Content(old.fields, (*old.blocks, Paragraph(runs)))
    store = providers.document_store.get()
    store.start_epoch(str(draft.pk), build_update(content))


def test_the_signer_does_not_approve_while_suggestions_are_open(
    moved: Move, cast: Any
) -> None:
    draft = moved(State.IN_REVIEW)
    suggest(draft, str(cast.sotttt.pk))
    draft = step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    draft = step(cast.vanthu, draft, Act.CHECK_FORMAT)
    with pytest.raises(Conflict) as refused:
        step(cast.lanhdao, draft, Act.APPROVE)
    assert refused.value.code == "suggestions_open"
    draft.refresh_from_db()
    assert draft.state == State.FORMAT_CHECKED


def test_what_was_approved_names_the_suggestions(moved: Move, cast: Any) -> None:
    """Accepting one later is a change of what was seen."""
    draft = moved(State.IN_REVIEW)
    suggest(draft, str(cast.sotttt.pk))
    seen = committed(draft.pk)
    write(draft, seen.text)
    assert committed(draft.pk).digest != seen.digest
    with pytest.raises(Conflict) as refused:
        take(
            cast.truongphong,
            draft.pk,
            Request(Act.APPROVE_CONTENT, reason="", seen=seen.digest),
        )
    assert refused.value.code == "content_changed"


def test_the_page_of_the_process_leads_to_the_suggestions(
    moved: Move, cast: Any, signed_in: Any
) -> None:
    draft = moved(State.IN_REVIEW)
    suggest(draft, str(cast.sotttt.pk))
    draft = step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    draft = step(cast.vanthu, draft, Act.CHECK_FORMAT)
    page = signed_in(cast.lanhdao).get(f"/drafts/{draft.pk}/process/").content.decode()
    assert 'id="open-suggestions"' in page


def test_exports_and_search_read_what_stands(begin_draft: Any, cast: Any) -> None:
    draft = begin_draft()
    suggest(draft, str(cast.sotttt.pk))
    text = export(cast.chuyenvien, draft.pk, Form.TEXT).data.decode()
    assert text.endswith("Báo cáo trong ba ngày.")
    assert committed(draft.pk).has_suggestions
    assert "năm" not in committed(draft.pk).text


def test_the_authors_are_named_to_who_reaches_the_draft(
    begin_draft: Any, cast: Any, signed_in: Any, stranger: Any
) -> None:
    draft = begin_draft()
    suggest(draft, str(cast.sotttt.pk))
    url = f"/api/v1/drafts/{draft.pk}/authors"
    (found,) = signed_in(cast.chuyenvien).get(url).json()
    assert found["id"] == str(cast.sotttt.pk)
    assert (found["name"], found["unit"]) == ("Phạm Quốc Đạt", "Văn phòng Sở")
    assert found["colour"].startswith("#")
    assert signed_in(stranger).get(url).status_code == 404
    assert signed_in(cast.quantri).get(url).status_code == 404


def test_an_author_from_word_has_the_name_that_word_gave(
    begin_draft: Any, cast: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    suggest(draft, "word:Chị Hoa")
    (found,) = (
        signed_in(cast.chuyenvien).get(f"/api/v1/drafts/{draft.pk}/authors").json()
    )
    assert (found["id"], found["name"]) == ("word:Chị Hoa", "Chị Hoa")


def test_the_level_to_suggest_is_one_that_writes() -> None:
    grant = Grant(Level.SUGGEST, 1, frozen=False)
    assert grant.may_write
    assert grant.only_suggests
    assert not Grant(Level.COMMENT, 1, frozen=False).may_write
    assert not Grant(Level.EDIT, 1, frozen=False).only_suggests
