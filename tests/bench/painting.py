"""How long the editor takes to open a long draft and to show a letter, in Chromium.

The clock of a letter begins when the browser gets the key (`event.timeStamp` of its
keydown, so waiting for a busy page counts) and ends in the first task after the frame
that shows it (a message posted from that frame's `requestAnimationFrame`). The Event
Timing API, which sees the same in steps of 8 ms, is read beside it: it misses only what
is under 16. Processor time for each key is what Chromium counts as script, style and
layout (CDP `Performance.getMetrics`) from key to key, so it holds what else went on
too; a load elsewhere on the machine lengthens it least.

`python -m tests.bench.painting` prints the figures alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench.long_draft import WRITER, LongDraft, long_draft  # noqa: E402
from tests.bench.measures import Figure  # noqa: E402
from tests.bench.offices import running_office, seeded_folder  # noqa: E402
from tests.support.browser import ARGUMENTS, chromium  # noqa: E402
from tests.support.office import PASSWORD, Office  # noqa: E402

THREADS, SUGGESTIONS = 500, 2000
KEYS_AT_EACH_PLACE = 70
PLACES = (0.005, 0.5, 0.995)
BETWEEN_KEYS_S = 0.11
WARM_UP_KEYS = 5
# What a keyboard has keys for; an input method makes the signs of it.
TEXT = "quyet dinh nay co hieu luc ke tu ngay ky "
COLLEAGUES, KEYS_A_SECOND = 10, 5.0
WORK = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
# What stands beside the page: its name, the button that opens and shuts it, its rows.
BESIDE = (
    ("comments open", ".ed-threads-button", ".ed-threads .ed-card"),
    ("suggestions open", ".sg-tools button", ".sg-panel .sg-row"),
)

_CLOCK = """() => {
    if (window.timed) {
        window.timed.waits.length = window.timed.events.length = 0;
        return;
    }
    const timed = window.timed = { waits: [], events: [] };
    const channel = new MessageChannel();
    const shown = [];
    channel.port1.onmessage = () => {
        const now = performance.now();
        for (const start of shown.splice(0)) timed.waits.push(now - start);
    };
    window.addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
        shown.push(timeStamp);
        channel.port2.postMessage(0);
    }), true);
    new PerformanceObserver(list => {
        for (const { name, duration } of list.getEntries())
            if (name === "keydown") timed.events.push(duration);
    }).observe({ type: "event", durationThreshold: 16 });
}"""


@dataclass(frozen=True)
class Typed:
    """Milliseconds of each key, and of processor time for the mean key."""

    waits: list[float]
    events: list[float]
    work: dict[str, float]

    def wait(self, part: float) -> float:
        return sorted(self.waits)[min(int(len(self.waits) * part), len(self.waits) - 1)]


@dataclass(frozen=True)
class Opened:
    ready_ms: float
    painted_ms: float
    script_bytes: int
    style_bytes: int


def sign_in(browser: Browser, office: Office) -> Page:
    context = browser.new_context(
        locale="vi-VN", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(f"{office.base_url}/sign-in/")
    page.fill("input[name=username]", WRITER)
    page.fill("input[type=password]", PASSWORD)
    page.click("button:has-text('Đăng nhập')")
    page.wait_for_url("**/drafts/")
    return page


def open_draft(page: Page, office: Office, draft: LongDraft) -> Opened:
    """From the click until the text stands there and takes letters."""
    page.goto("about:blank")
    page.goto(f"{office.base_url}/drafts/{draft.id}/", wait_until="commit")
    page.wait_for_selector("#editor-root[data-ready=true]")
    found = page.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
            const text = document.querySelector(".ed-body-text");
            const [{ startTime: ready }] = performance.getEntriesByName("text-ready");
            const files = performance.getEntriesByType("resource")
                .filter(({ startTime }) => startTime < ready);
            const bytes = end => files.filter(({ name }) => name.endsWith(end))
                .reduce((sum, file) => sum + file.decodedBodySize, 0);
            done({
                editable: text.isContentEditable,
                paragraphs: text.querySelectorAll("p").length,
                ready: performance.now(),
                painted: performance.getEntriesByName("first-contentful-paint")[0]
                    ?.startTime ?? 0,
                script: bytes(".js"), style: bytes(".css"),
            });
        })))"""
    )
    assert found["editable"], "the text takes no letters"
    assert found["paragraphs"] >= draft.paragraphs, found
    return Opened(found["ready"], found["painted"], found["script"], found["style"])


def type_all_over(page: Page, devtools: CDPSession) -> Typed:
    """So many keys near the top, in the middle and near the end."""
    page.evaluate(_CLOCK)
    work = dict.fromkeys(WORK, 0.0)
    waits: list[float] = []
    for part in PLACES:
        put_caret(page, part)
        press(page, WARM_UP_KEYS)
        # "End", which put the caret there, is a key too.
        _waits(page, 1 + WARM_UP_KEYS)
        before = _work(devtools)
        press(page, KEYS_AT_EACH_PLACE)
        after = _work(devtools)
        waits += _waits(page, KEYS_AT_EACH_PLACE)
        for name in WORK:
            work[name] += (after[name] - before[name]) * 1000
    events: list[float] = page.evaluate("() => timed.events")
    return Typed(waits, events, {name: ms / len(waits) for name, ms in work.items()})


