"""Letterhead fields from an imported file: our own layout, or the usual header table.

Our own files name each part by its style. Other files are read by what the parts say
(Quốc hiệu, "Số:", "V/v", "Kính gửi", "Nơi nhận"); a table without the usual form stays
in the body as it is. Text must never vanish: what is not understood is left where it
was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from collab.content.tree import (
    Block,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Rule,
    Run,
    Table,
    iter_paragraphs,
)
from server.common.text import search_key
from server.publishing.document_types import LETTER, type_names
from server.publishing.letterhead import bare_dispatcher, bare_line, bare_subject
from server.publishing.rules import all_rules

_NUMBER = re.compile(r"Số\s*:?\s*(?P<number>\d{0,6}[a-zđ]?)\s*/\s*(?P<notation>\S.*)?$")
_PARTY_NUMBER = re.compile(
    r"Số\s+(?P<number>\d{0,6}[a-zđ]?)\s*-\s*(?P<notation>[A-ZĐ]\S*/\S.*)$"
)
_DATE = re.compile(
    r"(?:(?P<place>.{1,80}?),\s*)?ngày\s*(?P<day>\d{0,2})[\s,….]*tháng\s*"
    r"(?P<month>\d{0,2})[\s,….]*năm\s*(?P<year>\d{4})?",
    re.IGNORECASE,
)
_PARTY = search_key("Đảng Cộng sản Việt Nam")
_COUNTRY = search_key("Cộng hòa xã hội chủ nghĩa Việt Nam")
_MOTTO = search_key("Độc lập Tự do Hạnh phúc")
_TYPE_CODES = {
    search_key(name): code
    for kind in ("party", "state")
    for code, name in type_names(kind).items()
}
_STAMP_KEYS = {
    search_key(stamp.text): key
    for rules in all_rules()
    for key, stamp in rules.stamps.items()
}
# What a form says by itself is no field.
_SECOND_POSITIONS = {
    layout.second_position for rules in all_rules() for layout in rules.types.values()
}
_TO = "DuAddressees"
_LOOK_AHEAD = 12  # blocks from the top in which a header may stand
_MAX_LINES = 60

Found = dict[str, str]


def fields_of_own(head: dict[str, list[str]]) -> Found:
    """Fields from paragraphs in our own letterhead styles, by style id."""
    found: Found = {}
    for style_id, name in (
        ("DuIssuerParent", "issuer_parent"),
        ("DuIssuer", "issuer"),
        ("DuSubject", "subject"),
        ("DuSignerAuthority", "signer_authority"),
        ("DuSignerPosition", "signer_position"),
        ("DuSignerName", "signer_name"),
        ("DuTypist", "typist"),
        ("DuEnactingAuthority", "enacting_authority"),
        ("DuSecondName", "second_name"),
        ("DuHandling", "handling"),
        ("DuContact", "contact"),
    ):
        if style_id in head:
            found[name] = "\n".join(head[style_id])
    for text in head.get("DuNumber", ()):
        found |= _number_fields(text)
    for text in head.get("DuPlaceDate", ()):
        found |= _date_fields(text)
    for text in head.get("DuDispatcher", ()):
        found["dispatcher"] = bare_dispatcher(text)
    addressees = [re.sub(r"^Kính gửi\s*:?\s*", "", t) for t in head.get(_TO, ())]
    addressees += head.get("DuAddressee", [])
    for name, lines in (
        ("addressees", addressees),
        ("recipients", head.get("DuRecipient", [])),
    ):
        bare = [b for b in map(bare_line, lines) if b]
        if bare:
            found[name] = "\n".join(bare)
    for text in head.get("DuUrgency", ()):
        found["urgency"] = _STAMP_KEYS.get(search_key(text), "normal")
    for text in head.get("DuTypeName", ()):
        code = _TYPE_CODES.get(search_key(text))
        if code:
            found["document_type"] = code
    if "DuLetterSubject" in head:
        found["subject"] = bare_subject("\n".join(head["DuLetterSubject"]))
    if head.get("DuCountry") and "document_type" not in found:
        found["document_type"] = LETTER
    if any(_PARTY in search_key(text) for text in head.get("DuCountry", ())):
        found["rule_kind"] = "party"
    position = "\n".join(head.get("DuSecondPosition", ()))
    if position not in _SECOND_POSITIONS:
        found["second_position"] = position
    return found


def take_letterhead(blocks: tuple[Block, ...]) -> tuple[Found, tuple[Block, ...]]:
    """Fields from the usual header of a foreign file, and the blocks without it."""
    for index, block in enumerate(blocks[:_LOOK_AHEAD]):
        if isinstance(block, Table):
            found = _read_header(block)
            if found is not None:
                before = tuple(b for b in blocks[:index] if not _is_blank(b))
                rest = _read_titles(found, _lstrip(blocks[index + 1 :]))
                rest = _read_addressees(found, _lstrip(rest))
                return found, before + _read_end(found, _lstrip(rest))
    return {}, blocks


def _read_header(table: Table) -> Found | None:
    """None when this is not the header table: Quốc hiệu right of an issuer."""
    if not table.rows or any(len(row.cells) not in (1, 2, 3) for row in table.rows):
        return None
    left: list[Paragraph] = []
    right: list[Paragraph] = []
    for row in table.rows:
        if len(row.cells) < 2:
            return None
        left += iter_paragraphs(row.cells[0].blocks)
        right += iter_paragraphs(row.cells[-1].blocks)
    right_lines = [line for line, _ in _lines(right)]
    keys = [" ".join(re.findall(r"\w+", search_key(line))) for line in right_lines]
    if not any(_COUNTRY in key for key in keys) or len(keys) > _MAX_LINES:
        return None
    found: Found = {"document_type": LETTER}
    for line, key in zip(right_lines, keys, strict=True):
        if _COUNTRY not in key and _MOTTO not in key:
            dated = _date_fields(line)
            if not dated and not _is_line(line):
                return None  # something stands there that we would lose
            found |= dated
    return found if _read_left(found, _lines(left)) else None


def _read_left(found: Found, lines: list[tuple[str, bool]]) -> bool:
    """Issuer, number and subject from the left column; False = not understood."""
    issuers: list[tuple[str, bool]] = []
    subject: list[str] = []
    for line, is_bold in lines:
        if _is_line(line):
            continue
        key = search_key(line)
        if _NUMBER.match(line):
            found |= _number_fields(line)
        elif key in _STAMP_KEYS:
            found["urgency"] = _STAMP_KEYS[key]
        elif subject or line.casefold().startswith(("v/v", "về việc")):
            subject.append(line)
        elif "notation" in found:
            return False
        else:
            issuers.append((line, is_bold))
    if not issuers:
        return False
    bold = [line for line, is_bold in issuers if is_bold]
    if not bold or len(bold) == len(issuers):
        bold = [issuers[-1][0]]
    found["issuer"] = "\n".join(bold)
    parents = [line for line, _ in issuers if line not in bold]
    found["issuer_parent"] = "\n".join(parents)
    if subject:
        found["subject"] = bare_subject(" ".join(subject))
    return True


def _read_titles(found: Found, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """ "QUYẾT ĐỊNH" and the centred lines below it."""
    if not blocks or not isinstance(blocks[0], Paragraph):
        return blocks
    lines = [line for line, _ in _lines([blocks[0]])]
    code = _TYPE_CODES.get(search_key(lines[0])) if lines else None
    if code is None or lines[0].upper() != lines[0]:
        return blocks
    found["document_type"] = code
    subject = lines[1:]
    rest = blocks[1:]
    while rest and isinstance(rest[0], Paragraph) and rest[0].align == "center":
        more = _lines([rest[0]])
        if not all(is_bold or _is_line(line) for line, is_bold in more) or not more:
            break
        subject += [line for line, _ in more if not _is_line(line)]
        rest = rest[1:]
        if len(subject) > 8:
            return blocks
    if subject:
        found["subject"] = " ".join(subject)
    return rest


def _read_addressees(found: Found, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    if not blocks or not isinstance(blocks[0], Paragraph):
        return blocks
    match = re.match(r"\s*Kính gửi\s*:?\s*", blocks[0].text)
    if match is None:
        return blocks
    names = [b for b in map(bare_line, blocks[0].text[match.end() :].split("\n")) if b]
    rest = blocks[1:]
    if not names:
        # One a line, each with a dash or in a list, until the line that ends with ".".
        while rest:
            head = rest[0]
            if isinstance(head, ListBlock):
                names += [bare_line(p.text) for p in iter_paragraphs([head])]
                rest = rest[1:]
                break
            if not isinstance(head, Paragraph) or not re.match(r"\s*[-–+]", head.text):
                break
            names.append(bare_line(head.text))
            rest = rest[1:]
    if not names:
        return blocks
    found["addressees"] = "\n".join(names)
    return rest


def _read_end(found: Found, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The last table with "Nơi nhận" left and the signer right."""
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if isinstance(block, Table):
            ended = _read_end_table(block)
            if ended is None:
                return blocks
            after = tuple(b for b in blocks[index + 1 :] if not _is_blank(b))
            found |= ended
            return _rstrip(blocks[:index]) + after
    return blocks


