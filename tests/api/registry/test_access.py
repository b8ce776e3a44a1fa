"""The one door: the demo office's people × every act, and how each comes to a right."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab.ports import Level
from server.accounts.models import Membership, Role, Unit
from server.common.errors import Conflict, NotAllowed, NotFound
from server.common.ids import new_id
from server.registry.abilities import LEAST_LEVEL, Action, fits_state
from server.registry.access import access_draft, find_access, grant_for, levels_for
from server.registry.actions.drafts import archive
from server.registry.actions.shares import share

# The creator owns; the head of the creator's unit comments; the leader, the
# receiving office and the clerk have what was shared; the rest have nothing.
REACHED = {
    "chuyenvien": Level.OWN,
    "truongphong": Level.COMMENT,
    "lanhdao": Level.SUGGEST,
    "sotttt": Level.VIEW,
    "vanthu": Level.EDIT,
    "quantri": None,
    "nguoila": None,
}


@pytest.fixture
def shared_draft(cast: Any, begin_draft: Any) -> Any:
    return begin_draft(
        shared={
            cast.lanhdao: Level.SUGGEST,
            cast.units["VPS"]: Level.VIEW,
            cast.vanthu: Level.EDIT,
        }
    )


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("username", REACHED)
def test_each_person_may_do_what_his_level_says(
    username: str, action: Action, cast: Any, stranger: Any, shared_draft: Any
) -> None:
    person = {**cast.people, "nguoila": stranger}[username]
    level = REACHED[username]
    if level is None:
        with pytest.raises(NotFound):
            access_draft(person, shared_draft.pk, action)
    elif level < LEAST_LEVEL[action]:
        with pytest.raises(NotAllowed):
            access_draft(person, shared_draft.pk, action)
    elif not fits_state(action, archived=False):
        with pytest.raises(Conflict):
            access_draft(person, shared_draft.pk, action)
    else:
        assert access_draft(person, shared_draft.pk, action).level == level


@pytest.mark.parametrize("draft_id", ["not-an-id", "", "0" * 32, new_id()])
def test_an_absent_draft_is_not_found(draft_id: Any, chuyenvien: Any) -> None:
    with pytest.raises(NotFound):
        access_draft(chuyenvien, draft_id, Action.OPEN)


def test_a_share_to_a_unit_reaches_its_sub_units_but_not_the_unit_above(
    cast: Any, begin_draft: Any
) -> None:
    above = cast.units["TH"]
    team = Unit.objects.create(
        organisation=cast.office, name="Tổ", abbreviation="T1", parent=above
    )
    Membership.objects.create(user=cast.sotttt, unit=team, role=Role.OFFICIAL)
    to_above = begin_draft(shared={above: Level.COMMENT})
    to_team = begin_draft(shared={team: Level.EDIT})
    found = find_access(cast.sotttt, to_above.pk)
    assert found is not None and found.level == Level.COMMENT
    assert find_access(cast.quantri, to_team.pk) is None


def test_the_highest_of_several_rights_counts(cast: Any, begin_draft: Any) -> None:
    draft = begin_draft(
        shared={cast.units["LĐVP"]: Level.EDIT, cast.lanhdao: Level.VIEW}
    )
    assert access_draft(cast.lanhdao, draft.pk, Action.WRITE).level == Level.EDIT


def test_a_head_reads_the_drafts_of_sub_units(cast: Any, begin_draft: Any) -> None:
    team = Unit.objects.create(
        organisation=cast.office,
        name="Tổ",
        abbreviation="T1",
        parent=cast.units["HCTC"],
    )
    Membership.objects.filter(user=cast.vanthu).update(unit=team)
    draft = begin_draft(by=cast.vanthu)
    found = find_access(cast.truongphong, draft.pk)
    assert found is not None and found.level == Level.COMMENT


def test_a_colleague_of_the_unit_sees_nothing_unasked(
    cast: Any, begin_draft: Any
) -> None:
    Membership.objects.create(
        user=cast.sotttt, unit=cast.units["HCTC"], role=Role.OFFICIAL
    )
    assert find_access(cast.sotttt, begin_draft().pk) is None


def test_the_administrator_reads_no_text_by_his_role(
    cast: Any, begin_draft: Any
) -> None:
    assert cast.quantri.is_superuser
    assert find_access(cast.quantri, begin_draft().pk) is None


def test_an_inactive_person_reaches_nothing(cast: Any, begin_draft: Any) -> None:
    draft = begin_draft()
    cast.chuyenvien.is_active = False
    cast.chuyenvien.save(update_fields=["is_active"])
    assert find_access(cast.chuyenvien, draft.pk) is None
    assert grant_for(cast.chuyenvien.pk, draft.pk) is None


def test_the_door_asks_two_questions(cast: Any, begin_draft: Any) -> None:
    draft = begin_draft()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        find_access(cast.truongphong, draft.pk)
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        grant_for(str(cast.truongphong.pk), str(draft.pk))
    assert len(queries) == 2


@pytest.mark.parametrize("username", REACHED)
def test_a_live_session_gets_the_same_level_as_the_door(
    username: str, cast: Any, stranger: Any, shared_draft: Any
) -> None:
    person = {**cast.people, "nguoila": stranger}[username]
    level = REACHED[username]
    expected = (level, shared_draft.title) if level else None
    assert grant_for(person.pk, shared_draft.pk) == expected


def test_a_live_session_on_an_archived_draft_only_reads(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft(shared={cast.vanthu: Level.EDIT})
    archive(cast.chuyenvien, draft.pk)
    assert grant_for(cast.chuyenvien.pk, draft.pk) == (Level.VIEW, draft.title)
    assert grant_for(cast.vanthu.pk, draft.pk) == (Level.VIEW, draft.title)


@pytest.mark.parametrize("odd", ["", "x", "../etc", "0" * 40])
def test_a_live_session_with_an_odd_id_gets_nothing(odd: str, chuyenvien: Any) -> None:
    assert grant_for(chuyenvien.pk, odd) is None
    assert grant_for(odd, new_id()) is None


def test_many_at_once_get_the_levels_that_each_gets_alone(
    cast: Any, stranger: Any, begin_draft: Any, shared_draft: Any
) -> None:
    archived = begin_draft(shared={cast.vanthu: Level.EDIT})
    archive(cast.chuyenvien, archived.pk)
    of_a_team = begin_draft(by=cast.vanthu, shared={cast.units["HCTC"]: Level.COMMENT})
    cast.sotttt.is_active = False
    cast.sotttt.save(update_fields=["is_active"])
    people = [str(p.pk) for p in (*cast.people.values(), stranger)]
    drafts = [str(d.pk) for d in (shared_draft, archived, of_a_team)]
    asked = [(p, d) for p in [*people, "", "x"] for d in [*drafts, "../etc"]]
    alone = {pair: found[0] for pair in asked if (found := grant_for(*pair))}
    assert len(set(alone.values())) > 3
    with CaptureQueriesContext(connection) as queries:
        assert levels_for(asked) == alone
    assert len(queries) == 4


def test_writing_in_an_archived_draft_is_a_conflict(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft()
    archive(cast.chuyenvien, draft.pk)
    with pytest.raises(Conflict) as caught:
        access_draft(cast.chuyenvien, draft.pk, Action.WRITE)
    assert caught.value.code == "archived"
    share(cast.chuyenvien, draft.pk, to=cast.lanhdao, level=Level.VIEW)
    assert find_access(cast.lanhdao, draft.pk) is not None
