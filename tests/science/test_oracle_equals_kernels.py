"""The compiled week equals the plain one in value: on each preset, for any threads, any chunking, any size of book."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests import moved_worlds
from tests.engine_worlds import (
    PRESETS,
    SEED,
    alone,
    book,
    city_named,
    differences,
    levers,
    run_of,
    scenario_of,
    settled_of,
    town,
    world_of,
)
from tests.science.refresh import GOLDEN, OTHERS, now
from vsim.rng import stream_key
from vsim.run.district import Engine, Progress, advance, begin
from vsim.run.run import MODEL_VERSION, Run, simulate
from vsim.spec.cards import load_cards
from vsim.spec.scenario import Scenario
from vsim.world.bodies import Event
from vsim.world.city import city_of
from vsim.world.ledgers import BREACH, INCIDENT, SHOWED, STAND_IN, UNUSED, Book, empty_ledgers
from vsim.world.metrics import A, M

KEY = stream_key(SEED)
WORLDS = [*PRESETS, *(pytest.param(name, marks=pytest.mark.slow) for name in ("lively", "crowded", "everything"))]


def together(name: str, ends: list[Progress]) -> Run:
    """Return districts that were run by hand as one run."""
    return Run(scenario_of(name), SEED, 0, settled_of(name), city_named(name), ends)


@pytest.mark.parametrize("name", WORLDS)
def test_the_oracle_and_the_kernels_write_the_same_state_counts_and_books(name: str) -> None:
    compiled, plain = run_of(name), run_of(name, "oracle")
    assert differences(compiled, plain) == []
    assert compiled.checksum == plain.checksum


@pytest.mark.slow
@pytest.mark.parametrize("draw", moved_worlds.DRAWS)
def test_they_agree_where_every_table_of_policy_is_moved(draw: int) -> None:
    """No table holds what it holds without policy, districts and classes of persons differ, layouts change."""
    assert moved_worlds.unmoved(draw) == []
    assert len(moved_worlds.settled_of(draw).patterns) == 2
    assert {len(set(moved_worlds.settled_of(draw).reach(unit).tolist())) for unit in moved_worlds.city()} == {4}
    assert all(sites.station.shape[0] > 1 for sites in moved_worlds.settled_of(draw).sites)
    compiled, plain = moved_worlds.run_of(draw), moved_worlds.run_of(draw, "oracle")
    assert differences(compiled, plain) == []
    assert compiled.checksum == plain.checksum


def test_the_moved_worlds_enter_every_branch() -> None:
    """Every count of residents and of tasks, and every kind of event, is above zero over the three draws."""
    runs = [moved_worlds.run_of(draw) for draw in moved_worlds.DRAWS]
    people = sum(run.people.sum(axis=(0, 1, 2)) for run in runs)
    tasks = sum(run.tasks.sum(axis=(0, 1)) for run in runs)
    assert [metric.name for metric in M if people[metric] == 0] == []
    assert [metric.name for metric in A if tasks[metric] == 0] == []
    kinds = {int(kind) for run in runs for end in run.ends for kind in book(end, Book.EVENTS)[:, 2]}
    assert kinds == set(Event)
    credits = {int(kind) for run in runs for end in run.ends for kind in book(end, Book.CREDITS)[:, 2]}
    assert credits == set(range(6))
    flags = np.bitwise_or.reduce([int(f) for run in runs for end in run.ends for f in book(end, Book.PLACEMENTS)[:, 6]])
    wanted = SHOWED | STAND_IN | UNUSED | INCIDENT | BREACH | 0x3F | 0x300
    assert flags & wanted == wanted


def test_the_shared_worlds_fill_every_book_and_every_count_that_needs_no_further_policy() -> None:
    own = set(Book) - {Book.CREDITS, Book.EVENTS}       # these need a policy, or many organisations and years
    for name in ("lively", "riverside_pilot"):
        assert all(sum(int(end.ledgers.counts[which]) for end in run_of(name).ends) > 0 for which in own), name
    lively = [run_of(name) for name in ("lively", "crowded")]
    people = sum(run.people.sum(axis=(0, 1, 2)) for run in lively)
    tasks = sum(run.tasks.sum(axis=(0, 1)) for run in lively)
    by_policy = {M.STOOD_IN, M.UNUSED, M.ONLINE, M.HONOURED, M.SWORN, M.TEAMED, M.DUTY_DONE, M.INCIDENTS,
                 *(metric for metric in M if metric.name.startswith("CREDIT_"))}
    orgs = {A.ONLINE_TASKS, A.HELPED_ON, A.INSPECTED, A.VIOLATIONS, A.SUSPENDED, A.ADOPTED, A.ORG_INCOME,
            A.ORGS_STARTED, A.ORGS_CLOSED, A.ORGS_REGISTERED}      # two organisations a district: none is registered
    assert [metric.name for metric in M if people[metric] == 0 and metric not in by_policy] == []
    assert [metric.name for metric in A if tasks[metric] == 0 and metric not in orgs] == []


def test_the_crowded_world_has_longer_lists_than_a_menu_and_a_person_without_a_partner() -> None:
    assert run_of("crowded").tasks[:, :, A.POSTED].mean() > 16
    assert any(unit.people.ids.size % 2 for unit in city_named("crowded"))


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_the_number_of_threads_changes_nothing(threads: int) -> None:
    assert len(city_named("many")) > 7
    assert run_of("many", threads=threads).checksum == run_of("many").checksum


@pytest.mark.parametrize("engine", ["kernels", "oracle"])
def test_weeks_run_one_by_one_in_odd_pieces_or_at_once_are_the_same(engine: Engine) -> None:
    unit, settled = city_named("lively")[0], settled_of("lively")
    last = settled.weeks if engine == "kernels" else 4
    whole = advance(unit, settled, KEY, begin(unit, settled), last, engine)
    weekly, odd = begin(unit, settled), begin(unit, settled)
    for week in range(-settled.warmup, last + 1):
        weekly = advance(unit, settled, KEY, weekly, week, engine)
    for week in (-5, -5, -1, 2, 3, 17, last):
        odd = advance(unit, settled, KEY, odd, min(week, last), engine)
    one = Run(scenario_of("lively"), SEED, 0, settled, [unit], [whole])
    for other in (weekly, odd):
        assert other.week == last
        assert differences(one, Run(scenario_of("lively"), SEED, 0, settled, [unit], [other])) == []


def test_the_engines_may_change_hands_in_any_week() -> None:
    unit, settled = city_named("lively")[1], settled_of("lively")
    mixed = begin(unit, settled)
    for week, engine in ((-2, "kernels"), (3, "oracle"), (9, "kernels"), (12, "oracle"), (settled.weeks, "kernels")):
        mixed = advance(unit, settled, KEY, mixed, week, engine)            # type: ignore[arg-type]
    one = Run(scenario_of("lively"), SEED, 0, settled, [unit], [run_of("lively").ends[1]])
    assert differences(one, Run(scenario_of("lively"), SEED, 0, settled, [unit], [mixed])) == []


def test_a_district_alone_or_in_reversed_order_is_the_district_in_its_city() -> None:
    city, settled = city_named("lively"), settled_of("lively")
    ends = [advance(unit, settled, KEY, begin(unit, settled), settled.weeks) for unit in reversed(city)]
    assert differences(run_of("lively"), together("lively", ends[::-1])) == []
    assert run_of("lively").checksum == together("lively", ends[::-1]).checksum


def test_going_on_leaves_the_progress_that_was_given_as_it_was() -> None:
    unit, settled = city_named("lively")[0], settled_of("lively")
    early = advance(unit, settled, KEY, begin(unit, settled), 5)
    kept = early.copy()
    advance(unit, settled, KEY, early, 20)
    advance(unit, settled, KEY, early, 7, "oracle")
    now, then = ((*end.state, *end.bodies, *end.ledgers, end.counts.people) for end in (early, kept))
    assert all(np.array_equal(a, b) for a, b in zip(now, then, strict=True))


@pytest.mark.parametrize("rows", [0, 1])
def test_books_of_a_moved_world_that_begin_too_short_end_the_same(rows: int) -> None:
    unit, settled = moved_worlds.city()[0], moved_worlds.settled_of(1)
    key = stream_key(SEED, 1)
    short = begin(unit, settled)
    short.ledgers = empty_ledgers(settled.length, (rows,) * len(Book))
    grown = advance(unit, settled, key, short, settled.weeks)
    one, other = (Run(moved_worlds.scenario(), SEED, 1, settled, [unit], [end])
                  for end in (moved_worlds.run_of(1).ends[0], grown))
    assert differences(one, other) == []
    assert one.checksum == other.checksum


@pytest.mark.parametrize("engine", ["kernels", "oracle"])
@pytest.mark.parametrize("rows", [0, 1, 3])
def test_books_that_begin_too_short_end_the_same(engine: Engine, rows: int) -> None:
    unit, settled = city_named("lively")[0], settled_of("lively")
    last = settled.weeks if engine == "kernels" else 3
    short = begin(unit, settled)
    short.ledgers = empty_ledgers(settled.length, (rows,) * len(Book))
    grown = advance(unit, settled, KEY, short, last, engine)
    roomy = advance(unit, settled, KEY, begin(unit, settled), last, engine)
    one, other = (Run(scenario_of("lively"), SEED, 0, settled, [unit], [end]) for end in (roomy, grown))
    assert differences(one, other) == []
    assert one.checksum == other.checksum
    assert all(a.shape[0] > rows for a in grown.ledgers[:2])


def test_seeds_and_replicates_differ_and_the_same_ones_agree() -> None:
    scenario, city = scenario_of("lively"), city_named("lively")
    sums = {(s, r): simulate(scenario, s, replicate=r, city=city).checksum for s, r in ((7, 0), (7, 1), (8, 0))}
    assert len(set(sums.values())) == 3
    assert sums[7, 0] == run_of("lively").checksum
    assert simulate(scenario, 7).checksum == sums[7, 0], "a city made anew is the same city"


def test_a_district_is_unmoved_by_how_many_others_there_are_in_the_run() -> None:
    """Tables, draws and ids of a district do not look at its neighbours: here, at their policies."""
    base, pilot = town(), town(policies=tuple(p for p in levers() if getattr(p, "districts", None)))
    unit, one = alone(base, 1)
    same, other = alone(pilot, 1)
    ends = [advance(u, s, KEY, begin(u, s), 10) for u, s in ((unit, one), (same, other))]
    assert np.array_equal(ends[0].counts.people, ends[1].counts.people)


@pytest.mark.slow
def test_the_checksums_of_the_presets_are_those_of_this_model_version() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert golden["model_version"] == MODEL_VERSION, "run `python -m tests.science.refresh`"
    assert set(golden["presets"]) == set(PRESETS)
    assert set(golden["others"]) == set(OTHERS)
    assert now() == golden, "an output changed: raise MODEL_VERSION, then `python -m tests.science.refresh`"


KEYS = sorted(
    key for key, card in load_cards().items()
    if isinstance(card.default, float) and not key.startswith(("people.", "places.", "stars.yearly", "training_gate."))
)
EVENTFUL = {
    "participation.taste_mean": 0.5, "participation.aware_platform": 0.6, "demand.tasks": 40.0,
    "registration.activation": 0.9, "registration.base": -4.0, "choice.menu_reference": 5.0,
}


@st.composite
def cards_in_range(draw: st.DrawFn) -> dict[str, float]:
    """Return parameters: some cards at an end of their range or anywhere inside, the rest as they are."""
    chosen = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=5, max_size=25))
    out = dict(EVENTFUL)
    for key in chosen:
        card = load_cards()[key]
        high = 60.0 if key == "demand.tasks" else card.high
        value = draw(st.one_of(st.sampled_from([card.low, high]), st.floats(card.low, high)))
        value = float(round(value)) if card.integer else value
        out[key] = value
    return out


@pytest.mark.slow
@examples(max_examples=12, phases=(Phase.generate,))           # shrinking would run for minutes
@given(cards_in_range(), st.integers(0, 2**32), st.floats(0, 1), st.integers(0, 5))
def test_the_oracle_and_the_kernels_agree_for_any_cards_in_range(
    parameters: dict[str, float], seed: int, share: float, warmup: int
) -> None:
    scenario = Scenario(
        name="any", world=world_of(150, 1, share), start=date(2025, 12, 1), weeks=8, warmup_weeks=warmup,
        parameters=parameters,
    )
    early = [lever for lever in levers() if getattr(lever, "districts", None) is None]
    scenario = scenario.with_levers(*early)                                # type: ignore[arg-type]
    city = city_of(scenario.world, scenario.warmup_weeks, scenario.values)
    compiled = simulate(scenario, seed, city=city, threads=1)
    plain = simulate(scenario, seed, engine="oracle", city=city, threads=1)
    assert differences(compiled, plain) == []


def test_the_week_of_the_loop_lists_its_steps_in_order() -> None:
    import vsim.run.simulate as loop

    steps = [int(line.split()[0]) for line in (loop.__doc__ or "").splitlines() if line[:3].strip().isdigit()]
    assert steps == sorted(steps)
    assert all(b - a >= 1 for a, b in pairwise(steps))
    assert steps[0] == 1
    assert steps[-1] == 16
