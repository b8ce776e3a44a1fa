"""What the servers are compared in. A scenario plays against one running server and
gives its figures; a table's column says how a figure is called and which way is better.

Must never leave out a server because it would win.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench.contest.ask import Found, ask
from tests.bench.contest.ladder import climb, holds
from tests.bench.contest.rivals import Rival

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    heading: str
    decimals: int = 0
    more_is_better: bool = False


DELIVERED = Column("delivered_per_s", "delivered/s", more_is_better=True)
P50 = Column("p50", "p50 ms", 1)
P99 = Column("p99", "p99 ms", 1)
CPU = Column("cpu_us", "CPU µs each", 1)
LOAD = Column("load_cpu", "load's core, %")


@dataclass(frozen=True, slots=True)
class Scenario:
    title: str
    columns: tuple[Column, ...]
    play: Callable[[Rival, float, Say, Found], Found]
    """With a running server, for so many seconds; "fault" if it cannot be counted. The
    last is what the round before found of this server, empty in the first."""
    fits: Callable[[Rival], bool] = lambda rival: True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Typing:
    """Rooms of people; `rate`: updates a second of all together, where it begins."""

    documents: int
    people: int
    writers: int
    rate: float
    climbs: bool
    probe_every: int = 1
    carets: bool = False

    def __call__(self, rival: Rival, seconds: float, say: Say, before: Found) -> Found:
        def run(rate: float) -> Found:
            found = {**self._run(rival, rate, seconds), "rate": rate}
            say(f"at {rate:,.0f}/s: {told(found)}")
            return found

        if self.climbs:
            # A server that was measured need not climb from the ground again.
            known = before.get("rate", 0.0)
            return climb(run, known or self.rate, is_known=bool(known))
        found = run(self.rate)
        # One more chance, as a level of a climb has.
        return found if holds(found) or not found["fault"] else run(self.rate)

    def _run(self, rival: Rival, rate: float, seconds: float) -> Found:
        found = ask(
            rival,
            "type",
            rival.documents(self.documents),
            people=self.people,
            writers=self.writers,
            rate=rate,
            seconds=seconds,
            # Enough of them for a 99th part, and few beside the rest.
            probe_every=max(self.probe_every, round(rate / 400)),
            carets=self.carets,
        )
        if "updates" not in found:
            return {"missing": 0, "p99": float("inf"), "p50": None, **found}
        if found["p99"] is None:
            found["p99"] = float("inf")
        found["delivered_per_s"] = found["deliveries"] / found["seconds"]
        found["cpu_us"] = found["server_cpu_s"] / max(1, found["deliveries"]) * 1e6
        found["load_cpu"] *= 100
        return found


def told(found: Found) -> str:
    """A run in a line."""
    if "updates" not in found:
        return str(found["fault"])
    words = (
        f"{found['delivered_per_s']:,.0f} delivered/s, p99 {found['p99']:.1f} ms, "
        f"load {found['load_cpu']:.0f} %"
    )
    if found["missing"]:
        words += f", {found['missing']} missing"
        words += "".join(f", {reason}" for reason in found["closed"])
    return words + (f", {found['fault']}" if found["fault"] else "")


# ── memory ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Memory:
    count: int

    def __call__(self, rival: Rival, seconds: float, say: Say, before: Found) -> Found:
        return ask(rival, "hold", rival.documents(self.count + 2))


# ── a document of very many edits ───────────────────────────────────────────────

_TYPISTS_ROOMS, _TYPISTS_RATE, _TYPISTS_S = 25, 400, 6


@dataclass(frozen=True, slots=True)
class LongText:
    edits: int

    def __call__(self, rival: Rival, seconds: float, say: Say, before: Found) -> Found:
        document = rival.documents(1)
        written = ask(rival, "write a long text", document, updates=self.edits)
        if written["fault"]:
            return written
        say(f"written at {written['written_per_s']:,.0f} edits/s")
        found: Found = {"written_per_s": written["written_per_s"]}
        for label in ("", "again_"):
            rival.start_again()
            opened = ask(rival, "open twice", document, updates=self.edits)
            if opened["fault"]:
                return {**found, **opened}
            first, second = opened["opened_ms"]
            found |= {
                f"{label}first_ms": first,
                f"{label}second_ms": second,
                "kb": opened["kb"],
            }
            say(f"opened in {first:.0f} ms, then {second:.0f} ms")
        rival.start_again()
        rooms = rival.documents(_TYPISTS_ROOMS)
        beside = ask(
            rival,
            "open beside",
            [*rooms, *document],
            updates=self.edits,
            rate=_TYPISTS_RATE,
            seconds=_TYPISTS_S,
        )
        return {**found, **beside}


# ── what is kept ────────────────────────────────────────────────────────────────

_READ_AGAIN = 20


@dataclass(frozen=True, slots=True)
class Saving:
    rooms: int
    updates: int
    window: int

    def __call__(self, rival: Rival, seconds: float, say: Say, before: Found) -> Found:
        documents = rival.documents(self.rooms)
        found = ask(
            rival,
            "save",
            documents,
            updates=self.updates,
            window=self.window,
            crash=True,
        )
        if found["fault"]:
            return found
        rival.start_again(crash=True)
        again = ask(rival, "read", documents[:_READ_AGAIN])
        if again["fault"]:
            return again
        typed = sum(found["characters"][:_READ_AGAIN])
        found["kept"] = 100 * sum(again["lengths"]) / typed
        found["load_cpu"] *= 100
        del found["characters"]
        return found


TYPED = (DELIVERED, P50, P99, CPU, LOAD)

SCENARIOS: dict[str, Scenario] = {
    "busy": Scenario(
        "One room, 50 people, 5 of them writing: the most that is held",
        TYPED,
        Typing(1, 50, 5, 1_000, climbs=True, probe_every=20),
    ),
    "all": Scenario(
        "One room, 10 people, all writing: the most that is held",
        TYPED,
        Typing(1, 10, 10, 1_000, climbs=True, probe_every=5),
    ),
    "crowd": Scenario(
        "One room, 200 people, 50 of them writing: the most that is held",
        TYPED,
        Typing(1, 200, 50, 600, climbs=True, probe_every=20),
    ),
    "quiet": Scenario(
        "One room, 50 people, 5 of them writing 20 updates/s together",
        TYPED,
        Typing(1, 50, 5, 20, climbs=False, carets=True),
    ),
    "rooms": Scenario(
        "500 rooms of 2 people, 4 updates/s in each",
        TYPED,
        Typing(500, 2, 2, 2_000, climbs=False, carets=True),
    ),
    "most-rooms": Scenario(
        "500 rooms of 2 people: the most that is held",
        TYPED,
        Typing(500, 2, 2, 2_000, climbs=True),
    ),
    "memory": Scenario(
        "Memory",
        (
            Column("process_mib", "process, one document, MiB", 1),
            Column("connection_kib", "each idle connection, KiB", 1),
            Column("room_kib", "each loaded small room, KiB", 1),
        ),
        Memory(500),
    ),
    "long": Scenario(
        "A document of 260,000 single-character edits",
        (
            Column("written_per_s", "typed, edits/s", more_is_better=True),
            Column("first_ms", "first opener after a restart, ms"),
            Column("second_ms", "second opener, ms", 1),
            Column("again_first_ms", "after one more restart, ms"),
            Column("again_second_ms", "second opener, ms", 1),
            Column("kb", "state, KB"),
            Column("before_p99", "typing elsewhere, p99 before, ms", 1),
            Column("during_p99", "p99 while it is opened, ms", 1),
            Column("during_worst", "the worst, ms", 1),
        ),
        LongText(260_000),
        fits=lambda rival: rival.is_durable,
    ),
    "saved": Scenario(
        "200 rooms, one writer in each, as fast as it is acknowledged",
        (
            Column("saved_per_s", "acknowledged/s", more_is_better=True),
            CPU,
            Column("kept", "there after kill -9, %", 1, more_is_better=True),
            LOAD,
        ),
        Saving(rooms=200, updates=100_000, window=50),
        fits=lambda rival: rival.acknowledges,
        note="Ours acknowledges after the commit to disk, Hocuspocus when the edit is "
        "in memory; it stores a document two seconds after its last edit.",
    ),
}


def figures(scenario: Scenario, found: Found) -> dict[str, Any]:
    """What the tables need of it."""
    kept = {c.key: found[c.key] for c in scenario.columns if c.key in found}
    return {**kept, "fault": found["fault"]} if found["fault"] else kept
