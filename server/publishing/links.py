"""Which addresses a link in a file may have: the same as in the editor.

A draft is written by several people and read by more; anything but a web or mail
address is printed as plain text. Pure.
"""

from __future__ import annotations

from urllib.parse import urlsplit

MAX_LENGTH = 2000


def safe_href(href: str | None) -> str | None:
    """The address when a file may carry it, else None."""
    if not href or len(href) > MAX_LENGTH:
        return None
    # Readers ignore control characters inside a scheme ("java\\nscript:").
    if any(c <= " " or c == "\x7f" for c in href):
        return None
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        return href if parts.netloc else None
    return href if parts.scheme == "mailto" and parts.path else None
