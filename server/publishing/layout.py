"""What the law leaves to the printer, and units.

All that a norm decides is in a rule-set (`server.publishing.rules`); here are only
choices of drawing that no norm speaks of. Must never hold a legal value.
"""

from __future__ import annotations

from collab.content.tree import INDENT_MM

# Word's "single" for Times New Roman is 1.15 of the size.
SINGLE_LINE = 1.15
LIST_STEP_MM = 7.0
SIGNATURE_SPACE_MM = 25.0
CODE_GAP_MM = 1.5  # the QR code in the bottom margin of page 1
CODE_SIDE_MM = 14.0
ADDRESSEES_INDENT_MM = 35.0
ADDRESSEES_COLON_MM = 20.0  # the width of "Kính gửi: " at 14 pt
HEADER_CELL_FILL = "F2F2F2"
CELL_PADDING_MM = 1.9
# What the column of a table on an upright page may be wider than the text before the
# appendix is laid on its side.
TURN_BEYOND = 1.05
TURN_COLUMNS = 10


def mm_to_twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def pt_to_twips(points: float) -> int:
    return round(points * 20)


INDENT_TWIPS = mm_to_twips(INDENT_MM)


def px_to_mm(px: float) -> float:
    """CSS pixels, 96 to the inch."""
    return px * 25.4 / 96
