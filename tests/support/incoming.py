"""An incoming book with one document, and people in every place before it.

`lead_official` and `lead_head` work in the lead unit (HCTC), `helper` in the
cooperating unit (KSTT), `colleague` in a third one (THTH).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.accounts.models import Role, User
from server.common import clock
from server.registry.actions.forwarding_plans import Plan, Recipient
from server.registry.actions.forwardings import forward
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import Forwarding, IncomingDocument
from tests.support.cast import make_person, make_unit

# Thursday; Tuesday 24/11 was a holiday.
NOON = datetime(2026, 11, 26, 5, tzinfo=UTC)
TODAY = date(2026, 11, 26)
LETTER = IncomingEntry(
    "CV",
    "Sở Nội vụ",
    "tự đánh giá chỉ số cải cách hành chính",
    full_number="1146/SNV-CCHC",
    issued_on=date(2026, 11, 25),
)
# A PDF of one empty page, small but true.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def leading(**whom: Any) -> Recipient:
    """A unit or a person who leads, with a week for it."""
    return Recipient(**whom, deadline=clock.today() + timedelta(days=7))


class Desks:
    """The cast, widened; each person is an attribute."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.clerk: User = cast.vanthu
        self.leader: User = cast.lanhdao
        self.lead_head: User = cast.truongphong
        self.lead_official: User = cast.chuyenvien
        self.lead_unit = cast.units["HCTC"]
        self.helping_unit = make_unit(cast.office, "Phòng Kiểm soát thủ tục", "KSTT")
        third = make_unit(cast.office, "Phòng Tin học", "THTH")
        self.helper = make_person("phoihop", "Đỗ Thị Mai", self.helping_unit)
        self.helping_head = make_person(
            "tpkstt", "Lý Văn Nam", self.helping_unit, Role.HEAD
        )
        self.colleague = make_person("dongnghiep", "Vũ Thị Hoa", third)
        self.second_official = make_person("chuyenvien2", "Ngô Văn Bảy", self.lead_unit)
        plan = RegisterPlan(name="Sổ văn bản đến", kind="incoming")
        self.book = open_register(self.clerk, cast.office.pk, plan)

    def register(self, **changed: Any) -> IncomingDocument:
        fields = {name: getattr(LETTER, name) for name in LETTER.__dataclass_fields__}
        entry = IncomingEntry(**{**fields, **changed})
        return register_incoming(self.clerk, self.book.pk, entry, is_second=True)

    def plan(self, deadline: date | None = date(2026, 12, 3), **changed: Any) -> Plan:
        fields: dict[str, Any] = {
            "lead": Recipient(unit=self.lead_unit.pk, deadline=deadline),
            "cooperating": [Recipient(unit=self.helping_unit.pk)],
            "direction": "Tham mưu văn bản trả lời.",
            **changed,
        }
        return Plan(**fields)

    def forwarded(
        self, **changed: Any
    ) -> tuple[IncomingDocument, Forwarding, Forwarding]:
        """A document with its lead and its cooperating part."""
        document = self.register()
        lead, helping = forward(self.leader, document.pk, self.plan(**changed))
        document.refresh_from_db()
        return document, lead, helping
