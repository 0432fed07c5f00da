"""A scenario is a file that a person reads: merged, checked, dated, and known by what it means."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from vsim.errors import UsageError
from vsim.spec.cards import load_cards, values
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario, WorldSpec, load_scenario, scenario_names

SMALL = """world: {residents: 1000, districts: 4, prefectures: 2, registered_share: 0.2}
start: 2025-01-06
weeks: 52
"""
KEY, CARD = next((key, card) for key, card in load_cards().items() if card.path.startswith("vsim/process/"))


def written(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def small(folder: Path, more: str = "", name: str = "case.yaml") -> Scenario:
    return load_scenario(written(folder, SMALL + more, name))


def test_every_scenario_of_the_package_loads_and_is_named_as_its_file() -> None:
    assert {"cn_registry", "cn_mobilised", "riverside"} <= set(scenario_names())
    for name in scenario_names():
        scenario = load_scenario(name)
        assert scenario.name == name
        assert "synthetic" in scenario.title.lower()
        assert scenario.question
        assert scenario.start.weekday() == 0
    assert len({load_scenario(name).hash for name in scenario_names()}) == len(scenario_names())


def test_riverside_is_the_city_of_the_blueprint() -> None:
    city = load_scenario("riverside")
    assert (city.world.residents, city.world.districts, city.world.prefectures) == (50_000, 40, 4)
    assert city.weeks == 104
    assert city.world.region == "yunchuan"


def test_a_file_needs_only_a_world_a_start_and_a_length(tmp_path: Path) -> None:
    scenario = small(tmp_path)
    assert scenario.name == "case"
    assert scenario.title == ""
    assert scenario.world.seed == 1
    assert scenario.warmup_weeks == 0
    assert scenario.parameters == {}
    assert scenario.policies == []
    assert scenario.districts == ("D01", "D02", "D03", "D04")


def test_the_name_of_a_file_becomes_a_name_that_can_be_written_anywhere(tmp_path: Path) -> None:
    assert small(tmp_path, name="my pilot (2).yaml").name == "my-pilot-2-"
    assert small(tmp_path, name="云川试点.yaml").name == "云川试点"


def test_a_scenario_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL)
    assert load_scenario(path) == load_scenario(str(path))
    assert load_scenario("riverside").name == "riverside"
    with pytest.raises(UsageError, match=r"scenario is 'rivrside'.*Did you mean 'riverside'\?"):
        load_scenario("rivrside")


def test_district_codes_are_as_wide_as_their_number_asks() -> None:
    def codes(districts: int) -> tuple[str, ...]:
        return WorldSpec(residents=200_000, districts=districts, prefectures=1, registered_share=0.1).codes

    assert codes(1) == ("D01",)
    assert codes(99)[-1] == "D99"
    assert codes(100)[0] == "D001"
    assert codes(3000)[0] == "D0001"
    assert len(set(codes(3000))) == 3000


def test_parameters_and_world_are_merged_over_the_parent(tmp_path: Path) -> None:
    written(tmp_path, SMALL + f"parameters: {{{KEY}: {CARD.low}}}\nwarmup_weeks: 10\ntitle: Parent\n", "parent.yaml")
    child = load_scenario(written(tmp_path, "extends: parent.yaml\nworld: {residents: 2000}\nweeks: 20\n"))
    assert child.world == WorldSpec(residents=2000, districts=4, prefectures=2, registered_share=0.2)
    assert (child.weeks, child.warmup_weeks, child.start) == (20, 10, date(2025, 1, 6))
    assert child.parameters == {KEY: CARD.low}
    assert child.title == ""
    over = load_scenario(written(tmp_path, f"extends: parent.yaml\nparameters: {{{KEY}: {CARD.high}}}\n"))
    assert over.parameters == {KEY: CARD.high}


def test_policies_are_inherited_unless_the_child_lists_its_own(tmp_path: Path) -> None:
    written(tmp_path, SMALL + "policies:\n- lever: stars\n", "parent.yaml")
    assert [p.lever for p in load_scenario(written(tmp_path, "extends: parent.yaml")).policies] == ["stars"]
    child = load_scenario(written(tmp_path, "extends: parent.yaml\npolicies:\n- lever: points\n"))
    assert [p.lever for p in child.policies] == ["points"]
    assert load_scenario(written(tmp_path, "extends: parent.yaml\npolicies: []\n")).policies == []


def test_a_parent_may_be_a_scenario_of_the_package_and_have_parents_itself(tmp_path: Path) -> None:
    written(tmp_path, "extends: riverside\nweeks: 10\n", "a.yaml")
    child = load_scenario(written(tmp_path, "extends: ./a.yaml\nweeks: 12\n", "b.yaml"))
    assert child.world == load_scenario("riverside").world
    assert child.weeks == 12


def test_scenarios_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "extends: b.yaml\n", "a.yaml")
    written(tmp_path, "extends: c.yaml\n", "b.yaml")
    path = written(tmp_path, "extends: a.yaml\n", "c.yaml")
    with pytest.raises(UsageError, match=r"comes back to .*allowed no circle"):
        load_scenario(path)


def test_a_fault_in_a_parent_names_the_parent(tmp_path: Path) -> None:
    written(tmp_path, SMALL + "parameters: {x: 1}\n", "parent.yaml")
    with pytest.raises(UsageError, match=r"parent\.yaml:4"):
        load_scenario(written(tmp_path, "extends: parent.yaml\n"))


def same(folder: Path, one: str, other: str) -> bool:
    return small(folder, one, "one.yaml").hash == small(folder, other, "other.yaml").hash


@pytest.mark.parametrize(("one", "other"), [
    ("", "title: A title\nquestion: What?\nname: another\n"),
    ("", "warmup_weeks: 0\nparameters: {}\npolicies: []\n"),
    ("", f"parameters: {{{KEY}: {CARD.default}}}\n"),
    ("policies:\n- lever: stars\n", "policies:\n- {lever: stars, start_week: 0, end_week: 52}\n"),
    ("policies:\n- {lever: stars, start: 2025-03-03}\n", "policies:\n- {lever: stars, start_week: 8}\n"),
    ("policies:\n- {lever: stars, start: '2025-03-03'}\n", "policies:\n- {lever: stars, start_week: 8}\n"),
    ("policies:\n- {lever: stars, start: 2025-02-26}\n", "policies:\n- {lever: stars, start_week: 8}\n"),
    ("policies:\n- {lever: stars, end: 2025-03-03}\n", "policies:\n- {lever: stars, end_week: 8}\n"),
    ("policies:\n- lever: stars\n", "policies:\n- {lever: stars, districts: [D01, D02, D03, D04]}\n"),
    ("policies:\n- {lever: stars, districts: [D02, D01]}\n", "policies:\n- {lever: stars, districts: [D01, D02]}\n"),
    ("policies:\n- lever: stars\n", "policies:\n- {lever: stars, values: {thresholds: [100, 300, 600, 1000, 1500]}}\n"),
    ("policies:\n- {lever: points, values: {per_hour: 2}}\n",
     "policies:\n- {lever: points, values: {per_hour: 2.0}}\n"),
    ("policies:\n- lever: stars\n- lever: points\n", "policies:\n- lever: points\n- lever: stars\n"),
    ("policies:\n- {lever: points, values: {per_hour: 2}}\n",
     "parameters: {points.per_hour: 2}\npolicies:\n- lever: points\n"),
])
def test_two_files_that_mean_the_same_hash_the_same(tmp_path: Path, one: str, other: str) -> None:
    assert same(tmp_path, one, other)


@pytest.mark.parametrize(("one", "other"), [
    ("", "warmup_weeks: 1\n"),
    ("", f"parameters: {{{KEY}: {CARD.high}}}\n"),
    ("", "policies:\n- lever: stars\n"),
    ("policies:\n- lever: stars\n", "policies:\n- lever: points\n"),
    ("policies:\n- lever: stars\n", "policies:\n- {lever: stars, start_week: 1}\n"),
    ("policies:\n- lever: stars\n", "policies:\n- {lever: stars, end_week: 51}\n"),
    ("policies:\n- lever: stars\n", "policies:\n- {lever: stars, districts: [D01]}\n"),
    ("policies:\n- lever: stars\n", "policies:\n- {lever: stars, values: {thresholds: [10, 20]}}\n"),
    ("policies:\n- {lever: points, values: {per_hour: 1}}\n- {lever: points, values: {per_hour: 2}}\n",
     "policies:\n- {lever: points, values: {per_hour: 2}}\n- {lever: points, values: {per_hour: 1}}\n"),
])
def test_two_files_that_mean_different_things_hash_differently(tmp_path: Path, one: str, other: str) -> None:
    assert not same(tmp_path, one, other)


@pytest.mark.parametrize("field", ["residents: 1001", "districts: 5", "prefectures: 3", "seed: 2", "region: other",
                                   "registered_share: 0.3"])
def test_each_field_of_the_world_changes_the_hash(tmp_path: Path, field: str) -> None:
    written(tmp_path, SMALL, "parent.yaml")
    changed = load_scenario(written(tmp_path, f"extends: parent.yaml\nworld: {{{field}}}\n"))
    assert changed.hash != load_scenario(tmp_path / "parent.yaml").hash


def test_a_hash_is_stable_text(tmp_path: Path) -> None:
    text = small(tmp_path).hash
    assert len(text) == 64
    assert int(text, 16) >= 0
    assert small(tmp_path).hash == text


def test_levers_are_added_and_the_first_scenario_stays_as_it_was() -> None:
    class Ladder:
        def policy(self) -> Policy:
            return Policy(lever="stars", districts=["D01"], values={"thresholds": [10, 20]})

    base = load_scenario("riverside")
    pilot = base.with_levers(Ladder(), Policy(lever="points"))
    assert [policy.lever for policy in pilot.policies[-2:]] == ["stars", "points"]
    assert len(base.policies) == len(pilot.policies) - 2
    assert pilot.hash != base.hash
    assert pilot.name == base.name


def test_values_are_changed_by_key_and_checked() -> None:
    base = load_scenario("riverside")
    changed = base.with_values({KEY: CARD.high})
    assert changed.values[KEY] == CARD.high
    assert base.values[KEY] != CARD.high or base.parameters.get(KEY) == CARD.high
    with pytest.raises(UsageError, match=f"parameters.{KEY} is 1e\\+99"):
        base.with_values({KEY: 1e99})
    with pytest.raises(UsageError, match="Did you mean"):
        base.with_values({f"{KEY}s": 1.0})


def test_every_number_of_the_model_has_its_value_in_a_scenario(tmp_path: Path) -> None:
    assert small(tmp_path).values == values()


def test_a_scenario_cannot_be_changed_in_place(tmp_path: Path) -> None:
    scenario = small(tmp_path)
    with pytest.raises(ValidationError):
        scenario.weeks = 3
    with pytest.raises(ValidationError):
        scenario.world.residents = 3


def test_a_list_of_the_caller_is_not_shared(tmp_path: Path) -> None:
    parameters: dict[str, float] = {KEY: CARD.low}
    policies: list[Any] = []
    base = small(tmp_path)
    scenario = Scenario(name="x", world=base.world, start=base.start, weeks=4, parameters=parameters, policies=policies)
    parameters[KEY] = CARD.high
    policies.append(Policy(lever="stars"))
    assert scenario.parameters == {KEY: CARD.low}
    assert scenario.policies == []


def test_canonical_form_is_plain_and_complete(tmp_path: Path) -> None:
    plain = small(tmp_path, "policies:\n- {lever: stars, start_week: 3}\n").canonical()
    assert plain["world"]["seed"] == 1
    assert plain["start"] == "2025-01-06"
    assert set(plain["parameters"]) <= set(values())
    (policy,) = plain["policies"]
    assert policy["start_week"] == 3
    assert policy["end_week"] == 52
    assert policy["districts"] == ["D01", "D02", "D03", "D04"]
    assert "thresholds" in policy["values"]
    assert "name" not in plain
