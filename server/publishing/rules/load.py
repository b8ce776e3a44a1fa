"""A rule-set from its data file; a file that is wrong is refused with the key named.

How such files are read is `server.common.dated` and `server.common.tables`; here stands
what a rule-set must hold. Must never fill in a value that the file does not give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from collab.content.tree import STYLES, URGENCIES, Style
from collab.content.tree import Fields as DraftFields
from server.common.dated import DataFile, read_toml, validity
from server.common.tables import (
    BadRules,
    Tables,
    one_of,
    pattern,
    refuse_unknown,
    source_of,
    typed,
)
from server.publishing.rules.model import (
    CHECKS,
    COMPONENTS,
    Component,
    Header,
    Kind,
    Page,
    RuleSet,
    Severity,
    SigningRules,
    Stamp,
    StyleRule,
    TextRules,
    TypeLayout,
    Words,
    Zeros,
)

_PLACE = re.compile(r"\{(\w*)\}")
_DRAFT_FIELDS = frozenset(f.name for f in fields(DraftFields))
_FORMS = {
    "number_form": {"number", "notation"},
    "date_form": {"place", "day", "month", "year"},
}
_PATTERNS = ("number_pattern", "notation_pattern")
_KEYS = {
    *("id", "kind", "title", "valid_from", "valid_to", "page", "text", "header"),
    *("words", "zeros", "signing", "seals", "authorities", "stamps", "copies"),
    *("component", "style", "types", "checks"),
}


def load_rules(path: Path) -> RuleSet:
    """Raises BadRules; OSError when there is no such file."""
    return made(DataFile(path, read_toml(path), is_office=False))


def made(file: DataFile) -> RuleSet:
    """Raises BadRules."""
    try:
        return _Reader(file.data).rules()
    except BadRules as error:
        raise BadRules(f"{file.path.name}: {error}") from None


class _Reader(Tables):
    def rules(self) -> RuleSet:
        stamps = dict(self.table("stamps"))
        colour = self.valued(stamps.pop("colour", None), "stamps.colour", str)
        if not re.fullmatch(r"[0-9A-F]{6}", colour):
            raise BadRules("stamps.colour: six hexadecimal digits are expected")
        text = self.section("text", TextRules)
        valid_from, valid_to = validity(self.data)
        rules = RuleSet(
            id=self.plain("id", str),
            kind=one_of(self.plain("kind", str), get_args(Kind), "kind"),
            title=self.plain("title", str),
            valid_from=valid_from,
            valid_to=valid_to,
            page=self.section("page", Page),
            text=text,
            header=self.section("header", Header),
            words=self._words(),
            zeros=self.section("zeros", Zeros),
            signing=self.section("signing", SigningRules),
            seals=self._seals(),
            authorities=self.each(
                "authorities", lambda v, key: str(self.valued(v, key, str))
            ),
            stamp_colour=colour,
            stamps=self._stamps(stamps),
            copies=self.each("copies", self._text_entry),
            components=self.named("component", COMPONENTS, Component),
            styles=self._styles(text.size_pt),
            types=self.each("types", self._type),
            checks=self.each("checks", self._check),
            sources=MappingProxyType(self.sources),
            ranges=MappingProxyType(self.ranges),
        )
        refuse_unknown(self.data, "", _KEYS)
        return _consistent(rules)

    def _words(self) -> Words:
        words = self.section("words", Words)
        for key, allowed in _FORMS.items():
            found = set(_PLACE.findall(getattr(words, key)))
            if found != allowed:
                raise BadRules(f"words.{key}: must hold {sorted(allowed)}")
        for key in _PATTERNS:
            pattern(getattr(words, key), f"words.{key}")
        return words

    def _seals(self) -> Mapping[str, float]:
        """Seals that are not as large as `signing.seal_mm`, inside its range."""
        if "seals" not in self.data:
            return MappingProxyType({})
        allowed = self.data["signing"]["seal_mm"].get("range")
        limits = {"range": allowed} if allowed else {}

        def read(row: Any, key: str) -> float:
            whole = {**limits, **row} if isinstance(row, dict) else row
            return float(self.valued(whole, key, float))

        found = self.each("seals", read)
        return MappingProxyType({k.casefold(): size for k, size in found.items()})

    def _styles(self, size_pt: float) -> Mapping[Style, StyleRule]:
        rows = self.table("style")
        refuse_unknown(rows, "style", set(STYLES))
        found: dict[Style, StyleRule] = {}
        for name in get_args(Style):
            row = rows.get(name)
            if isinstance(row, dict):
                row = {"size_pt": size_pt, **row}
            found[name] = self.shaped(row, f"style.{name}", StyleRule)
        return MappingProxyType(found)

    def _stamps(self, rows: dict[str, Any]) -> Mapping[str, Stamp]:
        refuse_unknown(rows, "stamps", set(URGENCIES) - {"normal"})
        return MappingProxyType(
            {n: self.shaped(row, f"stamps.{n}", Stamp) for n, row in rows.items()}
        )

    def _type(self, row: Any, key: str) -> TypeLayout:
        layout = self.shaped(row, key, TypeLayout)
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
        refuse_unknown(row, key, {"severity", "source"})
        self.sources[key] = source_of(row, key)
        severity: Severity = typed(row.get("severity"), Severity, f"{key}.severity")
        return severity

    def _text_entry(self, row: Any, key: str) -> str:
        if not isinstance(row, dict):
            raise BadRules(f"{key}: is missing")
        refuse_unknown(row, key, {"text", "source"})
        self.sources[key] = source_of(row, key)
        return str(typed(row.get("text"), str, f"{key}.text"))


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
    return rules
