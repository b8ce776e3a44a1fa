"""Documents to look at: the office's own letter, and a decision with all there is."""

from __future__ import annotations

import hashlib
from io import BytesIO

from PIL import Image as PillowImage

from collab.content.tree import (
    Cell,
    Content,
    Fields,
    Image,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Style,
    Table,
)


def line(text: str, style: Style = "body", *marks: str) -> Paragraph:
    return Paragraph((Run(text, frozenset(marks)),), style)


LETTER = Content(
    Fields(
        issuer_parent="Ủy ban nhân dân tỉnh Đắk Lắk",
        issuer="Văn phòng",
        notation="VPUBND-HCTC",
        place="Đắk Lắk",
        subject="đảm bảo hoạt động hiệu quả của Hệ thống idesk",
        addressees="Sở Thông tin và Truyền thông",
        recipients=(
            "Như trên\nCT, các Phó CT UBND tỉnh (b/c)\nCVP, các PCVP UBND tỉnh\n"
            "Cổng thông tin điện tử của tỉnh\nTrang thông tin điện tử VP\n"
            "Lưu: VT, HCTC (T/Phi)"
        ),
        signer_position="Chánh Văn phòng",
        signer_name="Bùi Hồng Quý",
        document_type="CV",
        date="2017-07-14",
        number="328",
    ),
    (
        line(
            "Thực hiện Quyết định số 38/2016/QĐ-UBND ngày 29/11/2016 của UBND "
            "tỉnh về việc ban hành Quy định quản lý, sử dụng Hệ thống Quản lý "
            "văn bản và Điều hành trong hoạt động của cơ quan nhà nước trên địa"
            " bàn tỉnh, Văn phòng UBND tỉnh đã tích cực chỉ đạo triển khai, đôn"
            " đốc và bước đầu phát huy được hiệu quả, góp phần đảm bảo hoạt "
            "động điều hành của UBND tỉnh và của Lãnh đạo UBND tỉnh."
        ),
        line(
            "Tuy nhiên, qua quá trình sử dụng Hệ thống, Văn phòng UBND tỉnh xét"
            " thấy rất cần thiết mở rộng thêm một số tính năng tiện ích khác "
            "của Hệ thống này để đảm bảo hoạt động hiệu quả, tiết kiệm thời "
            "gian và chi phí trong quản lý, điều hành của các cơ quan quản lý "
            "nhà nước tại địa phương. Văn phòng UBND tỉnh đã nêu các nội dung "
            "đề nghị với Sở Thông tin và Truyền thông tại Công văn số "
            "62/VPUBND-HCTC ngày 13/02/2017, Công văn số 173/VPUBND-TTCB ngày "
            "10/4/2017 và Công văn số 241/VPUBND-HCTC ngày 22/5/2017 về tích "
            "hợp ứng dụng “gửi tin nhắn SMS đến cơ quan, đơn vị nhận”, “gửi "
            "nhắc nhở đến người nhận”, “ấn định thời gian giải quyết công việc "
            "khi phát hành văn bản”, “Theo dõi, đôn đốc, kiểm tra việc thực "
            "hiện nhiệm vụ do UBND tỉnh, Chủ tịch UBND tỉnh giao cho các đơn "
            "vị” (theo Quyết định số 45/2016/QĐ-UBND ngày 30/12/2016 của UBND "
            "tỉnh) trên Hệ thống này. Đến nay, Sở Thông tin và Truyền thông vẫn"
            " chưa có phản hồi văn bản về kết quả xử lý các kiến nghị trên của "
            "Văn phòng UBND tỉnh."
        ),
        line(
            "Văn phòng UBND tỉnh đề nghị Sở Thông tin và Truyền thông có văn "
            "bản phản hồi cụ thể về kết quả giải quyết đối với những nội dung "
            "đề nghị của Văn phòng UBND tỉnh tại các văn bản nêu trên đây, để "
            "Văn phòng UBND tỉnh có cơ sở báo cáo Lãnh đạo UBND tỉnh (theo chỉ "
            "đạo của Chủ tịch UBND tỉnh tại Thông báo số 84/TB-UBND ngày "
            "11/5/2017), kết hợp với việc triển khai thực hiện Quy chế làm việc"
            " của UBND tỉnh được ban hành kèm theo Quyết định số "
            "19/2017/QĐ-UBND ngày 29/6/2017."
        ),
        line(
            "Ngoài ra, để đảm bảo thực hiện nghiêm túc Quyết định "
            "38/2016/QĐ-UBND và Quyết định số 19/2017/QĐ-UBND, Văn phòng UBND "
            "tỉnh đề nghị Sở Thông tin - Truyền thông:"
        ),
        line(
            "- Thường xuyên theo dõi, đôn đốc các sở, ban, ngành, địa phương "
            "nghiêm túc trong việc liên thông xử lý văn bản và trao đổi thông "
            "tin trên Hệ thống idesk của tỉnh;"
        ),
        line(
            "- Có giải pháp kết nối liên thông giữa Hệ thống idesk với Hệ thống"
            " OMS (đang được thực hiện trong các cơ quan Đảng, đoàn thể của "
            "tỉnh), để đảm bảo hoạt động lãnh đạo, chỉ đạo, điều hành và trao "
            "đổi thông tin thống nhất, nhanh chóng, thuận lợi trong các cơ "
            "quan, tổ chức thuộc hệ thống chính trị của tỉnh;"
        ),
        line(
            "- Đảm bảo hoạt động an toàn, thông suốt và thuận lợi trong sử dụng"
            " hệ thống thư điện tử công vụ của tỉnh, vì trong thực tế sử dụng "
            "hệ thống này thường gián đoạn, nhiều địa chỉ không gửi và nhận "
            "được Email, gây khó khăn cho việc trao đổi thông tin giữa các cơ "
            "quan, đơn vị;"
        ),
        line(
            "- Đảm bảo hoạt động thường xuyên, thông suốt của Hệ thống idesk, "
            "tránh gián đoạn, ảnh hưởng không tốt đến hoạt động điều hành chung"
            " của UBND tỉnh và Lãnh đạo UBND tỉnh; đồng thời tiếp tục nghiên "
            "cứu, khắc phục những hạn chế để Hệ thống này ngày càng hoàn thiện "
            "và phát huy tối đa các tiện ích (như vấn đề sửa văn bản trực "
            "tuyến; vấn đề truyền nhận những file văn bản có kích thước "
            "lớn.v.v...)."
        ),
        line(
            "Vậy, đề nghị Sở Thông tin và Truyền thông quan tâm, phối hợp thực hiện./."
        ),
    ),
)


