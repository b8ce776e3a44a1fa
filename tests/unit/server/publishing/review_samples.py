"""One draft with every kind of suggestion, and threads in every place."""

from __future__ import annotations

from dataclasses import replace

from collab.content.tree import (
    Cell,
    Content,
    Fields,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Reformatted,
    Restyled,
    Row,
    Rule,
    Run,
    Suggested,
    Table,
)
from server.publishing.docx_comments import CommentText, ThreadText

AN, BINH = "0192f0a0-0000-7000-8000-00000000000a", "word:Trần Thị Bình"
AT = "2026-11-20T08:30:00.000Z"


def NAMES(author: str) -> str:
    return {AN: "Nguyễn Văn An"}.get(author, author.removeprefix("word:"))


def said(_src: str) -> bytes | None:
    """No image has bytes."""
    return None


def by(name: str, author: str = AN, at: str = AT) -> Suggested:
    return Suggested(name, author, at)


def p(*runs: Run | LineBreak | str, **more: object) -> Paragraph:
    inlines = tuple(Run(run) if isinstance(run, str) else run for run in runs)
    return Paragraph(inlines, **more)  # type: ignore[arg-type]


def row(*texts: str, **more: Suggested) -> Row:
    return Row(tuple(Cell((p(text),)) for text in texts), **more)


def columned(made: Row) -> Row:
    """Its third cell stands in a column that comes, its fourth in one that goes."""
    first, second, third, fourth = made.cells
    third = replace(third, insertion=by("15", BINH))
    fourth = replace(fourth, deletion=by("16"))
    return replace(made, cells=(first, second, third, fourth))


BOLD, ITALIC = frozenset({"bold"}), frozenset({"italic"})
SUGGESTED = Content(
    Fields(
        issuer="UBND TỈNH ĐẮK LẮK",
        subject="Quy định về kiểm tra",
        document_type="QĐ",
        place="Đắk Lắk",
        date="2026-11-20",
        signer_name="Lê Văn Cường",
        signer_position="CHỦ TỊCH",
        recipients="- Như Điều 3;\n- Lưu: VT.",
    ),
    (
        p("Căn cứ Luật Tổ chức chính quyền địa phương;", style="basis"),
        p(
            "Phạm vi ",
            Run("điều chỉnh", BOLD, insertion=by("1")),
            Run(" cũ", deletion=by("2", BINH)),
            Run(" và đối tượng", ITALIC, formatting=Reformatted("3", AN, AT, BOLD)),
            style="article",
        ),
        p(
            "Khoản một ",
            Run("thêm rồi bỏ", insertion=by("4"), deletion=by("5", BINH)),
            LineBreak(insertion=by("4")),
            "dòng hai",
            style="clause",
            insertion=by("6"),
        ),
        p("nửa sau", style="clause", deletion=by("7")),
        p("được nối vào.", style="clause"),
        p(
            "Đoạn canh giữa",
            align="center",
            formatting=Restyled("8", AN, AT, "clause", None, 1, None),
        ),
        ListBlock(
            (
                (p("mục một"),),
                (p(Run("mục hai", deletion=by("9")), deletion=by("9")),),
                (p("mục ba"),),
            ),
            True,
        ),
        Table(
            (
                columned(row("A1", "B1", "C1", "D1")),
                columned(row("A2", "B2", "C2", "D2", insertion=by("10"))),
                columned(row("A3", "B3", "C3", "D3", deletion=by("11", BINH))),
            )
        ),
        Rule(deletion=by("13")),
        PageBreak(insertion=by("12")),
        p(
            "Xem ",
            Run("trang", href="https://daklak.gov.vn/", insertion=by("14")),
            " này.",
        ),
    ),
)


def listed(text: str, **more: object) -> Paragraph:
    change = Restyled("20", "word:Nguyễn Văn An", AT)
    return p(text, formatting=change, **more)


LISTED = Content(
    SUGGESTED.fields,
    (
        p("Trước."),  # 0
        listed("một", listed="bullet"),  # 1
        listed("hai", listed="bullet"),  # 2
        listed("ba", listed="ordered", nested=1),  # 3
        p("Giữa."),  # 4
        ListBlock(
            (
                (listed("bốn", nested=1),),  # 5
                (listed("năm", listed="none"),),  # 6
                (p("sáu"),),  # 7
            )
        ),
        listed("bảy", listed="bullet"),  # 8
        p("Sau."),  # 9
    ),
)


def comment(key: str, author: str, text: str) -> CommentText:
    return CommentText(key, author, "2026-11-21T01:02:03+00:00", text)


THREADS = (
    ThreadText(
        "body",
        "điều chỉnh",
        (
            comment("00000A01", "Lê Thị Cúc", "Nên nói rõ hơn.\nCả hai câu."),
            comment("00000A02", "Nguyễn Văn An", "Đồng ý."),
        ),
        False,
        (1, 8),
        (1, 18),
    ),
    ThreadText(
        "body",
        "mục ba A1",
        (comment("00000A03", "Lê Thị Cúc", "Qua nhiều đoạn"),),
        True,
        (8, 0),
        (9, 2),
    ),
    ThreadText(
        "subject",
        "kiểm tra",
        (comment("00000A04", "Trần Thị Bình", "Trích yếu nên ngắn"),),
    ),
    ThreadText(
        "body",
        "chữ đã mất",
        (comment("00000A05", "Trần Thị Bình", "Sao lại bỏ?"),),
    ),
)
