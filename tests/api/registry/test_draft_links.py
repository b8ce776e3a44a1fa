"""What a draft replaces or corrects is changed or taken off by those who may write it,
while it is being drafted; every change is on record."""

from __future__ import annotations

from typing import Any

import pytest

from collab.ports import Level
from server.common.errors import Conflict, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions.draft_links import link_draft, unlink_draft
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.process import submit
from server.registry.actions.recalling import recall
from server.registry.actions.shares import share
from server.registry.models import (
    DocumentLink,
    Draft,
    DraftLink,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
)
from server.registry.queries.draft_links import linkable
from server.registry.queries.process import panel_of
from server.registry.workflow.table import Act, State
from tests.support.cast import make_person
from tests.support.issuing import plan_for, write_letter
from tests.support.process import WAY, WHO, step

REPLACES, CORRECTS = LinkKind.REPLACES, LinkKind.CORRECTS
WRITERS = {"chuyenvien", "dongsoan"}
READERS = {"truongphong", "gopy", "chixem", "vanthu"}
NOBODIES = {"lanhdao", "sotttt", "quantri", "nguoila"}
PEOPLE = sorted(WRITERS | READERS | NOBODIES)
STATES = [State.DRAFTING, *WAY, State.CANCELLED]


@pytest.fixture
def people(cast: Any, stranger: Any) -> dict[str, Any]:
    """The office, and colleagues who may write, comment and read."""
    made = {
        name: make_person(name, f"Người {name}", cast.units["TH"])
        for name in ("dongsoan", "gopy", "chixem")
    }
    return {**cast.people, **made, "nguoila": stranger}


@pytest.fixture
def linked(cast: Any, people: dict[str, Any]) -> Any:
    """`linked(old)`: a draft that is to take its place, shared at each level."""

    def make(old: OutgoingDocument, kind: LinkKind = REPLACES) -> Draft:
        draft = begin_linked_draft(cast.chuyenvien, old.pk, kind)
        write_letter(draft)
        for name, level in (
            ("dongsoan", Level.EDIT),
            ("gopy", Level.COMMENT),
            ("chixem", Level.VIEW),
            ("vanthu", Level.VIEW),
        ):
            share(cast.chuyenvien, draft.pk, to=people[name], level=level)
        return draft

    return make


def bring(cast: Any, draft: Draft, state: State) -> Draft:
    if state is State.CANCELLED:
        step(cast.chuyenvien, draft, Act.CANCEL)
    elif state is not State.DRAFTING:
        submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
        for act in WAY[state]:
            step(cast.people[WHO[act]], draft, act)
    draft.refresh_from_db()
    assert draft.state == state
    return draft


def links() -> list[tuple[str, Any]]:
    return list(DraftLink.objects.values_list("kind", "document_id"))


# ── roles × acts ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("username", PEOPLE)
def test_only_who_may_write_the_draft_changes_or_takes_off_its_link(
    cast: Any, issued: Any, linked: Any, people: dict[str, Any], username: str
) -> None:
    old, other = issued(), issued(title="V/v khác")
    draft, person = linked(old), people[username]
    acts = (
        lambda: link_draft(person, draft.pk, CORRECTS, other.pk),
        lambda: unlink_draft(person, draft.pk),
    )
    if username in WRITERS:
        acts[0]()
        assert links() == [("corrects", other.pk)]
        acts[1]()
        assert links() == []
        return
    for act in acts:
        with pytest.raises(NotAllowed if username in READERS else NotFound):
            act()
    assert links() == [("replaces", old.pk)]


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_draft_on_its_way_or_at_its_end_keeps_its_link(
    cast: Any, issued: Any, linked: Any, state: State
) -> None:
    """Whoever approves it approves what its issue does to the other document."""
    old = issued()
    draft = bring(cast, linked(old), state)
    acts = (
        lambda: link_draft(cast.chuyenvien, draft.pk, CORRECTS, old.pk),
        lambda: unlink_draft(cast.chuyenvien, draft.pk),
    )
    if state is State.DRAFTING:
        for act in acts:
            act()
        assert links() == []
        return
    for act in acts:
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code in ("in_process", "draft_frozen")
    assert links() == [("replaces", old.pk)]


# ── what may be linked ──────────────────────────────────────────────────────────


