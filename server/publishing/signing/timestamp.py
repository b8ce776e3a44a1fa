"""Time-stamps by RFC 3161 over HTTP, for PAdES B-T.

Must never sign on without the time-stamp that the office asked for: a service that
does not answer stops the signature.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass

from asn1crypto import tsp
from django.utils.translation import gettext_lazy as _
from pyhanko.sign.timestamps import TimeStamper

from server.common.errors import Unavailable
from server.publishing.signing.ports import TimestampService

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER = 1_000_000


@dataclass(frozen=True, slots=True)
class HttpTimestampService:
    """`address` is http:// or https://; whoever sets it answers for it."""

    address: str

    def answer(self, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        call = urllib.request.Request(  # noqa: S310 - the settings check the scheme
            self.address,
            data=request.dump(),
            headers={
                "Content-Type": "application/timestamp-query",
                "Accept": "application/timestamp-reply",
            },
        )
        try:
            with urllib.request.urlopen(call, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310
                data = reply.read(LARGEST_ANSWER)
            return tsp.TimeStampResp.load(data)
        except (OSError, ValueError):
            raise timestamp_unavailable() from None


def timestamp_unavailable() -> Unavailable:
    return Unavailable(
        _("Dịch vụ cấp dấu thời gian không trả lời. Chưa ký; hãy thử lại sau."),
        code="timestamp_unavailable",
    )


class ServiceTimeStamper(TimeStamper):
    """Lets pyHanko ask our port."""

    def __init__(self, service: TimestampService) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._service = service

    async def async_request_tsa_response(
        self, req: tsp.TimeStampReq
    ) -> tsp.TimeStampResp:
        # The loop runs for this one signature only, so nobody else waits.
        return self._service.answer(req)
