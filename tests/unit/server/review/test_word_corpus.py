"""Every file of the corpus brings what its line in the table says, and nothing else."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from collab.content.tree import Content, Fields, Run, iter_paragraphs
from server.publishing.docx_marked import read_marked
from server.review.word.commenting import plan_comments
from server.review.word.heading import compare_heads
from tests.support.reviewed_docx import CORPUS, FILES, File
from tests.support.word_hand import Hand
from tests.unit.server.review.word_worlds import Taken, exported, plain, take_in

BASE = exported(CORPUS)
# In the others somebody with the pen accepted or rejected.
ONLY_SUGGEST = [
    file
    for file in FILES
    if not any(line.startswith(("accepted", "rejected")) for line in file.taken)
]


def edited(file: File) -> bytes:
    hand = Hand(BASE)
    file.edit(hand)
    return hand.save()


def lines_of(taken: Taken) -> list[str]:
    return [f"{one.kind} {one.author}: {one.text}" for one in taken.outcome.taken]


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(FILES) >= 45
    assert len({edited(file) for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_brings_what_the_table_says(file: File) -> None:
    data = edited(file)
    taken = take_in(CORPUS, data)
    assert sorted(lines_of(taken)) == sorted(file.taken)
    back = read_marked(data)
    comments = plan_comments(back, [])
    heads, lines = compare_heads(
        read_marked(BASE).head, back.head, CORPUS.fields, CORPUS.fields
    )
    told = [f"{one.name} {one.by}: {one.old} → {one.new}" for one in heads]
    assert told == list(file.heads)
    missed = [*taken.compared.missed, *taken.outcome.missed, *comments.missed]
    codes = ["letterhead" for _ in lines] + [one.code for one in missed]
    assert codes == list(file.missed)
    threads = [
        f"{said.name}: {said.text} @ {thread.quote}"
        for thread in comments.threads
        for said in thread.said
    ]
    assert threads == list(file.threads)


@pytest.mark.parametrize("file", ONLY_SUGGEST, ids=lambda file: file.name)
def test_what_stands_is_never_overwritten(file: File) -> None:
    taken = take_in(CORPUS, edited(file), may_write=False)
    assert taken.stands
    assert taken.is_only_suggested
    assert lines_of(taken) == lines_of(take_in(CORPUS, edited(file)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_paragraph_written_meanwhile_keeps_its_words(file: File) -> None:
    """Somebody added words to every paragraph; they are there afterwards too."""
    sign = " ⟨trong lúc đó⟩"
    now = Content(
        Fields(**vars_of(CORPUS.fields)),
        tuple(_with(block, sign) for block in CORPUS.blocks),
    )
    count = sum(sign in p.text for p in iter_paragraphs(plain(now).blocks))
    taken = take_in(CORPUS, edited(file), now=now, may_write=False)
    assert taken.stands
    after = sum(sign in p.text for p in iter_paragraphs(taken.after.blocks))
    assert after >= count


def _with(block: object, sign: str) -> object:
    if hasattr(block, "inlines"):
        return replace(block, inlines=(*block.inlines, Run(sign)))  # type: ignore[type-var]
    return block


def vars_of(fields: Fields) -> dict[str, str]:
    return asdict(fields)
