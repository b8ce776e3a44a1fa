"""People at browsers: real Chromium, one context for each person's computer.

A fault in a page's script, and any request to another host, fails the test that caused
it. One browser for each module, because Playwright keeps an event loop running in this
thread for as long as it lives and tests elsewhere start loops of their own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from tests.support.cable import Cable
from tests.support.office import PASSWORD, Office

# One patience for all: on a busy machine a page may take seconds.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
# The browser obeys the last such list only, so what Playwright turns off stands here
# again. The last row names pages for suggestions below the address bar, which are made
# for each window and take half of its time.
TURNED_OFF = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay"),
    *("MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "AimEnabled"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
)
ARGUMENTS = [
    f"--disable-features={','.join(TURNED_OFF)}",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
]

Person = Callable[..., "Desk"]


class Desk:
    """One person at one computer: a browser context with a page in front."""

    def __init__(self, office: Office, context: BrowserContext, user: str) -> None:
        self.office = office
        self.cable = Cable(office.port)
        self.context = context
        self.user = user
        self.faults: list[str] = []
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: self._watch_address(request.url))
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page = page
        return page

    def _watch_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != (
            f"localhost:{self.cable.port}"
        ):
            self.faults.append(f"a request to another host: {url}")

    # ── pages ───────────────────────────────────────────────────────────────────

    @property
    def base_url(self) -> str:
        """The office, as this computer reaches it."""
        return f"http://localhost:{self.cable.port}"

    def go(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def enter(self) -> None:
        """Signed in by the request that the form sends, without the two pages."""
        address, ask = f"{self.base_url}/sign-in/", self.context.request
        assert ask.get(address).ok
        (token,) = [
            cookie["value"]
            for cookie in self.context.cookies()
            if cookie["name"] == "csrftoken"
        ]
        form = {"username": self.user, "password": PASSWORD}
        answer = ask.post(
            address, form={**form, "csrfmiddlewaretoken": token}, max_redirects=0
        )
        assert answer.status == 302, answer.text()

    def sign_in(self) -> None:
        """On the page, which leads to the drafts."""
        self.go("/sign-in/")
        self.give_password(PASSWORD)
        expect(self.page).to_have_url(f"{self.base_url}/drafts/")

    def give_password(self, password: str) -> None:
        """Fill in and send the form of the sign-in page."""
        field = self.page.locator("input[type=password]")
        form = self.page.locator("form", has=field)
        form.locator("input[name=username]").fill(self.user)
        field.fill(password)
        form.get_by_role("button", name="Đăng nhập").click()

    # ── the editor ──────────────────────────────────────────────────────────────

    def open(self, draft_id: str) -> Desk:
        self.go(f"/drafts/{draft_id}/")
        expect(self.page.locator("#editor-root[data-ready=true]")).to_be_visible()
        return self

    @property
    def body(self) -> Locator:
        return self.page.locator(".ed-body-text")

    def save_status(self, kind: str) -> None:
        """Wait until the indicator shows this kind."""
        indicator = self.page.locator(f".ed-save[data-kind={kind}]")
        expect(indicator).to_be_visible(timeout=PATIENCE_MS)

    def sees(self, text: str) -> None:
        expect(self.body).to_contain_text(text)

    def sees_not(self, text: str) -> None:
        expect(self.body).not_to_contain_text(text)

    @property
    def text(self) -> str:
        """What is typed on the page, without carets and labels."""
        answer: str = self.body.evaluate(
            """body => {
                const copy = body.cloneNode(true);
                copy.querySelectorAll('.ed-caret').forEach(each => each.remove());
                return [...copy.querySelectorAll('p')].map(
                    p => p.textContent.replaceAll('\\u2060', '')).join('\\n');
            }"""
        )
        return answer

    def click_end(self, paragraph: int = -1) -> None:
        """Put the caret at the end of a paragraph."""
        self._click(paragraph, "End")

    def click_start(self, paragraph: int = -1) -> None:
        self._click(paragraph, "Home")

    def _click(self, paragraph: int, key: str) -> None:
        self.body.locator("p").nth(paragraph).click()
        self.page.keyboard.press(key)
        # A click may first land in a colleague's caret, which takes no letters; the
        # editor moves it out in the same moment, yet a machine types sooner.
        self.page.wait_for_function(
            """() => {
                const { anchorNode } = getSelection();
                const element = anchorNode?.parentElement?.closest('.ed-caret')
                    ? null : anchorNode?.parentElement;
                return Boolean(element?.closest('.ed-body'));
            }"""
        )

    def press(self, *keys: str) -> None:
        """One after the other, each when the editor knows where the last one led: it
        hears of a new selection a moment later, and a machine types sooner."""
        for key in keys:
            self.page.keyboard.press(key)
            self.page.evaluate(
                """() => new Promise(done => requestAnimationFrame(
                    () => requestAnimationFrame(() => setTimeout(done))))"""
            )

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def until_kept(self, unsent: int) -> None:
        """Wait until the browser's database has confirmed so many unsent changes:
        the list of unsent drafts is written after that."""
        self.page.wait_for_function(
            """unsent => Object.entries(localStorage).some(([key, value]) =>
                key.startsWith('duthao-unsent:')
                    && JSON.parse(value).unsent === unsent)""",
            arg=unsent,
        )

    def go_offline(self) -> None:
        self.cable.pull()
        self.context.set_offline(True)

    def go_online(self) -> None:
        self.cable.plug_in()
        self.context.set_offline(False)

    def leave(self) -> None:
        self.context.close()
        self.cable.close()


def chromium() -> str | None:
    """The browser to use; None: the one that Playwright brought."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser, office: Office) -> Iterator[Person]:
    """`person("chuyenvien")`: signed in, at a computer of their own."""
    desks: list[Desk] = []

    def arrive(user: str, *, signed_in: bool = True, **options: Any) -> Desk:
        context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options
        )
        desk = Desk(office, context, user)
        desks.append(desk)
        if signed_in:
            desk.enter()
        return desk

    yield arrive
    faults = [fault for desk in desks for fault in desk.faults]
    for desk in desks:
        desk.leave()
    assert not faults, faults
