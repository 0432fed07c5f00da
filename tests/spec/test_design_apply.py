"""Factors: what a name means in which arm, what it changes, and what is refused."""

from __future__ import annotations

import pytest

from tests.cli.small import scenarios
from vsim.errors import UsageError
from vsim.spec.design_apply import apply, check_value_of, target
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario

GATE = Policy(lever="training_gate", start_week=4, values={"seats": 20})


def arms() -> dict[str, Scenario]:
    base, pilot = scenarios()
    return {"base": base, "gate": base.with_policies([*base.policies, GATE]), "pilot": pilot}


def seats(scenario: Scenario) -> list[object]:
    return [policy.values.get("seats") for policy in scenario.policies if policy.lever == "training_gate"]


def test_a_card_is_a_parameter_in_every_arm() -> None:
    goal = target("participation.habit_weight", arms())
    for scenario in apply(arms(), {"participation.habit_weight": goal}, {"participation.habit_weight": 0.7}).values():
        assert scenario.values["participation.habit_weight"] == 0.7


def test_a_place_is_every_arm_but_the_base() -> None:
    name = "policies[0].thresholds"
    changed = apply(arms(), {name: target(name, arms())}, {name: [1.0, 2.0, 3.0, 4.0, 5.0]})
    assert changed["base"] == arms()["base"]
    for arm in ("gate", "pilot"):
        assert changed[arm].policies[0].values["thresholds"] == [1.0, 2.0, 3.0, 4.0, 5.0]
        assert changed[arm].policies[1:] == arms()[arm].policies[1:]


def test_an_arm_can_be_named_the_base_among_them() -> None:
    for name, arm in (("gate.policies[2].seats", "gate"), ("base.policies[1].price", "base")):
        changed = apply(arms(), {name: target(name, arms())}, {name: 7.0})
        assert [one for one in changed if changed[one] != arms()[one]] == [arm]


def test_a_lever_means_the_policies_that_the_base_lacks() -> None:
    goal = target("training_gate.seats", arms())
    assert goal.places == (("gate", 2), ("pilot", 3))
    changed = apply(arms(), {"s": goal}, {"s": 3.0})
    assert [seats(scenario) for scenario in changed.values()] == [[], [3.0], [3.0]]
    assert target("stars.thresholds", arms()).places == (("pilot", 2),)       # not the ladder that all arms share


def test_a_lever_that_no_arm_uses_is_a_parameter() -> None:
    assert target("time_bank.cap", arms()).parameter == "time_bank.cap"


def test_weeks_and_shares_of_a_policy_can_vary() -> None:
    changed = apply(arms(), {"w": target("gate.policies[2].start_week", arms())}, {"w": 6.0})
    assert changed["gate"].schedule()[2].start_week == 6
    assert target("training_gate.end_week", arms()).field == "end_week"


def test_an_empty_cell_leaves_what_the_scenario_has() -> None:
    goals = {name: target(name, arms()) for name in ("participation.habit_weight", "gate.policies[2].seats")}
    for nothing in (None, float("nan")):
        assert apply(arms(), goals, dict.fromkeys(goals, nothing)) == arms()


@pytest.mark.parametrize(("name", "said"), [
    ("participation.habit_wieght", "Did you mean 'participation.habit_weight'"),
    ("policies[9].seats", "has 2|has 3|has 4"),
    ("gate.policies[2].seat", "Did you mean 'seats'"),
    ("gaet.policies[2].seats", "Did you mean 'gate'"),
    ("conduct.start_week", "no arm has one"),
    ("stars.thresholds[0]", "is unknown"),
])
def test_a_name_of_nothing_is_refused(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        target(name, arms())


def test_two_policies_of_a_lever_must_be_told_apart() -> None:
    base = scenarios()[0]
    two = base.with_policies([*base.policies, GATE, Policy(lever="training_gate", start_week=8)])
    with pytest.raises(UsageError, match=r"policies\[2\], policies\[3\]"):
        target("training_gate.seats", {"base": base, "two": two})


def test_values_are_held_against_the_card() -> None:
    for name, value in (("training_gate.seats", 51), ("participation.habit_weight", 99), ("stars.thresholds", [3, 2])):
        goal = target(name, arms())
        with pytest.raises(UsageError, match=rf"factor '{name}'.*allowed"):
            check_value_of(goal, value, arms())
