"""The sign moves nobody; its cost is that of the licences (clause VI.2.e)."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.logo import Logo
from vsim.spec.cards import load_cards


def test_the_sign_moves_no_volunteer_and_by_default_no_organisation() -> None:
    assert Logo.edits({"licence": 1.0}, {}, Span(date(2025, 9, 1), 10, 20)) == []
    assert load_cards()["logo.licensed_fall"].default == load_cards()["logo.penalty_fall"].default == 0


def test_the_cost_is_that_of_the_licences() -> None:
    assert Logo.cost({"cost_per_licence": 50.0}, {"logo_licences.rows": 4}) == 200
