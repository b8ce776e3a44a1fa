"""Text of the fonts from before Unicode is read by the name of its font."""

from __future__ import annotations

import pytest

from server.publishing.legacy_fonts import to_unicode


@pytest.mark.parametrize(
    ("font", "text", "expected"),
    [
        (".VnTime", "Céng hßa x· héi chñ nghÜa ViÖt Nam", None),
        (".VnTimeH", "céng hßa x· héi chñ nghÜa viÖt nam", "upper"),
        ("VNI-Times", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", None),
        ("Times New Roman", "Cộng hòa xã hội chủ nghĩa Việt Nam", None),
    ],
)
def test_old_fonts_are_converted(font: str, text: str, expected: str | None) -> None:
    right = "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert to_unicode(text, font) == (right.upper() if expected else right)
