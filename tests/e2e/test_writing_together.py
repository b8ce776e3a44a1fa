"""Two people at two computers write one draft in real browsers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def two(office: Office, person: Person) -> Callable[[], tuple[str, Desk, Desk]]:
    """A draft of two people, open on both computers."""

    def both() -> tuple[str, Desk, Desk]:
        draft = office.create_draft()
        office.share(draft, "sotttt", "edit")
        tuyet, dat = person("chuyenvien").open(draft), person("sotttt").open(draft)
        tuyet.save_status("saved")
        dat.save_status("saved")
        return draft, tuyet, dat

    return both


Two = Callable[[], tuple[str, Desk, Desk]]


def _agree(left: Desk, right: Desk, *parts: str) -> None:
    """Both pages show the same text, with all of these in it, and all is saved."""
    until(
        lambda: left.text == right.text and all(part in left.text for part in parts),
        20,
        what=f"both show {parts}",
    )
    left.save_status("saved")
    right.save_status("saved")


def test_two_people_type_at_once_and_see_each_other(office: Office, two: Two) -> None:
    draft, tuyet, dat = two()
    tuyet.click_end(0)
    tuyet.type("Kính gửi các sở.")
    tuyet.page.keyboard.press("Enter")
    dat.sees("Kính gửi các sở.")
    dat.click_end(1)
    for hers, his in zip("Thực hiện chỉ đạo", "Căn cứ đề nghị   ", strict=True):
        tuyet.type(hers)
        dat.type(his)
    expect(tuyet.page.locator(".ed-caret-name")).to_have_text("Phạm Quốc Đạt")
    expect(dat.page.locator(".ed-caret-name")).to_have_text("Trần Thị Ánh Tuyết")
    _agree(tuyet, dat)
    typed = sorted("Kính gửi các sở.Thực hiện chỉ đạoCăn cứ đề nghị   ")
    assert sorted(tuyet.text.replace("\n", "").replace("\xa0", " ")) == typed
    until(lambda: "Kính gửi các sở." in office.text(draft), what="it is in the log")


def test_what_was_typed_offline_is_merged_on_return(two: Two) -> None:
    _draft, tuyet, dat = two()
    dat.go_offline()
    dat.save_status("offline")
    dat.click_end()
    dat.type("viết trên đường")
    expect(dat.page.locator(".ed-save")).to_contain_text("chưa gửi")
    tuyet.click_end()
    tuyet.type("viết ở cơ quan ")
    tuyet.save_status("saved")
    tuyet.sees_not("trên đường")
    dat.go_online()
    _agree(tuyet, dat, "viết trên đường", "viết ở cơ quan")


def test_a_right_that_ends_stops_the_typing_within_a_second(
    office: Office, two: Two
) -> None:
    draft, tuyet, dat = two()
    dat.click_end()
    dat.type("lời đã nhận")
    tuyet.sees("lời đã nhận")
    # A machine that does other work delays one of the attempts; a fault delays each.
    for attempt in range(3):
        if attempt:
            office.share(draft, "sotttt", "edit")
            dat.page.wait_for_selector(".ed-app:not(.is-read-only)")
        office.share(draft, "sotttt", "view")
        ended = time.monotonic()
        dat.page.wait_for_selector(".ed-app.is-read-only")
        taken = time.monotonic() - ended
        if taken < 1.0:
            break
    assert taken < 1.0
    dat.type(" lời quá muộn")
    tuyet.click_start()
    tuyet.type("[xong] ")
    dat.sees("[xong]")
    tuyet.sees_not("quá muộn")
    assert "quá muộn" not in office.text(draft)


def test_nothing_is_lost_when_the_server_dies_while_people_type(
    office: Office, two: Two
) -> None:
    draft, tuyet, dat = two()
    tuyet.click_end()
    tuyet.type("trước ")
    tuyet.page.keyboard.press("Enter")
    dat.sees("trước")
    dat.click_end(0)
    dat.type("và ")
    office.kill()
    tuyet.type("trong lúc máy chủ tắt ")
    dat.type("cả lúc này ")
    tuyet.save_status("offline")
    office.start()
    tuyet.type("và sau đó")
    _agree(tuyet, dat, "trước", "và cả lúc này", "trong lúc máy chủ tắt và sau đó")
    until(lambda: "máy chủ tắt và sau đó" in office.text(draft), what="it is stored")


def test_edits_left_in_a_tab_closed_offline_are_sent_at_the_next_visit(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    tuyet = person("chuyenvien").open(draft)
    tuyet.save_status("saved")
    tuyet.go_offline()
    tuyet.save_status("offline")
    tuyet.click_end()
    tuyet.type("viết rồi đóng máy")
    expect(tuyet.page.locator(".ed-save")).to_contain_text("17 thay đổi chưa gửi")
    tuyet.until_kept(17)
    tuyet.page.close()
    tuyet.go_online()
    assert "đóng máy" not in office.text(draft)
    tuyet.new_page()
    tuyet.go("/drafts/")
    notice = tuyet.page.locator("#unsent")
    expect(notice).to_contain_text("còn 1 dự thảo có thay đổi chưa gửi")
    notice.get_by_role("link").click()
    tuyet.sees("viết rồi đóng máy")
    tuyet.save_status("saved")
    until(lambda: "viết rồi đóng máy" in office.text(draft), what="it was sent")
    tuyet.go("/drafts/")
    expect(tuyet.page.locator(".dt-draft-title").first).to_be_visible()
    expect(notice).to_be_hidden()


def test_signing_out_keeps_what_was_not_sent_and_forgets_what_was(
    office: Office, person: Person
) -> None:
    sent, unsent = office.create_draft(), office.create_draft()
    tuyet = person("chuyenvien").open(sent)
    tuyet.click_end()
    tuyet.type("đã gửi")
    tuyet.save_status("saved")
    tuyet.open(unsent)
    tuyet.save_status("saved")
    tuyet.go_offline()
    tuyet.save_status("offline")
    tuyet.click_end()
    tuyet.type("chưa gửi")
    tuyet.until_kept(8)
    tuyet.page.close()
    tuyet.go_online()
    tuyet.new_page()
    tuyet.go("/drafts/")
    tuyet.page.locator(".dt-bar-button[data-bs-toggle=dropdown]").click()
    tuyet.page.get_by_role("button", name="Đăng xuất").click()
    expect(tuyet.page.locator("input[type=password]")).to_be_visible()
    held: dict[str, int] = tuyet.page.evaluate(
        """async () => {
            const held = {};
            for (const { name } of await indexedDB.databases()) {
                if (!name.startsWith('duthao:')) continue;
                const draft = name.split(':')[2];
                const db = await new Promise(done => {
                    const opening = indexedDB.open(name);
                    opening.onsuccess = () => done(opening.result);
                });
                const store = db.transaction('updates').objectStore('updates');
                held[draft] = await new Promise(done => {
                    const counting = store.count();
                    counting.onsuccess = () => done(counting.result);
                });
                db.close();
            }
            return held;
        }"""
    )
    assert held[sent] == 0
    assert held[unsent] > 0


@pytest.mark.parametrize("has_database", [True, False])
def test_leaving_warns_only_when_work_would_be_lost(
    office: Office, person: Person, has_database: bool
) -> None:
    draft = office.create_draft()
    tuyet = person("chuyenvien")
    if not has_database:
        tuyet.context.add_init_script(
            "Object.defineProperty(window, 'indexedDB', { value: undefined })"
        )
    tuyet.open(draft)
    tuyet.save_status("saved")
    questions: list[str] = []

    def answer(dialog: object) -> None:
        questions.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    tuyet.page.on("dialog", answer)
    tuyet.click_end()
    tuyet.type("đã gửi")
    tuyet.save_status("saved")
    tuyet.page.reload()
    assert questions == []
    tuyet.save_status("saved")
    tuyet.go_offline()
    tuyet.save_status("offline")
    tuyet.click_end()
    tuyet.type(" chưa gửi")
    tone = "warning" if has_database else "danger"
    expect(tuyet.page.locator(".ed-save")).to_have_attribute("data-tone", tone)
    if has_database:
        tuyet.until_kept(len(" chưa gửi"))
    with tuyet.page.expect_event("close"):
        tuyet.page.close(run_before_unload=True)
    assert questions == ([] if has_database else ["beforeunload"])
