"""Sources: sized as on the card, one identity under every policy, in the fields of the policy text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.world.worlds import KEY, economy, land, share_is, town, value_of, z_score
from vsim.world.communities import communities_of, community_at
from vsim.world.organisations import Sources, organisations_of
from vsim.world.people import FIELDS
from vsim.world.sources import (
    AREA_OF,
    BENEFICIARIES,
    LATENT_SOURCES,
    MODES,
    SERVED_BY,
    SERVICE_FIELDS,
    SKILL_OF,
    sources_of,
)
from vsim.world.stations import opened, stations_of

VALUE = value_of()
MUCH = {"residents": 20_000, "demand__tasks": 60.0}


def ordinary(**changes: float) -> np.ndarray:
    organisations, sources = economy(**changes)
    return organisations.latent[sources.organisation] == 0


@examples(max_examples=30)
@given(st.floats(0.05, 60), st.floats(0, 1), st.floats(0.05, 1))
def test_expected_needs_are_those_of_the_card(tasks: float, share: float, rate: float) -> None:
    changes = {"demand__tasks": tasks, "demand__recurring_share": share, "demand__recurring_rate": rate}
    organisations, sources = economy(**changes)
    expected = 4 * tasks
    rounding = max(1.0, rate)
    rates = sources.rate[organisations.latent[sources.organisation] == 0]
    assert rates.sum() / 2**32 == pytest.approx(expected, abs=max(rounding, 0.02 * expected))
    assert (sources.rate >= 0).all()
    assert (sources.rate <= 1 << 32).all()


def test_single_sources_are_rare_events_so_the_weekly_count_is_close_to_poisson() -> None:
    _, sources = economy(demand__tasks=20.0, demand__recurring_share=0.0)
    p = sources.rate / 2**32
    assert (p * (1 - p)).sum() / p.sum() > 0.85


def test_a_source_belongs_to_one_open_station_and_one_organisation_and_keeps_their_facts() -> None:
    organisations, sources = economy(demand__tasks=30.0)
    _, _, stations = town(4000)
    assert len(np.unique(sources.ids)) == sources.ids.size
    assert np.array_equal(sources.quality, organisations.quality[sources.organisation])
    assert ((sources.organisation >= 0) & (sources.organisation < organisations.weight.size)).all()
    assert np.isin(sources.station, opened(stations)).all()
    for name in ("x", "y", "quarter"):
        assert np.array_equal(getattr(sources, name), getattr(stations, name)[sources.station]), name
    counts = np.bincount(sources.station[ordinary(demand__tasks=30.0)])
    assert np.ptp(counts) <= 1, "stations get their sources in turn"


def test_larger_organisations_run_more_sources_and_half_are_in_their_own_field() -> None:
    changes = {"residents": 20_000, "demand__tasks": 30.0}
    organisations, sources = economy(**changes)
    mine = ordinary(**changes)
    weight = np.where(organisations.latent == 0, organisations.weight, 0)
    found = np.bincount(sources.organisation[mine], minlength=weight.size)
    assert np.corrcoef(found, mine.sum() * weight / weight.sum())[0, 1] > 0.98
    own = (sources.field == organisations.field[sources.organisation])[mine].sum()
    p = 0.5 + 0.5 / 8
    assert abs(z_score(own, mine.sum() * p, mine.sum() * p * (1 - p))) < 4


def test_latent_organisations_have_small_sources_of_their_own_at_the_end() -> None:
    organisations, sources = economy(**MUCH)
    latent = organisations.latent[sources.organisation] == 1
    assert (np.diff(latent.astype(int)) >= 0).all()
    assert (np.bincount(sources.organisation[latent])[organisations.latent == 1] == LATENT_SOURCES).all()
    assert not sources.recurring[latent].any()
    each = np.bincount(sources.organisation, sources.rate / 2**32)
    live = organisations.latent == 0
    scale = each[live].sum() / organisations.weight[live].sum()
    asked = np.minimum(scale * organisations.weight[~live], LATENT_SOURCES)      # a source gives one task a week
    assert each[~live] == pytest.approx(asked, rel=0.01)
    hosted = latent & (organisations.host[sources.organisation] >= 0)
    assert np.array_equal(sources.station[hosted], organisations.host[sources.organisation][hosted])
    without = economy(**MUCH, organisations__latent_per_thousand=0.0)[1]
    for name in Sources._fields:
        assert np.array_equal(getattr(without, name), getattr(sources, name)[~latent]), name


def test_the_twenty_five_fields_lie_in_the_eight_areas() -> None:
    assert len(SERVICE_FIELDS) == len(set(SERVICE_FIELDS)) == 25
    assert set(AREA_OF.tolist()) == set(range(len(FIELDS)))
    assert SKILL_OF.min() >= 1
    assert set(SKILL_OF.tolist()) == set(range(1, 10)), "each skill group can be asked for"
    assert set(SERVED_BY.tolist()) <= set(range(len(BENEFICIARIES)))
    _, sources = economy(**MUCH)
    assert np.array_equal(AREA_OF[sources.field25], sources.field)
    assert set(sources.field25.tolist()) == set(range(25))
    health = sources.field25[sources.field == FIELDS.index("health")]
    for field in np.flatnonzero(FIELDS.index("health") == AREA_OF):
        share_is(health == field, 1 / 3)


def test_modes_risks_and_skills_have_their_shares() -> None:
    _, sources = economy(**MUCH)
    once, steady = sources.recurring == 0, sources.recurring == 1
    share_is(sources.mode[steady] == MODES.index("paired"), VALUE["sources.paired"])
    share_is(sources.mode[once] == MODES.index("concentrated"), VALUE["sources.concentrated"])
    share_is(sources.mode[once] == MODES.index("menu"), VALUE["sources.menu"])
    assert set(sources.mode[steady].tolist()) == {1, 2}
    emergency = sources.field == FIELDS.index("emergency")
    share_is(sources.risk[~emergency] == 2, VALUE["sources.risk_high"])
    share_is(sources.risk[emergency] == 2, VALUE["sources.risk_high_emergency"])
    share_is(sources.risk == 1, VALUE["sources.risk_middle"])
    share_is(sources.skill > 0, VALUE["sources.skilled_share"])
    asks = sources.skill > 0
    assert np.array_equal(sources.skill[asks], SKILL_OF[sources.field25][asks])
    assert np.array_equal(sources.beneficiary, SERVED_BY[sources.field25])


def test_need_lives_in_the_quarter_of_its_station_over_all_its_communities() -> None:
    _, sources = economy(**MUCH)
    _, communities, _ = town(20_000)
    where = community_at(communities, sources.need_x, sources.need_y)
    assert (communities.quarter[where] == sources.quarter).mean() > 0.98
    counts = np.bincount(where, minlength=communities.x.size)
    assert counts.min() > 0.8 * counts.mean()


def test_sources_of_neighbouring_districts_share_no_id() -> None:
    value = value_of(demand__tasks=200.0, demand__recurring_rate=0.05, demand__recurring_share=1.0,
                     organisations__latent_per_thousand=20.0)
    ids = []
    for district in land(400, 4):
        communities = communities_of(KEY, district, value)
        stations = stations_of(KEY, district, communities, value)
        organisations = organisations_of(KEY, district, stations, value)
        ids.append(sources_of(KEY, district, communities, stations, organisations, value).ids)
    joined = np.concatenate(ids)
    assert len(np.unique(joined)) == joined.size
