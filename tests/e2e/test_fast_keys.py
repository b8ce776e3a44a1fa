"""Keys that wait for each other, as on a slow computer, leave letters in order."""

from __future__ import annotations

from tests.support.browser import Person
from tests.support.office import Office
from tests.support.wait import until

LINES = ("Các sở báo cáo.", "Gửi trước ngày 15.", "Nơi nhận ghi theo mẫu.") * 3


def test_the_first_letter_after_enter_stays_the_first(
    office: Office, person: Person
) -> None:
    draft = office.create_draft("V/v kiểm tra định kỳ")
    desk = person("chuyenvien").open(draft)
    desk.click_end(0)
    for number, line in enumerate(LINES):
        if number:
            desk.page.keyboard.press("Enter")
        desk.page.keyboard.type(line)
    desk.save_status("saved")
    text = "\n".join(LINES)
    until(lambda: office.text(draft) == text, what="every letter is in its place")
