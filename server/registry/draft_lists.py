"""Lists about one draft as spreadsheets: its faults of form, and who has a right to it.

Must never be called before the door of the draft was passed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.publishing.check import Fault
from server.registry.exports import ExportedFile
from server.registry.form_check import FormCheck
from server.registry.list_exports import list_file
from server.registry.list_forms import ListForm
from server.registry.models import Draft
from server.registry.queries.sharing import Holder, who_has_access
from server.registry.templatetags.drafts import level_label


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault as the page shows it; `address` opens the editor at its place."""

    fault: Fault
    excerpt: str
    place: str
    address: str


def faults_file(found: FormCheck, rows: list[FaultRow]) -> ExportedFile:
    """Those that must be mended first, as on the page."""
    ordered = sorted(rows, key=lambda row: not row.fault.is_severe)
    norm = _("Theo %(norm)s.") % {"norm": found.rules.title}
    return list_file(_FAULTS, ordered, about=(found.draft.title, norm))


def holders_file(draft: Draft) -> ExportedFile:
    return list_file(_HOLDERS, who_has_access(draft), about=(draft.title,))


def _mended(row: FaultRow) -> str:
    fix = row.fault.fix
    return fix.new if fix is not None and fix.kind == "replace" else ""


_FAULTS: ListForm[FaultRow] = ListForm(
    gettext_lazy("Kiểm tra thể thức"),
    (
        (
            gettext_lazy("Mức"),
            28,
            False,
            lambda r: _("Phải sửa") if r.fault.is_severe else _("Nên xem lại"),
        ),
        (gettext_lazy("Chỗ"), 34, False, lambda r: r.place),
        (gettext_lazy("Lỗi"), 80, False, lambda r: str(r.fault.message)),
        (gettext_lazy("Trong văn bản"), 70, False, lambda r: r.excerpt),
        (gettext_lazy("Sửa thành"), 40, False, _mended),
        (gettext_lazy("Căn cứ"), 40, False, lambda r: str(r.fault.source)),
    ),
)
_HOLDERS: ListForm[Holder] = ListForm(
    gettext_lazy("Ai có quyền với dự thảo"),
    (
        (gettext_lazy("Người hoặc đơn vị"), 50, False, lambda h: h.name),
        (gettext_lazy("Chức vụ, cơ quan"), 60, False, lambda h: h.detail),
        (gettext_lazy("Quyền"), 26, False, lambda h: level_label(h.level)),
        (gettext_lazy("Vì sao"), 60, False, lambda h: h.reason),
    ),
)
