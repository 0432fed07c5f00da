"""Designs: what is allowed, the rows that each method gives, and that rows mean what the libraries' own do."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.spec.design import Design, Factor
from vsim.spec.design_points import at, points_of, problem, steps

A: dict[str, Any] = {"low": 1.0, "high": 3.0}
B: dict[str, Any] = {"values": [[1.0, 2.0], [3.0, 4.0]]}
C: dict[str, Any] = {"low": 2, "high": 5, "integer": True}
MIX: dict[str, Any] = {"shares": {"m.a": 1.0, "m.b": 2.0, "m.c": 4.0}, "total": 8.0}


def rows(method: str, factors: dict[str, Any], **more: Any) -> list[list[Any]]:
    frame = points_of(Design(method=method, factors=factors, **more))
    return [list(row) for row in frame.itertuples(index=False)]


def test_a_grid_is_every_combination() -> None:
    assert rows("grid", {"a": A, "b": B}, levels=3) == [
        [a, b] for a, b in product([1.0, 2.0, 3.0], [[1.0, 2.0], [3.0, 4.0]])]
    assert [row[0] for row in rows("grid", {"c": C}, levels=9)] == [2.0, 3.0, 4.0, 5.0]


def test_a_factorial_takes_the_ends() -> None:
    assert rows("factorial", {"a": A, "c": C}) == [[1.0, 2.0], [1.0, 5.0], [3.0, 2.0], [3.0, 5.0]]


@pytest.mark.parametrize(("factors", "runs"), [(2, 4), (3, 8), (4, 8), (5, 16), (8, 16), (9, 32)])
def test_a_fraction_estimates_main_effects_clear_of_pairs(factors: int, runs: int) -> None:
    found = np.array(rows("fractional", {f"x{i}": {"low": -1.0, "high": 1.0} for i in range(factors)}), dtype=float)
    assert found.shape == (runs, factors)
    assert np.array_equal(found.T @ found, runs * np.eye(factors))          # balanced and orthogonal
    for i in range(factors):
        pair = found[:, i] * found[:, (i + 1) % factors]
        assert np.array_equal(found.T @ pair, np.zeros(factors))            # resolution IV


def test_a_hypercube_visits_every_slice_once() -> None:
    found = np.array(rows("lhs", {"a": A, "b": {"low": 10.0, "high": 1000.0, "log": True}}, points=16), dtype=float)
    unit = np.column_stack([(found[:, 0] - 1) / 2, np.log(found[:, 1] / 10) / np.log(100)])
    for column in unit.T:
        assert sorted((column * 16).astype(int)) == list(range(16))


def test_a_sobol_sample_is_balanced_in_both_halves() -> None:
    found = np.array(rows("sobol", {"a": A, "b": {"low": 0.0, "high": 1.0}}, points=32), dtype=float)
    quarters = 2 * (found[:, 0] > 2).astype(int) + (found[:, 1] > 0.5)
    assert np.bincount(quarters).tolist() == [8, 8, 8, 8]


def test_one_at_a_time_moves_one_from_what_the_scenario_has() -> None:
    assert rows("one_at_a_time", {"a": A, "b": B}) == [
        [None, None], [1.0, None], [3.0, None], [None, [1.0, 2.0]], [None, [3.0, 4.0]]]


@pytest.mark.parametrize("method", ["grid", "lhs", "sobol", "factorial"])
def test_shares_spend_the_total_at_their_prices(method: str) -> None:
    more = {"points": 16} if method in {"lhs", "sobol"} else {"levels": 5} if method == "grid" else {}
    found = np.array(rows(method, {"mix": MIX}, **more), dtype=float)
    assert (found >= 0).all()
    assert found @ [1.0, 2.0, 4.0] == pytest.approx(np.full(len(found), 8.0), rel=1e-9)
    assert len({tuple(row) for row in found.tolist()}) == len(found)
    assert len(found) == {"grid": 15, "factorial": 3}.get(method, 16)


def test_shares_are_uniform_on_the_simplex() -> None:
    factor = Factor(**MIX)
    cube = (np.arange(400) + 0.5) / 400
    pairs = np.array([at(factor, [u, v]) for u in cube for v in cube[::8]], dtype=float) * [1, 2, 4] / 8
    assert pairs.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)
    assert (pairs**2).mean(axis=0) == pytest.approx([1 / 6] * 3, abs=0.01)      # Dirichlet(1, 1, 1)


def test_morris_and_saltelli_keep_the_order_that_their_indices_need() -> None:
    from SALib.analyze import morris, sobol

    factors = {"a": {"low": 0.0, "high": 1.0}, "b": {"low": 0.0, "high": 1.0}}
    design = Design(method="saltelli", factors=factors, points=256)
    x = points_of(design).to_numpy(dtype=float)
    assert x.shape == (256 * 4, 2)
    y = 3 * x[:, 0] + x[:, 1]                               # variances 9 to 1
    found = sobol.analyze(problem(design), y, calc_second_order=False, seed=1)
    assert found["S1"] == pytest.approx([0.9, 0.1], abs=0.02)
    design = Design(method="morris", factors=factors, points=8)
    x = points_of(design).to_numpy(dtype=float)
    assert x.shape == (8 * 3, 2)
    found = morris.analyze(problem(design), x, 3 * x[:, 0] + x[:, 1], num_levels=4, seed=1)
    assert list(found["mu_star"]) == pytest.approx([3.0, 1.0])


@pytest.mark.parametrize("method", ["lhs", "sobol", "morris", "saltelli"])
def test_the_seed_of_a_design_gives_its_rows(method: str) -> None:
    def draw(seed: int) -> list[list[Any]]:
        return rows(method, {"a": A, "c": C, "d": A}, points=8, seed=seed)

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_whole_numbers_and_values_are_met_equally_often() -> None:
    whole = Factor(**C)
    assert [at(whole, [u])[0] for u in (0.0, 0.249, 0.25, 0.74, 0.75, 1.0)] == [2, 2, 3, 4, 5, 5]
    listed = Factor(values=[7.0, 8.0])
    assert [at(listed, [u])[0] for u in (0.0, 0.499, 0.5, 1.0)] == [7, 7, 8, 8]
    assert steps(Factor(**MIX), 2) == [[0.0, 0.0, 2.0], [0.0, 4.0, 0.0], [8.0, 0.0, 0.0]]


@pytest.mark.parametrize(("fields", "said"), [
    ({"low": 1}, r"high is None; allowed above low 1"),
    ({"low": 2, "high": 1}, r"high is 1.0; allowed above low 2"),
    ({}, "one of the three"),
    ({"low": 1, "high": 2, "values": [1, 2]}, "one of the three"),
    ({"low": 0, "high": 2, "log": True}, "low above 0"),
    ({"low": 0.5, "high": 2, "integer": True}, "no whole numbers"),
    ({"values": [1, 2], "integer": True}, "low and high only"),
    ({"values": ["x", "y"]}, "numbers and lists"),
    ({"values": [1]}, "two values or more"),
    ({"shares": {"a": 1, "b": 0}}, "price above 0"),
    ({"hihg": 2, "low": 1}, "Did you mean 'high'"),
])
def test_a_factor_that_is_not_one_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Factor(**fields)


@pytest.mark.parametrize(("fields", "said"), [
    ({"method": "latin"}, "grid, factorial"),
    ({"method": "lhs"}, "points of the hypercube"),
    ({"method": "grid", "points": 3}, "whose factors say"),
    ({"method": "sobol", "points": 12}, "16 is the next"),
    ({"method": "grid", "factors": {}}, "one factor or more"),
    ({"method": "lhs", "points": 4, "levels": 3}, "stands beside method lhs"),
    ({"method": "morris", "points": 4, "factors": {"mix": MIX}}, "move together"),
    ({"method": "grid", "file": "x.csv"}, "from_frame only"),
    ({"method": "grid", "factors": {"a": {"low": 1, "hig": 2}}}, r"factors.a.hig is an unknown key"),
])
def test_a_design_that_does_not_hang_together_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Design(**{"factors": {"a": A}, **fields})
