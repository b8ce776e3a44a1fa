"""Vietnamese keyboards while a colleague types in the same word.

Two families: input methods of the system compose (composition events), UniKey and its
kin send Backspace and the corrected letters. Both must survive text that arrives from
a colleague between two of their steps.
"""

from __future__ import annotations

import pytest

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def pair(office: Office, person: Person) -> tuple[Desk, Desk]:
    """Two people with their carets around the same word of the same paragraph."""
    draft = office.create_draft()
    office.share(draft, "sotttt", "edit")
    typist, colleague = person("chuyenvien").open(draft), person("sotttt").open(draft)
    typist.save_status("saved")
    colleague.save_status("saved")
    typist.click_end()
    typist.type("tỉnh x")
    colleague.sees("tỉnh x")
    # The colleague stands inside the word that the typist goes on with.
    colleague.click_end()
    colleague.page.keyboard.press("ArrowLeft")
    return typist, colleague


def _agree(typist: Desk, colleague: Desk, text: str) -> None:
    until(
        lambda: typist.text == colleague.text == text,
        20,
        what=f"both show {text!r}",
    )
    typist.save_status("saved")
    colleague.save_status("saved")


def _interleave(colleague: Desk, typist: Desk, letter: str, so_far: str) -> None:
    """The colleague types a letter, and the typist's page has shown it."""
    colleague.type(letter)
    until(lambda: so_far in typist.text, 20, what=f"the typist sees {so_far!r}")


def test_composed_words_are_whole_beside_a_colleague(pair: tuple[Desk, Desk]) -> None:
    typist, colleague = pair
    keyboard = typist.context.new_cdp_session(typist.page)

    def compose(text: str) -> None:
        keyboard.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )

    def meanwhile(letter: str, composed: str) -> None:
        """The colleague types beside the word that is being composed."""
        colleague.type(letter)
        until(lambda: f"{letter}x{composed}" in colleague.text, what="both letters")

    compose("d")
    meanwhile("1", "d")
    compose("đ")
    compose("đa")
    meanwhile("2", "đa")
    compose("đă")
    compose("đắ")
    meanwhile("3", "đắ")
    compose("đắk")
    keyboard.send("Input.insertText", {"text": "đắk"})
    typist.type(" Lắk")
    _agree(typist, colleague, "tỉnh 123xđắk Lắk")


def test_unikey_corrections_hit_their_own_letters(pair: tuple[Desk, Desk]) -> None:
    typist, colleague = pair
    keyboard = typist.page.keyboard
    # Telex "taoj": UniKey erases "ao" and sends "ạo".
    typist.type("tao")
    _interleave(colleague, typist, "1", "1xtao")
    keyboard.press("Backspace")
    keyboard.press("Backspace")
    _interleave(colleague, typist, "2", "12xt")
    keyboard.insert_text("ạo")
    # Telex "dduwowngf": the whole word is sent again at each step.
    typist.type(" d")
    keyboard.press("Backspace")
    keyboard.insert_text("đ")
    typist.type("u")
    _interleave(colleague, typist, "3", "123xtạo đu")
    keyboard.press("Backspace")
    keyboard.insert_text("ư")
    typist.type("ong")
    for _ in "ong":
        keyboard.press("Backspace")
    keyboard.insert_text("ờng")
    _agree(typist, colleague, "tỉnh 123xtạo đường")


def test_one_step_back_takes_back_only_ones_own_words(
    pair: tuple[Desk, Desk],
) -> None:
    typist, colleague = pair
    _interleave(colleague, typist, "1", "1x")
    typist.type(" xong")
    colleague.sees("xong")
    typist.page.keyboard.press("Control+z")
    until(lambda: "xong" not in colleague.text, what="the typist's word is gone")
    assert "1" in colleague.text
