"""The list of registers, opening one, and the pages of its book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common import clock
from server.publishing.registers.forms import Kind
from server.registry.actions import registers as actions
from server.registry.actions.numbers import types_in
from server.registry.book_lists import book_rows_file
from server.registry.books import Format
from server.registry.file_answers import paper_answer
from server.registry.models import Register
from server.registry.queries import registers as queries
from server.registry.queries.distribution import documents_without_day
from server.registry.queries.registers import DEFAULT_SORT, BookFilter
from server.registry.register_access import access_register, kept_organisations
from server.registry.views.requests import is_partial, number, person, show

# As many as one mends before one looks again.
MOST_REMINDED = 5


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str
    is_shown: bool = False


@never_cache
@login_required
@require_GET
def register_list(request: HttpRequest) -> HttpResponse:
    found = queries.registers_of(person(request))
    runs = queries.newest_runs(found)
    rows = [(register, runs.get(register.pk, [])) for register in found]
    context = {
        "rows": rows,
        "may_open": kept_organisations(person(request)).exists(),
    }
    return render(request, "registry/registers/list.html", context)


@never_cache
@login_required
@require_GET
def register_book(request: HttpRequest, register_id: UUID) -> HttpResponse:
    access = access_register(person(request), register_id)
    register = access.register
    kind, shown, sort, asked = _asked(request, register)
    follow_up = kind is Kind.FOLLOW_UP
    page = number(request, "page")
    found: queries.BookPage[Any]
    if register.is_incoming:
        found = queries.list_incoming(register, shown, sort=sort, page=page)
    else:
        found = queries.list_outgoing(register, shown, sort=sort, page=page)

    def address(**changed: object) -> str:
        kept = {**asked, **changed}
        return "?" + urlencode({k: v for k, v in kept.items() if v not in ("", 1)})

    down = sort.startswith("-")
    context: dict[str, object] = {
        "register": register,
        "may_keep": access.may_keep,
        "kind": kind.value,
        "found": found,
        "asked": asked,
        "years": queries.years_of(register),
        "types": types_in(register),
        "tabs": _tabs(follow_up, address) if register.is_incoming else [],
        "sorts": {
            name: Link(
                "",
                address(sort=name if sort == f"-{name}" else f"-{name}"),
                sort.removeprefix("-") == name,
            )
            for name in queries.SORTS
        },
        "direction": "descending" if down else "ascending",
        "prints": _prints(register_id, kind, asked),
        "export": reverse("register_book_file", args=[register_id]) + address(page=""),
        "previous": address(page=found.number - 1) if found.number > 1 else "",
        "next": address(page=found.number + 1) if found.number < found.pages else "",
        "without_day": documents_without_day(register, MOST_REMINDED)
        if access.may_keep and not register.is_incoming
        else [],
        "is_partial": is_partial(request),
    }
    return show(request, "registers/book.html", "registers/_book.html", context)


@login_required
@require_GET
def register_book_file(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """What the page shows, all of its pages; the printed book is another thing."""
    register = access_register(person(request), register_id).register
    kind, shown, sort, _asked_for = _asked(request, register)
    return paper_answer(book_rows_file(register, kind, shown, sort))


def _asked(
    request: HttpRequest, register: Register
) -> tuple[Kind, BookFilter, str, dict[str, str]]:
    """The book, its filter and its order, and all that as the address has it."""
    kind = Kind.OUTGOING
    if register.is_incoming:
        follow_up = request.GET.get("book") == Kind.FOLLOW_UP
        kind = Kind.FOLLOW_UP if follow_up else Kind.INCOMING
    shown, asked = _filter(request)
    sort = request.GET.get("sort", DEFAULT_SORT)
    if sort.removeprefix("-") not in queries.SORTS:
        sort = DEFAULT_SORT
    book = kind.value if kind is Kind.FOLLOW_UP else ""
    return kind, shown, sort, {**asked, "sort": sort, "book": book}


def _tabs(follow_up: bool, address: Callable[..., str]) -> list[Link]:
    return [
        Link(_("Sổ đăng ký"), address(book="", page=""), not follow_up),
        Link(
            _("Theo dõi giải quyết"),
            address(book=Kind.FOLLOW_UP.value, page=""),
            follow_up,
        ),
    ]


def _prints(register_id: UUID, kind: Kind, asked: Mapping[str, str]) -> list[Link]:
    """The same rows as a file: what is shown is what is printed."""
    kept = {k: asked[k] for k in ("q", "type", "year", "first_day", "last_day", "open")}
    query = urlencode({k: v for k, v in kept.items() if v})
    base = f"/api/v1/registers/{register_id}/{kind.value}"
    labels = {
        Format.XLSX: _("Bảng tính (.xlsx)"),
        Format.DOCX: _("Word (.docx)"),
        Format.PDF: _("PDF để in"),
    }
    return [
        Link(labels[form], f"{base}.{form.value}?{query}".rstrip("?"))
        for form in Format
    ]


def _filter(request: HttpRequest) -> tuple[BookFilter, dict[str, str]]:
    """What is asked; a value that cannot be read is left out, not an error."""
    get = request.GET
    year = get.get("year", str(clock.today().year))
    year = year if year.isascii() and year.isdigit() and len(year) == 4 else ""
    asked = {
        "q": get.get("q", "")[:200],
        "type": get.get("type", "")[:10],
        "year": year if int(year or 0) >= 1900 else "",
        "first_day": _day_text(get.get("first_day", "")),
        "last_day": _day_text(get.get("last_day", "")),
        "open": "1" if get.get("open") else "",
    }
    shown = BookFilter(
        q=asked["q"],
        document_type=asked["type"],
        year=int(asked["year"]) if asked["year"] else None,
        first_day=date.fromisoformat(asked["first_day"])
        if asked["first_day"]
        else None,
        last_day=date.fromisoformat(asked["last_day"]) if asked["last_day"] else None,
        open_only=bool(asked["open"]),
    )
    return shown, asked


def _day_text(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return ""


@login_required
@require_POST
def register_close(request: HttpRequest, register_id: UUID) -> HttpResponse:
    register = actions.close_register(person(request), register_id)
    messages.success(request, _("Đã khóa sổ “%(name)s”.") % {"name": register.name})
    return redirect("register_book", register_id=register.pk)
