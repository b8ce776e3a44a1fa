"""How long it takes to print: PDF and Word, short and long, and the check of form.

`python -m tests.bench.publishing` prints the figures alone. Times are of this process
and include everything from the content tree to the bytes; the first export, which
loads fonts and styles, is a figure of its own.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from collab.content.tree import Content, Paragraph, Row, Run, Table  # noqa: E402
from server.publishing.check import check  # noqa: E402
from server.publishing.docx_export import to_docx  # noqa: E402
from server.publishing.pdf_export import to_pdf  # noqa: E402
from tests.bench.measures import Figure  # noqa: E402
from tests.unit.server.publishing.forms import DECIDED, appendix, of_type  # noqa: E402
from tests.unit.server.publishing.samples import (  # noqa: E402
    LETTER,
    cell,
    images,
    line,
)

Make = Callable[[Content], object]


def printing() -> list[Figure]:
    """Every figure of this module."""
    figures = [
        Figure("PDF, the first of a process", _once(_pdf, LETTER), "ms"),
        Figure("Word, the first of a process", _once(_docx, LETTER), "ms"),
    ]
    for name, make in (("PDF", _pdf), ("Word", _docx)):
        three = _median(make, [_three_pages(n) for n in range(7)])
        figures.append(Figure(f"{name}, 3 pages", three, "ms"))
        long = _once(make, _paragraphs(2000))
        figures.append(Figure(f"{name}, 2,000 paragraphs", long, "ms"))
        tables = _once(make, _tables(100))
        figures.append(Figure(f"{name}, appendix of 100 pages of tables", tables, "ms"))
    figures.append(
        Figure("check of form, 2,000 paragraphs", _once(check, _paragraphs(2000)), "ms")
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.append(Figure("most memory while printing", peak, "MiB"))
    return figures


def _pdf(content: Content) -> object:
    return to_pdf(content, images)


def _docx(content: Content) -> object:
    return to_docx(content, images)


def _once(make: Make, content: Content) -> float:
    start = time.perf_counter()
    make(content)
    return (time.perf_counter() - start) * 1000


def _median(make: Make, contents: list[Content]) -> float:
    return sorted(_once(make, content) for content in contents)[len(contents) // 2]


def _three_pages(number: int) -> Content:
    """Different each time, so that nothing is remembered from the last."""
    twice = (*LETTER.blocks, *LETTER.blocks[:5])
    return replace(LETTER, blocks=tuple(_numbered(number, p) for p in twice))


def _numbered(number: int, block: object) -> Paragraph:
    assert isinstance(block, Paragraph)
    return replace(block, inlines=(Run(f"({number}) "), *block.inlines))


def _paragraphs(count: int) -> Content:
    texts = [block for block in LETTER.blocks if isinstance(block, Paragraph)]
    blocks = tuple(
        replace(
            _numbered(index, texts[index % len(texts)]),
            style="clause" if index % 3 else "article",
        )
        for index in range(count)
    )
    return replace(LETTER, blocks=blocks)


def _tables(pages: int) -> Content:
    """Four long tables of eight columns, 33 rows to the page."""
    rows = pages * 33 // 4
    parts: list[Paragraph | Table] = []
    for number in range(4):
        head = Row(tuple(cell(f"Cột {c}", header=True) for c in range(8)))
        body = tuple(
            Row(tuple(cell(f"{r}.{c}") for c in range(8))) for r in range(rows)
        )
        parts += [line(f"Bảng {number}", "caption"), Table((head, *body))]
    base = of_type("QĐ")
    return replace(base, blocks=(*DECIDED, *appendix("", "SỐ LIỆU", *parts)))


if __name__ == "__main__":
    for figure in printing():
        print(figure)
