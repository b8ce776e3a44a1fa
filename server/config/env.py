"""Every setting that the environment may give, with its type, default and meaning.

A bad value stops the boot and names the variable: a server that guesses is worse
than one that does not start. `python -m server settings` prints this table.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(Exception):
    """Names the variable, the value and what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    meaning: str


KNOWN: dict[str, Setting] = {}


class Environment:
    """Typed reader over a mapping, so that tests need not touch os.environ."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str, meaning: str) -> str:
        KNOWN[name] = Setting(name, default, meaning)
        return self._values.get(name, "").strip() or default

    def integer(self, name: str, default: int, meaning: str, *, least: int = 0) -> int:
        raw = self.text(name, str(default), meaning)
        try:
            value = int(raw.replace("_", ""))
        except ValueError:
            raise BadSetting(f"{name}={raw!r}: a whole number is needed") from None
        if value < least:
            raise BadSetting(f"{name}={raw!r}: must be at least {least}")
        return value

    def seconds(self, name: str, default: float, meaning: str) -> float:
        raw = self.text(name, f"{default:g}", meaning)
        try:
            value = float(raw)
        except ValueError:
            raise BadSetting(f"{name}={raw!r}: a number of seconds is needed") from None
        if not 0 < value < 10**7:
            raise BadSetting(f"{name}={raw!r}: must be above 0")
        return value

    def flag(self, name: str, default: bool, meaning: str) -> bool:
        raw = self.text(name, "1" if default else "0", meaning).lower()
        if raw in {"1", "true", "yes", "on"}:
            return True
        if raw in {"0", "false", "no", "off"}:
            return False
        raise BadSetting(f"{name}={raw!r}: use 1 or 0")

    def words(self, name: str, default: str, meaning: str) -> list[str]:
        words = self.text(name, default, meaning).split(",")
        return [word.strip() for word in words if word.strip()]

    def url(self, name: str, schemes: tuple[str, ...], meaning: str) -> str:
        """Empty when not set; else one of the schemes, with a host."""
        raw = self.text(name, "", meaning)
        if not raw:
            return ""
        parts = urlsplit(raw)
        if parts.scheme not in schemes or not (parts.hostname or parts.path):
            raise BadSetting(f"{name}: an address {schemes[0]}://… is needed")
        return raw

    def folder(self, name: str, default: Path, meaning: str) -> Path:
        path = Path(self.text(name, str(default), meaning)).expanduser().resolve()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadSetting(f"{name}={path}: {error.strerror}") from None
        if not os.access(path, os.W_OK):
            raise BadSetting(f"{name}={path}: the folder cannot be written")
        return path
