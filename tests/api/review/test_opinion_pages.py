"""Pages, files and API of opinion rounds, as browsers and programs see them."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from server.common import clock
from server.review.actions.answering import Answer, OpinionPlan, give_opinion
from server.review.actions.asking import Question, RoundPlan, ask_opinions
from server.review.actions.closing import close_round
from server.review.models import Opinion, OpinionRequest, OpinionRound, Silence, Verdict
from tests.support.opinions import AGREES, DUE, NOW

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def begun(cast: Any, draft: Any) -> OpinionRound:
    plan = RoundPlan(
        [cast.lanhdao, cast.units["VPS"]],
        DUE,
        Silence.AGREES,
        "Trước khi trình.",
        [Question("Đồng ý Điều 3?")],
    )
    return ask_opinions(cast.chuyenvien, draft.pk, plan)


def of_lanhdao(begun: OpinionRound, cast: Any) -> OpinionRequest:
    return begun.requests.get(user=cast.lanhdao)


def form_of(begun: OpinionRound, **typed: str) -> dict[str, str]:
    (question,) = begun.questions.all()
    return {f"choice_{question.pk}": "no", **typed}


def test_the_whole_round_goes_through_the_pages(
    cast: Any, draft: Any, signed_in: Any
) -> None:
    owner, leader = signed_in(cast.chuyenvien), signed_in(cast.lanhdao)
    address = f"/drafts/{draft.pk}/opinions/"
    assert "Chưa lấy ý kiến lần nào" in owner.get(address).content.decode()
    found = owner.get(f"{address}find/?q=bui hong").content.decode()
    assert "Bùi Hồng Quý" in found
    assert f"add=user:{cast.lanhdao.pk}" in found
    posted = owner.post(
        f"{address}new/",
        {
            "asked": [f"user:{cast.lanhdao.pk}", f"unit:{cast.units['VPS'].pk}"],
            "due_on": "2026-11-27",
            "silence": "agrees",
            "question": ["Đồng ý Điều 3?", ""],
            "question_kind": ["choice", "text"],
        },
    )
    begun = OpinionRound.objects.get()
    assert posted.headers["Location"] == f"/opinion-rounds/{begun.pk}/"
    assert "Đồng ý Điều 3?" in owner.get(posted.headers["Location"]).content.decode()
    assert leader.get("/opinions/count/").content == b"1"
    request = of_lanhdao(begun, cast)
    page = f"/opinions/{request.pk}/"
    assert page in leader.get("/opinions/").content.decode()
    assert leader.get(page).status_code == 200
    request.refresh_from_db()
    assert request.opened_at == NOW
    said = form_of(begun, verdict="disagrees", text="Sửa Điều 3.")
    assert leader.post(page, said).status_code == 302
    assert "Sửa Điều 3." in leader.get(page).content.decode()
    handled = {
        "opinion": str(Opinion.objects.get().pk),
        "handled": "explained",
        "text": "Vì luật quy định.",
    }
    round_page = f"/opinion-rounds/{begun.pk}/"
    assert owner.post(f"{round_page}handle/", handled).status_code == 302
    assert owner.post(f"{round_page}close/").status_code == 302
    shown = owner.get(round_page).content.decode()
    assert "Vì luật quy định." in shown
    assert "Đã kết thúc" in shown


def test_a_refused_opinion_keeps_what_was_typed(
    cast: Any, begun: OpinionRound, signed_in: Any
) -> None:
    page = f"/opinions/{of_lanhdao(begun, cast).pk}/"
    answer = signed_in(cast.lanhdao).post(page, {"text": "Sửa Điều 3 và Điều 4."})
    assert answer.status_code == 400
    assert "Sửa Điều 3 và Điều 4." in answer.content.decode()
    assert not Opinion.objects.exists()


def test_an_opinion_that_comes_after_the_end_is_shown_to_who_wrote_it(
    cast: Any, begun: OpinionRound, signed_in: Any
) -> None:
    close_round(cast.chuyenvien, begun.pk)
    page = f"/opinions/{of_lanhdao(begun, cast).pk}/"
    typed = form_of(begun, verdict="disagrees", text="Hai trang nhận xét.")
    answer = signed_in(cast.lanhdao).post(page, typed)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Hai trang nhận xét." in shown
    assert f"Hãy liên hệ {cast.chuyenvien.full_name}." in shown


def test_an_opinion_to_what_was_taken_back_is_shown_to_who_wrote_it(
    cast: Any, begun: OpinionRound, signed_in: Any
) -> None:
    """And tells nothing: it is the page of any address that does not exist."""
    request = of_lanhdao(begun, cast)
    OpinionRequest.objects.filter(pk=request.pk).update(withdrawn_at=NOW)
    typed = form_of(begun, verdict="disagrees", text="Hai trang nhận xét.")
    leader = signed_in(cast.lanhdao)
    answer = leader.post(f"/opinions/{request.pk}/", typed)
    absent = leader.post("/opinions/0190c0de-0000-7000-8000-00000000dead/", typed)
    assert answer.status_code == absent.status_code == 404
    assert "Hai trang nhận xét." in answer.content.decode()
    assert "Hai trang nhận xét." in absent.content.decode()
    assert begun.draft.title not in answer.content.decode()


def test_a_refused_round_keeps_what_was_typed(
    cast: Any, draft: Any, signed_in: Any
) -> None:
    answer = signed_in(cast.chuyenvien).post(
        f"/drafts/{draft.pk}/opinions/new/",
        {
            "asked": [f"user:{cast.lanhdao.pk}", "user:gone"],
            "due_on": "31/12",
            "silence": "agrees",
            "purpose": "Góp ý gấp.",
            "question": ["Đồng ý Điều 3?"],
        },
    )
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert all(w in shown for w in ("Góp ý gấp.", "Bùi Hồng Quý", "Đồng ý Điều 3?"))
    assert not OpinionRound.objects.exists()


def test_an_outcome_that_is_refused_keeps_what_was_typed(
    cast: Any, begun: OpinionRound, signed_in: Any
) -> None:
    request = of_lanhdao(begun, cast)
    (question,) = begun.questions.all()
    plan = OpinionPlan(Verdict.DISAGREES, "Sai.", {question.pk: Answer("no")})
    first = give_opinion(cast.lanhdao, request.pk, plan)
    give_opinion(cast.lanhdao, request.pk, plan)
    answer = signed_in(cast.chuyenvien).post(
        f"/opinion-rounds/{begun.pk}/handle/",
        {"opinion": str(first.pk), "handled": "explained", "text": "Vì luật."},
    )
    assert answer.status_code == 409


@pytest.mark.parametrize("username", ["lanhdao", "sotttt", "truongphong", "nguoila"])
def test_who_does_not_draft_sees_nothing_of_the_round(
    username: str, cast: Any, stranger: Any, begun: OpinionRound, signed_in: Any
) -> None:
    browser = signed_in({**cast.people, "nguoila": stranger}[username])
    base = f"/opinion-rounds/{begun.pk}/"
    assert browser.get(base).status_code == 404
    assert browser.get(f"{base}opinions.docx").status_code == 404
    assert browser.post(f"{base}chase/").status_code == 404
    assert browser.get(f"/api/v1/opinion-rounds/{begun.pk}").status_code == 404
    assert browser.get(f"/drafts/{begun.draft_id}/opinions/").status_code == 404


def test_a_request_of_another_is_not_there(
    cast: Any, stranger: Any, begun: OpinionRound, signed_in: Any
) -> None:
    page = f"/opinions/{of_lanhdao(begun, cast).pk}/"
    for person in (cast.sotttt, cast.chuyenvien, stranger):
        browser = signed_in(person)
        assert browser.get(page).status_code == 404
        assert browser.post(page, form_of(begun, verdict="agrees")).status_code == 404


def test_html_in_an_opinion_is_shown_as_text(
    cast: Any, begun: OpinionRound, signed_in: Any
) -> None:
    page = f"/opinions/{of_lanhdao(begun, cast).pk}/"
    bad = "<script>alert(1)</script>"
    leader = signed_in(cast.lanhdao)
    leader.post(page, form_of(begun, verdict="disagrees", text=bad))
    for shown in (
        leader.get(page),
        signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/"),
    ):
        assert bad not in shown.content.decode()
        assert "&lt;script&gt;" in shown.content.decode()


def test_the_compiled_table_says_who_said_what_and_what_was_made_of_it(
    cast: Any, begun: OpinionRound, signed_in: Any
) -> None:
    leader, owner = signed_in(cast.lanhdao), signed_in(cast.chuyenvien)
    page = f"/opinions/{of_lanhdao(begun, cast).pk}/"
    leader.post(page, form_of(begun, verdict="agrees_if", text="Sửa Điều 3."))
    opinion = Opinion.objects.get()
    owner.post(
        f"/api/v1/opinions/{opinion.pk}/outcome",
        {"handled": "accepted", "text": "Đã sửa."},
        content_type="application/json",
    )
    with clock.fixed(datetime(2026, 11, 30, 2, 0, tzinfo=UTC)):
        close_round(cast.chuyenvien, begun.pk)
    file = owner.get(f"/opinion-rounds/{begun.pk}/opinions.docx")
    assert file.status_code == 200
    document = Document(BytesIO(file.content))
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows][2:]
    assert rows == [
        [
            "1",
            "Bùi Hồng Quý",
            "Đồng ý, có góp ý",
            "Sửa Điều 3.\nCâu 1. Đồng ý Điều 3? Không",
            "Tiếp thu: Đã sửa.",
        ],
        ["2", "Văn phòng Sở", "Không trả lời, coi như đồng ý", "", ""],
    ]
    for form in ("pdf", "xlsx"):
        answer = owner.get(f"/api/v1/opinion-rounds/{begun.pk}.{form}")
        assert answer.status_code == 200, form


def test_a_program_asks_and_answers(cast: Any, draft: Any, signed_in: Any) -> None:
    owner, leader = signed_in(cast.chuyenvien), signed_in(cast.lanhdao)
    rounds = f"/api/v1/drafts/{draft.pk}/opinion-rounds"
    body = {
        "asked": [{"user": "lanhdao"}, {"unit": "VPS"}],
        "due_on": "2026-11-27",
        "questions": [{"text": "Vì sao?", "is_choice": False}],
    }
    made = owner.post(rounds, body, content_type="application/json")
    assert made.status_code == 201
    (question,) = made.json()["questions"]
    (waiting,) = leader.get("/api/v1/opinion-requests").json()["items"]
    said = {
        "verdict": "agrees",
        "answers": [{"question": question["id"], "text": "Vì đúng."}],
    }
    address = f"/api/v1/opinion-requests/{waiting['id']}/opinion"
    answer = leader.post(address, said, content_type="application/json")
    assert answer.json()["stand"] == "answered"
    again = owner.get(f"/api/v1/opinion-rounds/{made.json()['round']['id']}").json()
    assert again["counts"]["agrees"] == 1
    assert (
        owner.post(rounds, body, content_type="application/json").json()["code"]
        == "round_open"
    )
    assert [r["number"] for r in owner.get(rounds).json()] == [1]


@pytest.mark.parametrize(
    ("who", "is_asked"),
    [("lanhdao", True), ("sotttt", True), ("chuyenvien", False), ("quantri", False)],
)
def test_each_takes_home_the_list_of_what_they_are_asked(
    cast: Any, begun: OpinionRound, signed_in: Any, who: str, is_asked: bool
) -> None:
    browser = signed_in(cast.people[who])
    offered = "/opinions/export.xlsx?tab=waiting"
    assert (offered in browser.get("/opinions/").content.decode()) is is_asked
    answer = browser.get(offered)
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.content)).active
    said = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert (begun.draft.title in said) is is_asked
    assert ("Chưa trả lời" in said) is is_asked


def test_a_program_asks_what_one_is_asked_about_one_draft(
    cast: Any, ask: Any, begin_draft: Any, signed_in: Any
) -> None:
    begun, other = ask(), begin_draft("V/v khác")
    browser = signed_in(cast.lanhdao)
    for draft, names in ((begun.draft_id, ["Bùi Hồng Quý"]), (other.pk, [])):
        answer = browser.get(f"/api/v1/opinion-requests?draft={draft}")
        assert [one["name"] for one in answer.json()["items"]] == names


def test_what_was_answered_is_in_the_other_list(
    cast: Any, ask: Any, signed_in: Any
) -> None:
    begun = ask()
    give_opinion(cast.lanhdao, of_lanhdao(begun, cast).pk, AGREES)
    browser = signed_in(cast.lanhdao)
    for tab, is_there in (("waiting", False), ("answered", True), ("odd", False)):
        answer = browser.get(f"/opinions/export.xlsx?tab={tab}")
        sheet = load_workbook(BytesIO(answer.content)).active
        said = [str(c) for row in sheet.iter_rows(values_only=True) for c in row]
        assert (begun.draft.title in said) is is_there


def test_the_rounds_of_a_draft_leave_as_a_spreadsheet(
    cast: Any, begun: OpinionRound, draft: Any, signed_in: Any, stranger: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    address = f"/drafts/{draft.pk}/opinions/"
    file = f"{address}export.xlsx"
    assert file in browser.get(address).content.decode()
    rows = list(load_workbook(BytesIO(browser.get(file).content)).active.values)
    assert rows[-1][:3] == (1, "Đang lấy ý kiến", cast.chuyenvien.full_name)
    assert rows[-1][4].date() == DUE
    assert signed_in(stranger).get(file).status_code == 404
