"""Whatever somebody does to paragraphs in Word: it is in the draft, or it is told.

The file that came back, with all of it accepted, says what was meant; so must the draft
with all suggestions accepted, or the report says which words it does not have.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from collab.content.suggested import final, original
from collab.content.tree import Block, Content, Paragraph, Run, iter_paragraphs
from server.publishing.docx_marked import read_marked
from server.publishing.marked import Flow, MarkedParagraph, MarkedTable
from tests.support.reviewed_docx import CORPUS
from tests.support.word_busy_hand import BusyHand
from tests.support.word_hand import Hand
from tests.unit.server.publishing.review_samples import SUGGESTED
from tests.unit.server.review.word_worlds import Taken, exported, plain, take_in

# Making a failing case smaller would take minutes, and says no more than the log.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
SLOW = [HealthCheck.too_slow]
CORPUS_FILE, SUGGESTED_FILE = exported(CORPUS), exported(SUGGESTED)
seeds = st.integers(0, 2**32)
shares = st.sampled_from([0.0, 0.6, 1.0])  # of what is tracked


def busy(base: bytes, seed: int, tracked: float) -> tuple[bytes, list[str]]:
    """The file as it comes back, and what was done to it."""
    chance = random.Random(seed)
    hand, log = Hand(base), []
    for _ in range(chance.randint(1, 8)):
        one = BusyHand(hand, chance, tracked=chance.random() < tracked)
        one.act(1, len(log))
        log += one.log
    return hand.save(), log


def meant(flow: Flow) -> list[str]:
    """The paragraphs of a file with everything accepted."""
    found: list[str] = []
    held = ""
    for node in flow:
        if isinstance(node, MarkedParagraph):
            held += "".join(
                inline.text if isinstance(inline, Run) else "\n"
                for inline in node.inlines
                if not inline.deletion
            )
            if node.deletion is None:
                found.append(held)
                held = ""
            continue
        found.append(held)
        held = ""
        if isinstance(node, MarkedTable):
            for row in node.rows:
                for cell in row.cells if not row.deletion else ():
                    found += meant(cell.flow) if not cell.deletion else []
    return spoken([*found, held])


def spoken(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def says(blocks: tuple[Block, ...]) -> list[str]:
    return spoken([paragraph.text for paragraph in iter_paragraphs(blocks)])


def told(found: Taken) -> str:
    missed = [*found.compared.missed, *found.outcome.missed]
    return "\n".join(one.text for one in missed)


def written(data: bytes) -> list[str]:
    """The words of the busy hand that stand in the file, a line break where Enter was
    pressed in the middle of one."""
    texts = "\n".join(meant(read_marked(data).flow))
    return re.findall(r"c\n?h\n?ữ\n?(?:\d\n?)+x", texts)


def assert_is_there(word: str, there: str, found: Taken, log: list[str]) -> None:
    """Whole, or each part of it: one may be in the draft and the other be told."""
    everything = there + told(found).replace("\n", "")
    parts = word.split("\n")
    assert "".join(parts) in everything or all(part in everything for part in parts), (
        word,
        log,
    )


@settings(max_examples=70, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(seeds, shares)
def test_what_was_meant_is_in_the_draft_or_told(seed: int, tracked: float) -> None:
    data, log = busy(CORPUS_FILE, seed, tracked)
    found = take_in(CORPUS, data, base=CORPUS_FILE)
    want, have = meant(read_marked(data).flow), says(final(found.after).blocks)
    if want == have:
        return
    for text in set(want) - set(have):
        for word in re.findall(r"\w+", text):
            is_there = word in "".join(have) or word in told(found).replace("\n", "")
            assert is_there, (word, log)
    assert told(found), (set(want) ^ set(have), log)


@settings(max_examples=30, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(seeds, shares)
def test_so_it_is_where_much_is_suggested_already(seed: int, tracked: float) -> None:
    """Ends that were suggested to go may run elsewhere; no letter is lost."""
    data, log = busy(SUGGESTED_FILE, seed, tracked)
    found = take_in(SUGGESTED, data, base=SUGGESTED_FILE)
    want = "".join(meant(read_marked(data).flow))
    have = "".join(says(final(found.after).blocks))
    if _bare(want) != _bare(have):
        assert told(found), log
        for word in written(data):
            assert_is_there(word, have, found, log)


@settings(max_examples=40, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(seeds, shares)
@example(831366613, 0.0)  # half a word is placed, half of it is told
def test_nobody_loses_what_was_written_meanwhile(seed: int, tracked: float) -> None:
    data, log = busy(CORPUS_FILE, seed, tracked)
    now, sign = _meanwhile(random.Random(seed)), "⟨trong lúc đó⟩"
    found = take_in(CORPUS, data, now=now, base=CORPUS_FILE, may_write=False)
    assert original(found.after) == original(plain(now))
    assert found.is_only_suggested
    count = sum(p.text.count(sign) for p in iter_paragraphs(now.blocks))
    after = sum(p.text.count(sign) for p in iter_paragraphs(found.after.blocks))
    assert after == count
    there = "".join(p.text for p in iter_paragraphs(found.after.blocks))
    for word in written(data):
        assert_is_there(word, there, found, log)


def _meanwhile(chance: random.Random) -> Content:
    """Some paragraphs were written on, some are gone."""
    blocks: list[Block] = []
    for block in CORPUS.blocks:
        act = chance.randrange(5)
        if act == 0:
            continue
        if act == 1 and isinstance(block, Paragraph):
            block = replace(block, inlines=(*block.inlines, Run(" ⟨trong lúc đó⟩")))
        blocks.append(block)
    return Content(CORPUS.fields, tuple(blocks))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def accepted_ends() -> Content:
    """Three paragraphs that are suggested to become one."""
    by = replace(SUGGESTED.blocks[3].deletion)  # type: ignore[union-attr, type-var]
    texts = ("một ", "hai ", "ba")
    ends = (by, by, None)
    return Content(
        SUGGESTED.fields,
        tuple(
            Paragraph((Run(text),), deletion=end)
            for text, end in zip(texts, ends, strict=True)
        ),
    )


def test_ends_accepted_in_a_row_join_all_of_them() -> None:
    content = accepted_ends()
    hand = Hand(exported(content))
    for mark in (0, 1):
        above, below = hand.p(mark), hand.p(mark + 1)
        place = below[0]
        for part in reversed(above[1:]):
            place.addnext(part)
        above.getparent().remove(above)
    found = take_in(content, hand.save())
    assert says(found.after.blocks) == ["một hai ba"]
    assert [one.kind for one in found.outcome.taken] == ["accepted", "accepted"]


def test_what_is_written_beside_a_decision_finds_its_place() -> None:
    """Words stand between what was rejected and what goes on."""
    hand = Hand(CORPUS_FILE)
    run = hand.run(11, " đúng")
    wrapper = run.getparent()
    hand.insert(11, "Chi tiền theo", " kịp")
    wrapper.getparent().remove(wrapper)
    found = take_in(CORPUS, hand.save())
    assert not told(found)
    (line,) = [text for text in says(found.after.blocks) if "Chi tiền" in text]
    assert line == "Chi tiền theo kịp cũ dự toán."


@pytest.mark.parametrize("tracked", [True, False])
def test_a_join_into_a_list_is_told_with_both_texts(tracked: bool) -> None:
    hand = Hand(CORPUS_FILE)
    if tracked:
        hand.end(4, "del")
    else:
        above, below = hand.p(4), hand.p(5)
        for part in reversed(above[1:]):
            below[0].addnext(part)
        above.getparent().remove(above)
    found = take_in(CORPUS, hand.save())
    assert [one.code for one in found.outcome.missed] == ["edge"]
    assert told(found) == "Gửi báo cáo qua trục liên thông.\nmục một"
    assert found.after == plain(CORPUS)


def test_a_split_that_somebody_else_took_back_is_both() -> None:
    """One pressed Enter, another joined the halves: an end that comes and goes."""
    hand = Hand(CORPUS_FILE)
    hand.split(3, "Báo cáo")
    hand.by = "Phạm Dũng"
    hand.end(3, "del")
    found = take_in(CORPUS, hand.save())
    assert says(final(found.after).blocks) == says(final(plain(CORPUS)).blocks)
    first = next(p for p in iter_paragraphs(found.after.blocks) if p.text == "Báo cáo")
    assert first.insertion is not None
    assert first.insertion.author == "word:Lê Thị Cúc"
    assert first.deletion is not None
    assert first.deletion.author == "word:Phạm Dũng"


def test_words_before_an_end_that_came_and_went_run_into_the_next_paragraph() -> None:
    """Written without a trace, then joined under Track Changes."""
    hand = Hand(CORPUS_FILE)
    made = hand.new_paragraph(3, "Cũng vậy. ", tracked=False)
    hand.end_of(made, "del")
    found = take_in(CORPUS, hand.save())
    assert not told(found)
    wanted = "Cũng vậy. Gửi báo cáo qua trục liên thông."
    assert wanted in says(final(found.after).blocks)
    assert found.is_only_suggested


def test_a_join_that_finds_a_list_behind_what_goes_is_told() -> None:
    hand = Hand(CORPUS_FILE)
    hand.end(3, "del")
    hand.delete_paragraph(4)
    found = take_in(CORPUS, hand.save())
    assert [one.code for one in found.outcome.missed] == ["edge"]
    assert "Báo cáo trước ngày 15 hằng tháng." in told(found)
    assert found.is_only_suggested
