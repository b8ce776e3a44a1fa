"""A rule-set from its data file; a file that is wrong is refused with the key named.

An office changes a legal value in the file and not in the code, so a slip there must
not end in a crooked document: every key must be known, of the right type and inside
its own range. Must never fill in a value that the file does not give.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_type_hints

from collab.content.tree import STYLES, URGENCIES, Style
from collab.content.tree import Fields as DraftFields
from server.common.text import nfc
from server.publishing.rules.model import (
    CHECKS,
    COMPONENTS,
    Component,
    Header,
    Kind,
    Page,
    RuleSet,
    Severity,
    Stamp,
    StyleRule,
    TextRules,
    TypeLayout,
    Words,
)

T = TypeVar("T")
_PLACE = re.compile(r"\{(\w*)\}")
_DRAFT_FIELDS = frozenset(f.name for f in fields(DraftFields))
_FORMS = {
    "number_form": {"number", "notation"},
    "date_form": {"place", "day", "month", "year"},
}
_PATTERNS = ("number_pattern", "notation_pattern")


class BadRules(ValueError):
    """A data file that is no rule-set; the message names the file and the key."""


def load_rules(path: Path) -> RuleSet:
    """Raises BadRules; OSError when there is no such file."""
    return _made(path, read_data(path))


def read_data(path: Path) -> dict[str, Any]:
    """Raises as `load_rules`."""
    try:
        return tomllib.loads(nfc(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRules(f"{path.name}: {error}") from None


def load_changed(path: Path, known: Mapping[str, dict[str, Any]]) -> RuleSet:
    """The rule-set of an office. With `changes = "nd30-2020"` it holds only what is
    different from that one, of `known` by id; what it leaves out is as it stands there,
    except the days of validity. Raises as `load_rules`."""
    own = read_data(path)
    if "changes" not in own:
        return _made(path, own)
    base = own.pop("changes")
    if not isinstance(base, str) or base not in known:
        raise BadRules(f"{path.name}: changes: {base!r} is none of {', '.join(known)}")
    for key in ("id", "valid_from"):
        if key not in own:
            raise BadRules(f"{path.name}: {key}: is missing")
    days = {"valid_from", "valid_to"}
    rest = {key: value for key, value in known[base].items() if key not in days}
    return _made(path, _laid_over(rest, own))


def _laid_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Table by table, so that an office names the one value that it changes."""
    merged = dict(base)
    for key, value in own.items():
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _laid_over(below, value)
        else:
            merged[key] = value
    return merged


def _made(path: Path, data: dict[str, Any]) -> RuleSet:
    try:
        return _Reader(data).rules()
    except BadRules as error:
        raise BadRules(f"{path.name}: {error}") from None


