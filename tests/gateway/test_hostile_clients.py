"""Bytes that no honest client sends. Each ends its own socket with its own name, and a
colleague in the same room goes on.
"""

from __future__ import annotations

import asyncio

import pytest

from collab import errors
from collab.errors import Close
from collab.protocol.wire import var_bytes, var_string, var_uint
from tests.support.rooms import text_update
from tests.support.wires import WAIT_S, Closed, Member, Site, Wire

UPDATE = b"\x00\x02"
BOMB = b"\x01" + var_uint(2**40) + b"\x05\x00"
NOT_UTF_8 = text_update("abcdef", 5).replace(b"abcdef", b"a\xff\xfedef")

BAD_BODIES = {
    "unknown type": (b"\x63", errors.UNKNOWN_MESSAGE),
    "unknown sync step": (b"\x00\x09\x00", errors.UNKNOWN_MESSAGE),
    "truncated number": (b"\x00\x02\xff", errors.MALFORMED_FRAME),
    "truncated update": (UPDATE + b"\x7f\x01", errors.MALFORMED_FRAME),
    "nothing": (b"\x00", errors.MALFORMED_FRAME),
    "count bomb": (UPDATE + var_bytes(BOMB), errors.MALFORMED_FRAME),
    "not UTF-8": (UPDATE + var_bytes(NOT_UTF_8), errors.MALFORMED_FRAME),
    "state vector bomb": (
        b"\x00\x00" + var_bytes(var_uint(2**40)),
        errors.MALFORMED_FRAME,
    ),
    "awareness bomb": (b"\x01" + var_bytes(var_uint(2**40)), errors.MALFORMED_FRAME),
    "awareness of half a letter": (
        b"\x01" + var_bytes(b"\x01\x05\x01" + var_string('{"a":"\\ud800"}')),
        errors.MALFORMED_FRAME,
    ),
    "oversize frame": (UPDATE + var_bytes(b"x" * 300_000), errors.FRAME_TOO_LARGE),
}


async def closes(wire: Wire) -> Closed:
    """Read to the end, which must come soon."""
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                await wire.recv()
            except Closed as closed:
                return closed


async def ends_as(site: Site, wire: Wire, close: Close) -> None:
    closed = await closes(wire)
    assert (closed.code, closed.reason) == (close.code, site.told(close.name))
    site.assert_counted(close)


@pytest.mark.parametrize("dialect", ["hocuspocus", "y-websocket"])
@pytest.mark.parametrize(("body", "close"), BAD_BODIES.values(), ids=BAD_BODIES)
async def test_bad_bytes_end_their_socket_only(
    site: Site, dialect: str, body: bytes, close: Close
) -> None:
    colleague = await site.member("chuyenvien")
    if dialect == "hocuspocus":
        hostile = await site.member("lanhdao")
        await hostile.send(body)
        await ends_as(site, hostile.wire, close)
    else:
        wire = await site.plain("lanhdao")
        await wire.send(body)
        await ends_as(site, wire, close)
    await colleague.type("vẫn làm việc")


async def test_a_text_frame_is_malformed(site: Site) -> None:
    colleague = await site.member("chuyenvien")
    for wire in (await site.plain("lanhdao"), (await site.member("lanhdao")).wire):
        await wire.send("xin chào")
        await ends_as(site, wire, errors.MALFORMED_FRAME)
    await colleague.type("vẫn làm việc")


async def test_a_viewers_update_is_not_taken(site: Site) -> None:
    colleague = await site.member("chuyenvien")
    viewer = await site.member("truongphong")
    assert viewer.scope == "readonly"
    await viewer.send_edit("lén")
    assert (await viewer.next(8)).step == 0
    plain = await site.plain("truongphong")
    await plain.send(UPDATE + var_bytes(text_update("lén", 9)))
    await ends_as(site, plain, errors.READ_ONLY)
    await colleague.type("của tôi")
    assert "lén" not in str(colleague.text)
    await viewer.sees("của tôi")


async def test_a_wrong_epoch_is_refused_before_it_can_merge(site: Site) -> None:
    wire = await site.connect(epoch="7")
    await Member(wire, site.document, site.token("chuyenvien")).sign_in()
    await ends_as(site, wire, errors.WRONG_EPOCH)
    path = f"/collab/y/{site.document}"
    plain = await site.connect(path, token=site.token("chuyenvien"), epoch="7")
    await ends_as(site, plain, errors.WRONG_EPOCH)


async def test_an_outdated_page_is_refused(site: Site) -> None:
    await ends_as(site, await site.connect(schema="0"), errors.OUTDATED_SCHEMA)


async def test_a_foreign_page_is_refused(site: Site) -> None:
    for origin in ("https://evil.example", "null"):
        wire = await site.connect(headers={"Origin": origin})
        await ends_as(site, wire, errors.FOREIGN_ORIGIN)


