"""A policy names a lever, its values, its place and its time; whatever does not fit is refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.spec.clauses import load_clauses
from vsim.spec.lever_files import check_settings, lever_file, load_levers, read_lever
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
    refused("groups is ['youth']; allowed nothing yet", lever="stars", groups=["youth"])


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


def test_checked_settings_are_copies() -> None:
    ladder = [10.0, 20.0]
    checked = check_settings("stars", {"thresholds": ladder})
    ladder.append(5.0)
    assert checked == {"thresholds": [10.0, 20.0]}
