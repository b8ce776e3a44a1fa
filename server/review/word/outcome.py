"""What became of the steps: what is taken, what is not, with words and place. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.review.word.steps import (
    Insert,
    InsertNodes,
    InsertRow,
    Missed,
    Step,
    text_of_nodes,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """`kind`: insertion, deletion, formatting, accepted, rejected."""

    kind: str
    author: str
    text: str
    paragraph: int | None = None


@dataclass(slots=True)
class Outcome:
    taken: list[Taken] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    already: int = 0
    ids: set[str] = field(default_factory=set)

    def take(self, kind: str, step: Step, text: str, author: str = "") -> None:
        paragraph = getattr(step, "paragraph", None)
        if isinstance(step, InsertNodes) and step.beside.kind == "p":
            paragraph = step.beside.number
        self.taken.append(Taken(kind, author, text, paragraph))

    def miss(self, code: str, step: Step, text: str | None = None) -> None:
        """`text`: of what the step itself has no words for."""
        paragraph = getattr(step, "paragraph", None)
        words = said(step) if text is None else text
        self.missed.append(Missed(code, words, paragraph))


def said(step: Step) -> str:
    if isinstance(step, Insert):
        lines = ("".join(getattr(i, "text", "\n") for i in line) for line in step.lines)
        return "\n".join(lines).strip("\n") or "¶"
    if isinstance(step, InsertNodes):
        return text_of_nodes(step.nodes)
    if isinstance(step, InsertRow):
        return " | ".join(text_of_nodes(cell) for cell in step.content.cells)
    return str(getattr(step, "text", "") or "")
