"""Every word that the server shows has an English translation, kept in its own app.

Vietnamese is written in the code; `locale/en` of each app says it in English. Here the
sources are read as the people's tools would read them, so a forgotten word is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import template as django_template

SERVER = Path(__file__).resolve().parents[2] / "server"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Words whose English stands in the catalogue of another app.
HOME = {"common": "config"}
APPS = ["accounts", "common", "config", "publishing", "registry", "review"]


def sources(app: str) -> Iterator[tuple[Path, str]]:
    for path in sorted((SERVER / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_text(encoding="utf-8")
    for path in sorted((SERVER / app).rglob("*.html")):
        written = path.read_text(encoding="utf-8")
        code = django_template.templatize(written, origin=str(path))
        # What is left of the layout would look like wrong indentation.
        yield path, "\n".join(line.strip() for line in code.splitlines())


def words_of(app: str) -> dict[str, Path]:
    """Each translatable string and a file where it stands."""
    found: dict[str, Path] = {}
    for path, code in sources(app):
        stream = BytesIO(code.encode())
        for _line, message, _comments, _context in extract(
            "python", stream, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            first = message[0] if isinstance(message, tuple) else message
            if first:
                found[first] = path
    return found


def catalogue(app: str) -> Catalog:
    path = SERVER / app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def translated(entry: object) -> bool:
    if isinstance(entry, (tuple, list)):
        return all(entry)
    return bool(entry)


@pytest.mark.parametrize("app", APPS)
def test_every_word_has_its_english(app: str) -> None:
    known = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalogue(HOME.get(app, app))
        if message.id and translated(message.string) and not message.fuzzy
    }
    missing = {
        word: str(path.relative_to(SERVER))
        for word, path in words_of(app).items()
        if word not in known
    }
    assert missing == {}


@pytest.mark.parametrize("app", sorted(set(APPS) - set(HOME)))
def test_no_catalogue_keeps_a_dead_word(app: str) -> None:
    alive = set(words_of(app))
    for guest, host in HOME.items():
        if host == app:
            alive |= set(words_of(guest))
    kept = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalogue(app)
        if message.id
    }
    assert kept - alive == set()


@pytest.mark.parametrize("app", sorted(set(APPS) - set(HOME)))
def test_a_word_is_said_once_in_one_way(app: str) -> None:
    """The reader of catalogues takes the last of several without a word."""
    path = SERVER / app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    written = path.read_text(encoding="utf-8")
    entries = re.findall(
        r'(?:^msgctxt .*\n)?^msgid ".*"\n(?:^".*"\n)*', written, re.MULTILINE
    )
    assert len(entries) > 10
    assert [e for e, count in Counter(entries).items() if count > 1] == []


@pytest.mark.parametrize("app", sorted(set(APPS) - set(HOME)))
def test_a_translation_keeps_its_placeholders(app: str) -> None:
    placeholder = re.compile(r"%\(\w+\)[sd]")
    for message in catalogue(app):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = (
            message.string if isinstance(message.string, tuple) else (message.string,)
        )
        wanted = set(placeholder.findall(str(ids[0])))
        for string in strings:
            assert set(placeholder.findall(str(string))) == wanted, message.id


def test_the_reader_finds_words_in_code_and_in_templates() -> None:
    words = words_of("accounts")
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in words
    assert "Quên mật khẩu? Quản trị viên của cơ quan sẽ đặt lại giúp bạn." in words
