"""How hits are named and where they open: the same on the page, in the file, in the
API. No rights here: only what the search gave is shown."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from server.common.errors import Message
from server.registry.models import (
    CaseFileState,
    DraftState,
    OutgoingState,
    SearchEntry,
    SearchKind,
)
from server.registry.search.entries import ARCHIVED
from server.registry.search.filed import STATES as FILE_STATES
from server.registry.search.incoming import ANSWERED, OPEN, VOID

# A draft and a row may be in a state of the same name; a filter finds both.
STATES: dict[str, Message] = {
    **{state.value: state.label for state in DraftState},
    ARCHIVED: _("Lưu trữ"),
    **{
        state.value: state.label
        for state in OutgoingState
        if state.value not in DraftState.values
    },
    OPEN: _("Chưa trả lời"),
    ANSWERED: _("Đã trả lời"),
    VOID: _("Hủy số"),
    **{FILE_STATES[state.value]: state.label for state in CaseFileState},
}
DEADLINE_LABELS: tuple[tuple[str, Message], ...] = (
    ("has", _("Có hạn")),
    ("over", _("Quá hạn")),
    ("within", _("Sắp đến hạn")),
)
SORT_LABELS: dict[str, Message] = {
    "relevance": _("Khớp nhất trước"),
    "-date": _("Mới nhất trước"),
    "date": _("Cũ nhất trước"),
}
# As the boxes of the page are named; the place of a page has none and says it itself.
FILTER_LABELS: dict[str, Message] = {
    "kind": _("Nguồn"),
    "type": _("Loại văn bản"),
    "year": _("Năm"),
    "organisation": _("Cơ quan"),
    "state": _("Trạng thái"),
    "urgency": _("Độ khẩn"),
    "deadline": _("Hạn"),
    "days": _("Trong bao nhiêu ngày tới"),
    "sort": _("Thứ tự"),
}
_PAGES = {
    SearchKind.DRAFT: ("draft_editor", "draft_id"),
    SearchKind.OUTGOING: ("outgoing_entry", "document_id"),
    SearchKind.INCOMING: ("incoming_entry", "document_id"),
    SearchKind.RECEIVED: ("received_document", "document_id"),
    # Where the files are.
    SearchKind.ATTACHED: ("incoming_document", "document_id"),
    SearchKind.CASE_FILE: ("case_file", "case_file_id"),
}


def state_label(entry: SearchEntry) -> str:
    return str(STATES.get(entry.state, entry.state))


def kind_name(entry: SearchEntry) -> str:
    """The word of the filter: with its files or without, it came in."""
    is_files = entry.kind == SearchKind.ATTACHED
    return SearchKind.INCOMING.value if is_files else entry.kind


def address_of(entry: SearchEntry) -> str:
    """The page that opens the document."""
    name, argument = _PAGES[SearchKind(entry.kind)]
    return reverse(name, kwargs={argument: entry.object_id})
