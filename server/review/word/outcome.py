"""What became of the steps: what is taken, what is not, with words and place. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from server.review.word.steps import (
    DeleteColumns,
    DeleteRow,
    Insert,
    InsertColumns,
    InsertNodes,
    InsertRow,
    Missed,
    SettleCells,
    SettleColumns,
    SettleThing,
    Step,
    text_of_nodes,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """`kind`: insertion, deletion, formatting, list, resize, accepted, rejected, or
    what cells are to become: merge, split, headed, unheaded, width; `of`: "row",
    "column" or "cell", when it is of one; `ident`: of the suggestion that it became."""

    kind: str
    author: str
    text: str
    paragraph: int | None = None
    of: str = ""
    ident: str = ""


@dataclass(slots=True)
class Outcome:
    """`left`: steps that found no place, or were not allowed."""

    taken: list[Taken] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    already: int = 0
    ids: set[str] = field(default_factory=set)
    left: list[Step] = field(default_factory=list)

    def add(self, other: Outcome, places: int = 0) -> None:
        """`places`: how many paragraphs stand before those that the other counts."""

        def moved(at: int | None) -> int | None:
            return None if at is None else at + places

        self.taken += [replace(t, paragraph=moved(t.paragraph)) for t in other.taken]
        self.missed += [replace(m, paragraph=moved(m.paragraph)) for m in other.missed]
        self.already += other.already
        self.ids |= other.ids
        self.left += other.left

    def take(
        self, kind: str, step: Step, text: str, author: str = "", ident: str = ""
    ) -> None:
        paragraph = getattr(step, "paragraph", None)
        if isinstance(step, InsertNodes) and step.beside.kind == "p":
            paragraph = step.beside.number
        self.taken.append(Taken(kind, author, text, paragraph, _of(step), ident))

    def miss(self, code: str, step: Step, text: str | None = None) -> None:
        """`text`: of what the step itself has no words for."""
        paragraph = getattr(step, "paragraph", None)
        words = said(step) if text is None else text
        self.missed.append(Missed(code, words, paragraph))
        self.left.append(step)


def _of(step: Step) -> str:
    if isinstance(step, InsertColumns | DeleteColumns | SettleColumns):
        return "column"
    if isinstance(step, SettleCells):
        return "cell"
    is_row = isinstance(step, SettleThing) and step.row is not None
    return "row" if is_row or isinstance(step, InsertRow | DeleteRow) else ""


def said(step: Step) -> str:
    if isinstance(step, Insert):
        lines = ("".join(getattr(i, "text", "\n") for i in line) for line in step.lines)
        return "\n".join(lines).strip("\n") or "¶"
    if isinstance(step, InsertNodes):
        return text_of_nodes(step.nodes)
    return str(getattr(step, "text", "") or "")
