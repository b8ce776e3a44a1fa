"""Begin, read, rename, archive and restore a draft over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from collab.ports import Level
from server.accounts.models import Membership, Role
from server.common import clock, providers
from server.common.ids import new_id
from server.common.models import AuditEntry
from server.registry.actions import drafts as actions
from server.registry.exports import committed_content
from server.registry.models import Draft

API = "/api/v1/drafts"


def actions_on(draft: Draft) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=str(draft.pk)).order_by("id")
    return list(rows.values_list("action", flat=True))


def test_a_draft_is_begun_with_its_template_owner_log_audit_and_event(
    chuyenvien: Any, signed_in: Any, events: Any
) -> None:
    answer = signed_in(chuyenvien).post(
        API, {"title": "Quy chế làm việc", "type": "QĐ"}, "application/json"
    )
    assert answer.status_code == 201
    body = answer.json()
    assert (body["level"], body["state"], body["source"]) == (
        "own",
        "drafting",
        "template",
    )
    assert body["type_name"] == "Quyết định"
    assert body["unit"] == "Phòng Hành chính – Tổ chức"
    draft = Draft.objects.get(pk=body["id"])
    content = committed_content(draft)
    assert content.fields.notation == "QĐ-VPUBND"
    assert content.fields.subject == "Quy chế làm việc"
    assert actions_on(draft) == ["draft.created"]
    assert events() == [("draft.created", str(draft.pk))]
    history = providers.document_store.get().history(str(draft.pk))
    assert [entry.authors for entry in history] == [(str(chuyenvien.pk),)]


def test_a_blank_draft_has_no_first_text(chuyenvien: Any, signed_in: Any) -> None:
    answer = signed_in(chuyenvien).post(
        API, {"title": "x", "type": "CV", "blank": True}, "application/json"
    )
    draft = Draft.objects.get(pk=answer.json()["id"])
    assert answer.json()["source"] == "blank"
    assert [b.text for b in committed_content(draft).blocks] == [""]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "", "type": "CV"}, "title"),
        ({"title": "x" * 501, "type": "CV"}, "title"),
        ({"title": "x", "type": "ZZ"}, "type"),
        ({"title": "x"}, "type"),
        ({"title": "x", "type": "CV", "unit": str(new_id())}, "unit"),
        ({"title": "x", "type": "CV", "color": "red"}, "color"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_left(
    body: dict[str, Any], field: str, chuyenvien: Any, signed_in: Any
) -> None:
    answer = signed_in(chuyenvien).post(API, body, "application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"
    assert field in answer.json()["fields"]
    assert not Draft.objects.exists()


def test_nobody_begins_a_draft_without_signing_in(client: Any, cast: Any) -> None:
    answer = client.post(API, {"title": "x", "type": "CV"}, "application/json")
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign_in_required"


def test_a_draft_whose_log_fails_is_not_begun(
    chuyenvien: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(providers.document_store.get(), "create", fail)
    with pytest.raises(RuntimeError):
        actions.create_draft(chuyenvien, title="x", type_code="CV")
    assert not Draft.objects.exists()
    assert not AuditEntry.objects.filter(action="draft.created").exists()


def test_the_unit_of_a_draft_can_be_another_of_ones_units(
    cast: Any, signed_in: Any
) -> None:
    other = cast.units["TH"]
    Membership.objects.create(user=cast.chuyenvien, unit=other, role=Role.OFFICIAL)
    answer = signed_in(cast.chuyenvien).post(
        API, {"title": "x", "type": "CV", "unit": str(other.pk)}, "application/json"
    )
    assert answer.json()["unit"] == "Phòng Tổng hợp"


def test_a_draft_is_read_with_its_level_and_abilities(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    body = signed_in(cast.sotttt).get(f"{API}/{draft.pk}").json()
    assert body["level"] == "view"
    assert body["abilities"]["export"] is True
    assert body["abilities"]["rename"] is False


def test_absent_and_forbidden_look_the_same(
    cast: Any, stranger: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    browser = signed_in(stranger)
    for verb, path in [
        ("get", ""),
        ("patch", ""),
        ("post", "/archive"),
        ("post", "/restore"),
        ("get", "/shares"),
        ("put", "/shares"),
        ("get", "/history"),
        ("get", "/text"),
        ("get", "/export.docx"),
        ("get", "/export.pdf"),
        ("get", "/images/" + "0" * 64),
        ("delete", f"/shares/{new_id()}"),
    ]:
        sent = {"title": "x"} if verb == "patch" else {"user": "a", "level": "view"}
        kwargs = (
            {"data": sent, "content_type": "application/json"}
            if verb in {"patch", "put"}
            else {}
        )
        forbidden = getattr(browser, verb)(f"{API}/{draft.pk}{path}", **kwargs)
        absent = getattr(browser, verb)(f"{API}/{new_id()}{path}", **kwargs)
        assert forbidden.status_code == absent.status_code == 404, (verb, path)
        assert forbidden.content == absent.content
        assert forbidden.json()["code"] == "not_found"


def test_renaming_changes_name_search_and_order_and_tells_everyone(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft = begin_draft("Tên cũ", shared={cast.vanthu: Level.EDIT})
    before = len(events())
    browser = signed_in(cast.vanthu)
    answer = browser.patch(
        f"{API}/{draft.pk}", {"title": " Đề án  mới "}, "application/json"
    )
    assert answer.json()["title"] == "Đề án mới"
    assert events()[before:] == [("draft.renamed", str(draft.pk))]
    assert actions_on(draft)[-1] == "draft.renamed"
    entry = AuditEntry.objects.filter(action="draft.renamed").get()
    assert entry.details == {"before": "Tên cũ", "after": "Đề án mới"}
    assert entry.client_address == "127.0.0.1"
    found = browser.get(f"{API}?scope=shared&q=de an").json()
    assert [item["id"] for item in found["items"]] == [str(draft.pk)]


def test_renaming_to_the_same_name_tells_nobody(
    cast: Any, begin_draft: Any, events: Any
) -> None:
    draft = begin_draft("Tên")
    before = events()
    actions.rename(cast.chuyenvien, draft.pk, " Tên ")
    assert events() == before


def test_a_commenter_cannot_rename(cast: Any, begin_draft: Any, signed_in: Any) -> None:
    draft = begin_draft("Tên", shared={cast.lanhdao: Level.COMMENT})
    answer = signed_in(cast.lanhdao).patch(
        f"{API}/{draft.pk}", {"title": "Khác"}, "application/json"
    )
    assert answer.status_code == 403
    assert Draft.objects.get(pk=draft.pk).title == "Tên"


def test_an_archived_draft_leaves_the_lists_and_comes_back(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft = begin_draft()
    browser = signed_in(cast.chuyenvien)
    before = len(events())
    assert browser.post(f"{API}/{draft.pk}/archive").json()["archived"] is True
    assert browser.get(f"{API}?scope=mine").json()["count"] == 0
    assert browser.get(f"{API}?scope=archived").json()["count"] == 1
    again = browser.post(f"{API}/{draft.pk}/archive")
    assert (again.status_code, again.json()["code"]) == (409, "archived")
    assert browser.post(f"{API}/{draft.pk}/restore").json()["archived"] is False
    assert browser.get(f"{API}?scope=mine").json()["count"] == 1
    again = browser.post(f"{API}/{draft.pk}/restore")
    assert (again.status_code, again.json()["code"]) == (409, "not_archived")
    kinds = [kind for kind, _id in events()[before:]]
    assert kinds == ["draft.archived", "draft.restored"]
    assert actions_on(draft)[-2:] == ["draft.archived", "draft.restored"]


def test_an_editor_cannot_archive(cast: Any, begin_draft: Any, signed_in: Any) -> None:
    draft = begin_draft(shared={cast.vanthu: Level.EDIT})
    answer = signed_in(cast.vanthu).post(f"{API}/{draft.pk}/archive")
    assert answer.status_code == 403
    assert Draft.objects.get(pk=draft.pk).archived_at is None


def test_the_time_of_change_moves_at_most_twice_a_minute(begin_draft: Any) -> None:
    draft = begin_draft()
    began = draft.updated_at
    actions.touch_updated(str(draft.pk), began + timedelta(seconds=5))
    assert Draft.objects.get(pk=draft.pk).updated_at == began
    actions.touch_updated(str(draft.pk), began + timedelta(seconds=31))
    assert Draft.objects.get(pk=draft.pk).updated_at == began + timedelta(seconds=31)
    actions.touch_updated(new_id(), clock.now())


def test_the_drafts_of_a_commit_are_noted_in_one_query_each_with_its_second(
    begin_draft: Any, django_assert_num_queries: Any
) -> None:
    drafts = [begin_draft() for _ in range(4)]
    began = max(draft.updated_at for draft in drafts).replace(microsecond=0)
    later = [began + timedelta(seconds=seconds) for seconds in (40, 40.5, 40.2, 70)]
    changed = {str(draft.pk): at for draft, at in zip(drafts, later, strict=True)}
    with django_assert_num_queries(2):
        actions.touch_all(changed)
    noted = [Draft.objects.get(pk=draft.pk).updated_at for draft in drafts]
    assert noted == [later[1], later[1], later[1], later[3]]


def test_the_types_are_listed_and_found_without_diacritics(
    chuyenvien: Any, signed_in: Any
) -> None:
    browser = signed_in(chuyenvien)
    assert len(browser.get("/api/v1/document-types").json()) == 29
    found = browser.get("/api/v1/document-types?q=quyet").json()
    assert [kind["code"] for kind in found] == ["NQ", "QĐ"]
