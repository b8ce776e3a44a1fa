"""The product's commands on a data folder, as an administrator types them.

Each runs as a process of its own with the product's own settings; what the caller's
environment says of an office is left out. Must never touch the caller's own office.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
WORKER_PATIENCE_S = 300.0


def environment_of(data_dir: Path, **settings: str) -> dict[str, str]:
    """The environment of a process that works in this data folder of a demo."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DUTHAO_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
        "DATA_DIR": str(data_dir),
        "DUTHAO_DEMO": "1",
        "DUTHAO_WARM_UP": "0",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }


def run_command(data_dir: Path, *words: str, **settings: str) -> str:
    """What the command printed. Raises RuntimeError with all it said if it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "server", *words],
        cwd=PROJECT,
        env=environment_of(data_dir, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)[:60]}: {done.stdout}{done.stderr}")
    return done.stdout


def run_worker(
    name: str,
    *words: str,
    environment: dict[str, str],
    patience_s: float = WORKER_PATIENCE_S,
) -> Any:
    """What `python -m tests.support.NAME` told as JSON in its last line; None if it
    printed nothing. AssertionError with its errors if it failed."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.support.{name}", *words],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=patience_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else None
