"""Settling: cards become integers, seasons and policies become tables, in an order that no file decides."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import vsim
from tests.engine_worlds import LIVELY, SEED, START, alone, city_named, scenario_of, settled_of, town, world_of
from vsim.levers import BY_NAME
from vsim.levers.base import Edit, Span
from vsim.levers.points import Points
from vsim.levers.stars import Stars
from vsim.levers.training_gate import TrainingGate
from vsim.run.run import simulate
from vsim.run.settle import (
    Settled,
    Sheet,
    empty_weekly,
    fixed_of,
    in_force,
    lookups_of,
    precedence,
    settle,
    week_dates,
)
from vsim.run.settle_cards import awareness, log, logit, settle_lookups, settle_params
from vsim.run.siting import layouts
from vsim.spec.cards import load_cards, values
from vsim.spec.lever_files import lever_file
from vsim.spec.policy import Rollout, ScheduledPolicy
from vsim.world.city import city_of, districts_of, unit_of
from vsim.world.seasons import demand_season, willing_season
from vsim.world.settings import ASKS, NO_LADDER, Params
from vsim.world.state import NEVER
from vsim.world.weekly import Weekly, neutral

pytestmark = pytest.mark.slow

WARMUP = 6


def of(*policies: object, **parameters: float) -> Settled:
    return alone(town({key.replace("__", "."): value for key, value in parameters.items()}, policies=policies))[1]


@examples(max_examples=60)
@given(st.floats(0.001, 0.999))
def test_a_probability_becomes_its_logit(p: float) -> None:
    assert logit(p) / 1024 == pytest.approx(math.log(p / (1 - p)), abs=6e-4)


def test_certainty_is_a_finite_logit() -> None:
    assert logit(0.0) == -logit(1.0)
    assert logit(1.0) > 11 * 1024


@examples(max_examples=60)
@given(st.floats(1e-3, 1e6))
def test_a_number_becomes_its_logarithm(value: float) -> None:
    assert log(value) / 1024 == pytest.approx(math.log(value), abs=6e-4)


def test_every_scalar_is_a_plain_integer_and_follows_its_card() -> None:
    params = settle_params(values())
    assert all(type(getattr(params, name)) is int for name in Params._fields)
    assert params.missing == round(0.1 * 65536)
    assert params.duplicate == round(0.155 * 65536)
    assert params.return_asked == round(0.02 * 2**32)
    assert params.hours_log / 1024 == pytest.approx(math.log(3.13) - (0.46**2 + 0.2**2) / 2, abs=1e-3)
    assert (params.course_hours, params.course_validity) == (16, 104)
    assert params.exit_satisfaction < 0 < params.exit_fatigue


def test_every_card_of_behaviour_moves_something_that_the_engine_reads() -> None:
    """A card that changes neither the settled scenario nor the city would be a number without effect."""
    span, start, world = range(-6, 30), date(2025, 1, 6), world_of(1200, 1, 0.5)
    whole = Span(start, 30, 30)
    own = {lever.name: lever_file(lever.name).cards for lever in BY_NAME.values()}

    def numbers(value: dict[str, float]) -> list[object]:
        params = settle_params(value)
        unit = unit_of(world, districts_of(world, value)[0], 6, value)
        weekly = empty_weekly(value, [unit.district], len(span), 1)
        seasons = willing_season(start, span, value), demand_season(start, span, value)
        sites, _ = layouts(unit, weekly, value)
        edits = [lever.edits({name: card.default for name, card in own[lever.name].items()}, value, whole)
                 for lever in BY_NAME.values()]
        arrays = [*weekly, *seasons, *sites, *unit.people, *unit.sources, *unit.organisations, *unit.stations,
                  *unit.communities, *unit.state, unit.ready, unit.join_trait, unit.ties]
        return [params, edits, *(array.tobytes() for array in arrays)]

    def small_tables(value: dict[str, float]) -> list[bytes]:
        return [table.tobytes() for table in settle_lookups(value, 300)]

    usual = values(LIVELY)
    lever_settings = {card.key for cards in own.values() for card in cards.values()}
    behaviour = [card for key, card in load_cards().items() if key in usual and key not in lever_settings
                 and card.path.startswith(("vsim/process/", "vsim/world/"))]
    assert len(behaviour) > 80
    before, tables, idle = numbers(usual), small_tables(usual), []
    for card in behaviour:
        upwards = card.key == "organisations.per_thousand"        # so small a district has two in any case
        moved = {**usual, card.key: card.high if upwards or usual[card.key] == card.low else card.low}
        if numbers(moved) == before and small_tables(moved) == tables:
            idle.append(card.key)
    # some act between districts, or in large ones only
    region = world_of(12_000, 12, 0.5, prefectures=3).model_copy(update={"rural_share": 0.3})

    def everywhere(value: dict[str, float]) -> list[object]:
        city = city_of(region, 6, value)
        arrays = [array.tobytes() for unit in city
                  for group in (unit.communities, unit.stations, unit.organisations, unit.sources, unit.people)
                  for array in group]
        return [[unit.district for unit in city], *arrays]

    whole_region = everywhere(usual)
    still = [key for key in idle if everywhere({**usual, key: load_cards()[key].high}) == whole_region
             and everywhere({**usual, key: load_cards()[key].low}) == whole_region]
    assert still == ["places.population_per_resident"], "that one belongs to published tables only"


def test_awareness_grows_with_asks_and_recent_service_and_is_complete_at_certainty() -> None:
    value = values()
    table = awareness(value)
    assert table.shape == (2 * ASKS,)
    assert (np.diff(table[:ASKS]) > 0).all()
    assert (table[ASKS:] > table[:ASKS]).all()
    assert table[0] / 65536 == pytest.approx(1 - 0.98 * 0.9, abs=1e-4)
    assert table[2] / 65536 == pytest.approx(1 - 0.98 * 0.9 * 0.7**2, abs=1e-4)
    assert table[ASKS] / 65536 == pytest.approx(1 - 0.98 * 0.9 * 0.1, abs=1e-4)
    assert awareness({**value, "participation.keep": 1.0})[ASKS:].tolist() == [65536] * ASKS


def test_tables_cover_the_run_up_and_the_run() -> None:
    settled = settled_of("lively")
    assert settled.length == 30
    for name in Weekly._fields:
        table = getattr(settled.weekly, name)
        assert table.shape[:2] == (3, 30), name
        assert table.dtype == np.int64
    assert week_dates(settled)[0] == START
    assert len(week_dates(settled)) == 24


def test_without_policies_there_is_one_ladder_and_nothing_to_earn() -> None:
    settled = of()
    assert settled.ladders.tolist() == [list(NO_LADDER)]
    carded = {"base", "demand", "gated", "seats", "uptake", "credit_age", "courtesy_star"}      # from cards and seasons
    for name in Weekly._fields:
        if name not in carded:
            assert (getattr(settled.weekly, name) == neutral(name)).all(), name


def test_the_later_start_wins_whatever_the_order_in_the_file() -> None:
    first, second = TrainingGate(gated_share=0.2), TrainingGate(gated_share=0.8, start_week=5)
    for order in ((first, second), (second, first)):
        gated = of(*order).weekly.gated[0]
        assert gated[WARMUP] == round(0.2 * 65536)
        assert (gated[WARMUP + 5 :] == round(0.8 * 65536)).all()


def test_with_equal_starts_the_one_with_fewer_districts_wins() -> None:
    everywhere, here = TrainingGate(gated_share=0.2), TrainingGate(gated_share=0.8, districts=["D02"])
    for order in ((everywhere, here), (here, everywhere)):
        gated = of(*order).weekly.gated[:, WARMUP]
        assert gated.tolist() == [round(0.2 * 65536), round(0.8 * 65536), round(0.2 * 65536)]


def test_a_policy_that_ends_gives_way_to_the_one_still_running() -> None:
    long, short = Stars(thresholds=[10]), Stars(thresholds=[1], start_week=5, end_week=9)
    settled = of(long, short)
    first_step = settled.ladders[settled.weekly.ladder[0, :, 0]][:, 0]
    assert (first_step[WARMUP : WARMUP + 5] == 40).all()
    assert (first_step[WARMUP + 5 : WARMUP + 9] == 4).all()
    assert (first_step[WARMUP + 9 :] == 40).all()


def test_equal_ladders_share_a_row() -> None:
    settled = of(Stars(thresholds=[1, 2], districts=["D01"]), Stars(thresholds=[1, 2], start_week=4, districts=["D02"]))
    assert len(settled.ladders) == 2


def test_the_order_of_application_is_start_then_places_then_text() -> None:
    def planned(start: int, districts: tuple[str, ...], share: float = 0.1) -> ScheduledPolicy:
        return ScheduledPolicy("training_gate", start, 20, districts, {"gated_share": share})

    everywhere, late, here = planned(2, ("D01", "D02")), planned(3, ("D01", "D02")), planned(2, ("D01",))
    twins = planned(2, ("D01",), 0.1), planned(2, ("D01",), 0.2)
    assert sorted([late, here, everywhere], key=precedence) == [everywhere, here, late]
    assert sorted(twins, key=precedence) == sorted(twins, key=precedence)


def test_an_edit_for_a_thousand_residents_follows_the_size_of_the_district() -> None:
    base, pushed = of(), of(TrainingGate(seats=40.0, start_week=4, end_week=6, districts=["D02"]))
    residents = alone(town(), 1)[0].district.residents
    assert pushed.weekly.seats[1, WARMUP + 4 : WARMUP + 6].tolist() == [40 * 1024 * residents // 1000] * 2
    assert np.array_equal(pushed.weekly.seats[[0, 2]], base.weekly.seats[[0, 2]])
    assert np.array_equal(pushed.weekly.seats[1, WARMUP + 6 :], base.weekly.seats[1, WARMUP + 6 :])


def test_training_before_duty_never_asks_for_less_nor_offers_less_than_there_is() -> None:
    """`gated`, `seats` and `uptake` meet what there is without policy by the larger of both."""
    base, low = of(), of(TrainingGate(gated_share=0.0, seats=0.0, uptake=0.0))
    for name in ("gated", "seats", "uptake"):
        assert np.array_equal(getattr(low.weekly, name), getattr(base.weekly, name)), name


def test_a_sheet_marks_what_a_lever_says_and_the_later_policy_stands() -> None:
    weekly = empty_weekly(values(), [alone(town(), i)[0].district for i in range(3)], 10, 2)
    sheet = Sheet(weekly.base.shape)
    everywhere, weeks = np.arange(3), np.arange(10)
    sheet.write(Edit("show", 50), 50, everywhere, weeks, [0, 1])
    sheet.write(Edit("show", 80), 80, np.array([1]), np.array([4, 5]), [1])
    sheet.write(Edit("online", (1, 2, 3)), np.array([1, 2, 3]), np.array([2]), np.array([0, 1, 2]), [0, 1])
    weekly.show[:] = 7
    sheet.merge(weekly)
    assert weekly.show[1, 4].tolist() == [57, 87]
    assert weekly.show[0].min() == weekly.show[0].max() == 57
    assert weekly.online[2, :4].tolist() == [1, 2, 3, 0]
    assert not weekly.online[:2].any()
    assert not weekly.heard.any(), "a table that no lever names is left alone"


def test_a_calmer_year_loses_of_its_peaks_only() -> None:
    season = demand_season(START, range(-6, 24), town().values)
    usual = of().weekly.demand
    assert np.array_equal(usual, np.tile(season, (3, 1)))
    assert season.max() > 0


def test_points_lapse_on_the_31_december_of_each_year_in_the_policy() -> None:
    scenario = town(weeks=125, residents=200, districts=1, policies=(Points(expiry=1, start_week=20),))
    expire = alone(scenario)[1].weekly.expire[0]
    found = np.flatnonzero(expire) - WARMUP
    assert len(found) == 2                       # 2026 and 2027; the first New Year comes before the start
    assert found.min() >= 20
    assert found[1] - found[0] in (52, 53)


def test_menu_weights_fall_with_distance_between_quarters_and_rise_with_fit() -> None:
    lookups = settle_lookups(values(), 300)
    assert lookups.menu_fit[0] == 65536
    assert lookups.menu_fit[1] / 65536 == pytest.approx(math.exp(0.5 / 0.4), rel=2e-3)
    weights = lookups.menu_quarter[:, :4]
    assert np.array_equal(weights, weights.T)
    assert weights[0, 0] > weights[0, 1] == weights[0, 2] > weights[0, 3]
    assert weights[0, 1] / 65536 == pytest.approx(math.exp(-0.15 * 1.5 / 0.4), rel=2e-2)


def test_a_scenario_settled_twice_is_the_same() -> None:
    scenario, city = scenario_of("lively"), city_named("lively")
    one, other = settle(scenario, city), settled_of("lively")
    assert one.params == other.params
    assert all(np.array_equal(a, b) for a, b in zip(one.weekly, other.weekly, strict=True))
    assert NEVER < -WARMUP


def test_districts_drift_apart_by_their_momentum_where_the_card_says_so() -> None:
    scenario = town({"places.growth": 1.0}, districts=3, weeks=98)
    city = city_of(scenario.world, scenario.warmup_weeks, scenario.values)
    drift = settle(scenario, city).weekly.base - settle(town(districts=3, weeks=98), city).weekly.base
    momentum = np.array([unit.district.momentum for unit in city])
    assert not drift[:, 0].any()
    assert np.array_equal(drift[:, 52, 0], 1024 * (momentum - 32768) >> 16)
    assert np.array_equal(np.argsort(drift[:, -1, 0]), np.argsort(momentum))
    assert (np.diff(np.abs(drift[:, :, 0]), axis=1) >= 0).all() or (momentum == 32768).any()


def test_a_selective_roll_out_goes_to_places_that_grow_anyway() -> None:
    """With a lever that does nothing, the chosen districts still gain on the others: that is the bias to study."""
    growth = {"places.growth": 1.0}
    plan = vsim.Stars(thresholds=[5000], start_week=20, rollout=Rollout(order="selective", number=6))
    scenario = town(growth, residents=12 * 400, districts=12, weeks=72, policies=(plan,))
    run = simulate(scenario, SEED)
    chosen = {code for policy in run.settled.policies for code in policy.districts}
    weekly = run.weekly("district")
    late = weekly["week"] >= 46
    inside = weekly["district"].isin(chosen)
    wanted = weekly["willing"]
    gained = [wanted[late & side].sum() / wanted[~late & side].sum() for side in (inside, ~inside)]
    assert len(chosen) == 6
    assert gained[0] > 1.05 * gained[1]


def test_what_no_district_changes_is_settled_once_and_not_shared_with_other_cards() -> None:
    one, same, other = town(), town(), town({"demand.peak_december": 0.9, "choice.extra_mean": 0.5})
    assert fixed_of(one) is fixed_of(same)
    assert fixed_of(one) is not fixed_of(other)
    assert not np.array_equal(fixed_of(one).demand, fixed_of(other).demand)
    assert dict(fixed_of(one).values) == one.values
    assert fixed_of(one).params == settle_params(one.values)
    assert fixed_of(one.for_weeks(one.weeks + 4)).demand.size == fixed_of(one).demand.size + 4


def test_the_small_tables_are_the_callers_own() -> None:
    first = lookups_of(town(), 300)
    for mine, fresh in zip(first, settle_lookups(town().values, 300), strict=True):
        assert np.array_equal(mine, fresh)
        assert mine.flags.writeable == fresh.flags.writeable, "kernels are compiled for one of the two"
    first.extra[:] = 0
    first.menu_quarter[:] = 0
    pairs = zip(lookups_of(town(), 300), settle_lookups(town().values, 300), strict=True)
    assert all(np.array_equal(mine, fresh) for mine, fresh in pairs)


def test_a_district_settled_alone_has_the_tables_it_has_among_all() -> None:
    some = [Points(per_hour=2.0, districts=["D02", "D03"], start_week=3), Stars(start_week=5, districts=["D01", "D02"])]
    scenario = town(policies=tuple(some))
    units = city_of(scenario.world, scenario.warmup_weeks, scenario.values)
    policies = in_force(scenario, [unit.district for unit in units])
    whole = settle(scenario, units)
    for place, unit in enumerate(units):
        own = settle(scenario, [unit], policies=policies)
        for name in Weekly._fields:
            assert np.array_equal(getattr(own.weekly, name)[0], getattr(whole.weekly, name)[place]), name
        assert own.place(unit) == 0
