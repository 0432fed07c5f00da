"""Policies that do nothing are found, by the tables; those that do something, or only write, are not."""

from __future__ import annotations

from tests.cli.small import scenarios
from vsim.run.idle import idle
from vsim.spec.policy import Policy, Rollout
from vsim.spec.scenario import Scenario, load_scenario


def town(*policies: Policy) -> Scenario:
    return scenarios()[0].with_policies(policies)


def test_policies_that_change_tables_are_left_in_peace() -> None:
    assert list(idle(scenarios()[1])) == []
    assert list(idle(load_scenario("riverside_pilot"))) == []


def test_a_policy_whose_values_are_those_without_it_is_found() -> None:
    found = list(idle(town(Policy(lever="training_gate", values={"gated_share": 0, "seats": 0, "uptake": 0}))))
    assert [(item.kind, item.place) for item in found] == [("idle", ("policies", 0))]
    assert "even alone" in found[0].text


def test_a_policy_that_another_one_replaces_is_found_where_it_is() -> None:
    wide = Policy(lever="stars", values={"thresholds": [10, 20]})
    narrow = [Policy(lever="stars", districts=[code], values={"thresholds": [5, 9]}) for code in ("D01", "D02")]
    found = list(idle(town(wide, *narrow)))
    assert [(item.place, item.note) for item in found] == [(("policies", 0, "districts"), False)]
    assert "in D01, D02: other policies" in found[0].text


def test_a_lever_that_only_writes_and_a_rollout_are_not_asked() -> None:
    assert list(idle(town(Policy(lever="certificates")))) == []
    assert list(idle(town(Policy(lever="stars", rollout=Rollout(number=1))))) == []


def test_a_world_too_large_to_look_at_is_noted() -> None:
    found = list(idle(load_scenario("nation")))
    assert [(item.kind, item.note) for item in found] == [("large", True)]
