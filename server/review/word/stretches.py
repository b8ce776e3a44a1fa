"""Steps out of one stretch of paragraphs: letters kept, gone, come; ends; looks.

Must never turn what only a program did (a property written out, a mark left behind)
into something that a person did. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from collab.content.normal import merge_runs
from collab.content.tree import Inline, LineBreak, Run, Suggested
from server.publishing.marked import Look, MarkedParagraph
from server.review.word.growing import joined
from server.review.word.letters import Token, happened, tokens_of
from server.review.word.relisting import place_in, relisted
from server.review.word.steps import (
    UNTRACKED,
    Delete,
    DeleteEnd,
    Insert,
    InsertNodes,
    Missed,
    NewEnd,
    Ref,
    Reformat,
    Restyle,
    Settle,
    Settled,
    Step,
)


@dataclass(slots=True)
class Numbers:
    """Clusters count through the whole file: what was done in one go is one. `told` is
    what is no step; `keeps_all`: the program drops nothing of lists by itself;
    `resigned`: as in `Compared`."""

    cluster: int = 0
    resigned: int = 0
    keeps_all: bool = False
    told: list[Missed] = field(default_factory=list)
    paragraphs: dict[int, int] = field(default_factory=dict)  # id of one that was there
    deleted_ends: set[int] = field(default_factory=set)
    behind_deleted: set[int] = field(default_factory=set)  # id of one of the new file


def compare_stretch(
    old: Sequence[MarkedParagraph], new: Sequence[MarkedParagraph], numbers: Numbers
) -> list[Step]:
    """`old` is not empty."""
    if len(old) == len(new) and all(map(_says_the_same, old, new)):
        # As for each letter that is untouched: of a long table, most are.
        numbers.cluster += sum(_standing_letters(paragraph) for paragraph in new)
        return []
    return _Stretch(old, numbers).steps(new)


def _says_the_same(old: MarkedParagraph, new: MarkedParagraph) -> bool:
    """All that steps are made of."""
    return (
        old.inlines == new.inlines
        and old.look == new.look
        and old.insertion == new.insertion
        and old.deletion == new.deletion
        and old.restyled == new.restyled
        and old.was == new.was
    )


def _standing_letters(paragraph: MarkedParagraph) -> int:
    standing = (inline for inline in paragraph.inlines if inline.deletion is None)
    return sum(len(i.text) if isinstance(i, Run) else 1 for i in standing)


class _Stretch:
    def __init__(self, old: Sequence[MarkedParagraph], numbers: Numbers) -> None:
        self._old = old
        self._numbers = numbers
        self._steps: list[Step] = []
        self._come: list[Token] = []
        self._tokens = tokens_of(old)
        self._next = 0  # the old token that stands next
        self._authors: dict[tuple[int, str, str], Suggested] = {}

    def steps(self, new: Sequence[MarkedParagraph]) -> list[Step]:
        for before, after in happened(self._tokens, tokens_of(new)):
            if before is None:
                assert after is not None
                self._come.append(after)
                continue
            if self._come:
                self._flush()
            if after is None:
                self._gone(before)
            else:
                self._kept(before, after)
            self._next += 1
        self._flush()
        return joined(self._steps)

    def _number(self, token: Token) -> int:
        return self._numbers.paragraphs[id(token.paragraph)]

    def _by(self, suggested: Suggested) -> Suggested:
        # One object for all letters of one act: there may be very many.
        key = (self._numbers.cluster, suggested.author, suggested.at)
        if key not in self._authors:
            self._authors[key] = Suggested(str(key[0]), *key[1:])
        return self._authors[key]

    def _kept(self, old: Token, new: Token) -> None:
        if not old.is_end and _is_untouched(old, new):
            self._numbers.cluster += 1
        if old.insertion and not new.insertion:
            self._settle(old, "insertion", accept=True)
        if old.deletion and not new.deletion:
            self._settle(old, "deletion", accept=False)
        if new.deletion and not old.deletion:
            self._delete(old, new.deletion)
        self._compare_names(old.deletion, new.deletion)
        if old.is_end:
            self._kept_end(old, new)
        elif isinstance(old.look, Run) and isinstance(new.look, Run):
            self._kept_look(old, old.look, new.look, new)

    def _compare_names(self, old: Suggested | None, new: Suggested | None) -> None:
        if old is not None and new is not None and old.author != new.author:
            self._numbers.resigned += 1

    def _kept_look(self, token: Token, old: Run, new: Run, after: Token) -> None:
        was, now = old.formatting, new.formatting
        if was and not now:
            back, stays = (was.marks, was.href), (old.marks, old.href)
            is_rejected = (new.marks, new.href) == back and back != stays
            self._settle(token, "formatting", accept=not is_rejected)
            return
        self._compare_names(was, now)
        is_changed = (old.marks, old.href) != (new.marks, new.href)
        if not is_changed:
            return
        traced = _traced(was, now)
        is_change = ((old.marks, old.href), (new.marks, new.href))
        if traced is None and not self._is_looked_at(token, after, is_change):
            return
        by = self._by(traced or UNTRACKED)
        at = token.at
        self._steps.append(
            Reformat(
                self._number(token),
                at,
                at + 1,
                Suggested(by.id, by.author, by.at),
                (old.marks, old.href),
                (new.marks, new.href),
                token.char,
            )
        )

    def _is_looked_at(self, token: Token, after: Token, change: object) -> bool:
        """A blank alone shows no look: programs change it as they like."""
        if not _is_ours(token.paragraph, after.paragraph):
            return False
        if not token.char.isspace():
            return True
        last = self._steps[-1] if self._steps else None
        return (
            isinstance(last, Reformat)
            and last.end == token.at
            and (last.was, last.now) == change
        )

    def _kept_end(self, old: Token, new: Token) -> None:
        before, after = old.paragraph, new.paragraph
        if before.restyled and not after.restyled:
            self._decided_end(old, before, after)
            return
        traced = _traced(before.restyled, after.restyled)
        # Programs give a paragraph the look of the one whose end is to go.
        is_spread = (
            self._number(old) - 1 in self._numbers.deleted_ends
            or id(after) in self._numbers.behind_deleted
        )
        lists = None
        is_elsewhere = place_in(before.look) != place_in(after.look)
        if is_elsewhere and self._numbers.keeps_all and (traced or not is_spread):
            lists = relisted(before, after)
            if lists is None:
                self._tell("list_made", before)
        is_alike = _seen(before.look) == _seen(after.look)
        if is_alike and lists is None:
            return
        is_looked_at = _is_ours(before, after) and not is_spread
        look = after.look if traced or is_looked_at else before.look
        if lists is not None:
            # Where an item begins is a matter of its list.
            look = replace(look, indent=before.look.indent)
        elif look is before.look:
            return
        by = self._by(traced or UNTRACKED)
        number = self._number(old)
        self._steps.append(Restyle(number, by, look, lists, before.text))

    def _decided_end(
        self, old: Token, before: MarkedParagraph, after: MarkedParagraph
    ) -> None:
        was, seen = before.was, _seen(before.look)
        if was and place_in(was) != place_in(before.look):
            is_spread = self._number(old) - 1 in self._numbers.deleted_ends
            if is_spread or not self._numbers.keeps_all:
                return
            ends = (place_in(before.look), place_in(was))
            if place_in(after.look) not in ends:
                self._tell("list_decided", before)
                return
            accept = place_in(after.look) == ends[0]
            self._settle(old, "formatting", accept=accept)
        elif _seen(was) != seen:
            is_rejected = _seen(after.look) == _seen(was) and _seen(after.look) != seen
            self._settle(old, "formatting", accept=not is_rejected)
        # Else of a number alone, of which Word was told nothing.

    def _tell(self, code: str, paragraph: MarkedParagraph) -> None:
        number = self._numbers.paragraphs[id(paragraph)]
        self._numbers.told.append(Missed(code, paragraph.text, number))

    def _gone(self, old: Token) -> None:
        if old.deletion:
            self._settle(old, "deletion", accept=True)
        elif old.insertion:
            self._settle(old, "insertion", accept=False)
        else:
            self._delete(old, UNTRACKED)

    def _delete(self, token: Token, by: Suggested) -> None:
        number, by = self._number(token), self._by(by)
        if token.is_end:
            self._steps.append(DeleteEnd(number, by))
        else:
            at = token.at
            self._steps.append(Delete(number, at, at + 1, by, token.char))

    def _settle(self, token: Token, kind: Settled, *, accept: bool) -> None:
        number, at = self._number(token), token.at
        if token.is_end:
            self._steps.append(Settle(number, at, None, kind, accept))
        else:
            self._steps.append(Settle(number, at, at + 1, kind, accept, token.char))

    def _flush(self) -> None:
        """What came, before the old token that stands next."""
        come = _left_of(self._come)
        self._come = []
        if not come:
            return
        if self._next < len(self._tokens):
            here = self._tokens[self._next]
            self._insert(self._number(here), here.at, come)
            return
        last = self._tokens[-1]
        while come and not come[-1].is_end:
            # Letters without an end of their own belong to the last one there.
            at = next((i for i in range(len(come), 0, -1) if come[i - 1].is_end), 0)
            self._insert(self._number(last), last.at, come[at:])
            come = come[:at]
        if come:
            self._beside(Ref("p", self._number(last)), come)

    def _insert(self, paragraph: int, at: int, come: Sequence[Token]) -> None:
        if not any(token.is_end for token in come):
            # What several people wrote at one place stays of each by himself.
            for _by, group in groupby(come, key=lambda token: token.insertion):
                self._insert_one(paragraph, at, list(group))
            return
        self._insert_one(paragraph, at, come)

    def _insert_one(self, paragraph: int, at: int, come: Sequence[Token]) -> None:
        lines: list[list[Inline]] = [[]]
        ends: list[NewEnd] = []
        for token in come:
            if token.look is None:
                owner = token.paragraph
                by = self._by(owner.insertion or UNTRACKED)
                gone = owner.deletion and self._by(owner.deletion)
                ends.append(NewEnd(by, owner.look, owner.in_list, gone))
                lines.append([])
            else:
                lines[-1].append(self._written(token))
        by = self._by(come[0].insertion or UNTRACKED)
        made = tuple(merge_runs(line) for line in lines)
        self._steps.append(Insert(paragraph, at, by, made, tuple(ends)))

    def _written(self, token: Token) -> Inline:
        by = self._by(token.insertion or UNTRACKED)
        gone = None if token.deletion is None else self._by(token.deletion)
        if isinstance(token.look, Run):
            run = token.look
            return Run(token.char, run.marks, run.href, by, gone)
        return LineBreak(by, gone)

    def _beside(self, ref: Ref, come: Sequence[Token]) -> None:
        nodes: list[MarkedParagraph] = []
        line: list[Inline] = []
        for token in come:
            if token.look is None:
                owner = token.paragraph
                by = self._by(owner.insertion or UNTRACKED)
                gone = owner.deletion and self._by(owner.deletion)
                made = replace(owner, inlines=merge_runs(line), points=(), joined=())
                nodes.append(replace(made, insertion=by, deletion=gone))
                line = []
            else:
                line.append(self._written(token))
        by = self._by(come[0].insertion or UNTRACKED)
        self._steps.append(InsertNodes(ref, True, by, tuple(nodes)))


def _left_of(come: Sequence[Token]) -> list[Token]:
    """Without what came and went again. An end behind letters that stay came too: with
    it gone at once they would be of the paragraph above, not of the one below."""
    stay = [token.insertion is not None or token.deletion is None for token in come]
    speak = {
        id(token.paragraph)
        for token, stays in zip(come, stay, strict=True)
        if stays and not token.is_end
    }
    return [
        token
        for token, stays in zip(come, stay, strict=True)
        if stays or (token.is_end and id(token.paragraph) in speak)
    ]


def _is_untouched(old: Token, new: Token) -> bool:
    """Nothing was done to the letter, so what comes later was done by itself."""
    if bool(old.insertion) != bool(new.insertion) or new.deletion is not None:
        return False
    before, after = old.look, new.look
    if isinstance(before, Run) and isinstance(after, Run):
        is_settled = before.formatting is not None and after.formatting is None
        return before.marks == after.marks and not is_settled
    return True


def _traced(was: Suggested | None, now: Suggested | None) -> Suggested | None:
    """Who changed the look, if the file says. Word signs a text that is changed again
    with the first name: then nobody knows who came after."""
    if was and now and (was.author, was.at) == (now.author, now.at):
        return None
    return now


def _seen(look: Look | None) -> tuple[object, str, int] | None:
    return None if look is None else (look.style, look.align, look.indent)


def _is_ours(old: MarkedParagraph, new: MarkedParagraph) -> bool:
    """Whether the looks of both can be compared: a program that does not know our
    styles writes out what they give."""
    return old.look.style is not None and new.look.style is not None
