"""Settling: cards become integers, seasons and policies become tables, in an order that no file decides."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import LIVELY, START, alone, city_named, scenario_of, settled_of, town, world_of
from vsim.levers import ALL, Points, Stars, TrainingGate
from vsim.levers.base import Edit
from vsim.run.settle import (
    Settled,
    apply,
    awareness,
    log,
    logit,
    precedence,
    settle,
    settle_lookups,
    settle_params,
    settle_weekly,
    week_dates,
)
from vsim.spec.cards import load_cards, values
from vsim.spec.lever_files import lever_file
from vsim.spec.policy import ScheduledPolicy
from vsim.world.city import districts_of, unit_of
from vsim.world.settings import ASKS, NO_LADDER, Params, Weekly
from vsim.world.state import NEVER

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
    districts = [alone(town(residents=150, districts=1))[0].district]
    span, start, world = range(-6, 30), date(2025, 1, 6), world_of(150, 1, 0.5)
    own = {lever.name: lever_file(lever.name).cards for lever in ALL}

    def numbers(value: dict[str, float]) -> list[object]:
        params = settle_params(value)
        unit = unit_of(world, districts_of(world, value)[0], 6, value)
        weekly = settle_weekly(value, districts, start, span)
        edits = [lever.edits({name: card.default for name, card in own[lever.name].items()}, value) for lever in ALL]
        arrays = [*weekly, *unit.people, *unit.sources, *unit.state, unit.ready, unit.join_trait, unit.stations.x]
        return [params, edits, *(array.tobytes() for array in arrays)]

    def small_tables(value: dict[str, float]) -> list[bytes]:
        return [table.tobytes() for table in settle_lookups(value, 300)]

    usual = values(LIVELY)
    lever_settings = {card.key for cards in own.values() for card in cards.values()}
    behaviour = [card for key, card in load_cards().items() if key in usual and key not in lever_settings]
    assert len(behaviour) > 80
    before, tables, idle = numbers(usual), small_tables(usual), []
    for card in behaviour:
        upwards = card.key == "organisations.per_thousand"        # so small a district has two in any case
        moved = {**usual, card.key: card.high if upwards or usual[card.key] == card.low else card.low}
        if numbers(moved) == before and small_tables(moved) == tables:
            idle.append(card.key)
    assert idle == ["places.population_per_resident"], "that one belongs to published tables only"


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
    for name in ("ladder", "points_logit", "points_hour", "crowding", "redeem", "price", "expire", "join"):
        assert not getattr(settled.weekly, name).any(), name


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
    first_step = settled.ladders[settled.weekly.ladder[0]][:, 0]
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
    districts = [alone(town(), i)[0].district for i in range(3)]
    weekly = settle_weekly(values(), districts, START, range(10))
    apply(Edit("seats", 5120, per_thousand=True), weekly, [], np.array([1]), np.array([4, 5]), districts)
    assert weekly.seats[1, 4:6].tolist() == [5120 * districts[1].residents // 1000] * 2
    assert len(set(weekly.seats[0])) == 1


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
    weights = lookups.menu_quarter
    assert np.array_equal(weights, weights.T)
    assert weights[0, 0] > weights[0, 1] == weights[0, 2] > weights[0, 3]
    assert weights[0, 1] / 65536 == pytest.approx(math.exp(-0.15 * 1.5 / 0.4), rel=2e-2)


def test_a_scenario_settled_twice_is_the_same() -> None:
    scenario, city = scenario_of("lively"), city_named("lively")
    one, other = settle(scenario, [unit.district for unit in city]), settled_of("lively")
    assert one.params == other.params
    assert all(np.array_equal(a, b) for a, b in zip(one.weekly, other.weekly, strict=True))
    assert NEVER < -WARMUP
