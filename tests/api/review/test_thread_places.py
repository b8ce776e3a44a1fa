"""Comments on choices of the letterhead and on pictures: kept, refused, exported."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collab.content.anchors import Anchored, Anchors, nowhere
from collab.content.tree import Content, Fields, Image, Paragraph, Run
from collab.content.write import build_update
from collab.ports import Level
from collab.protocol.wire import var_uint
from server.common import providers
from server.registry.texts import committed
from server.review.models import Thread
from server.review.thread_places import place_words
from tests.api.review.conftest import API, key, position
from tests.api.review.test_word_export import parts
from tests.support.pictures import png

FILE, OTHER = "a" * 64, "b" * 64


def choice(part: str, quote: str, **other: Any) -> dict[str, Any]:
    there = nowhere()
    return {
        "part": part,
        "start": there,
        "end": there,
        "epoch": 1,
        "quote": quote,
        **other,
    }


def picture(clock: int = 0, **other: Any) -> dict[str, Any]:
    def end(side: bytes) -> str:
        return base64.b64encode(b"\x00" + var_uint(7) + var_uint(clock) + side).decode()

    return {
        "part": "picture",
        "start": end(b"\x00"),
        "end": end(b"\x41"),
        "epoch": 1,
        "quote": "Sơ đồ",
        "before": FILE,
        "echo": -1,
        **other,
    }


def start(browser: Any, draft: Any, anchor: dict[str, Any], **more: Any) -> Any:
    body = {"key": key(), "text": "Ý kiến", "anchor": anchor, **more}
    return browser.post(f"{API}/{draft.pk}/threads", body, "application/json")


@pytest.mark.parametrize(
    ("part", "quote"),
    [
        ("date", "2026-11-20"),
        ("date", ""),
        ("deadline", ""),
        ("urgency", "very_urgent"),
        ("document_type", "CV"),
        ("number", "45b"),
        ("number", ""),
    ],
)
@pytest.mark.parametrize("level", [Level.COMMENT, Level.SUGGEST, Level.EDIT])
def test_a_choice_is_commented_on_by_all_who_may_comment(
    level: Level,
    part: str,
    quote: str,
    cast: Any,
    begin_draft: Any,
    signed_in: Any,
) -> None:
    draft = begin_draft(shared={cast.sotttt: level})
    told = start(signed_in(cast.sotttt), draft, choice(part, quote))
    assert told.status_code == 201, told.json()
    anchor = told.json()["anchor"]
    assert (anchor["part"], anchor["quote"]) == (part, quote)


def test_who_may_only_read_comments_on_no_choice(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    told = start(signed_in(cast.sotttt), draft, choice("date", "2026-11-20"))
    assert told.status_code == 403
    assert not Thread.objects.exists()


@pytest.mark.parametrize(
    ("part", "quote"),
    [
        ("date", "ngày mai"),
        ("date", "2026-02-31"),
        ("date", "20261120"),
        ("deadline", "<script>"),
        ("urgency", ""),
        ("urgency", "hỏa tốc"),
        ("document_type", "CV TTr"),
        ("number", "45\n46"),
        ("number", "4" * 41),
    ],
)
def test_a_forged_value_of_a_choice_is_refused(
    part: str, quote: str, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    told = start(signed_in(cast.chuyenvien), begin_draft(), choice(part, quote))
    assert (told.status_code, list(told.json()["fields"])) == (400, ["anchor.quote"])
    assert not Thread.objects.exists()


@pytest.mark.parametrize("part", ["rule_kind", "schema", "title"])
def test_what_the_page_does_not_show_is_no_place_for_a_comment(
    part: str, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    told = start(signed_in(cast.chuyenvien), begin_draft(), choice(part, "1"))
    assert list(told.json()["fields"]) == ["anchor.part"]


def test_a_choice_keeps_no_position_that_leads_into_the_text(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    there = position(draft)
    forged = choice("date", "2026-11-20", start=there, end=there, before="V/v", echo=3)
    told = start(signed_in(cast.chuyenvien), draft, forged).json()["anchor"]
    assert (told["start"], told["end"]) == (nowhere(), nowhere())
    assert (told["before"], told["after"], told["echo"]) == ("", "", -1)


def test_no_new_words_are_suggested_for_a_choice_or_a_picture(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    for where in (choice("date", ""), picture()):
        told = start(browser, draft, where, suggestion={"old": "", "new": "2026-11-20"})
        assert list(told.json()["fields"]) == ["anchor.part"]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("anchor.before", {"before": ""}),
        ("anchor.before", {"before": "../" + "a" * 61}),
        ("anchor.before", {"before": "A" * 64}),
        ("anchor.end", {"end": picture(9)["end"]}),
        ("anchor.start", {"start": "không phải vị trí"}),
        ("anchor.quote", {"quote": "x" * 1001}),
    ],
)
def test_a_forged_place_of_a_picture_is_refused(
    field: str, change: dict[str, Any], cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    told = start(signed_in(cast.chuyenvien), begin_draft(), picture(**change))
    assert (told.status_code, list(told.json()["fields"])) == (400, [field])
    assert not Thread.objects.exists()


def test_a_picture_without_a_description_is_commented_on(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    told = start(signed_in(cast.chuyenvien), begin_draft(), picture(quote="  "))
    assert told.status_code == 201
    assert told.json()["anchor"]["quote"] == ""


def test_who_may_not_edit_leads_a_picture_of_others_only_to_the_same_picture(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.COMMENT})
    images = f"{API}/{draft.pk}/images/"
    blocks = (Paragraph(), Image(images + FILE), Image(images + OTHER))
    fill(draft, Content(Fields(subject="V/v"), blocks))
    seal, other = pictures(draft)
    made = start(signed_in(cast.chuyenvien), draft, picture(900)).json()
    browser = signed_in(cast.sotttt)
    at = f"{API}/{draft.pk}/threads/{made['id']}/anchor"
    for clock in (seal - 1, other):
        # What is said of the file is not believed.
        for before in (FILE, OTHER):
            told = browser.put(at, picture(clock, before=before), "application/json")
            assert (told.status_code, told.json()["code"]) == (403, "not_allowed")
    told = browser.put(at, picture(seal, before=OTHER), "application/json")
    assert told.status_code == 200
    anchor = told.json()["anchor"]
    assert (anchor["start"], anchor["before"]) == (picture(seal)["start"], FILE)


def pictures(draft: Any) -> list[int]:
    """The numbers by which the pictures of `fill` are named, in document order."""
    state = committed(draft.pk).state
    every = [Anchored(**picture(clock, before="-")) for clock in range(300)]
    finder = Anchors(state, every)
    found = {at: finder.find(each).start for at, each in enumerate(every)}
    return [at for at, spot in found.items() if spot is not None]


def fill(draft: Any, content: Content) -> None:
    update = build_update(content, client_id=7)
    store = providers.document_store.get()
    store.append(str(draft.pk), update, epoch=1, author=str(draft.created_by_id))


@pytest.mark.parametrize(
    ("part", "quote", "words"),
    [
        ("date", "2026-11-05", "Ngày: ngày 05 tháng 11 năm 2026"),
        ("date", "", "Ngày"),
        ("urgency", "very_urgent", "Độ khẩn: Thượng khẩn"),
        ("document_type", "CV", "Loại văn bản: Công văn"),
        ("number", "45", "Số: 45"),
        ("picture", "Sơ đồ", "Hình: Sơ đồ"),
        ("picture", "", "Hình"),
        ("subject", "kiểm tra", "kiểm tra"),
        ("recipients", "", "Nơi nhận"),
    ],
)
def test_a_place_is_told_in_words(part: str, quote: str, words: str) -> None:
    assert place_words(part, quote) == words


def test_comments_on_choices_and_pictures_leave_for_word(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    upload = SimpleUploadedFile("so-do.png", png(), "image/png")
    stored = browser.post(f"{API}/{draft.pk}/images", {"file": upload}).json()
    fill(draft, Content(Fields(), (Paragraph((Run("Hết."),)), Image(stored["src"]))))
    file = stored["src"].rsplit("/", 1)[-1]
    for where, text in (
        (picture(900, before=file), "Hình chưa rõ"),
        (choice("date", "2026-11-05"), "Sai ngày"),
        (choice("deadline", "2026-12-01"), "Gấp quá"),
    ):
        assert start(browser, draft, where, text=text).status_code == 201
    made = parts(browser, draft)
    body, comments = made["word/document.xml"], made["word/comments.xml"]
    around = re.search(
        r'<w:commentRangeStart w:id="0"/>.*?<w:commentRangeEnd w:id="0"/>', body
    )
    assert around and "<w:drawing>" in around[0] and "<w:t" not in around[0]
    dated = re.search(r'commentRangeStart w:id="1"/>.*?commentRangeEnd', body)
    assert dated and "tháng" in dated[0]
    assert "[Về: “Thời hạn: ngày 01 tháng 12 năm 2026”]" in comments
    assert "Về: “Hình" not in comments
