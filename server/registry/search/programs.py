"""The programs of the office's machine that read what we cannot: LibreOffice for .doc,
.xls and .ppt, Tesseract for pages that are pictures.

Each run is a process apart, in a folder of its own that is gone afterwards, with limits
of time, memory and file sizes, without macros, and without a network where the system
allows that. LibreOffice only turns a file into a newer one, which is read as any other.
Where a program is missing its files stay unread, and are told so. Must never be given
the path of anything but that folder.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from server.registry.search.apart import PATH, ROOT, Apart, Ended

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE = "none"
_BOUNDED = ROOT / "server" / "publishing" / "file_words" / "bounded.py"
_WHERE = f"/usr/local/bin:{PATH}"
# What a conversion may write: a text of a few MB becomes a file of some more.
_MOST_FILE_BYTES = 300_000_000
_MOST_LETTERS_BYTES = 4_000_000
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}"'
    ' oor:op="fuse"><value>{value}</value></prop></item>'
)
# No macro is run, no link is followed, nothing is asked and nothing reported.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "2"),
    ("Calc/Content/Update", "Link", "2"),
    ("Common/Misc", "FirstRun", "false"),
)


@dataclass(frozen=True, slots=True)
class Programs:
    """`office` and `recogniser` are paths, "" where there is none."""

    office: str = ""
    recogniser: str = ""
    languages: str = "vie"
    seconds: int = 60
    memory_bytes: int = 4_000_000_000
    most_pages: int = 200

    @classmethod
    def of_settings(cls) -> Programs:
        return cls(
            office=_path(settings.OFFICE_PROGRAM),
            recogniser=_path(settings.RECOGNISER),
            languages=settings.RECOGNISER_LANGUAGES,
            seconds=settings.READ_FILE_S,
            memory_bytes=settings.READ_FILE_BYTES,
            most_pages=settings.RECOGNISED_PAGES,
        )

    def languages_known(self, apart: Apart) -> bool:
        """Whether the recogniser is there and knows the languages that are wanted."""
        if not self.recogniser:
            return False
        with _folder() as folder:
            listed = self._run(
                apart, folder, [self.recogniser, "--list-langs"], 100_000
            )
        known = listed.said.decode("utf-8", "ignore").split()
        return listed.is_well and set(self.languages.split("+")) <= set(known)

    def converted(
        self, apart: Apart, chunks: Iterable[bytes], old: str, new: str, known_as: str
    ) -> tuple[Ended, bytes]:
        """A file with the ending `old`, of a kind that LibreOffice knows by a name, as
        one with the ending `new`; b"" when that failed. Raises Stopped, and what
        `chunks` raises."""
        with _folder() as folder:
            source, out = folder / f"file.{old}", folder / "out"
            with source.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
            profile = folder / "profile"
            _write_profile(profile)
            command = [
                *(self.office, f"-env:UserInstallation={profile.as_uri()}"),
                *("--headless", "--norestore", "--nologo", "--nodefault"),
                *(f"--infilter={known_as}", "--convert-to", new),
                *("--outdir", str(out), str(source)),
            ]
            ended = self._run(apart, folder, command, 100_000)
            made = out / f"file.{new}"
            # What was cut off by a limit is no file.
            is_whole = ended.is_well and made.is_file()
            return ended, made.read_bytes() if is_whole else b""

    def recognised(self, apart: Apart, picture: bytes) -> Ended:
        """What the page says, as UTF-8. Raises Stopped."""
        with _folder() as folder:
            page = folder / "page.png"
            page.write_bytes(picture)
            command = [self.recogniser, str(page), "stdout", "-l", self.languages]
            return self._run(apart, folder, command, _MOST_LETTERS_BYTES)

    def _run(
        self, apart: Apart, folder: Path, command: list[str], most_bytes: int
    ) -> Ended:
        limits = (self.seconds, self.memory_bytes, _MOST_FILE_BYTES)
        # As a file: its package would load what reads the files, for nothing.
        bounded = [sys.executable, "-I", str(_BOUNDED)]
        env = {
            "PATH": _WHERE,
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            # One core: the other is for people.
            "OMP_THREAD_LIMIT": "1",
        }
        if "TESSDATA_PREFIX" in os.environ:
            env["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
        return apart.run(
            [*bounded, *map(str, limits), *command],
            seconds=self.seconds,
            most_bytes=most_bytes,
            env=env,
        )


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="duthao-read-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _path(named: str) -> str:
    return "" if named == NONE else shutil.which(named, path=_WHERE) or ""


def _write_profile(folder: Path) -> None:
    items = "\n".join(
        _ITEM.format(path=path, name=name, value=value)
        for path, name, value in _SETTINGS
    )
    place = folder / "user"
    place.mkdir(parents=True)
    (place / "registrymodifications.xcu").write_text(_PROFILE.format(items=items))
