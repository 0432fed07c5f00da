"""Named reforms: each has its clauses, and takes the place of what it would otherwise argue with."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec.clauses import load_clauses
from vsim.spec.lever_files import lever_file
from vsim.spec.reforms import load_reforms, read_reform, reform
from vsim.spec.scenario import load_scenario


def test_there_are_fifteen_with_one_sentence_each() -> None:
    assert len(load_reforms()) == 15
    for name, one in load_reforms().items():
        assert one.name == name
        assert one.sentence.endswith(".")
        assert ". " not in one.sentence
        assert not one.title.endswith(".")


@pytest.mark.parametrize("name", load_reforms())
def test_its_clauses_are_those_of_its_levers(name: str) -> None:
    one = reform(name)
    carried = {clause for policy in one.policies for clause in lever_file(policy.lever).clauses}
    assert set(one.clauses) <= set(load_clauses())
    assert set(one.clauses) <= carried
    for policy in one.policies:
        assert set(lever_file(policy.lever).clauses) & set(one.clauses)


def test_a_reform_takes_the_place_of_a_policy_on_the_same_footing() -> None:
    base = load_scenario("riverside")
    at_once = reform("stars_ladder").on(base)
    assert [policy.values["thresholds"][0] for policy in at_once.policies] == [10.0]  # type: ignore[index]
    later = reform("stars_ladder").on(base, start_week=26)
    assert [policy.values["thresholds"][0] for policy in later.policies] == [100.0, 10.0]  # type: ignore[index]
    assert base.policies == load_scenario("riverside").policies


@pytest.mark.parametrize(("text", "said"), [
    ("title: Some\nsentence: It.\nclauses: [VII.3.z]\npolicies: [{lever: stars}]", r"x.yaml:3: clauses\[0\]"),
    ("title: Some\nsentence: It does.\nclauses: [VII.3.b]", "is empty, and so are parameters"),
    ("title: Some\nsentense: It does.\nclauses: [VII.3.b]", r"x.yaml:2: sentense is an unknown key.*'sentence'"),
    ("title: Some\nsentence: It does.\nclauses: [VII.3.b]\npolicies: [{lever: star}]", r"x.yaml:4: .*'stars'"),
])
def test_what_is_wrong_with_a_reform_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_reform(path)


def test_an_unknown_reform_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'time_bank'"):
        reform("time_bnak")
