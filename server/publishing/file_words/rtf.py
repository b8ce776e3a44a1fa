"""The words of an RTF file: what is written, without fonts, styles, pictures, fields.

A letter stands there as a number of Unicode, or as a byte in the code page of its font;
both are read. One pass over the bytes, whatever they are. Pure. Must never follow what
an object or a field points at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])"
    rb"|([^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
_HIDDEN = frozenset(
    {
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata"),
        *("fldinst", "themedata", "colorschememapping", "datastore", "listtable"),
        *("listoverridetable", "rsidtbl", "generator", "xmlnstbl", "latentstyles"),
        *("filetbl", "revtbl", "bkmkstart", "bkmkend", "mmathPr"),
    }
)
_SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "par": "\n", "line": "\n", "sect": "\n",
    "page": "\n", "row": "\n", "tab": " ", "cell": " ", "nestcell": " ",
}  # fmt: skip
_SYMBOLS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n"}
# Of a font, by its fcharset.
_CODE_PAGES = {
    0: "cp1252", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_KNOWN_PAGES = frozenset(_CODE_PAGES.values())
_DEEPEST = 1_000


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within braces. `fallbacks`: signs after a \\u that say the same."""

    is_hidden: bool = False
    is_fonts: bool = False
    is_deleted: bool = False
    fallbacks: int = 1
    page: str = ""


class _Reader:
    def __init__(self, room: int) -> None:
        self._room = room
        self._group = _Group()
        self._outer: list[_Group] = []
        self._said: list[str] = []
        self._bytes = bytearray()
        self._skip = 0
        self._default = "cp1252"
        self._pages: dict[int, str] = {}
        self._font = 0

    def read(self, data: bytes) -> str:
        place = 0
        while self._room > 0 and (found := _TOKEN.match(data, place)):
            place = found.end() + self._take(*found.groups())
        self._flush()
        # Signs beyond the first plane come in two halves.
        joined = "".join(self._said).encode("utf-16-le", "surrogatepass")
        return joined.decode("utf-16-le", "ignore")

    def _take(
        self,
        word: bytes | None,
        number: bytes | None,
        byte: bytes | None,
        symbol: bytes | None,
        brace: bytes | None,
        plain: bytes | None,
    ) -> int:
        """How many bytes after this token are none of the text."""
        if byte is not None:
            self._letters(bytes([int(byte, 16)]))
        elif plain is not None:
            self._letters(plain)
        elif brace is not None:
            self._brace(brace)
        elif symbol == b"*":
            self._group = replace(self._group, is_hidden=True)
        elif symbol is not None:
            self._flush()
            self._say(_SYMBOLS.get(symbol, ""))
        elif word is not None:
            value = int(number) if number is not None else None
            if word == b"bin":
                return max(0, value or 0)
            self._word(word.decode("ascii"), value)
        return 0

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._skip = 0
        if brace == b"{":
            if len(self._outer) >= _DEEPEST:
                raise ValueError("too deep")
            self._outer.append(self._group)
        elif self._outer:
            self._group = self._outer.pop()

    def _word(self, word: str, value: int | None) -> None:
        self._flush()
        self._skip = 0
        if word == "u" and value is not None:
            self._say(chr(value % 0x10000))
            self._skip = self._group.fallbacks
        elif word == "uc":
            self._group = replace(self._group, fallbacks=min(max(0, value or 0), 100))
        elif word in _HIDDEN:
            is_fonts = word == "fonttbl"
            self._group = replace(self._group, is_hidden=True, is_fonts=is_fonts)
        elif word == "deleted":
            self._group = replace(self._group, is_deleted=value != 0)
        elif word == "ansicpg" and f"cp{value}" in _KNOWN_PAGES:
            self._default = f"cp{value}"
        elif word == "f":
            self._font = value or 0
            self._group = replace(self._group, page=self._pages.get(self._font, ""))
        elif word == "fcharset" and self._group.is_fonts:
            self._pages[self._font] = _CODE_PAGES.get(value or 0, "")
        elif word == "plain":
            self._group = replace(self._group, is_deleted=False, page="")
        elif word in _SIGNS:
            self._say(_SIGNS[word])

    def _letters(self, data: bytes) -> None:
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            page = self._group.page or self._default
            self._say(bytes(self._bytes).decode(page, "ignore"))
            self._bytes.clear()

    def _say(self, said: str) -> None:
        if said and not self._group.is_hidden and not self._group.is_deleted:
            self._said.append(said)
            self._room -= len(said)


def words_of_rtf(data: bytes, room: int) -> str:
    """Raises ValueError for what is no RTF."""
    if not data.lstrip()[:5].startswith(b"{\\rtf"):
        raise ValueError("no RTF")
    return _Reader(room).read(data.lstrip())
