"""When a room flushes: bounded, in order, and no room before another's turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from collab.rooms import pending
from collab.rooms.pace import BUDGET_S, OVERHEAD_S
from collab.rooms.peer import Peer
from collab.rooms.pending import Batch, Pending

HUONG, LAM = cast(Peer, "Hương"), cast(Peer, "Lâm")


class Turns:
    """An event loop's ready queue."""

    def __init__(self) -> None:
        self.ready: deque[Callable[[], None]] = deque()
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def soon(self, call: Callable[[], None]) -> None:
        self.ready.append(call)

    def run(self) -> None:
        """One turn: what is ready now, not what it makes ready."""
        for _ in range(len(self.ready)):
            self.ready.popleft()()


class Desk:
    """A room's queue and what its flushes took; an edit costs so many seconds."""

    def __init__(
        self,
        turns: Turns,
        order: list[str] | None = None,
        cost_s: float = 0.0,
        fixed_s: float = 0.0,
    ) -> None:
        self.cost_s, self.fixed_s = cost_s, fixed_s
        self.is_paced: list[bool] = []
        self.batches: list[Batch] = []
        self.order = order if order is not None else []
        self.pending = Pending(turns.soon, self._flush, turns.monotonic)
        self.name = f"room {id(self)}"

    def _flush(self, is_paced: bool) -> None:
        self.order.append(self.name)
        batch = self.pending.take(is_paced=is_paced)
        self.batches.append(batch)
        self.is_paced.append(is_paced)
        self.pending.took(batch, self.fixed_s + len(batch.edits) * self.cost_s)


def test_what_comes_to_a_quiet_room_does_not_wait_for_the_turn() -> None:
    turns = Turns()
    desk = Desk(turns)
    turns.seconds += 1.0
    desk.pending.add(HUONG, [b"a"], are_plain=True)
    assert [batch.edits for batch in desk.batches] == [[(HUONG, b"a")]]
    # Now it is quiet no more: what comes is gathered.
    desk.pending.add(HUONG, [b"b"], are_plain=True)
    desk.pending.add(LAM, [b"c"], are_plain=True)
    assert len(desk.batches) == 1
    turns.seconds += 1.0  # nor does anything overtake what waits
    desk.pending.add(LAM, [b"d"], are_plain=True)
    assert len(desk.batches) == 1
    turns.run()
    assert desk.batches[1].edits == [(HUONG, b"b"), (LAM, b"c"), (LAM, b"d")]
    assert not turns.ready


def test_what_is_too_much_for_a_quiet_room_waits_for_its_turns() -> None:
    turns = Turns()
    desk = Desk(turns, cost_s=0.001)
    for count in (30, 100):
        turns.seconds += 1.0
        desk.pending.add(HUONG, [b"a"] * count, are_plain=True)
    sizes = [len(batch.edits) for batch in desk.batches]
    assert (sizes[0], len(sizes)) == (30, 2)
    assert sizes[1] < 100
    while turns.ready:
        turns.seconds += 1.0
        turns.run()
    assert sum(len(batch.edits) for batch in desk.batches) == 130
    assert len(desk.batches) > 3


def test_what_came_in_one_turn_is_one_batch() -> None:
    turns = Turns()
    desk = Desk(turns)
    desk.pending.add(HUONG, [b"1", b"2"], are_plain=True)
    desk.pending.add(LAM, [b"3"], are_plain=True)
    assert desk.batches == []
    turns.run()
    wanted = [(HUONG, b"1"), (HUONG, b"2"), (LAM, b"3")]
    assert desk.batches == [Batch(wanted, True)]
    turns.run()
    assert len(desk.batches) == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 9_000), st.booleans()),
        max_size=30,
    )
)
def test_nothing_is_lost_or_reordered_and_no_batch_grows_without_end(
    steps: list[tuple[int, int, bool]],
) -> None:
    turns = Turns()
    desk = Desk(turns)
    sent: list[bytes] = []
    most_at_once = 0
    for number, (count, size, ends_turn) in enumerate(steps):
        edits = [b"%d:" % number + b"x" * (size % 900) for _ in range(count)]
        most_at_once = max(most_at_once, len(edits))
        desk.pending.add(HUONG, edits, are_plain=True)
        sent += edits
        if ends_turn:
            turns.run()
            assert not desk.pending
    turns.run()
    assert [edit for batch in desk.batches for _, edit in batch.edits] == sent
    for batch in desk.batches:
        assert len(batch.edits) < pending.MOST + most_at_once
        waited = sum(len(edit) for _, edit in batch.edits[:-most_at_once])
        assert waited < pending.MOST_BYTES


def test_many_bytes_are_flushed_before_the_turn_ends() -> None:
    desk = Desk(Turns())
    desk.pending.add(HUONG, [b"x" * pending.MOST_BYTES], are_plain=False)
    assert len(desk.batches) == 1
    assert not desk.pending


