"""Case files and documents for tests: the books of the office with a few rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from server.accounts.models import User
from server.common import clock
from server.registry.actions.case_file_ends import close_case_file
from server.registry.actions.case_file_entries import add_entry
from server.registry.actions.case_files import CaseFilePlan, create_case_file
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.case_files.documents import DocumentKind
from server.registry.models import (
    CaseFile,
    CaseFileEntry,
    IncomingDocument,
    OutgoingDocument,
    Register,
)

TITLE = "Hồ sơ tuyển dụng công chức năm 2026"


@dataclass
class Cabinet:
    """What the office has: both books, and a way to write rows and files."""

    cast: Any
    outgoing_book: Register
    incoming_book: Register

    def letter(
        self, subject: str = "đảm bảo hoạt động của Hệ thống idesk", **fields: Any
    ) -> OutgoingDocument:
        on_date = fields.pop("on_date", None)
        entry = OutgoingEntry("CV", subject, "Bùi Hồng Quý", **fields)
        return register_outgoing(
            self.cast.vanthu, self.outgoing_book.pk, entry, on_date=on_date
        )

    def arrived(
        self,
        full_number: str = "1146/SNV-CCHC",
        issued_on: date | None = None,
        **fields: Any,
    ) -> IncomingDocument:
        entry = IncomingEntry(
            "CV",
            "Sở Nội vụ",
            "tự đánh giá cải cách hành chính",
            full_number=full_number,
            issued_on=issued_on,
            **fields,
        )
        return register_incoming(self.cast.vanthu, self.incoming_book.pk, entry)

    def file(
        self, by: User | None = None, unit: str = "HCTC", **fields: Any
    ) -> CaseFile:
        plan = CaseFilePlan(**{"title": TITLE, "retention": "y10", **fields})
        actor = by or self.cast.chuyenvien
        return create_case_file(actor, self.cast.units[unit].pk, plan)

    def put(
        self, case_file: CaseFile, document: Any, by: User | None = None
    ) -> CaseFileEntry:
        return add_entry(
            by or self.cast.chuyenvien, case_file.pk, kind_of(document), document.pk
        )

    def closed(self, on: datetime | None = None, **fields: Any) -> CaseFile:
        """A file of one document whose work ended on that day, now unless told."""
        with clock.fixed(on or clock.now()):
            file = self.file(**fields)
            self.put(file, self.arrived("", issued_on=clock.today()))
            return close_case_file(file.created_by, file.pk)


def kind_of(document: Any) -> DocumentKind:
    if isinstance(document, OutgoingDocument):
        return DocumentKind.OUTGOING
    if isinstance(document, IncomingDocument):
        return DocumentKind.INCOMING
    return DocumentKind.DRAFT


@pytest.fixture
def cabinet(cast: Any) -> Cabinet:
    out = RegisterPlan(name="Sổ văn bản đi")
    into = RegisterPlan(name="Sổ văn bản đến", kind="incoming")
    return Cabinet(
        cast,
        open_register(cast.vanthu, cast.office.pk, out),
        open_register(cast.vanthu, cast.office.pk, into),
    )