class _Reader:
    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self._sources: dict[str, str] = {}
        self._ranges: dict[str, tuple[float, float]] = {}

    def rules(self) -> RuleSet:
        data = self._data
        stamps = dict(self._table(data, "stamps"))
        colour = self._valued(stamps.pop("colour", None), "stamps.colour", str)
        if not re.fullmatch(r"[0-9A-F]{6}", colour):
            raise BadRules("stamps.colour: six hexadecimal digits are expected")
        text = self._section("text", TextRules)
        rules = RuleSet(
            id=self._plain(data, "id", str),
            kind=_one_of(self._plain(data, "kind", str), get_args(Kind), "kind"),
            title=self._plain(data, "title", str),
            valid_from=self._plain(data, "valid_from", date),
            valid_to=self._plain(data, "valid_to", date)
            if "valid_to" in data
            else None,
            page=self._section("page", Page),
            text=text,
            header=self._section("header", Header),
            words=self._words(),
            authorities=self._each(
                "authorities", lambda v, key: self._valued(v, key, str)
            ),
            stamp_colour=colour,
            stamps=self._stamps(stamps),
            copies=self._each("copies", self._text_entry),
            components=self._named("component", COMPONENTS, Component),
            styles=self._styles(text.size_pt),
            types=self._each("types", self._type),
            checks=self._each("checks", self._check),
            sources=MappingProxyType(self._sources),
            ranges=MappingProxyType(self._ranges),
        )
        self._refuse_unknown(
            data,
            "",
            {
                *("id", "kind", "title", "valid_from", "valid_to", "page", "text"),
                *("header", "words", "authorities", "stamps", "copies", "component"),
                *("style", "types", "checks"),
            },
        )
        return _consistent(rules)

    def _section(self, name: str, shape: type[T]) -> T:
        """A table of `{value, source}` entries, one for each field of the shape."""
        table = self._table(self._data, name)
        hints = get_type_hints(shape)
        self._refuse_unknown(table, name, set(hints))
        values = {
            key: self._valued(table.get(key), f"{name}.{key}", hint)
            for key, hint in hints.items()
        }
        return shape(**values)

    def _words(self) -> Words:
        words = self._section("words", Words)
        for key, allowed in _FORMS.items():
            found = set(_PLACE.findall(getattr(words, key)))
            if found != allowed:
                raise BadRules(f"words.{key}: must hold {sorted(allowed)}")
        for key in _PATTERNS:
            try:
                re.compile(getattr(words, key))
            except re.error as error:
                raise BadRules(f"words.{key}: {error}") from None
        return words

    def _named(
        self, table: str, names: tuple[str, ...], shape: type[T]
    ) -> Mapping[str, T]:
        rows = self._table(self._data, table)
        self._refuse_unknown(rows, table, set(names))
        return MappingProxyType(
            {n: self._shaped(rows.get(n), f"{table}.{n}", shape) for n in names}
        )

    def _styles(self, size_pt: float) -> Mapping[Style, StyleRule]:
        rows = self._table(self._data, "style")
        self._refuse_unknown(rows, "style", set(STYLES))
        found: dict[Style, StyleRule] = {}
        for name in get_args(Style):
            row = rows.get(name)
            if isinstance(row, dict):
                row = {"size_pt": size_pt, **row}
            found[name] = self._shaped(row, f"style.{name}", StyleRule)
        return MappingProxyType(found)

    def _stamps(self, rows: dict[str, Any]) -> Mapping[str, Stamp]:
        self._refuse_unknown(rows, "stamps", set(URGENCIES) - {"normal"})
        return MappingProxyType(
            {n: self._shaped(row, f"stamps.{n}", Stamp) for n, row in rows.items()}
        )

    def _type(self, row: Any, key: str) -> TypeLayout:
        layout = self._shaped(row, key, TypeLayout)
        for name in ("lines_before", "lines_after"):
            for line in getattr(layout, name):
                unknown = set(_PLACE.findall(line)) - _DRAFT_FIELDS
                if unknown:
                    raise BadRules(f"{key}.{name}: no field {sorted(unknown)}")
        if layout.signatures not in (1, 2):
            raise BadRules(f"{key}.signatures: 1 or 2 is expected")
        return layout

    def _check(self, row: Any, key: str) -> Severity:
        if key.removeprefix("checks.") not in CHECKS:
            raise BadRules(f"{key}: is not known")
        if not isinstance(row, dict):
            raise BadRules(f"{key}: is missing")
        self._refuse_unknown(row, key, {"severity", "source"})
        self._sources[key] = self._source(row, key)
        severity: Severity = _typed(row.get("severity"), Severity, f"{key}.severity")
        return severity

    def _text_entry(self, row: Any, key: str) -> str:
        if not isinstance(row, dict):
            raise BadRules(f"{key}: is missing")
        self._refuse_unknown(row, key, {"text", "source"})
        self._sources[key] = self._source(row, key)
        return str(_typed(row.get("text"), str, f"{key}.text"))

    def _each(self, name: str, read: Any) -> Mapping[str, Any]:
        rows = self._table(self._data, name)
        return MappingProxyType(
            {key: read(row, f"{name}.{key}") for key, row in rows.items()}
        )

    def _shaped(self, row: Any, key: str, shape: type[T]) -> T:
        """One table with a `source` for all of it, and a `range` for its size."""
        if not isinstance(row, dict):
            raise BadRules(f"{key}: is missing")
        hints = get_type_hints(shape)
        self._refuse_unknown(row, key, {*hints, "source", "range"})
        self._sources[key] = self._source(row, key)
        values: dict[str, Any] = {}
        for item in fields(shape):  # type: ignore[arg-type]
            path = f"{key}.{item.name}"
            if item.name in row:
                values[item.name] = _typed(row[item.name], hints[item.name], path)
            elif item.default is MISSING:
                raise BadRules(f"{path}: is missing")
        if "range" in row:
            self._check_range(row, values["size_pt"], f"{key}.size_pt")
        return shape(**values)

    def _valued(self, row: Any, key: str, hint: Any) -> Any:
        """An entry `{value = …, range = […], source = "…"}`."""
        if not isinstance(row, dict) or "value" not in row:
            raise BadRules(f"{key}: is missing")
        self._refuse_unknown(row, key, {"value", "range", "source"})
        self._sources[key] = self._source(row, key)
        value = _typed(row["value"], hint, key)
        if "range" in row:
            self._check_range(row, value, key)
        return value

    def _check_range(self, row: dict[str, Any], value: float, key: str) -> None:
        both = row["range"]
        if not isinstance(both, list) or len(both) != 2:
            raise BadRules(f"{key}: a range has two numbers")
        low, high = (_typed(number, float, f"{key}: range") for number in both)
        if not low <= value <= high:
            raise BadRules(f"{key}: {value} is not between {low} and {high}")
        self._ranges[key] = (low, high)

    def _source(self, row: dict[str, Any], key: str) -> str:
        source = row.get("source")
        if not isinstance(source, str) or not source.strip():
            raise BadRules(f"{key}: says no source")
        return source

    def _plain(self, table: dict[str, Any], key: str, kind: Any) -> Any:
        return _typed(table.get(key), kind, key)

    def _table(self, data: dict[str, Any], key: str) -> dict[str, Any]:
        table = data.get(key)
        if not isinstance(table, dict):
            raise BadRules(f"{key}: is missing")
        return table

    def _refuse_unknown(self, table: dict[str, Any], at: str, known: set[str]) -> None:
        for key in table:
            if key not in known:
                raise BadRules(f"{at}.{key}: is not known".removeprefix("."))


