"""A policy names a lever, its values, its place and its time; whatever does not fit is refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.spec.clauses import load_clauses
from vsim.spec.lever_files import Effect, LeverFile, check_settings, lever_file, load_levers, read_lever
from vsim.spec.loading import parse_yaml
from vsim.spec.policy import Policy


def refused(words: str, **fields: Any) -> None:
    with pytest.raises(UsageError) as error:
        Policy(**fields)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 600


def test_values_become_floats() -> None:
    policy = Policy(lever="stars", values={"thresholds": (10, 20), "yearly_cost": np.int64(3)})
    assert policy.values == {"thresholds": [10.0, 20.0], "yearly_cost": 3.0}
    assert type(policy.values["yearly_cost"]) is float


def test_dates_may_be_written_as_text_or_time_stamps() -> None:
    assert Policy(lever="stars", start="2025-03-03").start == date(2025, 3, 3)
    assert Policy(lever="stars", start=datetime(2025, 3, 3, 12, tzinfo=UTC)).start == date(2025, 3, 3)


def test_districts_may_be_a_tuple() -> None:
    assert Policy(lever="stars", districts=("D01",)).districts == ["D01"]


def test_what_does_not_fit_is_refused_by_name() -> None:
    refused("Did you mean 'stars'?", lever="star")
    refused("lever is 'magic'; allowed", lever="magic")
    refused("lever is missing", values={})
    refused("lever is 3", lever=3)
    refused("values: stars has no value 'treshold'; allowed", lever="stars", values={"treshold": [1]})
    refused("Did you mean 'thresholds'?", lever="stars", values={"treshold": [1]})
    refused("values.thresholds is [300, 100]; allowed ascending", lever="stars", values={"thresholds": [300, 100]})
    refused("values.thresholds is [nan]", lever="stars", values={"thresholds": [float("nan")]})
    refused("values.thresholds is 100", lever="stars", values={"thresholds": 100})
    refused("values.per_hour is -2.0; allowed 0 to 15 points/h", lever="points", values={"per_hour": -2.0})
    refused("values.per_hour is many", lever="points", values={"per_hour": "many"})
    refused("values is 3; allowed", lever="points", values=3)
    refused("distrits is an unknown key. Did you mean 'districts'?", lever="stars", distrits=["D01"])
    refused("districts is D01; allowed a list", lever="stars", districts="D01")
    refused("districts is []", lever="stars", districts=[])
    refused("districts[0] is 1; allowed a list of district codes", lever="stars", districts=[1])
    refused("start_week is -1", lever="stars", start_week=-1)
    refused("start_week is 1.5", lever="stars", start_week=1.5)
    refused("start_week is true", lever="stars", start_week=True)
    refused("start is soon; allowed a date", lever="stars", start="soon")
    refused("start stands beside start_week", lever="stars", start="2025-03-03", start_week=3)
    refused("end stands beside end_week", lever="stars", end="2025-03-03", end_week=3)
    refused("end_week is 3; allowed above start_week 3", lever="stars", start_week=3, end_week=3)
    refused("end is 2025-03-03; allowed after start", lever="stars", start="2025-03-03", end="2025-03-03")
    refused("groups[0] is 'youth'; allowed women, men", lever="stars", groups=["youth"])
    refused("all_of is an unknown key", lever="stars", groups=["women"], all_of=True)


def test_how_people_respond_is_not_for_a_policy_to_set() -> None:
    assert "goal" not in lever_file("stars").cards
    refused("stars has no value 'goal'", lever="stars", values={"goal": 1.0})


def test_every_lever_file_has_a_label_and_known_clauses() -> None:
    assert {"stars", "points", "training_gate"} <= set(load_levers())
    for lever in load_levers().values():
        assert lever.label
        assert lever.reach
        assert lever.clauses
        assert set(lever.clauses) <= set(load_clauses())


@pytest.mark.parametrize(("text", "words"), [
    ("a: 1", "_lever is missing"),
    ("_lever: 5", "_lever is missing"),
    ("_lever: {label: X}", "label or clauses is missing"),
    ("_lever: {label: X, clauses: VII.3.b}", "clauses is a list"),
    ("_lever: {label: X, clauses: [VII.3.b], chanels: []}", "Did you mean 'channels'?"),
])
def test_a_lever_file_without_its_declaration_is_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read_lever(parse_yaml(text, Path("magic.yaml")))
    assert words in str(error.value)
    assert str(error.value).startswith("magic.yaml")


EFFECT = "{clause: VII.3.b, says: More stars, measure: weekly.stars, sign: '+'}"
CARD = "low: {label: L, unit: h, default: 1, range: [0, 2], evidence: assumption, why: a test}"


def read(more: str, clauses: str = "[VII.3.b]") -> LeverFile:
    return read_lever(parse_yaml(f"_lever:\n  label: X\n  clauses: {clauses}\n{more}{CARD}\n", Path("magic.yaml")))


def test_an_effect_is_read_with_its_numbers_as_floats() -> None:
    text = EFFECT.replace("}", ", policy: {low: 2}, parameters: {stars.goal: 0}}")
    (effect,) = read(f"  effects: [{text}]\n").effects
    assert effect == Effect("VII.3.b", "More stars", "weekly.stars", "+", {"low": 2.0}, {"stars.goal": 0.0})
    (bare,) = read(f"  effects: [{EFFECT}]\n").effects
    assert (bare.policy, bare.parameters) == ({}, {})
    with pytest.raises(AttributeError):
        bare.sign = "-"                                                     # type: ignore[misc]


def test_scope_and_marks_have_defaults() -> None:
    plain = read(f"  effects: [{EFFECT}]\n")
    assert (plain.scope, plain.off_by_default, plain.event) == (("places",), False, False)
    full = read(f"  effects: [{EFFECT}]\n  scope: [places, groups]\n  off_by_default: true\n  event: true\n")
    assert (full.scope, full.off_by_default, full.event) == (("places", "groups"), True, True)


def with_effect(field: str, value: str) -> str:
    """Return a list of one effect with a field changed or added."""
    fields = {"clause": "VII.3.b", "says": "More stars", "measure": "weekly.stars", "sign": "'+'", field: value}
    return "  effects: [{" + ", ".join(f"{name}: {text}" for name, text in fields.items() if text) + "}]\n"


@pytest.mark.parametrize(("more", "words"), [
    ("", "magic.yaml:1: effects has none for clause VII.3.b. Add one"),
    ("  effects: []\n", "magic.yaml:4: effects has none for clause VII.3.b"),
    ("  effects: many\n", "magic.yaml:4: effects is many; allowed a list"),
    ("  effects: [more]\n", "effects[0] is more; allowed a mapping with clause"),
    (with_effect("claus", "VII.3.b"), "effects[0]: unknown key 'claus'. Did you mean 'clause'?"),
    (with_effect("says", ""), "effects[0].says is empty; allowed text"),
    (with_effect("says", "''"), "effects[0].says is ; allowed text"),
    (with_effect("measure", "3"), "effects[0].measure is 3; allowed text"),
    (with_effect("clause", "VII.3.c"), "effects[0].clause is 'VII.3.c'; allowed VII.3.b. Did you mean 'VII.3.b'?"),
    (with_effect("sign", "up"), "effects[0].sign is 'up'; allowed +, -."),
    (with_effect("policy", "[1]"), "effects[0].policy is [1]; allowed names with numbers"),
    (with_effect("policy", "{lo: 1}"), "effects[0].policy: magic has no value 'lo'; allowed low. Did you mean 'low'?"),
    (with_effect("policy", "{low: 3}"), "effects[0].policy.low is 3; allowed 0 to 2 h"),
    (with_effect("parameters", "high"), "effects[0].parameters is high; allowed names with numbers"),
    (with_effect("parameters", "{a.b: high}"), "effects[0].parameters: a.b is high; allowed a number"),
    (with_effect("parameters", "{a.b: true}"), "effects[0].parameters: a.b is true; allowed a number"),
    (with_effect("parameters", "{a.b: .inf}"), "effects[0].parameters: a.b is inf; allowed a number"),
    ("  scope: [groups]\n", "magic.yaml:4: scope is ['groups']; allowed [places] or [places, groups]"),
    ("  scope: places\n", "scope is places; allowed [places] or"),
    ("  event: 1\n", "event is 1; allowed true or false"),
    ("  off_by_default: never\n", "off_by_default is never; allowed true or false"),
    ("  overlap: 1\n", "overlap is 1; allowed true or false"),
])
def test_a_lever_file_that_is_not_clear_is_refused(more: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read(more)
    assert words in str(error.value)
    assert str(error.value).startswith("magic.yaml")
    assert "\n" not in str(error.value)


def test_every_clause_needs_its_own_effect() -> None:
    with pytest.raises(UsageError, match=r"^magic.yaml:4: effects has none for clause VII\.3\.c"):
        read(f"  effects: [{EFFECT}]\n", "[VII.3.b, VII.3.c]")
    both = read(f"  effects: [{EFFECT}, {EFFECT.replace('3.b', '3.c')}]\n", "[VII.3.b, VII.3.c]").effects
    assert [effect.clause for effect in both] == ["VII.3.b", "VII.3.c"]


def test_every_lever_says_what_it_moves_for_each_of_its_clauses() -> None:
    for lever in load_levers().values():
        assert {effect.clause for effect in lever.effects} == set(lever.clauses), lever.name
        assert all(effect.says and "." in effect.measure for effect in lever.effects), lever.name


def test_checked_settings_are_copies() -> None:
    ladder = [10.0, 20.0]
    checked = check_settings("stars", {"thresholds": ladder})
    ladder.append(5.0)
    assert checked == {"thresholds": [10.0, 20.0]}
