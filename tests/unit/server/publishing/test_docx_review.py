"""Suggestions and threads leave as Word's own revisions and comments: golden XML."""

from __future__ import annotations

import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from collab.content.tree import (
    Content,
    PageBreak,
    Paragraph,
    Run,
    iter_paragraphs,
)
from server.publishing.docx_export import to_docx
from server.publishing.docx_import import from_docx
from server.publishing.docx_review import Origin, to_review_docx
from server.publishing.docx_revisions import word_time
from tests.unit.server.publishing.review_samples import (
    NAMES,
    SUGGESTED,
    THREADS,
    said,
)

GOLDEN = Path(__file__).parent / "golden" / "review.xml"
ORIGIN = Origin("0192f0a0-0000-7000-8000-000000000001", 3, 41)


def parts(content: Content = SUGGESTED) -> dict[str, str]:
    data = to_review_docx(content, lambda _: None, ORIGIN, NAMES, THREADS)
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {
            name: package.read(name).decode()
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }


def test_revisions_and_comments_are_the_golden_xml() -> None:
    """To accept a change that is meant: WRITE_GOLDEN=1 and look at the difference."""
    made = parts()
    names = ("word/document.xml", "word/comments.xml", "word/commentsExtended.xml")
    text = "\n".join(f"<!-- {name} -->\n{made[name]}" for name in names)
    text = re.sub(r' xmlns:\w+="[^"]*"', "", text)
    text = re.sub(r"(?=<w:(?:p|tr|tc|ins|del|r|comment)[ />])", "\n", text)
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_the_file_says_which_text_it_is_and_tracks_changes() -> None:
    made = parts()
    custom = made["docProps/custom.xml"]
    for value in (ORIGIN.draft_id, "3", "41"):
        assert f">{value}</vt:lpwstr>" in custom
    assert "<w:trackRevisions/>" in made["word/settings.xml"]


def test_every_annotation_has_a_number_of_its_own() -> None:
    document = parts()["word/document.xml"]
    body = re.sub(r"<w:(bookmarkEnd|comment\w+) [^>]*>", "", document)
    numbers = re.findall(r' w:id="(\d+)"', body)
    assert len(numbers) > 20
    assert len(numbers) == len(set(numbers))


def test_every_paragraph_bears_its_number() -> None:
    marks = re.findall(r'w:name="_dtp_(\d+)"', parts()["word/document.xml"])
    assert marks == [str(n) for n in range(len(marks))]
    assert len(marks) == len(list(iter_paragraphs(SUGGESTED.blocks)))


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2026-11-20T08:30:00.123Z", "2026-11-20T08:30:00Z"),
        ("2026-11-20T15:30:00+07:00", "2026-11-20T08:30:00Z"),
        ("2026-11-20T08:30:00", "2026-11-20T08:30:00Z"),
        ("hôm qua", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_are_utc_and_what_is_no_time_is_left_out(
    at: str, shown: str | None
) -> None:
    assert word_time(at) == shown


def test_a_thread_whose_words_are_gone_stands_at_the_end_with_its_quote() -> None:
    comments = parts()["word/comments.xml"]
    assert "[Về: “chữ đã mất”]" in comments
    document = parts()["word/document.xml"]
    assert document.count("commentReference") == sum(len(t.comments) for t in THREADS)


def test_a_text_without_suggestions_has_no_revision() -> None:
    plain = Content(SUGGESTED.fields, (Paragraph((Run("Chữ thường."),)),))
    data = to_review_docx(plain, lambda _: None, ORIGIN, NAMES)
    body = Document(BytesIO(data)).element.body
    tags = ("w:ins", "w:del", "w:rPrChange", "w:pPrChange", "w:commentReference")
    assert not any(True for _ in body.iter(*(qn(tag) for tag in tags)))
    assert (
        from_docx(data).content.blocks == from_docx(to_docx(plain, said)).content.blocks
    )


def test_a_page_break_that_is_only_suggested_is_seen() -> None:
    """Before an appendix a break is no paragraph: it begins the next part."""
    here = SUGGESTED.blocks[-2]
    assert isinstance(here, PageBreak) and here.insertion
    appendix = Paragraph((Run("Phụ lục I"),), "heading", "center")
    content = Content(SUGGESTED.fields, (Paragraph(), here, appendix))
    document = parts(content)["word/document.xml"]
    assert re.search(r'<w:ins [^>]*><w:r><w:br w:type="page"/>', document)
