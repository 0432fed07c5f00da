"""The runs of a study: designs from tables, jobs once each, and everything refused before a run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.run.sweeping import STUDY, study
from vsim.errors import UsageError
from vsim.run.sweep_plan import content_of, read_points, runs_of
from vsim.spec.design_points import points_of

HEAD = STUDY.partition("design:")[0]
FRAMED = HEAD + "design: {method: from_frame, file: points.csv}\n"


def test_a_table_is_a_design_an_empty_cell_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(
        'participation.habit_weight,policies[0].thresholds\n0.5,\n,"[1, 2, 3]"\n', encoding="utf-8")
    loaded = study(tmp_path, FRAMED)
    runs = runs_of(loaded)
    one, other = ([cell.scenario for cell in runs.cells if cell.point == point] for point in (0, 1))
    assert [scenario.values["participation.habit_weight"] for scenario in one] == [0.5] * 3
    assert other[0] == loaded.arms["base"]
    assert other[1].policies[0].values["thresholds"] == [1.0, 2.0, 3.0]
    frame = pd.read_csv(tmp_path / "points.csv")
    frame["policies[0].thresholds"] = [None, [1, 2, 3]]
    given = runs_of(study(tmp_path, HEAD), frame)
    assert [job.key for job in given.jobs()] == [job.key for job in runs.jobs()]


def test_a_design_that_was_written_gives_the_same_runs_as_a_table(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    assert loaded.plan.design is not None
    points_of(loaded.plan.design).to_csv(tmp_path / "points.csv", index=False)
    again = study(tmp_path, FRAMED)
    assert [job.key for job in runs_of(again).jobs()] == [job.key for job in runs_of(loaded).jobs()]


def test_without_a_design_there_is_one_point(tmp_path: Path) -> None:
    runs = runs_of(study(tmp_path, HEAD))
    assert len(read_points(runs.study)) == 1
    assert [cell.arm for cell in runs.cells] == ["base", "gate", "ladder"]
    assert len(runs.jobs()) == 3 * 3 + 2


@pytest.mark.parametrize(("text", "said"), [
    ("participation.habit\n1\n", "is unknown"),
    ("participation.habit_weight\n99\n", "allowed"),
    ("participation.habit_weight\n", "no rows"),
    ("training_gate.seats\n0.5\n51\n1\n", r"factor 'training_gate.seats'.*51.*allowed|allowed"),
])
def test_a_table_that_is_no_design_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    loaded = study(tmp_path, FRAMED.replace("  ladder: {scenario: town_pilot.yaml}\n", ""))
    with pytest.raises(UsageError, match=said):
        runs_of(loaded)
    (tmp_path / "points.csv").unlink()
    with pytest.raises(UsageError, match=r"points.csv cannot be read"):
        runs_of(loaded)


def test_shares_divide_a_budget_among_policies(tmp_path: Path) -> None:
    arm = "  mix: {policies: [{lever: media}, {lever: publicity, districts: [D01]}]}\n"
    design = ("design:\n  method: lhs\n  points: 5\n  factors:\n"
              "    budget: {shares: {media.adverts: 100, publicity.posts: 150}, total: 900}\n")
    runs = runs_of(study(tmp_path, HEAD.replace("  ladder:", f"{arm}  ladder:") + design))
    mixes = [cell.scenario for cell in runs.cells if cell.arm == "mix"]
    spent = [(100 * one.policies[-2].values["adverts"], 150 * one.policies[-1].values["posts"])  # type: ignore[operator]
             for one in mixes]
    assert [sum(pair) for pair in spent] == pytest.approx([900] * 5)
    assert len(set(spent)) == 5
    assert len({cell.scenario.hash for cell in runs.cells if cell.arm != "mix"}) == 3


def test_what_a_study_is_a_function_of_is_plain_and_moves_with_it(tmp_path: Path) -> None:
    first = content_of(runs_of(study(tmp_path)))
    assert first == content_of(runs_of(study(tmp_path)))
    for old, new in (("points: 4", "points: 5"), ("seeds: [7]", "seeds: [8]"), ("trained, ", ""),
                     ("uptake: 0.2", "uptake: 0.1"), ("replicates: 3", "replicates: 4")):
        assert content_of(runs_of(study(tmp_path, STUDY.replace(old, new)))) != first
    renamed = STUDY.replace("How many", "How few")
    assert content_of(runs_of(study(tmp_path, renamed))) == first
