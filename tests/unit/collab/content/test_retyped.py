"""What an editor only makes anew keeps its first writer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text, XmlElement, XmlFragment, XmlText, merge_updates

from collab.content.authorship import Writers, authored
from collab.content.retyped import LEAST_UNITS, Retyped, _Ranges
from collab.content.tree import Content, Paragraph, Run
from collab.content.write import build_update

AN, BINH = 11, 22
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENTENCE = "Chủ tịch Ủy ban nhân dân tỉnh quyết định."


class Log:
    """Two browsers over one draft; each update is a row of the log."""

    def __init__(self) -> None:
        self.first = build_update(Content(blocks=(Paragraph(),)), client_id=5)
        self.rows: list[tuple[bytes, str]] = []
        self.minutes: list[float] | None = None
        """When each row was saved, where that matters."""
        self.docs = {who: Doc(client_id=who) for who in (AN, BINH)}
        for doc in self.docs.values():
            doc.apply_update(self.first)

    def do(self, who: int, edit: Any) -> None:
        doc = self.docs[who]
        before = doc.get_state()
        with doc.transaction():
            edit(doc.get("body", type=XmlFragment))
        update = doc.get_update(before)
        self.rows.append((update, str(who)))
        for other in self.docs.values():
            other.apply_update(update)

    def authors(self) -> list[list[tuple[str, str]]]:
        writers = Writers()
        writers.skip(self.first)
        for number, (update, who) in enumerate(self.rows):
            at = None
            if self.minutes is not None:
                at = NOON + timedelta(minutes=self.minutes[number])
            writers.learn(update, who.split("+"), at)
        found = authored(self.docs[AN].get_update(), writers.resolve(), writers.retyped)
        return [
            [(s.inline.text, s.author) for s in line if isinstance(s.inline, Run)]
            for line in found.paragraphs
        ]


def text_at(body: XmlFragment, index: int) -> XmlText:
    child = body.children[index]
    assert isinstance(child, XmlElement)
    text = child.children[0]
    assert isinstance(text, XmlText)
    return text


def types(words: str) -> Any:
    return lambda body: text_at(body, 0).insert(0, words)


def enters_at(place: int, rest: str) -> Any:
    """As the binding splits a paragraph: the second half is made anew."""

    def edit(body: XmlFragment) -> None:
        first = text_at(body, 0)
        at = len(SENTENCE[:place].encode())
        del first[at : len(SENTENCE.encode())]
        body.children.insert(1, XmlElement("paragraph"))
        body.children[1].children.append(XmlText(rest))

    return edit


def test_who_presses_enter_writes_nothing() -> None:
    log = Log()
    log.do(AN, types(SENTENCE))
    log.do(BINH, enters_at(12, SENTENCE[12:]))
    assert log.authors() == [
        [(SENTENCE[:12], str(AN))],
        [(SENTENCE[12:], str(AN))],
    ]


def test_what_was_made_anew_twice_is_still_its_first_writers() -> None:
    log = Log()
    log.do(AN, types(SENTENCE))
    log.do(BINH, enters_at(12, SENTENCE[12:]))

    def joins(body: XmlFragment) -> None:
        rest = str(text_at(body, 1))
        del body.children[1]
        first = text_at(body, 0)
        first.insert(len(str(first).encode()), rest)

    log.do(BINH, joins)
    assert log.authors() == [[(SENTENCE, str(AN))]]


def test_what_two_made_anew_under_one_name_is_still_its_first_writers() -> None:
    """As when both decide that two paragraphs are one."""
    log = Log()
    log.do(AN, types(SENTENCE))
    log.do(AN, enters_at(20, SENTENCE[20:]))
    twin: Doc[Any] = Doc(client_id=77)
    twin.apply_update(log.docs[AN].get_update())
    before = twin.get_state()
    with twin.transaction():
        body = twin.get("body", type=XmlFragment)
        words = str(text_at(body, 1))
        text_at(body, 0).insert(len(str(text_at(body, 0)).encode()), words)
        del body.children[1]
    for who in (BINH, AN):
        log.rows.append((twin.get_update(before), str(who)))
    log.docs[AN].apply_update(twin.get_update(before))
    assert log.authors() == [[(SENTENCE, str(AN))]]


def test_words_that_are_new_beside_what_is_made_anew_are_their_typists() -> None:
    log = Log()
    log.do(AN, types(SENTENCE))
    log.do(BINH, enters_at(12, SENTENCE[12:] + " Điều khoản mới."))
    assert log.authors()[1] == [
        (SENTENCE[12:], str(AN)),
        (" Điều khoản mới.", str(BINH)),
    ]


def test_who_writes_anew_what_was_deleted_before_has_written_it() -> None:
    log = Log()
    log.do(AN, types(SENTENCE))

    def erases(body: XmlFragment) -> None:
        text_at(body, 0).clear()

    log.do(BINH, erases)
    log.do(BINH, types(SENTENCE))
    assert log.authors() == [[(SENTENCE, str(BINH))]]


def test_a_text_that_is_retyped_whole_in_one_update_stays_its_writers() -> None:
    log = Log()
    log.do(AN, types(SENTENCE))

    def retypes(body: XmlFragment) -> None:
        text = text_at(body, 0)
        text.clear()
        text.insert(0, SENTENCE)

    log.do(BINH, retypes)
    assert log.authors() == [[(SENTENCE, str(AN))]]


def test_a_repeated_deletion_passes_nothing_on() -> None:
    """A browser that comes back repeats all deletions beside what it typed."""
    log = Log()
    log.do(AN, types(SENTENCE))
    log.do(AN, lambda body: text_at(body, 0).clear())
    doc: Doc[Any] = log.docs[BINH]
    before = doc.get_state()
    text_at(doc.get("body", type=XmlFragment), 0).insert(0, SENTENCE)
    update = doc.get_update(before)  # with every deletion of the document
    log.rows.append((update, str(BINH)))
    log.docs[AN].apply_update(update)
    assert log.authors() == [[(SENTENCE, str(BINH))]]


def test_what_is_written_and_deleted_in_one_row_is_no_source_of_itself() -> None:
    log = Log()
    log.do(AN, types("x"))
    before = log.docs[AN].get_state()
    log.do(AN, types(SENTENCE))
    log.do(AN, lambda body: text_at(body, 0).clear())
    log.rows[-2:] = [(merge_updates(*(row for row, _ in log.rows[-2:])), str(AN))]
    log.do(AN, types(SENTENCE))
    assert log.docs[AN].get_state() != before
    assert log.authors() == [[(SENTENCE, str(AN))]]


def cuts(body: XmlFragment) -> None:
    text_at(body, 0).clear()


def pastes(words: str = SENTENCE) -> Any:
    def edit(body: XmlFragment) -> None:
        body.children.append(XmlElement("paragraph"))
        paragraph = body.children[len(body.children) - 1]
        paragraph.children.append(XmlText(words))

    return edit


def moved(minutes: list[float], *edits: tuple[int, Any]) -> Log:
    """An writes the sentence; then these."""
    log = Log()
    log.do(AN, types(SENTENCE))
    for who, edit in edits:
        log.do(who, edit)
    log.minutes = [0, *minutes]
    return log


def test_who_cuts_and_pastes_has_only_moved() -> None:
    log = moved([1, 2], (BINH, cuts), (BINH, pastes("Mới: " + SENTENCE)))
    assert log.authors()[1] == [("Mới: ", str(BINH)), (SENTENCE, str(AN))]


def test_who_takes_a_deletion_back_has_written_nothing() -> None:
    log = moved([1, 1], (BINH, cuts), (BINH, types(SENTENCE)))
    assert log.authors() == [[(SENTENCE, str(AN))]]


def test_what_is_moved_twice_is_still_its_first_writers() -> None:
    def cuts_below(body: XmlFragment) -> None:
        text_at(body, 1).clear()

    steps = (cuts, pastes(), cuts_below, types(SENTENCE))
    log = moved([1, 2, 3, 4], *((BINH, step) for step in steps))
    assert log.authors()[0] == [(SENTENCE, str(AN))]


def test_a_cut_moves_words_and_does_not_multiply_them() -> None:
    log = moved([1, 2, 3], (BINH, cuts), (BINH, pastes()), (BINH, pastes()))
    assert log.authors()[1:] == [[(SENTENCE, str(AN))], [(SENTENCE, str(BINH))]]


@pytest.mark.parametrize(
    ("minutes", "steps"),
    [
        ([1, 40], ((BINH, cuts), (BINH, pastes()))),
        ([1, 2], ((AN, cuts), (BINH, pastes()))),
    ],
    ids=["much later", "somebody else"],
)
def test_what_was_not_moved_is_its_typists(minutes: list[float], steps: Any) -> None:
    log = moved(minutes, *steps)
    assert log.authors()[-1] == [(SENTENCE, str(BINH))]


def test_who_retypes_letter_by_letter_what_was_cut_has_written_it() -> None:
    letters = [(BINH, types(letter)) for letter in reversed(SENTENCE)]
    log = moved([1, *(2 for _ in letters)], (BINH, cuts), *letters)
    assert log.authors() == [[(SENTENCE, str(BINH))]]


def test_what_two_did_in_one_moment_moves_nothing() -> None:
    log = moved([1, 2, 3], (BINH, cuts), (BINH, types("x")), (BINH, pastes()))
    update, _who = log.rows[1]
    log.rows[1] = update, f"{AN}+{BINH}"
    assert log.authors()[-1] == [(SENTENCE, str(BINH))]


def test_making_anew_in_small_pieces_gains_no_words_of_others() -> None:
    """A suggester may split a paragraph; what that deletes is no cut to paste from."""

    def makes_anew(body: XmlFragment) -> None:
        text = text_at(body, 0)
        text.clear()
        for number, start in enumerate(range(0, len(SENTENCE), 4)):
            look = {"bold": {}} if number % 2 else {"italic": {}}
            text.insert(len(str(text).encode()), SENTENCE[start : start + 4], look)

    log = moved([1, 2], (BINH, makes_anew), (BINH, pastes()))
    assert log.authors()[-1] == [(SENTENCE, str(BINH))]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=30),
)
def test_ranges_say_each_part_once(added: list[tuple[int, int]]) -> None:
    ranges, seen = _Ranges(), set[int]()
    for start, length in added:
        new = [n for a, b in ranges.add(start, start + length) for n in range(a, b)]
        assert set(new) == set(range(start, start + length)) - seen
        assert len(new) == len(set(new))
        seen |= set(new)
    assert ranges.starts == sorted(ranges.starts)
    held = {
        n for a, b in zip(ranges.starts, ranges.ends, strict=True) for n in range(a, b)
    }
    assert held == seen


@given(st.data())
def test_every_unit_has_one_writer(data: Any) -> None:
    """Whatever is deleted and made anew: the parts add up to what was asked for."""
    doc: Doc[Any] = Doc(client_id=1)
    text = doc.get("t", type=Text)
    known = Retyped()
    for number in range(data.draw(st.integers(1, 6))):
        before = doc.get_state()
        updates: list[bytes] = []
        held = doc.observe(lambda event, into=updates: into.append(event.update))
        with doc.transaction():
            words = str(text)
            text.clear()
            cut = data.draw(st.integers(0, len(words)))
            text.insert(0, words[cut:] + f"😀mới{number} " * 3 + words[:cut])
        doc.unobserve(held)
        del before
        for update in updates:
            known.learn(update)
    clocks = len(known._letters[1]) // 2
    for clock in range(0, clocks, 3):
        length = min(LEAST_UNITS * 2, clocks - clock)
        parts = list(known.writers_of(1, clock, length))
        assert sum(size for _, _, size in parts) == length
        mine = b"".join(known._text(part) for part in parts)
        assert mine == known._text((1, clock, length))
