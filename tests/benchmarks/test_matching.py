"""Matching in the benchmark: an instance of a real week, vsim's rule, and the optimum."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from benchmarks import matching
from benchmarks.matching_instance import benefits, instance, value_of
from benchmarks.matching_solvers import by_dense, by_priority, by_sparse


def small(seed: int) -> dict[str, Any]:
    """Return five persons, three tasks with one or two seats, menus of one to three tasks, best first."""
    rng = np.random.default_rng(seed)
    menu, score = np.full((5, 3), -1), np.full((5, 3), -1)
    for i in range(5):
        some = rng.permutation(3)[: rng.integers(1, 4)]
        values = np.sort(rng.integers(0, 5_000, some.size))[::-1]
        menu[i, : some.size], score[i, : some.size] = some, values
    return {"menu": menu, "score": score, "seats": rng.integers(1, 3, 3), "tries": np.int64(3)}


def best_of_all(found: dict[str, Any]) -> int:
    """Return the greatest benefit over every placement there is."""
    worth = benefits(found)
    best = 0
    for way in product(range(-1, 3), repeat=5):
        taken = [found["menu"][i, k] for i, k in enumerate(way) if k >= 0]
        if -1 in taken or (np.bincount(np.array(taken, dtype=int), minlength=3) > found["seats"]).any():
            continue
        best = max(best, sum(int(worth[i, k]) for i, k in enumerate(way) if k >= 0))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_the_solvers_reach_the_best_of_all_placements(seed: int) -> None:
    found = small(seed)
    best = best_of_all(found)
    for solver in (by_sparse, by_dense):
        assert value_of(found, solver(found))[1] == best
    assert value_of(found, by_priority(found))[1] <= best


def test_the_rule_gives_each_in_turn_the_best_that_is_left() -> None:
    found = {"menu": np.array([[0, 1], [0, 1], [0, -1]]), "score": np.array([[9, 1], [9, 1], [9, -1]]),
             "seats": np.array([1, 5]), "tries": np.int64(2)}
    assert by_priority(found).tolist() == [0, 1, -1]
    assert by_priority({**found, "tries": np.int64(1)}).tolist() == [0, -1, -1]


def test_a_placement_against_the_rules_is_refused() -> None:
    found = {"menu": np.array([[0, 1], [0, -1]]), "score": np.array([[9, 1], [9, -1]]), "seats": np.array([1, 5])}
    for wrong in ([0, 0], [1, 1]):
        with pytest.raises(SystemExit, match="takes what is not on the menu"):
            value_of(found, np.array(wrong))


@pytest.mark.slow
def test_the_compiled_rule_is_the_plain_matching_of_vsim_in_a_real_week() -> None:
    found = instance(week=3, residents=6_000)
    placed = by_priority(found)
    assert np.array_equal(placed, found["placed"])
    assert (placed >= 0).sum() > 20
    assert value_of(found, placed)[0] == (placed >= 0).sum()


def test_optima_that_differ_and_missing_solvers_are_problems() -> None:
    def row(solver: str, value: int, **more: Any) -> dict[str, Any]:
        return {"solver": solver, "value": value, "seats": 5, "cpu": 0.1, "case": "all seats", "all": 9,
                "equals_plain": True, **more}

    good = {"rows": [row("vsim", 90), row("flow", 100), row("sparse", 100)], "missing": {}, "residents": 9, "week": 1,
            "persons": 7, "tasks": 3, "pins": "ortools==1"}
    assert matching.problems(good) == []
    assert any("90.0%" in line for line in "\n".join(matching.lines(good)).splitlines())
    assert any("optima differ" in p for p in matching.problems({**good, "rows": [*good["rows"], row("dense", 99)]}))
    assert any("missing: no pip" in p for p in matching.problems({**good, "missing": {"matching": "no pip"}}))
    other = {**good, "rows": [row("vsim", 90, equals_plain=False), row("flow", 100)]}
    assert any("otherwise than vsim.process.matching" in p for p in matching.problems(other))
