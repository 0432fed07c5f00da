"""Research moves nobody; its cost is that of the studies made (clause VI.1.b)."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.research import Research


def test_research_moves_nobody() -> None:
    assert Research.edits({"budget": 1e6}, {}, Span(date(2025, 9, 1), 10, 20)) == []


def test_the_cost_is_that_of_the_studies() -> None:
    assert Research.cost({}, {"studies.cost_fen.sum": 250_000}) == 2500
