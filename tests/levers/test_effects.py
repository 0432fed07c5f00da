"""What each lever's file says that it moves, it moves (first half of the levers): see `tests/levers/effects.py`."""

from __future__ import annotations

import pytest

from tests.levers import effects
from vsim.spec.lever_files import Effect

CASES = pytest.mark.parametrize(("name", "effect"), effects.cases(0))


@CASES
def test_a_lever_moves_what_its_file_says(name: str, effect: Effect) -> None:
    effects.moves_what_its_file_says(name, effect)


@CASES
def test_nothing_moves_before_the_start_nor_elsewhere(name: str, effect: Effect) -> None:
    effects.moves_nothing_before_the_start_nor_elsewhere(name, effect)


@pytest.mark.parametrize("name", effects.HALVES[0])
def test_a_lever_without_a_channel_to_people_changes_no_attendance(name: str) -> None:
    effects.changes_no_attendance_without_a_channel_to_people(name)
