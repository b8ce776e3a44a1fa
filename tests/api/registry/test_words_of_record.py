"""What stands in the law's book is Vietnamese, whatever the language of the screen."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.utils import translation
from openpyxl import load_workbook

from server.publishing.registers.forms import Kind
from server.registry.actions.recalling import recall
from server.registry.books import Format, print_book
from server.registry.models import OutgoingState
from server.registry.queries.registers import BookFilter


def test_a_clerk_with_english_screens_prints_the_vietnamese_book(
    cast: Any, issued: Any
) -> None:
    document = issued()
    recall(cast.vanthu, document.pk, "sai nội dung")
    with translation.override("en"):
        assert str(OutgoingState.RECALLED.label) != "Đã thu hồi", "screens are English"
        file = print_book(document.register, Kind.OUTGOING, BookFilter(), Format.XLSX)
    rows = list(load_workbook(BytesIO(file.data))["Sổ"].iter_rows(values_only=True))
    assert rows[2][9] == "Đã thu hồi"
