"""What is simulated follows its stated probability: formulas written again in floating point, from the cards.

Each test lets one mechanism run under many lucks and compares counts with the sum of the stated probabilities; fixed
seeds, so a result is a fact and not a lottery. Bounds are 4 standard errors unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine_worlds import SEED, alone, book, levers, one_class, quiet, town, z_score
from vsim.exact import logistic32, tables
from vsim.levers.points import Points
from vsim.levers.stars import Stars
from vsim.levers.training_gate import TrainingGate
from vsim.process import participation, retention
from vsim.process.demand import Posted, post_tasks
from vsim.process.recording import COPIED, FULL_HOUR, HALF, INFLATED, RECORDED, VERIFIED
from vsim.rng import stream_key
from vsim.run.district import Progress, advance, begin
from vsim.run.settle import Settled
from vsim.spec.scenario import Scenario, load_scenario
from vsim.world.bodies import Bodies, copy_bodies, first_bodies
from vsim.world.city import Unit
from vsim.world.ledgers import SHOWED, UNUSED, Book
from vsim.world.metrics import A, M
from vsim.world.state import LAPSED, NEVER, UNREGISTERED, VOLUNTEER, State, copy_state
from vsim.world.tasks import Tasks
from vsim.world.weekly import WHOLE, Weekly, at, district_rows

pytestmark = pytest.mark.slow

Float = NDArray[np.float64]
BIG = {"demand.tasks": 50.0, "choice.menu_reference": 20.0, "lifecycle.run": 30.0}
PUSHED = (
    Stars(thresholds=[2, 6, 12, 24, 48]), Points(per_hour=2.0, price=5.0, expiry=0),
    TrainingGate(gated_share=0.3, seats=10.0, uptake=0.1),
)
MOMENT = 12                        # the week that is run under many lucks
LUCKS = 60


@cache
def big() -> tuple[Scenario, Unit, Settled]:
    """Return one lively district of 1,500 people with every lever."""
    scenario = town(BIG, residents=1500, districts=1, share=0.6, policies=PUSHED)
    return (scenario, *alone(scenario))


@cache
def moment() -> Progress:
    """Return that district before the week that is looked at."""
    _, unit, settled = big()
    return advance(unit, settled, stream_key(SEED), begin(unit, settled), MOMENT)


@cache
def whole() -> Progress:
    """Return that district after its run."""
    _, unit, settled = big()
    return advance(unit, settled, stream_key(SEED), moment(), settled.weeks)


def one_week(settled: Settled, lucks: int = LUCKS) -> Iterator[tuple[tuple[int, int], Progress]]:
    """Yield the week under one luck after another."""
    _, unit, _ = big()
    for replicate in range(lucks):
        key = stream_key(99, replicate)
        yield key, advance(unit, settled, key, moment(), MOMENT + 1)


def logistic(x: Float) -> Float:
    return 1 / (1 + np.exp(-x))


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def attendances(end: Progress) -> NDArray[np.int64]:
    """Return the rows of those who came and were needed."""
    rows = book(end, Book.PLACEMENTS)
    return rows[(rows[:, 6] & (SHOWED | UNUSED)) == SHOWED]


def share_is(hits: NDArray[np.bool_], stated: float) -> None:
    """Assert that a share of yes and no lies within 4 standard errors of its stated probability."""
    assert hits.size > 500
    assert abs(z_score(hits.sum(), hits.size * stated, hits.size * stated * (1 - stated))) < 4, hits.mean()


# ---- participation -------------------------------------------------------------------------------


def stated_participation(state: State, menu: Float, week: int) -> Float:
    """Return the chance to take part, written again from the cards in floating point; `menu` is by class."""
    scenario, unit, settled = big()
    v, people = scenario.values, unit.people
    rows = district_rows(settled.weekly, 0)
    pos = week + settled.warmup
    trained = (state.trained >= week).astype(int)
    index = (
        people.taste / 1024 + rows.base[pos] / 1024
        + menu[people.field.astype(int) * 8 + people.quarter.astype(int) * 2 + trained]
        + v["participation.habit_weight"] * state.habit / 65535
        - v["participation.fatigue_weight"] * np.maximum(state.fatigue / 256 - v["participation.fatigue_limit"], 0)
    )
    yuan = 2.0 * 2.0 * v["service.hours_mean"]
    index += v["points.pull"] * np.log1p(yuan / v["points.pull_scale"])
    ladder = np.array([0, 2, 6, 12, 24, 48, 1e12]) * 4
    star = state.star.astype(int)
    gap = ladder[star + 1] - ladder[star]
    left = np.clip((ladder[star + 1] - state.verified) / gap, 0, 1)
    pulled = (people.steered == 1) & (state.verified > 0) & (star < 5)
    steep = v["stars.goal_steepness"]
    index += np.where(pulled, v["stars.goal"] * np.exp(-steep * left), 0)
    age = week - state.star_week.astype(float)
    starred = state.star_week != NEVER
    index += np.where(starred, v["stars.award"] * 2.0 ** (-age / v["stars.award_half_life"]), 0)
    index -= np.where(starred & (age < v["stars.reset_weeks"]), v["stars.reset"], 0)
    recent = (state.last != NEVER) & (week - state.last.astype(int) <= v["participation.keep_weeks"])
    unaware = (1 - v["participation.aware_base"]) * (1 - v["participation.aware_platform"])
    unaware = unaware * (1 - v["participation.ask"]) ** np.minimum(state.asks, 6)
    aware = 1 - unaware * np.where(recent, 1 - v["participation.keep"], 1)
    return np.where(state.status == VOLUNTEER, aware * logistic(index), 0)


def post(unit: Unit, settled: Settled, week: int, key: tuple[int, int], now: Weekly | None = None,
         bodies: Bodies | None = None, share: int | None = None) -> Posted:
    """Post the tasks of a week; by default without policy, and every organisation can run whatever is found."""
    sites = settled.sites[unit.district.index]
    if share is not None:
        sites = sites._replace(found=np.full_like(sites.found, share))
    return post_tasks(
        unit.sources, sites, unit.organisations, bodies or first_bodies(unit.organisations, 0), settled.params,
        settled.lookups, now or quiet(capacity=1000 * WHOLE), key, week,
    )


def menu_of(unit: Unit, settled: Settled, tasks: Tasks, layout: int = 0) -> NDArray[np.int64]:
    quarters = settled.sites[unit.district.index].quarter[layout]
    return participation.menu_values(tasks, unit.sources, quarters, settled.params, settled.lookups)


def at_the_choice(key: tuple[int, int]) -> tuple[State, Tasks, NDArray[np.int64]]:
    """Return state, tasks and menu values when people decide in the week that is looked at: after the joining."""
    _, unit, settled = big()
    from vsim.process import registration
    from vsim.rng import Stream, weekly_uniform

    state = copy_state(moment().state)
    luck = weekly_uniform(key, Stream.STATUS, Stream.STATUS_TAIL, unit.people.ids, MOMENT)
    rows, pos = district_rows(settled.weekly, 0), MOMENT + settled.warmup
    trust = int(moment().bodies.district[0])
    joined = registration.joining(state, unit.join_trait, settled.params, rows.join[pos], one_class(unit), trust, luck)
    registration.join(state, joined, unit.ready, unit.ties, MOMENT)
    now = at(rows, pos)
    tasks = post(unit, settled, MOMENT, key, now, copy_bodies(moment().bodies)).tasks
    return state, tasks, menu_of(unit, settled, tasks, int(now.layout))


def chances_of(state: State, menu: NDArray[np.int64]) -> NDArray[np.int64]:
    _, unit, settled = big()
    rows, pos = district_rows(settled.weekly, 0), MOMENT + settled.warmup
    ladders, now, reach = settled.ladders[rows.ladder[pos]], at(rows, pos), one_class(unit)
    terms = participation.star_terms(state, unit.people, settled.params, settled.lookups, ladders, reach, MOMENT)
    terms = terms + participation.own_terms(state, settled.params, settled.lookups, now, reach, MOMENT)
    terms = terms + participation.peer_terms(state, settled.params, int(moment().bodies.district[1]))
    return participation.chances(
        state, unit.people, settled.params, menu, terms, now, settled.lookups.aware, reach, MOMENT,
    )


def test_the_integer_chance_to_take_part_is_the_formula_of_the_cards() -> None:
    state, _, menu = at_the_choice(stream_key(99))
    exact = chances_of(state, menu) / 2**32
    stated = stated_participation(state, menu / 1024, MOMENT)
    able = state.status == VOLUNTEER
    assert able.sum() > 400
    assert (state.star > 0).sum() > 30
    assert (state.asks > 1).sum() > 30
    assert (state.fatigue > 3 * 256).sum() > 3
    assert not exact[~able].any()
    assert np.abs(exact - stated).max() < 2.5e-3


def test_the_crowding_of_own_motive_falls_with_its_rank() -> None:
    _, unit, settled = big()
    state, _, menu = at_the_choice(stream_key(99))
    zero = np.zeros(unit.people.ids.size, dtype=np.int64)

    def log_odds(crowding: int) -> Float:
        everybody = np.full(14, 65536, dtype=np.int64)
        p = participation.chances(state, unit.people, settled.params, menu, zero, quiet(crowding=crowding), everybody,
                                  one_class(unit), MOMENT) / 2**32
        able = (p > 1e-4) & (p < 1 - 1e-4)
        return np.where(able, np.log(np.clip(p, 1e-9, 1) / np.clip(1 - p, 1e-9, 1)), np.nan)

    loss = log_odds(0) - log_odds(512)
    kept = ~np.isnan(loss)
    assert loss[kept] == pytest.approx(0.5 * unit.people.intrinsic[kept] / 256, abs=5e-3)


def test_those_who_want_to_take_part_are_as_many_as_their_chances_say() -> None:
    _, _, settled = big()
    observed = expected = variance = 0.0
    for key, end in one_week(settled):
        state, _, menu = at_the_choice(key)
        p = stated_participation(state, menu / 1024, MOMENT)
        observed += end.counts.people[MOMENT + settled.warmup, :, M.WILLING].sum()
        expected += p.sum()
        variance += (p * (1 - p)).sum()
    assert observed > 5000
    assert abs(z_score(observed, expected, variance)) < 4


def test_the_bound_on_the_chance_never_lies_below_it() -> None:
    _, unit, settled = big()
    rows, pos = district_rows(settled.weekly, 0), MOMENT + settled.warmup
    for replicate in range(5):
        state, _, menu = at_the_choice(stream_key(99, replicate))
        bound = participation.ceilings(
            state, unit.people, settled.params, settled.lookups, menu, settled.ladders[rows.ladder[pos]],
            at(rows, pos), settled.lookups.aware,
        )
        assert (bound >= chances_of(state, menu)).all()


def inclusive_values(unit: Unit, value: Mapping[str, float], tasks: Tasks) -> Float:
    """Return each untrained person's exact inclusive value of the week's tasks, nested logit, in logits; shape (n,).

    mu * ln(sum over open tasks of exp((fit + quality - distance) / mu) / tasks on an ordinary menu).
    """
    people, sources, j = unit.people, unit.sources, tasks.source[tasks.gated == 0]
    mu = value["choice.dissimilarity"]
    km = (np.abs(people.x[:, None] - sources.x[j]) + np.abs(people.y[:, None] - sources.y[j])) / 100
    index = (
        value["choice.fit"] * (people.field[:, None] == sources.field[j]) - value["choice.distance"] * km
        + value["choice.quality"] * (sources.quality[j] / 65536 - 0.5)
    )
    return mu * np.log(np.exp(index / mu).sum(axis=1) / value["choice.menu_reference"])


@pytest.mark.parametrize(("name", "tolerated"), [("big", 0.02), ("cn_registry", 0.05), ("cn_mobilised", 0.05)])
def test_the_menu_by_class_stays_close_to_the_exact_inclusive_value_of_each_person(name: str, tolerated: float) -> None:
    """64 classes stand for every person's own distances and organisers: how far is participation from the exact one?"""
    scenario = big()[0] if name == "big" else town(load_scenario(name).parameters, residents=1500, districts=1)
    unit, settled = big()[1:] if name == "big" else alone(scenario)
    klass = unit.people.field.astype(int) * 8 + unit.people.quarter.astype(int) * 2
    exact, coarse, shifts = [], [], []
    for week in range(20):
        tasks = post(unit, settled, week, stream_key(1), quiet(gated=6554, capacity=1000 * WHOLE)).tasks
        tasks = tasks._replace(**{name: column[tasks.skill == 0] for name, column in tasks._asdict().items()})
        if not (tasks.gated == 0).any():
            continue
        menu = menu_of(unit, settled, tasks)[klass] / 1024
        own = inclusive_values(unit, scenario.values, tasks)
        shifts.append(own - menu)
        exact.append(logistic(unit.people.taste / 1024 + own))
        coarse.append(logistic(unit.people.taste / 1024 + menu))
    fine, rough, shift = np.array(exact), np.array(coarse), np.array(shifts)
    print(f"\n{name}: mean chance of the aware, exact menus {fine.mean():.4f}, by class {rough.mean():.4f} "
          f"({rough.mean() / fine.mean() - 1:+.1%}); mean gap of a person {np.abs(fine - rough).mean():.4f}; "
          f"inclusive value exact minus class {shift.mean():+.3f} logit, sd {shift.std():.3f}")
    assert abs(rough.mean() / fine.mean() - 1) < tolerated
    assert np.abs(fine - rough).mean() < 0.03
    assert shift.std() < 0.25