def png(width: int = 640, height: int = 200) -> bytes:
    target = BytesIO()
    PillowImage.linear_gradient("L").resize((width, height)).save(target, "PNG")
    return target.getvalue()


PICTURE = png()
PICTURE_DIGEST = hashlib.sha256(PICTURE).hexdigest()
PICTURE_SRC = f"/api/v1/drafts/0197/images/{PICTURE_DIGEST}"


def images(src: str) -> bytes | None:
    return PICTURE if src.endswith(PICTURE_DIGEST) else None


def cell(text: str, colspan: int = 1, rowspan: int = 1, header: bool = False) -> Cell:
    return Cell((line(text),), colspan, rowspan, header)


DECISION = Content(
    Fields(
        issuer_parent="Hội đồng nhân dân và Ủy ban nhân dân tỉnh Đắk Lắk",
        issuer="Sở Nông nghiệp và Phát triển nông thôn tỉnh Đắk Lắk",
        notation="QĐ-SNNPTNT",
        place="Buôn Ma Thuột",
        subject=(
            "Ban hành Quy chế quản lý, sử dụng Hệ thống Quản lý văn bản và Điều hành "
            "trong hoạt động của các cơ quan nhà nước trên địa bàn tỉnh Đắk Lắk"
        ),
        recipients="Như Điều 3\nUBND tỉnh (b/c)\nLưu: VT, VP",
        signer_authority="KT. Giám đốc",
        signer_position="Phó Giám đốc",
        signer_name="Nguyễn Thị Thu Hường",
        document_type="QĐ",
        urgency="very_urgent",
        typist="NTH.(12)",
    ),
    (
        line("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;", "basis"),
        line("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020.", "basis"),
        line("QUYẾT ĐỊNH:", "center_title"),
        line("Ban hành kèm theo Quyết định này Quy chế quản lý văn bản.", "article"),
        line("QUY ĐỊNH CHUNG", "chapter"),
        line("PHẠM VI", "section"),
        line("Phạm vi điều chỉnh", "article"),
        line("Quy chế này quy định việc tạo lập, gửi, nhận văn bản.", "clause"),
        line("Các trường hợp sau đây không thuộc phạm vi:", "clause"),
        line("Văn bản mật;", "point"),
        line("Văn bản của cơ quan Đảng;", "point"),
        Paragraph(
            (
                Run("Văn bản "),
                Run("khẩn", frozenset({"bold", "italic"})),
                Run(" theo "),
                Run("hướng dẫn", href="https://daklak.gov.vn/huong-dan?a=1&b=2"),
                Run(", CO"),
                Run("2", frozenset({"subscript"})),
                Run(" và m"),
                Run("2", frozenset({"superscript"})),
                LineBreak(),
                Run("gạch", frozenset({"strike"})),
                Run(" chân", frozenset({"underline"})),
            ),
            "point",
        ),
        line("Điều khoản thi hành", "article"),
        ListBlock(
            (
                (
                    line("Mục thứ nhất"),
                    ListBlock(((line("con a"),), (line("con b"),)), True, 3),
                    line("nói thêm về mục thứ nhất"),
                ),
                (line("Mục thứ hai"),),
            )
        ),
        line("Bảng 1. Số liệu", "caption"),
        Table(
            (
                Row((cell("STT", 1, 2, True), cell("Văn bản", 2, 1, True))),
                Row((cell("Đi", header=True), cell("Đến", header=True))),
                Row((cell("1"), cell("1.234"), cell("5.678"))),
            ),
            (60, 240, 240),
        ),
        Image(PICTURE_SRC, "Sơ đồ liên thông", 120.0),
        Rule(),
        Paragraph((Run("Thụt vào, canh phải"),), align="right", indent=2),
        PageBreak(),
        line("PHỤ LỤC", "heading"),
        line("ẵ ặ ẫ ậ ễ ệ ỗ ộ ỡ ợ ữ ự ỹ ỵ Ẵ Ặ Ẫ Ậ Ễ Ệ Ỗ Ộ Ỡ Ợ Ữ Ự Ỹ Ỵ đ Đ."),
    ),
)
