"""The restore drill: what was backed up comes back, and nothing else gets in."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server.config import backup

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
IMAGE = b"an image of the seal"


class Office:
    """A data folder with one table and one file, as the product lays them out."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.database: dict[str, Any] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "duthao.sqlite3",
        }

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.database["NAME"])

    def titles(self) -> list[str]:
        with closing(self.open()) as connection:
            rows = connection.execute("SELECT title FROM draft ORDER BY title")
            return [title for (title,) in rows]

    def backup(self, name: str = "backup.tar.gz") -> Path:
        target = self.folder.parent / "archives" / name
        backup.write(target, self.database, self.folder, AT)
        return target

    def restore(self, archive: Path) -> int:
        return backup.restore(archive, self.database, self.folder)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "office")
    with closing(made.open()) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE draft (title TEXT)")
        connection.execute("INSERT INTO draft VALUES ('Công văn 328')")
        connection.commit()
    file = made.folder / "blobs" / "ab" / hashlib.sha256(IMAGE).hexdigest()
    file.parent.mkdir(parents=True)
    file.write_bytes(IMAGE)
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Office:
    return Office(tmp_path / "elsewhere")


def test_archive_restores_on_an_empty_machine(
    office: Office, elsewhere: Office
) -> None:
    assert elsewhere.restore(office.backup()) == 1
    assert elsewhere.titles() == ["Công văn 328"]
    files = [p for p in (elsewhere.folder / "blobs").rglob("*") if p.is_file()]
    assert [p.read_bytes() for p in files] == [IMAGE]


def test_backup_while_someone_writes_holds_what_was_committed(
    office: Office, elsewhere: Office
) -> None:
    with closing(office.open()) as writer:
        writer.execute("INSERT INTO draft VALUES ('committed')")
        writer.commit()
        writer.execute("INSERT INTO draft VALUES ('not yet committed')")
        archive = office.backup()
        writer.rollback()
    elsewhere.restore(archive)
    assert elsewhere.titles() == ["Công văn 328", "committed"]


def test_restore_keeps_what_was_there(office: Office) -> None:
    archive = office.backup()
    with closing(office.open()) as connection:
        connection.execute("INSERT INTO draft VALUES ('written after the backup')")
        connection.commit()
    office.restore(archive)
    assert office.titles() == ["Công văn 328"]
    kept = office.folder / "duthao.sqlite3.before-restore-1"
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM draft").fetchone() == (2,)


def test_archive_is_for_this_account_only_and_complete_at_once(office: Office) -> None:
    archive = office.backup()
    assert archive.stat().st_mode & 0o077 == 0
    assert [p.name for p in archive.parent.iterdir()] == [archive.name]


def test_key_of_the_sessions_is_not_in_the_archive(office: Office) -> None:
    (office.folder / "secret_key").write_text("secret")
    with tarfile.open(office.backup()) as archive:
        assert not [n for n in archive.getnames() if "secret" in n]


def test_archive_is_never_written_over(office: Office) -> None:
    office.backup()
    with pytest.raises(backup.BackupError, match="there already"):
        office.backup()


def test_truncated_archive_is_refused_and_changes_nothing(office: Office) -> None:
    archive = office.backup()
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(backup.BackupError):
        office.restore(archive)
    assert office.titles() == ["Công văn 328"]


def repack(archive: Path, change: dict[str, bytes]) -> Path:
    """The same archive with some members replaced or added."""
    changed = archive.with_name("changed.tar.gz")
    with tarfile.open(archive) as source, tarfile.open(changed, "w:gz") as target:
        members = {
            m.name: file.read() for m in source if (file := source.extractfile(m))
        }
        for name, body in {**members, **change}.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            target.addfile(info, io.BytesIO(body))
    return changed


def test_changed_file_is_refused(office: Office, elsewhere: Office) -> None:
    digest = hashlib.sha256(IMAGE).hexdigest()
    archive = repack(office.backup(), {f"blobs/ab/{digest}": b"another seal"})
    with pytest.raises(backup.BackupError, match="digest differs"):
        elsewhere.restore(archive)


@pytest.mark.parametrize("name", ["../escaped", "blobs/../../escaped", "/escaped"])
def test_archive_cannot_write_outside_the_data_folder(
    office: Office, elsewhere: Office, name: str
) -> None:
    archive = repack(office.backup(), {name: b"x"})
    with pytest.raises(backup.BackupError, match="does not belong"):
        elsewhere.restore(archive)
    assert not list(elsewhere.folder.parent.rglob("escaped"))


def test_contents_list_cannot_name_a_file_outside_the_archive(
    office: Office, elsewhere: Office
) -> None:
    secret = elsewhere.folder / "secret_key"
    secret.write_bytes(b"k" * 50)
    listed = {
        "name": "blobs/../../secret_key",
        "size": 50,
        "digest": hashlib.sha256(b"k" * 50).hexdigest(),
    }
    database = {"name": "database.sqlite3", "size": 1, "digest": "0"}
    manifest = {"format": 1, "made_at": "", "entries": [listed, database]}
    archive = repack(office.backup(), {"manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(backup.BackupError, match="does not belong"):
        elsewhere.restore(archive)
    assert secret.exists()


def test_archive_of_another_format_is_refused(
    office: Office, elsewhere: Office
) -> None:
    manifest = json.dumps({"format": 99, "entries": []}).encode()
    archive = repack(office.backup(), {"manifest.json": manifest})
    with pytest.raises(backup.BackupError, match="format 99"):
        elsewhere.restore(archive)


def test_damaged_database_is_found_by_the_check(office: Office) -> None:
    archive = office.backup()
    assert backup.check(archive) == 1
    garbage = b"SQLite format 3\0" + b"\xff" * 4096
    manifest = {
        "format": 1,
        "entries": [
            {
                "name": "database.sqlite3",
                "size": len(garbage),
                "digest": hashlib.sha256(garbage).hexdigest(),
            }
        ],
    }
    damaged = repack(
        archive,
        {"database.sqlite3": garbage, "manifest.json": json.dumps(manifest).encode()},
    )
    with pytest.raises(backup.BackupError, match="damaged"):
        backup.check(damaged)


def test_archive_of_postgresql_is_refused_by_sqlite(
    office: Office, elsewhere: Office
) -> None:
    dump = b"PGDMP"
    entry = {
        "name": "database.dump",
        "size": len(dump),
        "digest": hashlib.sha256(dump).hexdigest(),
    }
    manifest = json.dumps({"format": 1, "entries": [entry]}).encode()
    archive = repack(
        office.backup(), {"database.dump": dump, "manifest.json": manifest}
    )
    with pytest.raises(backup.BackupError, match="another kind"):
        elsewhere.restore(archive)


def test_archive_without_a_database_is_refused(office: Office) -> None:
    manifest = json.dumps({"format": 1, "entries": []}).encode()
    archive = repack(office.backup(), {"manifest.json": manifest})
    with pytest.raises(backup.BackupError, match="no database"):
        backup.check(archive)
