"""What is passed over because it says the same would have said nothing, and what many
letters have in common is one step as it was when they were joined two by two."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.publishing.docx_marked import read_marked
from server.review.word import stretches
from server.review.word.comparing import compare_files
from server.review.word.steps import Compared, Delete, Reformat, Settle, Step
from tests.unit.server.publishing.review_samples import LISTED, SUGGESTED
from tests.unit.server.review.column_worlds import HEADED, OPEN
from tests.unit.server.review.test_word_busy_hand import busy
from tests.unit.server.review.word_worlds import exported

FILES = [exported(content) for content in (SUGGESTED, LISTED, OPEN, HEADED)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 2**32), st.sampled_from([0.0, 0.6, 1.0]))
def test_it_finds_what_looking_at_each_letter_finds(
    base: bytes, seed: int, tracked: float
) -> None:
    edited, _log = busy(base, seed, tracked)
    sent, back = read_marked(base), read_marked(edited)
    found = compare_files(sent, back)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "_says_the_same", lambda *_: False)
        patch.setattr(stretches, "joined", joined_by_twos)
        patch.setattr(stretches._Stretch, "_by", named_anew)
        slowly: Compared = compare_files(sent, back)
    assert found.steps == slowly.steps
    assert found.missed == slowly.missed


def named_anew(self: stretches._Stretch, suggested: object) -> object:
    return replace(suggested, id=str(self._numbers.cluster))  # type: ignore[type-var]


def joined_by_twos(steps: list[Step]) -> list[Step]:
    found: list[Step] = []
    for step in steps:
        for at in range(len(found) - 1, max(-1, len(found) - 3), -1):
            joined = as_one(found[at], step)
            if joined is not None:
                found[at] = joined
                break
        else:
            found.append(step)
    return found


def as_one(last: Step, step: Step) -> Step | None:
    of_letters = (Delete, Reformat, Settle)
    if not isinstance(step, of_letters) or not isinstance(last, of_letters):
        return None
    if type(last) is not type(step) or step.end is None or last.end != step.start:
        return None
    bare = (replace(one, start=0, end=0, text="") for one in (last, step))
    if len(set(bare)) > 1:
        return None
    return replace(last, end=step.end, text=last.text + step.text)
