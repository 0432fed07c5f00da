"""Costs and effects of a study: draws are twin worlds and their prices, and what follows is the field's arithmetic."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vsim
from tests.run.choosing import STUDY, by_hand, every, price, study
from vsim.errors import UsageError
from vsim.evaluate.cost_effectiveness import Plane
from vsim.run.worth import Appraisal, _learning, worth

PLAIN = STUDY.replace("budget: {yuan: 9000}", "replicates: 3")
GRID = PLAIN + """design:
  method: grid
  levels: 2
  factors:
    training_gate.seats: {low: 5, high: 20}
"""
OTHERS = ("  shifts", "  low", "  late")
ONE_ARM = "".join(line for line in PLAIN.splitlines(keepends=True) if not line.startswith(OTHERS))
UNSURE = ONE_ARM.replace("replicates: 3", "replicates: 2") + """design:
  method: lhs
  points: 30
  factors:
    participation.habit_weight: {low: 0.5, high: 4.0}
"""
TARGET = "hours_per_registered"


@pytest.mark.slow
def test_draws_are_twin_worlds_and_their_costs_for_a_year_of_the_window(tmp_path: Path) -> None:
    loaded = study(tmp_path, PLAIN)
    found = worth(loaded)
    assert found.plane.policies == ("base", "gate", "shifts", "low", "late")
    assert found.draws.groupby("policy")["draw"].apply(list).map(sorted).tolist() == [[0, 1, 2]] * 5
    assert not found.plane.cost[0].any()
    assert not found.plane.effect[0].any()
    for name in ("gate", "low"):
        place = found.plane.place(name)
        twins = vsim.compare(loaded.arms["base"], loaded.arms[name], replicates=3, seed=1)
        pair = twins.draws(TARGET, weeks=range(4, 20))
        np.testing.assert_allclose(found.plane.effect[place], pair[1] - pair[0], rtol=1e-9)
        spent = [[price(vsim.simulate(one, 1, replicate=r)) for r in range(3)] for one in (twins.base, twins.pilot)]
        np.testing.assert_allclose(found.plane.cost[place], np.diff(spent, axis=0)[0] * 52 / 16, rtol=1e-9)
    assert found.wide                              # reminders begin in week 2, a ladder in week 0


def test_frontier_curves_and_worth_of_knowing_go_together(tmp_path: Path) -> None:
    found = worth(study(tmp_path, PLAIN))
    front = found.table[found.table["state"] == "on the frontier"]
    assert (np.diff(front["cost"]) > 0).all()
    assert (np.diff(front["effect"]) > 0).all()
    assert (np.diff(front["icer"].dropna()) > 0).all()
    assert found.curves["value"].iloc[0] == 0
    shares = found.curves[list(found.plane.policies)]
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    for row in found.curves.iloc[[0, 7, 40]].to_dict("records"):       # each number from its definition
        benefit = {name: row["value"] * found.plane.effect[k] - found.plane.cost[k]
                   for k, name in enumerate(found.plane.policies)}
        best = max(benefit, key=lambda name: benefit[name].mean())
        assert row["best"] == best
        top = np.max(list(benefit.values()), axis=0)
        assert row["evpi"] == pytest.approx((top - benefit[best]).mean())
        assert row["chance"] == pytest.approx(row[best])
    assert (found.learning, found.chance, found.needed) == ((), (), 0)
    assert json.loads(json.dumps(found.to_dict()).replace("NaN", "null"))["terms"]["perspective"] == "payer"


def test_a_setting_makes_a_policy_of_each_value_and_an_arm_without_it_stays_one(tmp_path: Path) -> None:
    found = worth(study(tmp_path, GRID))
    assert found.plane.policies == ("base", "gate seats=5", "shifts", "low", "late", "gate seats=20")
    assert found.plane.draws == 3
    single = worth(study(tmp_path / "one", PLAIN))
    np.testing.assert_array_equal(found.plane.cost[found.plane.place("gate seats=20")],
                                  single.plane.cost[single.plane.place("gate")])


def test_every_combination_of_arms_can_be_a_policy(tmp_path: Path) -> None:
    loaded = study(tmp_path, PLAIN)
    found = worth(loaded, mixes=True)
    assert set(found.plane.policies) == {" + ".join(some) or "base" for some in every()}
    pilot = loaded.arms["base"].with_policies(by_hand(("gate", "low"), loaded))
    pair = vsim.compare(loaded.arms["base"], pilot, replicates=3, seed=1).draws(TARGET, weeks=range(4, 20))
    np.testing.assert_allclose(found.plane.effect[found.plane.place("gate + low")], pair[1] - pair[0], rtol=1e-9)


@pytest.mark.slow
def test_a_parameter_that_varies_makes_draws_and_can_be_learned(tmp_path: Path) -> None:
    found = worth(study(tmp_path, UNSURE))
    assert found.plane.draws == 60
    assert list(found.points.columns) == ["participation.habit_weight"]
    assert found.points["participation.habit_weight"].nunique() == 30
    (one,) = found.learning
    assert one.of == ("participation.habit_weight",)
    assert 0 <= one.partial <= one.perfect
    assert 0 <= found.chance[0] < one.perfect
    assert one.perfect == pytest.approx(found.curves["evpi"].max())
    first = found.points["participation.habit_weight"].iloc[0]          # the draw is of this world, and of no other
    loaded = study(tmp_path / "again", PLAIN)
    lucks = found.draws[(found.draws["draw"] == 0) & (found.draws["policy"] == "gate")]["effect"].to_numpy()
    pair = vsim.compare(*(loaded.arms[name].with_values({"participation.habit_weight": first})
                          for name in ("base", "gate")), replicates=2, seed=1).draws(TARGET, weeks=range(4, 20))
    assert lucks[0] == pytest.approx((pair[1] - pair[0])[0], rel=1e-9)


def test_a_parameter_that_moves_nothing_is_worth_no_more_than_a_shuffled_one() -> None:
    """Effects hang on x alone; what the regression finds in y is what it finds in shuffled columns."""
    luck = np.random.default_rng(3)
    x, y = luck.uniform(-1, 1, (2, 200))
    on = Plane(("base", "a"), np.zeros((2, 200)), np.stack([np.zeros(200), x + 0.3 * luck.normal(size=200)]))
    (of_x, of_y), (chance_x, chance_y), needed = _learning(on, pd.DataFrame({"x": x, "y": y}), ["x", "y"], 1.0)
    assert needed == 60
    assert of_x.partial > 5 * chance_x
    assert of_x.partial == pytest.approx(np.maximum(x, 0).mean() - max(0.0, x.mean()), rel=0.15)
    assert of_y.partial < 3 * chance_y


def test_a_price_that_is_not_known_makes_draws_of_one_policy(tmp_path: Path) -> None:
    """Whether a seat costs 10 or 40 yuan changes no run, and is no choice: costs differ by draw, effects do not."""
    text = GRID.replace("training_gate.seats: {low: 5, high: 20}", "training_gate.cost_per_seat: {low: 10, high: 40}")
    found = worth(study(tmp_path, text), unsure=["training_gate.cost_per_seat"])
    assert found.plane.policies == ("base", "gate", "shifts", "low", "late")
    assert found.plane.draws == 6
    gate, price = found.plane.place("gate"), found.points["training_gate.cost_per_seat"].to_numpy()
    cheap, dear = (np.sort(found.plane.effect[gate][price == one]) for one in (10, 40))
    np.testing.assert_array_equal(cheap, dear)
    assert found.plane.cost[gate][price == 40].mean() > found.plane.cost[gate][price == 10].mean()
    shifts = found.plane.cost[found.plane.place("shifts")]
    np.testing.assert_array_equal(np.sort(shifts[price == 10]), np.sort(shifts[price == 40]))
    with pytest.raises(UsageError, match="Did you mean"):
        worth(study(tmp_path, text), unsure=["training_gate.cost_per_seats"])


def test_an_hour_of_a_volunteer_is_a_cost_to_society(tmp_path: Path) -> None:
    payer: Appraisal = worth(study(tmp_path, PLAIN), target_of="hours")
    society = worth(study(tmp_path / "other", PLAIN), target_of="hours", hour=20.0)
    np.testing.assert_allclose(society.plane.cost - payer.plane.cost, 20 * payer.plane.effect, rtol=1e-9, atol=1e-6)
    assert society.plane.terms.perspective == "society"


def test_less_turns_the_effect_and_a_range_is_kept(tmp_path: Path) -> None:
    more = worth(study(tmp_path, PLAIN), target_of="no_show_share")
    less = worth(study(tmp_path / "other", PLAIN), target_of="no_show_share", less=True, willing=(10.0, 50.0))
    np.testing.assert_array_equal(less.plane.effect, -more.plane.effect)
    assert (less.curves["value"].min(), less.curves["value"].max()) == (10, 50)


@pytest.mark.parametrize(("text", "said"), [
    (PLAIN + "crn: false\n", "crn: true"),
    (UNSURE + "    training_gate.seats: {low: 5, high: 20}\n", "such as grid"),
    (UNSURE.replace("participation.habit_weight: {low: 0.5, high: 4.0}", "base.policies[1].price: {low: 1, high: 5}"),
     "sets a policy of the base"),
])
def test_a_study_whose_draws_do_not_pair_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        worth(study(tmp_path, text.replace("points: 30", "points: 2")))


def test_a_range_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is worth 5 to 5"):
        worth(study(tmp_path, PLAIN), willing=(5.0, 5.0))
