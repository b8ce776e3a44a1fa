"""A letter is signed by the person, numbered, and signed by the organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from server.common import clock
from server.common.errors import Conflict, InvalidInput, Unavailable
from server.publishing.pdf_export import to_pdf
from server.publishing.pdf_places import PT_PER_MM
from server.publishing.rules import choose_rules
from server.publishing.signing.keys import Pkcs12Signer
from server.publishing.signing.report import Place, Since, Verdict
from server.publishing.signing.sign import (
    Signing,
    sign_attachment,
    sign_organisation,
    sign_person,
    write_number,
    written_time,
)
from server.publishing.signing.verify import verify
from tests.support.printed import DPI, Box, Printed, around, need_poppler
from tests.support.signing import (
    LEADER,
    NOON,
    OFFICE,
    handwriting,
    issued,
    keys,
    letter,
    seal,
    signed_by_person,
)
from tests.unit.server.publishing.samples import LETTER, images

RULES = choose_rules(date(2026, 11, 22))


def leader() -> Signing:
    return Signing(keys().leader, NOON)


def office() -> Signing:
    return Signing(keys().office, NOON)


def field(pdf: bytes, name: str) -> Any:
    form = PdfFileReader(BytesIO(pdf)).root["/AcroForm"]
    found = [f.get_object() for f in form["/Fields"]]
    return next(f for f in found if f["/T"] == name)


def rect(pdf: bytes, name: str) -> list[float]:
    return [float(value) for value in field(pdf, name)["/Rect"]]


def test_each_step_only_adds_to_the_bytes_before() -> None:
    first, last = signed_by_person(), issued()
    assert first.startswith(letter()[0])
    assert last.startswith(first)


def test_both_signatures_hold_on_the_issued_letter() -> None:
    report = verify(issued(), keys().anchors, NOON + timedelta(days=1))
    assert report.verdict is Verdict.VALID
    person, organisation = report.signatures
    assert (person.place, person.signer) == (Place.PERSON, LEADER)
    assert (organisation.place, organisation.signer) == (Place.ORGANISATION, OFFICE)
    assert person.since is Since.ALLOWED
    assert organisation.since is Since.UNCHANGED
    assert person.signed_at == NOON


def test_person_signature_holds_while_the_number_is_added() -> None:
    numbered = write_number(signed_by_person(), "328", date(2026, 11, 22))
    (person,) = verify(numbered, keys().anchors, NOON).signatures
    assert person.holds
    assert person.since is Since.ALLOWED


def test_number_and_date_are_written_as_the_decree_writes_them() -> None:
    pdf = write_number(signed_by_person(), "5", date(2026, 2, 3))
    written = [str(field(pdf, name)["/V"]) for name in ("number", "day", "month")]
    assert written == ["05", "03", "02"]
    later = write_number(signed_by_person(), "12a", date(2026, 3, 15))
    assert str(field(later, "month")["/V"]) == "3"


@pytest.mark.parametrize("number", ["5", "328", "12a", "12345"])
def test_what_is_written_in_stands_as_if_it_had_been_printed(
    number: str, tmp_path: Path
) -> None:
    """No blank before the stroke, one beside day and month, and nothing is cut off."""
    need_poppler()
    path = tmp_path / "letter.pdf"
    path.write_bytes(write_number(signed_by_person(), number, date(2026, 11, 22)))
    (sheet, *_rest) = Printed(path).sheets
    shown = "05" if number == "5" else number
    written, notation = sheet.find(shown), sheet.find("/VPUBND-HCTC")
    assert written.left > sheet.find("Số:").right
    assert notation.left == pytest.approx(written.right, abs=0.1)
    words = [sheet.find(word) for word in ("ngày", "22", "tháng", "11", "năm", "2026")]
    gaps = [after.left - word.right for word, after in pairwise(words)]
    assert gaps == pytest.approx([gaps[-1]] * len(gaps), abs=0.3)
    ink = sheet_ink(Printed(path), around([written, notation]))
    printed = tmp_path / "printed.pdf"
    fields = replace(LETTER.fields, number=number, date="2026-11-22")
    with clock.fixed(NOON):
        printed.write_bytes(to_pdf(replace(LETTER, fields=fields), images))
    (whole, *_more) = Printed(printed).sheets
    as_printed = sheet_ink(Printed(printed), whole.find(f"{shown}/VPUBND-HCTC"))
    assert ink == pytest.approx(as_printed, rel=0.03)


def sheet_ink(printed: Printed, box: Box) -> int:
    """How many dark points the letters of these words have."""
    left, top, right, bottom = (
        round(mm * DPI / 25.4)
        for mm in (box.left - 0.5, box.top, box.right + 0.5, box.bottom)
    )
    cut = printed.picture(1).convert("L").crop((left, top, right, bottom))
    return sum(255 - level for level in cut.tobytes())


def test_number_is_written_once() -> None:
    numbered = write_number(signed_by_person(), "328", date(2026, 11, 22))
    with pytest.raises(Conflict) as caught:
        write_number(numbered, "329", date(2026, 11, 22))
    assert caught.value.code == "already_numbered"


def test_file_numbered_before_it_was_signed_stays_as_it_is() -> None:
    pdf, places = letter()
    bare = replace(places, number=None, day=None, month=None)
    signed = sign_person(pdf, leader(), handwriting(), bare)
    assert write_number(signed, "328", date(2026, 11, 22)) == signed


def test_signature_lies_between_position_and_name() -> None:
    place = letter()[1].signature
    assert place is not None
    left, bottom, right, top = rect(issued(), "signer")
    assert place.left <= left < right <= place.right
    assert place.bottom - 0.01 <= bottom < top <= place.top + 0.01


def test_seal_has_its_actual_size_and_covers_a_third_at_the_left() -> None:
    left, bottom, right, top = rect(issued(), "organisation")
    sign_left, _bottom, sign_right, _top = rect(issued(), "signer")
    seal_mm = choose_rules(NOON.date()).signing.seal_mm
    assert right - left == pytest.approx(seal_mm * PT_PER_MM, abs=0.01)
    assert top - bottom == pytest.approx(seal_mm * PT_PER_MM, abs=0.01)
    covered = (right - sign_left) / (sign_right - sign_left)
    assert covered == pytest.approx(1 / 3, abs=0.01)
    assert left < sign_left


def test_file_stays_pdf_1_7() -> None:
    reader = PdfFileReader(BytesIO(issued()))
    assert reader.input_version == (1, 7)


def test_organisation_signs_after_the_person_only() -> None:
    with pytest.raises(Conflict) as caught:
        sign_organisation(letter()[0], office(), seal())
    assert caught.value.code == "not_signed_yet"


@pytest.mark.parametrize("again", ["person", "organisation"])
def test_nobody_signs_twice(again: str) -> None:
    with pytest.raises(Conflict) as caught:
        if again == "person":
            sign_person(issued(), leader(), handwriting(), letter()[1])
        else:
            sign_organisation(issued(), office(), seal())
    assert caught.value.code == "already_signed"


def test_document_without_a_name_has_no_place_for_a_signature() -> None:
    pdf, places = letter()
    with pytest.raises(Conflict) as caught:
        sign_person(pdf, leader(), handwriting(), replace(places, signature=None))
    assert caught.value.code == "no_place_to_sign"


def test_wrong_password_opens_no_key_and_is_not_shown() -> None:
    bad = Pkcs12Signer(keys().leader.data, b"sai-mat-khau")
    pdf, places = letter()
    with pytest.raises(Unavailable) as caught:
        sign_person(pdf, Signing(bad, NOON), handwriting(), places)
    assert caught.value.code == "key_unusable"
    assert "sai-mat-khau" not in repr(bad) + str(caught.value)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04", issued()[:5000]])
def test_what_is_no_whole_pdf_is_not_signed(data: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        sign_attachment(data, office(), "328/VPUBND-HCTC")
    assert caught.value.code == "not_a_pdf"


def test_attachment_is_signed_with_text_at_the_top_right() -> None:
    pdf = sign_attachment(letter()[0], office(), "328/VPUBND-HCTC")
    left, bottom, right, top = rect(pdf, "attachment")
    assert 842 - top < 30
    assert 595 - right < 30
    assert right - left > 150
    assert top - bottom < 15
    report = verify(pdf, keys().anchors, NOON)
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].place is Place.ATTACHMENT


def test_time_is_written_in_vietnam_with_its_zone() -> None:
    assert written_time(NOON, RULES) == "22.11.2026 12:00:00 +07:00"
    new_year = datetime(2026, 1, 4, 20, 5, 9, tzinfo=UTC)
    assert written_time(new_year, RULES) == "05.01.2026 03:05:09 +07:00"
