"""One document of every kind, with all that its form has: to draw, measure and check.

The people and offices are those of the demo; each document would pass the check of
form unless a test breaks it on purpose.
"""

from __future__ import annotations

from dataclasses import replace

from collab.content.tree import (
    Content,
    Fields,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
)
from server.publishing.copies import Copy
from server.publishing.rules import all_rules
from tests.unit.server.publishing.samples import LETTER, cell, line

_OFFICE = Fields(
    issuer_parent="Ủy ban nhân dân tỉnh Đắk Lắk",
    issuer="Văn phòng",
    place="Đắk Lắk",
    recipients="Như trên\nLãnh đạo Văn phòng\nLưu: VT, HCTC",
    signer_position="Chánh Văn phòng",
    signer_name="Bùi Hồng Quý",
    date="2026-02-05",
    number="07",
)
_SUBJECTS = {
    "QĐ": "Ban hành Quy chế quản lý, sử dụng Hệ thống Quản lý văn bản và Điều hành",
    "GGT": "",
    "GNP": "",
}


def of_type(code: str) -> Content:
    """A short document of a State type, its optional parts filled in."""
    parts = {
        "document_type": code,
        "notation": "VPUBND-HCTC" if code == "CV" else f"{code}-VPUBND",
        "subject": _SUBJECTS.get(code, "tăng cường an toàn thông tin năm 2026"),
        "addressees": _TO if code in _ADDRESSED else "",
        **_MORE.get(code, {}),
    }
    fields = replace(_OFFICE, **parts)
    body = DECIDED if code in ("QĐ", "NQ") else PLAIN
    return Content(fields, body)


_TO = "Sở Thông tin và Truyền thông"
_ADDRESSED = ("CV", "TTr", "BC", "CĐ")
_BEARER = {"bearer": "Trần Thị Ánh Tuyết", "bearer_position": "Chuyên viên"}
_MORE: dict[str, dict[str, str]] = {
    "QĐ": {"enacting_authority": "Chánh Văn phòng Ủy ban nhân dân tỉnh"},
    "NQ": {"enacting_authority": "Hội đồng nhân dân tỉnh Đắk Lắk"},
    "CĐ": {
        "dispatcher": "Chủ tịch Ủy ban nhân dân tỉnh Đắk Lắk",
        "addressees": "Sở Nông nghiệp và Môi trường\nỦy ban nhân dân các xã, phường",
        "urgency": "flash",
    },
    "GM": {
        "invitees": "Lãnh đạo các sở, ban, ngành",
        "event": "Hội nghị triển khai công tác văn thư",
        "chair": "Đồng chí Chánh Văn phòng",
        "starts_at": "08 giờ 00, ngày 12 tháng 02 năm 2026",
        "venue": "Phòng họp số 2, trụ sở Ủy ban nhân dân tỉnh",
    },
    "BB": {
        "starts_at": "14 giờ 00, ngày 05 tháng 02 năm 2026",
        "venue": "Phòng họp số 1",
        "attendance": "Lãnh đạo Văn phòng, trưởng các phòng",
        "chair": "Ông Bùi Hồng Quý, Chánh Văn phòng",
        "secretary": "Bà Trần Thị Ánh Tuyết, Chuyên viên",
        "ends_at": "16 giờ 30, ngày 05 tháng 02 năm 2026",
        "signer_position": "Chủ tọa",
        "second_name": "Trần Thị Ánh Tuyết",
    },
    "GGT": {
        **_BEARER,
        "sent_to": "Sở Thông tin và Truyền thông",
        "purpose": "kiểm tra việc sử dụng Hệ thống idesk",
        "valid_until": "28 tháng 02 năm 2026",
    },
    "GNP": {
        **_BEARER,
        "leave_request": "ngày 02 tháng 02 năm 2026",
        "leave_period": "05 ngày, kể từ ngày 09 tháng 02 năm 2026",
        "leave_place": "tỉnh Gia Lai",
    },
}
PLAIN = (
    line("Thực hiện Chương trình công tác năm 2026, Văn phòng nêu các việc sau:"),
    line("Rà soát tài khoản, phân quyền trên Hệ thống idesk.", "clause"),
    line("Sao lưu dữ liệu hằng ngày, bao gồm:", "clause"),
    line("Văn bản đi;", "point"),
    line("Văn bản đến.", "point"),
    line("Đề nghị các đơn vị quan tâm, phối hợp thực hiện./."),
)
DECIDED = (
    line("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/02/2025;", "basis"),
    line(
        "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác "
        "văn thư;",
        "basis",
    ),
    line("Theo đề nghị của Trưởng phòng Hành chính - Tổ chức.", "basis"),
    line("Ban hành kèm theo Quyết định này Quy chế quản lý văn bản.", "article"),
    line("Trách nhiệm của các đơn vị", "article"),
    line("Phòng Hành chính - Tổ chức có trách nhiệm:", "clause"),
    line("Theo dõi, đôn đốc việc thực hiện;", "point"),
    line("Tổng hợp, báo cáo Chánh Văn phòng.", "point"),
    line("Văn thư cập nhật số liệu trước ngày 25 hằng tháng.", "clause"),
    line("Quyết định này có hiệu lực kể từ ngày ký./.", "article"),
)

