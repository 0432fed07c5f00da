"""Points: earned by the verified hour, spent and lapsing by the rules; the pull bends with the money behind them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.engine_worlds import SEED, START, alone, book, town
from vsim.levers.base import Edit, Span
from vsim.levers.points import Points
from vsim.rng import stream_key
from vsim.run.compare import compare
from vsim.run.district import Progress, advance, begin
from vsim.run.settle import Settled
from vsim.spec.calendar import week_of
from vsim.world.ledgers import Book
from vsim.world.metrics import M

NEW_YEAR = week_of(START.replace(month=12, day=31), START)
DEFAULTS = {"per_hour": 1.0, "yuan_per_point": 2.0, "visibility": 0.5, "price": 10.0, "expiry": 1.0}


def edits(**values: float) -> dict[str, Edit]:
    cards = {**town().values, **{key: value for key, value in values.items() if "." in key}}
    given = {**DEFAULTS, **{key: value for key, value in values.items() if "." not in key}}
    return {edit.table: edit for edit in Points.edits(given, cards, Span(START, 24, 24))}


def run(*policies: object, parameters: dict[str, float] | None = None) -> tuple[Progress, Settled]:
    unit, settled = alone(town(parameters, policies=policies, residents=250, districts=1))
    return advance(unit, settled, stream_key(SEED), begin(unit, settled), settled.weeks), settled


@pytest.mark.parametrize("yuan", [0.0, 1.0, 2.0, 10.0, 50.0])
def test_the_pull_is_a_logarithm_of_the_reward_of_an_ordinary_attendance(yuan: float) -> None:
    cards = town().values
    stated = 0.22 * math.log1p(yuan * cards["service.hours_mean"] / cards["points.pull_scale"])
    assert edits(yuan_per_point=yuan)["points_logit"].value == pytest.approx(1024 * stated, abs=2)


def test_points_for_an_hour_are_kept_in_a_thousandth() -> None:
    assert edits(per_hour=2.5)["points_hour"].value == 2560
    assert edits(price=7.0)["price"].value == 7


def test_the_reward_crowds_out_only_when_it_is_worth_something_and_seen() -> None:
    assert edits(**{"points.crowding": 0.4, "visibility": 0.5})["crowding"].value == round(0.2 * 1024)
    assert edits(**{"points.crowding": 0.4, "visibility": 0.0})["crowding"].value == 0
    unpaid = edits(**{"points.crowding": 0.4, "per_hour": 0.0}).get("crowding")
    assert unpaid is None or unpaid.value == 0


def test_balances_lapse_in_the_week_of_31_december_only() -> None:
    end, settled = run(Points(per_hour=3, price=500, expiry=1))
    assert settled.weekly.expire[0].nonzero()[0].tolist() == [NEW_YEAR + settled.warmup]
    rows = book(end, Book.POINTS)
    assert set(rows[rows[:, 2] == 2][:, 0].tolist()) == {NEW_YEAR}
    held = end.counts.people[:, :, M.POINTS_HELD].sum(axis=1)
    assert held[NEW_YEAR + settled.warmup] == 0
    assert held[NEW_YEAR + settled.warmup - 1] > 0


def test_without_expiry_nothing_lapses() -> None:
    end, _ = run(Points(per_hour=3, price=500, expiry=0))
    assert end.counts.people[:, :, M.POINTS_EXPIRED].sum() == 0
    assert end.counts.people[-1, :, M.POINTS_HELD].sum() > 0


def test_a_later_policy_without_expiry_ends_the_expiry_of_the_one_before() -> None:
    """The later start wins where two of one lever overlap; the national scheme lapses, the local one does not."""
    _, settled = run(Points(expiry=1), Points(expiry=0, start_week=10))
    assert settled.weekly.expire[0].sum() == 0


def test_a_later_policy_without_reward_ends_the_crowding_of_the_one_before() -> None:
    crowded = {"points.crowding": 0.8}
    _, settled = run(Points(per_hour=5), Points(per_hour=0, start_week=10), parameters=crowded)
    after = slice(settled.warmup + 10, None)
    assert settled.weekly.points_logit[0, after].sum() == 0
    assert settled.weekly.crowding[0, after].sum() == 0


def test_a_price_that_nobody_reaches_is_never_paid() -> None:
    end, _ = run(Points(per_hour=0.5, price=500, expiry=0), parameters={"points.redeem": 1.0})
    assert end.counts.people[:, :, M.POINTS_SPENT].sum() == 0


def test_a_holder_who_always_spends_never_keeps_the_price_of_two_purchases() -> None:
    end, _ = run(Points(per_hour=2, price=10, expiry=0), parameters={"points.redeem": 1.0})
    rows = book(end, Book.POINTS)
    assert (rows[rows[:, 2] == 1][:, 3] == -10).all()
    assert end.state.points.max() < 10 + 2 * 12 * 16 // 4


def test_points_cost_what_is_spent() -> None:
    assert Points.cost({"yuan_per_point": 2.0}, {"points_spent": 50}) == 100.0


def test_a_reward_raises_service_and_strong_crowding_turns_it_round() -> None:
    shop = Points(per_hour=10, yuan_per_point=10, price=10, visibility=1.0)
    for crowding, sign in ((0.0, 1), (0.8, -1)):
        own = {"points.crowding": crowding, "points.pull": 0.22 if sign > 0 else 0.02}
        study = compare(town(own), town(own, policies=(shop,)), replicates=4, seed=SEED)
        assert np.sign(study.effect("attendances").value) == sign
