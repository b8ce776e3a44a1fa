"""LibreOffice opens what we export, and what it saves comes back the same.

One conversion of several files: it is slow to start. Skipped where it is not installed.
"""

from __future__ import annotations

import pytest

from collab.content.tree import Content
from server.publishing.docx_marked import read_marked
from server.publishing.marked import paragraphs_in
from server.review.word.commenting import plan_comments
from tests.support.libreoffice import SOFFICE, saved_by_libreoffice
from tests.support.reviewed_docx import CORPUS, FILES
from tests.support.word_hand import Hand
from tests.unit.server.publishing.review_samples import LISTED, SUGGESTED, THREADS
from tests.unit.server.review.column_worlds import HEADED, OPEN
from tests.unit.server.review.test_word_cells import ALL as CELLS
from tests.unit.server.review.word_worlds import exported, take_in

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
UNTOUCHED = {
    "plain": CORPUS,
    "all": SUGGESTED,
    "columns": OPEN,
    "merged": HEADED,
    "lists": LISTED,
    **{f"cells_{name}": content for name, content in CELLS.items()},
}
NOT_TO_BE_HAD = frozenset(
    {
        # LibreOffice writes no rows without cells.
        "a table cut short",
        "a cell added",
        # Of two revisions of one letter it keeps one.
        "an insertion inside a deletion",
        "a deletion inside a deletion",
        # Its own: a file without a time gets one, without an author a name.
        "a revision without author",
        "a revision without time",
        "a revision at no time",
    }
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file of the corpus, and some exports, as LibreOffice saves them."""
    folder = tmp_path_factory.mktemp("word")
    sources = {name: exported(content) for name, content in UNTOUCHED.items()}
    sources["all"] = exported(SUGGESTED, THREADS)
    for number, file in enumerate(FILES):
        hand = Hand(sources["plain"])
        file.edit(hand)
        sources[str(number)] = hand.save()
    return saved_by_libreoffice(sources, folder)


def test_it_opens_every_file(saved: dict[str, bytes]) -> None:
    assert len(saved) == len(FILES) + len(UNTOUCHED)
    for data in saved.values():
        assert list(paragraphs_in(read_marked(data).flow))


@pytest.mark.parametrize(("name", "content"), UNTOUCHED.items())
def test_what_it_only_saves_has_not_changed(
    name: str, content: Content, saved: dict[str, bytes]
) -> None:
    found = take_in(content, saved[name])
    assert found.compared.steps == []
    assert found.compared.missed == []


def test_comments_survive_it(saved: dict[str, bytes]) -> None:
    from uuid import UUID

    from server.review.word.commenting import Sent

    sent = [Sent(UUID(int=n), thread) for n, thread in enumerate(THREADS, 1)]
    edited = read_marked(saved["all"])
    assert len(edited.comments) == sum(len(t.comments) for t in THREADS)
    plan = plan_comments(edited, sent)
    assert (plan.threads, plan.replies, plan.turns, plan.missed) == ([], [], [], [])


def test_what_was_done_survives_it(saved: dict[str, bytes]) -> None:
    different: dict[str, tuple[list[str], list[str]]] = {}
    for number, file in enumerate(FILES):
        if file.name in NOT_TO_BE_HAD:
            continue
        found = take_in(CORPUS, saved[str(number)])
        taken = sorted(f"{t.kind} {t.author}: {t.text}" for t in found.outcome.taken)
        if taken != sorted(file.taken):
            different[file.name] = (taken, sorted(file.taken))
    assert different == {}
