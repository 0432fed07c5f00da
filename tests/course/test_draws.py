"""The spread of a unit's cities: counted as the draws themselves are made, and a truth that all share is seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.course.small_course import CHECKS, unit_folder
from vsim.course.draws import COURSE, drawn, leaves
from vsim.course.keys import PUBLIC, seed
from vsim.course.unit import DRAWS, Unit

SEEDS = 12


def unit_of(folder: Path, old: str = "", new: str = "") -> Unit:
    assert old in CHECKS
    return Unit(unit_folder(folder, checks=CHECKS.replace(old, new) if old else CHECKS))


def test_the_spread_is_that_of_the_cities_that_learners_get(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, "< 25", "< 400")
    rows, redraws = [], []
    for learner in range(1, SEEDS + 1):                                     # the slow way: sizes from the seeds alone
        sizes = [20 + seed(PUBLIC, COURSE, unit.id, f"seed-{learner}", "city", draw) % 977 for draw in range(DRAWS)]
        draw = next(number for number, size in enumerate(sizes) if size >= 400)
        rows.append(sizes[draw])
        redraws.append(draw)
    assert sum(redraws) > 0
    found = drawn(unit, SEEDS)
    assert (found.redraws, found.unfair, found.reasons) == (tuple(redraws), 0, {"too few": sum(redraws)})
    first = next(one for one in found.truths if one.name == "D01")
    counts = sorted((size + 1) // 2 for size in rows)                        # volunteers of an even number
    assert (first.least, first.most, first.different) == (counts[0], counts[-1], len(set(counts)))
    assert first.middle == counts[(SEEDS - 1) // 2]
    assert not any(one.degenerate for one in found.truths)


def test_cities_that_are_all_alike_are_seen(tmp_path: Path) -> None:
    found = drawn(unit_of(tmp_path, "20 + seed % 977", "30"), 3)
    assert [(one.different, one.commonest, one.degenerate) for one in found.truths] == [(1, 1.0, True)] * 2


def test_learners_without_a_fair_city_are_counted_and_stop_nothing(tmp_path: Path) -> None:
    found = drawn(unit_of(tmp_path, "< 25", "< 10_000"), 2)
    assert (found.unfair, found.redraws, found.truths) == (2, (DRAWS, DRAWS), ())
    assert found.reasons == {"too few": 2 * DRAWS}


@dataclass
class Nested:
    rate: Any
    places: Any


@pytest.mark.parametrize(("truth", "expected"), [
    ({"a": 1, "b": {"c": 2.0000001}}, [("a", 1), ("b.c", 2.0)]),
    (Nested(pd.Series([1.0, 2.0]).mean(), pd.DataFrame({"n": [1, 3], "name": ["x", "y"]})),
     [("rate", 1.5), ("places.n", 2.0)]),
    ({"lowest": "D07", "open": True, "none": None}, [("lowest", "D07"), ("open", True)]),
])
def test_a_truth_of_any_make_is_taken_apart(truth: Any, expected: list[tuple[str, Any]]) -> None:
    assert list(leaves(truth)) == expected
