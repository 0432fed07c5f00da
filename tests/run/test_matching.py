"""A matching as a result: estimates, tables, conflicts, files, on a model whose answer is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.small import scenarios
from vsim.errors import UsageError
from vsim.run.match_space import space_of
from vsim.run.matching import Matching, Plan, match
from vsim.run.matching_files import check_folder, report, write
from vsim.spec.targets_own import Aim

SPACE = space_of(["service.hours_mean=2:4", "participation.taste_sd=0.5:1.5"])


class Line:
    """In place of the simulator: an output is the mean of the hours, another is 7 whatever is set."""

    runs = 0

    def __call__(self, points: Sequence[Mapping[str, float]], lucks: Sequence[Sequence[int]], told: Any) -> np.ndarray:
        hours = np.array([point["service.hours_mean"] for point in points])
        noise = 0.05 * np.sin(np.array(lucks, dtype=float) * 7)
        told(len(points), len(points))
        return np.stack([hours[:, None] + noise, 7 + 0.1 * noise], axis=2)


def aims(hours: float = 3.0, other: float = 7.0) -> tuple[Aim, ...]:
    return Aim("hours_per_record", hours, 0.05, "h", "test"), Aim("peak_month", other, 0.05, "ratio", "test")


def matched(hours: float = 3.0, other: float = 7.0, **changes: Any) -> Matching:
    plan = Plan(scenarios()[0], aims(hours, other), SPACE, **{"runs": 80, "discrepancy": 0.0, "draws": 20, **changes})
    return match(plan, model=Line())  # type: ignore[arg-type]


def test_an_estimate_says_what_it_is_and_a_parameter_that_nothing_hangs_on_is_not_identified() -> None:
    found = matched()
    told = found.estimate("service.hours_mean")
    assert told.low < 3.0 < told.high
    assert told.value == pytest.approx(3.0, abs=0.03)
    assert told.se == pytest.approx(0.05, rel=0.3)
    assert (told.level, told.unit, told.estimand) == (0.9, "hours", "parameter")
    rows = {row["parameter"]: row for row in found.parameters().to_dict("records")}
    assert rows["service.hours_mean"]["verdict"] == "identified"
    assert rows["participation.taste_sd"]["verdict"] == "not identified"
    assert rows["participation.taste_sd"]["of_range"] == pytest.approx(1.0, abs=0.1)
    with pytest.raises(UsageError, match=r"choice\.fit' has no estimate; allowed service\.hours_mean"):
        found.estimate("choice.fit")


def test_the_ensemble_has_weights_and_meets_the_targets() -> None:
    found = matched()
    draws, targets = found.draws(), found.targets()
    assert draws["weight"].sum() == pytest.approx(1.0)
    given, asked = (draws[name].to_numpy() for name in ("output:hours_per_record", "service.hours_mean"))
    assert given == pytest.approx(asked, abs=0.03)
    assert targets["met"].tolist() == [True, True]
    assert found.waves()["runs"].tolist()[0] == 80
    assert found.waves()["space_left"].is_monotonic_decreasing


def test_a_target_out_of_reach_is_named_with_its_distance_and_nothing_is_estimated() -> None:
    found = matched(other=9.0)
    assert found.found is None
    assert list(found.conflicts()) == ["peak_month"]
    assert found.conflicts()["peak_month"] > 20
    assert len(found.draws()) == 0
    assert "value" not in found.parameters()
    with pytest.raises(UsageError, match="no setting is left"):
        found.estimate("service.hours_mean")
    assert json.loads(json.dumps(report(found), allow_nan=False))["ended"] == "nothing"


def test_files_are_the_same_each_time_and_another_matching_is_not_written_over(tmp_path: Path) -> None:
    found = matched()
    write(found, tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write(matched(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    check_folder(tmp_path, found.plan, force=False)
    other = matched(seed=2).plan
    with pytest.raises(UsageError, match="holds another matching"):
        check_folder(tmp_path, other, force=False)
    check_folder(tmp_path, other, force=True)
    (tmp_path / "match.json").write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match="holds another matching"):
        check_folder(tmp_path, found.plan, force=False)


@pytest.mark.parametrize(("changes", "said"), [
    ({"replicates": 1}, "replicates is 1; allowed 2 or more"),
    ({"runs": 20}, "are 5 settings a wave; allowed 8 or more"),
    ({"draws": 1}, "draws is 1"),
])
def test_a_plan_that_cannot_be_carried_out_is_refused(changes: dict[str, int], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        matched(**changes)
