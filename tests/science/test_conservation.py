"""What must hold in every world: hours given are hours received, books balance, seats bind, stocks add up.

The audits stand in `tests.science.audit`. They are run on every shared world, on worlds in which every table of policy
is moved, and on worlds drawn at random; and each book is broken on purpose to see that an audit notices.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests import moved_worlds
from tests.engine_worlds import SEED, book, city_named, levers, run_of, scenario_of, settled_of, world_of
from tests.science.audit import AUDITS, FLAGS, GATED, SKILL, SOURCE, TASK, Audit, flagged
from vsim.levers.points import Points
from vsim.rng import stream_key
from vsim.run.district import Progress, advance, begin
from vsim.run.run import Run, simulate
from vsim.run.siting import layouts
from vsim.spec.cards import load_cards
from vsim.spec.scenario import Scenario, scenario_names
from vsim.world.bodies import Bodies
from vsim.world.city import Unit, city_of
from vsim.world.ledgers import STAND_IN, Book
from vsim.world.metrics import A, M
from vsim.world.settings import NO_LADDER
from vsim.world.state import State

pytestmark = pytest.mark.slow

MOVED = tuple(f"moved-{draw}" for draw in moved_worlds.DRAWS)
WORLDS = (*scenario_names(), "lively", "crowded", "everything", "otherwise", "many")
EACH = pytest.mark.parametrize("name", [*WORLDS, *MOVED])


def world(name: str) -> tuple[Run, tuple[int, int]]:
    """Return a run by name and its key."""
    if name in MOVED:
        draw = int(name.removeprefix("moved-"))
        return moved_worlds.run_of(draw), stream_key(SEED, draw)
    return run_of(name), stream_key(SEED)


def hold(run: Run, key: tuple[int, int]) -> None:
    for one in AUDITS:
        for unit, end in zip(run.city, run.ends, strict=True):
            one(unit, end, run.settled, key)


@EACH
@pytest.mark.parametrize("one", AUDITS, ids=lambda one: one.__name__)
def test_it_holds_in_every_world(one: Audit, name: str) -> None:
    run, key = world(name)
    for unit, end in zip(run.city, run.ends, strict=True):
        one(unit, end, run.settled, key)


def test_the_audits_saw_what_they_speak_of() -> None:
    """Gated, skilled and insured tasks were taken, by stand-ins too."""
    lively = [task[GATED] for end in run_of("lively").ends for task in book(end, Book.TASKS)[
        book(end, Book.PLACEMENTS)[:, TASK]]]
    assert sum(lively) > 10
    seen = np.zeros(4, dtype=int)
    for name in MOVED:
        run, _ = world(name)
        asked = run.settled.weekly.cover_asked
        for unit, end in zip(run.city, run.ends, strict=True):
            served = book(end, Book.PLACEMENTS)
            task = book(end, Book.TASKS)[served[:, TASK]]
            wanted = asked[unit.district.index][served[:, 0] + run.settled.warmup] == 1
            risky = (unit.sources.risk[task[:, SOURCE]] == 2) & wanted
            stood = flagged(served, STAND_IN)
            hard = (task[:, SKILL] > 0) | (task[:, GATED] == 1) | risky
            gates = (task[:, GATED] == 1).sum()
            seen += np.array([(task[:, SKILL] > 0).sum(), risky.sum(), gates, (stood & hard).sum()])
    assert (seen > 0).all(), seen


@pytest.mark.parametrize("name", WORLDS)
def test_the_gate_and_the_ladder_are_only_where_a_policy_put_them(name: str) -> None:
    settled = settled_of(name)
    scheduled = {policy.lever for policy in scenario_of(name).schedule()}
    for unit, end in zip(city_named(name), run_of(name).ends, strict=True):
        used = settled.ladders[settled.weekly.ladder[unit.district.index]].reshape(-1, len(NO_LADDER))
        laddered = {tuple(row) for row in used.tolist()} - {NO_LADDER}
        assert bool(laddered) == ("stars" in scheduled)
        assert (len(book(end, Book.STARS)) > 0) <= bool(laddered)
        assert (len(book(end, Book.POINTS)) > 0) <= ("points" in scheduled)
        assert (len(book(end, Book.CREDITS)) > 0) <= ("time_bank" in scheduled)


@pytest.mark.parametrize("name", WORLDS)
def test_districts_share_no_person_and_every_place_has_one_parent(name: str) -> None:
    city = city_named(name)
    ids = np.concatenate([unit.people.ids for unit in city])
    assert np.array_equal(ids, np.arange(scenario_of(name).world.residents))
    assert len({unit.district.code for unit in city}) == len(city)
    assert {unit.district.prefecture for unit in city} == set(range(scenario_of(name).world.prefectures))
    sources = np.concatenate([unit.sources.ids for unit in city])
    assert len(np.unique(sources)) == len(sources)


# ---- broken on purpose ---------------------------------------------------------------------------

BREAKS = {
    "an hour more on an attendance": lambda end: end.ledgers.placements[attendance_of(end)].__setitem__(3, 47),
    "an attendance becomes an absence": lambda end: end.ledgers.placements[attendance_of(end)].__setitem__(FLAGS, 0),
    "a placement is for another person": lambda end: shift(end.ledgers.placements[attendance_of(end)], 1),
    "a seat more is filled": lambda end: shift(end.ledgers.tasks[3], 3),
    "a helper more came": lambda end: shift(end.ledgers.tasks[3], 4),
    "fewer people are needed": lambda end: end.ledgers.tasks[busy_task(end)].__setitem__(9, 0),
    "a task is in another week": lambda end: shift(end.ledgers.tasks[3], 0),
    "a course row is lost": lambda end: drop(end, Book.COURSES),
    "a star row is lost": lambda end: drop(end, Book.STARS),
    "a point appears": lambda end: shift(end.ledgers.points[2], 3),
    "a balance of points is off": lambda end: shift(end.ledgers.points[2], 4),
    "a credit appears": lambda end: shift(end.ledgers.credits[2], 3),
    "a credit row is lost": lambda end: drop(end, Book.CREDITS),
    "an event is lost": lambda end: drop(end, Book.EVENTS),
    "an event happened to another organisation": lambda end: shift(end.ledgers.events[0], 1),
    "a fen appears": lambda end: shift(end.bodies.cash, 0),
    "trust is above one": lambda end: end.counts.tasks[2].__setitem__(A.TRUST, 65537),
    "a resident served an hour more": lambda end: shift(end.state.served, 0),
    "a contact is forgotten": lambda end: shift(end.state.friends, 0),
    "a count is off by one": lambda end: shift(end.counts.people[4, 0], M.ATTENDED),
}


def shift(row: np.ndarray, column: int) -> None:
    row[column] += 1


def drop(end: Progress, which: Book) -> None:
    end.ledgers.counts[which] -= 1


def attendance_of(end: Progress) -> int:
    return int(np.flatnonzero(book(end, Book.PLACEMENTS)[:, 3] > 0)[5])


def busy_task(end: Progress) -> int:
    return int(np.argmax(book(end, Book.TASKS)[:, 4]))


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_book_is_noticed(what: str) -> None:
    run, key = world("moved-1")
    unit, end = run.city[0], run.ends[0].copy()
    for one in AUDITS:
        one(unit, end, run.settled, key)
    BREAKS[what](end)
    failed = []
    for one in AUDITS:
        try:
            one(unit, end, run.settled, key)
        except (AssertionError, IndexError, KeyError, ValueError):
            failed.append(one.__name__)
    assert failed, what


def test_a_copy_to_be_broken_leaves_the_run_alone() -> None:
    run, _ = world("moved-1")
    before, copied = run.checksum, run.ends[0].copy()
    for arrays in (copied.state, copied.bodies, copied.ledgers):
        for array in arrays:
            array[:] = 0
    assert run.checksum == before
    assert (len(State._fields), len(Bodies._fields)) == (len(copied.state), len(copied.bodies))


# ---- worlds drawn at random ----------------------------------------------------------------------

KEYS = sorted(
    key for key, card in load_cards().items()
    if isinstance(card.default, float)
    and key.partition(".")[0] in {"registration", "participation", "choice", "demand", "service", "recording",
                                  "retention",
                                  "training", "belonging", "credits", "trust", "lifecycle", "organisations", "sources",
                                  "stations", "work"}
)
EVENTFUL = {
    "participation.taste_mean": 0.5, "participation.aware_platform": 0.6, "demand.tasks": 60.0,
    "registration.activation": 0.9, "registration.base": -4.0, "choice.menu_reference": 5.0,
}


@st.composite
def any_scenario(draw: st.DrawFn) -> Scenario:
    """Return a scenario: some cards at an end of their range or anywhere inside, levers or none."""
    parameters = dict(EVENTFUL)
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=5, max_size=40)):
        card = load_cards()[key]
        high = min(card.high, 100.0) if key == "demand.tasks" else card.high
        value = draw(st.one_of(st.sampled_from([card.low, high]), st.floats(card.low, high)))
        parameters[key] = float(round(value)) if card.integer else value
    scenario = Scenario(
        name="any", world=world_of(240, 2, draw(st.floats(0, 1)), seed=draw(st.integers(1, 99))),
        start=date(2025, 11, 3), weeks=draw(st.integers(4, 12)), warmup_weeks=draw(st.integers(0, 6)),
        parameters=parameters,
    )
    everywhere = [lever for lever in levers() if getattr(lever, "districts", None) is None]
    early = [replace(lever, start_week=1) if isinstance(lever, Points) else lever for lever in everywhere]
    return scenario.with_levers(*early) if draw(st.booleans()) else scenario        # type: ignore[arg-type]


def any_world_holds(scenario: Scenario, seed: int, shaken: int) -> None:
    """Run a scenario as it is, and its first district with every table moved, and audit both."""
    city: list[Unit] = city_of(scenario.world, scenario.warmup_weeks, scenario.values)
    run = simulate(scenario, seed, city=city, threads=1)
    hold(run, stream_key(seed))
    weekly = moved_worlds.shuffled(run.settled.weekly, np.random.default_rng(shaken))
    weekly.ladder[:] %= len(run.settled.ladders)
    sites, row = layouts(city[0], weekly, scenario.values)
    weekly.layout[0] = row
    settled = replace(run.settled, weekly=weekly, sites=(sites, *run.settled.sites[1:]))
    end = advance(city[0], settled, stream_key(seed), begin(city[0], settled), settled.weeks)
    hold(Run(scenario, seed, 0, settled, city[:1], [end]), stream_key(seed))


@examples(max_examples=15, phases=(Phase.generate,))
@given(any_scenario(), st.integers(0, 2**32), st.integers(0, 2**32))
def test_it_holds_in_any_world(scenario: Scenario, seed: int, shaken: int) -> None:
    any_world_holds(scenario, seed, shaken)


@pytest.mark.prove
@examples(max_examples=200, phases=(Phase.generate,))
@given(any_scenario(), st.integers(0, 2**32), st.integers(0, 2**32))
def test_it_holds_in_two_hundred_worlds(scenario: Scenario, seed: int, shaken: int) -> None:
    any_world_holds(scenario, seed, shaken)
