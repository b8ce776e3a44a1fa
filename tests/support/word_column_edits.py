"""What hands do to the columns of the corpus: more lines of `word_hand_edits`."""

from __future__ import annotations

from tests.support.word_columns import (
    add_column,
    add_row,
    remove_column,
    rows_of,
    span,
    strike_column,
)
from tests.support.word_hand import Hand, W
from tests.support.word_hand_edits import DELETED, INSERTED, expect


@expect(f"{INSERTED}: Đầu mối\nVăn phòng")
def a_column_added(hand: Hand) -> None:
    add_column(hand, 9, 1, ["Đầu mối", "Văn phòng"])


@expect(f"{DELETED}: Thời hạn\nNgày 10")
def a_column_deleted(hand: Hand) -> None:
    strike_column(hand, 9, 1)


@expect(f"{INSERTED}: một\nhai", "insertion word:Phạm Dũng: ba\nbốn")
def two_columns_by_two_people_side_by_side(hand: Hand) -> None:
    add_column(hand, 9, 1, ["một", "hai"])
    hand.by = "Phạm Dũng"
    add_column(hand, 9, 2, ["ba", "bốn"])


@expect(f"{INSERTED}: Đầu mối\nVăn phòng", f"{DELETED}: Cơ quan\nSở Nội vụ")
def a_column_put_in_the_place_of_another(hand: Hand) -> None:
    strike_column(hand, 9, 0)
    add_column(hand, 9, 1, ["Đầu mối", "Văn phòng"])


@expect(
    f"{INSERTED}: Đầu mối\nVăn phòng", f"{INSERTED}: Sở Tài chính | Thanh tra | Ngày 20"
)
def a_column_and_a_row_added(hand: Hand) -> None:
    add_column(hand, 9, 1, ["Đầu mối", "Văn phòng"])
    add_row(hand, 9, ["Sở Tài chính", "Thanh tra", "Ngày 20"])


@expect("insertion me: Đầu mối\nVăn phòng")
def a_column_added_untracked(hand: Hand) -> None:
    add_column(hand, 9, 2, ["Đầu mối", "Văn phòng"], tracked=False)


@expect("deletion me: Thời hạn\nNgày 10")
def a_column_gone_untracked(hand: Hand) -> None:
    remove_column(hand, 9, 1)


@expect("merge me: Sở Nội vụ | Ngày 10")
def two_cells_merged(hand: Hand) -> None:
    first, second = rows_of(hand, 9)[1].findall(W + "tc")
    for paragraph in second.findall(W + "p"):
        first.append(paragraph)
    second.getparent().remove(second)
    span(first, 2)
