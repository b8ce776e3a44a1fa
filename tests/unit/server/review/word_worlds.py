"""One draft, exported and read back: what comparing finds, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pycrdt import merge_updates

from collab.content.normal import normalise
from collab.content.read import read_content
from collab.content.suggested import original
from collab.content.tree import Content, Suggested
from collab.content.write import build_update
from collab.rooms.suggesting import only_suggests
from server.publishing.docx_marked import read_marked
from server.publishing.docx_review import Origin, to_review_docx
from server.publishing.docx_revisions import word_time
from server.review.word.applying import known_ids
from server.review.word.comparing import compare_files
from server.review.word.outcome import Outcome
from server.review.word.picturing import with_addresses
from server.review.word.safely import Safely
from server.review.word.steps import Compared

ME = "me"
ORIGIN = Origin("0192f0a0-0000-7000-8000-000000000001", 1, 1)


def name_of(author: str) -> str:
    return author.removeprefix("word:")


def exported(content: Content, threads: Any = ()) -> bytes:
    return to_review_docx(content, lambda _: None, ORIGIN, name_of, threads)


@dataclass(frozen=True)
class Taken:
    compared: Compared
    outcome: Outcome
    before: bytes
    after: Content
    update: bytes

    @property
    def is_only_suggested(self) -> bool:
        """By the guard that holds those who may only suggest."""
        return not self.update or only_suggests(
            self.before, self.update, lambda by: by.id in self.outcome.ids
        )

    @property
    def stands(self) -> bool:
        return original(self.after) == original(read_content(self.before))


def take_in(
    content: Content,
    edited: bytes,
    *,
    now: Content | None = None,
    may_write: bool = True,
    base: bytes | None = None,
) -> Taken:
    """`content` went out, `edited` came back, meanwhile the draft says `now`."""
    sent = read_marked(base or exported(content))
    back, _refused = with_addresses(
        read_marked(edited), lambda _data: "image/png", "/images/{}".format
    )
    compared = compare_files(sent, back)
    before = build_update(now or content, 5)

    def author(by: Suggested) -> Suggested:
        name = by.author or ("?" if by.at else "")
        named = f"word:{name}" if name else ME
        at = by.at if word_time(by.at) else "2026-11-27T00:00:00+00:00"
        return Suggested(f"{by.id}/{by.author}", named, at)

    def may_settle(whose: str, accept: bool) -> bool:
        return may_write

    safely = Safely(sent.flow, author, may_settle, known_ids(now or content))
    outcome, update = safely.apply(before, compared.steps)
    after = merge_updates(before, update) if update else before
    return Taken(compared, outcome, before, read_content(after), update or b"")


def plain(content: Content) -> Content:
    return normalise(content)
