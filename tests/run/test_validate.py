"""Validation: moments as an analyst would compute them from the register, and what is said of each target."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.cli.small import scenarios
from vsim.run import validate as validation
from vsim.run.moments import MOMENTS, REGISTER, moments
from vsim.run.record import registers, truth
from vsim.run.run import Run, simulate
from vsim.run.validate import CORE, Check, presets, summary, targets_of, validate
from vsim.run.window import window_of
from vsim.spec.scenario import Scenario
from vsim.spec.targets import Target, load_targets, target, targets_for

WEEKS = 56
pytestmark = pytest.mark.slow


@cache
def place(late: float = 1e-4) -> Scenario:
    """Return a small place whose run is longer than a year and whose records are entered in the same week."""
    busy = {"participation.taste_mean": 1.0, "demand.tasks": 80.0, "service.hours_mean": 6.0, "choice.extra_mean": 2.0}
    changed = scenarios()[0].with_values({"recording.late_mean": late, **busy})
    return changed.model_copy(update={"weeks": WEEKS, "name": "cn_registry", "policies": []})


@cache
def run() -> Run:
    return simulate(place(), 5)


@cache
def records(weeks: int) -> pd.DataFrame:
    """Return the register's records of the last weeks, second copies left out, with their week."""
    seen, told = registers(run()), truth(run())["service_truth"]
    frame = seen["service_records"]
    frame = frame[~frame["record_id"].isin(told.loc[told["duplicate_of"].notna(), "record_id"])]
    week = (pd.to_datetime(frame["date"]) - pd.Timestamp(place().start)).dt.days // 7
    return frame.assign(week=week)[week >= WEEKS - weeks]


def stock(weeks: int) -> float:
    """Return the mean number of people on the register at the end of each of the last weeks."""
    since = pd.to_datetime(registers(run())["volunteers"]["registered_on"])
    mondays = [pd.Timestamp(place().start) + pd.Timedelta(weeks=week) for week in range(WEEKS - weeks, WEEKS)]
    return float(np.mean([(since <= monday).sum() for monday in mondays]))


def slow(name: str, weeks: int) -> float:
    """Return a moment by pandas and plain Python, from the registers alone."""
    frame = records(weeks)
    if name in SLOW:
        return float(SLOW[name](frame, weeks))
    each = frame.groupby("volunteer_id").size().sort_values(ascending=False)
    tasks = frame.groupby("activity_id").size()
    hours = frame.groupby("volunteer_id")["hours"].sum()
    active = {person: set(group) for person, group in frame.groupby("volunteer_id")["week"]}
    walks = [(week in own, week + 1 in own) for own in active.values() for week in range(min(own), WEEKS - 1)]
    tenth = len(each) / 10
    whole = int(tenth)
    found = {
        "person_times_per_registered_year": len(frame) / stock(weeks),
        "recorded_hours_per_registered_year": frame["hours"].sum() / stock(weeks),
        "hours_per_record": frame["hours"].mean(), "active_share_year": len(each) / stock(weeks),
        "share_100_hours_year": (hours >= 100).sum() / stock(weeks),
        "gini_participations": np.abs(each.to_numpy()[:, None] - each.to_numpy()).mean() / 2 / each.mean(),
        "top_decile_share": (each.iloc[:whole].sum() + (tenth - whole) * each.iloc[whole]) / each.sum(),
        "share_single": (each == 1).mean(),
        "stay_active": np.mean([after for before, after in walks if before]),
        "become_active": np.mean([after for before, after in walks if not before]),
        "volunteers_per_task_median": tasks.median(), "volunteers_per_task_mean": tasks.mean(),
        "volunteers_per_task_p90": tasks.quantile(0.9),
    }
    return float(found[name])


def by_organisation(frame: pd.DataFrame) -> float:
    host = registers(run())["activities"].set_index("activity_id")["org_id"]
    counts = frame["activity_id"].map(host).value_counts().to_numpy()
    return float(np.abs(counts[:, None] - counts).mean() / 2 / counts.mean())


