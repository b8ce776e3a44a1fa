"""Vietnamese telephone numbers: accepted as people write them, stored as E.164.

Mobile: +84 and nine digits that begin with 3, 5, 7, 8 or 9. Landline: +84 2 and nine
more digits (area codes since 2017). Pure; says nothing about whether anyone answers.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput

_MOBILE = re.compile(r"\+84[35789]\d{8}")
_LANDLINE = re.compile(r"\+842\d{9}")
_SEPARATORS = re.compile(r"[\s.\-()]")


def normalised(phone: str) -> str:
    """'0905 123 456' → '+84905123456'; '' stays ''. Raises InvalidInput otherwise."""
    bare = _SEPARATORS.sub("", phone)
    if not bare:
        return ""
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    elif bare.startswith("0"):
        bare = "+84" + bare[1:]
    elif bare.startswith("84"):
        bare = "+" + bare
    # ASCII digits only: \d would take the digits of other scripts.
    if not bare.isascii() or not (_MOBILE.fullmatch(bare) or _LANDLINE.fullmatch(bare)):
        raise InvalidInput(
            fields={
                "phone": _(
                    "Số điện thoại chưa đúng. Ví dụ: 0905 123 456 hoặc 0262 3852 361."
                )
            }
        )
    return bare


def for_people(phone: str) -> str:
    """'+84905123456' → '0905 123 456', as it is written in Vietnam."""
    if not phone.startswith("+84"):
        return phone
    local = "0" + phone.removeprefix("+84")
    if _LANDLINE.fullmatch(phone):
        return f"{local[:4]} {local[4:8]} {local[8:]}"
    return f"{local[:4]} {local[4:7]} {local[7:]}"
