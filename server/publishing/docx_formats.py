"""What the styles and the numbering of a foreign .docx mean for each paragraph.

Word spreads a format over defaults, a chain of styles and the paragraph itself; these
classes give the answer for one property. Unknown or broken values count as absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from collab.content.labels import to_roman
from server.publishing.docx_numbering import MAX_LEVEL

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHAIN_LIMIT = 20
_OFF = frozenset({"0", "false", "off", "none"})
_HIGHEST = 30_000
_TOO_LARGE = 2**31


def value_of(parent: Any, tag: str) -> str | None:
    """The w:val of a child, or None."""
    child = parent.find(W + tag) if parent is not None else None
    return None if child is None else child.get(W + "val")


def whole_of(value: str | None) -> int | None:
    """None for what is no number, or none that Word could have written (32 bits)."""
    try:
        whole = int(float(value)) if value else None
    except (ValueError, OverflowError):
        return None
    return whole if whole is not None and abs(whole) < _TOO_LARGE else None


def level_of(number: Any) -> int:
    """The level in a list that a w:numPr gives: 0–8 (ISO/IEC 29500-1, 17.9.3)."""
    return max(0, min(whole_of(value_of(number, "ilvl")) or 0, MAX_LEVEL))


def switch_of(parent: Any, tag: str) -> bool | None:
    """A property that is there (on), there and off, or absent (None)."""
    child = parent.find(W + tag) if parent is not None else None
    if child is None:
        return None
    return (child.get(W + "val") or "1").casefold() not in _OFF


class Styles:
    """Looks properties up along the chain of styles."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str, Any] = {}
        self._chains: dict[tuple[str | None, str], list[Any]] = {}
        self._default: str | None = None
        self._default_run: Any = None
        if root is None:
            return
        for style in root.iter(W + "style"):
            style_id = style.get(W + "styleId") or ""
            self._styles[style_id] = style
            is_default = (style.get(W + "default") or "0") in ("1", "true", "on")
            if style.get(W + "type") == "paragraph" and is_default:
                self._default = style_id
        self._default_run = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")

    def name(self, style_id: str | None) -> str:
        style = self._styles.get(style_id or self._default or "")
        return (value_of(style, "name") or "").casefold()

    def run_chain(self, paragraph_style: str | None, run: Any) -> list[Any]:
        """Run properties that count for a run, the nearest first."""
        chain = [run] if run is not None else []
        chain += self._chain(value_of(run, "rStyle"), "rPr")
        chain += self._chain(paragraph_style or self._default, "rPr")
        if self._default_run is not None:
            chain.append(self._default_run)
        return chain

    def paragraph_chain(self, properties: Any) -> list[Any]:
        """Paragraph properties that count, the nearest first."""
        chain = [properties] if properties is not None else []
        style_id = value_of(properties, "pStyle") or self._default
        return chain + self._chain(style_id, "pPr")

    def style_chain(self, style_id: str) -> list[Any]:
        """What a style by itself says of its paragraphs."""
        return self._chain(style_id, "pPr")

    def _chain(self, style_id: str | None, part: str) -> list[Any]:
        """Looked up once: a long table asks for the same one thousands of times."""
        key = (style_id, part)
        if key not in self._chains:
            self._chains[key] = self._found_chain(style_id, part)
        return self._chains[key]

    def _found_chain(self, style_id: str | None, part: str) -> list[Any]:
        found: list[Any] = []
        for _ in range(_CHAIN_LIMIT):  # a style may claim to be based on itself
            style = self._styles.get(style_id or "")
            if style is None:
                break
            properties = style.find(W + part)
            if properties is not None:
                found.append(properties)
            style_id = value_of(style, "basedOn")
        return found


def first_switch(chain: list[Any], tag: str) -> bool:
    for properties in chain:
        switch = switch_of(properties, tag)
        if switch is not None:
            return switch
    return False


def first_value(chain: list[Any], tag: str, attribute: str = "val") -> str | None:
    for properties in chain:
        child = properties.find(W + tag)
        if child is not None and child.get(W + attribute) is not None:
            return str(child.get(W + attribute))
    return None


