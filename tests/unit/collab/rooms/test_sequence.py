"""Which entries of the log a room has, told in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collab.rooms.sequence import KnownSequence


@given(st.permutations(range(4, 12)))
def test_entries_in_any_order_leave_no_gap(order: list[int]) -> None:
    known = KnownSequence(3)
    for seq in order:
        known.learn(seq)
    assert known.upto == 11
    assert not known.has_gap


def test_a_missing_entry_is_a_gap_until_it_is_read() -> None:
    known = KnownSequence(3)
    known.learn(5)
    known.learn(2)
    assert (known.upto, known.has_gap) == (3, True)
    known.read_upto(4)
    assert (known.upto, known.has_gap) == (5, False)


def test_a_rebuilt_document_knows_what_it_was_rebuilt_from() -> None:
    known = KnownSequence(3)
    known.learn(9)
    known.rewind(6)
    assert (known.upto, known.has_gap) == (6, False)
    known.learn(7)
    assert known.upto == 7
