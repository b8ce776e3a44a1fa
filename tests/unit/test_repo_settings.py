"""The page about settings says what the code reads."""

from __future__ import annotations

from server.config.env import KNOWN
from server.config.management.commands.settings import markdown
from server.config.settings import PROJECT_DIR


def test_settings_page_is_up_to_date() -> None:
    page = PROJECT_DIR / "docs" / "settings.md"
    assert page.read_text() == markdown(), "run `make docs`"


def test_every_setting_says_what_it_means() -> None:
    assert not [s.name for s in KNOWN.values() if len(s.meaning) < 15]
