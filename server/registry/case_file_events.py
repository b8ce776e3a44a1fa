"""What case files tell others. The subject is the id of the file.

A payload holds ids and days only: who may read a file is asked when it is read.
"""

from __future__ import annotations

CASE_FILE_CREATED = "case_file.created"
CASE_FILE_CHANGED = "case_file.changed"
CASE_FILE_ENTRY_ADDED = "case_file.entry_added"
CASE_FILE_ENTRY_REMOVED = "case_file.entry_removed"
CASE_FILE_CLOSED = "case_file.closed"
CASE_FILE_REOPENED = "case_file.reopened"
CASE_FILE_KEPT_BACK = "case_file.kept_back"
CASE_FILE_HANDED_OVER = "case_file.handed_over"
# Once for each closing: its keepers have a month left to hand it over.
CASE_FILE_HAND_OVER_DUE = "case_file.hand_over_due"
