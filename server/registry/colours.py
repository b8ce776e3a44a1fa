"""One colour a person, the same on every screen: carets and avatars. Pure."""

from __future__ import annotations

from uuid import UUID

# Dark enough for white text (contrast of 4.5 or more), and told apart side by side.
PALETTE = (
    "#b3261e",
    "#1d5fbf",
    "#1e7a3c",
    "#8a4b08",
    "#7a2fb5",
    "#0b7285",
    "#b0235f",
    "#5a5f00",
    "#3d4fb5",
    "#a33b00",
    "#00695f",
    "#5f4339",
)


def colour_of(user_id: UUID | str) -> str:
    """`#rrggbb`. The low bits of an id are random, so colours spread evenly."""
    return PALETTE[UUID(str(user_id)).int % len(PALETTE)]
