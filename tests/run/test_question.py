"""A question: which runs it asks for, what its answer is worked out from, and that nothing else moves a number."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.engine_worlds import town
from vsim.errors import DataError, UsageError
from vsim.evaluate.comparisons import before_after, difference_in_differences
from vsim.evaluate.indicators import indicator
from vsim.levers.pledge import Pledge
from vsim.levers.service_learning import ServiceLearning
from vsim.report.study import register_by_district
from vsim.run.compare import compare
from vsim.run.costs import costs
from vsim.run.question import MAIN, Question, ends, run_all, store_of
from vsim.run.question_answer import Answer, answer
from vsim.run.record import registers
from vsim.run.register_counts import register_counts
from vsim.run.run import Run, simulate
from vsim.spec.calendar import date_of
from vsim.spec.cards import load_cards
from vsim.spec.scenario import Scenario

SEED, LUCKS = 5, 3
NUMBERS = {"demand.tasks": 12.0, "service_learning.pull": 1.2, "service_learning.join": 1.0}


def world(*policies: object, districts: int = 5) -> Scenario:
    return town(NUMBERS, residents=600, districts=districts, weeks=60, warmup=3, policies=policies)


BASE = world()
PILOT = world(ServiceLearning(required=1.0, start_week=30, districts=["D01", "D02"]))


def asked(**more: object) -> Question:
    return Question(BASE, PILOT, replicates=LUCKS, tries=2, seed=SEED, **more)           # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("question")
    run_all(asked().sweeps(place, jobs=2))
    return place


@pytest.fixture(scope="module")
def found(folder: Path) -> Answer:
    return answer(asked(), store_of(folder))


@cache
def lived(which: str, luck: int) -> Run:
    return simulate({"base": BASE, "pilot": PILOT}[which], SEED, replicate=luck, engine="kernels", threads=1)


@pytest.mark.slow
def test_effects_are_those_of_twin_worlds(found: Answer) -> None:
    twins = compare(BASE, PILOT, replicates=LUCKS, seed=SEED)
    table = found.tables["effects"].set_index("row")
    for key in ("hours_per_registered", "unplaced_share", "left"):
        for estimand in ("total", "att", "spillover"):
            one = twins.effect(key, estimand)                                            # type: ignore[arg-type]
            row = table.loc[f"{key}.{estimand}"]
            assert (row["value"], row["low"], row["high"], row["n"]) == (one.value, one.low, one.high, LUCKS)
    assert table.loc["hours_per_registered.spillover", "value"] == 0.0


@pytest.mark.slow
def test_costs_and_hours_beyond_the_base_are_those_of_single_runs(found: Answer) -> None:
    table = found.tables["costs"].set_index("row")
    yuan = [float(costs(lived("pilot", r))["yuan"].sum() - costs(lived("base", r))["yuan"].sum()) for r in range(LUCKS)]
    hours = [(lived("pilot", r).weekly("all")["hours"].sum() - lived("base", r).weekly("all")["hours"].sum()) / 4
             for r in range(LUCKS)]
    assert table.loc["yuan", "value"] == pytest.approx(np.mean(yuan))
    assert table.loc["hours", "value"] == pytest.approx(np.mean(hours))
    if np.isfinite(table.loc["price", "value"]):
        assert table.loc["price", "value"] == pytest.approx(np.mean(yuan) / np.mean(hours))


@pytest.mark.slow
def test_what_a_register_says_is_read_from_the_registers_alone(found: Answer) -> None:
    """The same comparisons, made from the tables of one run as an agency has them."""
    seen = registers(lived("pilot", 0))
    frame = register_by_district(seen, date_of(30, PILOT.start), date_of(60, PILOT.start))
    frame["pilot"] = frame["district"].isin(["D01", "D02"])
    unit = indicator(MAIN).unit
    table = found.tables["seen"].set_index("row")
    assert list(table.index) == ["truth", "before_after", "with_without", "did"]
    for name, maker in (("before_after", before_after), ("did", difference_in_differences)):
        by_hand = maker(frame, treated="pilot", before="before", after="after", unit=unit)
        assert table.loc[name, "value"] == pytest.approx(by_hand.value, rel=0.1, abs=0.3)    # other stocks of names
    assert ((table["covers"].dropna() * LUCKS) % 1 < 1e-9).all()


@pytest.mark.slow
def test_hours_on_file_are_those_of_the_records() -> None:
    run = lived("pilot", 1)
    seen, counts = registers(run), register_counts(run)
    records = seen["service_records"]
    home = seen["volunteers"].set_index("volunteer_id")["district"]
    week = (records["date"].astype("datetime64[ns]") - np.datetime64(PILOT.start)).dt.days // 7
    for place, code in enumerate(PILOT.districts):
        for at in (0, 31, 59):
            some = records[(records["volunteer_id"].map(home) == code) & (week == at)]
            assert counts["register_hours"][place, at] == round(4 * float(some["hours"].sum()))
    names = seen["volunteers"].groupby("district").size()
    late = (seen["volunteers"]["registered_on"].astype("datetime64[ns]")
            >= np.datetime64(date_of(59, PILOT.start))).groupby(seen["volunteers"]["district"]).sum()
    last = dict(zip(PILOT.districts, counts["register_names"][:, -1].tolist(), strict=True))
    assert last == {code: int(names[code] - late[code]) for code in PILOT.districts}
    assert (np.diff(counts["register_names"], axis=1) >= 0).all()


@pytest.mark.slow
def test_a_number_that_is_moved_is_moved_in_both_worlds(found: Answer) -> None:
    table = found.tables["drivers"].set_index("row")
    assert {"as it is", "service_learning.pull.low", "participation.taste_mean.high"} <= set(table.index)
    value = table.loc["service_learning.pull.high", "at"]
    assert value == 1.5
    twins = compare(BASE.with_values({"service_learning.pull": value}), PILOT.with_values(
        {"service_learning.pull": value}), replicates=2, seed=SEED)
    by_hand = twins.effect(MAIN, "att", weeks=range(30, 60))
    assert table.loc["service_learning.pull.high", "value"] == pytest.approx(by_hand.value)
    assert table.loc["service_learning.pull.high", "value"] != table.loc["as it is", "value"]


@pytest.mark.slow
def test_every_row_names_runs_that_the_store_holds(found: Answer, folder: Path) -> None:
    held = {path.name for path in (folder / "runs").iterdir()}
    for table in found.tables.values():
        assert set(table["runs"]) <= set(found.sets)
        assert table["row"].is_unique
    assert all(set(keys) <= held for keys in found.sets.values())
    assert len(found.row("effects/left.total")[1]) == 2 * LUCKS


@pytest.mark.slow
def test_the_same_store_gives_the_same_tables_and_a_missing_run_is_named(found: Answer, folder: Path) -> None:
    again = answer(asked(), store_of(folder))
    assert all(again.tables[name].equals(table) for name, table in found.tables.items())
    with pytest.raises(DataError, match=r"does not hold run"):
        answer(Question(BASE, PILOT, replicates=LUCKS, tries=2, seed=SEED + 1), store_of(folder))


@pytest.mark.slow
def test_a_row_that_is_none_is_refused_with_the_nearest(found: Answer) -> None:
    with pytest.raises(UsageError, match=r"Did you mean .effects/left\.total"):
        found.row("effects/left.totals")


@pytest.mark.parametrize(("how", "message"), [
    (lambda: Question(BASE, PILOT, outcome="hour_per_registered"), "allowed"),
    (lambda: Question(BASE, PILOT, replicates=1), "allowed 2 or more"),
    (lambda: Question(BASE, PILOT, tries=-1), "0 or more"),
    (lambda: Question(BASE, BASE), "have the same policies"),
    (lambda: Question(BASE, PILOT.with_values({"demand.tasks": 3.0})), "parameters differ"),
    (lambda: Question(BASE, world(Pledge(), districts=4)).studies(), "another world than base"),
])
def test_a_question_that_is_none_is_refused(how: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        how()                                                                            # type: ignore[operator]


def test_numbers_are_moved_inside_their_cards() -> None:
    cards = load_cards()
    for key, (low, high) in asked().drivers.items():
        assert cards[key].low <= low < BASE.values[key] < high <= cards[key].high
    assert ends(cards["participation.ask"], 0.9) == (0.72, 0.9)
    assert Question(BASE, PILOT, tries=0).drivers == {}
    assert list(Question(BASE, PILOT, tries=0).studies()) == ["effects"]
