"""What signing needs from outside: somebody's key, and the word of a clock."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from asn1crypto import tsp
from pyhanko.sign import signers


class Signer(Protocol):
    """Somebody's key and certificate. The key itself stays with its keeper."""

    def session(self) -> AbstractContextManager[signers.Signer]:
        """Ready to sign inside the block.

        Raises Unavailable (`key_unusable`) when the key cannot be opened: no file, no
        token, a wrong password.
        """
        ...


class TimestampService(Protocol):
    """RFC 3161."""

    def answer(self, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Raises Unavailable (`timestamp_unavailable`)."""
        ...
