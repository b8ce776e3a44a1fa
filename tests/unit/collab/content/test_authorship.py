"""Who wrote each character: held against a model of people who type and delete."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import (
    Doc,
    Text,
    TransactionEvent,
    XmlElement,
    XmlFragment,
    XmlText,
    merge_updates,
)
from pycrdt import Map as YMap

from collab.content.authorship import UNKNOWN, Writers, authored
from collab.content.tree import Content, Fields, Paragraph, Run
from collab.content.write import build_update

PEOPLE = ["an", "binh", "chi"]
CLIENT = {"an": 11, "binh": 22, "chi": 33}

edits = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(["insert", "insert", "delete", "bold"]),
        st.integers(0, 30),
        st.text("abc đệ😀ữ", min_size=1, max_size=4),
        st.integers(1, 4),
    ),
    max_size=20,
)


class Office:
    """Several browsers over one paragraph; each edit reaches all at once."""

    def __init__(self) -> None:
        self.log: list[tuple[bytes, tuple[str, ...]]] = []
        first = build_update(Content(blocks=(Paragraph(),)), client_id=5)
        self.log.append((first, ()))
        self.docs = {who: Doc(client_id=CLIENT[who]) for who in PEOPLE}
        for doc in self.docs.values():
            doc.apply_update(first)
        self.model: list[tuple[str, str]] = []

    def text(self, who: str) -> XmlText:
        body = self.docs[who].get("body", type=XmlFragment)
        paragraph = body.children[0]
        assert isinstance(paragraph, XmlElement)
        text = paragraph.children[0]
        assert isinstance(text, XmlText)
        return text

    def size(self, start: int, end: int) -> int:
        return len("".join(char for char, _who in self.model[start:end]).encode())

    def edit(self, who: str, what: str, place: int, words: str, count: int) -> None:
        made: list[bytes] = []

        def note(event: TransactionEvent) -> None:
            made.append(event.update)

        subscription = self.docs[who].observe(note)
        place = min(place, len(self.model))
        end = min(place + count, len(self.model))
        at = self.size(0, place)
        if what == "insert":
            self.text(who).insert(at, words)
            self.model[place:place] = [(char, who) for char in words]
        elif end > place and what == "delete":
            del self.text(who)[at : at + self.size(place, end)]
            del self.model[place:end]
        elif end > place:
            self.text(who).format(at, at + self.size(place, end), {"bold": {}})
        self.docs[who].unobserve(subscription)
        for update in made:
            self.log.append((update, (who,)))
            for other, doc in self.docs.items():
                if other != who:
                    doc.apply_update(update)


def learned(log: list[tuple[bytes, tuple[str, ...]]]) -> dict[int, str]:
    writers = Writers()
    for update, authors in log:
        writers.learn(update, authors)
    return writers.resolve()


def characters(state: bytes, author_of: dict[int, str]) -> list[tuple[str, str]]:
    found = authored(state, author_of)
    return [
        (char, stretch.author)
        for line in found.paragraphs
        for stretch in line
        if isinstance(stretch.inline, Run)
        for char in stretch.inline.text
    ]


@given(edits)
def test_each_character_is_its_typists(made: list[Any]) -> None:
    office = Office()
    for edit in made:
        office.edit(*edit)
    state = merge_updates(*(update for update, _who in office.log))
    author_of = learned(office.log)
    assert characters(state, author_of) == office.model
    # A snapshot, as compaction makes it, has lost what was deleted and says the same.
    assert characters(office.docs["an"].get_update(), author_of) == office.model


@given(edits, st.integers(2, 5))
def test_updates_that_were_merged_on_their_way_say_no_falsehood(
    made: list[Any], together: int
) -> None:
    """Whoever is named is the one; some may be unknown."""
    office = Office()
    for edit in made:
        office.edit(*edit)
    log = [office.log[0]]
    for at in range(1, len(office.log), together):
        part = office.log[at : at + together]
        merged = merge_updates(*(u for u, _w in part))
        log.append((merged, tuple({w for _u, ws in part for w in ws})))
    state = merge_updates(*(update for update, _who in office.log))
    found = characters(state, learned(log))
    assert [char for char, _who in found] == [char for char, _who in office.model]
    for (_char, said), (_same, who) in zip(found, office.model, strict=True):
        assert said in (who, UNKNOWN)


def one(client: int, words: str) -> bytes:
    doc: Doc[Any] = Doc(client_id=client)
    doc.get("t", type=Text).insert(0, words)
    return doc.get_update()


def test_two_who_wrote_together_are_told_apart_by_another_update() -> None:
    doc: Doc[Any] = Doc(client_id=1)
    doc.get("t", type=Text).insert(0, "một")
    first = doc.get_update()
    log = [
        (first, ("an",)),
        (merge_updates(one(2, "hai"), one(3, "ba")), ("an", "binh", "chi")),
        (one(4, "bốn"), ("chi",)),
    ]
    writers = Writers()
    for update, authors in log:
        writers.learn(update, authors)
    assert writers.resolve() == {1: "an", 4: "chi"}
    writers.learn(merge_updates(one(5, "năm"), one(1, "một hai")), ("an", "binh"))
    assert writers.resolve()[5] == "binh"


def test_what_is_sent_again_by_another_is_not_theirs() -> None:
    writers = Writers()
    writers.learn(one(1, "một"), ("an",))
    writers.learn(merge_updates(one(1, "một"), one(2, "hai")), ("binh",))
    assert writers.resolve() == {1: "an", 2: "binh"}


def test_an_update_that_only_repeats_says_nothing_of_who_wrote() -> None:
    writers = Writers()
    writers.learn(one(1, "một"), ("an",))
    writers.skip(merge_updates(one(1, "một"), one(2, "hai")))
    assert writers.resolve() == {1: "an"}


def test_fields_of_the_letterhead_have_authors_too() -> None:
    state = build_update(Content(Fields(subject="V/v ")), client_id=5)
    doc: Doc[Any] = Doc(client_id=11)
    doc.apply_update(state)
    fields = doc.get("fields", type=YMap)
    fields["subject"].insert(4, "kiểm tra")
    found = authored(doc.get_update(), {11: "an"})
    said = [(s.inline, s.author) for s in found.fields["subject"]]
    assert said == [(Run("V/v "), UNKNOWN), (Run("kiểm tra"), "an")]
    assert found.counts() == {UNKNOWN: 4, "an": 8}


def test_marks_and_links_are_kept_beside_the_authors() -> None:
    text = (Run("a", frozenset({"bold"})), Run("b", href="https://daklak.gov.vn/"))
    state = build_update(Content(blocks=(Paragraph(text),)), client_id=11)
    (line,) = authored(state, {11: "an"}).paragraphs
    assert [s.inline for s in line] == list(text)
    assert {s.author for s in line} == {"an"}


def test_what_is_no_update_is_refused() -> None:
    with pytest.raises(ValueError, match="not an update"):
        Writers().learn(b"\x05\x01", ("an",))
