"""Cost-effectiveness: a textbook frontier, shares that add up, ratios of means, worth of information in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsim.errors import DataError, UsageError
from vsim.evaluate.cost_effectiveness import (
    Plane,
    Terms,
    acceptability,
    at_prices_of,
    frontier,
    icer,
    plane,
    present_value,
)
from vsim.evaluate.information import evpi, evppi, spline


def fixed(**points: tuple[float, float]) -> Plane:
    """Return a plane without uncertainty: cost and effect of each policy."""
    cost, effect = (np.array([[pair[k]] for pair in points.values()]) for k in (0, 1))
    return Plane(tuple(points), cost, effect)


def uncertain(n: int = 4000, seed: int = 2) -> Plane:
    """Return nothing and two policies whose effects are uncertain, and cost that rises with the effect."""
    luck = np.random.default_rng(seed)
    a, b = luck.normal(1.0, 0.5, n), luck.normal(1.5, 1.0, n)
    effect = np.stack([np.zeros(n), a, b])
    cost = np.stack([np.zeros(n), 30 + 2 * a, 52 + luck.normal(0, 5, n)])
    return Plane(("nothing", "A", "B"), cost, effect)


def test_the_frontier_of_a_textbook() -> None:
    """Drummond et al.: D is dominated by C; B's ratio of 30 exceeds C's of 20 from A, so B is extendedly dominated."""
    on = fixed(nothing=(0, 0), A=(10, 2), B=(40, 3), C=(50, 4), D=(60, 3.5), E=(110, 5))
    table = frontier(on).set_index("policy")
    assert table["state"].to_dict() == {
        "nothing": "on the frontier", "A": "on the frontier", "B": "extendedly dominated", "C": "on the frontier",
        "D": "dominated", "E": "on the frontier",
    }
    assert table.loc[["A", "C", "E"], "icer"].tolist() == pytest.approx([5, 20, 60])
    assert table.loc[["nothing", "B", "D"], "icer"].isna().all()


@given(st.lists(st.tuples(st.integers(-20, 60), st.integers(-5, 20)), min_size=1, max_size=8))
def test_the_frontier_is_what_is_best_at_some_worth(points: list[tuple[int, int]]) -> None:
    """Whatever has the largest net benefit at a worth is on the frontier, and its ratios rise."""
    on = fixed(**{f"p{k}": (float(c), float(e)) for k, (c, e) in enumerate(points)})
    table = frontier(on)
    steps = table["icer"].dropna().to_numpy()
    assert (np.diff(steps) > 0).all()
    good = set(zip(table[table["state"] == "on the frontier"]["cost"], table[table["state"] == "on the frontier"]
                   ["effect"], strict=True))
    for worth in (0.01, 0.7, 3.3, 17.1, 200.3):
        best = int(np.argmax(on.benefit(worth).mean(axis=1)))
        assert (on.cost[best, 0], on.effect[best, 0]) in good


def test_shares_add_up_and_the_best_mean_is_not_always_the_most_often_best() -> None:
    luck = np.random.default_rng(3)
    n = 5000
    skewed = np.where(luck.random(n) < 0.3, 10.0, -1.0)
    on = Plane(("nothing", "A"), np.zeros((2, n)), np.stack([np.zeros(n), skewed]))
    row = acceptability(on, [1.0]).iloc[0]
    assert row["best"] == "A"
    assert row["chance"] == row["A"] < 0.4 < row["nothing"]
    table = acceptability(uncertain(), np.linspace(0, 100, 21))
    assert table[["nothing", "A", "B"]].sum(axis=1).to_numpy() == pytest.approx(np.ones(21))
    assert table["best"].iloc[0] == "nothing"
    assert table["best"].iloc[-1] == "B"
    ties = acceptability(Plane(("a", "b"), np.zeros((2, 4)), np.ones((2, 4))), [2.0]).iloc[0]
    assert (ties["a"], ties["b"]) == (0.5, 0.5)


def test_a_ratio_is_one_of_means_and_not_the_mean_of_ratios() -> None:
    on = Plane(("nothing", "A"), np.array([[0.0, 0.0], [10.0, 10.0]]), np.array([[0.0, 0.0], [1.0, 0.1]]))
    assert icer(on, "A").value == pytest.approx(10 / 0.55)
    assert np.mean(on.cost[1] / on.effect[1]) == pytest.approx(55)


def test_the_interval_of_a_ratio_covers_as_it_says() -> None:
    luck = np.random.default_rng(4)
    covered = []
    for _ in range(400):
        effect = luck.normal(2.0, 1.0, 40)
        cost = 10 + 3 * effect + luck.normal(0, 2, 40)
        found = icer(Plane(("n", "a"), np.stack([np.zeros(40), cost]), np.stack([np.zeros(40), effect])), "a")
        covered.append(found.low <= 16 / 2 <= found.high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)
    weak = Plane(("n", "a"), np.array([[0.0] * 4, [1.0, 2, 3, 4]]), np.array([[0.0] * 4, [-1.0, 1, -1, 1.1]]))
    assert math.isnan(icer(weak, "a").low)


def test_perfect_information_in_closed_form() -> None:
    """One policy with net benefit N(m, s): the worth is s x unit normal loss at |m| / s."""
    n, m, s = 200_000, 5.0, 20.0
    gain = np.random.default_rng(5).normal(m, s, n)
    on = Plane(("nothing", "A"), np.zeros((2, n)), np.stack([np.zeros(n), gain]))
    unit = NormalDist()
    loss = s * (unit.pdf(m / s) - m / s * (1 - unit.cdf(m / s)))
    found = evpi(on, [1.0]).iloc[0]
    assert found["evpi"] == pytest.approx(loss, abs=4 * found["se"])
    assert found["evpi"] == pytest.approx(loss, rel=0.02)
    assert evpi(fixed(nothing=(0, 0), A=(1, 5)), [1.0])["evpi"].iloc[0] == 0


def test_partial_information_in_closed_form_and_between_nothing_and_all() -> None:
    """Net benefit = x + y, both normal: knowing x is worth s_x x unit normal loss at m / s_x."""
    n, m, sx, sy = 40_000, 3.0, 10.0, 15.0
    luck = np.random.default_rng(6)
    x, y, z = luck.normal(0, sx, n), luck.normal(0, sy, n), luck.normal(0, 1, n)
    on = Plane(("nothing", "A"), np.zeros((2, n)), np.stack([np.zeros(n), m + x + y]))
    table = pd.DataFrame({"x": x, "y": y, "z": z})
    unit = NormalDist()

    def loss(s: float) -> float:
        return s * (unit.pdf(m / s) - m / s * (1 - unit.cdf(m / s)))

    only = evppi(on, table, "x", 1.0)
    assert only.partial == pytest.approx(loss(sx), rel=0.04)
    both = evppi(on, table, ["x", "y"], 1.0)
    assert both.partial == pytest.approx(loss(math.hypot(sx, sy)), rel=0.04)
    assert both.partial == pytest.approx(both.perfect, rel=0.02)
    assert evppi(on, table, "z", 1.0).partial < 0.05 * only.partial


def test_a_curve_is_learned_by_the_spline() -> None:
    """Net benefit is a parabola of a parameter with mean zero slope: a line would find nothing of worth."""
    n = 20_000
    x = np.random.default_rng(7).uniform(-1, 1, n)
    on = Plane(("nothing", "A"), np.zeros((2, n)), np.stack([np.zeros(n), x**2 - 1 / 3]))
    found = evppi(on, pd.DataFrame({"x": x}), "x", 1.0)
    root = math.sqrt(1 / 3)
    assert found.partial == pytest.approx((1 - root**3) / 3 - (1 - root) / 3, rel=0.05)
    line = np.linspace(-1, 1, 50)
    fitted = np.linalg.lstsq(np.column_stack([np.ones(50), spline(line)]), 2 + 3 * line, rcond=None)[0]
    assert fitted[:2] == pytest.approx([2, 3])


def test_a_plane_is_made_from_a_table_whatever_its_order() -> None:
    rows = pd.DataFrame({"policy": ["a", "b"] * 3, "draw": [0, 0, 1, 1, 2, 2], "yuan": [1.0, 2, 3, 4, 5, 6],
                         "effect": [10.0, 20, 30, 40, 50, 60]})
    one = plane(rows)
    other = plane(rows.iloc[::-1].reset_index(drop=True))
    assert one.policies == ("nothing", "a", "b")
    assert one.cost.tolist() == [[0, 0, 0], [1, 3, 5], [2, 4, 6]]
    for name in one.policies:
        assert one.effect[one.place(name)].tolist() == other.effect[other.place(name)].tolist()
    assert plane(rows, better="less", nothing=None).effect[0].tolist() == [-10, -30, -50]


@pytest.mark.parametrize(("change", "said"), [
    (lambda rows: rows.iloc[:-1], "lacks a draw"), (lambda rows: pd.concat([rows, rows.iloc[:1]]), "1 pairs"),
    (lambda rows: rows.assign(yuan=np.nan), "lacks a draw or a number"),
    (lambda rows: rows.drop(columns="effect"), "column 'effect'"), (lambda rows: rows.iloc[:0], "no rows"),
    (lambda rows: rows.assign(policy="nothing", draw=range(4)), "called 'nothing' already"),
])
def test_draws_that_do_not_pair_are_refused(change: Callable[[pd.DataFrame], pd.DataFrame], said: str) -> None:
    rows = pd.DataFrame({"policy": ["a", "b"] * 2, "draw": [0, 0, 1, 1], "yuan": 1.0, "effect": 1.0})
    with pytest.raises(DataError, match=said):
        plane(change(rows))


def test_money_has_a_time_and_a_view() -> None:
    assert present_value([100, 110], 0.1) == pytest.approx(200)
    assert present_value([5, 5, 5], 0.0) == 15
    assert at_prices_of(50, 2020, 2024, {2020: 100.0, 2024: 110.0}) == pytest.approx(55)
    with pytest.raises(UsageError, match="no year 2023"):
        at_prices_of(50, 2023, 2024, {2024: 110.0})
    with pytest.raises(UsageError, match="rate is -1"):
        present_value([1], -1)
    with pytest.raises(UsageError, match="perspective is payer and an hour is 20"):
        Terms(hour=20)
    assert Terms("society", hour=20).price_year == 2024


@pytest.mark.parametrize(("call", "error", "said"), [
    (lambda: uncertain(20).benefit(-1), UsageError, "worth -1"),
    (lambda: icer(uncertain(20), "C"), UsageError, "policy is 'C'"),
    (lambda: evppi(uncertain(20), pd.DataFrame({"x": range(20)}), "x", 1.0), DataError, "20 draws for"),
    (lambda: evppi(uncertain(20), pd.DataFrame({"x": range(9)}), "x", 1.0), DataError, "9 rows"),
    (lambda: evppi(uncertain(20), pd.DataFrame({"x": range(20)}), "y", 1.0), DataError, "'y' is not in the table"),
    (lambda: evppi(uncertain(20), pd.DataFrame({"x": [1.0] * 20}), "x", 1.0), DataError, "in every draw"),
])
def test_what_cannot_be_told_is_refused(call: Callable[[], object], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()
