"""What every test gets: the shared fixtures, and a clean start."""

from __future__ import annotations

from importlib.util import find_spec

pytest_plugins = [
    name
    for name in (
        "tests.support.cast",
        "tests.support.servers",
        "tests.support.office",
        "tests.support.browser",
    )
    if find_spec(name)
]
