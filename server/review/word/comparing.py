"""What was done to an exported text in Word: the two files, read alike, compared.

Both are read by the same reader, so that what a .docx cannot hold is missing on both
sides and is no change. Pure; must never look at what the draft says now.
"""

from __future__ import annotations

from dataclasses import replace

from collab.content.tree import Inline, Run, Suggested
from server.publishing.docx_review import FORM
from server.publishing.marked import (
    Flow,
    Marked,
    MarkedAtom,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    Node,
    paragraphs_in,
)
from server.review.word.aligning import pair_nodes, pair_rows
from server.review.word.celling import Cells
from server.review.word.columns import Columns, RowPair
from server.review.word.shaping import as_they_stood
from server.review.word.sizing import (
    has_place,
    is_stretched,
    other_width,
    without_place,
)
from server.review.word.steps import (
    UNTRACKED,
    Compared,
    DeleteAtom,
    DeleteRow,
    InsertNodes,
    Missed,
    Ref,
    Resize,
    Settled,
    SettleThing,
    row_text,
    text_of_nodes,
)
from server.review.word.stretches import Numbers, compare_stretch

# Others drop what was tracked of rows and things, so that nothing follows from its
# absence.
_KEEPS_ALL = "microsoft"


def compare_files(base: Marked, edited: Marked) -> Compared:
    return _Comparer(base, edited).compared()


