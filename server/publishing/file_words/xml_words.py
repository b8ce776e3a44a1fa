"""What the readers of XML files share: names without namespace, text in runs.

Office files of the strict kind use other namespaces for the same names. Pure.
"""

from __future__ import annotations

from typing import Any

from lxml import etree


def local(element: Any) -> str:
    """The name without its namespace; "" for what is no element."""
    tag = element.tag
    return etree.QName(tag).localname if isinstance(tag, str) else ""


def text_in(element: Any) -> str:
    """All runs (`t`) in it; how a syllable is to be read (`rPh`) is no part of it."""
    said = []
    for run in element.iter("{*}t"):
        parent = run.getparent()
        if parent is None or local(parent) != "rPh":
            said.append(run.text or "")
    return "".join(said)
