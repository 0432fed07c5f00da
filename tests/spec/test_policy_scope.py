"""Whom a policy covers, and when it is announced: read from a file, checked, scheduled, and part of the hash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from vsim.errors import UsageError
from vsim.spec import lever_files, policy
from vsim.spec import schedule as module
from vsim.spec.groups import GROUPS, bit
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy, ScheduledPolicy
from vsim.spec.rollout import EVERYBODY, pattern
from vsim.spec.scenario import Scenario, load_scenario, scenario_names
from vsim.spec.schedule import in_canonical_order, meet, schedule

START = date(2025, 1, 6)
CODES = ("D01", "D02", "D03", "D04")
SMALL = """world: {residents: 1000, districts: 4, prefectures: 2, registered_share: 0.2}
start: 2025-01-06
weeks: 52
policies:
"""


def scoped(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Let every lever say what a test asks for, whatever its file says."""
    levers = MappingProxyType({name: replace(lever, **changes) for name, lever in load_levers().items()})
    for owner in (lever_files, policy, module):
        monkeypatch.setattr(owner, "lever_file", levers.__getitem__)


@pytest.fixture
def by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levers that may be given to groups."""
    scoped(monkeypatch, scope=("places", "groups"))


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levers that may be given to groups, of which two may not meet."""
    scoped(monkeypatch, scope=("places", "groups"), overlap=False)


def planned(*policies: Policy) -> list[ScheduledPolicy]:
    return schedule(policies, START, 52, CODES, {})


def one(**fields: Any) -> ScheduledPolicy:
    return planned(Policy(lever="stars", **fields))[0]


def loaded(folder: Path, *policies: str) -> Scenario:
    path = folder / "case.yaml"
    path.write_text(SMALL + "".join(f"- {{lever: stars, {text}}}\n" for text in policies), encoding="utf-8")
    return load_scenario(path)


def refused(words: str, act: Callable[..., object], **fields: Any) -> None:
    with pytest.raises(UsageError) as error:
        act(**fields)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 600


def stars(**fields: Any) -> Policy:
    return Policy(lever="stars", **fields)


def test_a_policy_for_everybody_is_the_same_text_as_before_policies_had_groups() -> None:
    old = ScheduledPolicy("stars", 3, 52, ("D01", "D02"), {"thresholds": (10.0, 20.0), "yearly_cost": 12.0})
    assert repr(old.to_dict()) == (
        "{'lever': 'stars', 'start_week': 3, 'end_week': 52, 'districts': ['D01', 'D02'], "
        "'values': {'thresholds': [10.0, 20.0], 'yearly_cost': 12.0}}"
    )
    assert one(start_week=3, districts=["D02", "D01"]) == replace(old, values=one().values)


def test_scenarios_of_the_package_say_nothing_new() -> None:
    said = [item for name in scenario_names() for item in load_scenario(name).canonical()["policies"]]
    assert said
    plain = ("lever", "start_week", "end_week", "districts", "values")
    assert {tuple(item) for item in said} == {plain, (*plain, "rollout")}


@pytest.mark.usefixtures("by_group")
def test_what_a_file_says_about_residents_comes_back_from_the_schedule(tmp_path: Path) -> None:
    text = "start_week: 6, announced_week: 2, groups: [students, age_60, students], share: 0.5, salt: 7"
    scenario = loaded(tmp_path, text)
    (found,) = scenario.schedule()
    assert (found.groups, found.share, found.salt, found.announced_week) == (("age_60", "students"), 0.5, 7, 2)
    said = found.to_dict()
    assert {key: said[key] for key in ("groups", "share", "salt", "announced_week")} == {
        "groups": ["age_60", "students"], "share": 0.5, "salt": 7, "announced_week": 2}
    assert scenario.canonical()["policies"] == [said]
    assert "rollout" not in said
    assert Policy(**scenario.policies[0].model_dump()) == scenario.policies[0]


@pytest.mark.usefixtures("by_group")
@pytest.mark.parametrize(("one_text", "other_text"), [
    ("start_week: 0", "groups: [students]"), ("groups: [students]", "groups: [women]"),
    ("start_week: 0", "share: 0.5"), ("share: 0.5", "share: 0.4"), ("share: 0.5", "share: 0.5, salt: 1"),
    ("start_week: 4", "start_week: 4, announced_week: 3"),
])
def test_what_means_something_else_hashes_differently(tmp_path: Path, one_text: str, other_text: str) -> None:
    assert loaded(tmp_path, one_text).hash != loaded(tmp_path, other_text).hash


@pytest.mark.usefixtures("by_group")
@pytest.mark.parametrize(("one_text", "other_text"), [
    ("groups: [women, students]", "groups: [students, women, women]"), ("start_week: 0", "share: 1"),
    ("start_week: 0", "share: 1.0, salt: 9"), ("share: 0.5", "share: 0.5, salt: 0"),
    ("start_week: 4", "start_week: 4, announced_week: 4"),
    ("start_week: 4, announced_week: 2", "start_week: 4, announced: 2025-01-20"),
    ("start_week: 4, announced_week: 2", "start: 2025-02-03, announced: 2025-01-18"),
])
def test_what_means_the_same_hashes_the_same(tmp_path: Path, one_text: str, other_text: str) -> None:
    assert loaded(tmp_path, one_text).hash == loaded(tmp_path, other_text).hash


@pytest.mark.usefixtures("by_group")
def test_a_share_of_one_is_everybody() -> None:
    assert one(share=1, salt=9) == one()


