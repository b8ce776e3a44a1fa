"""Tables of a data file as typed values; what is wrong is refused with its key.

An office changes values in such files and not in the code, so a slip there must not end
in a crooked document: every key must be known, of the right type, inside its own range,
and say its source. Must never fill in a value that the file does not give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")


class BadRules(ValueError):
    """A data file that cannot be read; the message names the file and the key."""


class Tables:
    """Reads the tables of one file. `sources` and `ranges` are kept by key as it stands
    there: "page.width_mm"."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.sources: dict[str, str] = {}
        self.ranges: dict[str, tuple[float, float]] = {}

    def table(self, key: str) -> Mapping[str, Any]:
        found = self.data.get(key)
        if not isinstance(found, dict):
            raise BadRules(f"{key}: is missing")
        return found

    def plain(self, key: str, kind: Any) -> Any:
        return typed(self.data.get(key), kind, key)

    def section(self, name: str, shape: type[T]) -> T:
        """A table of `{value, source}` entries, one for each field of the shape."""
        table = self.table(name)
        hints = get_type_hints(shape)
        refuse_unknown(table, name, set(hints))
        values = {
            key: self.valued(table.get(key), f"{name}.{key}", hint)
            for key, hint in hints.items()
        }
        return shape(**values)

    def each(self, name: str, read: Callable[[Any, str], T]) -> Mapping[str, T]:
        """Every row of a table whose keys are the file's own."""
        return MappingProxyType(
            {key: read(row, f"{name}.{key}") for key, row in self.table(name).items()}
        )

    def named(
        self, table: str, names: tuple[str, ...], shape: type[T]
    ) -> Mapping[str, T]:
        """The rows of a table that must have exactly these."""
        rows = self.table(table)
        refuse_unknown(rows, table, set(names))
        return MappingProxyType(
            {n: self.shaped(rows.get(n), f"{table}.{n}", shape) for n in names}
        )

    def shaped(self, row: Any, key: str, shape: type[T]) -> T:
        """One table with a `source` for all of it, and a `range` for its size."""
        if not isinstance(row, dict):
            raise BadRules(f"{key}: is missing")
        hints = get_type_hints(shape)
        refuse_unknown(row, key, {*hints, "source", "range"})
        self.sources[key] = source_of(row, key)
        values: dict[str, Any] = {}
        # Always a dataclass; only the checker's own stubs have a name for that.
        for item in fields(shape):  # type: ignore[arg-type]
            path = f"{key}.{item.name}"
            if item.name in row:
                values[item.name] = typed(row[item.name], hints[item.name], path)
            elif item.default is MISSING:
                raise BadRules(f"{path}: is missing")
        if "range" in row:
            self.check_range(row, values["size_pt"], f"{key}.size_pt")
        return shape(**values)

    def valued(self, row: Any, key: str, hint: Any) -> Any:
        """An entry `{value = …, range = […], source = "…"}`."""
        if not isinstance(row, dict) or "value" not in row:
            raise BadRules(f"{key}: is missing")
        refuse_unknown(row, key, {"value", "range", "source"})
        self.sources[key] = source_of(row, key)
        value = typed(row["value"], hint, key)
        if "range" in row:
            self.check_range(row, value, key)
        return value

    def check_range(self, row: Mapping[str, Any], value: float, key: str) -> None:
        both = row["range"]
        if not isinstance(both, list) or len(both) != 2:
            raise BadRules(f"{key}: a range has two numbers")
        low, high = (typed(number, float, f"{key}: range") for number in both)
        if not low <= value <= high:
            raise BadRules(f"{key}: {value} is not between {low} and {high}")
        self.ranges[key] = (low, high)


def source_of(row: Mapping[str, Any], key: str) -> str:
    source = row.get("source")
    if not isinstance(source, str) or not source.strip():
        raise BadRules(f"{key}: says no source")
    return source


def refuse_unknown(table: Mapping[str, Any], at: str, known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise BadRules(f"{at}.{key}: is not known".removeprefix("."))


def typed(value: Any, hint: Any, key: str) -> Any:
    if value is None:
        raise BadRules(f"{key}: is missing")
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise BadRules(f"{key}: must not be below 0")
        return float(value)
    if hint == tuple[str, ...] and isinstance(value, list):
        return tuple(typed(item, str, key) for item in value)
    choices = get_args(hint)
    if choices and isinstance(choices[0], str):
        return one_of(value, choices, key)
    if isinstance(hint, type) and type(value) is hint:
        return value
    wanted = getattr(hint, "__name__", str(hint))
    raise BadRules(f"{key}: {value!r} is no {wanted}")


def one_of(value: Any, choices: tuple[Any, ...], key: str) -> Any:
    if value not in choices:
        raise BadRules(f"{key}: {value!r} is none of {', '.join(choices)}")
    return value


def pattern(text: str, key: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise BadRules(f"{key}: {error}") from None
