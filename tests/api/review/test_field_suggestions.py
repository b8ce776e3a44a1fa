"""A thread may suggest new words for its field: by whom, who decides, what is bad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collab.content.tree import CHOICE_FIELDS
from collab.ports import Level
from server.common.models import OutboxEvent
from server.registry.actions.drafts import archive
from server.registry.workflow.table import State
from server.review.models import FieldSuggestion, Thread, ThreadComment
from tests.api.review.conftest import API, anchor, key
from tests.support.history import Edit, Hand

OLD = "V/v kiểm tra hệ thống"
NEW = "V/v kiểm tra hệ thống hội nghị truyền hình"
ROLES = ("own", "edit", "suggest", "comment", "view", "stranger")
DECIDE = {"accept", "reject"}


def suggest(browser: Any, draft: Any, new: str = NEW, **other: Any) -> Any:
    where = {"quote": OLD, "before": "", "after": "", **other.pop("anchor", {})}
    body = {
        "key": key(),
        "text": "",
        "anchor": anchor(draft, **where),
        "suggestion": {"old": OLD, "new": new},
        **other,
    }
    return browser.post(f"{API}/{draft.pk}/threads", body, "application/json")


def decide(browser: Any, draft: Any, thread: Any, act: str, **body: Any) -> Any:
    at = f"{API}/{draft.pk}/threads/{thread['id']}/suggestion/{act}"
    return browser.post(at, body, "application/json")


def says(words: str, field: str = "subject") -> Edit:
    def edit(_body: Any, fields: Any) -> None:
        text = fields[field]
        del text[0 : len(str(text).encode())]
        text.insert(0, words)

    return edit


@pytest.fixture
def draft(cast: Any, begin_draft: Any) -> Any:
    made = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    Hand(made, cast.chuyenvien).edit(says(OLD))
    return made


@pytest.fixture
def thread(draft: Any, cast: Any, signed_in: Any) -> Any:
    return suggest(signed_in(cast.lanhdao), draft).json()


@pytest.fixture
def of_role(
    cast: Any, stranger: Any, begin_draft: Any
) -> Callable[[str], tuple[Any, Any]]:
    """The draft, and somebody who reaches it so far."""

    def made(role: str) -> tuple[Any, Any]:
        shared = {cast.lanhdao: Level.COMMENT}
        if role in {"edit", "suggest", "comment", "view"}:
            shared[cast.sotttt] = Level[role.upper()]
        draft = begin_draft(shared=shared)
        Hand(draft, cast.chuyenvien).edit(says(OLD))
        others = {"own": cast.chuyenvien, "stranger": stranger}
        return draft, others.get(role, cast.sotttt)

    return made


@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_comment_may_suggest_new_words(
    role: str, of_role: Any, signed_in: Any
) -> None:
    draft, who = of_role(role)
    answer = suggest(signed_in(who), draft)
    refused = {"view": 403, "stranger": 404}
    assert answer.status_code == refused.get(role, 201), answer.json()
    assert FieldSuggestion.objects.count() == int(role not in refused)


@pytest.mark.parametrize("act", ["accept", "reject", "withdraw"])
@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_edit_decides_and_only_the_author_takes_back(
    role: str, act: str, of_role: Any, cast: Any, signed_in: Any
) -> None:
    draft, who = of_role(role)
    thread = suggest(signed_in(cast.lanhdao), draft).json()
    Hand(draft, cast.chuyenvien).edit(says(NEW))
    answer = decide(signed_in(who), draft, thread, act)
    if role in {"own", "edit"} and act in DECIDE:
        assert answer.status_code == 200, answer.json()
    else:
        assert answer.status_code == (404 if role == "stranger" else 403)
        assert FieldSuggestion.objects.get().state == "open"


def test_it_is_told_with_its_thread(draft: Any, thread: Any, cast: Any) -> None:
    told = thread["suggestion"]
    assert (told["old"], told["new"], told["state"]) == (OLD, NEW, "open")
    assert (told["decided_by"], told["decided_at"]) == (None, None)
    assert thread["author"]["name"] == cast.lanhdao.full_name
    assert set(thread["may"]) >= {"reply", "withdraw"}
    assert "decide" not in thread["may"]


def test_a_thread_without_new_words_offers_no_decision(
    draft: Any, cast: Any, begin_thread: Any, signed_in: Any
) -> None:
    plain = begin_thread(draft, cast.chuyenvien)
    assert plain["suggestion"] is None
    assert {"decide", "withdraw"}.isdisjoint(plain["may"])
    for act in ("accept", "reject", "withdraw"):
        answer = decide(signed_in(cast.chuyenvien), draft, plain, act)
        assert answer.status_code == 404


def test_taken_it_settles_the_thread_and_says_by_whom(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    Hand(draft, cast.chuyenvien).edit(says(NEW))
    told = decide(signed_in(cast.chuyenvien), draft, thread, "accept").json()
    assert told["state"] == "resolved"
    assert told["suggestion"]["state"] == "accepted"
    assert told["suggestion"]["decided_by"]["name"] == cast.chuyenvien.full_name
    assert {"decide", "withdraw"}.isdisjoint(told["may"])
    kinds = OutboxEvent.objects.filter(subject_id=str(draft.pk))
    assert kinds.filter(kind="thread.suggestion_accepted").count() == 1
    # Said twice it is said once; another decision comes too late.
    again = decide(signed_in(cast.chuyenvien), draft, thread, "accept")
    assert again.json()["revision"] == told["revision"]
    late = decide(signed_in(cast.chuyenvien), draft, thread, "reject")
    assert (late.status_code, late.json()["code"]) == (409, "suggestion_decided")


def test_nothing_counts_as_taken_that_the_field_does_not_say(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    author = signed_in(cast.chuyenvien)
    answer = decide(author, draft, thread, "accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "field_differs")
    Hand(draft, cast.chuyenvien).edit(says(NEW + " năm 2026"))
    assert decide(author, draft, thread, "accept").status_code == 409
    assert Thread.objects.get().state == "open"


def test_rejecting_asks_for_nothing_and_may_say_why(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    author = signed_in(cast.chuyenvien)
    why = {"key": key(), "text": "Đã nêu ở phần nội dung."}
    told = decide(author, draft, thread, "reject", said=why).json()
    assert (told["state"], told["suggestion"]["state"]) == ("resolved", "rejected")
    assert [c["text"] for c in told["comments"]] == ["", "Đã nêu ở phần nội dung."]
    other = suggest(signed_in(cast.lanhdao), draft, "V/v khác").json()
    told = decide(author, draft, other, "reject").json()
    assert (told["suggestion"]["state"], len(told["comments"])) == ("rejected", 1)


def test_whoever_may_decide_and_opens_it_again_takes_the_decision_back(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    author, reviewer = signed_in(cast.chuyenvien), signed_in(cast.lanhdao)
    decide(author, draft, thread, "reject")
    at = f"{API}/{draft.pk}/threads/{thread['id']}"
    told = reviewer.post(f"{at}/reopen").json()
    assert (told["state"], told["suggestion"]["state"]) == ("open", "rejected")
    author.post(f"{at}/resolve")
    told = author.post(f"{at}/reopen").json()
    assert (told["state"], told["suggestion"]["state"]) == ("open", "open")
    assert told["suggestion"]["decided_by"] is None


def test_its_author_takes_it_back(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    told = decide(signed_in(cast.lanhdao), draft, thread, "withdraw").json()
    assert (told["state"], told["suggestion"]["state"]) == ("resolved", "withdrawn")
    late = decide(signed_in(cast.chuyenvien), draft, thread, "reject")
    assert late.json()["code"] == "suggestion_decided"


def test_taking_back_the_comment_takes_back_the_new_words(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    comment = thread["comments"][0]["id"]
    at = f"{API}/{draft.pk}/threads/{thread['id']}/comments/{comment}"
    told = signed_in(cast.lanhdao).delete(at).json()["suggestion"]
    assert (told["state"], told["old"], told["new"]) == ("withdrawn", "", "")


def test_sending_it_twice_suggests_once(draft: Any, cast: Any, signed_in: Any) -> None:
    browser, same = signed_in(cast.lanhdao), key()
    first = suggest(browser, draft, key=same).json()
    assert suggest(browser, draft, key=same).json()["id"] == first["id"]
    assert FieldSuggestion.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("suggestion.new", {"new": "x" * 2001}),
        ("suggestion.new", {"new": "x" * 500_000}),
        ("suggestion.old", {"old": "x" * 2001}),
        ("suggestion.new", {"new": "a\x00b"}),
        ("suggestion.new", {"new": OLD}),
        ("suggestion.new", {"new": f"  {OLD}\n"}),
        ("suggestion.extra", {"extra": 1}),
        ("suggestion.new", {"new": None}),
        ("suggestion.new", {"new": ["a"]}),
    ],
)
def test_bad_words_for_a_field_are_refused_by_name(
    field: str, change: dict[str, Any], draft: Any, cast: Any, signed_in: Any
) -> None:
    words = {"old": OLD, "new": NEW, **change}
    answer = suggest(signed_in(cast.lanhdao), draft, suggestion=words)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert ThreadComment.objects.count() == 0


@pytest.mark.parametrize(
    "part", ["body", "date", "number", "schema", "x", "../subject"]
)
def test_only_a_text_field_of_the_letterhead_takes_new_words(
    part: str, draft: Any, cast: Any, signed_in: Any
) -> None:
    where = {"part": part, **({"quote": ""} if part in CHOICE_FIELDS else {})}
    answer = suggest(signed_in(cast.lanhdao), draft, anchor=where)
    assert answer.status_code == 400
    assert "anchor.part" in answer.json()["fields"]
    assert ThreadComment.objects.count() == 0


def test_markup_is_kept_as_text_and_letters_are_composed(
    draft: Any, cast: Any, signed_in: Any
) -> None:
    odd = "<img src=x onerror=alert(1)> tie\u0302\u0301n\u0007"
    told = suggest(signed_in(cast.lanhdao), draft, odd).json()["suggestion"]
    assert told["new"] == "<img src=x onerror=alert(1)> tiến"


@pytest.mark.parametrize(
    ("part", "kept"), [("subject", "a b"), ("recipients", "a\nb"), ("contact", "a\nb")]
)
def test_lines_are_kept_where_the_field_has_lines(
    part: str, kept: str, draft: Any, cast: Any, signed_in: Any
) -> None:
    where = {"part": part}
    told = suggest(signed_in(cast.lanhdao), draft, "a\r\n\r\nb", anchor=where).json()
    assert told["suggestion"]["new"] == kept


def test_a_field_may_be_suggested_to_be_empty(
    draft: Any, cast: Any, signed_in: Any
) -> None:
    told = suggest(signed_in(cast.lanhdao), draft, "").json()
    assert told["suggestion"]["new"] == ""
    Hand(draft, cast.chuyenvien).edit(says(""))
    answer = decide(signed_in(cast.chuyenvien), draft, told, "accept")
    assert answer.json()["suggestion"]["state"] == "accepted"


@pytest.mark.parametrize("state", [State.APPROVED])
def test_a_text_that_stands_still_takes_no_new_words_and_says_so(
    state: State, moved: Any, cast: Any, signed_in: Any
) -> None:
    draft = moved(state)
    answer = suggest(signed_in(cast.chuyenvien), draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "draft_frozen")
    assert answer.json()["message"]
    assert Thread.objects.count() == 0


def test_what_was_suggested_before_the_text_stood_still_is_not_taken_any_more(
    moved: Any, cast: Any, signed_in: Any
) -> None:
    draft = moved(State.DRAFTING)
    author = signed_in(cast.chuyenvien)
    thread = suggest(author, draft).json()
    draft.state = State.APPROVED
    draft.save(update_fields=["state"])
    answer = decide(author, draft, thread, "accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "draft_frozen")
    assert decide(author, draft, thread, "reject").status_code == 200


@pytest.mark.parametrize("act", ["accept", "reject", "withdraw"])
def test_an_archived_draft_decides_nothing(
    act: str, draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    archive(cast.chuyenvien, draft.pk)
    who = cast.lanhdao if act == "withdraw" else cast.chuyenvien
    answer = decide(signed_in(who), draft, thread, act)
    assert (answer.status_code, answer.json()["code"]) == (409, "archived")


def test_it_is_found_in_its_own_draft_only(
    draft: Any, thread: Any, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    other = begin_draft()
    for act in ("accept", "reject", "withdraw"):
        answer = decide(signed_in(cast.chuyenvien), other, thread, act)
        assert answer.status_code == 404


def test_what_is_sent_again_with_other_words_suggests_those(
    draft: Any, cast: Any, signed_in: Any
) -> None:
    """The answer to the first sending was lost, and the person wrote on."""
    browser, once = signed_in(cast.lanhdao), key()
    first = suggest(browser, draft, key=once).json()
    again = suggest(browser, draft, key=once)
    assert (again.status_code, again.json()["revision"]) == (201, first["revision"])
    later = suggest(browser, draft, f"{NEW} năm 2026", key=once).json()
    assert (later["id"], later["revision"]) == (first["id"], first["revision"] + 1)
    assert later["suggestion"]["new"] == f"{NEW} năm 2026"
    decide(signed_in(cast.chuyenvien), draft, first, "reject")
    late = suggest(browser, draft, key=once).json()
    assert late["suggestion"]["new"] == f"{NEW} năm 2026"