@pytest.mark.parametrize("token", ["dth_không-có", "", "x" * 5_000])
async def test_who_cannot_sign_in_is_told_only_that(site: Site, token: str) -> None:
    wire = await site.connect()
    await Member(wire, site.document, token).sign_in()
    await ends_as(site, wire, errors.NOT_AUTHENTICATED)
    plain = await site.connect(f"/collab/y/{site.document}", token=token)
    await ends_as(site, plain, errors.NOT_AUTHENTICATED)


async def test_absent_and_forbidden_look_alike(site: Site) -> None:
    answers = []
    for document in (
        site.document,
        "0190c0de-0000-7000-8000-00000000dead",
        "không phải mã",
        site.document.upper() + "{}",
    ):
        wire = await site.connect()
        hostile = Member(wire, document, site.token("sotttt"))
        await hostile.sign_in()
        denied = await hostile.next(2)
        closed = await closes(wire)
        answers.append((denied.step, denied.body, closed.code, closed.reason))
    for document in (site.document, "0190c0de-0000-7000-8000-00000000dead"):
        closed = await closes(await site.plain("sotttt", document))
        answers.append((1, b"not_available", closed.code, closed.reason))
    close = errors.NOT_AVAILABLE
    assert set(answers) == {(1, close.name.encode(), close.code, site.told(close.name))}
    site.assert_counted(close)


async def test_silence_before_sign_in_ends(site: Site) -> None:
    await ends_as(site, await site.connect(), errors.AUTHENTICATION_TIMEOUT)


async def test_a_message_before_sign_in_is_refused(site: Site) -> None:
    wire = await site.connect()
    await wire.send(var_string(site.document) + b"\x00\x00\x01\x00")
    await ends_as(site, wire, errors.NOT_AUTHENTICATED)


async def test_a_flood_before_sign_in_is_bounded(site: Site) -> None:
    colleague = await site.member("chuyenvien")
    wire = await site.connect()
    await Member(wire, site.document, "dth_sai").sign_in()
    frame = var_string(site.document) + b"\x00\x02" + var_bytes(b"x" * 40_000)
    for _ in range(10):
        await wire.send(frame)
    ends = {errors.FRAME_TOO_LARGE.code, errors.NOT_AUTHENTICATED.code}
    assert (await closes(wire)).code in ends
    await colleague.type("vẫn làm việc")


async def test_too_many_documents_on_one_socket(site: Site) -> None:
    first = await site.member("chuyenvien")
    addresses = [site.new_document() for _ in range(3)]
    for document in addresses:
        await Member(first.wire, document, site.token("chuyenvien")).sign_in()
    answers = [await first.next(2) for _ in addresses]
    denied = [frame.body for frame in answers if frame.step == 1]
    assert denied == [b"too_many_documents"]
    site.assert_counted(errors.TOO_MANY_DOCUMENTS)
    await first.type("văn bản đầu vẫn mở")


async def test_too_many_connections_of_one_person_and_room_for_others(
    site: Site,
) -> None:
    sockets = [await site.plain("lanhdao") for _ in range(7)]
    # All are admitted side by side, so any of the seven may be the one too many.
    ends = [asyncio.create_task(closes(wire)) for wire in sockets]
    done, others = await asyncio.wait(
        ends, timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED
    )
    close = errors.TOO_MANY_CONNECTIONS
    assert [(end.result().code, end.result().reason) for end in done] == [
        (close.code, site.told(close.name))
    ]
    site.assert_counted(close)
    for end in others:
        end.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    colleague = await site.member("chuyenvien")
    await colleague.type("vẫn vào được")
    for wire in sockets:
        await wire.close()
    again = await site.member("lanhdao")
    await again.type("trở lại")


async def test_a_sender_that_never_slows_down_is_sent_away(site: Site) -> None:
    colleague = await site.member("chuyenvien")
    hostile = await site.member("lanhdao")

    async def flood() -> None:
        for _ in range(50_000):
            await hostile.wire.send(b"\x09")
            await asyncio.sleep(0)

    flooding = asyncio.create_task(flood())
    try:
        await ends_as(site, hostile.wire, errors.TOO_FAST)
    finally:
        flooding.cancel()
    await colleague.type("vẫn làm việc")


async def test_a_cookie_of_another_program_does_not_hide_ours(site: Site) -> None:
    wire = await site.connect(headers={"Cookie": 'x={"a":1}; session=chuyenvien'})
    member = Member(wire, site.document, "")
    await member.sign_in()
    if (await member.next(2)).step == 1:
        # A real office knows no such session; what matters is an orderly answer.
        assert (await closes(wire)).code == errors.NOT_AUTHENTICATED.code
