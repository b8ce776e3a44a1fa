"""One edited Word file against one draft: everything that would be done, and the edit.

Reading and comparing is slow and touches nothing; `server.review.actions.word_review`
stores what comes out of here. Must never write.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.utils.translation import gettext_lazy as _

from collab.content.tree import Content, Suggested
from collab.ports import Level
from server.accounts.models import User
from server.common import clock
from server.common.errors import Conflict, NotFound
from server.publishing.docx_marked import read_marked
from server.publishing.docx_package import Limits
from server.publishing.docx_review import DRAFT, EPOCH, SEQ, Origin, to_review_docx
from server.publishing.marked import Marked, paragraphs_in
from server.registry.access import Access
from server.registry.actions.images import check_image, image_address
from server.registry.exports import image_reader
from server.registry.models import Draft
from server.registry.secrecy import refuse_marked
from server.registry.texts import Committed
from server.review.past.reading import content_at, timeline_of
from server.review.people import reachable
from server.review.queries.authors import FROM_WORD
from server.review.word.applying import known_ids
from server.review.word.commenting import CommentPlan, Sent, plan_comments
from server.review.word.comparing import compare_files
from server.review.word.exporting import names_in, placed, threads_of
from server.review.word.heading import HeadChange, compare_heads
from server.review.word.outcome import Outcome
from server.review.word.picturing import changed_pictures, pictures_in, with_addresses
from server.review.word.safely import Safely
from server.review.word.steps import Missed

_TOP = 60  # lines in which a stamp may stand
_UNNAMED = "?"


@dataclass(slots=True)
class Reviewed:
    """`update` is None when the text stays as it is. `notes` are codes."""

    outcome: Outcome
    comments: CommentPlan
    update: bytes | None
    epoch: int
    state: bytes
    places: list[str]
    salt: str
    notes: list[str] = field(default_factory=list)
    head: list[HeadChange] = field(default_factory=list)
    may_write: bool = False
    pictures: dict[str, bytes] = field(default_factory=dict)  # by digest, to be stored

    @property
    def missed(self) -> list[Missed]:
        return [*self.outcome.missed, *self.comments.missed]


def review_file(
    access: Access, actor: User, now: Committed, data: bytes, limits: Limits
) -> Reviewed:
    """Raises what `read_marked` does, and Conflict (`other_draft`, `state_secret`)."""
    edited = read_marked(data, limits)
    top = [paragraph.text for paragraph in paragraphs_in(edited.flow)][:_TOP]
    refuse_marked([*(line.text for line in edited.head), *top])
    draft, notes = access.draft, []
    base_content, note = _base(draft, edited, now)
    notes += [note] if note else []
    base = _as_exported(draft, base_content)
    edited, refused = with_addresses(
        edited, check_image, partial(image_address, draft.pk)
    )
    compared = compare_files(base, edited)
    salt = hashlib.sha256(data).hexdigest()
    author = Authors(access, actor, salt)
    may_write = access.level >= Level.EDIT

    def may_settle(whose: str, accept: bool) -> bool:
        # Whoever may only suggest may take back what is his own.
        return may_write or (not accept and whose == str(actor.pk))

    safely = Safely(base.flow, author, may_settle, known_ids(now.whole))
    outcome, update = safely.apply(now.state, compared.steps)
    changes, lines = compare_heads(
        base.head, edited.head, base_content.fields, now.whole.fields
    )
    told = [Missed("letterhead", line) for line in lines]
    told += changed_pictures(base_content, base, edited, image_reader(draft))
    outcome.missed = [*told, *refused, *compared.missed, *outcome.missed]
    pictures = {d: edited.images[d] for d in pictures_in(compared.steps)}
    rows = list(threads_of(draft))
    shown = placed(rows, now.state)
    sent = [
        Sent(row.pk, thread)
        for row, thread in zip(
            [row for row in rows if row.comments.all()], shown, strict=True
        )
    ]
    return Reviewed(
        outcome,
        plan_comments(edited, sent),
        update,
        now.epoch,
        now.state,
        [paragraph.text for paragraph in paragraphs_in(base.flow)],
        salt,
        notes,
        changes,
        may_write,
        pictures,
    )


class Authors:
    """Who a name in the file is: the one who reaches the draft under that name, for
    whoever may write; else the name itself, so that nobody writes as somebody else."""

    def __init__(self, access: Access, actor: User, salt: str) -> None:
        self._actor = actor
        self._salt = salt
        self._now = clock.now().isoformat()
        self._people: dict[str, list[str]] = {_folded(actor.full_name): [str(actor.pk)]}
        if access.level >= Level.EDIT:
            for person in reachable(access.draft):
                held = self._people.setdefault(_folded(person.full_name), [])
                if str(person.pk) not in held:
                    held.append(str(person.pk))

    def __call__(self, by: Suggested) -> Suggested:
        author, at = self._named(by.author, by.at), self._time(by.at)
        said = f"{self._salt}|{by.id}|{by.author}|{by.at}"
        ident = hashlib.sha256(said.encode()).hexdigest()[:32]
        return Suggested(ident, author, at)

    def _named(self, name: str, at: str) -> str:
        if not name:
            # Without a trace, it is whoever brings it; with a time, somebody was there.
            return str(self._actor.pk) if not at else FROM_WORD + _UNNAMED
        found = self._people.get(_folded(name), [])
        return found[0] if len(found) == 1 else FROM_WORD + name

    def _time(self, at: str) -> str:
        try:
            return datetime.fromisoformat(at).isoformat() if at else self._now
        except ValueError:
            return self._now


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _base(draft: Draft, edited: Marked, now: Committed) -> tuple[Content, str]:
    """What the file was made from; the text of now when it does not say."""
    origin = edited.origin
    if origin.get(DRAFT) and origin[DRAFT] != str(draft.pk):
        raise Conflict(
            _("Tệp này xuất từ dự thảo khác. Hãy mở đúng dự thảo rồi nhập lại."),
            code="other_draft",
        )
    try:
        epoch, seq = int(origin.get(EPOCH, "")), int(origin.get(SEQ, ""))
        moment = timeline_of(str(draft.pk)).at(seq) if 0 < seq < 2**62 else None
    except (ValueError, NotFound):
        return now.whole, "no_origin"
    if moment is None or moment.epoch != epoch:
        return now.whole, "no_origin"
    if (epoch, seq) == now.place:
        return now.whole, ""
    note = "other_epoch" if epoch != now.epoch else "text_moved_on"
    return content_at(str(draft.pk), seq), note


def _as_exported(draft: Draft, content: Content) -> Marked:
    """The export read back: what a .docx cannot hold is missing there too."""
    origin = Origin(str(draft.pk), 1, 1)
    data = to_review_docx(content, lambda _src: None, origin, names_in(content))
    return read_marked(data)
