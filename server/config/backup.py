"""Copy the whole office into one file, and back, with a proof that it is whole.

An archive holds the database, the files and a manifest with the digest of each.
The database is copied first: files are named by their digest and are stored before
the row that names them, so the copy can hold a file too many, never one too few.
The key of the sessions is left out; after a restore people sign in again.

Must never write over data that it has not first moved aside.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_NAME = "database.sqlite3"
POSTGRES_NAME = "database.dump"
BLOBS = "blobs"


class BackupError(Exception):
    """The archive or the place to restore to cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`size` is in bytes, `digest` the SHA-256 in hexadecimal."""

    name: str
    size: int
    digest: str


def _digest(source: io.BufferedReader) -> str:
    return hashlib.file_digest(source, "sha256").hexdigest()


def _postgres(tool: str, database: dict[str, Any], *arguments: str) -> list[str]:
    """The command, and never the password: that goes through the environment."""
    given = {"--host": "HOST", "--port": "PORT", "--username": "USER"}
    where = [
        f"{option}={database[key]}" for option, key in given.items() if database[key]
    ]
    return [tool, *where, f"--dbname={database['NAME']}", *arguments]


def _run(command: list[str], password: str) -> None:
    environment = {**os.environ, "PGPASSWORD": password} if password else None
    try:
        subprocess.run(  # noqa: S603 - a fixed tool, arguments from the settings
            command, check=True, capture_output=True, text=True, env=environment
        )
    except FileNotFoundError:
        raise BackupError(f"{command[0]} is needed and is not on the path") from None
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{command[0]}: {error.stderr.strip()}") from None


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online copy: whole, also while people type."""
    if not source.is_file():
        raise BackupError(f"no database at {source}")
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as origin,
        closing(sqlite3.connect(target)) as copy,
    ):
        origin.backup(copy)


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            (answer,) = database.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"the database in the archive is damaged: {error}") from None
    if answer != "ok":
        raise BackupError(f"the database in the archive is damaged: {answer}")


def _sqlite(database: dict[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("sqlite3")


def _files_below(folder: Path) -> Iterator[Path]:
    # A name that begins with a dot is a file that is still being written.
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            yield path


def write(target: Path, database: dict[str, Any], data_dir: Path, at: datetime) -> int:
    """Write the archive; return how many files of drafts it holds.

    The archive appears under its name only when it is whole and on the disk. It is
    readable by this account alone. Raises BackupError.
    """
    if target.exists():
        raise BackupError(f"{target} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    entries: list[Entry] = []
    partial = target.with_name(f".{target.name}.partial")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        if _sqlite(database):
            copy = Path(folder, SQLITE_NAME)
            _copy_sqlite(Path(database["NAME"]), copy)
        else:
            copy = Path(folder, POSTGRES_NAME)
            command = _postgres(
                "pg_dump", database, "--format=custom", f"--file={copy}"
            )
            _run(command, database["PASSWORD"])
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                entries.append(_add(archive, copy, copy.name))
                for path in _files_below(data_dir / BLOBS):
                    name = PurePosixPath(
                        BLOBS, *path.relative_to(data_dir / BLOBS).parts
                    )
                    entries.append(_add(archive, path, str(name)))
                _add_manifest(archive, entries, at)
            raw.flush()
            os.fsync(raw.fileno())
    partial.rename(target)
    return len(entries) - 1


def _add(archive: tarfile.TarFile, path: Path, name: str) -> Entry:
    with path.open("rb") as source:
        entry = Entry(name, path.stat().st_size, _digest(source))
    archive.add(path, arcname=name, recursive=False)
    return entry


def _add_manifest(archive: tarfile.TarFile, entries: list[Entry], at: datetime) -> None:
    body = json.dumps(
        {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "entries": [asdict(entry) for entry in entries],
        },
        indent=1,
    ).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size = len(body)
    archive.addfile(info, io.BytesIO(body))


def _safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name in {SQLITE_NAME, POSTGRES_NAME, MANIFEST} or (
        len(parts) > 1 and parts[0] == BLOBS and ".." not in parts
    )


def unpack(archive_path: Path, folder: Path) -> list[Entry]:
    """Unpack into an empty folder and compare every digest. Raises BackupError."""
    try:
        with tarfile.open(archive_path, "r:gz") as archive:
            for member in archive:
                source = archive.extractfile(member) if member.isreg() else None
                if source is None or not _safe(member.name):
                    raise BackupError(f"{member.name!r} does not belong in an archive")
                path = folder / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with source, path.open("xb") as target:
                    while piece := source.read(1 << 20):
                        target.write(piece)
        manifest = json.loads((folder / MANIFEST).read_text())
        entries = [Entry(**entry) for entry in manifest["entries"]]
    except FileNotFoundError as error:
        raise BackupError(f"missing: {error.filename}") from None
    except (
        OSError,
        EOFError,
        tarfile.TarError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:
        raise BackupError(f"{archive_path} is not a whole archive: {error}") from None
    if manifest["format"] != FORMAT:
        raise BackupError(f"made by another version: format {manifest['format']}")
    if not {SQLITE_NAME, POSTGRES_NAME} & {entry.name for entry in entries}:
        raise BackupError(f"{archive_path} holds no database")
    for entry in entries:
        if not _safe(entry.name):
            raise BackupError(f"{entry.name!r} does not belong in an archive")
        path = folder / entry.name
        if not path.is_file():
            raise BackupError(f"{entry.name} is missing from the archive")
        with path.open("rb") as unpacked:
            if _digest(unpacked) != entry.digest:
                raise BackupError(f"{entry.name} is damaged: its digest differs")
    return entries


def check(archive_path: Path) -> int:
    """Prove that an archive is whole; return how many files it holds."""
    with tempfile.TemporaryDirectory() as name:
        entries = unpack(archive_path, Path(name))
        if (database := Path(name, SQLITE_NAME)).is_file():
            _check_sqlite(database)
    return len(entries) - 1


def restore(archive_path: Path, database: dict[str, Any], data_dir: Path) -> int:
    """Put an archive in the place of the data; return how many files it brought.

    The server must be stopped. Everything is unpacked and proved first. A SQLite
    database that is there is moved aside and kept; PostgreSQL restores in one
    transaction. Files of drafts are only added. Raises BackupError.
    """
    with tempfile.TemporaryDirectory(dir=data_dir) as name:
        folder = Path(name)
        entries = unpack(archive_path, folder)
        expected = SQLITE_NAME if _sqlite(database) else POSTGRES_NAME
        if expected not in {entry.name for entry in entries}:
            raise BackupError("the archive was made from another kind of database")
        if _sqlite(database):
            _check_sqlite(folder / SQLITE_NAME)
        for entry in entries:
            if entry.name.startswith(f"{BLOBS}/"):
                target = data_dir / entry.name
                target.parent.mkdir(parents=True, exist_ok=True)
                (folder / entry.name).replace(target)
        if _sqlite(database):
            _replace_sqlite(folder / SQLITE_NAME, Path(database["NAME"]))
        else:
            command = _postgres(
                "pg_restore",
                database,
                "--clean",
                "--if-exists",
                "--no-owner",
                "--single-transaction",
                str(folder / POSTGRES_NAME),
            )
            _run(command, database["PASSWORD"])
    return len(entries) - 1


def _replace_sqlite(source: Path, target: Path) -> None:
    number = 1
    while (kept := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        former = target.with_name(target.name + suffix)
        if former.exists():
            former.rename(kept.with_name(kept.name + suffix))
    source.replace(target)
