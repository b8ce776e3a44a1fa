"""Versions as HTML: all is escaped, nothing leads astray, each change is marked."""

from __future__ import annotations

from typing import Any

import pytest

from collab.content.comparing.compare import compare
from collab.content.tree import (
    Block,
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
    Suggested,
    Table,
)
from server.review.rendering.sheet import (
    changed_fields,
    compared_sheet,
    pairs_of,
    sheet_of,
)

OWN = "/api/v1/drafts/0198a000-0000-7000-8000-000000000328/images/" + "a" * 64
HOSTILE = '<script>alert("x")</script>&<img src=x onerror=alert(1)>'


def p(*parts: str | Run | LineBreak, **fields: Any) -> Paragraph:
    found = tuple(Run(part) if isinstance(part, str) else part for part in parts)
    return Paragraph(found, **fields)


def body(*blocks: Block) -> str:
    return str(sheet_of(Content(blocks=blocks)).body)


def test_text_and_fields_are_escaped_wherever_they_stand() -> None:
    cell = Cell((p(HOSTILE),))
    content = Content(
        Fields(subject=HOSTILE, venue=HOSTILE, document_type=HOSTILE, date=HOSTILE),
        (
            p(HOSTILE, number=HOSTILE),
            ListBlock(((p(HOSTILE),),)),
            Table((Row((cell,)),)),
            Image(src=HOSTILE, alt=HOSTILE),
        ),
    )
    plain = sheet_of(content)
    found = compare(Content(), content)
    sides = [side for pair in pairs_of(found) for side in (pair.old, pair.new)]
    fields = [html for _name, *both in changed_fields(found) for html in both]
    others = [html for _name, html in plain.others]
    shown = [plain.body, *plain.fields.values(), *others, *sides, *fields]
    shown.append(compared_sheet(found).body)
    joined = "".join(str(html) for html in shown)
    assert "<script" not in joined
    assert "<img" not in joined
    assert "&lt;script&gt;" in joined


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "//evil.vn/", " javascript:x"]
)
def test_a_link_that_may_run_something_is_only_text(href: str) -> None:
    assert "<a" not in body(p(Run("bấm", href=href)))


def test_a_link_to_an_address_is_one() -> None:
    assert 'href="https://daklak.gov.vn/?a=1&amp;b=2"' in body(
        p(Run("trang", href="https://daklak.gov.vn/?a=1&b=2"))
    )


def test_only_pictures_of_the_product_are_fetched() -> None:
    assert f'<img src="{OWN}"' in body(Image(src=OWN, alt="sơ đồ", width_mm=50))
    for src in ("https://evil.vn/a.png", "/sign-out/", OWN + "?x=1", "data:x"):
        shown = body(Image(src=src, alt="sơ đồ"))
        assert "<img" not in shown
        assert "sơ đồ" in shown


def test_labels_are_written_and_break_where_they_do_on_paper() -> None:
    shown = body(p("CHUNG", style="chapter"), p("Phạm vi", style="article"))
    assert '<span class="dt-label">Chương I</span><br>CHUNG' in shown
    assert '<span class="dt-label">Điều 1.</span> Phạm vi' in shown


def test_marks_breaks_lists_and_rules_are_drawn() -> None:
    shown = body(
        p(Run("đậm", frozenset({"bold", "italic"})), LineBreak(), "thường"),
        ListBlock(((p("một"),), (p("hai"),)), ordered=True, start=3),
        PageBreak(),
        Rule(),
    )
    assert "<i><b>đậm</b></i><br>thường" in shown
    assert '<ol start="3"><li>' in shown
    assert "dt-page-break" in shown
    assert "<hr>" in shown


def test_suggestions_that_were_open_are_seen_as_such() -> None:
    mark = Suggested("s1", "an", "2026-11-27T08:00:00Z")
    shown = body(p(Run("thêm", insertion=mark), Run("bỏ", deletion=mark)))
    assert 'class="dt-suggested-in" title="Đề xuất thêm">thêm<' in shown
    assert 'class="dt-suggested-out" title="Đề xuất bỏ">bỏ<' in shown


