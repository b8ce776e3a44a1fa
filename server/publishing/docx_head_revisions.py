"""What is suggested for fields of the letterhead, as Word's own revisions.

A field prints on lines of its own styles. The letterhead is made once more with the
suggested words, and what differs on those lines is struck and inserted, so that whoever
has Word accepts it there. A field that prints nowhere, or on a line that is more than
text, is left to the comment that carries it. Must never change what the lines say with
everything rejected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from docx.oxml.ns import qn

from collab.content.tree import Content
from server.publishing.docx_comments import PRINTED
from server.publishing.docx_elements import element, name_of
from server.publishing.docx_export import make_document
from server.publishing.docx_revisions import Ids, word_time
from server.publishing.docx_rows import strike
from server.publishing.letterhead import clean_text
from server.publishing.rules import RuleSet

_WORDS = re.compile(r"\s+|\S+")
Pair = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`name` is of the field, `author` as it is to be read, `at` ISO time."""

    name: str
    new: str
    author: str
    at: str


def first_of_each(changes: Iterable[FieldChange]) -> list[FieldChange]:
    """A line of Word holds one suggestion; the others stand in their comments."""
    found: dict[str, FieldChange] = {}
    for change in changes:
        found.setdefault(change.name, change)
    return list(found.values())


def mark_fields(
    document: Any,
    content: Content,
    changes: Sequence[FieldChange],
    ids: Ids,
    rules: RuleSet | None = None,
) -> None:
    """Write them into the finished document of this very content."""
    for change in first_of_each(changes):
        fields = replace(content.fields, **{change.name: change.new})
        # The letterhead alone: a long text is not written again for one line.
        alone = replace(content, fields=fields, blocks=())
        suggested = make_document(alone, _no_image, rules).element.body
        printed = [
            (_lines(document.element.body, style), _texts(_lines(suggested, style)))
            for style in PRINTED.get(change.name, ())
        ]
        if not all(map(_takes, printed)):
            continue
        for lines, wanted in printed:
            _rewrite(lines, wanted, _revision_of(change, ids))


def _takes(printed: tuple[list[Any], list[str]]) -> bool:
    """Whether there is a line to write it on, and each is plain text."""
    lines, wanted = printed
    return all(map(_is_plain, lines)) and (bool(lines) or not wanted)


def _no_image(_src: str) -> None:
    return None


def _revision_of(change: FieldChange, ids: Ids) -> Callable[[str], Any]:
    def made(tag: str) -> Any:
        name = " ".join(clean_text(change.author).split()) or "?"
        revision = element(tag, id=ids.take(), author=name)
        at = word_time(change.at)
        if at is not None:
            revision.set(qn("w:date"), at)
        return revision

    return made


def _rewrite(
    lines: Sequence[Any], wanted: Sequence[str], revision: Callable[[str], Any]
) -> None:
    """In their order; a new line is made like the first."""
    at: Any = None
    held = iter(lines)
    for old, new in _pairs(_texts(lines), wanted):
        if old is None:
            added = _added(lines[0], str(new), revision)
            if at is None:
                lines[0].addprevious(added)
            else:
                at.addnext(added)
            at = added
            continue
        at = next(held)
        if new is None:
            _remove(at, revision)
        elif old != new:
            _change(at, old, new, revision)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterable[Pair]:
    """Which line became which; None where one comes or goes."""
    for _tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, False).get_opcodes():
        both = min(i2 - i1, j2 - j1)
        yield from zip(old[i1 : i1 + both], new[j1 : j1 + both], strict=True)
        yield from ((text, None) for text in old[i1 + both : i2])
        yield from ((None, text) for text in new[j1 + both : j2])


def _change(line: Any, old: str, new: str, revision: Callable[[str], Any]) -> None:
    """The words that differ alone; what a line says before and behind stays."""
    was, now = _WORDS.findall(old), _WORDS.findall(new)
    begin = _common(was, now)
    end = _common(was[begin:][::-1], now[begin:][::-1])
    (run,) = _runs(line)
    parts: list[Any] = []

    def add(text: str, tag: str = "") -> None:
        if not text:
            return
        made = _run(run, text)
        if tag:
            wrapper = revision(tag)
            wrapper.append(made)
            made = wrapper
        parts.append(made)

    add("".join(was[:begin]))
    add("".join(was[begin : len(was) - end]), "w:del")
    add("".join(now[begin : len(now) - end]), "w:ins")
    add("".join(was[len(was) - end :]))
    for part in parts:
        run.addprevious(part)
        if part.tag == qn("w:del"):
            strike(part)
    line.remove(run)


def _remove(line: Any, revision: Callable[[str], Any]) -> None:
    (run,) = _runs(line)
    wrapper = revision("w:del")
    run.addprevious(wrapper)
    wrapper.append(run)
    strike(wrapper)
    _mark_end(line, revision("w:del"))


def _added(like: Any, text: str, revision: Callable[[str], Any]) -> Any:
    made = element("w:p")
    made.append(deepcopy(like.pPr))
    for mark in made.pPr.findall(qn("w:rPr")):
        made.pPr.remove(mark)
    wrapper = revision("w:ins")
    wrapper.append(_run(_any_run(like), text))
    made.append(wrapper)
    _mark_end(made, revision("w:ins"))
    return made


def _mark_end(line: Any, mark: Any) -> None:
    properties = element("w:rPr")
    properties.append(mark)
    line.pPr.append(properties)


def _run(like: Any, text: str) -> Any:
    made = element("w:r")
    if like.find(qn("w:rPr")) is not None:
        made.append(deepcopy(like.find(qn("w:rPr"))))
    piece = element("w:t")
    piece.text = text
    piece.set(name_of("xml:space"), "preserve")
    made.append(piece)
    return made


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _lines(body: Any, style: str) -> list[Any]:
    return [
        line
        for line in body.iter(qn("w:p"))
        if line.pPr is not None and line.pPr.style == style
    ]


def _runs(line: Any) -> list[Any]:
    return [run for run in line.findall(qn("w:r")) if run.find(qn("w:t")) is not None]


def _any_run(line: Any) -> Any:
    """How its text looks, also where it was struck just now."""
    return next(r for r in line.iter(qn("w:r")) if len(r.xpath("w:t|w:delText")))


def _texts(lines: Iterable[Any]) -> list[str]:
    return [_text(line) for line in lines]


def _text(line: Any) -> str:
    return "".join(piece.text or "" for piece in line.iter(qn("w:t")))


def _is_plain(line: Any) -> bool:
    """One run of text, whatever comments hang on it."""
    (run, *others) = _runs(line) or [None]
    if run is None or others or len(run.findall(qn("w:t"))) != 1:
        return False
    return all(child.tag in (qn("w:t"), qn("w:rPr")) for child in run)
