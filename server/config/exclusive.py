"""One data folder, one server: the lock that says it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError


@contextmanager
def sole_server(data_dir: Path) -> Iterator[None]:
    """Hold the data folder. Two processes that share no bus must not serve one
    database: each would show its people only half of the typing. The system frees
    the lock when the process ends, however it ends. Raises CommandError.
    """
    with (data_dir / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Thư mục dữ liệu {data_dir} đang được một máy chủ khác dùng. "
                "Dừng máy chủ đó, hoặc chọn thư mục khác bằng DATA_DIR.\n"
                f"Another server uses the data folder {data_dir}. "
                "Stop it, or choose another folder with DATA_DIR."
            ) from None
        yield
