"""Rules of feedback: what they say, what is refused, and that the hash of a scenario knows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.errors import UsageError
from vsim.spec.feedback import Feedback
from vsim.spec.scenario import Scenario, load_scenario

RULE = {"policy": "points", "parameter": "price", "follows": "attended", "per": "registered", "target": 15.0,
        "gain": -2.0, "least": 3, "most": 12}
TEXT = """\
extends: cn_registry
weeks: 52
policies:
- lever: points
  values: {price: 8}
- lever: publicity
feedback:
- policy: points
  parameter: price
  follows: attended
  per: registered
  target: 15
  gain: -2
  least: 3
  most: 12
"""


SECOND = "{policy: points, parameter: price, follows: left, target: 1, gain: 1, least: 3, most: 5}"


def written(folder: Path, text: str = TEXT) -> Scenario:
    path = folder / "ruled.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def test_a_file_holds_rules_and_one_that_extends_it_has_them_too(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    assert scenario.feedback == [Feedback(**RULE)]
    assert scenario.feedback[0].every == 13
    (tmp_path / "more.yaml").write_text("extends: ./ruled.yaml\nweeks: 26\n", encoding="utf-8")
    assert load_scenario(tmp_path / "more.yaml").feedback == scenario.feedback
    assert scenario.for_weeks(30).feedback == scenario.feedback


def test_rules_are_part_of_the_hash_and_their_absence_is_not(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    without = written(tmp_path, TEXT.partition("feedback:")[0])
    assert "feedback" not in without.canonical()
    assert len({scenario.hash, without.hash, written(tmp_path, TEXT.replace("gain: -2", "gain: -1")).hash}) == 3


@pytest.mark.parametrize(("old", "new", "words"), [
    ("policy: points", "policy: pints", r"ruled.yaml:8: .*policy is 'pints', the lever of 0 policies.*'points'"),
    ("- lever: publicity", "- {lever: points, start_week: 5}", "lever of 2 policies; allowed that of exactly one"),
    ("parameter: price", "parameter: prize", r"ruled.yaml:9: .*parameter is 'prize'.*Did you mean 'price'"),
    ("parameter: price", "parameter: pull", "parameter is 'pull'; allowed a value of points that is one number"),
    ("target: 15", "target: 0", r"target is 0; allowed a number above 0"),
    ("target: 15", "", "target is missing"),
    ("gain: -2", "gain: 0", "gain is 0; allowed any other number"),
    ("most: 12", "most: 2", r"most is 2; allowed 3 \(least\) or more"),
    ("least: 3", "least: -3", r"ruled.yaml:14: .*least is -3; allowed"),
    ("most: 12", "most: 12\n  every: 0", "every is 0; allowed a whole number of weeks"),
    ("most: 12", "most: 12\n  evry: 4", "unknown key"),
    ("feedback:\n", "feedback: 5\nx:\n", "unknown key|feedback is 5"),
    ("most: 12\n", f"most: 12\n- {SECOND}\n",
     r"feedback\[1\].parameter is 'price' of points, which an earlier rule moves"),
])
def test_what_is_wrong_is_said_where_it_stands(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(UsageError, match=words):
        written(tmp_path, TEXT.replace(old, new, 1))


@pytest.mark.parametrize(("before", "seen", "after"), [
    (8.0, 15.0, 8.0), (8.0, 7.5, 7.0), (8.0, 30.0, 10.0), (3.5, 0.0, 3.0), (11.0, 60.0, 12.0), (8.0, 14.0, 7.866667),
])
def test_a_number_moves_by_gain_and_share_of_the_target_and_stays_inside(
    before: float, seen: float, after: float
) -> None:
    assert Feedback(**RULE).moved(before, seen) == after


def test_a_card_that_asks_for_whole_numbers_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from vsim.spec import feedback
    from vsim.spec.lever_files import lever_file

    points = lever_file("points")
    whole = replace(points, cards={**points.cards, "price": replace(points.cards["price"], integer=True)})
    monkeypatch.setattr(feedback, "lever_file", lambda _: whole)
    assert Feedback(**RULE).moved(8.0, 14.0) == 8.0
