"""Offices for measuring: one seeded folder, copied for each server that is started."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.office import _MINT, Office, run_command

# Limits are raised, never features switched off: one person plays hundreds here.
LIMITS = {
    "DUTHAO_MAX_CONNECTIONS_PER_USER": "100000",
    "DUTHAO_MAX_CONNECTIONS": "100000",
    "DUTHAO_FRAMES_PER_S": "100000",
    "DUTHAO_FRAME_BURST": "1000000",
}


@contextmanager
def seeded_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="duthao-bench-") as folder:
        seed = Path(folder) / "seed"
        seed.mkdir()
        run_command(seed, "migrate", "--verbosity", "0")
        run_command(seed, "seed")
        minted = run_command(seed, "shell", "--verbosity", "0", "-c", _MINT)
        (seed / "people.json").write_text(minted.strip().splitlines()[-1])
        yield seed


@contextmanager
def running_office(seed: Path, server: str) -> Iterator[Office]:
    folder = Path(tempfile.mkdtemp(dir=seed.parent)) / "data"
    shutil.copytree(seed, folder)
    office = Office(folder, server, **LIMITS)
    office.start()
    try:
        yield office
    finally:
        office.kill()