def _waits(page: Page, count: int) -> list[float]:
    """Of the keys since the last call, when all of them are on the screen."""
    page.wait_for_function("count => timed.waits.length >= count", arg=count)
    waits: list[float] = page.evaluate("() => timed.waits.splice(0)")
    assert len(waits) == count
    return waits


def put_caret(page: Page, part: float) -> None:
    page.evaluate(
        """part => {
            const all = document.querySelectorAll(".ed-body-text p");
            all[Math.floor(part * all.length)].scrollIntoView({ block: "center" });
        }""",
        part,
    )
    box = page.evaluate(
        """part => new Promise(done => requestAnimationFrame(() => {
            const all = document.querySelectorAll(".ed-body-text p");
            const box = all[Math.floor(part * all.length)].getBoundingClientRect();
            done([box.left + 90, box.top + 8]);
        }))""",
        part,
    )
    page.mouse.click(*box)
    page.keyboard.press("End")


def press(page: Page, count: int) -> None:
    due = time.perf_counter()
    for number in range(count):
        letter = TEXT[number % len(TEXT)]
        page.keyboard.press("Space" if letter == " " else letter)
        due += BETWEEN_KEYS_S
        page.wait_for_timeout(max(0.0, (due - time.perf_counter()) * 1000))


def _work(devtools: CDPSession) -> dict[str, float]:
    rows = devtools.send("Performance.getMetrics")["metrics"]
    return {row["name"]: row["value"] for row in rows if row["name"] in WORK}


@contextmanager
def others_typing(office: Office, draft: LongDraft) -> Iterator[None]:
    base = office.collab_url.rstrip("/")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.colleagues"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    apart = draft.paragraphs // (COLLEAGUES + 2)
    job = {
        "url": f"{base}/y/{draft.id}?token={office.token(WRITER)}",
        "people": COLLEAGUES, "per_s": KEYS_A_SECOND, "first": apart, "apart": apart,
    }  # fmt: skip
    print(json.dumps(job), file=process.stdin, flush=True)
    try:
        assert process.stdout.readline().strip() == "typing"
        yield
    finally:
        process.stdin.close()
        assert process.wait(20) == 0


def figures_of(name: str, typed: Typed) -> list[Figure]:
    script, style, layout = (typed.work[each] for each in WORK)
    seen = sorted(typed.events)
    most = seen[int(len(seen) * 0.95)] if seen else 16.0
    return [
        Figure(f"{name}: input to paint, p50", typed.wait(0.5), "ms"),
        Figure("the same, p95", typed.wait(0.95), "ms"),
        Figure("the same by the Event Timing API, of those over 16 ms", most, "ms"),
        Figure("processor time from key to key: script", script, "ms"),
        Figure("the same: style", style, "ms"),
        Figure("the same: layout", layout, "ms"),
    ]


def painting(seed: Path) -> list[Figure]:
    """Every figure of this module."""
    with running_office(seed, "uvicorn") as office:
        drafts = {
            "100 pages": long_draft(office, threads=0, suggestions=0),
            f"100 pages, {THREADS} threads, {SUGGESTIONS:,} suggestions": long_draft(
                office, threads=THREADS, suggestions=SUGGESTIONS
            ),
        }
        return painted(office, drafts)


def painted(office: Office, drafts: dict[str, LongDraft]) -> list[Figure]:
    figures: list[Figure] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = sign_in(browser, office)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        for name, draft in drafts.items():
            open_draft(page, office, draft)
            opened = open_draft(page, office, draft)
            figures += [
                Figure(f"{name}: open and ready to write", opened.ready_ms, "ms"),
                Figure("script for that", opened.script_bytes / 1000, "KB"),
                Figure("style sheets for that", opened.style_bytes / 1000, "KB"),
            ]
            figures += typed_in(page, devtools, office, draft, name)
            for what, button, rows in BESIDE if draft.threads else ():
                with beside(page, button, rows):
                    figures += typed_in(
                        page, devtools, office, draft, f"{name}, {what}"
                    )
        browser.close()
    return figures


def typed_in(
    page: Page, devtools: CDPSession, office: Office, draft: LongDraft, name: str
) -> list[Figure]:
    """Alone, and while others type."""
    figures = figures_of(name, type_all_over(page, devtools))
    with others_typing(office, draft):
        typed = type_all_over(page, devtools)
    return figures + figures_of(f"{name}, {COLLEAGUES} others typing", typed)


@contextmanager
def beside(page: Page, button: str, rows: str) -> Iterator[None]:
    """With that list open, and full, beside the page."""
    page.click(button)
    page.wait_for_function(
        "rows => document.querySelectorAll(rows).length >= 100", arg=rows
    )
    yield
    assert page.locator(rows).first.is_visible(), "the list was shut meanwhile"
    page.click(button)
    page.wait_for_selector(rows, state="hidden")


if __name__ == "__main__":
    with seeded_folder() as folder:
        for figure in painting(folder):
            print(figure)
