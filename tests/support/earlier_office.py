"""An office of an earlier release: `python -m tests.support.earlier_office COMMAND`.

    write   make the tables as they were at BEFORE, and rows in them
    read    what the product of today says of these rows, as JSON

Between the two the administrator runs `migrate`. It runs on the product's own settings
(DATA_DIR, DUTHAO_DATABASE_URL), in an empty database.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import django

# Before copies of what was received, and everything that came after.
BEFORE = ("registry", "0012_kept_back")
AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
PDF = "a" * 64
# (số đến, the run that it was drawn from, the day on which the document had come)
INCOMING = (
    (211, "2025", date(2025, 12, 30)),
    # Entered in the new year for a day of the old one.
    (1, "2026", date(2025, 12, 31)),
    (2, "2026", date(2026, 1, 5)),
)


def key(number: int) -> UUID:
    return UUID(int=number)


class _Tables:
    """The models as they were, and the rows made so far."""

    def __init__(self, apps: Any) -> None:
        self._apps = apps

    def add(self, model: str, /, **fields: Any) -> Any:
        app = "accounts" if model in ("Organisation", "User") else "registry"
        return self._apps.get_model(app, model).objects.create(**fields)


def write() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate([BEFORE])
    state = executor.loader.project_state([BEFORE])
    tables = _Tables(state.apps)
    office = tables.add("Organisation", id=key(1), name="Văn phòng", abbreviation="VP")
    tables.add("Organisation", id=key(2), name="Sở Nội vụ", abbreviation="SNV")
    clerk = tables.add("User", id=key(4), username="vanthu", full_name="Lê Thị Đào")
    by = {"created_by": clerk, "created_at": AT}
    books = {
        kind: tables.add(
            "Register",
            id=key(10 + n),
            organisation=office,
            name=f"Sổ {kind}",
            kind=kind,
            # What the clerk said of one book, the leader says of the office by now.
            allows_suffix=kind == "outgoing",
            **by,
        )
        for n, kind in enumerate(("outgoing", "incoming", "copies"))
    }
    for place, (number, period, arrived_on) in enumerate(INCOMING):
        _incoming(tables, books["incoming"], by, key(20 + place), number, period,
                  arrived_on)  # fmt: skip
    letter = _outgoing(tables, books["outgoing"], by, key(30), "CV")
    copy = _outgoing(tables, books["copies"], by, key(31), "SY")
    tables.add(
        "DocumentCopy",
        id=key(32),
        row=copy,
        source=letter,
        kind="SY",
        pdf=PDF,
        is_electronic=False,
        by=clerk,
        at=AT,
    )
    for place, (state_of, asked) in enumerate((("sent", "asked"), ("done", ""))):
        tables.add(
            "Recipient",
            id=key(40 + place),
            document=letter,
            position=place + 1,
            name=f"Nơi {place}",
            channel="paper",
            must_act=True,
            state=state_of,
            state_at=AT,
            sent_at=AT,
            recall_state=asked,
        )
    tables.add(
        "Delegation",
        id=key(50),
        organisation=office,
        principal=clerk,
        delegate=clerk,
        form="KT",
        in_place_of="Chánh Văn phòng",
        may_sign=True,
        starts_on=AT.date(),
        **by,
    )
    tables.add(
        "SearchEntry",
        kind="outgoing",
        object_id=letter.pk,
        organisation=office,
        register_id=books["outgoing"].pk,
        document_type="CV",
        year=2026,
        state="issued",
        is_open=True,
        dated_on=AT.date(),
        number="01/VP",
        title="mời họp",
    )


def _number(tables: _Tables, book: Any, by: dict[str, Any], **of: Any) -> Any:
    return tables.add(
        "IssuedNumber",
        id=uuid4(),
        register=book,
        state="used",
        issued_on=AT.date(),
        by=by["created_by"],
        at=AT,
        **of,
    )


def _incoming(
    tables: _Tables,
    book: Any,
    by: dict[str, Any],
    pk: UUID,
    number: int,
    period: str,
    arrived_on: date,
) -> None:
    tables.add(
        "IncomingDocument",
        id=pk,
        organisation=book.organisation,
        register=book,
        issued_number=_number(tables, book, by, period=period, number=number),
        number=number,
        arrived_on=arrived_on,
        channel="paper",
        issuer="Sở Nội vụ",
        full_number=f"{number}/SNV",
        document_key=f"{number} snv",
        document_type="CV",
        subject="báo cáo",
        search_key="bao cao",
        **by,
    )


def _outgoing(
    tables: _Tables, book: Any, by: dict[str, Any], pk: UUID, code: str
) -> Any:
    return tables.add(
        "OutgoingDocument",
        id=pk,
        organisation=book.organisation,
        register=book,
        issued_number=_number(tables, book, by, period="2026", number=1),
        number=1,
        notation="VP",
        full_number="01/VP",
        document_type=code,
        subject="mời họp",
        issued_on=AT.date(),
        signer_name="Bùi Hồng Quý",
        search_key="moi hop",
        **by,
    )


def read() -> None:
    from server.registry import models as m
    from server.registry.standing import policy_of

    incoming = m.IncomingDocument.objects.order_by("pk")
    copy = m.DocumentCopy.objects.get(pdf=PDF)
    mandate = m.Delegation.objects.get()
    recipients = m.Recipient.objects.order_by("position")
    found = {
        "incoming": [[row.number, row.period] for row in incoming],
        "copy": [copy.source_id == key(30), copy.incoming_id, copy.parts],
        "mandate": [mandate.may_sign, mandate.may_direct, mandate.unit_id,
                    mandate.noted_at],
        "recipients": [[r.state, r.recall_state, r.must_act] for r in recipients],
        "entry": list(m.SearchEntry.objects.values_list("number", "has_more")),
        "inserts_numbers": [policy_of(key(n)).inserts_numbers for n in (1, 2)],
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    django.setup()
    {"write": write, "read": read}[sys.argv[1]]()
