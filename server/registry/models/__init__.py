"""The registry's tables, a module for each noun; others import them from here."""

from server.registry.models.drafts import (
    LEVEL_CHOICES,
    TITLE_KEY_BYTES,
    TITLE_LENGTH,
    Draft,
    DraftImage,
    DraftShare,
    DraftSource,
    DraftState,
    LevelName,
    described,
    level_name,
)

__all__ = [
    "LEVEL_CHOICES",
    "TITLE_KEY_BYTES",
    "TITLE_LENGTH",
    "Draft",
    "DraftImage",
    "DraftShare",
    "DraftSource",
    "DraftState",
    "LevelName",
    "described",
    "level_name",
]
