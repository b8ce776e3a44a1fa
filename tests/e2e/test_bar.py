"""The bar above every page stays on the page, whoever it is for."""

from __future__ import annotations

import pytest

from tests.support.browser import Person
from tests.support.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.server]
WIDTHS = (390, 768, 992, 1024, 1100, 1160, 1280, 1366, 1600)
# As full as it gets: numbers beside all that can have one.
FILL = "document.querySelectorAll('.dt-count').forEach(c => c.textContent = '88')"
BEYOND = "document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("user", ["quantri", "vanthu"])
def test_nothing_of_the_bar_leaves_the_page_at_any_width(
    office: Office, person: Person, user: str
) -> None:
    desk = person(user)
    desk.go("/account/delegations/")
    desk.page.wait_for_load_state("networkidle")
    desk.page.evaluate(FILL)
    beyond = {}
    for width in WIDTHS:
        desk.page.set_viewport_size({"width": width, "height": 500})
        beyond[width] = desk.page.evaluate(BEYOND)
    assert not any(beyond.values()), beyond