@dataclass(frozen=True, slots=True)
class ListPlace:
    """What the numbering of one paragraph says.

    `kind`: "bullet", "ordered" (a decimal list), "label" (any other written number) or
    "continued" (no sign: more of the item above).
    """

    kind: str
    num_id: str
    level: int
    value: int
    label: str


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    """One numbering instance; instances without an override count together."""

    key: str
    levels: dict[int, _Level] = field(default_factory=dict)


class NumberingReader:
    """Counts numbered paragraphs in document order."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[tuple[str, int], int] = {}
        if root is None:
            return
        abstracts = {
            a.get(W + "abstractNumId"): a for a in root.findall(W + "abstractNum")
        }
        for number in root.findall(W + "num"):
            abstract_id = value_of(number, "abstractNumId")
            overrides = number.findall(W + "lvlOverride")
            num_id = number.get(W + "numId") or ""
            key = f"n{num_id}" if overrides else f"a{abstract_id}"
            instance = _List(key)
            _read_levels(instance, abstracts.get(abstract_id))
            for override in overrides:
                index = whole_of(override.get(W + "ilvl")) or 0
                level = instance.levels.setdefault(index, _Level())
                _read_level(level, override.find(W + "lvl"))
                start = whole_of(value_of(override, "startOverride"))
                if start is not None:
                    level.start = start
            self._lists[num_id] = instance

    def kind(
        self, num_id: str, level_index: int
    ) -> Literal["bullet", "ordered", "more", ""]:
        """Of which kind its items are there; counts none."""
        instance = self._lists.get(num_id)
        if instance is None:
            return ""
        form = instance.levels.get(max(0, min(level_index, 8)), _Level()).form
        if form == "none":
            return "more"
        return "bullet" if form == "bullet" else "ordered"

    def place(self, num_id: str, level_index: int) -> ListPlace | None:
        """Count this paragraph; None when the numbering does not exist."""
        instance = self._lists.get(num_id)
        if instance is None:
            return None
        index = max(0, min(level_index, 8))
        level = instance.levels.get(index, _Level())
        if level.form == "none" and not re.sub(r"%\d", "", level.text).strip():
            return ListPlace("continued", num_id, index, 0, "")
        if level.form == "bullet":
            return ListPlace("bullet", num_id, index, 0, "")
        here = (instance.key, index)
        value = self._counts.get(here, level.start - 1) + 1
        self._counts[here] = min(value, _HIGHEST)
        for deeper in range(index + 1, 9):
            self._counts.pop((instance.key, deeper), None)
        if level.form == "decimal" and level.text in (f"%{index + 1}.", ""):
            return ListPlace("ordered", num_id, index, max(value, 0), "")
        label = level.text
        for other in range(9):
            sign = f"%{other + 1}"
            if sign in label:
                of = instance.levels.get(other, _Level())
                count = self._counts.get((instance.key, other), of.start)
                label = label.replace(sign, _write(of.form, count))
        return ListPlace("label", num_id, index, value, label.strip())


def _read_levels(instance: _List, abstract: Any) -> None:
    if abstract is None:
        return
    for element in abstract.findall(W + "lvl"):
        index = whole_of(element.get(W + "ilvl"))
        if index is not None:
            _read_level(instance.levels.setdefault(index, _Level()), element)


def _read_level(level: _Level, element: Any) -> None:
    if element is None:
        return
    level.form = value_of(element, "numFmt") or level.form
    level.text = value_of(element, "lvlText") or ""
    start = whole_of(value_of(element, "start"))
    level.start = start if start is not None else level.start


def _write(form: str, number: int) -> str:
    if form == "none":
        return ""
    if form in ("lowerRoman", "upperRoman"):
        roman = to_roman(number)
        return roman.lower() if form == "lowerRoman" else roman
    if form in ("lowerLetter", "upperLetter") and number > 0:
        # Word's letters are the 26 English ones, doubled after z: aa, bb.
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{number:02}"
    return str(number)