def _read_end_table(table: Table) -> Found | None:
    if not table.rows or any(len(row.cells) != 2 for row in table.rows):
        return None
    left = [t for t, _ in _lines(_column(table, 0))]
    right = [t for t, _ in _lines(_column(table, 1)) if not _is_line(t)]
    if not left or not search_key(left[0]).startswith("noi nhan"):
        return None
    recipients = [b for b in map(bare_line, left[1:]) if b]
    if not recipients or not 1 <= len(right) <= 8 or len(left) > _MAX_LINES:
        return None
    found: Found = {"recipients": "\n".join(recipients)}
    titles = [line for line in right if line.upper() == line]
    names = [line for line in right if line.upper() != line]
    if len(names) > 1:
        return None
    if names:
        found["signer_name"] = names[0]
    # "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH": for whom, then what the signer is.
    if len(titles) > 1 or (titles and titles[0].startswith("TM.")):
        found["signer_authority"] = titles[0]
        found["signer_position"] = "\n".join(titles[1:])
    elif titles:
        found["signer_position"] = titles[0]
    return found


def _number_fields(line: str) -> Found:
    bare = " ".join(line.split())
    match = _PARTY_NUMBER.match(bare) or _NUMBER.match(bare)
    if match is None:
        return {}
    found = {"notation": (match["notation"] or "").strip()}
    if match["number"]:
        found["number"] = match["number"]
    return found


