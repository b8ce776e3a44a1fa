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
from pycrdt import merge_updates

from collab.content.tree import Content, Suggested
from collab.ports import Level
from server.accounts.models import User
from server.common import clock
from server.common.errors import Conflict, NotFound
from server.publishing.docx_marked import read_marked
from server.publishing.docx_package import Limits
from server.publishing.docx_review import DRAFT, EPOCH, SEQ, Origin, to_review_docx
from server.publishing.marked import Marked, paragraphs_in
from server.publishing.rules import kind_of
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
from server.review.word.course import NOWHERE, Course, Files, Place
from server.review.word.exporting import names_in, placed, threads_of
from server.review.word.heading import HeadChange, compare_heads
from server.review.word.outcome import Outcome
from server.review.word.pen import Author
from server.review.word.picturing import changed_pictures, pictures_in, with_addresses
from server.review.word.safely import Safely
from server.review.word.steps import Missed

_TOP = 60  # lines in which a stamp may stand
_UNNAMED = "?"


@dataclass(slots=True)
class Reviewed:
    """`update` is None when the text stays as it is. `notes` are codes. `known` and
    `decided`: changes that were taken before and stand, or are decided by now."""

    outcome: Outcome
    comments: CommentPlan
    update: bytes | None
    epoch: int
    seq: int
    state: bytes
    places: list[str]
    course: Course
    known: int = 0
    decided: int = 0
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
    draft = access.draft
    base_content, place, note = _base(draft, edited, now)
    sent = _as_exported(draft, base_content)
    edited, refused = _addressed(draft, edited)
    course = Files(draft, limits).course(
        edited,
        sent,
        place,
        hashlib.sha256(data).hexdigest(),
        lambda file: _addressed(draft, file)[0],
    )
    found = _applied(access, actor, now, course)
    changes, lines = compare_heads(
        sent.head, edited.head, base_content.fields, now.whole.fields
    )
    told = [Missed("letterhead", line) for line in lines]
    told += changed_pictures(base_content, sent, edited, image_reader(draft))
    found.outcome.missed[:0] = [*told, *refused]
    found.head, found.notes = changes, [note] if note else []
    found.comments = _comments(draft, now, edited, course)
    open_ids = known_ids(now.whole)
    found.known = sum(1 for ident in course.ids if ident in open_ids)
    found.decided = len(course.ids) - found.known
    found.known += found.outcome.already
    return found


def _applied(access: Access, actor: User, now: Committed, course: Course) -> Reviewed:
    """One link after the other, each on what the one before left."""
    authors = Authors(access, actor)
    may_write = access.level >= Level.EDIT

    def may_settle(whose: str, accept: bool) -> bool:
        # Whoever may only suggest may take back what is his own.
        return may_write or (not accept and whose == str(actor.pk))

    found = Reviewed(
        Outcome(), CommentPlan(), None, now.epoch, now.seq, now.state, [], course
    )
    found.may_write = may_write
    state, updates = now.state, []
    for link in course.links:
        known = known_ids(now.whole) if link.row is None else frozenset[str]()
        author = authors.under(link.digest)
        safely = Safely(link.base.flow, author, may_settle, known, link.earlier)
        steps = link.steps
        link.outcome, update = safely.apply(state, steps)
        if update is not None:
            updates.append(update)
            state = merge_updates(state, update)
        digests = pictures_in(steps)
        found.pictures |= {d: link.edited.images[d] for d in digests}
        offset = len(found.places)
        found.outcome.add(Outcome(missed=link.compared.missed), offset)
        found.outcome.add(link.outcome, offset)
        found.places += [line.text for line in paragraphs_in(link.base.flow)]
    found.update = merge_updates(*updates) if updates else None
    return found


def _addressed(draft: Draft, file: Marked) -> tuple[Marked, list[Missed]]:
    return with_addresses(file, check_image, partial(image_address, draft.pk))


def _comments(
    draft: Draft, now: Committed, edited: Marked, course: Course
) -> CommentPlan:
    rows = [row for row in threads_of(draft) if row.comments.all()]
    shown = placed(rows, now.state, kind_of(now.whole.fields))
    sent = [
        Sent(row.pk, thread, tuple(said.key for said in row.comments.all()))
        for row, thread in zip(rows, shown, strict=True)
    ]
    return plan_comments(edited, sent, course.before, str(draft.pk))


class Authors:
    """Who a name in the file is: the one who reaches the draft under that name, for
    whoever may write; else the name itself, so that nobody writes as somebody else."""

    def __init__(self, access: Access, actor: User) -> None:
        self._actor = actor
        self._now = clock.now().isoformat()
        self._people: dict[str, list[str]] = {_folded(actor.full_name): [str(actor.pk)]}
        if access.level >= Level.EDIT:
            for person in reachable(access.draft):
                held = self._people.setdefault(_folded(person.full_name), [])
                if str(person.pk) not in held:
                    held.append(str(person.pk))

    def under(self, salt: str) -> Author:
        """The same file gives its changes the same ids."""
        return partial(self._signed, salt)

    def _signed(self, salt: str, by: Suggested) -> Suggested:
        author, at = self._named(by.author, by.at), self._time(by.at)
        said = f"{salt}|{by.id}|{by.author}|{by.at}"
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


def _base(draft: Draft, edited: Marked, now: Committed) -> tuple[Content, Place, str]:
    """What the file was made from, and where that stands in the log; the text of now
    when it does not say."""
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
        return now.whole, NOWHERE, "no_origin"
    if moment is None or moment.epoch != epoch:
        return now.whole, NOWHERE, "no_origin"
    if (epoch, seq) == now.place:
        return now.whole, (epoch, seq), ""
    note = "other_epoch" if epoch != now.epoch else "text_moved_on"
    return content_at(str(draft.pk), seq), (epoch, seq), note


def _as_exported(draft: Draft, content: Content) -> Marked:
    """The export read back: what a .docx cannot hold is missing there too."""
    origin = Origin(str(draft.pk), 1, 1)
    data = to_review_docx(content, lambda _src: None, origin, names_in(content))
    return read_marked(data)
