"""The slip and the stamp as PDF/A-2b, drawn by typst with the fonts that lie beside us.

A character that the font lacks stops the print with its name, as for any document.
"""

from __future__ import annotations

import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from server.common import clock
from server.publishing.fonts import FOLDER, missing_characters
from server.publishing.incoming.slip import (
    DOTTED_LINES,
    Slip,
    Stamp,
)
from server.publishing.pdf_export import missing_glyph_error

_FOLDER = Path(__file__).parent
# A compiler is not made for two threads at once.
_lock = threading.Lock()


def slip_to_pdf(slip: Slip) -> bytes:
    """Raises InvalidInput (`missing_glyph`) naming what cannot be shown."""
    parts = [
        {"title": title, "lines": opinion.lines, "signed": opinion.signed}
        for title, opinion in zip(slip.form.parts, slip.opinions, strict=True)
    ]
    return _drawn(
        "slip.typ",
        {
            "title": slip.form.title,
            "nation": slip.rules.words.country,
            "motto": slip.rules.words.motto,
            "parent": slip.parent,
            "organisation": slip.organisation,
            "place": slip.place_line,
            "about": slip.about,
            "parts": parts,
            "dotted": DOTTED_LINES,
        },
    )


def stamp_to_pdf(stamp: Stamp) -> bytes:
    """A page of its size, to print on the first page under the number and notation.

    Raises as `slip_to_pdf`.
    """
    return _drawn(
        "stamp.typ",
        {
            "width": stamp.form.width_mm,
            "height": stamp.form.height_mm,
            "organisation": stamp.organisation,
            "number": stamp.number,
            "day": f"{stamp.arrived_on:%d/%m/%Y}",
            "forwarded": stamp.forwarded_to,
            "file": stamp.file_notation,
        },
    )


def _drawn(template: str, data: dict[str, Any]) -> bytes:
    written = json.dumps(data, ensure_ascii=False)
    missing = missing_characters(written)
    if missing:
        raise missing_glyph_error(missing)
    with _lock:
        result = _compiler().compile(
            input=(_FOLDER / template).read_bytes(),
            root=str(_FOLDER),
            format="pdf",
            sys_inputs={"data": written},
            pdf_standards="a-2b",
            timestamp=int(clock.now().timestamp()),
        )
    assert isinstance(result, bytes)
    return result


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FOLDER)],
    )
    return typst.Compiler(font_paths=fonts)
