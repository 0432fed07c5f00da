"""Insurance: who is covered, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.insurance import Insurance
from vsim.spec.lever_files import lever_file

VALUES = {name: card.default for name, card in lever_file("insurance").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


@pytest.mark.parametrize(("cover", "asked", "says"), [(0.25, 1, (16384, 1)), (0.0, 0, (0, 0)), (1.0, 1, (65536, 1))])
def test_the_share_insured_and_whether_it_is_asked_for(cover: float, asked: int, says: tuple[int, int]) -> None:
    edits = Insurance.edits({**VALUES, "cover": cover, "cover_asked": asked}, {}, SPAN)
    assert {edit.table: edit.value for edit in edits} == {"cover": says[0], "cover_asked": says[1]}


def test_the_cost_is_the_premiums() -> None:
    assert Insurance.cost(VALUES, {"money[line=premium].fen.sum": 1500}) == 15