@pytest.mark.usefixtures("by_group")
def test_what_does_not_fit_is_refused_by_name() -> None:
    refused("groups[1] is 'studnts'; allowed women, men,", stars, groups=["women", "studnts"])
    refused("Did you mean 'students'?", stars, groups=["studnts"])
    refused("groups is []; allowed a list of groups", stars, groups=[])
    refused("groups is students; allowed a list of groups", stars, groups="students")
    refused("groups[0] is 3; allowed a list of groups", stars, groups=[3])
    for wrong in (0, -0.1, 1.1, float("nan"), True, "half"):
        refused("; allowed a share of the eligible residents", stars, share=wrong)
    for wrong in (-1, 2**32, 0.5):
        refused("; allowed a whole number, 0 to 4294967295", stars, share=0.5, salt=wrong)
    refused("salt stands without share", stars, salt=1)
    refused("all_of is an unknown key. Allowed lever", stars, groups=["women"], all_of=True)
    refused("grups is an unknown key. Did you mean 'groups'?", stars, grups=["women"])
    refused("announced stands beside announced_week", stars, announced_week=1, announced=START)
    refused("announced_week is -1; allowed a whole number of weeks", stars, announced_week=-1)
    refused("announced is soon; allowed a date", stars, announced="soon")


def test_groups_and_shares_are_refused_where_the_lever_holds_for_whole_districts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scoped(monkeypatch, scope=("places",))
    refused("groups is ['students']; allowed none, since stars holds for whole districts", stars, groups=["students"])
    refused("share is 0.5; allowed none, since stars holds for whole districts", stars, share=0.5)
    assert one(districts=["D01"], announced_week=0, rollout={"order": "need"}).districts == ("D01",)


def test_an_announcement_is_at_the_start_or_before() -> None:
    assert one(start_week=5).announced_week == 5
    assert one(start_week=5, announced_week=0).announced_week == 0
    assert one(start_week=5, announced="2025-01-07").announced_week == 1
    assert one(start_week=5, announced="2025-02-10").announced_week == 5
    place = "scenario: policies[0].announced"
    refused(f"{place}_week is 6; allowed 0 to 5, not after the policy's start", one, start_week=5, announced_week=6)
    refused(f"{place}_week is 1; allowed 0 to 0", one, announced_week=1)
    refused(f"{place} is 2025-02-11; allowed 2025-01-06 to 2025-02-10", one, start_week=5, announced="2025-02-11")
    refused(f"{place} is 2025-01-05; allowed 2025-01-06 to", one, start_week=5, announced="2025-01-05")


@pytest.mark.usefixtures("by_group")
def test_a_fault_in_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(SMALL + "- lever: stars\n  groups:\n  - women\n  - studnts\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"case\.yaml:8: policies\[0\]\.groups\[1\] is 'studnts'"):
        load_scenario(path)
    with pytest.raises(UsageError, match=r"case\.yaml:5: policies\[0\]\.announced_week is 3; allowed 0 to 2"):
        loaded(tmp_path, "start_week: 2, announced_week: 3")


@pytest.mark.usefixtures("by_group")
def test_a_pattern_is_bits_threshold_and_salt() -> None:
    assert pattern(one()) == (0, 1 << 32, 0)
    assert pattern(one(share=1)) == (0, EVERYBODY, 0)
    assert pattern(one(groups=["students", "age_60"])) == (bit("students") | bit("age_60"), 1 << 32, 0)
    assert pattern(one(share=0.25, salt=3)) == (0, 1 << 30, 3)
    assert pattern(one(share=1e-12))[1] == 1
    assert pattern(one(share=1 - 1e-12, salt=3)) == (0, 1 << 32, 0)
    assert pattern(one(groups=list(GROUPS)))[0].bit_count() == len(GROUPS)


APART = [(["women"], ["men"]), (["age_60"], ["age_18_34"]), (["age_14_17", "age_60"], ["age_18_34", "age_35_59"])]
MEETING = [
    (None, None), (["women"], None), (["women"], ["women"]), (["women"], ["men", "women"]), (["women"], ["age_60"]),
    (["students"], ["workers"]), (["age_60"], ["age_60", "age_18_34"]), (["women", "students"], ["men"]),
]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("first", "second"), APART)
def test_policies_of_one_lever_may_share_a_place_for_groups_that_exclude_each_other(
    first: list[str], second: list[str]
) -> None:
    low, high = (stars(groups=first, values={"thresholds": [10]}), stars(groups=second, values={"thresholds": [5]}))
    assert len(planned(low, high)) == 2
    assert not meet(*planned(low, high))
    assert in_canonical_order(planned(low, high)) == in_canonical_order(planned(high, low))


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("first", "second"), MEETING)
def test_they_may_not_where_a_resident_can_be_in_both(first: list[str] | None, second: list[str] | None) -> None:
    words = "policies[1] sets stars in D02 from week 10, where policies[0] already sets it"
    for one_list, other in ((first, second), (second, first)):
        refused(words, lambda a=one_list, b=other: planned(
            stars(groups=a, districts=["D01", "D02"], end_week=20), stars(groups=b, districts=["D02"], start_week=10)))
    assert len(planned(stars(groups=first, end_week=10), stars(groups=second, start_week=10))) == 2


@pytest.mark.usefixtures("alone")
def test_shares_do_not_keep_two_policies_apart() -> None:
    refused("already sets it", lambda: planned(stars(share=0.5), stars(share=0.5, salt=1)))