def test_rooms_flush_in_the_order_of_their_first_edit() -> None:
    """Also when one of them never stops: the others are not put behind its next."""
    turns, order = Turns(), cast("list[str]", [])
    busy, quiet = Desk(turns, order), Desk(turns, order)
    for _ in range(5):
        busy.pending.add(HUONG, [b"x"] * 500, are_plain=True)
    quiet.pending.add(LAM, [b"y"], are_plain=True)
    busy.pending.add(HUONG, [b"x"], are_plain=True)
    turns.run()
    # The full batch at once, the rest in its turn, then whoever came later.
    assert order == [busy.name, busy.name, quiet.name]
    assert not busy.pending
    assert not quiet.pending


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.integers(1, 2_500)), max_size=12),
        max_size=8,
    )
)
def test_no_room_waits_for_the_next_turn_of_another(
    rounds: list[list[tuple[int, int]]],
) -> None:
    """However many edits come to however many rooms: each turn of the loop serves all
    that have something, in the order of their first edit."""
    turns, order = Turns(), cast("list[str]", [])
    desks = [Desk(turns, order) for _ in range(6)]
    for came in rounds:
        first: list[str] = []
        for room, count in came:
            desk = desks[room]
            before = len(order)
            desk.pending.add(HUONG, [b"x"] * count, are_plain=True)
            # What is full goes at once, and only its own room's.
            assert set(order[before:]) <= {desk.name}
            if desk.pending and desk.name not in first:
                first.append(desk.name)
        waiting = [desk.name for desk in desks if desk.pending]
        before = len(order)
        turns.run()
        assert order[before:] == [name for name in first if name in waiting]
        assert not any(desk.pending for desk in desks)


def test_one_edit_that_is_no_keystroke_is_told_of_the_whole_batch() -> None:
    turns = Turns()
    desk = Desk(turns)
    desk.pending.add(HUONG, [b"1"], are_plain=True)
    desk.pending.add(HUONG, [b"2"], are_plain=False)
    turns.run()
    desk.pending.add(HUONG, [b"3"], are_plain=True)
    turns.run()
    assert [batch.are_plain for batch in desk.batches] == [False, True]


def test_what_did_no_harm_is_taken_again_before_what_came_later() -> None:
    turns = Turns()
    desk = Desk(turns)
    desk.pending.add(LAM, [b"later"], are_plain=True)
    desk.pending.put_first([(HUONG, b"earlier")])
    turns.run()
    found: Any = desk.batches
    assert found == [Batch([(HUONG, b"earlier"), (LAM, b"later")], False)]


LARGE = b"x" * 10_000


@given(
    cost_s=st.floats(1e-5, 0.1),
    came=st.lists(st.integers(200, 390), min_size=1, max_size=12),
)
def test_a_turn_holds_the_loop_for_no_longer_than_the_budget_or_few_edits(
    cost_s: float, came: list[int]
) -> None:
    """What is above that goes on in the next turns, in order, until nothing waits."""
    turns = Turns()
    desk = Desk(turns, cost_s=cost_s)
    sent: list[bytes] = []
    for number, count in enumerate(came):
        edits = [b"%d/%d " % (number, i) + LARGE for i in range(count)]
        sent += edits
        before = len(desk.batches)
        desk.pending.add(HUONG, edits, are_plain=False)
        assert all(not desk.is_paced[n] for n in range(before, len(desk.batches)))
        turns.run()
    while desk.pending:
        assert turns.ready, "what waits has its turn"
        turns.run()
    assert [edit for batch in desk.batches for _, edit in batch.edits] == sent
    few = pending._LEAST_BYTES // len(LARGE)
    bound = max(BUDGET_S + 2 * OVERHEAD_S, few * cost_s)
    for is_paced, batch in list(zip(desk.is_paced, desk.batches, strict=True))[1:]:
        if is_paced:
            assert len(batch.edits) * cost_s <= bound


@given(fixed_s=st.floats(0.005, 0.5), each_s=st.floats(0, 1e-5))
def test_a_room_in_which_every_flush_is_dear_does_not_fall_behind_for_ever(
    fixed_s: float, each_s: float
) -> None:
    """Such as one over its limit, where people do nothing but delete."""
    turns = Turns()
    desk = Desk(turns, cost_s=each_s, fixed_s=fixed_s)
    for _ in range(30):
        desk.pending.add(HUONG, [b"x"] * 15, are_plain=False)
        turns.run()
    assert not desk.pending


def test_a_room_with_dear_edits_leaves_every_turn_to_the_others_too() -> None:
    turns, order = Turns(), cast("list[str]", [])
    dear, cheap = Desk(turns, order, cost_s=BUDGET_S), Desk(turns, order)
    dear.pending.add(HUONG, [LARGE] * 150, are_plain=False)
    turns.run()
    dear.pending.add(HUONG, [LARGE] * 50, are_plain=False)
    turns.run()
    assert dear.pending
    for _ in range(5):
        order.clear()
        cheap.pending.add(LAM, [b"y"], are_plain=True)
        turns.run()
        assert sorted(order) == sorted([dear.name, cheap.name])
        assert not cheap.pending


def test_what_nobody_takes_waits_without_a_turn() -> None:
    """A room that is made anew takes nothing; it flushes by itself when it is there."""
    turns = Turns()
    refusing = Pending(turns.soon, lambda _: None, turns.monotonic)
    refusing.add(HUONG, [b"x"] * pending.MOST, are_plain=True)
    turns.run()
    assert refusing
    assert not turns.ready
