"""The check of secrecy: a mark is told while the draft is still being written.

What bears one may not be in a networked system, so this fault is severe under every
rule-set, and no click mends it. Pure; must never quote the mark.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collab.content.tree import TEXT_FIELDS
from server.publishing.check.faults import SEVERE, Checked, Fault, Place
from server.publishing.letterhead import clean_text
from server.publishing.secrecy_marks import FIRST_LINES, SecrecyMarks

RULE = "secrecy_mark"
_MESSAGE = _(
    "Ghi độ mật: văn bản mật không được soạn trên hệ thống nối mạng và không trình"
    " được ở đây. Hãy soạn trên máy không nối mạng; nếu văn bản không mật, hãy bỏ dấu"
    " độ mật."
)


def check_secrecy(doc: Checked, marks: SecrecyMarks) -> None:
    """In any field of the letterhead, or alone in one of the first lines."""
    for name in TEXT_FIELDS:
        text = clean_text(getattr(doc.content.fields, name))
        if marks.bear([text]):
            _add(doc, marks, Place(field=name, end=len(text)))
    seen = 0
    for index, text in enumerate(doc.texts):
        start = 0
        for line in text.split("\n"):
            if seen >= FIRST_LINES:
                return
            seen += bool(line.strip())
            if marks.bear([line]):
                place = Place(paragraph=index, start=start, end=start + len(line))
                _add(doc, marks, place)
            start += len(line) + 1


def _add(doc: Checked, marks: SecrecyMarks, place: Place) -> None:
    doc.found.append(Fault(RULE, SEVERE, _MESSAGE, marks.source, place))
