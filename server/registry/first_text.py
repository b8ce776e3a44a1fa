"""The first text of a new draft: the form of its type, with the letterhead filled in.

Texts are data (data/first_texts.toml) and are Vietnamese whatever the language of the
screen: they are the document, not the interface. Must never invent a name, a number
or a date; what the author has to write is marked "…".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from collab.content.tree import Content, Fields, Paragraph, Run, Style
from server.accounts.models import Organisation, Unit
from server.common import text
from server.publishing.rules import Kind
from server.registry.document_types import DocumentType
from server.registry.numbering.notation import Form, compose_notation
from server.registry.standing import policy_of

_FILE = Path(__file__).parent / "data" / "first_texts.toml"
_TITLES = Path(__file__).parent / "data" / "head_titles.toml"
_PREFIXES = ("v/v ", "v/v: ", "về việc ")


@lru_cache(maxsize=1)
def _titles() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(
        text.nfc(_TITLES.read_text("utf-8"))
    )
    return found


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, Any]]:
    forms: dict[str, dict[str, Any]] = tomllib.loads(text.nfc(_FILE.read_text("utf-8")))
    for name, form in forms.items():
        for style, _words in form["blocks"]:
            if style not in get_args(Style):
                raise ValueError(f"{_FILE.name}: {name}: unknown style {style}")
    return forms


def content_for(
    kind: DocumentType,
    unit: Unit | None,
    *,
    title: str,
    blank: bool = False,
    template: str = "",
    document: str = "",
) -> Content:
    """Letterhead and first paragraphs. A blank draft has the letterhead only.

    `template` is another than the type's own, by the name that it has under the State's
    norm; `document` names what the draft is about ("Công văn số 328/VPUBND-HCTC ngày
    27/11/2026 …").
    """
    is_party = kind.norm == "party"
    if template and is_party:
        template = f"party_{template}"
    form = _forms()[template or kind.template]
    subject = subject_from(title)
    words = {
        "organisation": unit.organisation.name if unit else "…",
        "unit": unit.abbreviation if unit else "…",
        "subject": subject,
        "document": document,
    }
    fields = Fields(
        document_type=kind.code,
        rule_kind=kind.norm if is_party else "",
        issuer_parent=_parent_line(unit.organisation, kind.norm) if unit else "",
        issuer=_issuer_line(unit.organisation) if unit else "",
        notation=notation_for(kind, unit),
        place=unit.organisation.place if unit else "",
        subject=subject,
        addressees="" if blank else form.get("addressees", ""),
        recipients="" if blank else form["recipients"].format(**words),
        enacting_authority=_authority_line(form.get("authority", ""), unit),
    )
    if blank:
        return Content(fields, (Paragraph(),))
    own = {name: text.format(**words) for name, text in form.get("fields", {}).items()}
    fields = replace(fields, **own)
    blocks = tuple(
        Paragraph((Run(line.format(**words)),), style=style)
        for style, line in form["blocks"]
    )
    return Content(fields, blocks)


def subject_from(title: str) -> str:
    """The trích yếu without "V/v": the layout writes that where the form wants it."""
    for prefix in _PREFIXES:
        if title.casefold().startswith(prefix):
            return title[len(prefix) :].strip()
    return title


def notation_for(kind: DocumentType, unit: Unit | None) -> str:
    """`VPUBND-HCTC` for a công văn, `QĐ-VPUBND` for a type with a name; `QĐ/ĐU` for
    every type of the Party."""
    if unit is None:
        return kind.abbreviation
    form = Form.PARTY if kind.norm == "party" else Form.DECREE_30
    organisation = unit.organisation.abbreviation
    return compose_notation(form, kind.abbreviation, organisation, unit.abbreviation)


def _authority_line(whose: str, unit: Unit | None) -> str:
    """ "CHÁNH VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH X" above the bases of a decision; the
    organisation itself for a collective and where its head has no known title."""
    if not whose or unit is None:
        return ""
    titles = _titles()
    name = unit.organisation.name
    for short, full in titles["full_names"].items():
        name = re.sub(rf"\b{short}\b", full, name)
    if whose == "head":
        for opening, title in titles["heads"].items():
            if name.startswith(f"{opening} "):
                name = title + name[len(opening) :]
                break
    return name.upper()


def _parent_line(organisation: Organisation, norm: Kind) -> str:
    """Above a committee of the Party stands another one, and no office of the State."""
    parent = organisation.parent
    if parent is None or (norm == "party" and policy_of(parent.pk).norm != norm):
        return ""
    return parent.name.upper()


def _issuer_line(organisation: Organisation) -> str:
    """ "Văn phòng UBND tỉnh X" under "UBND tỉnh X" is printed as "VĂN PHÒNG"."""
    name = organisation.name
    if organisation.parent:
        name = name.removesuffix(organisation.parent.name).strip() or name
    return name.upper()
