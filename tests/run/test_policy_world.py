"""A study as a search sees it: mixes are the scenarios that a hand would write, and looks are single runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vsim
from tests.run.choosing import GATE, LUCKS, SEATS, STUDY, by_hand, every, price, study
from vsim.errors import DataError, UsageError
from vsim.run.policy_space import Mix
from vsim.run.policy_world import Spread, World, mix_words
from vsim.spec.scenario import load_scenario


def mix_of(*names: str, **settings: float) -> Mix:
    return (*((name, True) for name in names), *((key.replace("__", "."), value) for key, value in settings.items()))


def test_every_mix_is_the_scenario_that_a_hand_would_write(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    world = World(loaded, "hours_per_registered")
    found = {mix: world.scenario(mix).hash for mix in world.space.every()}
    assert set(found) == {mix_of(*some) for some in every()}
    for some in every():
        assert found[mix_of(*some)] == loaded.arms["base"].with_policies(by_hand(some, loaded)).hash, some
    assert len(set(found.values())) == len(every())


def test_a_setting_changes_the_policy_and_nothing_else(tmp_path: Path) -> None:
    world = World(study(tmp_path, STUDY + SEATS), "hours_per_registered")
    (tmp_path / "hand.yaml").write_text(
        "extends: town.yaml\npolicies:\n- {lever: stars, values: {thresholds: [2, 5, 10, 20, 40]}}\n"
        f"- {{lever: points, values: {{price: 2}}}}\n- {GATE.replace('seats: 20', 'seats: 7')}\n", encoding="utf-8")
    assert world.scenario(mix_of("gate", training_gate__seats=7)).hash == load_scenario(tmp_path / "hand.yaml").hash
    assert world.space.mix({"gate": False, "shifts": True, "low": False, "late": False, "training_gate.seats": 3}) == (
        ("shifts", True),)
    assert world.space.settings[-1].needs == ("gate",)


def test_baselines_in_some_districts_are_roll_outs(tmp_path: Path) -> None:
    loaded = study(tmp_path, STUDY.replace("  low:", "  extra:"))
    world = World(loaded, "hours_per_registered")
    assert set(world.families()) == {"districts at random", "districts by need"}
    family = world.families()["districts by need"]
    assert family(0.5) == Spread("need", 0.5)
    made = world.scenario(Spread("need", 0.5))
    own = [policy for policy in made.policies if policy not in loaded.arms["base"].policies]
    assert [(policy.rollout.order, policy.rollout.number) for policy in own if policy.rollout] == [("need", 2)] * 3
    assert world.scenario(Spread("random", 0.0)) is world.base
    assert mix_words(Spread("need", 0.5)) == {"districts (need)": 0.5}


def test_a_look_is_the_difference_of_twin_worlds_and_of_their_costs(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    world = World(loaded, "hours_per_registered")
    mix = mix_of("gate", "low")
    seen = world.look(mix, LUCKS)
    twins = vsim.compare(loaded.arms["base"], world.scenario(mix), replicates=2, seed=1)
    pair = twins.draws("hours_per_registered", weeks=range(4, 20))
    np.testing.assert_allclose(seen.value, pair[1] - pair[0], rtol=1e-12)
    np.testing.assert_allclose(seen.true, pair, rtol=1e-12)
    np.testing.assert_allclose(seen.recorded, twins.draws("recorded_hours_per_registered", weeks=range(4, 20)))
    spent = [[price(vsim.simulate(one, 1, replicate=r)) for r in (0, 1)] for one in (twins.base, twins.pilot)]
    np.testing.assert_allclose(seen.cost, np.diff(spent, axis=0)[0], rtol=1e-12)
    fewer = World(loaded, "hours_per_registered", costed=1).look(mix, LUCKS)
    assert fewer.cost.tolist() == seen.cost[:1].tolist()
    assert World(loaded, "hours_per_registered", less=True).look(mix, LUCKS).value.tolist() == (-seen.value).tolist()


def test_nothing_is_the_base_and_gains_nothing(tmp_path: Path) -> None:
    seen = World(study(tmp_path), "hours_per_registered").look((), LUCKS)
    assert not seen.value.any()
    assert not seen.cost.any()


@pytest.mark.parametrize(("old", "new", "said"), [
    ("training_gate.seats", "shifts.reminders", "no setting of a policy|unknown|no 'reminders'|has no"),
    ("training_gate.seats", "participation.habit_weight", "lever.setting with levers"),
    ("high: 20", "high: 4000", "allowed"),
])
def test_a_factor_that_is_no_setting_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (STUDY + SEATS).replace(old, new)
    with pytest.raises(UsageError, match=said):
        assert World(study(tmp_path, text), "hours_per_registered").space


@pytest.mark.parametrize(("text", "said"), [
    (STUDY.replace("policies: [{lever: shifts", "parameters: {demand.tasks: 9}, policies: [{lever: shifts"),
     "changes parameters of the world"),
    ("question: None?\nbase: town.yaml\noutcomes: [hours]\n", "has no arms"),
    ("question: None?\nbase: town.yaml\npilots: [town.yaml]\noutcomes: [hours]\n", "adds no policy|twice"),
])
def test_a_study_that_describes_no_choice_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        World(study(tmp_path, text), "hours")


def test_what_is_no_mix_has_no_words() -> None:
    assert mix_words((("gate", True), ("x", (1, 2)))) == {"gate": True, "x": [1, 2]}
    with pytest.raises(DataError, match="is no mix"):
        mix_words("gate")
