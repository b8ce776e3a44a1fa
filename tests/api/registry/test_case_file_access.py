"""Who may do what with a case file, over the API and on its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from server.accounts.models import Membership, Role, User
from server.common import clock
from server.common.errors import NotFound
from server.registry.actions.case_file_ends import hand_over_case_file
from server.registry.actions.case_files import CaseFilePlan, create_case_file
from server.registry.models import CaseFile
from tests.support.case_files import Cabinet, cabinet
from tests.support.cast import make_person, make_unit

__all__ = ["cabinet"]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
READ, KEEP, ALL, NOTHING = "read", "keep", "all", "nothing"
# The file is chuyenvien's, of the unit HCTC.
STANDING = {
    "chuyenvien": KEEP,
    "colleague": READ,
    "leader_there": READ,
    "truongphong": ALL,
    "head_above": ALL,
    "vanthu": ALL,
    "other_unit": NOTHING,
    "below": NOTHING,
    "lanhdao": NOTHING,
    "administrator_there": NOTHING,
    "quantri": NOTHING,
    "sotttt": NOTHING,
    "stranger": NOTHING,
    "moved_away": NOTHING,
}


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def people(cast: Any, stranger: User) -> Callable[[str], User]:
    """By name; those who are not in the cast are placed when they are asked for."""
    units = cast.units

    def place(name: str) -> User:
        if name in cast.people:
            return cast.people[name]
        if name == "stranger":
            return stranger
        if name == "head_above":
            above = make_unit(cast.office, "Khối nội vụ", "KNV")
            units["HCTC"].parent = above
            units["HCTC"].save()
            return make_person(name, "Lý Thị Trên", above, Role.HEAD)
        if name == "below":
            below = make_unit(cast.office, "Tổ lưu trữ", "TLT", units["HCTC"])
            return make_person(name, "Mai Văn Dưới", below)
        if name == "moved_away":
            Membership.objects.filter(user=cast.chuyenvien).update(unit=units["TH"])
            return cast.chuyenvien
        unit, role = {
            "colleague": ("HCTC", Role.OFFICIAL),
            "leader_there": ("HCTC", Role.LEADER),
            "administrator_there": ("HCTC", Role.ADMINISTRATOR),
            "other_unit": ("TH", Role.HEAD),
        }[name]
        return make_person(name, "Đỗ Văn Khác", units[unit], role)

    return place


def expected(standing: str, least: str, done: int) -> int:
    """What an act answers to a person who stands there."""
    if standing == NOTHING:
        return 404
    order = [READ, KEEP, ALL]
    return done if order.index(standing) >= order.index(least) else 403


@pytest.mark.parametrize(("who", "standing"), STANDING.items())
def test_reading_is_for_the_unit_its_heads_and_the_clerks(
    who: str, standing: str, cabinet: Cabinet, people: Any, signed_in: Any
) -> None:
    file = cabinet.file()
    cabinet.put(file, cabinet.letter())
    browser = signed_in(people(who))
    base = f"/api/v1/case-files/{file.pk}"
    wanted = expected(standing, READ, 200)
    for part in ("", "/entries", "/contents.xlsx", "/parcel.zip"):
        answer = browser.get(base + part)
        assert answer.status_code == wanted, part
        answer.getvalue()
    assert browser.get(f"/case-files/{file.pk}/").status_code == wanted
    listed = browser.get("/api/v1/case-files").json()["items"]
    assert [row["id"] for row in listed] == ([str(file.pk)] if wanted == 200 else [])
    assert (file.title in browser.get("/case-files/").content.decode()) is (
        wanted == 200
    )


@pytest.mark.parametrize(("who", "standing"), STANDING.items())
def test_keeping_is_for_the_creator_heads_and_clerks(
    who: str, standing: str, cabinet: Cabinet, people: Any, signed_in: Any
) -> None:
    file, letter = cabinet.file(), cabinet.letter()
    entry = cabinet.put(file, cabinet.arrived())
    browser = signed_in(people(who))
    base = f"/api/v1/case-files/{file.pk}"

    def send(method: str, path: str, body: Any = None) -> int:
        call = getattr(browser, method)
        answer = call(base + path, body, content_type="application/json")
        return int(answer.status_code)

    put = {"kind": "outgoing", "document": str(letter.pk)}
    change = {"title": "Hồ sơ đổi tên", "retention": "y5"}
    for method, path, body, done in (
        ("get", "/candidates?q=idesk", None, 200),
        ("post", "/entries", put, 201),
        ("delete", f"/entries/{entry.pk}", None, 204),
        ("put", "", change, 200),
    ):
        if method == "get":
            status = browser.get(base + path).status_code
        else:
            status = send(method, path, body)
        assert status == expected(standing, KEEP, done), (method, path)
    if standing in (NOTHING, READ):
        cabinet.put(file, letter, cabinet.cast.vanthu)
    assert send("post", "/close", {}) == expected(standing, KEEP, 200)
    reason = {"reason": "bổ sung"}
    CaseFile.objects.filter(pk=file.pk).update(
        state="closed", ends_on=clock.today(), due_on=None
    )
    assert send("post", "/reopen", reason) == expected(standing, KEEP, 200)


@pytest.mark.parametrize(("who", "standing"), STANDING.items())
def test_handing_over_is_for_heads_and_clerks(
    who: str, standing: str, cabinet: Cabinet, people: Any, signed_in: Any
) -> None:
    file = cabinet.closed()
    browser = signed_in(people(who))
    answer = browser.post(
        f"/api/v1/case-files/{file.pk}/hand-over", {}, content_type="application/json"
    )
    assert answer.status_code == expected(standing, ALL, 200)
    file.refresh_from_db()
    assert (file.state == "handed_over") is (standing == ALL)


@pytest.mark.parametrize(
    ("who", "unit", "may"),
    [
        ("chuyenvien", "HCTC", True),
        ("chuyenvien", "TH", False),
        ("truongphong", "HCTC", True),
        ("lanhdao", "LĐVP", True),
        ("lanhdao", "HCTC", False),
        ("vanthu", "HCTC", True),
        ("vanthu", "VPS", False),
        ("quantri", "TH", False),
        ("sotttt", "HCTC", False),
        ("stranger", "HCTC", False),
    ],
)
def test_files_are_opened_where_one_works_or_is_the_clerk(
    who: str, unit: str, may: bool, cast: Any, people: Any
) -> None:
    plan = CaseFilePlan("Hồ sơ", "y5")
    if may:
        assert create_case_file(people(who), cast.units[unit].pk, plan).unit_id
    else:
        with pytest.raises(NotFound):
            create_case_file(people(who), cast.units[unit].pk, plan)


def test_an_absent_file_and_a_foreign_one_look_alike(
    cabinet: Cabinet, stranger: User, signed_in: Any
) -> None:
    browser = signed_in(stranger)
    foreign = browser.get(f"/api/v1/case-files/{cabinet.file().pk}")
    absent = browser.get(f"/api/v1/case-files/{stranger.pk}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


def test_whoever_was_shut_out_sees_nothing(cabinet: Cabinet, cast: Any) -> None:
    file = cabinet.file()
    cast.chuyenvien.is_active = False
    cast.chuyenvien.save()
    with pytest.raises(NotFound):
        hand_over_case_file(cast.chuyenvien, file.pk)


def test_a_reader_sees_a_foreign_draft_by_name_and_cannot_open_it(
    cabinet: Cabinet, people: Any, begin_draft: Any, signed_in: Any
) -> None:
    file, draft = cabinet.file(), begin_draft("Dự thảo riêng")
    cabinet.put(file, draft)
    browser = signed_in(people("colleague"))
    page = browser.get(f"/case-files/{file.pk}/").content.decode()
    assert "Dự thảo riêng" in page
    assert f"/drafts/{draft.pk}/" not in page
    assert browser.get(f"/api/v1/drafts/{draft.pk}").status_code == 404
    own = signed_in(cabinet.cast.chuyenvien).get(f"/case-files/{file.pk}/")
    assert f"/drafts/{draft.pk}/" in own.content.decode()