def _date_fields(line: str) -> Found:
    match = _DATE.search(" ".join(line.split()))
    if match is None:
        return {}
    found = {"place": (match["place"] or "").strip()}
    try:
        when = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except (TypeError, ValueError):
        return found
    return found | {"date": when.isoformat()}


def _column(table: Table, index: int) -> list[Paragraph]:
    return [p for row in table.rows for p in iter_paragraphs(row.cells[index].blocks)]


def _lines(paragraphs: Iterable[Paragraph]) -> list[tuple[str, bool]]:
    """Text lines that are not empty, and whether a line is bold."""
    lines: list[tuple[str, bool]] = []
    for paragraph in paragraphs:
        text, bold = "", True
        for inline in (*paragraph.inlines, LineBreak()):
            if isinstance(inline, Run):
                text += inline.text
                if inline.text.strip() and "bold" not in inline.marks:
                    bold = False
                continue
            joined = " ".join(text.split())
            if joined:
                lines.append((joined, bold))
            text, bold = "", True
    return lines


def _is_line(text: str) -> bool:
    """Dashes or underscores that stand for a drawn line."""
    return not any(c.isalnum() for c in text)


def _is_blank(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return not block.text.strip()
    return isinstance(block, Rule)


def _lstrip(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    while blocks and _is_blank(blocks[0]):
        blocks = blocks[1:]
    return blocks


def _rstrip(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    while blocks and (_is_blank(blocks[-1]) or isinstance(blocks[-1], PageBreak)):
        blocks = blocks[:-1]
    return blocks