def _typed(value: Any, hint: Any, key: str) -> Any:
    if value is None:
        raise BadRules(f"{key}: is missing")
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise BadRules(f"{key}: must not be below 0")
        return float(value)
    if hint == tuple[str, ...] and isinstance(value, list):
        return tuple(_typed(item, str, key) for item in value)
    choices = get_args(hint)
    if choices and isinstance(choices[0], str):
        return _one_of(value, choices, key)
    if isinstance(hint, type) and type(value) is hint:
        return value
    wanted = getattr(hint, "__name__", str(hint))
    raise BadRules(f"{key}: {value!r} is no {wanted}")


def _one_of(value: Any, choices: tuple[Any, ...], key: str) -> Any:
    if value not in choices:
        raise BadRules(f"{key}: {value!r} is none of {', '.join(choices)}")
    return value


def _consistent(rules: RuleSet) -> RuleSet:
    """What no single key can say."""
    page, header = rules.page, rules.header
    if page.text_width_mm < 100 or page.text_height_mm < 150:
        raise BadRules("page: the margins leave no room for text")
    if not 0 < header.left_mm < page.text_width_mm:
        raise BadRules("header.left_mm: is wider than the text")
    for name in header.right:
        if name not in ("country", "motto"):
            raise BadRules(f"header.right: {name!r} is no word of the header")
    if rules.valid_to is not None and rules.valid_to < rules.valid_from:
        raise BadRules("valid_to: is before valid_from")
    return rules
