"""The sign-ins of the demo office, offered on the sign-in page when DUTHAO_DEMO is set.

Only names: the people themselves are made by the `seed` command.
"""

from __future__ import annotations

PASSWORD = "duthao-2026"  # noqa: S105 - printed on the sign-in page of a demo office
SIGN_INS = (
    "chuyenvien",
    "truongphong",
    "lanhdao",
    "vanthu",
    "sotttt",
    "vanthuso",
    "quantri",
)
