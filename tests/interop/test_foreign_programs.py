"""Programs that others wrote, with libraries we did not touch, in one draft with ours.

"Yjs-compatible" is proven here, not claimed: the real yjs with y-websocket and with
@hocuspocus/provider in Node, and y-py in Python, against both ASGI servers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pycrdt
import pytest

from tests.interop.conftest import Join
from tests.interop.y_py_peer import YPyPeer
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.node, pytest.mark.server]
DIALECTS = ["y-websocket", "hocuspocus"]


def _body(state: bytes) -> str:
    document = pycrdt.Doc()
    document.apply_update(state)
    return str(document.get("body", type=pycrdt.XmlFragment))


def _bare(xml: str) -> str:
    """Without the order of attributes, which is each library's own."""
    return re.sub(r'\s+[\w-]+="[^"]*"', "", xml)


def test_every_program_ends_with_the_same_document(
    office: Office, join: Join, join_y_py: Callable[..., YPyPeer]
) -> None:
    draft = office.create_draft()
    plain, ours, old = (
        join("y-websocket", draft),
        join("hocuspocus", draft),
        join_y_py(draft),
    )
    plain.until_synced()
    ours.until_synced()
    old.append("Đắk Lắk ")
    plain.do("append", text="Kính gửi ")
    ours.do("append", text="Ủy ban ")
    ours.do("set", key="khẩn", value="thượng khẩn")
    plain.do("set", key="bỏ", value=1)
    plain.do("unset", key="bỏ")
    ours.do("nest", key="lồng", items=[1, "hai"])
    plain.until(lambda now: "lồng" in now["facts"], "the nested types arrive")
    plain.do("nestPush", key="lồng", item={"ba": True})
    plain.do("paragraph", text="Điều một", marks={"bold": {}})
    ours.do("paragraph", text="Điều hai")
    old.write(lambda transaction: old.facts.set(transaction, "y-py", "vẫn còn"))

    def agree() -> bool:
        left, right = plain.look(), ours.look()
        old.read()
        return (
            left["text"] == right["text"] == str(old.text)
            and len(left["text"]) == len("Đắk Lắk Kính gửi Ủy ban ")
            and left["facts"] == right["facts"]
            and "y-py" in left["facts"]
            and left["body"] == right["body"]
            and left["body"].count("<paragraph>") == 2
            and _bare(_body(old.state())) == _bare(left["body"])
        )

    until(agree, 20, what="the three programs agree")
    facts = ours.look()["facts"]
    assert facts == {
        "khẩn": "thượng khẩn",
        "lồng": {"list": [1, "hai", {"ba": True}], "text": "lồng nhau"},
        "y-py": "vẫn còn",
    }
    fresh = join("hocuspocus", draft).until_synced()
    assert fresh["text"] == ours.look()["text"]
    assert fresh["facts"] == facts
    assert fresh["body"] == ours.look()["body"]
    until(
        lambda: {"Điều một", "Điều hai"} <= set(office.text(draft).splitlines()),
        what="the text of the draft is in the log",
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_deletion_and_an_undo_reach_the_others(
    office: Office, join: Join, dialect: str
) -> None:
    draft = office.create_draft()
    writer, reader = join(dialect, draft), join("hocuspocus", draft)
    writer.until_synced()
    reader.until_synced()
    writer.do("append", text="giữ lại ")
    reader.until(lambda now: now["text"] == "giữ lại ", "the first words arrive")
    reader.do("append", text="của người khác")
    writer.until(lambda now: "người khác" in now["text"], "the other's words arrive")
    writer.do("remove", at=0, length=4)
    reader.until(
        lambda now: now["text"] == "lại của người khác", "the deletion arrives"
    )
    writer.do("undo")
    reader.until(
        lambda now: now["text"] == "giữ lại của người khác", "the undo arrives"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_edits_made_offline_are_merged_on_return(
    office: Office, join: Join, dialect: str
) -> None:
    draft = office.create_draft()
    traveller, colleague = join(dialect, draft), join("hocuspocus", draft)
    traveller.until_synced()
    traveller.do("paragraph", text="Mở đầu")
    colleague.until(lambda now: "Mở đầu" in now["body"], "the paragraph arrives")
    traveller.do("disconnect")
    traveller.do("append", text="viết trên xe")
    traveller.do("paragraphInsert", paragraph=1, text="[xe] ")
    colleague.do("append", text="viết ở nhà")
    colleague.do("paragraphStyle", at=1, style="heading")
    assert traveller.look()["text"] == "viết trên xe"
    assert colleague.look()["text"] == "viết ở nhà"
    traveller.do("connect")

    def agree() -> bool:
        left, right = traveller.look(), colleague.look()
        return left["text"] == right["text"] and left["body"] == right["body"]

    until(agree, 20, what="both have both edits")
    now = colleague.until_saved()
    assert sorted(now["text"].split("viết ")) == ["", "trên xe", "ở nhà"]
    assert '<paragraph style="heading">[xe] Mở đầu</paragraph>' in now["body"]


def test_an_old_python_program_merges_after_being_away(
    office: Office, join: Join, join_y_py: Callable[..., YPyPeer]
) -> None:
    draft = office.create_draft()
    ours, old = join("hocuspocus", draft), join_y_py(draft)
    ours.until_synced()
    old.append("một ")
    ours.until(lambda now: now["text"] == "một ", "y-py's words arrive")
    old.disconnect()
    old.append("hai ")
    ours.do("append", text="ba ")
    ours.until_saved()
    old.connect()
    old.until(lambda: str(old.text) == ours.look()["text"], "both agree")
    assert sorted(str(old.text).split()) == ["ba", "hai", "một"]


def test_an_edit_is_acknowledged_only_once_it_survives_a_crash(
    office: Office, join: Join
) -> None:
    draft = office.create_draft()
    writer = join("hocuspocus", draft)
    writer.until_synced()
    for number in range(20):
        writer.do("append", text=f"{number} ")
    writer.until_saved()
    office.kill()
    writer.do("append", text="khi máy chủ tắt")
    assert writer.look()["unsynced"] > 0
    office.start()
    writer.until_saved()
    fresh = join("y-websocket", draft).until_synced()
    assert fresh["text"] == "".join(f"{n} " for n in range(20)) + "khi máy chủ tắt"


def test_an_edit_of_a_reader_is_refused_and_reaches_nobody(
    office: Office, join: Join
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "view")
    owner = join("hocuspocus", draft)
    owner.do("append", text="chính thức")
    owner.until_saved()
    for dialect in DIALECTS:
        reader = join(dialect, draft, user="sotttt")
        reader.until(lambda now: now["text"] == "chính thức", "the reader can read")
        reader.do("append", text=" và lời chen")
        if dialect == "hocuspocus":
            told = reader.until(lambda now: now["stateless"], "the reader is told")
            assert told["scopes"] == ["readonly"]
            assert {"type": "refused", "reason": "read_only"} in told["stateless"]
            assert told["unsynced"] > 0
        else:
            reader.until(lambda now: 4452 in now["closes"], "the reader is sent away")
    owner.do("append", text=".")
    owner.until_saved()
    assert owner.look()["text"] == "chính thức."
    assert join("y-websocket", draft).until_synced()["text"] == "chính thức."


def test_a_reader_who_gains_the_right_is_told_at_once(
    office: Office, join: Join
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "view")
    guest = join("hocuspocus", draft, user="sotttt")
    guest.until(lambda now: now["scopes"] == ["readonly"], "the guest may read")
    office.share(draft, "sotttt", "edit")
    guest.until(lambda now: now["scopes"][-1] == "read-write", "the guest may write")
    guest.do("append", text="góp sức")
    guest.until_saved()
    office.share(draft, "sotttt", "view")
    guest.until(lambda now: now["scopes"][-1] == "readonly", "the right has ended")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nobody_can_pose_as_somebody_else(
    office: Office, join: Join, dialect: str
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "view")
    watcher = join("hocuspocus", draft)
    watcher.until_synced()
    poser = join(dialect, draft, user="sotttt")
    poser.until_synced()
    claimed = {"id": office.user_id("lanhdao"), "name": "Bùi Hồng Quý"}
    client = str(poser.do("pretend", user=claimed)["client"])
    seen = watcher.until(lambda now: now["people"].get(client), "a caret is seen")
    assert seen["people"][client]["name"] == "Phạm Quốc Đạt"
    assert seen["people"][client]["id"] == office.user_id("sotttt")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stranger_and_a_wrong_token_learn_nothing(
    office: Office, join: Join, dialect: str
) -> None:
    draft = office.create_draft()
    join("hocuspocus", draft).do("append", text="bí mật công tác")
    stranger = join(dialect, draft, user="sotttt")
    absent = join(dialect, "01890000-0000-7000-8000-000000000000")
    forger = join(dialect, draft, token="dth_khong-dung")
    for peer, code in ((stranger, 4404), (absent, 4404), (forger, 4401)):
        now = peer.until(lambda now: now["closes"], "the program is sent away")
        assert set(now["closes"]) == {code}
        assert now["text"] == ""
