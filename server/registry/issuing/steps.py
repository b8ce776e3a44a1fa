"""What a recipient may do after what: the table of a distribution list. Pure.

A recipient reads, takes the document in or refuses it, works on it, and is done. The
office records the same for those outside the system.
"""

from __future__ import annotations

from server.registry.models import RecallState, Recipient
from server.registry.models import RecipientState as S

AFTER: dict[S, tuple[S, ...]] = {
    S.TO_SEND: (S.SENT, S.DELIVERED, S.ACCEPTED, S.REFUSED),
    S.SENT: (S.DELIVERED, S.ACCEPTED, S.REFUSED),
    S.DELIVERED: (S.OPENED, S.ACCEPTED, S.REFUSED),
    S.OPENED: (S.ACCEPTED, S.REFUSED),
    S.ACCEPTED: (S.PROCESSING, S.DONE),
    S.PROCESSING: (S.DONE,),
    S.REFUSED: (),
    S.DONE: (),
}
# Nobody has looked at it yet.
UNOPENED = (S.SENT, S.DELIVERED)
# Nothing more is expected.
ENDED = (S.REFUSED, S.DONE)
NEEDS_REASON = (S.REFUSED,)


def may_follow(now: str, target: str) -> bool:
    return S(target) in AFTER[S(now)]


def may_be_chased(state: str, must_act: bool, recall_state: str) -> bool:
    """Nobody is reminded of what was not sent."""
    if S(state) is S.TO_SEND:
        return False
    return is_waited_for(state, must_act, recall_state)


def is_waited_for(state: str, must_act: bool, recall_state: str = "") -> bool:
    """Not opened, or something to do is not done; after a recall or a replacement only
    that it was learned of is waited for."""
    if recall_state:
        return recall_state == RecallState.ASKED
    if S(state) in UNOPENED:
        return True
    return must_act and S(state) not in ENDED


def without_day(line: Recipient) -> bool:
    """Something is still to be done, and nobody said by when."""
    is_open = S(line.state) not in ENDED and not line.recall_state
    return line.must_act and line.deadline is None and is_open
