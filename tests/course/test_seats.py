"""A learner's sitting that is known already: the same city, without the unfair ones before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from tests.course.certified import add_unit
from tests.course.small_course import ID, small_course
from vsim.course.rescore_truths import Truths
from vsim.course.seats import known_sitting
from vsim.course.unit import Unit, sit


def test_a_kept_truth_names_the_fair_city_and_only_that_one_is_drawn(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    add_unit(course, ID)
    unit = Unit(course.place("units", ID))
    asked: list[int] = []
    first = next(number for number, *_ in _cities(unit, course.name, asked))

    def faults(truth: object) -> list[str]:                             # the first city is no fair question
        return ["unfair"] if asked[-1] == first else []

    unit.__dict__["checks"] = replace(unit.checks, faults=faults)
    sitting = sit(unit, course.name, "ada")
    assert sitting.seed != first
    assert known_sitting(course, unit, "ada") is None
    Truths(course, unit).keep_of(sitting)
    asked.clear()
    known = known_sitting(course, unit, "ada")
    assert known is not None
    assert (known.learner, known.seed, known.truth) == (sitting.learner, sitting.seed, sitting.truth)
    for name, table in sitting.tables.items():
        pd.testing.assert_frame_equal(known.tables[name], table)
    assert asked == [sitting.seed]
    assert known_sitting(course, unit, "bo") is None


def _cities(unit: Unit, course: str, asked: list[int]) -> Iterator[tuple[Any, ...]]:
    from vsim.course.unit import cities

    city = unit.checks.city
    assert city is not None

    def noted(seed: int) -> Any:
        asked.append(seed)
        return city(seed)

    unit.__dict__["checks"] = replace(unit.checks, city=noted)
    return cities(unit, course, "ada")
