"""A folder in which an office lays down rules of its own, for one test.

Afterwards the law stands again as it comes with the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.config.wiring import read_office_rules

Rules = Callable[[str, str], None]


@pytest.fixture
def office_rules(tmp_path: Path) -> Iterator[Rules]:
    """`office_rules("procedure", text)` writes procedure/office.toml and reads all."""
    folder = tmp_path / "rules"

    def lay_down(matter: str, text: str) -> None:
        (folder / matter).mkdir(parents=True, exist_ok=True)
        (folder / matter / "office.toml").write_text(text, "utf-8")
        read_office_rules(folder)

    yield lay_down
    read_office_rules(tmp_path / "nowhere")


def changed(base: str, text: str, valid_from: str = "2027-01-01") -> str:
    """A file that changes one of the product's from a day on."""
    head = f'id = "office"\nchanges = "{base}"\nvalid_from = {valid_from}\n'
    return f'{head}title = "Quy định của Văn phòng"\n\n{text}'
