"""Volunteers' day: a pulse, what it takes from other weeks, and what a follow-up holds (clause VI.2.c)."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.volunteer_day import VolunteerDay
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["volunteer_day"].cards.items()}
SPAN = Span(date(2025, 9, 1), 20, 24)
DAY = {"month": 12, "day": 5, "effort": 1.0}                  # week 13


def base(span: Span = SPAN, held: float = 0.0, **changes: float) -> tuple[int, ...]:
    cards = CARDS | {"volunteer_day.held": held}
    (column,) = (e.value for e in VolunteerDay.edits({**VALUES, **DAY, **changes}, cards, span) if e.table == "base")
    assert isinstance(column, tuple)
    return column


def test_four_tenths_of_the_pulse_are_taken_from_the_eight_weeks_around() -> None:
    column = base()
    pulse = round(1024 * 0.4)
    assert column[13] == pulse
    around = column[9:13] + column[14:18]
    assert sum(around) == -round(0.4 * pulse)
    assert max(around) - min(around) <= 1
    assert {column[w] for w in range(24) if abs(w - 13) > 4} == {0}


def test_no_week_before_the_start_is_drawn_on() -> None:
    column = base(Span(date(2025, 12, 1), 20, 24))             # the day lies in the first week
    pulse = round(1024 * 0.4)
    assert column[0] == pulse
    assert sum(column[1:5]) == -round(0.4 * pulse)
    assert {*column[5:]} == {0}


def test_a_follow_up_holds_what_its_card_says() -> None:
    plain, held = base(follow_up=6), base(held=0.25, follow_up=6)
    assert plain == base()
    pulse = round(1024 * 0.4)
    assert [b - a for a, b in zip(plain, held, strict=True)] == [0] * 14 + [round(0.25 * pulse)] * 6 + [0] * 4


def test_registering_has_a_pulse_of_its_own() -> None:
    edits = {edit.table: edit.value for edit in VolunteerDay.edits({**VALUES, **DAY}, CARDS, SPAN)}
    assert edits["join"] == edits["base"]                      # both cards say 0.4


def test_no_effort_and_no_day_move_nothing() -> None:
    assert set(base(effort=0.0)) == set(base(month=3, day=5)) == {0}
    counts = {"residents": 1000, "years": 1}
    assert VolunteerDay.cost({**VALUES, "effort": 0.0}, counts) == 0
    assert VolunteerDay.cost({**VALUES, "effort": 1.0, "follow_up": 10}, counts) == pytest.approx(700)
