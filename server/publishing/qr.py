"""QR codes: an address that a telephone reads off paper. Pure."""

from __future__ import annotations

from io import BytesIO

import segno

# Survives a fold or a stain of a seventh of the code, and stays small enough to print.
_CORRECTION = "m"


def qr_svg(address: str) -> bytes:
    """The code as SVG with its quiet zone. ValueError when the address is too long."""
    out = BytesIO()
    _code(address).save(out, kind="svg", border=2, xmldecl=True)
    return out.getvalue()


def qr_png(address: str, *, dots: int = 6) -> bytes:
    """The code as PNG; `dots` is the side of one module in pixels."""
    out = BytesIO()
    _code(address).save(out, kind="png", border=4, scale=dots)
    return out.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error=_CORRECTION, boost_error=False)
