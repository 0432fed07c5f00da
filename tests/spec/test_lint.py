"""Lint: what a careful reader asks is asked, and a plain scenario is left in peace."""

from __future__ import annotations

import pytest

from tests.cli.small import scenarios
from vsim.spec.lint import Finding, lint
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario


def town(*policies: Policy, **parameters: float) -> Scenario:
    base = scenarios()[0].with_policies([Policy(lever="public_budget", values={"total": 2000}), *policies])
    return base.with_values({key.replace("__", "."): value for key, value in parameters.items()})


def kinds(scenario: Scenario) -> list[str]:
    return [item.kind for item in lint(scenario)]


def one(scenario: Scenario) -> Finding:
    found = lint(scenario)
    assert len(found) == 1, found
    return found[0]


def test_a_plain_scenario_is_left_in_peace() -> None:
    assert lint(town()) == []
    assert lint(town(Policy(lever="training_gate", start_week=4, values={"seats": 3}))) == []


def test_a_policy_that_hardly_holds_is_found() -> None:
    found = one(town(Policy(lever="training_gate", start_week=18)))
    assert (found.kind, found.place, found.note) == ("brief", ("policies", 1), False)
    assert "2 of 20 weeks" in found.text


def test_a_value_at_an_end_of_its_card_is_found_unless_the_end_is_natural() -> None:
    found = one(town(Policy(lever="training_gate", values={"seats": 50})))
    assert (found.kind, found.place) == ("edge", ("policies", 1, "values", "seats"))
    assert lint(town(Policy(lever="training_gate", values={"gated_share": 1, "seats": 49}))) == []
    assert kinds(town(Policy(lever="stars", values={"thresholds": [1, 2, 3]}))) == ["edge"]
    assert one(town(participation__summer=-1)).place == ("parameters", "participation.summer")


def test_a_parameter_of_a_lever_that_nobody_uses_is_found() -> None:
    assert one(town(stars__goal=0.5)).kind == "unused"
    assert lint(town(Policy(lever="stars"), stars__goal=0.5)) == []


def test_what_says_nothing_is_noted() -> None:
    default = one(town(participation__habit_weight=3.0))
    assert (default.kind, default.note) == ("default", True)
    everywhere = one(town(Policy(lever="stars", districts=["D01", "D02", "D03", "D04"])))
    assert (everywhere.kind, everywhere.note) == ("default", True)


def test_policies_that_contradict_or_repeat_each_other_are_found() -> None:
    first, again = (Policy(lever="stars", values={"thresholds": [10, 20]}) for _ in range(2))
    assert "once more" in one(town(first, again)).text
    assert "only one can hold" in one(town(first, Policy(lever="stars", values={"thresholds": [5, 9]}))).text
    later = one(town(first, Policy(lever="stars", start_week=9, districts=["D01"])))
    assert (later.kind, later.note, later.place) == ("meets", True, ("policies", 2))
    men, women = (Policy(lever="stars", groups=[who]) for who in ("men", "women"))
    assert lint(town(men, women)) == []


def test_what_costs_and_has_no_price_is_found() -> None:
    found = one(town(Policy(lever="training_gate", values={"cost_per_seat": 0})))
    assert found.kind == "free"
    assert "cost_per_seat" in found.text


def test_costs_without_money_are_noted() -> None:
    paid = scenarios()[0].with_policies([Policy(lever="stars")])
    assert (one(paid).kind, one(paid).note) == ("unfunded", True)
    assert lint(scenarios()[0].with_policies([])) == []


@pytest.mark.parametrize("number", range(4))
def test_what_is_found_does_not_depend_on_where_it_stands(number: int) -> None:
    policies = [Policy(lever="stars"), Policy(lever="training_gate", start_week=18), Policy(lever="points"),
                Policy(lever="time_bank", values={"hour_cost": 200})]
    turned = policies[number:] + policies[:number]
    assert sorted(kinds(town(*turned))) == ["brief", "edge"]
