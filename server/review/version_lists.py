"""A draft's versions, and those who wrote it, as spreadsheets: all that is shown.

Must not be called before the door to the past was passed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.utils.formats import localize
from django.utils.translation import gettext_lazy

from server.common import clock
from server.registry.exports import ExportedFile
from server.registry.list_exports import MOST_ROWS, list_file
from server.registry.list_forms import ListForm
from server.registry.models import Draft
from server.review.past.timeline import Timeline
from server.review.queries.authorship import Contributor
from server.review.queries.versions import VersionLine, versions_of
from server.review.templatetags.versions import kind_label


def versions_file(
    draft: Draft, timeline: Timeline, kinds: Collection[str]
) -> ExportedFile:
    chosen = ", ".join(kind_label(kind) for kind in kinds)
    rows = _lines(draft, timeline, kinds)
    return list_file(_VERSIONS, rows, about=(draft.title, chosen))


def contributors_file(draft: Draft, found: Iterable[Contributor]) -> ExportedFile:
    return list_file(_CONTRIBUTORS, found, about=(draft.title,))


def _lines(
    draft: Draft, timeline: Timeline, kinds: Collection[str]
) -> Iterator[VersionLine]:
    """The newest, one more than a sheet holds."""
    told, page, pages = 0, 1, 1
    while page <= pages and told <= MOST_ROWS:
        found = versions_of(draft, timeline, kinds=kinds, page=page)
        yield from found.lines
        told, page, pages = told + len(found.lines), page + 1, found.pages


_VERSIONS: ListForm[VersionLine] = ListForm(
    gettext_lazy("Phiên bản"),
    (
        (
            gettext_lazy("Ngày"),
            24,
            True,
            lambda v: v.at.astimezone(clock.VIETNAM).date(),
        ),
        (
            gettext_lazy("Giờ"),
            16,
            True,
            lambda v: f"{v.at.astimezone(clock.VIETNAM):%H:%M}",
        ),
        (gettext_lazy("Phiên bản"), 60, False, lambda v: v.label),
        (gettext_lazy("Loại"), 34, False, lambda v: kind_label(v.kind)),
        (gettext_lazy("Người"), 60, False, lambda v: ", ".join(v.people)),
        (gettext_lazy("Lần lưu"), 18, True, lambda v: v.seq),
    ),
)
_CONTRIBUTORS: ListForm[Contributor] = ListForm(
    gettext_lazy("Người viết"),
    (
        (gettext_lazy("Người"), 80, False, lambda c: c.name),
        (gettext_lazy("Số ký tự"), 26, True, lambda c: c.characters),
        # As text: the share was rounded as the page shows it.
        (
            gettext_lazy("Phần"),
            26,
            True,
            lambda c: f"{localize(c.percent)}%",
        ),
    ),
)
