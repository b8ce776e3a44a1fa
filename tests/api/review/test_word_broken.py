"""Broken files from Word: a clear error or a report, never a fault, nothing lost.

Each is brought over HTTP as by a person. Afterwards what stood stands, and what was
written is in the draft or in the answer.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from lxml import etree

from collab.content.suggested import original
from collab.content.tree import iter_paragraphs
from server.registry.texts import committed
from server.review.models import ThreadComment
from tests.api.review.test_word_review import WORDS, bring, hand_of
from tests.support.word_hand import Hand, W, plain_run

Break = Callable[[Hand, int], None]
HUGE = "9" * 40


def ids_doubled(hand: Hand, mark: int) -> None:
    hand.insert(mark, WORDS, " chữ1x")
    hand.comment_on(mark, " chữ1x", "chữ2x")
    for element in hand.body.iter():
        if element.get(W + "id") is not None:
            element.set(W + "id", "7")


def bookmarks_doubled(hand: Hand, mark: int) -> None:
    hand.insert(mark, WORDS, " chữ1x")
    for start in hand.body.iter(W + "bookmarkStart"):
        start.set(W + "name", "_dtp_0")


def ids_huge(hand: Hand, mark: int) -> None:
    hand.insert(mark, WORDS, " chữ1x")
    for element in hand.body.iter(W + "ins", W + "bookmarkStart"):
        element.set(W + "id", HUGE)
        element.set(W + "name", f"_dtp_{HUGE}")


def ranges_unclosed(hand: Hand, mark: int) -> None:
    hand.insert(mark, WORDS, " chữ1x")
    hand.comment_on(mark, WORDS, "chữ2x")
    for tag in ("commentRangeEnd", "bookmarkEnd"):
        for end in list(hand.body.iter(W + tag)):
            end.getparent().remove(end)


def ranges_that_end_before_they_begin(hand: Hand, mark: int) -> None:
    ident = hand.comment_on(mark, WORDS, "chữ1x")
    begin = next(e for e in hand.body.iter(W + "commentRangeStart") if _is(e, ident))
    hand.p(mark).append(begin)


def a_deletion_in_an_insertion_in_a_deletion(hand: Hand, mark: int) -> None:
    inner = hand.insert(mark, WORDS, " chữ1x")
    for tag in ("del", "ins", "del"):
        hand.wrap(inner, tag)
        inner = inner.getparent()


def nested_a_thousand_times(hand: Hand, mark: int) -> None:
    inner = hand.insert(mark, WORDS, " chữ1x")
    for _ in range(1_000):
        hand.wrap(inner, "ins")
        inner = inner.getparent()


def nobody_and_never(hand: Hand, mark: int) -> None:
    hand.by = hand.at = None
    hand.insert(mark, WORDS, " chữ1x")
    hand.comment_on(mark, WORDS, "chữ2x")


def a_name_without_end_and_no_time(hand: Hand, mark: int) -> None:
    hand.by, hand.at = "Cúc " * 50_000, "9999-99-99T99:99:99Z"
    hand.insert(mark, WORDS, " chữ1x")
    hand.comment_on(mark, WORDS, "chữ2x")


def signs_that_no_text_may_have(hand: Hand, mark: int) -> None:
    hand.by = "\u202eBình\u2028"
    hand.insert(mark, WORDS, " chữ1x\u200b\ufeff")
    hand.comment_on(mark, WORDS, "\u202echữ2x")


def comments_that_point_nowhere(hand: Hand, mark: int) -> None:
    hand.p(mark).append(hand.point("commentRangeStart", "404"))
    hand.p(mark).append(hand.point("commentReference", "-1"))
    hand.comment("chữ1x")


def comments_that_answer_each_other(hand: Hand, mark: int) -> None:
    for key in ("0000AAAA", "0000BBBB"):
        hand.comment(f"chữ{key}x", key=key)
    entries = (
        '<w15:commentEx w15:paraId="0000AAAA" w15:paraIdParent="0000BBBB"/>'
        '<w15:commentEx w15:paraId="0000BBBB" w15:paraIdParent="0000AAAA"/>'
    )
    name = "word/commentsExtended.xml"
    hand.parts[name] = (
        '<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/'
        f'wordml">{entries}</w15:commentsEx>'
    ).encode()
    kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
    link = f'<Relationship Id="rIdX" Type="{kind}" Target="commentsExtended.xml"/>'
    end = "</Relationships>"
    hand.part(
        "word/_rels/document.xml.rels", lambda text: text.replace(end, link + end)
    )


def a_comment_without_end(hand: Hand, mark: int) -> None:
    hand.comment_on(mark, WORDS, "chữ1x " + "rất dài " * 20_000)


def a_revision_where_none_belongs(hand: Hand, mark: int) -> None:
    """Around a paragraph, in the properties, beside the section."""
    made = hand.new_paragraph(mark, " chữ1x")
    hand.wrap(made, "ins")
    hand.p(mark).find(W + "pPr").append(hand.revision("del"))
    hand.body.append(hand.revision("moveTo"))
    hand.body.append(plain_run(" không ở đâu"))


def another_epoch_and_place(hand: Hand, mark: int) -> None:
    hand.insert(mark, WORDS, " chữ1x")
    hand.part("docProps/custom.xml", lambda text: text.replace(">1<", f">{HUGE}<"))


def no_styles_at_all(hand: Hand, mark: int) -> None:
    hand.insert(mark, WORDS, " chữ1x")
    hand.part(
        "word/styles.xml",
        lambda _text: f'<w:styles xmlns:w="{W[1:-1]}"/>',
    )


BROKEN: list[Break] = [
    ids_doubled,
    bookmarks_doubled,
    ids_huge,
    ranges_unclosed,
    ranges_that_end_before_they_begin,
    a_deletion_in_an_insertion_in_a_deletion,
    nested_a_thousand_times,
    nobody_and_never,
    a_name_without_end_and_no_time,
    signs_that_no_text_may_have,
    comments_that_point_nowhere,
    comments_that_answer_each_other,
    a_comment_without_end,
    a_revision_where_none_belongs,
    another_epoch_and_place,
    no_styles_at_all,
]


def _is(element: Any, ident: str) -> bool:
    return bool(element.get(W + "id") == ident)


def _written(hand: Hand) -> set[str]:
    """The words that the hand wrote, wherever they stand in the file."""
    parts = [etree.tostring(hand.root, encoding="unicode")]
    parts += [hand.parts.get("word/comments.xml", b"").decode()]
    return set(re.findall(r"chữ\w+?x", "".join(parts)))


def _said(draft: Any, told: dict[str, Any]) -> str:
    texts = [p.text for p in iter_paragraphs(committed(draft.pk).whole.blocks)]
    texts += [comment.text for comment in ThreadComment.objects.all()]
    texts += [line["text"] for line in told["missed"]]
    return "\n".join(texts)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
def test_a_broken_file_is_told_or_taken_whole(
    broken: Break, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    broken(hand, mark)
    before = committed(draft.pk)
    answer = bring(browser, draft, hand.save())
    now = committed(draft.pk)
    if answer.status_code != 200:
        assert answer.status_code in (400, 409, 413)
        assert answer.json()["code"]
        assert answer.json()["message"]
        assert now.place == before.place
        return
    assert original(now.whole) == before.content
    said = _said(draft, answer.json())
    for word in _written(hand):
        assert word in said, word


@pytest.mark.parametrize("seed", range(12))
def test_a_file_cut_and_shaken_is_never_a_fault(
    seed: int, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    """Bytes of the package and attributes of the XML, changed by chance."""
    chance = random.Random(seed)
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    hand.insert(mark, WORDS, " chữ1x")
    hand.comment_on(mark, WORDS, "chữ2x")
    elements = list(hand.body.iter())
    for _ in range(30):
        one = chance.choice(elements)
        for name in list(one.attrib):
            one.attrib[name] = chance.choice(["", "-1", HUGE, "true", "ạ", "0x7f"])
    data = bytearray(hand.save())
    if seed % 3 == 0:
        for _ in range(5):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif seed % 3 == 1:
        del data[chance.randrange(len(data)) :]
    before = committed(draft.pk)
    answer = bring(browser, draft, bytes(data))
    assert answer.status_code in (200, 400, 409, 413)
    assert original(committed(draft.pk).whole) == before.content


def _package(name: str, data: bytes, hand: Hand) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for part, held in (hand.parts | {name: data}).items():
            package.writestr(part, held)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("word/document.xml", b"<a>" + b" " * 70_000_000 + b"</a>", "zip_bomb"),
        ("word/comments.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "unsafe_xml"),
        ("word/document.xml", b"<w:document", "broken_docx"),
    ],
    ids=["a bomb", "entities", "half a part"],
)
def test_a_trap_is_an_error_with_its_name(
    name: str,
    data: bytes,
    code: str,
    cast: Any,
    begin_draft: Any,
    signed_in: Any,
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    hand.comment_on(mark, WORDS, "chữ1x")
    before = committed(draft.pk).place
    answer = bring(browser, draft, _package(name, data, hand))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert committed(draft.pk).place == before
    assert not ThreadComment.objects.exists()
