"""Letters to which the same happened, one after the other, as one step.

There may be very many: nothing is copied for each. Pure; must never join what was done
by two people, or to letters that do not touch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from server.review.word.steps import Delete, Reformat, Settle, Step

_OF_LETTERS = (Delete, Reformat, Settle)


@dataclass(slots=True)
class _Growing:
    """A step and what else it holds: texts of the letters, and where the last ends."""

    step: Step
    about: tuple[object, ...] | None
    end: int
    texts: list[str]

    def made(self) -> Step:
        if len(self.texts) == 1 or not isinstance(self.step, _OF_LETTERS):
            return self.step
        return replace(self.step, end=self.end, text="".join(self.texts))


def joined(steps: list[Step]) -> list[Step]:
    """Neighbouring letters to which the same happened, as one step. Two things may
    happen to each letter in turn: what was accepted is struck."""
    found: list[_Growing] = []
    for step in steps:
        about = _about(step)
        if about is None or not isinstance(step, _OF_LETTERS) or step.end is None:
            found.append(_Growing(step, None, 0, [""]))
            continue
        for last in found[:-3:-1]:
            if last.about == about and last.end == step.start:
                last.end = step.end
                last.texts.append(step.text)
                break
        else:
            found.append(_Growing(step, about, step.end, [step.text]))
    return [growing.made() for growing in found]


def _about(step: Step) -> tuple[object, ...] | None:
    """All of it but where it begins, where it ends, and the text there."""
    if isinstance(step, Delete):
        return (Delete, step.paragraph, step.by)
    if isinstance(step, Reformat):
        return (Reformat, step.paragraph, step.by, step.was, step.now)
    if isinstance(step, Settle):
        return (Settle, step.paragraph, step.kind, step.accept)
    return None
