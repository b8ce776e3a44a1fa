"""Pictures and text boxes that are new in Word: suggested, or told with their words."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from lxml import etree
from PIL import Image as Drawn

from collab.content.tree import Content, Image, iter_images
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
from tests.support.word_hand import CUC, Hand, W
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