def test_a_document_that_has_its_successor_is_not_replaced_again(
    cast: Any, issued: Any, begin_draft: Any
) -> None:
    old = issued()
    OutgoingDocument.objects.filter(pk=old.pk).update(state=OutgoingState.REPLACED)
    draft = begin_draft("V/v khác")
    with pytest.raises(Conflict) as refused:
        link_draft(cast.chuyenvien, draft.pk, REPLACES, old.pk)
    assert refused.value.code == "replaced"


def test_what_was_recalled_is_replaced_and_not_corrected(
    cast: Any, issued: Any, begin_draft: Any
) -> None:
    old = issued()
    recall(cast.vanthu, old.pk, "Ban hành nhầm")
    draft = begin_draft("V/v khác")
    with pytest.raises(Conflict) as refused:
        link_draft(cast.chuyenvien, draft.pk, CORRECTS, old.pk)
    assert refused.value.code == "recalled"
    assert link_draft(cast.chuyenvien, draft.pk, REPLACES, old.pk).document == old


def test_nobody_takes_the_place_of_what_he_may_not_read(
    cast: Any, issued: Any, begin_draft: Any
) -> None:
    old = issued()
    colleague = make_person("thtonghop", "Phạm Thị Tổng", cast.units["TH"])
    draft = begin_draft("V/v khác", by=colleague)
    with pytest.raises(NotFound):
        link_draft(colleague, draft.pk, REPLACES, old.pk)
    assert link_draft(colleague, draft.pk, CORRECTS, old.pk)


def test_a_draft_of_another_organisation_is_linked_to_none_of_ours(
    cast: Any, issued: Any, begin_draft: Any
) -> None:
    old = issued()
    draft = begin_draft("V/v khác", by=cast.sotttt)
    share(cast.sotttt, draft.pk, to=cast.chuyenvien, level=Level.EDIT)
    with pytest.raises(NotAllowed):
        link_draft(cast.chuyenvien, draft.pk, REPLACES, old.pk)
    with pytest.raises(NotFound):
        link_draft(cast.sotttt, draft.pk, REPLACES, old.pk)


def test_a_draft_without_a_link_has_none_to_take_off(
    cast: Any, begin_draft: Any
) -> None:
    with pytest.raises(NotFound):
        unlink_draft(cast.chuyenvien, begin_draft().pk)


# ── what it is for ──────────────────────────────────────────────────────────────


def test_who_was_refused_a_second_replacement_takes_the_link_off_and_issues(
    cast: Any, issued: Any, linked: Any, outgoing_register: Any
) -> None:
    old = issued()
    first, second = linked(old), linked(old)
    for draft in (first, second):
        bring(cast, draft, State.APPROVED)
    new = issue(cast.vanthu, first.pk, plan_for(first, outgoing_register))
    with pytest.raises(Conflict):
        issue(cast.vanthu, second.pk, plan_for(second, outgoing_register))
    step(cast.vanthu, second, Act.RETURN)
    unlink_draft(cast.chuyenvien, second.pk)
    bring(cast, second, State.APPROVED)
    assert issue(cast.vanthu, second.pk, plan_for(second, outgoing_register))
    assert [link.source for link in DocumentLink.objects.all()] == [new]


def test_what_took_its_place_is_offered_first_and_may_be_replaced_instead(
    cast: Any, issued: Any, linked: Any, outgoing_register: Any, signed_in: Any
) -> None:
    old = issued()
    first, second = linked(old), linked(old)
    bring(cast, first, State.APPROVED)
    page = signed_in(cast.chuyenvien)
    address = f"/drafts/{second.pk}/process/"
    assert "không thay thế lần nữa được" not in page.get(address).content.decode()
    new = issue(cast.vanthu, first.pk, plan_for(first, outgoing_register))
    assert "không thay thế lần nữa được" in page.get(address).content.decode()
    (offered,) = linkable(cast.chuyenvien, second, "")
    assert (offered.document, offered.kinds) == (new, (REPLACES, CORRECTS))
    found = page.get(f"{address}link/find/").content.decode()
    assert new.full_number in found
    page.post(f"{address}link/", {"kind": "replaces", "document": str(new.pk)})
    said = page.get(address).content.decode()
    assert f"thay thế văn bản số {new.full_number}" in said
    assert "không thay thế lần nữa được" not in said
    bring(cast, second, State.APPROVED)
    issue(cast.vanthu, second.pk, plan_for(second, outgoing_register))
    new.refresh_from_db()
    assert new.state == OutgoingState.REPLACED


