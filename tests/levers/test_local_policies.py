"""Local package: the numbers by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.local_policies import LocalPolicies
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()} | {
    "local_policies.heard_most": 0.5, "local_policies.appeals_half": 6, "local_policies.found_most": 0.5,
    "local_policies.hours_half": 8,
}
VALUES = {name: card.default for name, card in lever_file("local_policies").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float]) -> dict[str, object]:
    return {edit.table: edit.value for edit in LocalPolicies.edits({**VALUES, **values}, CARDS, SPAN)}


def test_half_of_the_most_at_the_half() -> None:
    assert tables_of({"appeals": 6, "officer_hours": 8}) == {"heard": 16384, "found": 16384}


def test_an_empty_package_does_nothing() -> None:
    assert tables_of({"appeals": 0, "officer_hours": 0}) == {"heard": 0, "found": 0}


def test_cost_by_hand() -> None:
    values = {"appeals": 2, "officer_hours": 1, "appeal_cost": 0.5, "officer_hour": 10}
    assert LocalPolicies.cost(values, {"residents": 2000, "years": 0.5}) == pytest.approx(1000 + 520)
