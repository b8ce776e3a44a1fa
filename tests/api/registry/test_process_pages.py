"""The queue and the process page as a browser, or a phone, gets them; and the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils.html import escape

from collab.ports import Level
from server.registry.actions.process import submit
from server.registry.actions.voiding import settle
from server.registry.models import Approval
from server.registry.texts import committed
from server.registry.workflow.table import Act, State
from storage.ports import Proposal, Refusal
from storage.update_log.models import ProposalRow
from tests.support.issuing import LETTER, write_letter
from tests.support.process import Move, write


def shown(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_queue_shows_what_waits_and_the_bar_how_many(
    cast: Any, moved: Move, signed_in: Any
) -> None:
    browser = signed_in(cast.truongphong)
    assert 'class="empty"' in shown(browser, "/approvals/")
    assert shown(browser, "/approvals/count/") == ""
    draft = moved(State.IN_REVIEW)
    assert draft.title in shown(browser, "/approvals/")
    assert shown(browser, "/approvals/count/") == "1"
    assert draft.title not in shown(signed_in(cast.vanthu), "/approvals/")


def test_a_bar_whose_session_has_ended_stays_empty(client: Any, db: Any) -> None:
    for counted in ("approvals", "received", "incoming", "opinions", "case-files"):
        assert shown(client, f"/{counted}/count/") == ""
    assert client.get("/approvals/").status_code == 302


def test_a_step_is_taken_from_the_page(cast: Any, moved: Move, signed_in: Any) -> None:
    draft = moved(State.IN_REVIEW)
    browser = signed_in(cast.truongphong)
    digest = committed(draft.pk).digest
    assert digest in shown(browser, f"/drafts/{draft.pk}/process/")
    answer = browser.post(
        f"/drafts/{draft.pk}/process/approve_content/", {"digest": digest}
    )
    assert answer["Location"] == "/approvals/"
    draft.refresh_from_db()
    assert draft.state == State.CONTENT_APPROVED
    # It is nobody's to press twice: the page says so and nothing happens.
    again = browser.post(
        f"/drafts/{draft.pk}/process/approve_content/", {"digest": digest}, follow=True
    )
    assert "alert-danger" in again.content.decode()


def test_a_submission_from_the_page_names_signer_and_sign_offs(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    browser = signed_in(cast.chuyenvien)
    page = shown(browser, f"/drafts/{draft.pk}/process/")
    assert str(cast.lanhdao.pk) in page and str(cast.sotttt.pk) not in page
    assert "Phạm Quốc Đạt" in shown(
        browser, f"/drafts/{draft.pk}/process/candidates/?q=quoc dat"
    )
    added = f"/drafts/{draft.pk}/process/people/?add={cast.sotttt.pk}"
    assert f'value="{cast.sotttt.pk}"' in shown(browser, added)
    browser.post(
        f"/drafts/{draft.pk}/process/submit/",
        {
            "signer": cast.lanhdao.pk,
            "sign_off": [cast.sotttt.pk, cast.vanthu.pk],
            f"order_{cast.vanthu.pk}": "2",
        },
    )
    draft.refresh_from_db()
    assert (draft.state, draft.signer) == (State.IN_REVIEW, cast.lanhdao)
    asked = draft.sign_offs.values_list("person__username", "order")
    assert set(asked) == {("sotttt", 1), ("vanthu", 2)}


def test_a_return_shows_its_reason_to_the_author_as_text(
    cast: Any, moved: Move, signed_in: Any
) -> None:
    draft = moved(State.IN_REVIEW)
    reason = "thiếu <b>căn cứ</b> & ngày"
    signed_in(cast.truongphong).post(
        f"/drafts/{draft.pk}/process/return/", {"reason": reason}
    )
    page = shown(signed_in(cast.chuyenvien), f"/drafts/{draft.pk}/process/")
    assert escape(reason) in page and reason not in page


def test_the_page_shows_word_by_word_what_is_new(
    cast: Any, moved: Move, signed_in: Any
) -> None:
    draft = moved(State.IN_REVIEW)
    write(draft, "Hạn trả lời là ngày 05 tháng 01 năm nay")
    browser = signed_in(cast.truongphong)
    first = shown(browser, f"/drafts/{draft.pk}/process/")
    assert "<ins>" not in first
    write(draft, "Hạn trả lời là ngày 15 tháng 01 năm nay")
    page = shown(browser, f"/drafts/{draft.pk}/process/")
    assert "<del>05</del><ins>15</ins>" in page
    # Looking again does not take it away; saying that one has seen it does.
    assert "<ins>15</ins>" in shown(browser, f"/drafts/{draft.pk}/process/changes/")
    digest = committed(draft.pk).digest
    browser.post(f"/drafts/{draft.pk}/process/seen/", {"digest": digest})
    assert "<ins>" not in shown(browser, f"/drafts/{draft.pk}/process/")


def test_a_void_approval_is_told_in_the_queue_until_it_is_noted(
    cast: Any, moved: Move, signed_in: Any
) -> None:
    draft = moved(State.CONTENT_APPROVED)
    write(draft, "khác hẳn")
    settle(draft.pk)
    browser = signed_in(cast.truongphong)
    given = Approval.objects.get()
    assert "dt-void" in shown(browser, "/approvals/")
    other = signed_in(cast.vanthu)
    assert other.post(f"/approvals/void/{given.pk}/").status_code == 404
    browser.post(f"/approvals/void/{given.pk}/")
    assert "dt-void" not in shown(browser, "/approvals/")


def test_lists_show_where_a_draft_stands(
    cast: Any, moved: Move, signed_in: Any
) -> None:
    moved(State.IN_REVIEW)
    assert "dt-state-in_review" in shown(signed_in(cast.chuyenvien), "/drafts/")


PATHS = ("", "changes/", "people/", "candidates/", "late-edits/1/")


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_finds_no_process(
    path: str, moved: Move, stranger: Any, signed_in: Any
) -> None:
    draft = moved(State.IN_REVIEW)
    browser = signed_in(stranger)
    assert browser.get(f"/drafts/{draft.pk}/process/{path}").status_code == 404
    for act in (*Act, "sign_off", "seen", "nonsense"):
        answer = browser.post(f"/drafts/{draft.pk}/process/{act}/", {"signer": "x"})
        assert answer.status_code == 404


# ── late edits ──────────────────────────────────────────────────────────────────


@pytest.fixture
def late(cast: Any, moved: Move) -> Any:
    """An approved draft, and an edit of chuyenvien that came too late, sent twice."""
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText

    draft = moved(State.APPROVED)
    doc: Doc[Any] = Doc()
    now = committed(draft.pk)
    doc.apply_update(now.state)
    before = doc.get_state()
    body = doc.get("body", type=XmlFragment)
    body.children.append(XmlElement("paragraph", {}, [XmlText("chữ đến muộn")]))
    proposal = Proposal(
        str(draft.pk),
        str(cast.chuyenvien.pk),
        now.epoch,
        Refusal.FROZEN,
        doc.get_update(before),
        draft.state_at,  # type: ignore[arg-type]
    )
    for _ in range(2):
        ProposalRow.objects.create(
            document_id=proposal.document_id,
            author=proposal.author,
            epoch=proposal.epoch,
            reason=proposal.reason.value,
            update=proposal.update,
            at=proposal.at,
        )
    return draft


def test_a_late_edit_is_listed_once_and_read_by_who_may(
    cast: Any, late: Any, signed_in: Any
) -> None:
    address = f"/drafts/{late.pk}/process/late-edits/1/"
    author = signed_in(cast.chuyenvien)
    page = shown(author, f"/drafts/{late.pk}/process/")
    assert page.count("/process/late-edits/") == 1
    answer = author.get(address)
    assert "chữ đến muộn" in answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    # The signer sees that it is there; its words are not his.
    leader = signed_in(cast.lanhdao)
    assert "Trần Thị Ánh Tuyết" in shown(leader, f"/drafts/{late.pk}/process/")
    assert leader.get(address).status_code == 404
    assert author.get(f"/drafts/{late.pk}/process/late-edits/9/").status_code == 404


def test_a_late_edit_changes_nothing_of_the_draft(late: Any, signed_in: Any) -> None:
    assert "chữ đến muộn" not in committed(late.pk).text


# ── the API ─────────────────────────────────────────────────────────────────────


def api(browser: Any, method: str, path: str, body: Any = None) -> Any:
    return getattr(browser, method)(
        f"/api/v1{path}", data=body, content_type="application/json"
    )


def test_a_program_takes_a_draft_the_whole_way(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    base = f"/drafts/{draft.pk}/process"
    answer = api(
        signed_in(cast.chuyenvien),
        "post",
        f"{base}/submit",
        {"signer": "lanhdao", "sign_offs": [{"user": "sotttt"}]},
    )
    assert answer.status_code == 200, answer.content
    digest = answer.json()["digest"]
    for username, path in (
        ("sotttt", "sign-off"),
        ("truongphong", "approve_content"),
        ("vanthu", "check_format"),
        ("lanhdao", "approve"),
    ):
        browser = signed_in(cast.people[username])
        waiting = api(browser, "get", "/approvals").json()["waiting"]
        assert [row["draft"] for row in waiting] == [str(draft.pk)]
        body = {"digest": digest}
        if path == "check_format":
            body["reason"] = "phần ký được ghi sau"
        answer = api(browser, "post", f"{base}/{path}", body)
        assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["state"] == "approved"
    assert [s["place"] for s in found["steps"]] == ["done", "done", "done"]
    assert found["signature"]["signer_position"] == "CHÁNH VĂN PHÒNG"
    listed = api(signed_in(cast.chuyenvien), "get", f"/drafts/{draft.pk}").json()
    assert listed["state"] == "approved" and not listed["abilities"]["write"]


@pytest.mark.parametrize(
    ("username", "path", "body", "status", "code"),
    [
        ("vanthu", "approve_content", {}, 404, "not_found"),
        ("lanhdao", "approve_content", {}, 403, "not_your_step"),
        ("truongphong", "approve", {}, 409, "wrong_state"),
        ("truongphong", "approve_content", {}, 409, "content_changed"),
        ("truongphong", "return", {}, 400, "invalid_input"),
        ("truongphong", "nonsense", {}, 400, "invalid_input"),
        ("truongphong", "sign-off", {"digest": "x"}, 403, "not_your_step"),
        ("chuyenvien", "submit", {"signer": "nobody"}, 400, "invalid_input"),
        ("nguoila", "return", {"reason": "x"}, 404, "not_found"),
        ("nguoila", "submit", {"signer": "lanhdao"}, 404, "not_found"),
        ("quantri", "cancel", {"reason": "x"}, 404, "not_found"),
        ("chuyenvien", "seen", {"digest": "x"}, 409, "content_changed"),
    ],
)
def test_the_api_says_what_stands_against_a_step(
    username: str,
    path: str,
    body: Any,
    status: int,
    code: str,
    cast: Any,
    stranger: Any,
    moved: Move,
    signed_in: Any,
) -> None:
    draft = moved(State.IN_REVIEW)
    person = {**cast.people, "nguoila": stranger}[username]
    answer = api(signed_in(person), "post", f"/drafts/{draft.pk}/process/{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_approver_reads_the_letterhead_in_words_not_in_codes(
    cast: Any, moved: Move, signed_in: Any
) -> None:
    invitation = replace(
        LETTER, document_type="GM", urgency="urgent", deadline="2026-12-05",
        venue="Hội trường A", chair="Chánh Văn phòng",
    )  # fmt: skip
    draft = moved(
        State.IN_REVIEW, prepare=lambda d: write_letter(d, invitation), type_code="GM"
    )
    browser = signed_in(cast.truongphong)
    address = f"/drafts/{draft.pk}/process/"
    page = browser.get(address).content.decode()
    for name, value in (
        ("Địa điểm", "Hội trường A"),
        ("Độ khẩn", "Khẩn"),
        ("Thời hạn", "ngày 05 tháng 12 năm 2026"),
    ):
        assert f"<dt>{name}</dt><dd>{value}</dd>" in page
    assert "<dt>venue</dt>" not in page
    write_letter(draft, replace(invitation, urgency="flash", document_type="TB"))
    changed = browser.get(f"{address}changes/").content.decode()
    assert "<ins>Hỏa tốc</ins>" in changed
    assert "<ins>Thông báo</ins>" in changed


def test_the_api_tells_what_changed(cast: Any, moved: Move, signed_in: Any) -> None:
    draft = moved(State.IN_REVIEW, shared={cast.sotttt: Level.VIEW})
    browser = signed_in(cast.truongphong)
    base = f"/drafts/{draft.pk}/process"
    digest = api(browser, "get", base).json()["digest"]
    assert api(browser, "post", f"{base}/seen", {"digest": digest}).status_code == 204
    write(draft, "một đoạn mới")
    news = api(browser, "get", f"{base}/changes").json()
    assert "subject" in news["fields"]
    pieces = [piece for change in news["paragraphs"] for piece in change["pieces"]]
    assert {"kind": "added", "text": "một đoạn mới"} in pieces
    assert news["digest"] != digest


def test_mandates_are_given_and_ended_over_the_api(
    cast: Any, moved: Move, signed_in: Any
) -> None:
    browser = signed_in(cast.lanhdao)
    body = {"form": "TUQ", "delegate": "truongphong", "starts_on": "2026-01-01"}
    assert api(browser, "post", "/delegations", body).json()["fields"].keys() == {
        "ends_on"
    }
    body |= {"ends_on": "2099-01-01", "document": "Giấy ủy quyền số 01/GUQ-VPUBND"}
    given = api(browser, "post", "/delegations", body)
    assert given.status_code == 201
    key = given.json()["id"]
    assert [d["id"] for d in api(browser, "get", "/delegations").json()] == [key]
    held = api(signed_in(cast.truongphong), "get", "/delegations").json()
    assert [d["id"] for d in held] == [key]
    assert api(signed_in(cast.sotttt), "get", "/delegations").json() == []
    other = signed_in(cast.truongphong)
    assert api(other, "delete", f"/delegations/{key}").status_code == 404
    assert api(browser, "delete", f"/delegations/{key}").status_code == 204
    assert api(browser, "get", "/delegations").json()[0]["ended_at"]


@pytest.mark.parametrize("waiting", [1, 6])
def test_the_queue_costs_few_queries_however_long_it_is(
    waiting: int,
    cast: Any,
    begin_draft: Any,
    django_assert_max_num_queries: Any,
    signed_in: Any,
) -> None:
    for number in range(waiting):
        draft = begin_draft(f"Dự thảo {number}")
        submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    browser = signed_in(cast.truongphong)
    # One of them counts the mandates that somebody else gave in this person's name.
    with django_assert_max_num_queries(13):
        shown(browser, "/approvals/count/")