def test_what_became_of_a_suggestion_is_said() -> None:
    mark = Suggested("s1", "an", "2026-11-27T08:00:00Z")
    kept, gone = Run("giữ lại"), Run("bỏ đi nhé")
    plain = Content(blocks=(p(kept, " và ", gone),))
    with_marks = Content(
        blocks=(
            p(Run("giữ lại", insertion=mark), " và ", Run("bỏ đi nhé", deletion=mark)),
        )
    )
    made = str(compared_sheet(compare(plain, with_marks)).body)
    assert 'class="dt-formatted" title="Đề xuất bỏ">' in made
    settled = str(compared_sheet(compare(with_marks, plain)).body)
    assert 'title="Đề xuất thêm đã được chấp nhận">giữ lại<' in settled
    assert 'title="Đề xuất bỏ đã bị từ chối">bỏ đi nhé<' in settled


def test_a_comparison_marks_words_and_each_side_shows_its_own() -> None:
    old = Content(
        Fields(subject="V/v kiểm tra"), (p("các sở gửi báo cáo"), p("Bỏ cả đoạn."))
    )
    new = Content(Fields(subject="V/v rà soát"), (p("các sở gửi kế hoạch"),))
    found = compare(old, new)
    inline = str(compared_sheet(found).body)
    assert "gửi <del>báo cáo</del><ins>kế hoạch</ins>" in inline
    assert 'class="dt-p dt-p-body dt-is-deleted"><del>Bỏ cả đoạn.</del>' in inline
    first, second = pairs_of(found)
    assert "kế hoạch" not in first.old
    assert "báo cáo" not in first.new
    assert second.new == ""
    (name, before, after) = changed_fields(found)[0]
    assert (name, before, after) == (
        "subject",
        "V/v <del>kiểm tra</del>",
        "V/v <ins>rà soát</ins>",
    )


def test_all_four_kinds_of_change_are_seen_in_one_text_and_side_by_side() -> None:
    moved = p("Đoạn này được chuyển xuống cuối văn bản.")
    between = [p(f"Điều khoản thứ {n} giữ nguyên như trước.") for n in range(3)]
    old = Content(blocks=(moved, *between, p("Gửi báo cáo cho sở.")))
    bold = Run("Gửi", marks=frozenset({"bold"}))
    kept = p(bold, " kế hoạch cho sở.")
    found = compare(old, Content(blocks=(*between, kept, moved)))
    inline = str(compared_sheet(found).body)
    left = "".join(pair.old for pair in pairs_of(found))
    right = "".join(pair.new for pair in pairs_of(found))
    gone, come = "<del>báo cáo</del>", "<ins>kế hoạch</ins>"
    away, here = "dt-is-moved-from", "dt-is-moved-to"
    look = 'class="dt-formatted"'
    assert all(sign in inline for sign in (gone, come, away, here, look))
    assert all(sign in left for sign in (gone, away, look))
    assert all(sign in right for sign in (come, here, look))
    assert not any(sign in left for sign in (come, here))
    assert not any(sign in right for sign in (gone, away))


def test_a_label_that_only_moved_on_is_said_quietly() -> None:
    old = Content(blocks=(p("Phạm vi áp dụng", style="article"),))
    new = Content(blocks=(p("Mới", style="article"), *old.blocks))
    shown = str(compared_sheet(compare(old, new)).body)
    assert 'class="dt-label dt-relabelled" title="Trước là: Điều 1.">Điều 2.' in shown


def test_chosen_values_are_said_in_words() -> None:
    fields = Fields(document_type="QĐ", date="2026-01-05", urgency="flash")
    shown = sheet_of(Content(fields))
    assert shown.fields["date"] == "ngày 05 tháng 01 năm 2026"
    assert shown.fields["document_type"] == "Quyết định"
    assert dict(shown.others)["urgency"] == "Hỏa tốc"
    assert "urgency" not in dict(sheet_of(Content()).others)
    # Months have a leading zero in January and February only.
    july = sheet_of(Content(Fields(date="2017-07-14")))
    assert july.fields["date"] == "ngày 14 tháng 7 năm 2017"
