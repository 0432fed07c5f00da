"""Study files: strict, with file and line; arms from scenarios, reforms and patches; all checked before a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.small import write_town
from tests.run.sweeping import STUDY
from vsim.errors import UsageError
from vsim.evaluate.indicators import indicator
from vsim.spec.design_study import Loaded, Plan, assembled, find_study, load_study, study_names
from vsim.spec.reforms import reform


def load(folder: Path, text: str) -> Loaded:
    write_town(folder)
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path, indicator)


def test_arms_stand_beside_the_base(tmp_path: Path) -> None:
    study = load(tmp_path, STUDY + "reforms: [points_shop]\n")
    base = study.arms["base"]
    assert list(study.arms) == ["base", "points_shop", "gate", "ladder"]
    assert study.arms["points_shop"].hash == reform("points_shop").on(base).hash
    assert [policy.lever for policy in study.arms["gate"].policies] == ["stars", "points", "training_gate"]
    assert study.plan.name == "study"


def test_a_reform_can_be_moved_in_time_and_place(tmp_path: Path) -> None:
    text = STUDY.replace("  ladder:", "  later: {reform: stars_ladder, start_week: 9, districts: [D03]}\n  ladder:")
    later = load(tmp_path, text).arms["later"].schedule()[-1]
    assert (later.lever, later.start_week, later.districts) == ("stars", 9, ("D03",))


@pytest.mark.parametrize(("old", "new", "said"), [
    ("outcomes:", "outcome:", r"study.yaml:8: outcome is an unknown key. Did you mean 'outcomes'"),
    ("trained", "traned", r"study.yaml:8: outcomes\[1\].*Did you mean 'trained'"),
    ("replicates: 3", "replicates: 0", r"study.yaml:10: replicates is 0; allowed a whole number, 1 or more"),
    ("method: lhs", "method: latin", r"study.yaml:13: design.method is latin; allowed grid"),
    ("low: 1,", "lo: 1,", r"study.yaml:16: .*is an unknown key. Did you mean 'low'"),
    ("seats: 20", "seat: 20", r"study.yaml:6: arms.gate.policies\[0\].*Did you mean 'seats'"),
    ("lever: training_gate", "lever: trainin_gate", r"study.yaml:6: .*Did you mean 'training_gate'"),
    ("base: town.yaml", "base: twon.yaml", r"study.yaml:2: base cannot be used: .*no such file"),
    ("seeds: [7]", "seeds: [7, 7]", "each once"),
    ("seeds: [7]", "seeds: [-7]", "0 or more"),
    ("seeds: [7]", "weeks: [5, 99]", r"study.yaml:11: weeks is \[5, 99\]; allowed two weeks that ascend, 0 to 20"),
    ("total, att", "total, late", r"study.yaml:9: estimands"),
    ("ladder: {scenario: town_pilot.yaml}", "ladder: {}", "neither a scenario nor a change"),
    ("{scenario: town_pilot.yaml}", "{scenario: town_pilot.yaml, reform: time_bank}", "or both"),
    ("{scenario: town_pilot.yaml}", "{scenario: riverside}", "ladder has another world than base"),
    ("  ladder:", "  base:", "is no name of an arm"),
    ("seeds: [7]", "reforms: [stars_lader]", r"Did you mean 'stars_ladder'"),
    ("seeds: [7]", "pilots: [town_pilot.yaml, town_pilot.yaml]", "holds 'town_pilot' twice"),
])
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in STUDY
    with pytest.raises(UsageError, match=said) as error:
        load(tmp_path, STUDY.replace(old, new))
    assert "\n" not in str(error.value)
    assert "study.yaml" in str(error.value)


def test_a_study_can_be_written_in_python(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"name": "mine", "question": "Does it work?", "base": "toy", "outcomes": ["hours"]}
    study = assembled(Plan(**fields, reforms=["stars_ladder"]))
    assert list(study.arms) == ["base", "stars_ladder"]
    other = assembled(Plan(**fields), base=study.arms["base"].for_weeks(10), given={})
    assert other.arms["base"].weeks == 10


@pytest.mark.parametrize("name", study_names())
def test_a_study_that_comes_with_vsim_is_found_by_name(name: str) -> None:
    study = load_study(name, indicator)
    assert study.plan.name == name
    assert load_study(find_study(name), indicator).arms == study.arms


def test_an_unknown_study_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'training_seats'"):
        load_study("training_seat")