class _Comparer:
    def __init__(self, base: Marked, edited: Marked) -> None:
        self._base = base
        self._edited = edited
        self._numbers = Numbers()
        self._found = Compared()
        self._tables: dict[int, int] = {}
        self._atoms: dict[int, int] = {}
        self._number(base.flow)
        is_behind = False
        for paragraph in paragraphs_in(edited.flow):
            if is_behind:
                self._numbers.behind_deleted.add(id(paragraph))
            is_behind = paragraph.deletion is not None
        self._is_whole = edited.program.casefold().startswith(_KEEPS_ALL)
        self._numbers.keeps_all = self._is_whole
        self._is_of_this_form = edited.origin.get(FORM) == base.origin.get(FORM)

    def compared(self) -> Compared:
        self._flow(self._base.flow, self._edited.flow)
        self._found.missed += self._numbers.told
        self._found.resigned = self._numbers.resigned
        for step in self._found.steps:
            for atom in without_place(step):
                self._miss_atom(atom, None)
        for code, count in self._edited.lost.items():
            more = count - self._base.lost.get(code, 0)
            if more > 0 and code != "text_boxes":  # their words are told
                self._miss(f"lost_{code}", str(more))
        return self._found

    def _number(self, flow: Flow) -> None:
        for node in flow:
            if isinstance(node, MarkedParagraph):
                number = len(self._numbers.paragraphs)
                self._numbers.paragraphs[id(node)] = number
                if node.deletion:
                    self._numbers.deleted_ends.add(number)
            elif isinstance(node, MarkedAtom):
                self._atoms[id(node)] = len(self._atoms)
            else:
                self._tables[id(node)] = len(self._tables)
                for row in node.rows:
                    for cell in row.cells:
                        self._number(cell.flow)

    def _ref(self, node: Node) -> Ref:
        if isinstance(node, MarkedParagraph):
            return Ref("p", self._numbers.paragraphs[id(node)])
        if isinstance(node, MarkedAtom):
            return Ref("a", self._atoms[id(node)])
        return Ref("t", self._tables[id(node)])

    def _flow(self, old: Flow, new: Flow) -> None:
        pairs = pair_nodes(old, new)
        first, second = pairs[0] if pairs else (len(old), len(new))
        self._unpaired(None, old[:first], new[:second], old)
        if not pairs:
            return
        for (i, j), (a, b) in zip(
            pairs, [*pairs[1:], (len(old), len(new))], strict=True
        ):
            self._from(old[i:a], new[j:b], old)

    def _from(self, old: Flow, new: Flow, whole: Flow) -> None:
        """Two that belong together, and what follows each until the next such two."""
        before, after = old[0], new[0]
        if isinstance(before, MarkedParagraph):
            held, more = _run(old), _run(new)
            if more:
                more[0] = _without_label(more[0], before.label)
            self._found.steps += compare_stretch(held, more, self._numbers)
            self._unpaired(held[-1], old[len(held) :], new[len(more) :], whole)
            return
        if isinstance(before, MarkedTable) and isinstance(after, MarkedTable):
            self._table(before, after)
        elif isinstance(before, MarkedAtom) and isinstance(after, MarkedAtom):
            self._atom(before, after)
        self._unpaired(before, old[1:], new[1:], whole)

    def _unpaired(self, after: Node | None, old: Flow, new: Flow, whole: Flow) -> None:
        for node in old:
            if isinstance(node, MarkedParagraph):
                self._found.steps += compare_stretch([node], [], self._numbers)
            elif isinstance(node, MarkedTable):
                for index, row in enumerate(node.rows):
                    self._row_gone(node, index, row)
            else:
                self._atom_gone(node)
        self._numbers.cluster += 1
        group: list[Node] = []
        for node in new:
            if isinstance(node, MarkedAtom) and node.deletion:
                continue  # came and went again
            if isinstance(node, MarkedAtom) and not has_place(node):
                self._miss_atom(node, after)
            else:
                made = self._written(node)
                group += [made] if made is not None else []
        if not group:
            return
        if after is not None:
            ref, is_after = self._ref(after), True
        elif whole:
            ref, is_after = self._ref(whole[0]), False
        else:
            self._miss("no_place", text_of_nodes(tuple(group)))
            return
        by = self._by(_author(group[0]))
        self._found.steps.append(InsertNodes(ref, is_after, by, tuple(group)))

    def _by(self, suggested: Suggested | None) -> Suggested:
        return replace(suggested or UNTRACKED, id=str(self._numbers.cluster))

    def _written(self, node: Node) -> Node | None:
        """A new node with everything in it suggested; None when it went again."""
        if isinstance(node, MarkedParagraph):
            by = self._by(node.insertion or _first_author(node))
            inlines = tuple(
                replace(
                    inline,
                    insertion=self._by(inline.insertion or node.insertion),
                    deletion=inline.deletion and self._by(inline.deletion),
                )
                for inline in node.inlines
                if inline.insertion or not inline.deletion
            )
            if node.deletion and not node.insertion and not inlines:
                return None  # moved away from here
            gone = node.deletion and self._by(node.deletion)
            made = replace(node, inlines=inlines, points=(), joined=())
            return replace(made, insertion=by, deletion=gone)
        if isinstance(node, MarkedAtom):
            return replace(node, insertion=self._by(node.insertion))
        rows = tuple(
            replace(row, insertion=self._by(row.insertion)) for row in node.rows
        )
        return MarkedTable(rows)

    def _table(self, old: MarkedTable, new: MarkedTable) -> None:
        pairs = pair_rows(old, new)
        new, shaped = as_they_stood(old, new, pairs)
        paired_old, paired_new = dict(pairs), {b: a for a, b in pairs}
        for index, row in enumerate(old.rows):
            if index not in paired_old:
                self._row_gone(old, index, row)
        held = [RowPair(a, old.rows[a], b, new.rows[b]) for a, b in pairs]
        number, keeps = self._tables[id(old)], self._is_whole
        columns = Columns(held, number, self._once_more, keeps_marks=keeps)
        self._found.steps += columns.steps
        keeps = keeps and self._is_of_this_form
        cells = Cells(old, held, number, self._once_more, keeps_marks=keeps)
        self._found.steps += cells.steps(shaped)
        place = 0
        for index, row in enumerate(new.rows):
            at = paired_new.get(index)
            if at is None:
                by = self._once_more(row.insertion)
                self._found.steps.append(columns.new_row(place, by, row))
                continue
            place = at + 1
            self._row(old, RowPair(at, old.rows[at], index, row), columns)
        near = next(paragraphs_in((old,)), None)
        for code, text in columns.told():
            self._miss(code, text, near)

    def _once_more(self, suggested: Suggested | None) -> Suggested:
        self._numbers.cluster += 1
        return self._by(suggested)

    def _row(self, table: MarkedTable, row: RowPair, columns: Columns) -> None:
        index, old, _, new = row
        number = self._tables[id(table)]
        if old.insertion and not new.insertion:
            self._settle_thing(number, index, "insertion", accept=True)
        if old.deletion and not new.deletion:
            self._settle_thing(number, index, "deletion", accept=False)
        if new.deletion and not old.deletion:
            by = self._once_more(new.deletion)
            self._found.steps.append(DeleteRow(number, index, by, row_text(old)))
        for before, after in columns.cells_of(row):
            self._flow(before, after)

    def _row_gone(self, table: MarkedTable, index: int, row: MarkedRow) -> None:
        number = self._tables[id(table)]
        if row.deletion:
            self._settle_thing(number, index, "deletion", accept=True)
        elif row.insertion:
            self._settle_thing(number, index, "insertion", accept=False)
        else:
            by = self._once_more(None)
            self._found.steps.append(DeleteRow(number, index, by, row_text(row)))

    def _atom(self, old: MarkedAtom, new: MarkedAtom) -> None:
        number = self._atoms[id(old)]
        if old.insertion and not new.insertion:
            self._settle_thing(number, None, "insertion", accept=True)
        if old.deletion and not new.deletion:
            self._settle_thing(number, None, "deletion", accept=False)
        if new.deletion and not old.deletion:
            self._found.steps.append(DeleteAtom(number, self._once_more(new.deletion)))
        if is_stretched(new):
            self._miss("image_stretched", new.text)
        width = other_width(new)
        if width is not None:
            by = self._once_more(None)
            self._found.steps.append(Resize(number, width, by, new.text))

    def _atom_gone(self, old: MarkedAtom) -> None:
        number = self._atoms[id(old)]
        if old.deletion:
            self._settle_thing(number, None, "deletion", accept=True)
        elif old.insertion:
            self._settle_thing(number, None, "insertion", accept=False)
        elif self._is_whole:
            self._found.steps.append(DeleteAtom(number, self._once_more(None)))

    def _settle_thing(
        self, number: int, row: int | None, kind: Settled, *, accept: bool
    ) -> None:
        if self._is_whole:
            self._found.steps.append(SettleThing(number, row, kind, accept))

    def _miss_atom(self, atom: MarkedAtom, near: Node | None) -> None:
        code = "text_box" if atom.kind == "textBox" else "image"
        self._miss(code, atom.text, near)

    def _miss(self, code: str, text: str, near: Node | None = None) -> None:
        paragraph = None
        if isinstance(near, MarkedParagraph):
            paragraph = self._numbers.paragraphs.get(id(near))
        self._found.missed.append(Missed(code, text, paragraph))


def _without_label(paragraph: MarkedParagraph, label: str) -> MarkedParagraph:
    """A program that does not know our label style writes the label as text."""
    if not label or paragraph.label or not paragraph.text.startswith(label):
        return paragraph
    rest = paragraph.text[len(label) :]
    left = len(label) + (1 if rest[:1] in (" ", "\n") else 0)
    kept: list[Inline] = []
    for inline in paragraph.inlines:
        size = len(inline.text) if isinstance(inline, Run) else 1
        if left >= size:
            left -= size
            continue
        if isinstance(inline, Run):
            inline = replace(inline, text=inline.text[left:])
        kept.append(inline)
        left = 0
    return replace(paragraph, inlines=tuple(kept), label=label)


def _run(flow: Flow) -> list[MarkedParagraph]:
    found: list[MarkedParagraph] = []
    for node in flow:
        if not isinstance(node, MarkedParagraph):
            break
        found.append(node)
    return found


def _author(node: Node) -> Suggested | None:
    if isinstance(node, MarkedParagraph | MarkedAtom):
        return node.insertion
    return node.rows[0].insertion if node.rows else None


def _first_author(paragraph: MarkedParagraph) -> Suggested | None:
    return next((i.insertion for i in paragraph.inlines if i.insertion), None)
