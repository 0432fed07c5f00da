"""Diff: no difference that changes results, exactly when the hashes are equal."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from tests.cli.small import scenarios
from vsim.spec.policy import Policy
from vsim.spec.reforms import load_reforms
from vsim.spec.scenario import Scenario, load_scenario, scenario_names
from vsim.spec.scenario_diff import diff

WOMEN, MEN = (Policy(lever="stars", groups=[who], start_week=5) for who in ("women", "men"))


def variants() -> list[Scenario]:
    """Return scenarios many of which mean the same."""
    base, pilot = scenarios()
    named = Scenario(**{**{name: getattr(base, name) for name in Scenario.model_fields}, "title": "Another"})
    return [
        base, pilot, named, base.for_weeks(21), base.with_values({"participation.habit_weight": 0.9}),
        base.with_values({"demand.tasks": 20.0}), base.with_policies(base.policies[::-1]),
        base.with_policies([Policy(lever="points", start_week=0, values={"price": 2}), base.policies[0]]),
        base.with_policies([*base.policies, WOMEN]), base.with_policies([*base.policies, MEN]),
        base.with_policies([base.policies[0], base.policies[0], base.policies[1]]),
        *(one.on(base) for one in list(load_reforms().values())[:4]),
    ]


def test_nothing_differs_exactly_when_the_hashes_are_equal() -> None:
    same = 0
    for one, other in combinations(variants(), 2):
        found = diff(one, other)
        assert found.same == (one.hash == other.hash), (one.canonical(), other.canonical(), found.found)
        same += found.same
    assert same >= 6


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_does_not_differ_from_itself(name: str) -> None:
    found = diff(load_scenario(name), load_scenario(name))
    assert found.same
    assert found.words == []


def test_what_differs_is_named_with_unit_and_both_values() -> None:
    base, pilot = scenarios()
    other = pilot.for_weeks(30).with_values({"participation.habit_weight": 0.9})
    other = other.with_policies([*other.policies[:3], Policy(lever="training_gate", start_week=6,
                                                             districts=["D01", "D02"], values={"seats": 7})])
    found = {item.what: item for item in diff(pilot, other).found}
    assert (found["weeks"].one, found["weeks"].other) == (20, 30)
    assert found["participation.habit_weight"].unit
    assert found["training_gate.seats"].unit == "seats/week/1000 residents"
    assert (found["training_gate.seats"].one, found["training_gate.seats"].other) == (20.0, 7.0)
    assert (found["training_gate.start_week"].one, found["training_gate.start_week"].other) == (4, 6)
    added = [item for item in diff(base, pilot).found if item.one is None]
    assert [item.what for item in added] == ["stars", "training_gate"]
    assert "weeks 4 to 20, D01, D02" in added[0].other


def test_two_differ_as_much_as_they_do_the_other_way_round() -> None:
    for one, other in combinations(variants(), 2):
        there, back = diff(one, other), diff(other, one)
        assert len(there.found) == len(back.found)


def test_words_change_no_hash() -> None:
    found = diff(variants()[0], variants()[2])
    assert found.same
    assert [item.what for item in found.words] == ["title"]
    json.dumps(found.to_dict())


@pytest.mark.parametrize("name", scenario_names())
def test_a_file_that_only_extends_another_means_the_same(tmp_path: Path, name: str) -> None:
    base = load_scenario(name)
    path = tmp_path / "again.yaml"
    path.write_text(f"extends: {name}\nworld: {{seed: {base.world.seed}}}\n", encoding="utf-8")
    again = load_scenario(path)
    assert diff(base, again).same
    assert again.hash == base.hash
