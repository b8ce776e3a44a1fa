"""A slip in a file of the office is named when the server starts; nothing changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from server.config.wiring import OFFICE_MATTERS, read_office_rules
from tests.support.office_rules import Rules, changed

COLUMN = '{ name = "Số", shows = "document", width = %s }'


@pytest.mark.parametrize(
    ("matter", "base", "text", "named"),
    [
        ("procedure", "procedure-nd30-2020", '[forms.KT]\nmay_rest_on = ["XY"]',
         "forms.KT.may_rest_on: 'XY'"),
        ("procedure", "procedure-nd30-2020", "[forms]\nKT = false",
         "forms.KT: is missing"),
        ("procedure", "procedure-nd30-2020", "[transfer]\nworking_days.value = 90",
         "transfer.working_days: 90 is not between"),
        ("procedure", "procedure-nd30-2020", "[transfer]\nworking_days.value = true",
         "transfer.working_days: True is no int"),
        ("procedure", "procedure-nd30-2020", '[digitised]\noldest_pdf.value = "neu"',
         "digitised.oldest_pdf"),
        ("procedure", "procedure-nd30-2020", '[copies.SL]\nof = ["SX"]',
         "copies.SL.of: 'SX' is none of"),
        ("procedure", "procedure-nd30-2020", "[copies.SL]\nof = []",
         "copies.SL.of: names nothing"),
        ("procedure", "procedure-nd30-2020", "[copies]\nTrS = false",
         "copies.TrS: is missing"),
        ("procedure", "procedure-nd30-2020", "[terms]\na = 1", "terms: is not known"),
        ("layout", "nd30-2020", "[signing]\nseal_mm.value = 360",
         "signing.seal_mm: 360.0 is not between 15.0 and 60.0"),
        ("layout", "nd30-2020", '[seals]\nA = { value = 360, source = "x" }',
         "seals.A: 360.0 is not between"),
        ("layout", "nd30-2020", "[seals]\nA = { value = 34 }", "seals.A: says no"),
        ("layout", "nd30-2020", "[seals]\nA = 34", "seals.A: is missing"),
        ("layout", "nd30-2020", "[zeros]\nmonth_below.value = 13",
         "zeros.month_below: 13 is not between"),
        ("check", "check-nd30-2020", '[capitals.a]\nwrong = "("\nright = "x"\n'
         'source = "x"', "capitals.a.wrong"),
        ("check", "check-nd30-2020", '[capitals.a]\nwrong = "a"\nright = "{1}"\n'
         'source = "x"', "capitals.a.right: no group 1"),
        ("check", "check-nd30-2020", '[abbreviations.a]\nwords = "AB"\nsource = "x"',
         "abbreviations.a.words"),
        ("check", "check-nd30-2020", '[academic_titles.a]\nwords = [" "]\n'
         'source = "x"', "academic_titles.a.words: an empty word"),
        ("check", "check-nd30-2020", '[academic_titles.a]\nwords = ["AB"]',
         "academic_titles.a: says no source"),
        ("types", "types-nd30-2020", '[type.CV]\ntemplate = "no"',
         "type.CV.template: 'no' is none of"),
        ("types", "types-nd30-2020", '[type.CV]\nname = ""', "type.CV.name"),
        ("types", "types-nd30-2020", '[type.ABCDEFGHIJK]\nabbreviation = "A"\n'
         'name = "A"\ntemplate = "named"\nsource = "x"', "type.ABCDEFGHIJK: the code"),
        ("archive", "nd-30-2020-d30", "[retention.y10]\nyears = 0",
         "retention.y10.years: 0 is not between"),
        ("archive", "nd-30-2020-d30", '[work.x]\nname = "X"\nsource = "x"',
         "months.x: every kind of work"),
        ("archive", "nd-30-2020-d30", "[hand_over]\nnotice_days.value = 900",
         "hand_over.notice_days: 900 is not between"),
        ("archive", "nd-30-2020-d30", '[rights.open]\nname = ""', "rights.open.name"),
        ("books", "nd-30-2020-pl-iv", f"[follow_up]\ncolumns = [{COLUMN % 250}]",
         "follow_up.columns: 250 mm do not fill the 257 mm"),
        ("books", "nd-30-2020-pl-iv", f"[follow_up]\ncolumns = [{COLUMN % 2}]",
         "follow_up.columns.1.width: 2.0 is not between"),
        ("books", "nd-30-2020-pl-iv", '[slip]\nparts.value = ["A"]', "slip.parts: 3"),
        ("books", "nd-30-2020-pl-iv", "[stamp]\nwidth_mm.value = 5",
         "stamp.width_mm: 5.0 is not between"),
        ("books", "nd-30-2020-pl-iv", '[follow_up]\ncolumns = [{ name = "Số", '
         'shows = "x", width = 257 }]', "follow_up.columns.1.shows: 'x' is none of"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_folder_file_and_key(
    office_rules: Rules, matter: str, base: str, text: str, named: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        office_rules(matter, changed(base, text))
    assert f"/rules/{matter}: office.toml: {named}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (changed("nd31", ""), "changes: 'nd31' is none of"),
        (changed("procedure-nd30-2020", "").replace("office", "procedure-nd30-2020"),
         "id: 'procedure-nd30-2020' is that of nd30-2020.toml"),
        (changed("procedure-nd30-2020", "", "2027-01-01\nvalid_to = 2026-01-01"),
         "valid_to: is before valid_from"),
        (changed("procedure-nd30-2020", "", '"2027"'), "valid_from: '2027' is no date"),
        ('changes = "procedure-nd30-2020"\nid = "x"', "valid_from: is missing"),
        ("[transfer", "office.toml: "),
        ('id = "x"\ntitle = "X"\nvalid_from = 2027-01-01', "forms: is missing"),
    ],
)  # fmt: skip
def test_a_fault_in_the_head_of_a_file_is_named(
    office_rules: Rules, text: str, named: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        office_rules("procedure", text)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("matter", "named"),
    [("chek", "chek/office.toml: is not read"), (".", "office.toml: is not read"),
     ("check/more", "check/more/office.toml: is not read")],
)  # fmt: skip
def test_a_file_that_nobody_would_read_is_named(
    office_rules: Rules, matter: str, named: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        office_rules(matter, changed("check-nd30-2020", ""))
    assert named in str(refused.value)


def test_a_fault_leaves_what_held_before(office_rules: Rules, tmp_path: Path) -> None:
    matter = OFFICE_MATTERS[0]
    held = [edition.id for edition in matter.editions()]
    with pytest.raises(ImproperlyConfigured):
        office_rules("check", "id = 1")
    assert [edition.id for edition in matter.editions()] == held
    read_office_rules(tmp_path / "nowhere")
    assert [edition.id for edition in matter.editions()] == held


# ── the page that offices read ───────────────────────────────────────────────────

PAGE = Path(__file__).parents[3] / "docs" / "office-rules.md"
OF_HEADING = {
    "How a file is written": ("procedure", "procedure-nd30-2020"),
    "Layout, numbers, seal and signature": ("layout", "nd30-2020"),
    "The check of form": ("check", "check-nd30-2020"),
    "Procedure": ("procedure", "procedure-nd30-2020"),
    "Document types": ("types", "types-nd30-2020"),
    "Case files": ("archive", "luat-33-2024-d17"),
    "Printed books": ("books", "nd-30-2020-pl-iv"),
}


@pytest.mark.parametrize("heading", OF_HEADING)
def test_the_examples_of_the_page_are_read_as_they_stand(
    office_rules: Rules, heading: str
) -> None:
    matter, base = OF_HEADING[heading]
    section = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    (example,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    office_rules(matter, example if "changes" in example else changed(base, example))


def test_the_page_names_every_matter_and_edition() -> None:
    page = PAGE.read_text("utf-8")
    for matter in OFFICE_MATTERS:
        assert f"{matter.name}/*.toml" in page
        for edition in matter.editions():
            assert f"`{edition.id}`" in page
