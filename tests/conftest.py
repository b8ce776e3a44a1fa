"""What every test gets: the shared fixtures, and a clean start."""

from __future__ import annotations

import gc
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A property is about what is so, never about how long it took: a machine that does
# other work must not fail it.
settings.register_profile(
    "duthao", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("duthao")

pytest_plugins = [
    name
    for name in (
        "tests.support.cast",
        "tests.support.servers",
        "tests.support.databases",
        "tests.support.office",
        "tests.support.office_rules",
        "tests.support.browser",
    )
    if find_spec(name)
]


def pytest_itemcollected(item: pytest.Item) -> None:
    """What one worker of pytest-xdist does by itself: a file, or all that browsers do.

    Two browsers with their servers on two cores wait for each other longer than people
    would, and than the tests do.
    """
    is_of_browsers = item.get_closest_marker("browser") is not None
    alone = (
        "browsers"
        if is_of_browsers
        else str(item.path.relative_to(item.config.rootpath))
    )
    item.add_marker(pytest.mark.xdist_group(alone))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files, which workers of pytest-xdist take one after the other.

    The longest first, so that none is left to one worker in the end. Last those that
    commit to the database of the process: only the next of them finds it emptied.
    """
    marks: dict[Path, set[str]] = {}
    for item in items:
        marks.setdefault(item.path, set()).update(_marks(item))
    items.sort(key=lambda item: _place(marks[item.path]))


def pytest_collection_finish() -> None:
    """What was collected stays to the end, so the garbage collector need not look at it
    again and again: that takes a tenth of the time of the tests in this process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _marks(item: pytest.Item) -> set[str]:
    names = {mark.name for mark in item.iter_markers()}
    database = item.get_closest_marker("django_db")
    if database is not None and database.kwargs.get("transaction"):
        names.add("commits")
    return names


def _place(marks: set[str]) -> int:
    if "commits" in marks:
        return 3
    return 0 if "browser" in marks else 1 if "server" in marks else 2
