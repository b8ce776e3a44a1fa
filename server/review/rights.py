"""Who may do what with a thread, in one table: actions, API and tests read it.

Whoever may comment on the draft reads its threads, begins and answers; a viewer sees
none. Words belong to whoever wrote them. Pure: no database, no request. Must never look
at the state of the draft: the registry's door does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from collab.ports import Level


class ThreadAct(StrEnum):
    REPLY = "reply"
    EDIT = "edit"
    REMOVE = "remove"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ASSIGN = "assign"
    MOVE = "move"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a thread, and to the comment that the act is about."""

    level: Level
    began: bool = False
    assigned: bool = False
    wrote: bool = False


# Closing a question is for who asked it, who has it in hand, or who holds the pen.
_CONCERNED = frozenset({ThreadAct.RESOLVE, ThreadAct.REOPEN, ThreadAct.ASSIGN})
_OWN_WORDS = frozenset({ThreadAct.EDIT, ThreadAct.REMOVE})
# Of a thread that suggests new words for its field, as long as nobody decided.
OF_SUGGESTION = frozenset({ThreadAct.DECIDE, ThreadAct.WITHDRAW})


def allows(standing: Standing, act: ThreadAct) -> bool:
    if standing.level < Level.COMMENT:
        return False
    if act in _OWN_WORDS:
        return standing.wrote
    if act is ThreadAct.DECIDE:
        return standing.level >= Level.EDIT
    if act is ThreadAct.WITHDRAW:
        return standing.began
    if act in _CONCERNED:
        return standing.began or standing.assigned or standing.level >= Level.EDIT
    return True
