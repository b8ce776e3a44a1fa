"""The parts of a .docx file, unpacked under limits and parsed without tricks.

A file from outside may be a bomb, a lie or a trap: sizes are counted while unpacking,
a DTD is refused, entities are never resolved and nothing is fetched. Must never write
to disk and never follow an external relation.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from server.common.errors import InvalidInput, TooLarge

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# ISO "strict" files use other names for the same things.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE.encode()),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost; bytes unless named otherwise."""

    max_bytes: int = 20_000_000
    max_unpacked_bytes: int = 200_000_000
    max_part_bytes: int = 60_000_000
    max_xml_bytes: int = 25_000_000
    max_ratio: int = 200  # of parts over a megabyte; text hardly passes 60
    max_members: int = 5_000
    max_image_bytes: int = 8_000_000
    max_blocks: int = 100_000


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str  # the last word of its type: "image", "hyperlink" …
    target: str
    is_external: bool


class Package:
    """Reads parts by name. Raises InvalidInput or TooLarge with a stable code."""

    def __init__(
        self, data: bytes, limits: Limits, *, proof: str = "[Content_Types].xml"
    ) -> None:
        """`proof`: the part that every package of the kind has."""
        self.limits = limits
        self._unpacked = 0
        if len(data) > limits.max_bytes:
            raise TooLarge(
                _("Tệp lớn quá %(limit)s MB.")
                % {"limit": limits.max_bytes // 1_000_000},
                code="docx_too_large",
            )
        if data.startswith(OLE_MAGIC):
            raise InvalidInput(
                _("Tệp là .doc cũ hoặc có mật khẩu. Hãy lưu thành .docx không khóa."),
                code="not_docx",
            )
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._members = {info.filename: info for info in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            # A zip that was cut off still begins like one.
            raise broken() if data.startswith(b"PK") else not_docx() from None
        if len(self._zip.infolist()) > limits.max_members:
            raise bomb()
        total = sum(info.file_size for info in self._members.values())
        if total > limits.max_unpacked_bytes:
            raise bomb()
        if proof not in self._members:
            raise not_docx()

    def has(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a part; counted while they unpack, whatever the file claims."""
        info = self._members.get(name)
        if info is None:
            raise broken()
        most = min(
            self.limits.max_part_bytes, self.limits.max_unpacked_bytes - self._unpacked
        )
        try:
            with self._zip.open(info) as stream:
                data = stream.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,  # encrypted member
            NotImplementedError,
        ):
            raise broken() from None
        if len(data) > most:
            raise bomb()
        packed = max(info.compress_size, 1)
        if len(data) > 1_000_000 and len(data) / packed > self.limits.max_ratio:
            raise bomb()
        self._unpacked += len(data)
        return data

    def checked(self, name: str) -> bytes:
        """An XML part that may be parsed."""
        data = self.read(name)
        if len(data) > self.limits.max_xml_bytes:
            raise bomb()
        # No part of a .docx has a DTD; entities are how XML bombs are made.
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or _is_utf16_dtd(data):
            raise InvalidInput(
                _("Tệp Word có phần khai báo không an toàn (DTD)."), code="unsafe_xml"
            )
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return data

    def xml(self, name: str) -> Any:
        """The root element of an XML part."""
        data = self.checked(name)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise broken() from None

    def relations(self, part: str) -> dict[str, Relation]:
        """Relations of a part by id; internal targets as full names."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(path):
            return {}
        found: dict[str, Relation] = {}
        for element in self.xml(path):
            target = element.get("Target") or ""
            external = element.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target))[1:]
            kind = (element.get("Type") or "").rsplit("/", 1)[-1]
            found[element.get("Id") or ""] = Relation(kind, target, external)
        return found

    def main_part(self) -> str:
        """The name of the document part. Raises `not_docx` for other office files."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and self.has(relation.target):
                if not relation.target.endswith(".xml"):
                    raise not_docx()
                return relation.target
        if self.has("word/document.xml"):
            return "word/document.xml"
        raise not_docx()

    def close(self) -> None:
        self._zip.close()


def broken() -> InvalidInput:
    return InvalidInput(
        _("Tệp Word bị hỏng, không đọc được. Hãy mở bằng Word rồi lưu lại."),
        code="broken_docx",
    )


def not_docx() -> InvalidInput:
    return InvalidInput(_("Tệp không phải văn bản Word (.docx)."), code="not_docx")


def bomb() -> InvalidInput:
    return InvalidInput(
        _("Tệp nén bung ra quá lớn nên không được mở."), code="zip_bomb"
    )


def _is_utf16_dtd(data: bytes) -> bool:
    # An encoding with zero bytes between the letters would hide the words above.
    bare = data.replace(b"\x00", b"") if b"\x00" in data[:64] else b""
    return b"<!DOCTYPE" in bare or b"<!ENTITY" in bare
