"""What every test gets: the shared fixtures, and a clean start."""

from __future__ import annotations

from importlib.util import find_spec

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
        "tests.support.browser",
    )
    if find_spec(name)
]