_PARTY = Fields(
    rule_kind="party",
    issuer_parent="Tỉnh ủy Đắk Lắk",
    issuer="Đảng ủy Ủy ban nhân dân tỉnh",
    place="Đắk Lắk",
    subject="thực hiện Hệ thống thông tin điều hành tác nghiệp",
    recipients="Các chi bộ trực thuộc\nThường trực Tỉnh ủy\nLưu Văn phòng Đảng ủy",
    signer_authority="T/M Đảng ủy",
    signer_position="Phó Bí thư",
    signer_name="Nguyễn Văn Phi",
    date="2026-06-15",
    number="05",
)


def party_type(code: str) -> Content:
    """A short document of a Party type, its optional parts filled in."""
    parts = {
        "document_type": code,
        "notation": f"{code}/ĐU",
        "addressees": "Thường trực Tỉnh ủy" if code in ("CV", "TTr", "BC") else "",
        "enacting_authority": "Ban Chấp hành Đảng bộ" if code == "QĐ" else "",
        **(_MORE["BB"] if code == "BB" else {}),
    }
    body = DECIDED if code == "QĐ" else PLAIN
    last = line("Đề nghị các chi bộ quan tâm, phối hợp thực hiện.")
    return Content(replace(_PARTY, **parts), (*body[:-1], last))


PARTY_LETTER = Content(
    Fields(
        rule_kind="party",
        issuer_parent="Tỉnh ủy Đắk Lắk",
        issuer="Đảng ủy Ủy ban nhân dân tỉnh",
        notation="CV/ĐU",
        place="Đắk Lắk",
        subject="thực hiện Hệ thống thông tin điều hành tác nghiệp",
        addressees="Các chi bộ trực thuộc\nVăn phòng Tỉnh ủy",
        recipients="Như trên\nThường trực Tỉnh ủy\nLưu Văn phòng Đảng ủy",
        signer_authority="T/M Đảng ủy",
        signer_position="Phó Bí thư",
        signer_name="Nguyễn Văn Phi",
        document_type="CV",
        date="2026-06-15",
        number="05",
    ),
    (
        *PLAIN[:-1],
        line("Đề nghị các chi bộ quan tâm, phối hợp thực hiện."),
    ),
)


def wide_table(rows: int, columns: int = 12) -> Table:
    names = ["STT", "Đơn vị", *(f"Tháng {n}" for n in range(1, columns - 1))]
    head = Row(tuple(cell(name, header=True) for name in names))
    body = tuple(
        Row(
            tuple(
                cell(text)
                for text in (str(n), f"Phòng {n}", *["1.234"] * (columns - 2))
            )
        )
        for n in range(1, rows + 1)
    )
    return Table((head, *body), (40, 120, *[70] * (columns - 2)))


