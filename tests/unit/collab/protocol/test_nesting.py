"""How deep an update nests, whoever wrote it and in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.content.tree import Cell, Content, Paragraph, Row, Run, Table
from collab.content.write import build_update
from collab.protocol import nesting
from collab.protocol.nesting import depth_of, measured
from collab.protocol.shape import check_update
from collab.protocol.updates import merge_tree
from tests.support.nested import nested_update
from tests.support.rooms import text_update


def test_typing_adds_no_depth() -> None:
    assert depth_of(text_update("chữ và chữ", 5)) == 0


def test_each_element_inside_another_is_one_level() -> None:
    for levels in (1, 2, 500):
        update = nested_update(levels)
        check_update(update)
        assert depth_of(update) == levels


def test_elements_side_by_side_are_one_level() -> None:
    doc: Doc[Any] = Doc()
    body = doc.get("body", type=XmlFragment)
    for _ in range(300):
        paragraph = XmlElement("paragraph")
        body.children.append(paragraph)
        paragraph.children.append(XmlText("đoạn"))
    assert depth_of(doc.get_update()) == 2


def test_a_table_in_a_draft_is_as_deep_as_it_looks() -> None:
    cell = Cell((Paragraph((Run("ô chữ đ"),)),))
    content = Content(blocks=(Table((Row((cell, cell)), Row((cell, cell)))),))
    # table, row, cell, paragraph, text
    assert depth_of(build_update(content)) == 5


def test_what_goes_on_from_elsewhere_counts_only_its_own_levels() -> None:
    assert depth_of(nested_update(10, first=10)) == 10


def test_chains_from_different_places_are_added_up() -> None:
    apart = merge_tree([nested_update(10, first=10), nested_update(10, first=30)])
    assert depth_of(apart) == 20
    assert depth_of(merge_tree([apart, nested_update(10, first=20)])) == 30


def test_a_circle_of_parents_ends() -> None:
    circle = b"\x01\x02\x05\x00\x07\x00\x05\x01\x03\x01a\x07\x00\x05\x00\x03\x01a\x00"
    check_update(circle)
    assert depth_of(circle) >= 1


def test_what_was_measured_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    update = nested_update(30)
    known = measured(update)
    monkeypatch.setattr(nesting, "depth_in_slices", lambda update: iter(()))
    assert depth_of(known) == 30
    assert known == update
    assert merge_tree([known, text_update("x", 5)]) == merge_tree(
        [update, text_update("x", 5)]
    )
