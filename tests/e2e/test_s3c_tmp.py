import re
import pytest
from tests.e2e.test_issuing import approve, issue, press, done, SUBJECT
from tests.support.office import run_command
pytestmark = [pytest.mark.browser, pytest.mark.server]

def shoot(desk, name):
    for w, h in ((1366, 768), (390, 844)):
        desk.page.set_viewport_size({"width": w, "height": h})
        desk.page.screenshot(path=f"/tmp/s3c_{name}_{w}.png", full_page=True)
    desk.page.set_viewport_size({"width": 1366, "height": 768})

def test_shots(office, person):
    run_command(office.data_dir, "seed", "--with-keys")
    approve(person)
    dao = person("vanthu")
    dao.go("/approvals/")
    dao.page.get_by_role("link", name=re.compile(SUBJECT)).first.click()
    dao.page.get_by_role("link", name="Phát hành…").click()
    shoot(dao, "issue")
    dao.go("/approvals/")
    issue(dao)
    address = dao.page.url.removeprefix(dao.base_url)
    dao.page.get_by_text("Gửi thêm nơi nhận").first.click()
    box = dao.page.get_by_role("searchbox", name="Tìm nơi nhận")
    box.fill("Báo Đắk Lắk")
    dao.page.locator("#recipient-found button").last.click()
    row = dao.page.locator("#recipients > li").last
    row.locator("select").select_option("email")
    row.locator("input[name^=address_]").fill("toasoan@baodaklak.vn")
    dao.page.get_by_role("button", name="Gửi", exact=True).click()
    shoot(dao, "distribution_before")
    dao.page.locator("summary").filter(has_text="Thu hồi").click()
    dao.page.locator("#recall-reason").fill("Ban hành nhầm phụ lục")
    press(dao, "Thu hồi văn bản")
    shoot(dao, "distribution")
    man = person("vanthuso")
    man.go("/received/")
    man.page.wait_for_timeout(500)
    shoot(man, "received")
    man.page.get_by_role("link", name=re.compile(SUBJECT)).click()
    shoot(man, "received_one")
    code = dao.page.locator(".dt-code").first.inner_text().strip()
    man.go(f"/verify/{code}")
    shoot(man, "verify")
