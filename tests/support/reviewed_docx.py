"""A corpus of .docx files that came back from Word and its like, and what each brings.

Each file is made by a hand (`word_hand`) from one export. `taken` are lines "kind
author: words" in the order of the text, `missed` codes, `threads` "author: words @
quote", `heads` "field author: old → new". All of it is a table, so that a change of
meaning shows in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from collab.content.tree import (
    Cell,
    Content,
    Fields,
    ListBlock,
    Paragraph,
    Row,
    Run,
    Suggested,
    Table,
)
from tests.support import word_column_edits
from tests.support.word_hand import CUC, Hand
from tests.support.word_hand_edits import EDITS

AN = Suggested("s1", "word:Nguyễn Văn An", "2026-11-20T08:30:00Z")
BINH = Suggested("s2", "word:Trần Thị Bình", "2026-11-21T09:00:00Z")


def _p(*runs: Run | str, **more: object) -> Paragraph:
    inlines = tuple(Run(run) if isinstance(run, str) else run for run in runs)
    return Paragraph(inlines, **more)  # type: ignore[arg-type]


CORPUS = Content(
    Fields(
        issuer="UBND TỈNH ĐẮK LẮK",
        subject="Quy định về báo cáo",
        notation="QĐ-UBND",
        document_type="QĐ",
        recipients="- Như Điều 3;\n- Lưu: VT.",
        signer_name="Lê Văn Cường",
    ),
    (
        _p("Căn cứ Luật Tổ chức chính quyền địa phương;", style="basis"),  # 0
        _p("Phạm vi điều chỉnh", style="article"),  # 1
        _p("Quy định này áp dụng với các cơ quan."),  # 2
        _p("Báo cáo trước ngày 15 hằng tháng.", style="clause"),  # 3
        _p("Gửi báo cáo qua trục liên thông.", style="clause"),  # 4
        ListBlock(((_p("mục một"),), (_p("mục hai"),))),  # 5, 6
        Table(
            (
                Row((Cell((_p("Cơ quan"),)), Cell((_p("Thời hạn"),)))),  # 7, 8
                Row((Cell((_p("Sở Nội vụ"),)), Cell((_p("Ngày 10"),)))),  # 9, 10
            )
        ),
        _p(
            "Chi tiền theo",
            Run(" đúng", insertion=AN),
            Run(" cũ", deletion=BINH),
            " dự toán.",
        ),  # 11
        _p("Điều khoản thi hành", style="article"),  # 12
        _p("Quyết định này có hiệu lực từ ngày ký."),  # 13
    ),
)


@dataclass(frozen=True)
class File:
    name: str
    edit: Callable[[Hand], None]
    taken: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()


FILES = tuple(
    File(edit.__name__.replace("_", " "), edit, *expected) for edit, expected in EDITS
)
assert CUC and word_column_edits
