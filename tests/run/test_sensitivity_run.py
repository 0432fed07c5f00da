"""Sensitivity of the simulator: what does nothing has no index, an effect has its own, ranges and refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.small import scenarios
from vsim.errors import UsageError
from vsim.run.match_space import space_of
from vsim.run.sensitivity import LUCK
from vsim.run.sensitivity_run import STEMS, Asked, analyse, intervals, names_of, report
from vsim.run.store import Store

INERT = "platforms.typo"


@pytest.mark.slow
def test_a_parameter_that_nothing_reads_in_a_run_has_no_index(tmp_path: Path) -> None:
    """How names are misspelt matters after the weeks, when registers are linked: no run can hang on it."""
    space = space_of([INERT, "participation.taste_mean=-1.5:0.5"])
    asked = Asked(scenarios()[0], None, "person_times_per_registered", space, points=16, trajectories=4, most=2)
    found = analyse(asked, store=Store(tmp_path / "runs"))
    assert [move.name for move in found.moves][:2] == ["participation.taste_mean", INERT]
    assert found.moves[1].size == found.moves[1].high == 0.0
    assert found.indices.names == ("participation.taste_mean", LUCK)       # the screening left the other out
    assert found.indices.last[0].total > 0.7
    kept = analyse(Asked(scenarios()[0], None, "person_times_per_registered", space, points=16, trajectories=0))
    told = {one.name: one for one in kept.indices.last}
    assert told[INERT].first == told[INERT].total == told[INERT].total_high == 0.0
    assert 0 < told[LUCK].total < told["participation.taste_mean"].total
    again = analyse(asked, store=Store(tmp_path / "runs"))
    assert (again.runs, report(again)["indices"]) == (0, report(found)["indices"])


@pytest.mark.slow
def test_the_effect_of_a_policy_hangs_on_other_numbers_than_the_level() -> None:
    base, pilot = scenarios()
    space = space_of(["training.passed=0.2:1.0", "registration.base=-9:-8.9"])
    found = analyse(Asked(base, pilot, "trained", space, points=16, trajectories=0))
    total = {one.name: one for one in found.indices.last}
    assert total["training.passed"].total > 0.5
    assert found.indices.mean > 0
    assert report(found)["effect"]


def test_ranges_stand_about_the_scenario_s_values_and_stems_for_their_cards(tmp_path: Path) -> None:
    base = scenarios()[0]
    space = names_of([], base)
    assert {key.partition(".")[0] for key in space.keys} == set(STEMS)
    ends = zip(space.keys, space.low, space.high, strict=True)
    assert all(low <= base.values[key] <= high for key, low, high in ends)
    (tmp_path / "parameters.csv").write_text("parameter,low,high\nservice.hours_mean,2.5,2.75\n", encoding="utf-8")
    given = names_of(["service.hours_mean", "choice.fit=0.1:0.2"], base, within=intervals(tmp_path))
    assert (given.low.tolist(), given.high.tolist()) == ([2.5, 0.1], [2.75, 0.2])
    with pytest.raises(UsageError, match="holds no intervals"):
        intervals(tmp_path / "nowhere")


@pytest.mark.parametrize(("given", "said"), [
    ({"output": "hours_per_regstered"}, "Did you mean 'hours_per_registered'"),
    ({"replicates": 0}, "replicates is 0"),
    ({"pilot": scenarios()[0]}, "the pilot is the scenario itself"),
    ({"pilot": scenarios()[1].for_weeks(30)}, "weeks differs"),
])
def test_what_cannot_be_asked_is_refused(given: dict[str, object], said: str) -> None:
    words = {"output": "hours_per_registered", "pilot": None, **given}
    with pytest.raises(UsageError, match=said):
        Asked(scenarios()[0], space=space_of(["service.hours_mean"]), **words)  # type: ignore[arg-type]


def test_ranges_and_names_that_are_not_allowed_are_refused() -> None:
    with pytest.raises(UsageError, match="span is 0"):
        names_of([], scenarios()[0], 0)
    with pytest.raises(UsageError, match="Did you mean 'retention\\."):
        names_of(["retention.exit_bsae"], scenarios()[0])
