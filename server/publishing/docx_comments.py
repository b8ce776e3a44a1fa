"""Threads as Word comments: ranges in the text, answers, what is settled.

A comment carries a number made from its own id (w14:paraId), by which it is known again
when the file comes back. A thread whose words are gone hangs on the last line with its
quote. Must never leave a thread out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.parts.comments import CommentsPart
from lxml import etree

from server.publishing.docx_elements import element
from server.publishing.docx_inlines import append_text
from server.publishing.docx_points import Points
from server.publishing.docx_revisions import word_time
from server.publishing.letterhead import clean_text

BODY, PICTURE = "body", "picture"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
EXTENDED_TYPE = (
    "application/vnd.openxmlformats-officedocument."
    "wordprocessingml.commentsExtended+xml"
)
EXTENDED_RELATION = (
    "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
)
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MAX_INITIALS = 3
# Where a field of the letterhead prints: the styles of its lines.
PRINTED: dict[str, tuple[str, ...]] = {
    "issuer_parent": ("DuIssuerParent",),
    "issuer": ("DuIssuer",),
    "notation": ("DuNumber",),
    "place": ("DuPlaceDate",),
    "subject": ("DuSubject", "DuLetterSubject"),
    "addressees": ("DuAddressees", "DuAddressee"),
    "recipients": ("DuRecipient",),
    "signer_authority": ("DuSignerAuthority",),
    "signer_position": ("DuSignerPosition",),
    "signer_name": ("DuSignerName",),
    "typist": ("DuTypist",),
    "enacting_authority": ("DuEnactingAuthority",),
    "dispatcher": ("DuDispatcher",),
    "second_position": ("DuSecondPosition",),
    "second_name": ("DuSecondName",),
    "handling": ("DuHandling",),
    "contact": ("DuContact",),
}
# Where a choice prints; a comment that is new in Word there is one on the text field.
_PRINTED_CHOICES: dict[str, tuple[str, ...]] = {
    "number": ("DuNumber",),
    "date": ("DuPlaceDate",),
    "document_type": ("DuTypeName", "DuLetterSubject"),
    "urgency": ("DuUrgency",),
}
_HANGS_ON = PRINTED | _PRINTED_CHOICES


@dataclass(frozen=True, slots=True)
class CommentText:
    """`key` is eight hexadecimal digits below 80000000; `at` is ISO time."""

    key: str
    author: str  # a name, as it is to be read
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class ThreadText:
    """`start` and `end`: paragraph of the body, and offset in its letters (of a
    picture, which one it is); None when they are gone. The first comment opens the
    thread."""

    part: str
    quote: str
    comments: tuple[CommentText, ...]
    is_resolved: bool = False
    start: tuple[int, int] | None = None
    end: tuple[int, int] | None = None


def place_in_body(threads: Sequence[ThreadText]) -> Points:
    """The marks of all threads whose words stand in the body; ids count from 0."""
    points = Points()
    for thread, ids in _numbered(threads):
        if thread.start is None or thread.end is None:
            continue
        if thread.part == PICTURE:
            _around_picture(points, thread.start[0], ids)
        if thread.part != BODY:
            continue
        for ident in ids:
            points.add(*thread.start, element("w:commentRangeStart", id=ident))
        for ident in ids:
            points.add(*thread.end, element("w:commentRangeEnd", id=ident))
            points.add(*thread.end, reference(ident))
    return points


def _around_picture(points: Points, picture: int, ids: Iterable[str]) -> None:
    for ident in ids:
        points.add_around(
            picture,
            [element("w:commentRangeStart", id=ident)],
            [element("w:commentRangeEnd", id=ident), reference(ident)],
        )


def write_comments(document: Any, threads: Sequence[ThreadText]) -> None:
    """Fill the parts, and hang up those that `place_in_body` did not."""
    if not threads:
        return
    body = document.element.body
    # On a template of ours there is none; its own relation makes one.
    part = document.part._comments_part
    assert isinstance(part, CommentsPart)
    root = part.element
    extended = etree.Element(
        f"{{{W15}}}commentsEx",
        {f"{{{_MC}}}Ignorable": "w14 w15"},
        nsmap={"w15": W15, "w14": W14, "mc": _MC},
    )
    lines: Mapping[str, list[Any]] = _lines_by_style(body)
    placed = {ref.get(qn("w:id")) for ref in body.iter(qn("w:commentReference"))}
    for thread, ids in _numbered(threads):
        is_gone = False
        if ids[0] not in placed:
            is_gone = not _hang_on_field(thread, ids, lines)
            if is_gone:
                _hang_on_end(body, ids)
        for ident, comment in zip(ids, thread.comments, strict=True):
            quote = thread.quote if is_gone and ident == ids[0] else ""
            root.append(_comment(ident, comment, quote))
            entry = etree.SubElement(extended, f"{{{W15}}}commentEx")
            entry.set(f"{{{W15}}}paraId", comment.key)
            if ident != ids[0]:
                parent = thread.comments[0].key
                entry.set(f"{{{W15}}}paraIdParent", parent)
            entry.set(f"{{{W15}}}done", "1" if thread.is_resolved else "0")
    _add_part(document, "commentsExtended", extended)


def reference(ident: str) -> Any:
    run = element("w:r")
    run.append(element("w:commentReference", id=ident))
    return run


def gone_line(quote: str) -> str:
    """What stands above a comment whose words are no longer in the text."""
    return f"[Về: “{' '.join(clean_text(quote).split())}”]"


def _numbered(
    threads: Iterable[ThreadText],
) -> Iterable[tuple[ThreadText, list[str]]]:
    at = 0
    for thread in threads:
        ids = [str(at + index) for index in range(len(thread.comments))]
        at += len(ids)
        yield thread, ids


def _comment(ident: str, comment: CommentText, quote: str) -> Any:
    name = " ".join(clean_text(comment.author).split()) or "?"
    made = element("w:comment", id=ident, author=name, initials=_initials(name))
    at = word_time(comment.at)
    if at is not None:
        made.set(qn("w:date"), at)
    lines = clean_text(comment.text).split("\n")
    if quote:
        lines.insert(0, gone_line(quote))
    for line in lines:
        paragraph = element("w:p")
        append_text(paragraph, line)
        made.append(paragraph)
    # Of a comment the last paragraph says which it is.
    made[-1].set(f"{{{W14}}}paraId", comment.key)
    return made


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())[-_MAX_INITIALS:].upper()


def _lines_by_style(body: Any) -> dict[str, list[Any]]:
    wanted = {style for styles in _HANGS_ON.values() for style in styles}
    found: dict[str, list[Any]] = {}
    for paragraph in body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = "" if style is None else style.get(qn("w:val"))
        if name in wanted:
            found.setdefault(name, []).append(paragraph)
    return found


def _hang_on_field(
    thread: ThreadText, ids: list[str], lines: Mapping[str, list[Any]]
) -> bool:
    """Around the whole line in which the field prints these words, else its first."""
    printed = [
        line
        for style in _HANGS_ON.get(thread.part, ())
        for line in lines.get(style, ())
    ]
    if not printed:
        return False
    words = " ".join(clean_text(thread.quote).split()).casefold()
    holding = [line for line in printed if words in _text(line)]
    line = (holding or printed)[0]
    for ident in reversed(ids):
        line.pPr.addnext(element("w:commentRangeStart", id=ident))
    for ident in ids:
        line.append(element("w:commentRangeEnd", id=ident))
        line.append(reference(ident))
    return True


def _hang_on_end(body: Any, ids: list[str]) -> None:
    lines = [child for child in body if child.tag == qn("w:p")]
    if not lines:
        lines = list(body.iter(qn("w:p")))
    for ident in ids:
        lines[-1].append(element("w:commentRangeStart", id=ident))
        lines[-1].append(element("w:commentRangeEnd", id=ident))
        lines[-1].append(reference(ident))


def _text(paragraph: Any) -> str:
    text = "".join(t.text or "" for t in paragraph.iter(qn("w:t")))
    return " ".join(text.split()).casefold()


def _add_part(document: Any, name: str, root: Any) -> None:
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    uri = PackURI(f"/word/{name}.xml")
    part = Part(uri, EXTENDED_TYPE, blob, document.part.package)
    document.part.relate_to(part, EXTENDED_RELATION)