def test_documents_are_found_by_number_and_subject_and_only_as_what_they_may_be(
    cast: Any, issued: Any, begin_draft: Any
) -> None:
    replaced, recalled = issued(), issued(title="V/v thứ hai")
    plain = issued(title="V/v thứ ba")
    OutgoingDocument.objects.filter(pk=replaced.pk).update(state=OutgoingState.REPLACED)
    recall(cast.vanthu, recalled.pk, "Ban hành nhầm")
    draft = begin_draft("V/v khác")

    def found(q: str) -> list[tuple[Any, tuple[LinkKind, ...]]]:
        return [(o.document.pk, o.kinds) for o in linkable(cast.chuyenvien, draft, q)]

    assert found("hoat dong idesk") == [
        (plain.pk, (REPLACES, CORRECTS)),
        (recalled.pk, (REPLACES,)),
    ]
    assert found("03/vpubnd") == [(plain.pk, (REPLACES, CORRECTS))]
    assert found("") == []
    assert linkable(cast.sotttt, draft, "idesk") == ()


def test_every_change_is_on_record_and_in_the_history_of_the_draft(
    cast: Any, issued: Any, linked: Any
) -> None:
    old, other = issued(), issued(title="V/v khác")
    draft = linked(old)
    link_draft(cast.chuyenvien, draft.pk, CORRECTS, other.pk)
    link_draft(cast.chuyenvien, draft.pk, CORRECTS, other.pk)  # nothing new
    unlink_draft(cast.chuyenvien, draft.pk)
    trail = AuditEntry.objects.filter(subject_id=str(draft.pk)).order_by("id")
    told = [
        (e.action, e.details["kind"], e.details["full_number"], e.details.get("before"))
        for e in trail
        if e.action in ("draft.linked", "draft.unlinked")
    ]
    assert told == [
        ("draft.linked", "replaces", old.full_number, None),
        ("draft.linked", "corrects", other.full_number, old.full_number),
        ("draft.unlinked", "corrects", other.full_number, None),
    ]
    access = access_draft(cast.chuyenvien, draft.pk, Action.OPEN)
    said = [deed.sentence for deed in panel_of(access, cast.chuyenvien).deeds]
    assert said == [
        f"bỏ liên kết với văn bản số {other.full_number}",
        f"soạn để đính chính văn bản số {other.full_number}",
        f"soạn để thay thế văn bản số {old.full_number}",
    ]


# ── the page and the API ────────────────────────────────────────────────────────


def test_the_page_offers_it_to_writers_while_the_draft_is_drafted(
    cast: Any, issued: Any, linked: Any, people: dict[str, Any], signed_in: Any
) -> None:
    draft = linked(issued())
    address = f"/drafts/{draft.pk}/process/"

    def offers(name: str) -> bool:
        page = signed_in(people[name]).get(address).content.decode()
        assert "thay thế văn bản số 01/VPUBND-HCTC" in page
        return "Bỏ liên kết" in page

    assert [offers(n) for n in ("chuyenvien", "dongsoan", "gopy")] == [1, 1, 0]
    signed_in(cast.chuyenvien).post(f"{address}link/")
    assert links() == []
    link_draft(cast.chuyenvien, draft.pk, REPLACES, issued(title="V/v khác").pk)
    bring(cast, draft, State.IN_REVIEW)
    page = signed_in(cast.chuyenvien)
    assert "Bỏ liên kết" not in page.get(address).content.decode()
    assert "Hãy rút về" in page.post(f"{address}link/", follow=True).content.decode()


def test_a_program_reads_changes_and_takes_off_the_link(
    cast: Any, issued: Any, linked: Any, signed_in: Any
) -> None:
    old, other = issued(), issued(title="V/v khác")
    draft = linked(old)
    client = signed_in(cast.chuyenvien)
    base = f"/api/v1/drafts/{draft.pk}"
    assert client.get(f"{base}/process").json()["link"] == {
        "kind": "replaces",
        "document": str(old.pk),
        "full_number": old.full_number,
        "is_lost": False,
    }
    body = {"kind": "corrects", "document": str(other.pk)}
    put = client.put(f"{base}/link", body, content_type="application/json")
    assert put.json()["link"]["full_number"] == other.full_number
    assert client.delete(f"{base}/link").status_code == 204
    assert client.get(f"{base}/process").json()["link"] is None
    assert client.delete(f"{base}/link").status_code == 404
