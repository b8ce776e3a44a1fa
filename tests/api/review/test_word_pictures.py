"""A new picture from Word: stored when the file is taken, refused with a word else."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Drawn

from collab.content.tree import iter_images
from collab.ports import Level
from server.registry.models import DraftImage
from server.registry.texts import committed
from tests.api.review.conftest import API
from tests.api.review.test_word_review import bring, hand_of


def drawn(side: int = 40) -> bytes:
    target = BytesIO()
    Drawn.new("RGB", (side, side), "blue").save(target, "PNG")
    return target.getvalue()


def with_picture(browser: Any, draft: Any, data: bytes) -> bytes:
    hand, mark = hand_of(browser, draft)
    run = hand.picture(data, "Sơ đồ")
    hand.p(mark).append(run)
    hand.wrap(run, "ins")
    return hand.save()


@pytest.mark.parametrize("level", [Level.SUGGEST, Level.EDIT])
def test_it_is_stored_with_the_draft_and_shown(
    level: Level, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: level})
    data = drawn()
    file = with_picture(signed_in(cast.chuyenvien), draft, data)
    browser = signed_in(cast.sotttt)
    bring(browser, draft, file, apply=False)
    assert not DraftImage.objects.exists()
    told = bring(browser, draft, file).json()
    assert [line["kind"] for line in told["suggestions"]] == ["insertion"]
    (row,) = DraftImage.objects.all()
    assert row.digest == hashlib.sha256(data).hexdigest()
    assert (row.draft_id, row.added_by) == (draft.pk, cast.sotttt)
    (image,) = iter_images(committed(draft.pk).whole.blocks)
    assert image.insertion is not None
    assert not list(iter_images(committed(draft.pk).content.blocks))
    assert image.src == f"{API}/{draft.pk}/images/{row.digest}"
    assert browser.get(image.src).content == data


def test_one_that_is_too_large_is_told(
    cast: Any, begin_draft: Any, signed_in: Any, settings: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    file = with_picture(browser, draft, drawn(400))
    settings.MAX_IMAGE_BYTES = 100
    told = bring(browser, draft, file).json()
    assert told["suggestions"] == []
    assert [line["kind"] for line in told["missed"]] == ["lost_images"]
    assert not DraftImage.objects.exists()


def test_bytes_that_only_look_like_a_picture_are_told(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    file = with_picture(browser, draft, b"<svg onload=alert(1)>")
    told = bring(browser, draft, file).json()
    assert [line["kind"] for line in told["missed"]] == ["lost_images"]
    assert told["missed"][0]["label"]
    assert not DraftImage.objects.exists()
