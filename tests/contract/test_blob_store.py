"""BlobStore: memory and disk keep the same bytes once and notice damage."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.blobs.disk import DiskBlobStore
from storage.memory import MemoryBlobStore
from storage.ports import BlobDamaged, BlobInfo, BlobMissing, BlobStore

DATA = b"con d\xe1\xba\xa5u"
DIGEST = hashlib.sha256(DATA).hexdigest()
ABSENT = "0" * 64

Damage = Callable[[str, bytes], None]


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(params=["memory", "disk"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[BlobStore, Damage]:
    """A store, and a way to spoil what it keeps."""
    if request.param == "memory":
        memory = MemoryBlobStore()
        return memory, memory.files.__setitem__

    def spoil(digest: str, data: bytes) -> None:
        (path,) = tmp_path.rglob(digest)
        path.write_bytes(data)

    return DiskBlobStore(tmp_path / "blobs"), spoil


@pytest.fixture
def store(ground: tuple[BlobStore, Damage]) -> BlobStore:
    return ground[0]


def test_stored_bytes_come_back(store: BlobStore) -> None:
    assert store.put(DATA) == BlobInfo(DIGEST, len(DATA))
    assert store.get(DIGEST) == DATA
    assert store.has(DIGEST)


def test_pieces_are_kept_as_one_file(store: BlobStore) -> None:
    pieces = [DATA[:3], b"", DATA[3:]]
    assert store.put_chunks(iter(pieces)) == BlobInfo(DIGEST, len(DATA))
    assert store.get(DIGEST) == DATA
    assert b"".join(store.get_chunks(DIGEST)) == DATA


def test_a_large_file_comes_back_in_pieces(store: BlobStore) -> None:
    large = bytes(range(256)) * 4096
    info = store.put_chunks([large])
    assert b"".join(store.get_chunks(info.digest)) == large


def test_an_absent_file_has_no_pieces(store: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        store.get_chunks(ABSENT)


def test_a_damaged_file_is_never_served_whole_in_pieces(
    ground: tuple[BlobStore, Damage],
) -> None:
    store, spoil = ground
    store.put(DATA)
    for damaged in (DATA[:-1] + b"!", b""):
        spoil(DIGEST, damaged)
        served = bytearray()
        with pytest.raises(BlobDamaged):
            for piece in store.get_chunks(DIGEST):
                served += piece
        assert bytes(served) != damaged or not damaged


def test_pieces_that_break_off_leave_no_file(store: BlobStore, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield DATA
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.put_chunks(broken())
    assert not store.has(DIGEST)
    assert files(tmp_path) == []


def test_empty_file_is_a_file(store: BlobStore) -> None:
    info = store.put(b"")
    assert info.size_bytes == 0
    assert store.get(info.digest) == b""


def test_storing_twice_gives_the_same_file(store: BlobStore) -> None:
    assert store.put(DATA) == store.put(DATA)
    assert store.get(DIGEST) == DATA


def test_absent_file_is_missing(store: BlobStore) -> None:
    assert not store.has(ABSENT)
    with pytest.raises(BlobMissing):
        store.get(ABSENT)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63])
def test_what_is_no_digest_is_missing(store: BlobStore, name: str) -> None:
    assert not store.has(name)
    with pytest.raises(BlobMissing):
        store.get(name)


def test_damaged_file_is_never_served(ground: tuple[BlobStore, Damage]) -> None:
    store, spoil = ground
    store.put(DATA)
    spoil(DIGEST, DATA[:-1] + b"!")
    with pytest.raises(BlobDamaged):
        store.get(DIGEST)


def test_disk_keeps_the_same_bytes_once(tmp_path: Path) -> None:
    store = DiskBlobStore(tmp_path)
    store.put(DATA)
    store.put(DATA)
    (path,) = files(tmp_path)
    assert path.relative_to(tmp_path).parts == (DIGEST[:2], DIGEST[2:4], DIGEST)


def test_disk_mends_a_truncated_file_when_it_comes_again(tmp_path: Path) -> None:
    store = DiskBlobStore(tmp_path)
    store.put(DATA)
    (path,) = files(tmp_path)
    path.write_bytes(b"")
    store.put(DATA)
    assert store.get(DIGEST) == DATA


def test_a_write_that_fails_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.blobs.disk.os.fsync", full)
    store = DiskBlobStore(tmp_path)
    with pytest.raises(OSError, match="No space"):
        store.put(DATA)
    assert files(tmp_path) == []
    assert not store.has(DIGEST)
