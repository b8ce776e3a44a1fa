"""`{% asset_tags "src/pages.ts" %}`: link the bundle that Vite built for an entry.

Names come from Vite's manifest, read once, so a page never refers to a file that
the build did not make. Must never point outside this server.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    path = settings.CLIENT_DIST / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "the client is not built: run `make build` first"
        ) from None
    return manifest


def _styles(entry: str, seen: set[str]) -> list[str]:
    """The styles of an entry and of everything it imports, each once."""
    if entry in seen:
        return []
    seen.add(entry)
    chunk = _manifest()[entry]
    found: list[str] = []
    for imported in chunk.get("imports", []):
        found += _styles(imported, seen)
    return [*found, *(css for css in chunk.get("css", []) if css not in found)]


def _imports(entry: str, seen: set[str]) -> list[str]:
    """The scripts that an entry cannot begin without, each once."""
    found: list[str] = []
    for imported in _manifest()[entry].get("imports", []):
        if imported not in seen:
            seen.add(imported)
            found += [_manifest()[imported]["file"], *_imports(imported, seen)]
    return found


@register.simple_tag
def asset_styles(entry: str) -> SafeString:
    """The styles alone, for a page that fetches the script later by itself."""
    return format_html_join(
        "",
        '<link rel="stylesheet" href="{}">',
        ((static(f"client/{css}"),) for css in _styles(entry, set())),
    )


@register.simple_tag
def asset_tags(entry: str) -> SafeString:
    # Known to the browser at once, and not only when the entry has been read.
    preloads = format_html_join(
        "",
        '<link rel="modulepreload" href="{}">',
        ((static(f"client/{file}"),) for file in _imports(entry, set())),
    )
    script = static(f"client/{_manifest()[entry]['file']}")
    return format_html(
        '{}{}<script type="module" src="{}"></script>',
        asset_styles(entry),
        preloads,
        script,
    )
