"""What each level allows, in one table: pages, API and tests read the same one.

Pure: no database, no request. Reach (how a person comes to a level) is in
`server.registry.access`. Must never look at who the person is.
"""

from __future__ import annotations

from enum import StrEnum

from collab.ports import Level
from server.registry.workflow.table import FROZEN, IN_PROCESS, State


class Action(StrEnum):
    OPEN = "open"
    EXPORT = "export"
    SEE_SHARES = "see_shares"
    TAKE_PART = "take_part"
    COMMENT = "comment"
    SEE_ACTIVITY = "see_activity"
    SUGGEST = "suggest"
    WRITE = "write"
    RENAME = "rename"
    SHARE = "share"
    ARCHIVE = "archive"
    RESTORE = "restore"


LEAST_LEVEL: dict[Action, Level] = {
    Action.OPEN: Level.VIEW,
    Action.EXPORT: Level.VIEW,
    Action.SEE_SHARES: Level.VIEW,
    # In the process; which step is whose, the table of the workflow says.
    Action.TAKE_PART: Level.VIEW,
    Action.COMMENT: Level.COMMENT,
    Action.SEE_ACTIVITY: Level.COMMENT,
    Action.SUGGEST: Level.SUGGEST,
    Action.WRITE: Level.EDIT,
    Action.RENAME: Level.EDIT,
    Action.SHARE: Level.OWN,
    Action.ARCHIVE: Level.OWN,
    Action.RESTORE: Level.OWN,
}

# An archived draft is put away: it is read, shared for reading, and restored.
WHILE_ARCHIVED = frozenset(
    {
        Action.OPEN,
        Action.EXPORT,
        Action.SEE_SHARES,
        Action.SEE_ACTIVITY,
        Action.SHARE,
        Action.RESTORE,
    }
)


def is_allowed(level: Level, action: Action) -> bool:
    """Whether the level reaches the action, whatever state the draft is in."""
    return level >= LEAST_LEVEL[action]


# From the signer's approval on the text stands still, and its name with it.
NOT_WHILE_FROZEN = frozenset({Action.WRITE, Action.SUGGEST, Action.RENAME})


def fits_state(action: Action, *, archived: bool, state: str = State.DRAFTING) -> bool:
    """Whether the action makes sense now, for a person who has the level."""
    if archived:
        return action in WHILE_ARCHIVED
    if action in NOT_WHILE_FROZEN and state in FROZEN:
        return False
    # What waits for somebody must not vanish from his list.
    if action is Action.ARCHIVE and state in IN_PROCESS:
        return False
    return action is not Action.RESTORE


def abilities(
    level: Level, *, archived: bool, state: str = State.DRAFTING
) -> dict[str, bool]:
    """Every action, yes or no: what the API and the row menus show."""
    return {
        action.value: is_allowed(level, action)
        and fits_state(action, archived=archived, state=state)
        for action in Action
    }
