"""Django's backend for SQLite, which lets go of a failed statement at once.

A statement that failed stays with its cursor, and the cursor with the error: in a
cycle, until the garbage collector comes by, in whatever thread. Letting go of it needs
the lock of its connection, and that may be held by a thread which waits for the
database, which is held by the thread that collects. So the two wait for each other
until the first one gives up, after twenty seconds, with one more failed statement left
behind: under many writers the next wait begins at once. Here the thread whose statement
failed lets go of it itself. Must never change what a statement does or raises.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base


class Cursor(base.SQLiteCursorWrapper):
    def execute(self, query: Any, params: Any = None) -> Any:
        try:
            return super().execute(query, params)
        except sqlite3.Error:
            self.close()
            raise

    def executemany(self, query: Any, param_list: Any) -> Any:
        try:
            return super().executemany(query, param_list)
        except sqlite3.Error:
            self.close()
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: Any = None) -> Any:
        return self.connection.cursor(factory=Cursor)
