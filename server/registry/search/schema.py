"""The tables of the full-text index, for each database. Used by a migration only.

SQLite: an FTS5 table over the columns of SearchText, whose tokenizer keeps everything
but blanks, because the words are made already (`words`). PostgreSQL: a tsvector beside
each entry, under a GIN index. Must never be changed: write a new migration.
"""

from __future__ import annotations

from typing import Any

_SQLITE = """
CREATE VIRTUAL TABLE registry_searchindex USING fts5(
    heading_words, heading_exact, words, exact, scope,
    content='registry_searchtext', content_rowid='id',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* P* S* C*'",
    prefix='3 4 5', columnsize=0
)
"""
_POSTGRES = (
    "ALTER TABLE registry_searchentry ADD COLUMN vector tsvector",
    # Which words are frequent decides how a search is best answered.
    "ALTER TABLE registry_searchentry ALTER COLUMN vector SET STATISTICS 1000",
    "CREATE INDEX search_entry_vector ON registry_searchentry USING gin (vector)",
)


def add_index(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in _POSTGRES:
            editor.execute(statement)
    else:
        editor.execute(_SQLITE)


def drop_index(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE registry_searchentry DROP COLUMN vector")
    else:
        editor.execute("DROP TABLE registry_searchindex")
