"""Whatever comes back: nothing that stands is overwritten, and nothing breaks."""

from __future__ import annotations

import random
import re
from contextlib import suppress

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collab.content.suggested import final, original
from collab.content.tree import (
    Cell,
    Content,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Suggested,
    Table,
    iter_paragraphs,
)
from server.common.errors import AppError
from server.publishing.docx_marked import read_marked
from server.review.word.commenting import plan_comments
from tests.support.reviewed_docx import CORPUS
from tests.support.word_hand import Hand
from tests.unit.server.review.suggested_contents import contents
from tests.unit.server.review.word_worlds import exported, plain, take_in

# Making a failing case smaller would take minutes: each exports a document.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
_SLOW = [HealthCheck.too_slow]
BASE = exported(CORPUS)


@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=_SLOW)
@given(contents, contents)
def test_any_text_can_come_back_for_any_other(sent: Content, came: Content) -> None:
    """The marks of the one stand on the paragraphs of the other."""
    found = take_in(sent, exported(came), may_write=False)
    assert found.stands
    assert found.is_only_suggested


@settings(max_examples=20, deadline=None, phases=PHASES, suppress_health_check=_SLOW)
@given(contents, contents, contents)
def test_any_text_may_have_been_written_meanwhile(
    sent: Content, came: Content, now: Content
) -> None:
    found = take_in(sent, exported(came), now=now, may_write=False)
    assert original(found.after) == original(plain(now))
    assert found.is_only_suggested


@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=_SLOW)
@given(contents, contents)
def test_no_words_of_either_side_are_lost(sent: Content, came: Content) -> None:
    """Every word of the file is in the draft afterwards, or told as not taken.

    Except a label that was typed: "Điều 2" in front of an article is counted anew."""
    found = take_in(sent, exported(came))
    told = " ".join(m.text for m in (*found.compared.missed, *found.outcome.missed))
    there = " ".join(p.text for p in iter_paragraphs(found.after.blocks)) + told
    stays = [
        inline.text
        for paragraph in iter_paragraphs(final(came).blocks)
        for inline in paragraph.inlines
        if hasattr(inline, "text")
    ]
    for text in stays:
        for word in re.findall(r"[a-zA-ZÀ-ỹ]{3,}", text):
            assert word in there or word == "Điều"


def test_a_new_table_whose_cells_are_all_to_go_again_is_none() -> None:
    gone = Suggested("c", "word:Trần", "2026-11-21T01:02:03Z")
    cell = Cell((Paragraph((Run("thừa", deletion=gone),)),), deletion=gone)
    sent = Content(blocks=(PageBreak(), Rule()))
    came = Content(blocks=(Table((Row((cell,)), Row((cell,)))), PageBreak(), Rule()))
    found = take_in(sent, exported(came))
    assert final(found.after).blocks == sent.blocks


@settings(max_examples=40, deadline=None, phases=PHASES, suppress_health_check=_SLOW)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_damaged_file_is_an_error_or_is_read(seed: int, times: int) -> None:
    """Parts of the XML cut out, doubled and put elsewhere."""
    chance = random.Random(seed)
    hand = Hand(BASE)
    hand.comment_on(2, "áp dụng", "Nêu rõ.")
    for _ in range(times):
        elements = list(hand.body.iter())[1:]
        one, other = chance.choice(elements), chance.choice(elements)
        act = chance.randrange(4)
        if act == 0:
            one.getparent().remove(one)
        elif act == 1:
            for name in list(one.attrib):
                one.attrib[name] = chance.choice(["", "-1", "9" * 30, "\u1ea1"])
        elif act == 2:
            one.tag = other.tag
        elif one not in other.iterancestors() and one is not other:
            other.append(one)
    with suppress(AppError):
        data = hand.save()
        found = take_in(CORPUS, data, may_write=False)
        assert found.stands
        plan_comments(read_marked(data), [])
