"""DiskBlobStore: files named by the SHA-256 of their bytes, in a folder.

Disk is the adapter that exists. Two levels of folders keep each one small. A file
appears under its name only when it is whole and on disk, so a crash leaves at most a
nameless temporary file. Must never replace a whole file: only one of
the wrong length, which a damaged disk left, is written again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from storage.ports import BlobDamaged, BlobInfo, BlobMissing

PIECE_BYTES = 256 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")


class DiskBlobStore:
    """BlobStore under `folder`, which is made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, digest: str) -> Path:
        """Raises BlobMissing for what is no digest, so that no path can be smuggled."""
        if not _DIGEST.fullmatch(digest):
            raise BlobMissing(digest)
        return self._folder / digest[:2] / digest[2:4] / digest

    def put(self, data: bytes) -> BlobInfo:
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not self._is_whole(path, len(data)):
            self._write(path, data)
        return BlobInfo(digest, len(data))

    @staticmethod
    def _is_whole(path: Path, size: int) -> bool:
        try:
            return path.stat().st_size == size
        except FileNotFoundError:
            return False

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        self._sync_names(path)

    def _sync_names(self, path: Path) -> None:
        """The names, too, must survive a power cut."""
        for folder in (path.parent, path.parent.parent, self._folder):
            _sync_folder(folder)

    def put_chunks(self, chunks: Iterable[bytes]) -> BlobInfo:
        """The name is known only at the end: the pieces go to a nameless file first."""
        self._folder.mkdir(parents=True, exist_ok=True)
        hashed, size = hashlib.sha256(), 0
        descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in chunks:
                    hashed.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            path = self._path(hashed.hexdigest())
            if self._is_whole(path, size):
                os.unlink(temporary)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.replace(temporary, path)
                self._sync_names(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        return BlobInfo(hashed.hexdigest(), size)

    def get_chunks(self, digest: str) -> Iterator[bytes]:
        try:
            file = self._path(digest).open("rb")
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        return self._checked(digest, file)

    @staticmethod
    def _checked(digest: str, file: BinaryIO) -> Iterator[bytes]:
        hashed = hashlib.sha256()
        with file:
            piece = file.read(PIECE_BYTES)
            while piece:
                hashed.update(piece)
                coming = file.read(PIECE_BYTES)
                if not coming and hashed.hexdigest() != digest:
                    raise BlobDamaged(digest)
                yield piece
                piece = coming
        if hashed.hexdigest() != digest:
            raise BlobDamaged(digest)

    def get(self, digest: str) -> bytes:
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise BlobDamaged(digest)
        return data

    def has(self, digest: str) -> bool:
        try:
            return self._path(digest).is_file()
        except BlobMissing:
            return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