def months(frame: pd.DataFrame, weeks: int) -> float:
    counts = frame.groupby("week").size().reindex(range(WEEKS - weeks, WEEKS), fill_value=0).to_numpy()
    whole = [int(counts[end - 4 : end].sum()) for end in range(len(counts), 3, -4)]
    return float(max(whole) / np.median(whole))


def in_march(frame: pd.DataFrame, weeks: int) -> float:
    """Return records of a week of March over those of another week; a week belongs to the month of its Thursday."""
    month = [(pd.Timestamp(place().start) + pd.Timedelta(weeks=w, days=3)).month for w in range(WEEKS - weeks, WEEKS)]
    counts = frame.groupby("week").size().reindex(range(WEEKS - weeks, WEEKS), fill_value=0).to_numpy()
    here = np.array(month) == 3
    return float(counts[here].mean() / counts[~here].mean())


def since(frame: pd.DataFrame, weeks: int, how: Callable[[pd.DataFrame], float]) -> float:
    """Return hours a week on the register times mean weeks on it, by district, brought together by `how`."""
    members = registers(run())["volunteers"]
    start = pd.Timestamp(place().start)
    week = np.ceil((pd.to_datetime(members["registered_on"]) - start).dt.days / 7)
    home = members.set_index("volunteer_id")["district"]
    hours = frame.groupby(frame["volunteer_id"].map(home))["hours"].sum()
    stock = sum((week <= w).groupby(members["district"]).sum() for w in range(WEEKS - weeks, WEEKS)) / weeks
    tenure = (WEEKS - week).groupby(members["district"]).mean()
    return how(pd.DataFrame({"value": hours / stock / weeks * tenure, "stock": stock}))


def ages(frame: pd.DataFrame) -> float:
    born = registers(run())["volunteers"].set_index("volunteer_id")["birth_year"]
    age = place().start.year - born[frame["volunteer_id"].unique()]
    return float(((age >= 18) & (age <= 24)).mean())


def posted(weeks: int) -> int:
    first = pd.Timestamp(place().start) + pd.Timedelta(weeks=WEEKS - weeks)
    return int((pd.to_datetime(registers(run())["activities"]["date"]) >= first).sum())


SLOW: dict[str, Callable[[pd.DataFrame, int], float]] = {
    "registered_share": lambda _f, _w: len(registers(run())["volunteers"])
    / round(place().world.residents * place().values["places.population_per_resident"]),
    "hours_since_registration": lambda f, w: since(f, w, lambda d: np.average(d["value"], weights=d["stock"])),
    "hours_since_registration_highest": lambda f, w: since(f, w, lambda d: d["value"].max()),
    "records_per_posted": lambda f, w: len(f) / posted(w),
    "share_young": lambda f, _w: ages(f),
    "weekday_share": lambda f, _w: (pd.to_datetime(f["date"]).dt.day_of_week < 5).mean(),
    "peak_month": months, "march_ratio": in_march, "gini_organisers": lambda f, _w: by_organisation(f),
}
CREDITS = {"credits_spent_per_member_year", "credits_spent_over_earned"}      # none here: tests/run/test_moments.py


@pytest.mark.parametrize("weeks", [52, 28])
@pytest.mark.parametrize("name", [name for name in REGISTER if name not in CREDITS])
def test_a_moment_is_what_an_analyst_computes_from_the_register(name: str, weeks: int) -> None:
    value = REGISTER[name](window_of(run(), weeks))
    assert value == pytest.approx(slow(name, weeks), rel=1e-12)
    assert np.isfinite(value)


def test_the_place_has_enough_in_it_for_the_moments_to_mean_something() -> None:
    assert len(records(52)) > 400
    assert 0 < slow("share_100_hours_year", 52) < 1
    assert 0 < slow("stay_active", 52) < 1


def test_every_target_that_is_used_has_a_moment_of_its_name() -> None:
    used = [target for target in load_targets().values() if target.use != "none"]
    assert used
    assert {target.indicator for target in used} <= set(MOMENTS)
    assert {target.indicator for target in load_targets().values() if target.indicator} <= MOMENTS