# ---- demand --------------------------------------------------------------------------------------


@pytest.mark.parametrize("parameters", [{}, {"demand.recurring_share": 0.0}, {"demand.recurring_rate": 0.3},
                                        {"demand.recurring_rate": 0.8}, {"demand.recurring_share": 0.9}])
def test_as_many_needs_arise_as_the_card_says_and_the_stated_share_recurs(parameters: dict[str, float]) -> None:
    scenario = town({"demand.tasks": 20.0, "demand.recurring_rate": 0.8, **parameters}, residents=2000, districts=1)
    unit, settled = alone(scenario)
    value, sources = scenario.values, unit.sources
    arisen = recurring = 0
    weeks = range(400)
    for week in weeks:
        found = post(unit, settled, week, stream_key(3), share=65536)
        arisen += found.arisen
        recurring += int(sources.recurring[found.tasks.source].sum())
    expected = value["demand.tasks"] * 2 * len(weeks)
    assert abs(arisen / expected - 1) < 0.03
    assert recurring / arisen == pytest.approx(value["demand.recurring_share"], abs=0.02)


@pytest.mark.parametrize("season", [-0.5, 0.0, 0.6, 0.9])
def test_a_season_multiplies_demand_by_its_exponential(season: float) -> None:
    unit, settled = alone(town({"demand.tasks": 20.0, "demand.recurring_rate": 0.3}, residents=2000, districts=1))
    arisen = sum(
        post(unit, settled, week, stream_key(4), quiet(demand=round(season * 1024))).arisen
        for week in range(400)
    )
    assert arisen / (20.0 * 2 * 400) == pytest.approx(np.exp(season), rel=0.03)


