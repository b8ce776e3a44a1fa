"""The letterhead edited in Word: shown to all, taken by a click of who may write."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collab.content.tree import Fields
from collab.ports import Level
from server.common.models import AuditEntry
from server.registry.texts import committed
from tests.api.review.conftest import API
from tests.api.review.test_word_review import export
from tests.support.word_hand import Hand

NEW = "Báo cáo công tác cải cách hành chính"


def edited(browser: Any, draft: Any) -> bytes:
    hand = Hand(export(browser, draft))
    subject = committed(draft.pk).whole.fields.subject
    text = next(t for t in hand.body.iter("{*}t") if subject in (t.text or ""))
    text.text = text.text.replace(subject, NEW)
    return hand.save()


def bring(browser: Any, draft: Any, data: bytes, *head: str, apply: bool = True) -> Any:
    form: dict[str, object] = {"file": SimpleUploadedFile("sua.docx", data)}
    form |= {"apply": "true" if apply else "false", "head": list(head)}
    return browser.post(f"{API}/{draft.pk}/reviewed-docx", form)


def fields(draft: Any) -> Fields:
    return committed(draft.pk).whole.fields


def test_it_is_shown_and_never_taken_by_itself(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    was = fields(draft)
    told = bring(browser, draft, edited(browser, draft)).json()
    (line,) = told["head"]
    assert (line["name"], line["label"]) == ("subject", "Trích yếu")
    assert (line["old"], line["new"], line["now"]) == (was.subject, NEW, None)
    assert fields(draft) == was


def test_a_chosen_field_is_a_new_edit_and_on_record(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    was, (_epoch, seq) = fields(draft), committed(draft.pk).place
    answer = bring(browser, draft, edited(browser, draft), "subject")
    assert answer.status_code == 200
    assert committed(draft.pk).place[1] == seq + 1
    now = fields(draft)
    assert now.subject == NEW
    assert now.issuer == was.issuer
    assert ("draft.word_taken", str(draft.pk)) in events()
    entry = AuditEntry.objects.get(action="draft.word_taken")
    assert entry.details["letterhead"] == ["subject"]
    assert NEW not in str(entry.details)


@pytest.mark.parametrize(
    ("level", "status", "code"),
    [
        (None, 404, "not_found"),
        (Level.VIEW, 403, "not_allowed"),
        (Level.COMMENT, 403, "not_allowed"),
        (Level.SUGGEST, 403, "letterhead_needs_edit"),
        (Level.EDIT, 200, ""),
    ],
)
def test_taking_it_takes_the_right_to_write(
    level: Level | None,
    status: int,
    code: str,
    cast: Any,
    begin_draft: Any,
    signed_in: Any,
) -> None:
    draft = begin_draft(shared={} if level is None else {cast.sotttt: level})
    data, was = edited(signed_in(cast.chuyenvien), draft), fields(draft)
    answer = bring(signed_in(cast.sotttt), draft, data, "subject")
    assert answer.status_code == status
    assert answer.json().get("code", "") == code
    assert (fields(draft) == was) == (status != 200)


def test_a_field_that_the_file_leaves_alone_is_refused(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    for name in ("issuer", "schema", "<b>"):
        answer = bring(browser, draft, edited(browser, draft), name)
        assert (answer.status_code, answer.json()["code"]) == (400, "head_unchanged")


def test_a_field_changed_meanwhile_is_shown_as_it_is_now(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    first = edited(browser, draft)
    hand = Hand(first)
    text = next(t for t in hand.body.iter("{*}t") if NEW in (t.text or ""))
    text.text = text.text.replace(NEW, "Một trích yếu khác")
    bring(browser, draft, hand.save(), "subject")
    (line,) = bring(browser, draft, first, apply=False).json()["head"]
    assert (line["new"], line["now"]) == (NEW, "Một trích yếu khác")


def test_the_page_offers_it_to_who_may_write(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.SUGGEST})
    data = edited(signed_in(cast.chuyenvien), draft)
    for who, is_offered in ((cast.chuyenvien, True), (cast.sotttt, False)):
        file = SimpleUploadedFile("sua.docx", data)
        answer = signed_in(who).post(
            f"/drafts/{draft.pk}/word/", {"file": file, "act": "look"}
        )
        body = answer.content.decode()
        assert NEW in body
        assert ('name="head" value="subject"' in body) == is_offered
        assert ('value="take"' in body) == is_offered
    file = SimpleUploadedFile("sua.docx", data)
    form = {"file": file, "act": "take", "head": ["subject"]}
    body = signed_in(cast.chuyenvien).post(f"/drafts/{draft.pk}/word/", form)
    assert "Đã lấy" in body.content.decode()
    assert fields(draft).subject == NEW
