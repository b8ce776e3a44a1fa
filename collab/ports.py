"""What the room engine asks of the world: who is this, what may they do, what time?

Storage has its own ports (`storage.ports`). The composition root supplies adapters.

Must never import a framework, a database or the application.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol


class Level(IntEnum):
    """What a person may do to one document; each level includes those below it."""

    VIEW = 1
    COMMENT = 2
    SUGGEST = 3
    EDIT = 4
    OWN = 5


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a browser or a script showed: a session cookie, a token, or both."""

    cookies: Mapping[str, str]
    token: str | None = None
    client_address: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as others see them in a document.

    `credential` names the session or token, so that its end can be noticed. With
    `reads_only` it lets its person read, whatever the person may do elsewhere.
    """

    user_id: str
    name: str
    unit: str
    colour: str
    credential: str
    reads_only: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer of the one door: what this person may do to this document now."""

    level: Level
    epoch: int
    frozen: bool

    @property
    def may_write(self) -> bool:
        """Whether edits are taken at all; below EDIT only those that suggest."""
        return self.level >= Level.SUGGEST and not self.frozen

    @property
    def only_suggests(self) -> bool:
        return self.level == Level.SUGGEST


class Authorizer(Protocol):
    """Asks the application. No method may block the event loop.

    `authorize` answers None for an absent document, a forbidden one, and for an
    identity whose session or token has ended: the three look alike.
    """

    async def identify(self, credentials: Credentials) -> Identity | None: ...

    async def authorize(self, identity: Identity, document_id: str) -> Grant | None: ...

    async def ask_again(
        self, asked: Sequence[tuple[Identity, str]]
    ) -> list[Grant | None]:
        """What `authorize` answers for each (person, document), in one go; also None
        where the person's session or token has ended."""
        ...


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Somebody's rights may have changed: of one document, of one person, or both.

    With a `title`, only the document's title has changed, and is to be shown. With
    `written`, the application appended to its log, and rooms are to read it.
    """

    document_id: str | None = None
    user_id: str | None = None
    title: str | None = None
    written: bool = False


class AccessFeed(Protocol):
    """Changes of rights, in the order of their commit.

    Hints may be lost on the way; what this feed tells from the database is the truth.
    """

    async def since(self, cursor: int | None) -> tuple[int, list[AccessChange]]:
        """Changes after `cursor` and the new cursor; None asks for the cursor only."""
        ...
