"""A time bank, displacement, one pilot city, saturation and a switchback: truths, limiting cases, ways to fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vsim.evaluate.answers import bias
from vsim.run.designs import DESIGNS, neighbours, pilot_city, saturation, switchback, time_bank
from vsim.run.designs.kinds import QUARTERS, covered, person_hours, run, small, under
from vsim.run.designs.rollout import hash_of
from vsim.spec.policy import Policy

pytestmark = pytest.mark.slow


def test_a_time_bank_credits_hours_that_were_there_before_and_none_where_it_is_not() -> None:
    net, gross = (DESIGNS["time_bank"].draw(3, holds) for holds in (True, False))
    assert net.truth == gross.truth
    on = net.frame["under"] == 1
    assert (gross.frame.loc[~on, "hours"] == 0).all()
    base = small(time_bank.RESIDENTS, time_bank.DISTRICTS, time_bank.WEEKS, time_bank.ROOM, time_bank.RUN_UP)
    without = run(base, 3).weekly("district")["hours"] / QUARTERS
    assert net.frame.loc[~on, "hours"].tolist() == without[~on].tolist()
    assert (net.frame["hours"] - without)[on].mean() == pytest.approx(net.truth.value)
    assert 0 < net.truth.value < gross.frame.loc[on, "hours"].mean()


def by_side(seed: int) -> tuple[float, float, float, int]:
    """Return what the rewarded gain, their neighbours and all others in sum, and how many are rewarded."""
    base = small(neighbours.RESIDENTS, neighbours.DISTRICTS, neighbours.WEEKS, neighbours.SCARCE, neighbours.RUN_UP)
    chosen = sorted(base.districts, key=lambda code: hash_of(seed, code))[: neighbours.DISTRICTS // 2]
    made = run(under(base, Policy(lever=neighbours.LEVER, share=neighbours.HALF, salt=seed, districts=chosen,
                                  values=neighbours.REWARD)), seed)
    gained = person_hours(made) - person_hours(run(base, seed))
    here, lot = neighbours.inside(made, chosen), covered(made) == 1
    gain, loss, elsewhere = (float(gained[side].sum()) for side in (here & lot, here & ~lot, ~here))
    return gain, loss, elsewhere, int((here & lot).sum())


def test_the_net_effect_of_a_reward_is_what_some_gain_and_their_neighbours_lose() -> None:
    drawn = DESIGNS["neighbours"].draw(2, True)
    gain, loss, elsewhere, rewarded = by_side(2)
    assert elsewhere == 0
    assert gain > 0 > loss
    assert loss < -gain / 2
    assert drawn.truth.value == pytest.approx((gain + loss) / rewarded)
    assert drawn.frame["rewarded"].sum() == rewarded
    alone = DESIGNS["neighbours"].draw(2, False)
    assert alone.truth == drawn.truth
    assert "drawn" not in alone.frame.columns


def test_with_more_seats_than_are_wanted_a_reward_displaces_next_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("demand.tasks", 40.0), ("demand.people_median", 20.0), ("participation.aware_platform", 0.05)):
        monkeypatch.setitem(neighbours.SCARCE, name, value)
    gain, loss, elsewhere, _ = by_side(4)
    assert elsewhere == 0
    assert abs(loss) < 0.05 * gain


def test_nobody_untreated_is_moved_where_nobody_brings_anybody_along(monkeypatch: pytest.MonkeyPatch) -> None:
    with_ties = DESIGNS["saturation"].draw(3, True)
    assert with_ties.truth.value > 0.5
    monkeypatch.setitem(saturation.TIES, "participation.ask", 0.0)
    alone = DESIGNS["saturation"].draw(3, True)
    assert abs(alone.truth.value) < 0.01 * with_ties.truth.value
    assert DESIGNS["interference"].draw(3, True).truth.value > 0.1


def test_the_smaller_lot_is_part_of_the_larger_so_the_untreated_are_the_same_people() -> None:
    alone, asked = (DESIGNS["saturation"].draw(6, holds) for holds in (True, False))
    assert alone.frame.index.tolist() == asked.frame.index.tolist()
    assert alone.truth == asked.truth
    chosen = alone.frame["chosen"] == 1
    assert alone.frame.loc[chosen, "hours"].tolist() == asked.frame.loc[chosen, "hours"].tolist()
    assert asked.frame.loc[~chosen, "hours"].mean() > alone.frame.loc[~chosen, "hours"].mean()
    lots = alone.frame["lot"]
    assert (lots == 0).all()
    share = len(alone.frame) / saturation.RESIDENTS
    assert share == pytest.approx(1 - saturation.SHARE, abs=0.04)


def test_one_large_city_has_the_package_and_only_from_its_start_on() -> None:
    drawn, again = (DESIGNS["pilot_city"].draw(5, holds) for holds in (True, False))
    frame = drawn.frame
    pilots = frame.loc[frame["under"] == 1, "city"].unique()
    assert pilots.size == 1
    base = small(pilot_city.RESIDENTS, pilot_city.DISTRICTS, pilot_city.SPANS * pilot_city.SPAN, pilot_city.ROOM,
                 pilot_city.RUN_UP)
    twin = run(base, 5)
    sizes = pd.Series({unit.district.code: unit.people.ids.size for unit in twin.city})
    assert sizes[pilots[0]] >= sizes.median()
    moved = (frame["hours"] - pilot_city.by_span(twin)["hours"])
    assert (moved[frame["under"] == 0] == 0).all()
    assert moved[frame["under"] == 1].mean() == pytest.approx(drawn.truth.value)
    on = frame["under"] == 1
    assert again.frame.loc[on, "hours"].mean() > frame.loc[on, "hours"].mean()
    assert again.frame.loc[~on, "hours"].tolist() == frame.loc[~on, "hours"].tolist()


def test_each_pair_of_blocks_has_one_on_and_the_lot_differs_by_seed() -> None:
    on = switchback.lot(7)
    assert on.shape == (switchback.DISTRICTS, switchback.WEEKS // switchback.BLOCK)
    assert (on.reshape(switchback.DISTRICTS, -1, 2).sum(axis=2) == 1).all()
    assert (on != switchback.lot(8)).any()
    assert on[:, ::2].mean() == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize("holds", [True, False])
def test_weeks_off_are_like_weeks_without_a_campaign_only_where_nothing_carries_over(holds: bool) -> None:
    frame = DESIGNS["switchback"].draw(3, holds).frame
    memory = switchback.FORGOTTEN if holds else {}
    base = small(switchback.RESIDENTS, switchback.DISTRICTS, switchback.WEEKS, {**switchback.ROOM, **memory},
                 switchback.RUN_UP)
    never = run(base, 3).weekly("district")["hours"] / QUARTERS
    moved = (frame["hours"] - never).to_numpy()
    off, on = (float(moved[frame["on"] == side].mean()) for side in (0, 1))
    assert on > 0
    assert (abs(off) < 0.1 * on) == holds
    assert np.isfinite(off)


@pytest.mark.parametrize("name", ["time_bank", "neighbours", "saturation", "interference", "pilot_city", "switchback"])
def test_a_few_draws_show_the_predicted_bias_where_the_assumption_fails(name: str) -> None:
    design = DESIGNS[name]
    entrant = design.entrants[0]
    errors = {}
    for holds in (True, False):
        drawn = [design.draw(seed, holds) for seed in range(21, 24)]
        errors[holds] = np.array([bias(entrant.estimate(one.frame), one.truth) for one in drawn])
    assert (errors[False] * design.sign).mean() > 0
    assert (errors[False] * design.sign).mean() > (errors[True] * design.sign).mean()
