"""The versions of a draft as people list, find and compare them.

Rows and what follows from the log are one list here, ordered by their place. Must never
write, and must never decide who may read: the caller has passed the door.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from server.accounts.models import User
from server.common import clock
from server.common.errors import InvalidInput, NotFound
from server.registry.models import Draft
from server.registry.templatetags.process import act_label
from server.review.models import LastSeen, Version, VersionKind
from server.review.past.timeline import Moment, Rest, Timeline, rests, writers

PAGE_SIZE = 50
# In a list to choose from; what is older has its place on the slider.
MOST_CHOICES = 500
# Names by which a version is asked for, beside its number.
REFERENCES = ("now", "first", "last", "signed", "issued")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """`at` is when this text was saved, or the step taken; `people` are the names of
    those who made the version, or who wrote (`authors`) since the one before."""

    kind: str
    seq: int
    epoch: int
    at: datetime
    label: str
    people: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    id: UUID | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class VersionPage:
    lines: tuple[VersionLine, ...]
    total: int
    number: int
    pages: int


def versions_of(
    draft: Draft,
    timeline: Timeline,
    *,
    kinds: Collection[str] = (),
    page: int = 1,
    size: int = PAGE_SIZE,
) -> VersionPage:
    """Newest first. A named or stepped version hides the pause at the same place."""
    rows = list(Version.objects.filter(draft=draft).select_related("by"))
    placed = {row.seq for row in rows}
    passed = rests(timeline.moments, clock.VIETNAM, clock.now())
    found = [
        *(_stored_line(row, timeline) for row in rows),
        *(_rest_line(rest) for rest in passed if rest.moment.seq not in placed),
    ]
    found = [line for line in found if not kinds or line.kind in kinds]
    found.sort(key=lambda line: (line.seq, line.at), reverse=True)
    shown = Paginator(found, size).get_page(page)
    names = names_of({a for line in shown for a in line.authors})
    lines = tuple(_with_names(line, names) for line in shown)
    pages = shown.paginator
    return VersionPage(lines, pages.count, shown.number, pages.num_pages)


def _stored_line(row: Version, timeline: Timeline) -> VersionLine:
    # A name may come long after the text: in the list it stands where the text does.
    moment = timeline.at(row.seq) if row.kind == VersionKind.NAMED else None
    at = moment.at if moment else row.at
    by = (row.by.full_name,) if row.by else ()
    label = row.name or act_label(row.act)
    return VersionLine(
        row.kind, row.seq, row.epoch, at, label, by, (), row.pk, row.digest
    )


def _rest_line(rest: Rest) -> VersionLine:
    moment = rest.moment
    label = _rest_label(rest.kind, moment.at)
    return VersionLine(
        rest.kind, moment.seq, moment.epoch, moment.at, label, (), rest.authors
    )


def _with_names(line: VersionLine, names: dict[str, str]) -> VersionLine:
    if not line.authors:
        return line
    people = tuple(names.get(a, _("một người đã bị xóa")) for a in line.authors)
    return replace(line, people=people)


def _rest_label(kind: str, at: datetime) -> str:
    if kind == VersionKind.DAY:
        return _("Cuối ngày %(day)s") % {
            "day": f"{at.astimezone(clock.VIETNAM):%d/%m/%Y}"
        }
    return _("Tạm nghỉ lúc %(time)s") % {
        "time": f"{at.astimezone(clock.VIETNAM):%H:%M}"
    }


def names_of(user_ids: Iterable[str]) -> dict[str, str]:
    """Full names by id; ids of nobody are left out. One query."""
    keys = []
    for text in user_ids:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    rows = User.objects.filter(pk__in=keys).values_list("pk", "full_name")
    return {str(key): name for key, name in rows}


@dataclass(frozen=True, slots=True)
class Place:
    """One version that was asked for, with the words that say which it is."""

    moment: Moment
    label: str
    people: tuple[str, ...]

    @property
    def seq(self) -> int:
        return self.moment.seq


def place_named(draft: Draft, user: User, timeline: Timeline, reference: str) -> Place:
    """The version of a reference: a `seq`, or one of REFERENCES.

    Raises NotFound when there is none such, InvalidInput when it cannot be one.
    """
    if reference.isascii() and reference.isdigit() and len(reference) < 16:
        seq = int(reference)
    elif reference in REFERENCES:
        seq = _seq_of(draft, user, timeline, reference)
    else:
        raise InvalidInput(_("Không có phiên bản nào gọi như vậy."))
    moment = timeline.at(seq)
    if moment is None:
        raise NotFound
    names = names_of(moment.authors)
    people = tuple(names.get(a, _("một người đã bị xóa")) for a in moment.authors)
    return Place(moment, _place_label(draft, timeline, reference, moment), people)


def _seq_of(draft: Draft, user: User, timeline: Timeline, reference: str) -> int:
    if reference == "now":
        return timeline.last_seq
    if reference == "first":
        return 1
    if reference == "last":
        seen = last_seen(draft, user)
        if seen is None:
            raise NotFound
        return seen[0]
    row = newest_of(draft, reference)
    if row is None:
        raise NotFound
    return row.seq


def newest_of(draft: Draft, kind: str) -> Version | None:
    return Version.objects.filter(draft=draft, kind=kind).order_by("-at").first()


def last_seen(draft: Draft, user: User) -> tuple[int, datetime] | None:
    """What the person knew when this visit began; None on the first visit."""
    seen = LastSeen.objects.filter(draft=draft, user=user).first()
    if seen is None or seen.before_seq is None or seen.before_at is None:
        return None
    return seen.before_seq, seen.before_at


def _place_label(
    draft: Draft, timeline: Timeline, reference: str, moment: Moment
) -> str:
    if moment.seq == timeline.last_seq:
        return _("Bản hiện tại")
    labels = {
        "first": _("Bản đầu tiên"),
        "last": _("Bản tôi xem lần trước"),
        "signed": _("Bản đã ký"),
        "issued": _("Bản đã phát hành"),
    }
    if reference in labels:
        return labels[reference]
    row = Version.objects.filter(draft=draft, seq=moment.seq).order_by("at").first()
    if row is not None:
        return row.name or act_label(row.act)
    if moment.seq == 1:
        return labels["first"]
    at = moment.at.astimezone(clock.VIETNAM)
    return _("Bản lúc %(at)s") % {"at": f"{at:%H:%M, %d/%m/%Y}"}


def people_between(timeline: Timeline, after_seq: int, up_to_seq: int) -> list[str]:
    """Names of those who wrote between two places. One query."""
    ids = writers(timeline.moments[after_seq:up_to_seq])
    names = names_of(ids)
    return [names[a] for a in ids if a in names]