def test_a_record_that_was_never_made_or_made_twice_counts_as_the_register_has_it() -> None:
    window = window_of(run(), WEEKS)
    weekly = run().weekly("all")
    assert window.person.size == weekly["recorded"].sum()
    assert window.hours.sum() == weekly["recorded_hours"].sum()
    assert window.registered == pytest.approx(weekly["registered"].mean())
    assert window.last_week == WEEKS - 1


def test_moments_come_in_the_order_of_their_targets_each_with_its_own_window() -> None:
    targets = targets_for("cn_registry", "fit") + targets_for("cn_mobilised", "fit")
    found = moments(run(), targets)
    expected = [REGISTER[target.indicator](window_of(run(), target.weeks or 52)) for target in targets]
    np.testing.assert_array_equal(found, expected)


def test_a_check_holds_its_target_the_mean_and_its_monte_carlo_error() -> None:
    steps: list[tuple[int, int]] = []
    checks = validate(place(), replicates=3, seed=9, progress=lambda done, total: steps.append((done, total)))
    targets = targets_of("cn_registry")
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert [check.target for check in checks] == targets
    draws = np.array([moments(simulate(place(), 9, replicate=k), targets) for k in range(3)])
    for k, check in enumerate(checks):
        assert check.replicates == 3
        assert check.value == pytest.approx(draws[:, k].mean())
        assert check.se == pytest.approx(draws[:, k].std(ddof=1) / 3**0.5)
        assert check.high - check.value == pytest.approx(4.30265 * check.se, rel=1e-4)
        assert check.value - check.low == pytest.approx(check.high - check.value)
        low, high = check.target.low, check.target.high
        assert low is not None
        assert high is not None
        assert check.holds == (low <= check.value <= high)


def test_the_ends_of_a_range_belong_to_it() -> None:
    target = targets_for("cn_registry", "fit")[0]
    assert target.low is not None
    assert target.high is not None
    for value, holds in ((target.low, True), (target.high, True), (target.low - 1e-9, False),
                         (target.high + 1e-9, False), (float("nan"), False)):
        assert Check(target, value, 0.0, value, value, 1).holds is holds


def test_a_target_without_a_range_holds_for_nothing() -> None:
    target = next(item for item in load_targets().values() if item.low is None)
    assert isinstance(target, Target)
    assert not target.holds(0.0)


def check(name: str, value: float) -> Check:
    return Check(target(name), value, 0.0, value, value, 1)


def test_a_miss_is_told_in_halves_of_the_range() -> None:
    assert check("B4", 1.5).place == 0.0
    assert check("B4", 2.0).place == 1.0
    assert check("B4", 2.0).miss == 0.0
    assert check("B4", 2.5).miss == pytest.approx(1.0)       # the range is 1 to 2, half of it 0.5
    assert check("B4", 0.0).miss == pytest.approx(2.0)
    assert np.isnan(check("F2a", 0.3).miss)
    assert np.isnan(check("B4", float("nan")).miss)


def test_the_summary_counts_what_lies_inside_and_names_core_targets_that_do_not() -> None:
    told = summary([check("B4", 1.5), check("B5", 9.0), check("F2a", 0.3), check("B6", float("nan"))])
    assert (told.inside, told.ranged) == (1, 3)
    assert told.share == pytest.approx(1 / 3)
    assert told.core_missed == tuple(name for name in CORE if name != "B4")
    assert summary([check(name, float(target(name).value or 0)) for name in CORE]).core_missed == ()


def test_the_presets_are_those_of_the_issue() -> None:
    assert set(presets()) == {"cn_registry", "cn_mobilised", "us_cps", "uk_cls", "campus", "timebank_cn", "timebank_es"}
    assert {item.preset for item in targets_of("campus")} == {"campus"}
    assert all(item.low is None and item.use == "none" and item.indicator for item in targets_of("campus"))


def test_a_preset_is_validated_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[str] = []

    def load(name: str) -> Scenario:
        named.append(name)
        return place()

    monkeypatch.setattr(validation, "load_scenario", load)
    assert validate("cn_registry", replicates=1) == validate(place(), replicates=1)
    assert named == ["cn_registry"]
