"""Every list of the administration as .xlsx, with its columns, filters and order.

What is exported is taken from the list itself, so a list that is new has its file at
once. Whoever may look at a list may take it along, and nobody else: Django's own
question is asked. Must never show a field that the list does not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from server.common import clock
from server.common.errors import InvalidInput, NotFound
from server.publishing.registers.book import Cell
from server.registry import list_exports
from server.registry.file_answers import paper_answer
from server.registry.list_forms import ListForm

# What the admin puts before the columns; it holds nothing.
_TICK_BOX = "action_checkbox"
_WIDTHS: tuple[tuple[type[models.Field[Any, Any]], int, bool], ...] = (
    (models.BooleanField, 26, True),
    (models.DateTimeField, 40, True),
    (models.DateField, 24, True),
    (models.IntegerField, 20, True),
)
_USUAL_WIDTH = 56


@never_cache
@require_GET
def admin_list_file(
    request: HttpRequest, app_label: str, model_name: str
) -> HttpResponse:
    """Takes the query of the list's page; a page of it means nothing here."""
    answer = admin.site.admin_view(_list_file)(request, app_label, model_name)
    assert isinstance(answer, HttpResponse)
    return answer


def _list_file(request: HttpRequest, app_label: str, model_name: str) -> HttpResponse:
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        raise NotFound from None
    if not admin.site.is_registered(model):
        raise NotFound
    kept = admin.site.get_model_admin(model)
    if not kept.has_view_or_change_permission(request):
        raise PermissionDenied
    try:
        listed: Any = kept.get_changelist_instance(request)
    except IncorrectLookupParameters:
        raise InvalidInput(_("Bộ lọc không đọc được.")) from None
    rows = listed.queryset[: list_exports.MOST_ROWS + 1]
    about = _narrowed_by(listed)
    return paper_answer(list_exports.list_file(_form_of(listed), rows, about=about))


def _form_of(listed: Any) -> ListForm[models.Model]:
    names = [name for name in listed.list_display if name != _TICK_BOX]
    return ListForm(
        capfirst(str(listed.opts.verbose_name_plural)),
        tuple(
            (
                capfirst(str(label_for_field(name, listed.model, listed.model_admin))),
                *_width_of(listed, name),
                _cell_of(listed, name),
            )
            for name in names
        ),
    )


def _width_of(listed: Any, name: str) -> tuple[int, bool]:
    try:
        field = listed.opts.get_field(name)
    except LookupError:
        return _USUAL_WIDTH, False
    for kind, width, centred in _WIDTHS:
        if isinstance(field, kind):
            return width, centred
    return _USUAL_WIDTH, False


def _cell_of(listed: Any, name: str) -> Callable[[models.Model], Cell]:
    def cell(row: models.Model) -> Cell:
        try:
            field, _attribute, value = lookup_field(name, row, listed.model_admin)
        except ObjectDoesNotExist:
            return ""
        if field is not None and field.is_relation:
            value = getattr(row, field.name)
        elif field is not None and getattr(field, "flatchoices", None):
            value = dict(field.flatchoices).get(value, value)
        return _shown(value)

    return cell


def _shown(value: object) -> Cell:
    """A value keeps its kind, so that a spreadsheet can sort by it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Có") if value else pgettext("yes or no", "Không")
    if isinstance(value, datetime):
        # A spreadsheet knows no time zones: the clock on the wall in Vietnam.
        return value.astimezone(clock.VIETNAM).replace(tzinfo=None)
    return value if isinstance(value, int | date) else str(value)


def _narrowed_by(listed: Any) -> tuple[str, ...]:
    """What was sought and which filters are set, as the page names them."""
    sought = str(listed.query).strip()
    said = [_("Tìm: “%(q)s”") % {"q": sought}] if sought else []
    for spec in listed.filter_specs:
        if not spec.used_parameters:
            continue
        chosen = [
            str(choice["display"])
            for choice in spec.choices(listed)
            if choice.get("selected")
        ]
        said.append(f"{capfirst(str(spec.title))}: {', '.join(chosen)}")
    return tuple(said)
