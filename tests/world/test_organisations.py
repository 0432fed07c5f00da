"""Organisations: sizes with a long tail, forms and means as on the cards, latent ones last and outside the register."""

from __future__ import annotations

import numpy as np
import pytest

from tests.world.worlds import KEY, economy, land, share_is, town, value_of
from vsim.world.organisations import (
    GOVERNANCE,
    LEGAL_FORMS,
    REGISTERED,
    TEAMS,
    Organisations,
    organisations_of,
)

VALUE = value_of()
MANY = {"residents": 200_000, "organisations__per_thousand": 50.0, "organisations__latent_per_thousand": 10.0}


def many() -> Organisations:
    return economy(**MANY)[0]


def alive() -> np.ndarray:
    return many().latent == 0


def test_the_number_of_organisations_follows_the_residents() -> None:
    assert (economy()[0].latent == 0).sum() == 20
    assert (economy()[0].latent == 1).sum() == 4
    assert (economy(residents=100)[0].latent == 0).sum() == 2
    assert economy(organisations__latent_per_thousand=0.0)[0].weight.size == 20


def test_sizes_have_a_long_tail_and_quality_stays_in_its_range() -> None:
    organisations = many()
    assert organisations.weight.min() >= 1
    share = np.sort(organisations.weight[alive()])[::-1]
    assert share[: share.size // 10].sum() > 0.5 * share.sum()
    assert ((organisations.quality >= 0) & (organisations.quality <= 65536)).all()
    assert organisations.quality.mean() / 65536 == pytest.approx(0.6, abs=0.02)
    assert set(organisations.field.tolist()) == set(range(8))


def test_legal_forms_have_their_shares_and_few_are_registered() -> None:
    form = many().form[alive()]
    for index, name in enumerate(LEGAL_FORMS):
        if name != "unregistered":
            share_is(form == index, VALUE[f"organisations.form_{name}"])
    assert 0.02 < np.isin(form, REGISTERED).mean() < 0.08
    assert (many().form[~alive()] == LEGAL_FORMS.index("unregistered")).all()


def test_governance_rises_with_quality_and_in_registered_forms() -> None:
    organisations = many()
    bits = organisations.governance[:, None] >> np.arange(len(GOVERNANCE)) & 1
    items = bits.sum(axis=1)
    assert organisations.governance.max() < 1 << len(GOVERNANCE)
    team = ~np.isin(organisations.form, REGISTERED)
    above = organisations.quality / 65536 - VALUE["organisations.quality_mean"]
    chance = np.clip(VALUE["organisations.governance_mean"] + VALUE["organisations.governance_slope"] * above, 0, 1)
    assert items[team].mean() / 10 == pytest.approx(chance[team].mean(), abs=0.01)
    assert np.polyfit(above[team], items[team] / 10, 1)[0] == pytest.approx(1, abs=0.08)
    assert items[~team].mean() > items[team].mean() + 1
    assert np.abs(np.corrcoef(bits[:, 0], bits[:, 9])[0, 1]) < 0.15


def test_the_federation_platforms_and_hosts_have_their_shares() -> None:
    value = {**MANY, "organisations__platform_b": 0.25, "organisations__platform_c": 0.1}
    organisations = economy(**value)[0]
    live = organisations.latent == 0
    share_is(organisations.federated[live] == 1, VALUE["organisations.federated"])
    assert not organisations.federated[~live].any()
    share_is(organisations.platform == 1, 0.25)
    share_is(organisations.platform == 2, 0.1)
    assert not many().platform.any(), "one platform unless a scenario has more"
    share_is(organisations.host >= 0, VALUE["organisations.hosted"])
    assert organisations.host.max() == 3
    assert organisations.host.min() == -1


def test_leaders_grow_with_size_and_only_staffed_forms_have_coordinators() -> None:
    organisations = many()
    order = np.argsort(organisations.weight)
    assert (np.diff(organisations.leaders[order]) >= 0).all()
    assert organisations.leaders.min() == 1
    median = organisations.leaders[(organisations.weight > 1000) & (organisations.weight < 1050)]
    assert abs(median.mean() - VALUE["organisations.leaders_median"]) < 0.6
    assert not organisations.coordinators[np.isin(organisations.form, TEAMS)].any()
    staffed = ~np.isin(organisations.form, TEAMS)
    per = organisations.coordinators[staffed].sum() / organisations.leaders[staffed].sum() / 10
    assert per == pytest.approx(VALUE["organisations.coordinators"], abs=0.01)


def test_cash_is_that_of_the_form_for_each_leader_in_fen() -> None:
    organisations = many()
    each = organisations.cash // organisations.leaders
    for name, card in (("association", "registered"), ("institution", "registered"), ("foundation", "foundation"),
                       ("filed", "team"), ("unregistered", "team"), ("school", "unit"), ("firm", "unit")):
        found = each[organisations.form == LEGAL_FORMS.index(name)]
        assert (found == round(100 * VALUE[f"organisations.cash_{card}"])).all(), name


def test_latent_organisations_come_last_small_and_change_nobody_else() -> None:
    organisations = many()
    assert (np.diff(organisations.latent) >= 0).all()
    assert np.median(organisations.weight[~alive()]) == pytest.approx(1024, rel=0.1)
    assert organisations.weight[~alive()].mean() < 0.3 * organisations.weight[alive()].mean()
    without = economy(**{**MANY, "organisations__latent_per_thousand": 0.0})[0]
    for name in Organisations._fields:
        assert np.array_equal(getattr(organisations, name)[alive()], getattr(without, name)), name


def test_an_organisation_is_the_same_whatever_stands_behind_it() -> None:
    few, more = economy(), economy(organisations__per_thousand=8.0)
    for name in ("weight", "quality", "field", "form", "governance", "leaders", "cash"):
        assert np.array_equal(getattr(few[0], name)[:20], getattr(more[0], name)[:20]), name


def test_districts_have_organisations_of_their_own() -> None:
    districts = land(4000, 2)
    _, _, stations = town()
    one, other = (organisations_of(KEY, district, stations, VALUE) for district in districts)
    assert not np.array_equal(one.weight[:8], other.weight[:8])
