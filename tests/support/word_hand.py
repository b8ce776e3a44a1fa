"""A hand that edits an exported .docx as Word, LibreOffice or Google Docs would.

Works on the XML itself, so that files which no program of ours writes can be made:
revisions without author, nested ones, moves, ranges that cross. Paragraphs are named by
the number of their mark.
"""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
CUC, AT = "Lê Thị Cúc", "2026-11-25T03:00:00Z"
_COMMENTS = "word/comments.xml"
_COMMENTS_TYPE = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
)
_COMMENTS_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
)


_IMAGE_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
)
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PICTURE = f"""<w:r xmlns:w="{W[1:-1]}" xmlns:wp="{_DRAWING}/wordprocessingDrawing"
 xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<w:drawing><wp:inline><wp:extent cx="720000" cy="360000"/>
<wp:docPr id="1" name="hinh" descr="{{alt}}"/><a:graphic>
<a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:nvPicPr>
<pic:cNvPr id="1" name="hinh"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>
<a:blip r:embed="{{ident}}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"""


class Hand:
    """`by` and `at` sign what it does under Track Changes; None leaves them out."""

    def __init__(self, data: bytes, by: str | None = CUC, at: str | None = AT) -> None:
        with zipfile.ZipFile(BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.body = self.root.find(W + "body")
        self.by, self.at = by, at
        self._next = 9000

    def save(self) -> bytes:
        self.parts["word/document.xml"] = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in self.parts.items():
                package.writestr(name, data)
        return target.getvalue()

    # ── finding ─────────────────────────────────────────────────────────────────────

    def p(self, mark: int) -> Any:
        for start in self.root.iter(W + "bookmarkStart"):
            if start.get(W + "name") == f"_dtp_{mark}":
                return next(start.iterancestors(W + "p"))
        raise LookupError(mark)

    def atom(self, mark: int) -> Any:
        for start in self.root.iter(W + "bookmarkStart"):
            if start.get(W + "name") == f"_dtb_{mark}":
                return next(start.iterancestors(W + "p"))
        raise LookupError(mark)

    def head_text(self, said: str) -> Any:
        """The text of a line of the letterhead."""
        return next(t for t in self.body.iter(W + "t") if t.text == said)

    def run(self, mark: int, text: str) -> Any:
        """A run of exactly that text, parted from what stands around it."""
        for run in list(self.p(mark).iter(W + "r")):
            texts = [t for t in run if t.tag in (W + "t", W + "delText")]
            if len(texts) != 1 or text not in (texts[0].text or ""):
                continue
            before, after = (texts[0].text or "").split(text, 1)
            for part, put in ((before, run.addprevious), (after, run.addnext)):
                if part:
                    other = copy.deepcopy(run)
                    _text_of(other).text = part
                    put(other)
            texts[0].text = text
            return run
        raise LookupError(text)

    # ── under Track Changes ─────────────────────────────────────────────────────────

    def revision(self, tag: str) -> Any:
        self._next += 1
        made = etree.Element(W + tag)
        made.set(W + "id", str(self._next))
        if self.by is not None:
            made.set(W + "author", self.by)
        if self.at is not None:
            made.set(W + "date", self.at)
        return made

    def wrap(self, run: Any, tag: str) -> Any:
        made = self.revision(tag)
        run.addprevious(made)
        made.append(run)
        if tag in ("del", "moveFrom"):
            for text in run.iter(W + "t"):
                text.tag = W + "delText"
        return made

    def insert(self, mark: int, after: str, text: str, tag: str = "ins") -> Any:
        run = self.run(mark, after)
        made = copy.deepcopy(run)
        _text_of(made).text = text
        _outer(run).addnext(made)
        return self.wrap(made, tag)

    def delete(self, mark: int, text: str, tag: str = "del") -> Any:
        return self.wrap(self.run(mark, text), tag)

    def replace(self, mark: int, old: str, new: str) -> None:
        self.insert(mark, old, new)
        self.delete(mark, old)

    def look(
        self, mark: int, text: str, tag: str = "b", *, tracked: bool = True
    ) -> None:
        properties = _properties(self.run(mark, text))
        before = copy.deepcopy(properties)
        properties.append(etree.Element(W + tag))
        if tracked:
            change = self.revision("rPrChange")
            change.append(before)
            properties.append(change)

    def end(self, mark: int, tag: str) -> None:
        """The end of the paragraph, inserted or deleted."""
        self.end_of(self.p(mark), tag)

    def end_of(self, paragraph: Any, tag: str) -> None:
        form = paragraph.find(W + "pPr")
        marks = form.find(W + "rPr")
        if marks is None:
            marks = etree.SubElement(form, W + "rPr")
        marks.append(self.revision(tag))

    def new_paragraph(
        self, mark: int, text: str, *, tracked: bool = True, before: bool = False
    ) -> Any:
        """One of the same style beside that one."""
        near = self.p(mark)
        made = etree.Element(W + "p")
        form = copy.deepcopy(near.find(W + "pPr"))
        for old in form.findall(W + "rPr"):
            form.remove(old)
        made.append(form)
        run = plain_run(text)
        made.append(run)
        if tracked:
            self.end_of(made, "ins")
            self.wrap(run, "ins")
        (near.addprevious if before else near.addnext)(made)
        return made

    def split(self, mark: int, after: str, *, tracked: bool = True) -> None:
        """As Word: what is above gets the new end, what is below keeps the old one."""
        run, above = self.run(mark, after), self.p(mark)
        below = etree.Element(W + "p")
        below.append(copy.deepcopy(above.find(W + "pPr")))
        for part in list(_outer(run).itersiblings()):
            below.append(part)
        above.addnext(below)
        if tracked:
            self.end(mark, "ins")

    def delete_paragraph(self, mark: int) -> None:
        for run in list(self.p(mark).findall(W + "r")):
            self.wrap(run, "del")
        self.end(mark, "del")

    def row(self, row: Any, tag: str) -> None:
        """As Word: the row, its letters and its ends."""
        form = etree.Element(W + "trPr")
        form.append(self.revision(tag))
        row.insert(0, form)
        for paragraph in row.iter(W + "p"):
            for run in list(paragraph.findall(W + "r")):
                self.wrap(run, tag)
            self.end_of(paragraph, tag)

    def restyle(self, mark: int, style: str, *, tracked: bool = True) -> None:
        form = self.p(mark).find(W + "pPr")
        before = copy.deepcopy(form)
        form.find(W + "pStyle").set(W + "val", style)
        if tracked:
            change = self.revision("pPrChange")
            change.append(before)
            form.append(change)

    def picture(self, data: bytes, alt: str) -> Any:
        """A run that shows the picture; the bytes are a part of the file."""
        self._next += 1
        name, ident = f"hinh{self._next}.png", f"rIdP{self._next}"
        self.parts[f"word/media/{name}"] = data
        link = f'<Relationship Id="{ident}" Type="{_IMAGE_RELATION}"'
        link += f' Target="media/{name}"/>'
        end = "</Relationships>"
        self.part(
            "word/_rels/document.xml.rels", lambda text: text.replace(end, link + end)
        )
        self.part(
            "[Content_Types].xml",
            lambda text: (
                text
                if 'Extension="png"' in text
                else text.replace(
                    "<Default ",
                    '<Default Extension="png" ContentType="image/png"/><Default ',
                    1,
                )
            ),
        )
        return etree.fromstring(_PICTURE.format(ident=ident, alt=alt))

    # ── without a trace ─────────────────────────────────────────────────────────────

    def write(self, mark: int, old: str, new: str) -> None:
        _text_of(self.run(mark, old)).text = new

    def remove(self, mark: int) -> None:
        paragraph = self.p(mark)
        paragraph.getparent().remove(paragraph)

    def accept_all(self, root: Any | None = None) -> None:
        for wrapper in list(self.root.iter(W + "ins")):
            _unwrap(wrapper)
        for wrapper in list(self.root.iter(W + "del")):
            wrapper.getparent().remove(wrapper)

    def reject_all(self) -> None:
        for wrapper in list(self.root.iter(W + "ins")):
            wrapper.getparent().remove(wrapper)
        for wrapper in list(self.root.iter(W + "del")):
            for text in wrapper.iter(W + "delText"):
                text.tag = W + "t"
            _unwrap(wrapper)

    def without_marks(self) -> None:
        for tag in ("bookmarkStart", "bookmarkEnd"):
            for mark in list(self.root.iter(W + tag)):
                mark.getparent().remove(mark)

    def without_origin(self) -> None:
        self.part("docProps/custom.xml", lambda text: text.replace("Duthao", "Other"))

    def program(self, name: str) -> None:
        old = "Microsoft Macintosh Word"
        self.part("docProps/app.xml", lambda text: text.replace(old, name))

    def part(self, name: str, change: Callable[[str], str]) -> None:
        self.parts[name] = change(self.parts[name].decode()).encode()

    def noise(self) -> None:
        """rsids, spelling marks and parted runs, as programs leave them."""
        for number, run in enumerate(list(self.body.iter(W + "r"))):
            run.set(W + "rsidR", f"00{number:06X}")
            if number % 3 == 0 and run.getparent().tag == W + "p":
                run.addprevious(
                    etree.Element(W + "proofErr", {W + "type": "spellStart"})
                )
            texts = run.findall(W + "t")
            if len(texts) == 1 and len(texts[0].text or "") > 4:
                other = copy.deepcopy(run)
                half = len(texts[0].text) // 2
                other.find(W + "t").text = texts[0].text[half:]
                texts[0].text = texts[0].text[:half]
                texts[0].set(XML_SPACE, "preserve")
                run.addnext(other)

    # ── comments ────────────────────────────────────────────────────────────────────

    def comment(self, text: str, *, key: str = "", done: bool | None = None) -> str:
        """The words alone; returns the number under which the text can point to it."""
        self._next += 1
        ident = str(self._next)
        if _COMMENTS not in self.parts:
            self._begin_comments()
        root = etree.fromstring(self.parts[_COMMENTS])
        made = etree.SubElement(root, W + "comment", {W + "id": ident})
        if self.by is not None:
            made.set(W + "author", self.by)
        if self.at is not None:
            made.set(W + "date", self.at)
        paragraph = etree.SubElement(made, W + "p")
        if key:
            paragraph.set(W14 + "paraId", key)
        paragraph.append(plain_run(text))
        self.parts[_COMMENTS] = etree.tostring(root)
        return ident

    def point(self, tag: str, ident: str) -> Any:
        """commentRangeStart, commentRangeEnd or commentReference."""
        made = etree.Element(W + tag, {W + "id": ident})
        if tag != "commentReference":
            return made
        run = etree.Element(W + "r")
        run.append(made)
        return run

    def comment_on(self, mark: int, words: str, text: str) -> str:
        ident, run = self.comment(text), self.run(mark, words)
        _outer(run).addprevious(self.point("commentRangeStart", ident))
        _outer(run).addnext(self.point("commentReference", ident))
        _outer(run).addnext(self.point("commentRangeEnd", ident))
        return ident

    def _begin_comments(self) -> None:
        self.parts[_COMMENTS] = (
            f'<w:comments xmlns:w="{W[1:-1]}" xmlns:w14="{W14[1:-1]}"/>'.encode()
        )
        kind = f'<Override PartName="/{_COMMENTS}" ContentType="{_COMMENTS_TYPE}"/>'
        self.part(
            "[Content_Types].xml",
            lambda text: text.replace("</Types>", kind + "</Types>"),
        )
        link = f'<Relationship Id="rIdC" Type="{_COMMENTS_RELATION}"'
        link += ' Target="comments.xml"/>'
        end = "</Relationships>"
        self.part(
            "word/_rels/document.xml.rels", lambda text: text.replace(end, link + end)
        )


def plain_run(text: str) -> Any:
    run = etree.Element(W + "r")
    made = etree.SubElement(run, W + "t")
    made.text = text
    made.set(XML_SPACE, "preserve")
    return run


def _text_of(run: Any) -> Any:
    return next(t for t in run if t.tag in (W + "t", W + "delText"))


def _properties(run: Any) -> Any:
    found = run.find(W + "rPr")
    if found is None:
        found = etree.Element(W + "rPr")
        run.insert(0, found)
    return found


def _outer(run: Any) -> Any:
    while run.getparent().tag != W + "p":
        run = run.getparent()
    return run


def _unwrap(wrapper: Any) -> None:
    for child in list(wrapper):
        wrapper.addprevious(child)
    wrapper.getparent().remove(wrapper)
