"""What hands do to the corpus, and what is expected of each: the table itself."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from tests.support.word_hand import CUC, Hand, W, plain_run

Expected = tuple[tuple[str, ...], ...]
EDITS: list[tuple[Callable[[Hand], None], Expected]] = []
INSERTED, DELETED = "insertion word:Lê Thị Cúc", "deletion word:Lê Thị Cúc"
FORMATTED = "formatting word:Lê Thị Cúc"


def expect(
    *taken: str,
    missed: tuple[str, ...] = (),
    threads: tuple[str, ...] = (),
    heads: tuple[str, ...] = (),
) -> Callable[[Callable[[Hand], None]], Callable[[Hand], None]]:
    def note(edit: Callable[[Hand], None]) -> Callable[[Hand], None]:
        EDITS.append((edit, (taken, missed, threads, heads)))
        return edit

    return note


# ── Word ────────────────────────────────────────────────────────────────────────────


@expect()
def untouched(hand: Hand) -> None:
    pass


@expect(f"{INSERTED}:  đầy đủ")
def words_inserted(hand: Hand) -> None:
    hand.insert(2, "áp dụng", " đầy đủ")


@expect(f"{DELETED}: các ")
def words_deleted(hand: Hand) -> None:
    hand.delete(2, "các ")


@expect(f"{DELETED}: 15", f"{INSERTED}: 20")
def a_number_replaced(hand: Hand) -> None:
    hand.replace(3, "15", "20")


@expect(f"{FORMATTED}: áp dụng")
def words_made_bold(hand: Hand) -> None:
    hand.look(2, "áp dụng")


@expect(f"{FORMATTED}: ¶")
def a_paragraph_restyled(hand: Hand) -> None:
    hand.restyle(2, "DuHeading")


@expect(f"{INSERTED}: ¶")
def a_paragraph_split(hand: Hand) -> None:
    hand.split(3, "Báo cáo")


@expect(f"{DELETED}: ¶")
def two_paragraphs_joined(hand: Hand) -> None:
    hand.end(3, "del")


@expect(f"{INSERTED}: Lưu hồ sơ điện tử.")
def a_paragraph_added(hand: Hand) -> None:
    hand.new_paragraph(4, "Lưu hồ sơ điện tử.")


@expect(f"{DELETED}: Quy định này áp dụng với các cơ quan.", f"{DELETED}: ¶")
def a_paragraph_deleted(hand: Hand) -> None:
    hand.delete_paragraph(2)


@expect(f"{INSERTED}: mục giữa")
def an_item_added(hand: Hand) -> None:
    hand.new_paragraph(5, "mục giữa")


@expect(f"{DELETED}: 10", f"{INSERTED}: 12")
def a_cell_changed(hand: Hand) -> None:
    hand.replace(10, "10", "12")


@expect(f"{INSERTED}: Sở Tài chính | Ngày 20")
def a_row_added(hand: Hand) -> None:
    row = next(hand.p(9).iterancestors(W + "tr"))
    made = copy.deepcopy(row)
    for cell, text in zip(made.iter(W + "p"), ("Sở Tài chính", "Ngày 20"), strict=True):
        for part in list(cell):
            if part.tag != W + "pPr":
                cell.remove(part)
        cell.append(plain_run(text))
    row.addnext(made)
    hand.row(made, "ins")


@expect(f"{DELETED}: ▤")
def a_row_deleted(hand: Hand) -> None:
    hand.row(next(hand.p(9).iterancestors(W + "tr")), "del")


@expect(f"{DELETED}: ▤", "deletion word:Phạm Dũng: 10")
def a_row_deleted_in_which_another_struck(hand: Hand) -> None:
    hand.by = "Phạm Dũng"
    hand.delete(10, "10")
    hand.by = CUC
    hand.row(next(hand.p(9).iterancestors(W + "tr")), "del")


@expect(f"{INSERTED}: một", "insertion word:Phạm Dũng: hai")
def two_authors_at_one_place(hand: Hand) -> None:
    hand.insert(13, "ngày ký", "một")
    hand.by = "Phạm Dũng"
    hand.insert(13, "một", "hai")


@expect(f"{DELETED}: Gửi ", f"{INSERTED}: Gửi ")
def words_moved(hand: Hand) -> None:
    hand.delete(4, "Gửi ", "moveFrom")
    hand.insert(4, "báo cáo", "Gửi ", "moveTo")


@expect(
    f"{INSERTED}: Quyết định này có hiệu lực từ ngày ký.",
    f"{DELETED}: Quyết định này có hiệu lực từ ngày ký.",
    f"{DELETED}: ¶",
)
def a_paragraph_moved(hand: Hand) -> None:
    old = hand.p(13)
    made = hand.new_paragraph(2, "Quyết định này có hiệu lực từ ngày ký.")
    for wrapper in made.iter(W + "ins"):
        wrapper.tag = W + "moveTo"
    # Word moves the bookmark with the words.
    for part in old.findall(W + "bookmarkStart") + old.findall(W + "bookmarkEnd"):
        made.find(W + "pPr").addnext(part)
    for run in list(old.findall(W + "r")):
        hand.wrap(run, "moveFrom")
    hand.end_of(old, "moveFrom")


@expect("accepted :  đúng", "accepted :  cũ")
def all_accepted(hand: Hand) -> None:
    hand.accept_all()


@expect("rejected :  đúng", "rejected :  cũ")
def all_rejected(hand: Hand) -> None:
    hand.reject_all()


@expect(f"{DELETED}:  đúng")
def an_insertion_of_another_deleted(hand: Hand) -> None:
    hand.delete(11, " đúng")


# ── without a trace ─────────────────────────────────────────────────────────────────


@expect("deletion me: 15", "insertion me: 20")
def a_number_changed_untracked(hand: Hand) -> None:
    hand.write(3, "15", "20")


@expect("insertion me: Đoạn chen.")
def a_paragraph_added_untracked(hand: Hand) -> None:
    hand.new_paragraph(2, "Đoạn chen.", tracked=False)


@expect("deletion me: Quy định này áp dụng với các cơ quan.", "deletion me: ¶")
def a_paragraph_gone_untracked(hand: Hand) -> None:
    hand.remove(2)


@expect("formatting me: áp dụng")
def words_made_italic_untracked(hand: Hand) -> None:
    hand.look(2, "áp dụng", "i", tracked=False)


@expect("insertion me: ¶")
def a_paragraph_split_untracked(hand: Hand) -> None:
    hand.split(3, "Báo cáo", tracked=False)


@expect(f"{INSERTED}:  đầy đủ", "deletion me: 15", "insertion me: 20")
def tracked_and_untracked(hand: Hand) -> None:
    hand.insert(2, "áp dụng", " đầy đủ")
    hand.write(3, "15", "20")


# ── other programs ──────────────────────────────────────────────────────────────────


@expect(f"{INSERTED}:  đầy đủ")
def word_with_rsids_and_spelling(hand: Hand) -> None:
    hand.insert(2, "áp dụng", " đầy đủ")
    hand.noise()


@expect(f"{DELETED}: các ")
def libre_office_renames_styles(hand: Hand) -> None:
    hand.delete(2, "các ")
    hand.program("LibreOffice/7.4")
    named = re.compile(r'(styleId|basedOn w:val)="Du')
    hand.part("word/styles.xml", lambda text: named.sub(r'\1="LoDu', text))
    for tag in ("pStyle", "rStyle"):
        for style in hand.root.iter(W + tag):
            style.set(W + "val", "Lo" + style.get(W + "val"))


@expect(f"{DELETED}: 15", f"{INSERTED}: 20")
def google_docs_drops_marks_and_styles(hand: Hand) -> None:
    hand.replace(3, "15", "20")
    hand.without_marks()
    hand.without_origin()
    hand.program("Google Docs")
    for style in list(hand.body.iter(W + "rStyle")):
        style.getparent().remove(style)
    for form in hand.body.iter(W + "pPr"):
        style = form.find(W + "pStyle")
        if style is not None and style.get(W + "val") in ("DuBody", "DuClause"):
            style.set(W + "val", "Normal")


@expect(f"{INSERTED}: Thêm một đoạn.", f"{DELETED}: các ")
def words_alone_without_marks(hand: Hand) -> None:
    hand.delete(2, "các ")
    hand.new_paragraph(0, "Thêm một đoạn.")
    hand.without_marks()


# ── comments ────────────────────────────────────────────────────────────────────────


@expect(threads=("Lê Thị Cúc: Nêu rõ cơ quan nào. @ các cơ quan",))
def a_comment(hand: Hand) -> None:
    hand.comment_on(2, "các cơ quan", "Nêu rõ cơ quan nào.")


@expect(threads=("Lê Thị Cúc: Cả hai khoản. @ hằng tháng.\nGửi báo cáo",))
def a_comment_over_two_paragraphs(hand: Hand) -> None:
    ident = hand.comment("Cả hai khoản.")
    hand.run(3, "hằng tháng.").addprevious(hand.point("commentRangeStart", ident))
    end = hand.run(4, "Gửi báo cáo")
    end.addnext(hand.point("commentReference", ident))
    end.addnext(hand.point("commentRangeEnd", ident))


@expect(threads=("Lê Thị Cúc: một @ Quy định này áp", "Lê Thị Cúc: hai @ áp dụng"))
def comments_that_cross(hand: Hand) -> None:
    one, two = hand.comment("một"), hand.comment("hai")
    first, mid, last = (
        hand.run(2, "Quy định này "),
        hand.run(2, "áp"),
        hand.run(2, " dụng"),
    )
    first.addprevious(hand.point("commentRangeStart", one))
    mid.addprevious(hand.point("commentRangeStart", two))
    mid.addnext(hand.point("commentRangeEnd", one))
    last.addnext(hand.point("commentRangeEnd", two))


@expect(threads=("Lê Thị Cúc: Không có vùng @ Quy định này áp dụng với các cơ quan.",))
def a_comment_without_a_range(hand: Hand) -> None:
    hand.p(2).append(hand.point("commentReference", hand.comment("Không có vùng")))


@expect(threads=("Lê Thị Cúc: Lạc lõng @ (không gắn với chữ nào)",))
def a_comment_that_nothing_points_to(hand: Hand) -> None:
    hand.comment("Lạc lõng")


@expect(threads=("Lê Thị Cúc: Trích yếu dài @ về báo cáo",))
def a_comment_on_the_letterhead(hand: Hand) -> None:
    ident = hand.comment("Trích yếu dài")
    for text in hand.body.iter(W + "t"):
        if text.text == "Quy định về báo cáo":
            run = text.getparent()
            text.text = "Quy định "
            run.addnext(other := copy.deepcopy(run))
            other.find(W + "t").text = "về báo cáo"
            other.addprevious(hand.point("commentRangeStart", ident))
            other.addnext(hand.point("commentRangeEnd", ident))
            return


@expect(missed=("comment_empty",))
def an_empty_comment(hand: Hand) -> None:
    hand.comment_on(2, "áp dụng", " ")


# ── broken ──────────────────────────────────────────────────────────────────────────


@expect("insertion word:?:  đầy đủ")
def a_revision_without_author(hand: Hand) -> None:
    hand.by = None
    hand.insert(2, "áp dụng", " đầy đủ")


@expect(f"{INSERTED}:  đầy đủ")
def a_revision_without_time(hand: Hand) -> None:
    hand.at = None
    hand.insert(2, "áp dụng", " đầy đủ")


@expect(f"{INSERTED}:  đầy đủ")
def a_revision_at_no_time(hand: Hand) -> None:
    hand.at = "hôm qua"
    hand.insert(2, "áp dụng", " đầy đủ")


@expect(f"{INSERTED}:  thừa")
def an_insertion_inside_a_deletion(hand: Hand) -> None:
    hand.wrap(hand.insert(2, "áp dụng", " thừa"), "del")


@expect(f"{DELETED}: các ")
def a_deletion_inside_a_deletion(hand: Hand) -> None:
    hand.wrap(hand.delete(2, "các "), "del")


@expect("insertion me: Chữ trong bảng lạ.", missed=())
def a_table_cut_short(hand: Hand) -> None:
    """A row without cells, and a paragraph behind the last row."""
    table = next(hand.p(9).iterancestors(W + "tbl"))
    etree.SubElement(table, W + "tr")
    made: Any = etree.Element(W + "p")
    made.append(plain_run("Chữ trong bảng lạ."))
    table.addnext(made)


@expect(
    f"{INSERTED}:  đầy đủ", heads=("subject : Quy định về báo cáo → Quy định khác",)
)
def the_letterhead_changed(hand: Hand) -> None:
    hand.insert(2, "áp dụng", " đầy đủ")
    hand.head_text("Quy định về báo cáo").text = "Quy định khác"


@expect(heads=(f"subject {CUC}: Quy định về báo cáo → Quy định báo cáo",))
def words_of_the_letterhead_struck(hand: Hand) -> None:
    text = hand.head_text("Quy định về báo cáo")
    run = text.getparent()
    parts = []
    for said in ("Quy định ", "về ", "báo cáo"):
        parts.append(copy.deepcopy(run))
        parts[-1].find(W + "t").text = said
        run.addprevious(parts[-1])
    run.getparent().remove(run)
    hand.wrap(parts[1], "del")


@expect(heads=("recipients : Như Điều 3\nLưu: VT → Như Điều 3",))
def a_recipient_taken_out(hand: Hand) -> None:
    line = next(hand.head_text("- Lưu: VT.").iterancestors(W + "p"))
    line.getparent().remove(line)


@expect(missed=("letterhead",))
def a_number_typed_into_the_letterhead(hand: Hand) -> None:
    text = next(t for t in hand.body.iter(W + "t") if (t.text or "").startswith("Số:"))
    text.text = "Số: 15/QĐ-UBND"


@expect(missed=("letterhead",), heads=("notation : QĐ-UBND → QĐ-SNV",))
def a_number_typed_with_another_notation(hand: Hand) -> None:
    text = next(t for t in hand.body.iter(W + "t") if (t.text or "").startswith("Số:"))
    text.text = "Số: 15/QĐ-SNV"


@expect("deletion me: 15", "insertion me: 20", missed=("cells",))
def a_cell_added(hand: Hand) -> None:
    hand.write(3, "15", "20")
    row = next(hand.p(9).iterancestors(W + "tr"))
    row.append(copy.deepcopy(row.findall(W + "tc")[-1]))
