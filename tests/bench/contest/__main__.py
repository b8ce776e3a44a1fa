"""Side by side with the servers of others, interleaved on one machine.

    python -m tests.bench.contest [--write] [--rounds 3] [--seconds 5]
                                  [--servers WORD …] [SCENARIO …]

Prints tables; with --write docs/performance.json keeps what was found, and the tables
and charts of docs/performance.md are drawn from it. Only the scenarios that were played
are replaced.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench import record  # noqa: E402 - Django first
from tests.bench.contest import charts, goals, rivals  # noqa: E402
from tests.bench.contest.rounds import contest  # noqa: E402
from tests.bench.contest.scenarios import SCENARIOS  # noqa: E402
from tests.bench.contest.tables import tables  # noqa: E402
from tests.bench.offices import seeded_folder  # noqa: E402


def main() -> None:
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser(prog="tests.bench.contest", description=__doc__)
    parser.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help=f"of {', '.join(SCENARIOS)}"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--servers", nargs="*", metavar="WORD", help="in their names")
    parser.add_argument("--write", action="store_true", help="also to docs/")
    asked = parser.parse_args()
    names = asked.scenarios or list(SCENARIOS)
    if unknown := set(names) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    if asked.write and asked.servers:
        parser.error("a table is only written with all servers in it")
    if not rivals.are_installed():
        sys.exit("The servers of others are not installed: run `make contest`.")
    with seeded_folder() as seed:
        starts = {
            name: start
            for name, start in rivals.all_of(seed).items()
            if not asked.servers
            or any(word.lower() in name.lower() for word in asked.servers)
        }
        found = contest(
            starts,
            {name: SCENARIOS[name] for name in names},
            asked.rounds,
            asked.seconds,
            say=lambda line: print(f"  {line}", flush=True),
        )
    print(tables(found))
    if asked.write:
        recorded = record.load()
        measured = record.measured_now()
        stamped = {name: {**one, "measured": measured} for name, one in found.items()}
        recorded["contest"] = {**recorded.get("contest", {}), **stamped}
        record.save(recorded)
        drawn = charts.draw_all(recorded["contest"])
        record.write_page("contest", tables(recorded["contest"], drawn))
        record.write_page("goals", goals.table(recorded))


if __name__ == "__main__":
    main()
