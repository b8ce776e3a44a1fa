"""Level by level: the whole table, written out a second time on purpose."""

from __future__ import annotations

import pytest

from collab.ports import Level
from server.registry.abilities import Action, abilities, fits_state, is_allowed

VIEWER = {"open", "export", "see_shares", "take_part"}
COMMENTER = VIEWER | {"comment", "see_activity"}
SUGGESTER = COMMENTER | {"suggest"}
EDITOR = SUGGESTER | {"write", "rename"}
OWNER = EDITOR | {"share", "archive", "restore"}
TABLE = {
    Level.VIEW: VIEWER,
    Level.COMMENT: COMMENTER,
    Level.SUGGEST: SUGGESTER,
    Level.EDIT: EDITOR,
    Level.OWN: OWNER,
}


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("level", list(Level))
def test_each_level_allows_exactly_its_row(level: Level, action: Action) -> None:
    assert is_allowed(level, action) == (action.value in TABLE[level])


def test_a_higher_level_allows_everything_a_lower_one_does() -> None:
    for low, high in zip(list(Level), list(Level)[1:], strict=False):
        assert TABLE[low] < TABLE[high]


def test_an_archived_draft_is_read_shared_and_restored_only() -> None:
    allowed = {name for name, yes in abilities(Level.OWN, archived=True).items() if yes}
    assert allowed == {
        "open",
        "export",
        "see_shares",
        "see_activity",
        "share",
        "restore",
    }


@pytest.mark.parametrize("state", ["approved", "issued", "filed", "cancelled"])
def test_a_text_that_stands_still_is_read_but_not_changed(state: str) -> None:
    found = abilities(Level.OWN, archived=False, state=state)
    assert not (found["write"] or found["suggest"] or found["rename"])
    assert found["open"] and found["export"] and found["share"]


@pytest.mark.parametrize("state", ["in_review", "content_approved", "format_checked"])
def test_a_draft_on_its_way_is_written_but_not_put_away(state: str) -> None:
    found = abilities(Level.OWN, archived=False, state=state)
    assert found["write"] and not found["archive"]


def test_a_live_draft_cannot_be_restored() -> None:
    assert not fits_state(Action.RESTORE, archived=False)
    assert not abilities(Level.OWN, archived=False)["restore"]
