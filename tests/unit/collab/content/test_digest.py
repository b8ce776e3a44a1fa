"""A digest names what a document says, and nothing of how it came to say it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from collab.content.digest import content_digest, digest_of
from collab.content.read import read_content
from collab.content.tree import Content, Fields, Paragraph, Run
from collab.content.write import build_update
from tests.unit.collab.content.strategies import contents

LETTER = Content(
    Fields(subject="đảm bảo hoạt động", signer_name="Bùi Hồng Quý"),
    (Paragraph((Run("Kính gửi"),)), Paragraph((Run("Nội dung"),), style="clause")),
)


def test_the_same_text_typed_by_other_people_has_the_same_digest() -> None:
    first, second = build_update(LETTER, client_id=1), build_update(LETTER, client_id=9)
    assert first != second
    assert content_digest(first) == content_digest(second)


@pytest.mark.parametrize(
    "other",
    [
        replace(LETTER, fields=replace(LETTER.fields, subject="bảo đảm hoạt động")),
        replace(LETTER, fields=replace(LETTER.fields, deadline="2026-12-01")),
        replace(LETTER, blocks=LETTER.blocks[:1]),
        replace(LETTER, blocks=LETTER.blocks[::-1]),
        replace(LETTER, blocks=(*LETTER.blocks, Paragraph())),
        replace(LETTER, blocks=(Paragraph((Run("Kính  gửi"),)), LETTER.blocks[1])),
        replace(
            LETTER,
            blocks=(Paragraph((Run("Kính gửi", frozenset({"bold"})),)), *LETTER.blocks),
        ),
        replace(
            LETTER, blocks=(LETTER.blocks[0], replace(LETTER.blocks[1], style="point"))
        ),
    ],
)
def test_every_change_that_a_reader_can_see_changes_the_digest(other: Content) -> None:
    assert digest_of(other) != digest_of(LETTER)


@given(contents)
def test_what_is_stored_and_read_again_keeps_its_digest(content: Content) -> None:
    state = build_update(content)
    assert content_digest(state) == digest_of(read_content(state))


def test_the_form_is_a_promise() -> None:
    """A stored digest must be found again by every later version of the server."""
    known = Content(Fields(subject="họp"), (Paragraph((Run("a"),)),))
    assert digest_of(known) == (
        "76c3bd81d2dc9b96c86d6d609b39d004db892041cfc4b8034020db43116fe8eb"
    )
