"""Organisations and sources: sizes with a long tail, needs sized as on the card, one identity under every policy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import world_of, z_score
from vsim.rng import stream_key
from vsim.spec.cards import values
from vsim.world.city import districts_of
from vsim.world.organisations import Organisations, Sources, organisations_of, sources_of
from vsim.world.places import stations_of

KEY = stream_key(1)


def make(residents: int = 4000, **changes: float) -> tuple[Organisations, Sources]:
    value = {**values(), **{key.replace("__", "."): item for key, item in changes.items()}}
    district = districts_of(world_of(residents, 1, 0.2), value)[0]
    organisations = organisations_of(KEY, district, value)
    return organisations, sources_of(KEY, district, stations_of(KEY, district, 1), organisations, value)


def test_the_number_of_organisations_follows_the_residents() -> None:
    assert make()[0].weight.size == 20
    assert make(residents=100)[0].weight.size == 2


def test_sizes_have_a_long_tail_and_quality_stays_in_its_range() -> None:
    organisations, _ = make(residents=40_000, organisations__per_thousand=50)
    assert organisations.weight.min() >= 1
    share = np.sort(organisations.weight)[::-1]
    assert share[: share.size // 10].sum() > 0.5 * share.sum()
    assert ((organisations.quality >= 0) & (organisations.quality <= 65536)).all()
    assert organisations.quality.mean() / 65536 == pytest.approx(0.6, abs=0.02)
    assert set(organisations.field.tolist()) == set(range(8))


@examples(max_examples=30)
@given(st.floats(0.05, 60), st.floats(0, 1), st.floats(0.05, 1))
def test_expected_needs_are_those_of_the_card(tasks: float, share: float, rate: float) -> None:
    _, sources = make(demand__tasks=tasks, demand__recurring_share=share, demand__recurring_rate=rate)
    expected = 4 * tasks
    rounding = max(1.0, rate)
    assert sources.rate.sum() / 2**32 == pytest.approx(expected, abs=max(rounding, 0.02 * expected))
    assert (sources.rate >= 0).all()
    assert (sources.rate <= 1 << 32).all()


def test_single_sources_are_rare_events_so_the_weekly_count_is_close_to_poisson() -> None:
    _, sources = make(demand__tasks=20.0, demand__recurring_share=0.0)
    p = sources.rate / 2**32
    assert (p * (1 - p)).sum() / p.sum() > 0.85


def test_a_source_belongs_to_one_station_and_organisation_and_keeps_their_facts() -> None:
    organisations, sources = make(demand__tasks=30.0)
    assert len(np.unique(sources.ids)) == sources.ids.size
    assert np.array_equal(sources.quality, organisations.quality[sources.organisation])
    assert ((sources.organisation >= 0) & (sources.organisation < organisations.weight.size)).all()
    assert np.array_equal(sources.quarter, sources.station % 4)
    counts = np.bincount(sources.station)
    assert np.ptp(counts) <= 1, "stations get their sources in turn"


def test_larger_organisations_run_more_sources_and_half_are_in_their_own_field() -> None:
    organisations, sources = make(residents=20_000, demand__tasks=30.0)
    found = np.bincount(sources.organisation, minlength=organisations.weight.size)
    expected = sources.ids.size * organisations.weight / organisations.weight.sum()
    assert np.corrcoef(found, expected)[0, 1] > 0.98
    own = (sources.field == organisations.field[sources.organisation]).sum()
    p = 0.5 + 0.5 / 8
    assert abs(z_score(own, sources.ids.size * p, sources.ids.size * p * (1 - p))) < 4


def test_sources_of_neighbouring_districts_share_no_id() -> None:
    value = {**values(), "demand.tasks": 200.0, "demand.recurring_rate": 0.05, "demand.recurring_share": 1.0}
    ids = []
    for district in districts_of(world_of(400, 4, 0.2), value):
        organisations = organisations_of(KEY, district, value)
        ids.append(sources_of(KEY, district, stations_of(KEY, district, 1), organisations, value).ids)
    joined = np.concatenate(ids)
    assert len(np.unique(joined)) == joined.size
