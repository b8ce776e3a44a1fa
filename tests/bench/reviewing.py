"""How long a long draft takes out to Word and back: 100 pages, with all that is open.

`python -m tests.bench.reviewing` prints the figures alone. Processor time of this
process, from content and state to the bytes of the file, and from the bytes that came
back to the edit; and the most memory that it ever held.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from collab.content.read import read_content  # noqa: E402
from collab.content.tree import (  # noqa: E402
    Block,
    Cell,
    Content,
    Paragraph,
    Row,
    Run,
    Suggested,
    Table,
    iter_paragraphs,
)
from collab.content.write import build_update  # noqa: E402
from server.publishing.docx_comments import CommentText, ThreadText  # noqa: E402
from server.publishing.docx_marked import read_marked  # noqa: E402
from server.publishing.docx_review import Origin, to_review_docx  # noqa: E402
from server.review.word.applying import known_ids  # noqa: E402
from server.review.word.commenting import Sent, plan_comments  # noqa: E402
from server.review.word.comparing import compare_files  # noqa: E402
from server.review.word.safely import Safely  # noqa: E402
from tests.bench.measures import Figure  # noqa: E402
from tests.support.word_hand import Hand, W, plain_run  # noqa: E402
from tests.unit.server.publishing.samples import LETTER  # noqa: E402

T = TypeVar("T")
# 25 words a paragraph, 350 words a page: 100 pages.
PARAGRAPHS, THREADS, SUGGESTIONS, EDITS = 1_400, 500, 2_000, 400
_WORDS = [
    "các",
    "cơ",
    "quan",
    "báo",
    "cáo",
    "kết",
    "quả",
    "thực",
    "hiện",
    "về",
    "Sở",
    "Nội",
    "vụ",
    "trước",
    "ngày",
]
_ORIGIN = Origin("0192f0a0-0000-7000-8000-000000000001", 1, 1)


def long_draft(paragraphs: int, suggestions: int) -> Content:
    """Articles, clauses and tables; the suggestions lie evenly in them."""
    each = suggestions / paragraphs
    blocks: list[Block] = []
    done = 0.0
    for number in range(paragraphs):
        words = [f"{_WORDS[(number * 7 + n) % len(_WORDS)]}" for n in range(24)]
        runs = [Run(f"{number} {' '.join(words)}.")]
        while done < (number + 1) * each:
            runs += _suggested(int(done))
            done += 1
        style = ("article", "clause", "clause", "point", "body")[number % 5]
        blocks.append(Paragraph(tuple(runs), style))  # type: ignore[arg-type]
        if number % 100 == 99:
            blocks.append(_table(number))
    return replace(LETTER, blocks=tuple(blocks))


def _suggested(number: int) -> list[Run]:
    by = Suggested(f"s{number}", f"word:Người {number % 7}", "2026-11-20T08:30:00Z")
    word = f" sửa {number}"
    if number % 2:
        return [Run(word, insertion=by), Run(" và")]
    return [Run(word, deletion=by), Run(" hoặc")]


def _table(number: int) -> Table:
    rows = [
        Row(tuple(Cell((Paragraph((Run(f"{number}.{r}.{c}"),)),)) for c in range(4)))
        for r in range(10)
    ]
    return Table(tuple(rows))


def threads(content: Content, count: int) -> tuple[ThreadText, ...]:
    lines = list(iter_paragraphs(content.blocks))
    step = max(1, len(lines) // count)
    return tuple(
        ThreadText(
            "body",
            lines[at % len(lines)].text[2:14],
            (CommentText(f"{at + 1:08X}", "Trần Thị Bình", "2026-11-21", f"Ý {at}"),),
            False,
            (at % len(lines), 2),
            (at % len(lines), 14),
        )
        for at in range(0, count * step, step)
    )


def edited(data: bytes, edits: int) -> bytes:
    """Words typed and struck all through, paragraphs split, and some comments."""
    hand = Hand(data)
    paragraphs = [
        p for p in hand.body.iter(W + "p") if p.find(W + "bookmarkStart") is not None
    ]
    step = max(1, len(paragraphs) // edits)
    for number, paragraph in enumerate(paragraphs[::step][:edits]):
        runs = [r for r in paragraph.findall(W + "r") if r.find(W + "t") is not None]
        if not runs:
            continue
        if number % 3:
            made = plain_run(f" mới{number}")
            runs[-1].addnext(made)
            hand.wrap(made, "ins")
        else:
            hand.wrap(runs[-1], "del")
    return hand.save()


def round_trip(
    paragraphs: int, count: int, suggestions: int, edits: int
) -> list[float]:
    """Seconds: out, read, compared, applied."""
    content = read_content(build_update(long_draft(paragraphs, suggestions), 5))
    state = build_update(content, 5)
    shown = threads(content, count)

    def names(author: str) -> str:
        return author.removeprefix("word:")

    out, data = _timed(
        lambda: to_review_docx(content, lambda _src: None, _ORIGIN, names, shown)
    )
    came = edited(data, edits)
    base = read_marked(data)
    read, back = _timed(lambda: read_marked(came))
    sent = [Sent(UUID(int=n), thread) for n, thread in enumerate(shown, 1)]
    compared, found = _timed(
        lambda: (compare_files(base, back), plan_comments(back, sent))
    )
    safely = Safely(
        base.flow,
        lambda by: Suggested(f"{by.id}/{by.author}", f"word:{by.author}", by.at),
        lambda _whose, _accept: True,
        known_ids(content),
    )
    applied, (outcome, _update) = _timed(lambda: safely.apply(state, found[0].steps))
    assert len(outcome.taken) >= edits * 0.9, "the edits must have been taken"
    return [out, read, compared, applied]


def reviewing() -> list[Figure]:
    """Every figure of this module."""
    times = round_trip(PARAGRAPHS, THREADS, SUGGESTIONS, EDITS)
    what = "100 pages, 500 threads, 2,000 suggestions"
    names = (
        f"to Word for review, {what}",
        "the same edited in 400 places, read",
        "the same, compared with what went out",
        "the same, turned into suggestions",
    )
    figures = [Figure(name, t, "s") for name, t in zip(names, times, strict=True)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.append(Figure("most memory in that round", peak, "MiB"))
    return figures


def _timed(make: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    made = make()
    return time.process_time() - start, made


if __name__ == "__main__":
    for figure in reviewing():
        print(figure)
