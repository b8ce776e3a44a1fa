"""Wait for one's turn at a compiler that serves one at a time, but not for ever.

A thread that waits without a bound keeps its request, and those behind it, hanging when
somebody prints a very long book. Pure.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from server.common.errors import Unavailable

# A hundred pages with tables take about three seconds: so long, several are ahead.
WAIT_SECONDS = 20.0


@contextmanager
def turn(lock: threading.Lock) -> Iterator[None]:
    """Hold the lock. Raises Unavailable (`pdf_busy`) when the others take too long."""
    if not lock.acquire(timeout=WAIT_SECONDS):
        raise Unavailable(
            _("Hệ thống đang tạo nhiều tệp PDF. Hãy thử lại sau ít phút."),
            code="pdf_busy",
        )
    try:
        yield
    finally:
        lock.release()
