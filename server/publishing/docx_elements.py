"""Word elements, made fast: a long table has some hundred thousand of them.

The maker of python-docx parses the name of each element anew; here names are looked up
once. Elements are of the same classes. Must only be given names of the `w` namespace.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser

_NAMES = {"w": nsmap["w"]}
_make = oxml_parser.makeelement
name_of = lru_cache(maxsize=512)(qn)


def element(tag: str, **attributes: str) -> Any:
    """`element("w:jc", val="center")`; attributes are of the same namespace."""
    made = _make(name_of(tag), nsmap=_NAMES)
    for key, value in attributes.items():
        made.set(name_of(f"w:{key}"), value)
    return made
