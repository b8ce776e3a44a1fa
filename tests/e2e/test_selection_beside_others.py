"""What somebody selects stays selected while a colleague writes."""

from __future__ import annotations

import pytest

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


def selected(desk: Desk) -> str:
    return str(desk.page.evaluate("String(getSelection())"))


def _sees(desk: Desk, words: str) -> None:
    until(lambda: selected(desk) == words, what=f"selected: {words}")


@pytest.mark.parametrize("beside", [1, 0])
def test_a_selection_stays_while_a_colleague_writes(
    office: Office, person: Person, beside: int
) -> None:
    """In another paragraph, and at the end of the same one."""
    draft = office.create_draft()
    office.share(draft, "truongphong", "edit")
    huong = person("chuyenvien").open(draft)
    huong.save_status("saved")
    huong.click_end(0)
    huong.type("Các đơn vị báo cáo kết quả")
    huong.press("Enter")
    huong.type("Khó khăn, vướng mắc")
    huong.save_status("saved")
    lam = person("truongphong").open(draft)
    lam.sees("Khó khăn")
    lam.click_end(beside)
    huong.click_end(0)
    huong.press("Home")
    words = ""
    for letter in "Các đơn vị":
        lam.type("x")
        huong.press("Shift+ArrowRight")
        words += letter
        _sees(huong, words)
    lam.type(" và nhiều chữ nữa")
    huong.sees("nhiều chữ nữa")
    assert selected(huong) == "Các đơn vị"
    huong.type("Sở")
    huong.save_status("saved")
    until(lambda: "Sở báo cáo kết quả" in lam.text, what="the words were replaced")
