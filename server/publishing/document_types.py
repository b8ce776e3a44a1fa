"""Names of the document types as they stand in capitals above a document.

Source: NĐ 30/2020/NĐ-CP, Điều 7 and Phụ lục III. The registry keeps what else it knows
of a type; a test holds the two lists together. Must never hold rights or texts.
"""

from __future__ import annotations

LETTER = "CV"  # công văn: no name line; its subject stands under the number

# Công văn and thư công have no name line.
TYPE_NAMES: dict[str, str] = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
}


def name_line(code: str) -> str:
    """ "QUYẾT ĐỊNH" for QĐ; "" for công văn, thư công and codes that are unknown."""
    return TYPE_NAMES.get(code, "").upper()
