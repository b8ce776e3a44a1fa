"""What `make serve` says to the person who started it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from server.accounts.demo import PASSWORD, SIGN_INS
from server.config.exclusive import sole_server
from server.config.management.commands.serve import DEMO_ROLES, address, banner


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("localhost", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::1", "http://localhost:8000"),
        ("10.1.2.3", "http://10.1.2.3:8000"),
        ("duthao.example.vn", "http://duthao.example.vn:8000"),
    ],
)
def test_address_can_be_typed_into_a_browser(host: str, shown: str) -> None:
    assert address(host, 8000) == shown


def test_demo_office_shows_every_sign_in_with_its_role() -> None:
    text = banner("127.0.0.1", 8000, demo=True)
    assert tuple(DEMO_ROLES) == SIGN_INS
    assert [name for name in SIGN_INS if f"{name} " not in text] == []
    assert PASSWORD in text
    assert "WARNING" not in text


def test_demo_office_on_an_open_address_warns() -> None:
    assert "WARNING" in banner("0.0.0.0", 8000, demo=True)


def test_real_office_shows_no_password() -> None:
    assert PASSWORD not in banner("0.0.0.0", 8000, demo=False)


def test_one_data_folder_is_served_once(tmp_path: Path) -> None:
    first = sole_server(tmp_path)
    with first, pytest.raises(CommandError, match="DATA_DIR"), sole_server(tmp_path):
        pass
    with sole_server(tmp_path):
        pass
