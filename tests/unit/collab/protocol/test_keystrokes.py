"""Joining what was typed changes no document, whoever typed and in whatever order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from collab.protocol.keystrokes import is_plain, join_typed
from collab.protocol.shape import check_update
from collab.protocol.updates import merge_tree
from tests.support.random_edits import STEPS, Edits

LETTERS = ("a", "ệ", "🙂", "x", "điều ", "b" * 60)


def typed_by(doc: Doc[Any], places: list[tuple[int, int]]) -> list[bytes]:
    """The update of each letter that is typed at a place of the text."""
    updates: list[bytes] = []
    text = doc.get("content", type=Text)
    kept = doc.observe(lambda event: updates.append(event.update))
    for where, what in places:
        bytes_of = [len(c.encode()) for c in str(text)]
        # Mostly where the last letter was typed, as a person does.
        at = sum(bytes_of[: min(where, len(bytes_of))])
        if what == len(LETTERS):
            if bytes_of:
                del text[0 : bytes_of[0]]
        else:
            text.insert(at, LETTERS[what])
    doc.unobserve(kept)
    return updates


def text_of(*updates: bytes) -> str:
    doc: Doc[Any] = Doc()
    for update in updates:
        doc.apply_update(update)
    return str(doc.get("content", type=Text))


PLACES = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 40), st.just(1_000)), st.integers(0, len(LETTERS))
    ),
    max_size=40,
)


@given(one=PLACES, two=PLACES, order=st.randoms(use_true_random=False))
def test_joined_edits_make_the_document_that_the_edits_make(
    one: list[tuple[int, int]], two: list[tuple[int, int]], order: Any
) -> None:
    base: Doc[Any] = Doc(client_id=1)
    base.get("content", type=Text).insert(0, "dự thảo")
    start = base.get_update()
    edits: list[bytes] = []
    for client, places in ((2, one), (3, two)):
        doc: Doc[Any] = Doc(client_id=client)
        doc.apply_update(start)
        edits += typed_by(doc, places)
    order.shuffle(edits)
    joined = join_typed(edits)
    for update in joined:
        check_update(update)
    theirs: Doc[Any] = Doc()
    ours: Doc[Any] = Doc()
    for doc, updates in ((theirs, edits), (ours, joined)):
        doc.apply_update(start)
        if updates:
            doc.apply_update(merge_tree(updates))
    assert ours.get_update() == theirs.get_update()
    assert ours.get_state() == theirs.get_state()


@given(steps=STEPS)
def test_edits_of_every_kind_go_through_unharmed(
    steps: list[tuple[int, int, int]],
) -> None:
    edits = Edits(client_id=9)
    made = [edits.do(*step) for step in steps]
    doc: Doc[Any] = Doc()
    doc.apply_update(merge_tree(join_typed(made)))
    assert doc.get_state() == edits.doc.get_state()
    assert str(doc.get("content", type=Text)) == str(edits.text)


def test_a_line_that_is_typed_becomes_one_insertion() -> None:
    doc: Doc[Any] = Doc(client_id=5)
    made = typed_by(doc, [(1_000, 0)] * 300)
    joined = join_typed(made[1:])
    assert len(joined) == 1
    assert len(joined[0]) < 340
    assert text_of(made[0], *joined) == "a" * 300


def test_typing_in_the_middle_becomes_one_insertion_too() -> None:
    doc: Doc[Any] = Doc(client_id=5)
    doc.get("content", type=Text).insert(0, "[]")
    start = doc.get_update()
    made = typed_by(doc, [(n + 1, 1) for n in range(30)])
    joined = join_typed(made)
    assert len(joined) == 1
    assert text_of(start, *joined) == "[" + "ệ" * 30 + "]"


def test_halves_of_a_letter_are_never_joined_to_a_letter() -> None:
    """Each half is for the engine to refuse; together they would be taken."""
    head = b"\x01\x01\x05%b\x84\x05%b"
    first, second = (
        head % (b"\x01", b"\x00") + b"\x02\xe1\xbb\x00",
        head % (b"\x03", b"\x02") + b"\x01\x87\x00",
    )
    assert is_plain(first)
    assert is_plain(second)
    assert sorted(join_typed([first, second])) == sorted([first, second])


def test_what_ends_in_deletions_is_left_as_it_is() -> None:
    doc: Doc[Any] = Doc(client_id=5)
    text = doc.get("content", type=Text)
    text.insert(0, "abc")
    made: list[bytes] = []
    kept = doc.observe(lambda event: made.append(event.update))
    with doc.transaction():
        text.insert(3, "d")
        del text[0]
    text.insert(3, "e")
    doc.unobserve(kept)
    assert set(join_typed(made)) == set(made)
