"""Keystrokes that came together are told from everything else."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Text

from collab.gateway.reading import frames_of, leading_keystrokes
from collab.protocol.frames import Encoder

HERE = Encoder("draft-1")


def keystrokes(count: int) -> list[bytes]:
    doc: Doc[Any] = Doc(client_id=5)
    text = doc.get("content", type=Text)
    text.insert(0, "x")
    made: list[bytes] = []
    kept = doc.observe(lambda event: made.append(event.update))
    for _ in range(count):
        text += "ơ"
    doc.unobserve(kept)
    return made


@pytest.mark.parametrize("encoder", [HERE, Encoder(None)])
def test_keystrokes_are_taken_as_far_as_they_go(encoder: Encoder) -> None:
    made = keystrokes(4)
    frames = [encoder.update(update) for update in made]
    other = encoder.awareness(b"\x00")
    prefix = encoder.update_prefix
    assert leading_keystrokes(frames, 0, prefix) == made
    assert leading_keystrokes(frames, 2, prefix) == made[2:]
    assert leading_keystrokes([*frames[:2], other, *frames[2:]], 0, prefix) == made[:2]
    assert leading_keystrokes([other, *frames], 0, prefix) == []


def test_another_documents_keystrokes_are_not_taken_for_this_one() -> None:
    frames = [Encoder("draft-2").update(update) for update in keystrokes(2)]
    assert leading_keystrokes(frames, 0, HERE.update_prefix) == []


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        HERE.update_prefix,
        HERE.update_prefix + b"\x05",
        HERE.update_prefix + b"\x00",
        HERE.update(b"\x00\x00"),
        HERE.update(keystrokes(1)[0]) + b"\x00",
        HERE.update(keystrokes(1)[0])[:-1],
        HERE.step_2(keystrokes(1)[0]),
        # The first byte of a longer size happens to be the number of bytes after it.
        HERE.update_prefix + bytes((0x90, 0x01)) + bytes(0x8F),
    ],
)
def test_what_is_no_keystroke_is_read_the_long_way(frame: bytes) -> None:
    assert leading_keystrokes([frame], 0, HERE.update_prefix) == []


def test_an_event_holds_one_frame_or_several_or_text() -> None:
    assert frames_of({"type": "websocket.receive", "bytes": b"x"}) == (b"x",)
    assert frames_of({"type": "websocket.receive", "frames": [b"x", b"y"]}) == [
        b"x",
        b"y",
    ]
    assert frames_of({"type": "websocket.receive", "text": "x"}) is None
