"""Images of a draft: known by their bytes, reached only through their draft."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from collab.ports import Level
from server.common.errors import Conflict
from server.common.models import AuditEntry
from server.registry.actions.images import add_image
from server.registry.actions.shares import share
from server.registry.models import Draft, DraftImage
from server.registry.workflow.table import State

API = "/api/v1/drafts"


def picture(kind: str = "PNG", colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 10), colour).save(out, kind)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG that says it is `side` pixels square, and holds almost nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [
        chunk(b"IHDR", head),
        chunk(b"IDAT", zlib.compress(b"\0")),
        chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def add(browser: Any, draft: Draft, data: bytes, name: str = "a.png") -> Any:
    file = SimpleUploadedFile(name, data, content_type="image/png")
    return browser.post(f"{API}/{draft.pk}/images", {"file": file})


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
    ],
)
def test_an_image_is_served_as_what_its_bytes_are(
    kind: str, content_type: str, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    data = picture(kind)
    answer = add(browser, draft, data, "lời nói dối.exe")
    assert answer.status_code == 201
    src = answer.json()["src"]
    assert src.startswith(f"/api/v1/drafts/{draft.pk}/images/")
    served = browser.get(src)
    assert served.content == data
    assert served["Content-Type"] == content_type
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Cache-Control"] == "private, no-cache"
    assert "sandbox" in served["Content-Security-Policy"]
    assert AuditEntry.objects.filter(action="draft.image_added").count() == 1


def test_the_browsers_copy_is_confirmed_without_sending_it_again(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    src = add(browser, draft, picture()).json()["src"]
    tag = browser.get(src)["ETag"]
    again = browser.get(src, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_same_image_twice_is_stored_once(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    first, second = add(browser, draft, picture()), add(browser, draft, picture())
    assert first.json() == second.json()
    assert DraftImage.objects.count() == 1


def test_an_image_is_reached_only_through_a_draft_that_holds_it(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    mine = begin_draft()
    theirs = begin_draft(by=cast.sotttt)
    src = add(signed_in(cast.chuyenvien), mine, picture()).json()["src"]
    digest = src.rsplit("/", 1)[-1]
    browser = signed_in(cast.sotttt)
    assert browser.get(src).status_code == 404
    assert browser.get(f"{API}/{theirs.pk}/images/{digest}").status_code == 404


@pytest.mark.parametrize("level", [Level.SUGGEST, Level.EDIT])
def test_who_may_suggest_adds_an_image_as_who_may_write(
    level: Level, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: level})
    browser = signed_in(cast.sotttt)
    answer = add(browser, draft, picture())
    assert answer.status_code == 201
    assert browser.get(answer.json()["src"]).content == picture()
    assert DraftImage.objects.get().added_by == cast.sotttt


def test_a_text_that_stands_still_takes_no_image_from_who_suggests(
    cast: Any, moved: Any
) -> None:
    draft = moved(State.APPROVED)
    share(cast.chuyenvien, draft.pk, to=cast.sotttt, level=Level.SUGGEST)
    with pytest.raises(Conflict) as refused:
        add_image(cast.sotttt, draft.pk, picture())
    assert refused.value.code == "draft_frozen"


@pytest.mark.parametrize("level", [Level.VIEW, Level.COMMENT])
def test_who_may_not_suggest_adds_no_image(
    level: Level, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: level})
    assert add(signed_in(cast.sotttt), draft, picture()).status_code == 403
    assert not DraftImage.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an image",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        picture()[:-30],
        b"GIF89a<script>alert(1)</script>",
    ],
)
def test_what_is_no_sound_image_is_refused(
    data: bytes, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    answer = add(signed_in(cast.chuyenvien), begin_draft(), data)
    assert answer.status_code == 400
    assert not DraftImage.objects.exists()


@pytest.mark.parametrize("side", [10_000, 30_000, 2_000_000])
def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused(
    side: int, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    answer = add(signed_in(cast.chuyenvien), begin_draft(), bomb(side))
    assert (answer.status_code, answer.json()["code"]) == (413, "image_too_large")


def test_a_file_over_the_limit_is_refused(
    cast: Any, begin_draft: Any, signed_in: Any, settings: Any
) -> None:
    settings.MAX_IMAGE_BYTES = 100
    answer = add(signed_in(cast.chuyenvien), begin_draft(), picture() + b"\0" * 100)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
