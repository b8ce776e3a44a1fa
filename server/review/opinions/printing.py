"""The table of opinions as a file: who, what was said, what was accepted or explained.

Words on paper are Vietnamese whatever the language of the screen, as on every paper of
the office. Must not be called before the door was passed.
"""

from __future__ import annotations

from django.utils.translation import override

from server.common import clock
from server.publishing.registers.book import Book, Cell, Cover
from server.publishing.registers.forms import Table, form_of
from server.registry.books import Format, book_file
from server.registry.exports import ExportedFile
from server.registry.models import Draft
from server.review.models import InDraftOutcome, Opinion, OpinionOutcome, Silence
from server.review.opinions.standing import Stand
from server.review.queries.opinion_remarks import InDraft
from server.review.queries.opinion_suggestions import Made
from server.review.queries.opinions import OpinionRow, RoundTable, says_much
from server.review.templatetags.opinions import fate_label, fates_in_words

_UNSAID = {
    Stand.COMMENTED: "Góp ý trong dự thảo",
    Stand.WAITING: "Chưa trả lời",
    Stand.OVERDUE: "Quá hạn, chưa trả lời",
    Stand.SILENT_AGREES: "Không trả lời, coi như đồng ý",
    Stand.SILENT: "Không trả lời, ghi là không có ý kiến",
}


def print_opinions(draft: Draft, table: RoundTable, form: Format) -> ExportedFile:
    """All who are asked, in the order they were asked."""
    with override("vi"):
        live = [row for row in table.rows if row.stand is not Stand.WITHDRAWN]
        columns = form_of(Table.OPINIONS, clock.day_of(table.round.asked_at))
        book = Book(
            columns,
            _cover(draft, table),
            tuple(columns.arranged(_row(n, row)) for n, row in enumerate(live, 1)),
        )
        name = f"Tổng hợp ý kiến {draft.title}"[:120].strip()
        return book_file(book, f"{name} (đợt {table.round.number})", form)


def _cover(draft: Draft, table: RoundTable) -> Cover:
    counts = table.counts
    organisation = draft.organisation
    parent = organisation.parent if organisation else None
    until = f"{table.round.due_on:%d/%m/%Y}"
    silent = counts[Stand.SILENT_AGREES.value]
    commented = counts[Stand.COMMENTED.value]
    lines = (
        draft.title,
        f"Lấy ý kiến đợt {table.round.number}, hạn trả lời {until}. "
        f"{Silence(table.round.silence).label}.",
        f"Đã hỏi {counts['asked']} nơi; {counts['answered']} nơi có ý kiến: "
        f"{counts['agrees']} đồng ý, {counts['agrees_if']} đồng ý có góp ý, "
        f"{counts['disagrees']} không đồng ý"
        + (f"; {commented} nơi góp ý trong dự thảo" if commented else "")
        + (f"; {silent} nơi không trả lời, coi như đồng ý." if silent else "."),
        f"Lập ngày {clock.today():%d/%m/%Y}",
    )
    return Cover(
        parent=parent.name.upper() if parent else "",
        organisation=organisation.name.upper() if organisation else "",
        title="",
        year="",
        first_day=None,
        last_day=None,
        first_number="",
        last_number="",
        lines=lines,
    )


def _row(number: int, row: OpinionRow) -> tuple[Cell, ...]:
    who = row.name
    opinion = row.opinion
    if opinion is not None and row.request.unit_id is not None:
        who += f"\n({opinion.by.full_name})"
    said = [_said(opinion), *_in_draft(row.in_draft)]
    made = [_made_of_it(opinion, row.outcome), *_made_of_draft(row)]
    return number, who, _verdict(row), _lines(said), _lines(made)


def _lines(parts: list[str]) -> str:
    return "\n".join(part for part in parts if part)


def _in_draft(said: InDraft) -> list[str]:
    lines = [f"Tại “{r.place}”: {r.text}" for r in said.remarks if r.text]
    if said.changes:
        lines.append(f"Đề xuất sửa {said.changes} chỗ trong dự thảo:")
        lines += [f"– {_change(made)}" for made in said.listed]
    if said.unlisted:
        lines.append(f"– và {said.unlisted} chỗ khác, xem trong dự thảo")
    return lines


def _change(made: Made) -> str:
    acts = [
        f"{word} “{text}”"
        for word, text in (("bỏ", made.deleted), ("thêm", made.inserted))
        if text
    ]
    place = f"tại “{made.quote}”" if made.quote else ""
    what = ", ".join(acts) or "đổi trình bày"
    return f"{' '.join(part for part in (place, what) if part)} ({fate_label(made)})"


def _made_of_draft(row: OpinionRow) -> list[str]:
    """What was recorded; else what the draft itself tells of it."""
    outcome = row.draft_outcome
    if outcome is None:
        return _answered(row.in_draft)
    words = f"Góp ý trong dự thảo: {_in_words(outcome)}"
    if row.needs_draft_handling:
        return [words, "Sau đó còn góp ý thêm trong dự thảo.", *_answered(row.in_draft)]
    return [words]


def _answered(said: InDraft) -> list[str]:
    """What was made of it in the draft: answers in threads, and what was decided."""
    lines = [f"Tại “{r.place}”: {r.answer}" for r in said.remarks if r.answer]
    if said.remarks:
        count = f"{said.resolved}/{len(said.remarks)}"
        lines.append(f"Góp ý trong dự thảo: đã giải quyết {count}.")
    if said.changes:
        lines.append(f"Đề xuất sửa: {fates_in_words(said)}.")
    return lines


def _verdict(row: OpinionRow) -> str:
    if row.opinion is None:
        return _UNSAID[row.stand]
    late = "\n(sau hạn)" if row.opinion.is_late else ""
    return f"{row.opinion.get_verdict_display()}{late}"


def _said(opinion: Opinion | None) -> str:
    if opinion is None:
        return ""
    parts = [opinion.text] if opinion.text else []
    for answer in opinion.answers.all():
        choice = answer.get_choice_display() if answer.choice else ""
        said = ". ".join(part for part in (choice, answer.text) if part)
        asked = answer.question.text
        end = " " if asked.endswith(("?", ":", ".")) else ": "
        parts.append(f"Câu {answer.question.order}. {asked}{end}{said}")
    return "\n".join(parts)


def _in_words(outcome: OpinionOutcome | InDraftOutcome) -> str:
    words = outcome.get_handled_display()
    return f"{words}: {outcome.text}" if outcome.text else words


def _made_of_it(opinion: Opinion | None, outcome: OpinionOutcome | None) -> str:
    if outcome is not None:
        return _in_words(outcome)
    if opinion is not None and not says_much(opinion):
        return "Không có nội dung phải tiếp thu"
    return ""
