"""Capitals of Annex II: what a pattern decides is mended; the rest is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.publishing.check import check
from tests.unit.server.publishing.forms import of_type
from tests.unit.server.publishing.samples import line

GOOD = of_type("CV")

WRONG = [
    ("Báo cáo của sở Tài chính", "Báo cáo của Sở Tài chính"),
    ("Báo cáo của sở tài chính", "Báo cáo của Sở Tài chính"),
    ("Đề nghị Sở tài chính thẩm định", "Đề nghị Sở Tài chính thẩm định"),
    ("Ý kiến của Bộ tài chính", "Ý kiến của Bộ Tài chính"),
    ("Bộ trưởng bộ Nội vụ", "Bộ trưởng Bộ Nội vụ"),
    ("Gửi Sở Nội vụ, sở Xây dựng", "Gửi Sở Nội vụ, Sở Xây dựng"),
    ("Giám đốc sở y tế", "Giám đốc Sở Y tế"),
    ("Theo Bộ công thương", "Theo Bộ Công thương"),
    ("Sở giáo dục và đào tạo chủ trì", "Sở Giáo dục và Đào tạo chủ trì"),
    ("Sở Khoa học và công nghệ chủ trì", "Sở Khoa học và Công nghệ chủ trì"),
    (
        "Sở Nông nghiệp và môi trường chủ trì",
        "Sở Nông nghiệp và Môi trường chủ trì",
    ),
    (
        "Sở văn hóa, thể thao và du lịch chủ trì",
        "Sở Văn hóa, Thể thao và Du lịch chủ trì",
    ),
    ("Đề nghị Ban dân tộc phối hợp", "Đề nghị Ban Dân tộc phối hợp"),
    ("Báo cáo của ban Pháp chế", "Báo cáo của Ban Pháp chế"),
    ("Chỉ đạo của UBND Tỉnh và các sở", "Chỉ đạo của UBND tỉnh và các sở"),
    ("Nghị quyết của HĐND Xã.", "Nghị quyết của HĐND xã."),
    ("Báo cáo UBND Tỉnh Đắk Lắk", "Báo cáo UBND tỉnh Đắk Lắk"),
    (
        "Báo cáo Ủy ban nhân dân Tỉnh trước ngày 05",
        "Báo cáo Ủy ban nhân dân tỉnh trước ngày 05",
    ),
    ("Tại Thành phố Thái Nguyên", "Tại thành phố Thái Nguyên"),
    ("Từ UBND Thành phố Huế", "Từ UBND thành phố Huế"),
    ("Trên địa bàn Thị xã Buôn Hồ", "Trên địa bàn thị xã Buôn Hồ"),
    ("Trụ sở tại quận 1, thành phố", "Trụ sở tại Quận 1, thành phố"),
    ("Người dân phường 2 đã họp", "Người dân Phường 2 đã họp"),
    ("Trụ sở tại phường 12", "Trụ sở tại Phường 12"),
    ("Họp vào thứ hai, ngày 05/01/2026", "Họp vào thứ Hai, ngày 05/01/2026"),
    (
        "Họp lúc 08 giờ 00, thứ tư, ngày 05/01/2026",
        "Họp lúc 08 giờ 00, thứ Tư, ngày 05/01/2026",
    ),
    ("Thứ bảy, ngày 10 tháng 01 năm 2026:", "Thứ Bảy, ngày 10 tháng 01 năm 2026:"),
    ("Trong dịp tết, các đơn vị trực", "Trong dịp Tết, các đơn vị trực"),
    ("Lịch nghỉ tết năm 2026", "Lịch nghỉ Tết năm 2026"),
]
RIGHT = [
    "Các sở, ban, ngành; cơ sở y tế, cơ sở giáo dục và đào tạo; Cơ sở y tế xã",
    "Cán bộ y tế, cán bộ tài chính, nội bộ; tiến bộ khoa học và công nghệ",
    "Trụ sở công an xã; trụ sở Công an; Đảng bộ Công an tỉnh; đường bộ",
    "Sở xây dựng kế hoạch và Bộ xây dựng dự thảo",
    "Sở Tài chính, Sở Y tế, Bộ Công Thương, Bộ Quốc phòng, Sở Xây dựng",
    "Sở Khoa học và Công nghệ, Sở Văn hóa, Thể thao và Du lịch, Ban Dân tộc",
    "Sở Nông nghiệp và Phát triển nông thôn; bộ tài liệu; bộ phận y tế",
    "Ban tổ chức hội nghị, ban quản lý dự án, Ủy ban Dân tộc, ủy ban dân tộc",
    "UBND tỉnh, HĐND tỉnh Đắk Lắk, UBND Thành phố Hồ Chí Minh",
    "Các vấn đề về Nhân dân và Xã hội",
    "Thành phố Thái Nguyên ở đầu câu; tại Thành phố Hồ Chí Minh",
    "Đề án Thành phố Thông minh, Công ty Thành phố Hoa",
    "Mỗi phường 2 người, mỗi phường 2, từng quận 1; có 5 phường 2 xã",
    "Các phường 1.200 hộ, phường 2 cán bộ, quận 10%",
    "Kỳ họp thứ hai, ngày 05/01/2026; lần thứ hai ngày 05/01/2026",
    "Thứ hai, ngày 05/01/2026 các đơn vị chưa gửi báo cáo",
    "Thứ hai, về kinh phí; vào thứ Hai, ngày 05/01/2026",
    "Dịp tết Nguyên đán, dịp tết Trung thu, đón tết cổ truyền, nghỉ tết Dương lịch",
    "Các ngày lễ, tết; trong dịp Tết; nghỉ tết Bính Ngọ",
]


def corrected(text: str) -> str:
    """The text with what the rule of capitals offers put in, from the last one."""
    found = check(replace(GOOD, blocks=(line(text), *GOOD.blocks[1:])))
    for fault in reversed([f for f in found if f.rule_id == "capitals"]):
        assert fault.fix is not None
        assert text[fault.place.start : fault.place.end] == fault.fix.old
        text = text[: fault.place.start] + fault.fix.new + text[fault.place.end :]
    return text


@pytest.mark.parametrize(("wrong", "right"), WRONG)
def test_a_capital_that_a_pattern_decides_is_mended_once(
    wrong: str, right: str
) -> None:
    assert corrected(wrong) == right
    assert corrected(right) == right


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_or_open_is_left_alone(text: str) -> None:
    assert corrected(text) == text
