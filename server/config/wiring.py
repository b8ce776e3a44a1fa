"""Fill the ports with adapters: the only module that chooses them."""

from __future__ import annotations


def wire() -> None:
    """Called once when Django is ready."""