def test_a_posted_task_is_discovered_gated_and_placed_in_the_week_as_stated() -> None:
    unit, settled = alone(town({"demand.tasks": 20.0, "demand.discovered": 0.7}, residents=2000, districts=1))
    posted, arisen, seen, twice = [], 0, 0, 0
    for week in range(300):
        found = post(unit, settled, week, stream_key(5), quiet(gated=19661, online=13107, capacity=1000 * WHOLE),
                     share=round(0.7 * 65536))
        posted.append(np.stack(found.tasks))
        arisen += found.arisen
        seen += found.arisen - found.hidden
        twice += found.twice
    source, seats, slot, hours_log, gated, lead, needed, online, _, _ = np.concatenate(posted, axis=1)
    assert np.array_equal(np.unique(seats // needed), [1, 2])
    share_is(seats == 2 * needed, 0.08)
    assert twice == (seats == 2 * needed).sum()
    share_is(online == 1, 0.2)
    assert abs(z_score(seen, 0.7 * arisen, arisen * 0.21)) < 4
    assert 0 < source.size <= seen, "groups that are not yet founded post nothing"
    share_is(gated == 1, 0.3)
    share_is(slot < 15, 0.7)
    share_is(slot % 3 == 1, 1 / 3)
    share_is(slot[slot < 15] // 3 == 4, 1 / 5)
    share_is(slot[slot >= 15] // 3 == 5, 1 / 2)
    share_is(lead < 7, 0.5)
    assert (lead.min(), lead.max()) == (0, 13)
    hours = np.exp(hours_log / 1024)
    assert np.log(hours).std() == pytest.approx(0.46, rel=0.03)
    assert np.corrcoef(seats, hours)[0, 1] == pytest.approx(0, abs=0.03)


def test_people_needed_have_the_median_mean_and_ninth_decile_of_the_logs() -> None:
    _, settled = alone(town(residents=300, districts=1))
    people = settled.lookups.people
    assert np.median(people) == 3
    assert people.mean() == pytest.approx(5.8, abs=0.4)
    assert np.percentile(people, 90) == pytest.approx(13, abs=1)
    needed = book(whole(), Book.TASKS)[:, 9]
    assert np.median(needed) == 3
    assert needed.mean() == pytest.approx(people.mean(), abs=4 * people.std() / needed.size**0.5)


def load_small(preset: str) -> Scenario:
    loaded = load_scenario(preset)
    return town(loaded.parameters, residents=300, districts=1)


def test_further_tasks_have_the_stated_mean_in_each_third_of_taste() -> None:
    _, settled = alone(town({"choice.extra_mean": 2.4, "choice.extra_dispersion": 0.55}, residents=300, districts=1))
    assert settled.lookups.extra.shape == (3, 4096)
    assert settled.lookups.extra.mean(axis=1) == pytest.approx([2.4] * 3, rel=0.06)     # cut at fifteen
    assert (settled.lookups.extra[1] == 0).mean() == pytest.approx((0.55 / (0.55 + 2.4)) ** 0.55, abs=0.01)


# ---- service -------------------------------------------------------------------------------------


def test_people_show_up_as_often_as_the_cards_say() -> None:
    scenario, unit, _ = big()
    v, rows, tasks = scenario.values, book(whole(), Book.PLACEMENTS), book(whole(), Book.TASKS)
    task = tasks[rows[:, 2]]
    person, source = rows[:, 1], task[:, 1]
    km = (np.abs(unit.people.x[person] - unit.sources.x[source])
          + np.abs(unit.people.y[person] - unit.sources.y[source])) / 100
    recurring = unit.sources.recurring[source] == 1
    usual = np.where(recurring, logit(v["service.show_recurring"]), logit(v["service.show_once"]))
    p = logistic(usual + unit.people.reliability[person] / 1024 - v["service.show_lead"] * np.log1p(task[:, 8])
                 - v["service.show_distance"] * km)
    came = (rows[:, 6] & SHOWED) > 0
    assert came.size > 4000
    assert abs(z_score(came.sum(), p.sum(), (p * (1 - p)).sum())) < 4
    likely = p > np.median(p)
    for half in (likely, ~likely):
        assert abs(z_score(came[half].sum(), p[half].sum(), (p * (1 - p))[half].sum())) < 4


def test_hours_of_an_attendance_have_the_mean_of_the_card() -> None:
    scenario, _, _ = big()
    rows, tasks = attendances(whole()), book(whole(), Book.TASKS)
    hours = rows[:, 3] / 4
    by_task = np.bincount(rows[:, 2], weights=hours, minlength=len(tasks))[np.unique(rows[:, 2])]
    counts = np.bincount(rows[:, 2])[np.unique(rows[:, 2])]
    mean = hours.mean()
    se = np.sqrt(((by_task - mean * counts) ** 2).sum()) / hours.size           # hours of one task go together
    assert abs(mean - scenario.values["service.hours_mean"]) < 4 * se
    assert se < 0.1
    spread = np.log(hours).std()
    assert spread == pytest.approx(np.hypot(0.46, 0.2), rel=0.06)


def test_hours_inside_a_task_vary_by_the_personal_spread() -> None:
    rows, tasks = attendances(whole()), book(whole(), Book.TASKS)
    apart = np.log(rows[:, 3] / 4) - tasks[rows[:, 2], 6] / 1024
    inside = (rows[:, 3] > 6) & (rows[:, 3] < 40)              # away from rounding and both ends
    assert apart[inside].mean() == pytest.approx(0, abs=0.02)
    assert apart[inside].std() == pytest.approx(0.2, abs=0.02)


# ---- records -------------------------------------------------------------------------------------


def test_records_are_missing_copied_verified_inflated_and_rounded_as_stated() -> None:
    scenario, _, _ = big()
    v, rows = scenario.values, attendances(whole())
    flags = rows[:, 6]
    recorded = (flags & RECORDED) > 0
    share_is(~recorded, v["recording.missing"])
    kept = flags[recorded]
    share_is((kept & COPIED) > 0, v["recording.duplicate"])
    share_is((kept & VERIFIED) > 0, v["recording.verified"])
    share_is((kept & INFLATED) > 0, v["recording.inflated"])
    share_is((kept & HALF) > 0, v["recording.rounded_half"])
    share_is((kept & FULL_HOUR) > 0, v["recording.rounded_up"])
    for method in range(4):
        share_is((kept >> 8) == method, 0.25)


def test_one_record_in_six_or_seven_is_entered_twice() -> None:
    counts = whole().counts.people.sum(axis=(0, 1))
    assert counts[M.COPIES] / counts[M.RECORDED] == pytest.approx(0.155, abs=0.015)


def test_records_come_late_by_the_stated_mean() -> None:
    rows = attendances(whole())
    late = rows[:, 5] - rows[:, 0]
    assert late.mean() == pytest.approx(0.5, abs=4 * late.std() / late.size**0.5)
    assert (late == 0).mean() == pytest.approx(1 / 1.5, abs=0.02)


def test_inflated_records_gain_the_stated_hours() -> None:
    scenario = town({**BIG, "recording.inflated": 0.5, "recording.rounded_half": 0.0, "recording.rounded_up": 0.0},
                    residents=1000, districts=1)
    unit, settled = alone(scenario)
    rows = attendances(advance(unit, settled, stream_key(1), begin(unit, settled), settled.weeks))
    added = (rows[:, 4] - rows[:, 3])[((rows[:, 6] & INFLATED) > 0) & (rows[:, 3] < 30)] / 4
    assert added.size > 300
    stated = scenario.values["recording.inflated_hours"]
    assert added.mean() == pytest.approx(stated, abs=4 * added.std() / added.size**0.5)


# ---- joining, leaving, coming back ---------------------------------------------------------------


def test_people_join_leave_and_return_by_their_stated_hazards() -> None:
    scenario, unit, settled = big()
    v, people, calm = scenario.values, unit.people, replace(settled, sites=tuple(
        sites._replace(found=np.zeros_like(sites.found)) for sites in settled.sites))
    state = moment().state
    pos = MOMENT + settled.warmup
    outside = state.status == UNREGISTERED
    trust = moment().bodies.district[0] / 65536 - v["trust.level"]
    believed = v["trust.join"] * trust
    hazard = np.exp(v["registration.base"] + believed + people.trait / 1024 * v["registration.trait_weight"]
                    + v["registration.contact"] * state.friends)
    p_join = np.where(outside, -np.expm1(-hazard), 0)
    tired = state.fatigue / 256 * (1 - v["retention.fatigue_rate"])
    age = MOMENT - state.star_week.astype(float)
    leave = (
        v["retention.exit_base"] + people.frailty / 1024
        - v["retention.exit_tenure"] * np.log1p(MOMENT - state.first.astype(float).clip(-2000))
        + v["retention.exit_satisfaction"] * (state.satisfaction / 65535 - 0.5)
        + np.where(tired > v["retention.fatigue_burnout"], v["retention.exit_fatigue"], 0)
        + np.where((state.star_week != NEVER) & (age < v["stars.award_half_life"]), v["retention.exit_award"], 0)
    )
    able = (state.status == VOLUNTEER) & (state.first != NEVER) & (state.since != MOMENT)
    p_leave = np.where(able, -np.expm1(-np.exp(leave)), 0)
    p_back = np.where(state.status == LAPSED,
                      np.where(state.asks > 0, v["retention.return_asked"], v["retention.return_base"]), 0)
    lucks = 400
    seen = np.zeros(3)
    for _, end in one_week(calm, lucks):
        row = end.counts.people[pos].sum(axis=0)
        assert row[M.PLACED] == 0
        seen += row[[M.JOINED, M.LEFT, M.RETURNED]]
    for observed, p in zip(seen, (p_join, p_leave, p_back), strict=True):
        assert observed > 300
        assert abs(z_score(observed, lucks * p.sum(), lucks * (p * (1 - p)).sum())) < 4


def test_the_frailty_of_exit_has_mean_one() -> None:
    _, unit, _ = big()
    weight = np.exp(unit.people.frailty / 1024)
    assert weight.mean() == pytest.approx(1, abs=4 * weight.std() / weight.size**0.5)


def test_the_integer_exit_is_the_formula_for_each_person() -> None:
    """A uniform just below the stated hazard leaves, one just above stays."""
    scenario, unit, settled = big()
    state = copy_state(moment().state)
    v = scenario.values
    tenure = np.log1p(MOMENT - state.first.astype(float).clip(-2000))
    age = MOMENT - state.star_week.astype(float)
    logs = (
        v["retention.exit_base"] + unit.people.frailty / 1024 - v["retention.exit_tenure"] * tenure
        + v["retention.exit_satisfaction"] * (state.satisfaction / 65535 - 0.5)
        + np.where(state.fatigue / 256 > v["retention.fatigue_burnout"], v["retention.exit_fatigue"], 0)
        + np.where((state.star_week != NEVER) & (age < v["stars.award_half_life"]), v["retention.exit_award"], 0)
    )
    p = -np.expm1(-np.exp(logs)) * 2**32
    able = (state.status == VOLUNTEER) & (state.first != NEVER) & (state.since != MOMENT)
    nobody = np.zeros(1, dtype=np.int64), one_class(unit)         # no policy, one class of persons
    below = retention.leaving(state, unit.people, settled.params, *nobody, (p * 0.995).astype(np.int64), MOMENT)
    above = retention.leaving(state, unit.people, settled.params, *nobody, (p * 1.005).astype(np.int64), MOMENT)
    assert np.array_equal(below, np.flatnonzero(able))
    assert above.size == 0


# ---- courses and points --------------------------------------------------------------------------


def test_courses_are_passed_by_the_stated_share() -> None:
    scenario = town({**BIG, "training.seats": 40.0, "training.uptake": 0.3, "training.validity": 4.0}, residents=1000,
                    districts=1, weeks=40)
    unit, settled = alone(scenario)
    end = advance(unit, settled, stream_key(2), begin(unit, settled), settled.weeks)
    share_is(book(end, Book.COURSES)[:, 2] == 1, scenario.values["training.passed"])
    seats = end.counts.tasks[:, A.COURSE_SEATS]
    assert set(seats.tolist()) == {40}


def test_a_fraction_of_a_training_seat_is_a_chance() -> None:
    scenario = town({"training.seats": 0.8}, residents=900, districts=1, weeks=300)
    unit, settled = alone(scenario)
    end = advance(unit, settled, stream_key(2), begin(unit, settled), settled.weeks)
    seats = end.counts.tasks[:, A.COURSE_SEATS]
    assert set(seats.tolist()) == {0, 1}
    assert abs(z_score(seats.sum(), 0.72 * seats.size, 0.72 * 0.28 * seats.size)) < 4


def test_holders_spend_points_with_the_stated_weekly_chance() -> None:
    scenario = town({**BIG, "points.redeem": 0.2}, residents=1000, districts=1,
                    policies=(Points(per_hour=15, price=1, expiry=0), levers()[0]))
    unit, settled = alone(scenario)
    end = advance(unit, settled, stream_key(2), begin(unit, settled), settled.weeks)
    held: dict[int, int] = {}
    able = 0
    rows = book(end, Book.POINTS)
    for week in range(settled.weeks):
        for _, person, kind, _, balance in rows[rows[:, 0] == week].tolist():
            held[person] = balance
            able += kind == 1 and balance == 0        # was able, now empty: the count below would miss it
        able += sum(balance > 0 for balance in held.values())
    spent = int((rows[:, 2] == 1).sum())
    assert spent > 500
    assert abs(z_score(spent, 0.2 * able, 0.16 * able)) < 4


def test_the_tables_reach_as_far_as_the_run() -> None:
    _, _, settled = big()
    assert settled.lookups.award[0] == 65536
    assert settled.lookups.award[26] == pytest.approx(32768, abs=1)
    assert settled.lookups.goal[0] == 65536
    assert settled.lookups.goal[64] == pytest.approx(65536 * np.exp(-3), abs=1)
    assert int(logistic32(0)) == 1 << 31
    assert tables().log1p.size >= 1040 + 520
