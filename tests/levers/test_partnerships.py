"""Partnerships: the numbers by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Edit, Span
from vsim.levers.partnerships import Partnerships

SPAN = Span(date(2025, 9, 1), 52, 52)
CARDS = {"partnerships.brokers_half": 0.1, "partnerships.capacity": 0.1}


def test_partners_count_as_far_as_brokers_place_them() -> None:
    assert Partnerships.edits({"partners": 10, "brokers": 0.1}, CARDS, SPAN) == [Edit("capacity", 1536)]
    assert Partnerships.edits({"partners": 10, "brokers": 0}, CARDS, SPAN) == [Edit("capacity", 1024)]
    off = CARDS | {"partnerships.capacity": 0.0}
    assert Partnerships.edits({"partners": 10, "brokers": 1}, off, SPAN) == [Edit("capacity", 1024)]


def test_cost_by_hand() -> None:
    values = {"brokers": 0.5, "wage": 80000}
    assert Partnerships.cost(values, {"residents": 2000, "years": 0.5}) == pytest.approx(40000)
