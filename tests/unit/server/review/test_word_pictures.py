"""Pictures and text boxes that are new in Word: suggested, or told with their words."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from PIL import Image as Drawn

from collab.content.suggested import final, original
from collab.content.tree import Content, Image, Pictured, iter_images
from server.common.errors import InvalidInput
from server.publishing.docx_marked import read_marked
from server.publishing.docx_review import to_review_docx
from server.review.word.comparing import compare_files
from server.review.word.picturing import (
    changed_pictures,
    pictures_in,
    with_addresses,
)
from tests.support.reviewed_docx import CORPUS
from tests.support.word_columns import add_column, add_row, add_table, rows_of
from tests.support.word_hand import CUC, Hand, W
from tests.unit.server.review.column_worlds import TABLE
from tests.unit.server.review.word_worlds import (
    ORIGIN,
    Taken,
    exported,
    name_of,
    take_in,
)

BASE = exported(CORPUS)


def drawn(colour: str = "red") -> bytes:
    target = BytesIO()
    Drawn.new("RGB", (40, 20), colour).save(target, "PNG")
    return target.getvalue()


def with_picture(data: bytes, mark: int = 2) -> Hand:
    hand = Hand(BASE)
    run = hand.picture(data, "Sơ đồ")
    hand.p(mark).append(run)
    hand.wrap(run, "ins")
    return hand


def missed(found: Taken) -> list[tuple[str, str]]:
    return [
        (one.code, one.text) for one in (*found.compared.missed, *found.outcome.missed)
    ]


def test_a_new_picture_is_a_suggestion_behind_its_paragraph() -> None:
    data = drawn()
    digest = hashlib.sha256(data).hexdigest()
    found = take_in(CORPUS, with_picture(data).save())
    (image,) = iter_images(found.after.blocks)
    assert isinstance(image, Image)
    assert (image.src, image.alt) == (f"/images/{digest}", "Sơ đồ")
    assert image.insertion is not None
    assert image.insertion.author == f"word:{CUC}"
    at = found.after.blocks.index(image)
    assert found.after.blocks[at - 1].text.startswith("Quy định này")  # type: ignore[union-attr]
    assert found.stands
    assert found.is_only_suggested


def test_only_what_the_steps_bring_is_to_be_stored() -> None:
    edited = read_marked(with_picture(drawn()).save())
    edited, _refused = with_addresses(edited, lambda _data: "image/png", str)
    steps = compare_files(read_marked(BASE), edited).steps
    assert pictures_in(steps) == set(edited.images)
    assert pictures_in([]) == set()


def test_a_picture_that_is_refused_says_why_and_is_not_lost_from_sight() -> None:
    def refuse(_data: bytes) -> str:
        raise InvalidInput("Ảnh lớn quá.")

    edited = read_marked(with_picture(drawn()).save())
    edited, refused = with_addresses(edited, refuse, str)
    assert [(one.code, one.text) for one in refused] == [
        ("image_refused", "Ảnh lớn quá.")
    ]
    compared = compare_files(read_marked(BASE), edited)
    assert [(one.code, one.text) for one in compared.missed] == [("image", "Sơ đồ")]
    assert compared.steps == []


def test_bytes_that_are_no_picture_are_counted() -> None:
    found = take_in(CORPUS, with_picture(b"GIF89a but no").save())
    assert missed(found) == [("lost_images", "1")]
    assert list(iter_images(found.after.blocks)) == []


def test_a_picture_on_the_letterhead_is_told() -> None:
    hand = Hand(BASE)
    line = next(hand.head_text("Quy định về báo cáo").iterancestors(W + "p"))
    line.append(hand.picture(drawn(), "Dấu"))
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("image", "Dấu")]


def test_the_words_of_a_text_box_are_told() -> None:
    hand = Hand(BASE)
    box = etree.fromstring(
        f'<w:r xmlns:w="{W[1:-1]}" xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
        "<v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>Lưu ý: xem lại</w:t></w:r>"
        "</w:p><w:p><w:r><w:t>mục 2.</w:t></w:r></w:p></w:txbxContent></v:textbox>"
        "</v:shape></w:pict></w:r>"
    )
    hand.p(2).append(box)
    found = take_in(CORPUS, hand.save())
    assert missed(found) == [("text_box", "Lưu ý: xem lại\nmục 2.")]
    assert found.compared.steps == []


def test_a_box_on_an_empty_line_between_parts_is_told_too() -> None:
    hand = Hand(BASE)
    filler: Any = next(
        p
        for p in hand.body.iter(W + "p")
        if (style := p.find(f"{W}pPr/{W}pStyle")) is not None
        and style.get(W + "val") == "DuFiller"
    )
    filler.append(hand.picture(drawn(), "Đường kẻ"))
    found = take_in(CORPUS, hand.save())
    images = list(iter_images(found.after.blocks))
    assert len(images) + len(missed(found)) == 1


def pictured(data: bytes) -> tuple[Content, bytes]:
    """A draft with a picture, and its export."""
    digest = hashlib.sha256(data).hexdigest()
    image = Image(f"/images/{digest}", "Sơ đồ")
    content = Content(CORPUS.fields, (CORPUS.blocks[2], image, CORPUS.blocks[3]))
    return content, to_review_docx(content, lambda _src: data, ORIGIN, name_of)


def changed(content: Content, sent: bytes, was: bytes, came: bytes) -> list[str]:
    found = changed_pictures(
        content, read_marked(sent), read_marked(came), lambda _src: was
    )
    return [one.code for one in found]


def put(sent: bytes, data: bytes) -> bytes:
    """The file with other bytes in the place of its picture."""
    hand = Hand(sent)
    (name,) = (name for name in hand.parts if name.startswith("word/media/"))
    hand.parts[name] = data
    return hand.save()


def gradient(kind: str, *, turned: bool = False) -> bytes:
    image = Drawn.linear_gradient("L").convert("RGB")
    if turned:
        image = image.transpose(Drawn.Transpose.FLIP_TOP_BOTTOM)
    target = BytesIO()
    image.save(target, kind)
    return target.getvalue()


def test_a_picture_in_the_place_of_another_is_told() -> None:
    data = gradient("PNG")
    content, sent = pictured(data)
    assert changed(content, sent, data, sent) == []
    came = put(sent, gradient("PNG", turned=True))
    assert changed(content, sent, data, came) == ["image_changed"]


def test_a_picture_that_was_only_saved_anew_is_the_same() -> None:
    data = gradient("PNG")
    content, sent = pictured(data)
    assert changed(content, sent, data, put(sent, gradient("JPEG"))) == []


# ── how large ───────────────────────────────────────────────────────────────────────


def sized(width: float, height: float | None = None) -> Taken:
    """A picture of 40 × 20 mm came back like that; no height: in its proportions."""
    data = drawn()
    image = Image("/images/x", "Sơ đồ", 40.0)
    content = Content(CORPUS.fields, (CORPUS.blocks[2], image, CORPUS.blocks[3]))
    sent = to_review_docx(content, lambda _src: data, ORIGIN, name_of)
    hand = Hand(sent)
    (extent,) = hand.root.iter(f"{_DRAWING}extent")
    for name, value in (("cx", width), ("cy", height or width / 2)):
        extent.set(name, str(round(value * 36_000)))
    return take_in(content, hand.save())


_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.mark.parametrize("width", [40.0, 40.4, 39.6])
def test_a_picture_of_the_same_size_says_nothing(width: float) -> None:
    """Programs round when they save."""
    found = sized(width)
    assert (found.compared.steps, found.compared.missed) == ([], [])


def test_another_width_is_suggested() -> None:
    found = sized(60.0)
    assert missed(found) == []
    assert [(t.kind, t.author, t.text) for t in found.outcome.taken] == [
        ("resize", "me", "Sơ đồ")
    ]
    (before,), (after,) = (
        list(iter_images(content.blocks))
        for content in (original(found.after), final(found.after))
    )
    assert (before.width_mm, after.width_mm) == (40.0, 60.0)
    assert found.stands and found.is_only_suggested


def test_a_picture_drawn_out_of_shape_is_told() -> None:
    found = sized(40.0, 33.0)
    assert missed(found) == [("image_stretched", "Sơ đồ")]
    assert found.compared.steps == []


def test_one_that_is_both_is_suggested_and_told() -> None:
    found = sized(60.0, 60.0)
    assert missed(found) == [("image_stretched", "Sơ đồ")]
    assert [one.kind for one in found.outcome.taken] == ["resize"]


def test_a_size_that_is_suggested_here_is_no_change_there() -> None:
    data = drawn()
    look = Pictured("s", "word:An", "2026-11-20T08:30:00Z", "Sơ đồ", 40.0)
    image = Image("/images/x", "Sơ đồ", 80.0, formatting=look)
    content = Content(CORPUS.fields, (image, CORPUS.blocks[3]))
    sent = to_review_docx(content, lambda _src: data, ORIGIN, name_of)
    found = take_in(content, sent)
    assert (found.compared.steps, found.compared.missed) == ([], [])


# ── in cells that are new ───────────────────────────────────────────────────────────


def test_boxes_and_pictures_in_new_cells_are_told_with_their_words() -> None:
    """A row, a column and a table may bring them; none has a place for a box."""
    hand = Hand(BASE)
    row = add_row(hand, TABLE, ["hàng", "mới"])
    next(row.iter(W + "p")).append(box("trong hàng"))
    add_column(hand, TABLE, 1, ["cột", "mới", "đây"])
    cell = rows_of(hand, TABLE)[0].findall(W + "tc")[1]
    next(cell.iter(W + "p")).append(box("trong cột"))
    table = add_table(hand, 2, [["bảng"]])
    next(table.iter(W + "p")).append(box("trong bảng"))
    next(table.iter(W + "p")).append(hand.picture(b"GIF89a but no", "Hỏng"))
    found = take_in(CORPUS, hand.save())
    told = [text for code, text in missed(found) if code == "text_box"]
    assert sorted(told) == ["trong bảng", "trong cột", "trong hàng"]
    assert found.stands


def box(text: str) -> Any:
    return etree.fromstring(
        f'<w:r xmlns:w="{W[1:-1]}" xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
        f"<v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