def appendix(number: str, title: str, *more: Paragraph | Table) -> tuple:
    """A page break, the heading of an appendix, and what stands in it."""
    return (
        PageBreak(),
        line(f"Phụ lục {number}".strip(), "center_title"),
        line(title, "center_title"),
        Paragraph(
            (Run("(Kèm theo Quyết định số 07/QĐ-VPUBND ngày 05 tháng 02 năm 2026)"),),
            "caption",
        ),
        *more,
    )


WITH_APPENDICES = replace(
    of_type("QĐ"),
    blocks=(
        *DECIDED,
        *appendix("I", "SỐ LƯỢNG VĂN BẢN THEO THÁNG", wide_table(40)),
        *appendix(
            "II",
            "DANH SÁCH ĐẦU MỐI",
            *[line(f"Đơn vị {n}: một người phụ trách.", "body") for n in range(60)],
        ),
    ),
)
SHORT_APPENDICES = replace(
    of_type("QĐ"),
    blocks=(
        *DECIDED,
        *appendix("I", "SỐ LƯỢNG VĂN BẢN THEO THÁNG", wide_table(2)),
        *appendix("II", "DANH SÁCH ĐẦU MỐI", line("Đơn vị 1: một người phụ trách.")),
    ),
)
# Mẫu 1.3: what the decision issues follows it, with chapters and articles of its own;
# the number and the day of the decision are filled in when they are given.
REGULATION = (
    PageBreak(),
    line("QUY CHẾ", "center_title"),
    line("Quản lý, sử dụng Hệ thống Quản lý văn bản và Điều hành", "center_title"),
    line(
        "(Ban hành kèm theo Quyết định số      /QĐ-VPUBND ngày    tháng    năm 2026 "
        "của Chánh Văn phòng Ủy ban nhân dân tỉnh)",
        "caption",
    ),
    Paragraph((Run("QUY ĐỊNH CHUNG"),), "chapter", number="Chương I"),
    Paragraph((Run("Phạm vi điều chỉnh"),), "article", number="Điều 1."),
    line("Quy chế này quy định việc quản lý, sử dụng Hệ thống.", "clause"),
    line("Quy chế này áp dụng với các phòng thuộc Văn phòng.", "clause"),
    line("Giải thích từ ngữ", "article"),
    line("TỔ CHỨC THỰC HIỆN", "chapter"),
    line("Trách nhiệm của các phòng", "article"),
)
WITH_REGULATION = replace(of_type("QĐ"), blocks=(*DECIDED, *REGULATION))
PAPER_COPY = Copy(
    form="SY",
    issuer="Sở Thông tin và Truyền thông",
    number="12",
    notation="SY-STTTT",
    place="Đắk Lắk",
    date="2026-03-02",
    recipients="Các phòng thuộc Sở\nLưu: VT",
    signer_authority="TL. Giám đốc",
    signer_position="Chánh Văn phòng",
    signer_name="Phạm Quốc Đạt",
)
ELECTRONIC_COPY = replace(PAPER_COPY, signed_at="02/3/2026 09:15:00 +07:00")
STATE_CODES = tuple(
    code for rules in all_rules() if rules.kind == "state" for code in rules.types
)
PARTY_CODES = tuple(
    code for rules in all_rules() if rules.kind == "party" for code in rules.types
)
EVERY_PART = replace(
    LETTER,
    fields=replace(
        LETTER.fields,
        urgency="flash",
        handling="Lưu hành nội bộ",
        typist="NTH.(12)",
        contact="Số 09 Lê Duẩn, phường Buôn Ma Thuột, tỉnh Đắk Lắk\n"
        "ĐT: (0262) 3 850 123; vanphong@daklak.gov.vn",
    ),
)
