"""A draft as a .docx for a colleague with Word: suggestions as revisions, threads as
comments, and what is needed to know the file again when it comes back.

The file says which draft it is of and at which place of the log; changes are tracked
from the first key on. Must never be what is issued or signed: that is
`server.publishing.docx_export`, which knows nothing of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree

from collab.content.normal import normalise
from collab.content.tree import Content
from server.publishing.docx_blocks import Images
from server.publishing.docx_comments import ThreadText, place_in_body, write_comments
from server.publishing.docx_elements import element
from server.publishing.docx_export import make_document
from server.publishing.docx_head_revisions import FieldChange, mark_fields
from server.publishing.docx_revisions import Ids, Names, ReviewWriter, label_ends
from server.publishing.rules import RuleSet

DRAFT, EPOCH, SEQ = "DuthaoDraft", "DuthaoEpoch", "DuthaoSeq"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    "custom-properties"
)
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # fixed by the format
# What stands before w:trackRevisions in the settings of our template.
_BEFORE_TRACKING = frozenset(qn(f"w:{name}") for name in ("zoom", "proofState"))


@dataclass(frozen=True, slots=True)
class Origin:
    """Which text this is: a draft, and the place in its log."""

    draft_id: str
    epoch: int
    seq: int


def to_review_docx(
    content: Content,
    images: Images,
    origin: Origin,
    names: Names,
    threads: Sequence[ThreadText] = (),
    rules: RuleSet | None = None,
    head: Sequence[FieldChange] = (),
) -> bytes:
    """`content` with its suggestions; `names` gives the name of their authors. `head`:
    what is suggested for fields of the letterhead."""
    content = normalise(content)
    points, ids, labels = place_in_body(threads), Ids(), label_ends(content.blocks)

    def writer(document: Any, given: Images) -> ReviewWriter:
        return ReviewWriter(document, given, names, points, ids, labels)

    document = make_document(content, images, rules, writer_of=writer)
    write_comments(document, threads)
    mark_fields(document, content, head, ids, rules)
    _track(document)
    _note_origin(document, origin)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _track(document: Any) -> None:
    settings = document.settings.element
    if settings.find(qn("w:trackRevisions")) is not None:
        return
    place = sum(1 for child in settings if child.tag in _BEFORE_TRACKING)
    settings.insert(place, element("w:trackRevisions"))


def _note_origin(document: Any, origin: Origin) -> None:
    root = etree.Element(f"{{{CUSTOM}}}Properties", nsmap={None: CUSTOM, "vt": TYPES})
    values = {DRAFT: origin.draft_id, EPOCH: origin.epoch, SEQ: origin.seq}
    for number, (name, value) in enumerate(values.items(), 2):
        entry = etree.SubElement(root, f"{{{CUSTOM}}}property")
        for key, text in (("fmtid", _FORMAT), ("pid", str(number)), ("name", name)):
            entry.set(key, text)
        # As text: a program that reads a number of 32 bits would break a long log.
        etree.SubElement(entry, f"{{{TYPES}}}lpwstr").text = str(value)
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    part = Part(PackURI("/docProps/custom.xml"), _CONTENT_TYPE, blob, package)
    package.relate_to(part, _RELATION)
