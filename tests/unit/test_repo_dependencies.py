"""Every dependency has a reason, and the locks work behind every mirror."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from fnmatch import fnmatchcase
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("runtime", "dev", "node", "peers")
NOTE = re.compile(r'"(?P<name>[^"]+)",\s*# needed for .+ · .+ · 20\d\d')
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def pins(name: str) -> dict[str, str]:
    return {m["name"]: m["version"] for m in PIN.finditer(lock(name))}


def normal(requirement: str) -> str:
    """The project's name of a requirement, as PEP 503 writes it."""
    name = re.split(r"[\[<>=~!; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return {"runtime": project["dependencies"], "dev": extras["dev"]}


def test_every_python_dependency_says_what_it_is_needed_for() -> None:
    noted = {m["name"] for m in NOTE.finditer((ROOT / "pyproject.toml").read_text())}
    every = {name for group in declared().values() for name in group}
    assert every - noted == set()


def test_every_client_dependency_says_what_it_is_needed_for() -> None:
    package = json.loads((ROOT / "editor_client" / "package.json").read_text())
    every = {*package.get("dependencies", {}), *package.get("devDependencies", {})}
    notes = {
        pattern
        for pattern, note in package["dependencyNotes"].items()
        if note.startswith("needed for") and note.count(" · ") >= 2
    }
    # Types of a noted package need no note of their own.
    unnoted = {
        name
        for name in every
        if not any(fnmatchcase(name.removeprefix("@types/"), p) for p in notes)
        and name not in notes
    }
    assert unnoted == set()
    assert {p for p in notes if not any(fnmatchcase(n, p) for n in every)} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_a_hash_for_every_package(name: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", lock(name), flags=re.MULTILINE)
    entries = [entry for entry in entries if entry.strip()]
    assert entries
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_address(name: str) -> None:
    assert "://" not in lock(name)


@pytest.mark.parametrize("group", ["runtime", "dev"])
def test_lock_covers_what_is_declared(group: str) -> None:
    missing = {normal(r) for r in declared()[group]} - set(pins(group))
    assert not missing, "run `make lock`"


def test_tests_run_on_the_versions_that_are_served() -> None:
    tested = pins("dev")
    assert {n: v for n, v in pins("runtime").items() if tested.get(n) != v} == {}


def test_client_lock_holds_hashes_and_no_address() -> None:
    text = (ROOT / "editor_client" / "package-lock.json").read_text()
    packages = {
        name: entry for name, entry in json.loads(text)["packages"].items() if name
    }
    assert packages
    without = [
        name
        for name, entry in packages.items()
        if "integrity" not in entry
        and not entry.get("link")
        and "inBundle" not in entry
    ]
    assert without == []
    assert '"resolved"' not in text


def imported(*folders: str) -> set[str]:
    """The packages outside the project and the library that sources import."""
    names: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.split(".")[0])
    own = {"server", "collab", "storage", "tests"}
    return names - own - sys.stdlib_module_names


def test_what_is_imported_is_declared() -> None:
    owners = packages_distributions()
    groups = {name: {normal(r) for r in rows} for name, rows in declared().items()}
    product = {
        name
        for name in imported("server", "collab", "storage")
        if not {normal(owner) for owner in owners[name]} & groups["runtime"]
    }
    assert product == set(), "found by luck: another package brings it"
