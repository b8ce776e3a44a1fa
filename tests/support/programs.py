"""Small honest stand-ins for LibreOffice and Tesseract, with their faults on demand."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from server.registry.search.programs import Programs

# What a Tesseract is asked: its languages, or a page.
RECOGNISER = """
import sys, pathlib
if "--list-langs" in sys.argv:
    print("List of available languages:\\nvie")
    raise SystemExit
page = pathlib.Path(sys.argv[1])
assert page.read_bytes().startswith(b"\\x89PNG"), "only pictures of ours are given"
assert sys.argv[2:] == ["stdout", "-l", "vie"], sys.argv
"""
# What a LibreOffice is asked: to turn a file into another.
OFFICE = """
import sys, pathlib, shutil
source = pathlib.Path(sys.argv[-1])
out = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
new = sys.argv[sys.argv.index("--convert-to") + 1]
profile = next(a for a in sys.argv if a.startswith("-env:UserInstallation=file://"))
settings = pathlib.Path(profile.partition("file://")[2]) / "user"
assert "DisableMacrosExecution" in (settings / "registrymodifications.xcu").read_text()
out.mkdir()
made = out / f"{source.stem}.{new}"
"""
ENDLESS = "import signal\nwhile True: signal.pause()\n"
BUSY = "while True: pass\n"
CRASH = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"
FAIL = "raise SystemExit(7)\n"
FLOOD = "import sys\nwhile True: sys.stdout.write('a' * 65536)\n"
HUNGRY = "hold = bytearray(3_000_000_000)\nprint('a' * 10)\n"


def program(folder: Path, name: str, *parts: str) -> str:
    """An executable that does this."""
    path = folder / name
    path.write_text("\n".join((f"#!{sys.executable} -I", *parts)))
    path.chmod(0o755)
    return str(path)


def recogniser(folder: Path, does: str) -> Programs:
    named = program(folder, "recogniser", RECOGNISER, does)
    return Programs(recogniser=named, seconds=20, memory_bytes=2_000_000_000)


def office(folder: Path, does: str) -> Programs:
    named = program(folder, "office", OFFICE, does)
    return Programs(office=named, seconds=20, memory_bytes=2_000_000_000)


def hasty(programs: Programs) -> Programs:
    return replace(programs, seconds=2)
