"""What an approval is worth after the text has changed, and whose turn a ký nháy is.

Pure. Must never give back an approval that was void before: only live ones come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.registry.workflow.table import IN_PROCESS, STEPS, State, Step


def settled_state(state: State, live: Mapping[Step, str], digest: str) -> State:
    """The state in which a draft with this content stands: as far as approvals hold.

    `live` has the digest that each approval was given for. A draft that is not on its
    way stays as it is; so does one that waits for its first approval.
    """
    if state not in IN_PROCESS:
        return state
    reached = State.IN_REVIEW
    for step, target in STEPS.items():
        if reached is state or live.get(step) != digest:
            break
        reached = target
    return reached


def turn_of(sign_offs: Iterable[tuple[int, bool]]) -> int | None:
    """The order number whose turn it is; None when all are done.

    Each is (order, done). Equal numbers are asked at the same time, a greater number
    after all lower ones.
    """
    return min((order for order, done in sign_offs if not done), default=None)
