"""What the law decides, as data with days of validity: which edition holds on a day.

A folder of the product holds the editions of one matter, a file each; an office adds
its own in a folder that no upgrade overwrites (docs/office-rules.md). A file with
`changes` holds only what is different from the edition that it names. Must never know
what the values mean, and never ask for today: the day is the caller's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from server.common.tables import BadRules, Tables, refuse_unknown, typed
from server.common.text import nfc

T = TypeVar("T")
_HEAD = {"id", "title", "valid_from", "valid_to"}


class Dated(Protocol):
    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True, eq=False)
class Edition(Generic[T]):
    """`sources` are by key as it stands in the file."""

    id: str
    title: str
    valid_from: date
    valid_to: date | None
    value: T
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file whose `changes` are laid over what they change."""

    path: Path
    data: dict[str, Any]
    is_office: bool


class DatedData(Generic[T]):
    """One matter: `name` is the folder of an office, `ours` that of the product.
    `read` makes the value of the tables and must name all of `tables`."""

    def __init__(
        self,
        name: str,
        ours: Path,
        tables: Iterable[str],
        read: Callable[[Tables], T],
    ) -> None:
        self.name = name
        self._ours = ours
        self._known = {*_HEAD, *tables}
        self._read = read
        self._office: list[Path] = []
        self._editions: tuple[Edition[T], ...] = ()

    def use_office(self, folder: Path) -> None:
        """From now on read also the files of this folder; it need not be there. Raises
        BadRules naming file and key; then all stays as it was."""
        self._editions = self._load(folder)
        self._office = [folder]

    def editions(self) -> tuple[Edition[T], ...]:
        """The oldest first. Raises BadRules."""
        if not self._editions:
            self._editions = self._load(*self._office)
        return self._editions

    def edition(self, day: date) -> Edition[T]:
        return in_force(self.editions(), day)

    def on(self, day: date) -> T:
        """What holds on the day; see `in_force`."""
        return self.edition(day).value

    def _load(self, *folders: Path) -> tuple[Edition[T], ...]:
        made = [
            (file.is_office, self._made(file))
            for file in read_folders(self._ours, *folders)
        ]
        return in_order(made)

    def _made(self, file: DataFile) -> Edition[T]:
        tables = Tables(file.data)
        try:
            refuse_unknown(file.data, "", self._known)
            valid_from, valid_to = validity(file.data)
            return Edition(
                id=tables.plain("id", str),
                title=tables.plain("title", str),
                valid_from=valid_from,
                valid_to=valid_to,
                value=self._read(tables),
                sources=tables.sources,
            )
        except BadRules as error:
            raise BadRules(f"{file.path.name}: {error}") from None


def in_force(editions: Sequence[D], day: date) -> D:
    """Of those in force on the day the one that began last.

    Before the first that we know, and in a gap, the nearest one that began by then,
    else the first: an old document must still be printable.
    """
    begun = [one for one in editions if one.valid_from <= day]
    held = [one for one in begun if one.valid_to is None or day <= one.valid_to]
    return (held or begun or editions[:1])[-1]


def in_order(made: Iterable[tuple[bool, Edition[T]]]) -> tuple[Edition[T], ...]:
    """The oldest first; of two that begin on one day the office's comes later, so that
    it is the one in force."""
    ordered = sorted(made, key=lambda p: (p[1].valid_from, p[0], p[1].id))
    return tuple(edition for _is_office, edition in ordered)


def validity(data: Mapping[str, Any]) -> tuple[date, date | None]:
    """Raises BadRules."""
    first: date = typed(data.get("valid_from"), date, "valid_from")
    if "valid_to" not in data:
        return first, None
    last: date = typed(data["valid_to"], date, "valid_to")
    if last < first:
        raise BadRules("valid_to: is before valid_from")
    return first, last


def read_toml(path: Path) -> dict[str, Any]:
    """Raises BadRules; OSError when there is no such file."""
    try:
        return tomllib.loads(nfc(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRules(f"{path.name}: {error}") from None


def read_folders(ours: Path, *offices: Path) -> list[DataFile]:
    """Every file of the folders, the product's first. A file may change one of ours;
    no two have one `id`. Raises BadRules."""
    found: list[DataFile] = []
    known: dict[str, dict[str, Any]] = {}
    taken: dict[str, str] = {}

    def take(path: Path, data: dict[str, Any], *, is_office: bool) -> None:
        name = _id_of(path, data)
        if name in taken:
            raise BadRules(f"{path.name}: id: {name!r} is that of {taken[name]}")
        taken[name] = path.name
        found.append(DataFile(path, data, is_office))

    files = [(path, read_toml(path)) for path in sorted(ours.glob("*.toml"))]
    for path, data in sorted(files, key=lambda file: "changes" in file[1]):
        whole = laid_under(path, data, known)
        take(path, whole, is_office=False)
        known[whole["id"]] = whole
    for folder in offices:
        for path in sorted(folder.glob("*.toml")):
            take(path, laid_under(path, read_toml(path), known), is_office=True)
    return found


def laid_under(
    path: Path, own: dict[str, Any], known: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """What the file says, with what it changes below it. What it leaves out is as it
    stands there, except the days of validity. Raises BadRules."""
    if "changes" not in own:
        return own
    own = dict(own)
    base = own.pop("changes")
    if not isinstance(base, str) or base not in known:
        raise BadRules(f"{path.name}: changes: {base!r} is none of {', '.join(known)}")
    for key in ("id", "valid_from"):
        if key not in own:
            raise BadRules(f"{path.name}: {key}: is missing")
    days = {"valid_from", "valid_to"}
    rest = {key: value for key, value in known[base].items() if key not in days}
    return _laid_over(rest, own)


def _laid_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Table by table, so that an office names the one value that it changes; `false`
    in the place of a table takes it away."""
    merged = dict(base)
    for key, value in own.items():
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _laid_over(below, value)
        elif value is False and isinstance(below, dict):
            del merged[key]
        else:
            merged[key] = value
    return merged


def _id_of(path: Path, data: Mapping[str, Any]) -> str:
    try:
        name: str = typed(data.get("id"), str, "id")
    except BadRules as error:
        raise BadRules(f"{path.name}: {error}") from None
    return name
