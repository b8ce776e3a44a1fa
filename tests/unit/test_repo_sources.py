"""House rules that no linter knows: they keep the sources easy to walk through."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
FOLDERS = {
    ".ci",
    "collab",
    "deploy",
    "docs",
    "editor_client",
    "requirements",
    "server",
    "storage",
    "tests",
}
# A test waits for something it can name (tests.support.wait). The exceptions:
MAY_PAUSE = {
    "tests/bench/load/pace.py": "people who type have a pace",
    "tests/support/wait.py": "the poll itself",
    "tests/bench/measures.py": "a typist's pace is what it measures under",
    "tests/bench/colleagues.py": "they type at a steady pace",
    "tests/bench/painting.py": "the same, on real keys",
}
PAUSE = re.compile(
    r"\b(?:time\.sleep|asyncio\.sleep|wait_for_timeout|waitForTimeout)\((?!0\))"
    # A timer that is awaited; one that only sets a deadline is none.
    r"|new Promise\([^;]{0,40}=>\s*\{?\s*setTimeout\("
)
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:root|work|home/\w+|Users/\w+|tmp/w)/")
REGISTRY = re.compile(
    r"(?:files\.pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com"
    r"|pypi\.org/simple|--(?:extra-)?index-url[ =]|npm_config_registry)"
)


def tracked() -> list[str]:
    """Files of the repository, new ones that are not yet committed included."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted(name for name in listing.split("\0") if (ROOT / name).is_file())


@pytest.fixture(scope="module")
def files() -> list[str]:
    found = tracked()
    assert "Makefile" in found
    return found


def text_of(name: str) -> str:
    try:
        return (ROOT / name).read_text()
    except UnicodeDecodeError:
        return ""


def test_top_level_holds_only_the_known_folders(files: list[str]) -> None:
    assert {name.split("/")[0] for name in files if "/" in name} <= FOLDERS


def test_modules_stay_small(files: list[str]) -> None:
    long = {
        name: lines
        for name in files
        if name.endswith((".py", ".ts"))
        and "/migrations/" not in name
        and "generated" not in name
        and (lines := text_of(name).count("\n")) > MAX_LINES
    }
    assert not long, f"over {MAX_LINES} lines; divide them by noun"


def test_python_modules_say_why_they_exist(files: list[str]) -> None:
    silent = []
    for name in files:
        if not name.endswith(".py") or "/migrations/" in name:
            continue
        tree = ast.parse(text_of(name))
        # An app's registration (apps.py) and empty packages say it by their name.
        if len(tree.body) > 4 and not ast.get_docstring(tree):
            silent.append(name)
    assert not silent


def test_tests_do_not_pause(files: list[str]) -> None:
    pausing = {
        name
        for name in files
        if (name.startswith("tests/") or name.endswith(".test.ts"))
        and name.endswith((".py", ".ts", ".mjs", ".js"))
        and name not in MAY_PAUSE
        and not name.startswith("tests/unit/test_repo_")
        and PAUSE.search(text_of(name))
    }
    assert not pausing, "wait for a condition: tests.support.wait.until"
    assert set(MAY_PAUSE) <= set(files), "an exception that is no longer there"


def test_no_path_of_one_machine(files: list[str]) -> None:
    found = {
        name: match[0]
        for name in files
        if (match := MACHINE_PATH.search(text_of(name)))
    }
    found.pop("tests/unit/test_repo_sources.py", None)
    # Where the container and the cluster keep their files is theirs to say.
    assert not {n: f for n, f in found.items() if not n.startswith("deploy/")}


def test_no_address_of_a_package_index(files: list[str]) -> None:
    found = {name for name in files if REGISTRY.search(text_of(name))}
    assert found <= {"tests/unit/test_repo_sources.py"}


def test_no_file_is_left_to_do(files: list[str]) -> None:
    words = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    found = {
        name
        for name in files
        if name.endswith((".py", ".ts", ".html", ".css"))
        and words.search(text_of(name))
    }
    assert found <= {"tests/unit/test_repo_sources.py"}


def test_git_ignores_no_source() -> None:
    ignored = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    built = re.compile(
        r"__pycache__/|\.(?:pyc|mo)$|/\.\w+_cache/|/\.hypothesis/|/node_modules/"
    )
    sources = (
        "server/",
        "collab/",
        "storage/",
        "editor_client/src/",
        "tests/",
        "docs/",
    )
    assert [n for n in ignored if n.startswith(sources) and not built.search(n)] == []
