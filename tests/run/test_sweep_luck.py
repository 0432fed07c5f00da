"""What pairing saves, held against arms that were truly run under lucks of their own."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.cli.small import scenarios, town_study
from vsim.errors import UsageError
from vsim.run.compare import compare
from vsim.run.sweep_luck import luck, luck_of, needed, reaches
from vsim.spec.policy import Policy
from vsim.spec.reforms import reform
from vsim.spec.scenario import load_scenario

KEYS = ["hours", "registered"]


@pytest.mark.slow
def test_the_spread_of_own_lucks_is_that_of_arms_that_had_them() -> None:
    base, pilot = scenarios()
    study = compare(base, pilot, replicates=60, seed=1)
    other = compare(base, pilot, replicates=60, seed=2)
    row = luck_of(study, ["hours"]).iloc[0]
    apart = other.draws("hours")[1] - study.draws("hours")[0]
    assert row["sd_independent"] == pytest.approx(apart.std(ddof=1), rel=0.3)
    pair = study.draws("hours")
    assert row["sd_paired"] == pytest.approx(np.std(pair[1] - pair[0], ddof=1))
    assert row["effect"] == pytest.approx(study.effect("hours").value)
    assert row["ratio"] == pytest.approx((row["sd_independent"] / row["sd_paired"]) ** 2)


def test_as_many_replicates_as_are_needed_give_the_error_that_is_wished_for() -> None:
    row = luck_of(town_study(), ["hours"], relative=0.2).iloc[0]
    se = row["sd_paired"] / math.sqrt(row["paired"])
    assert se <= 0.2 * abs(row["effect"])
    fewer = row["paired"] - 1
    assert fewer == 0 or row["sd_paired"] / math.sqrt(fewer) > 0.2 * abs(row["effect"])


def test_a_policy_without_effect_needs_no_end_of_replicates() -> None:
    base = scenarios()[0]
    row = luck_of(compare(base, base, replicates=3), ["hours"]).iloc[0]
    assert (row["effect"], row["sd_paired"], row["identical"]) == (0, 0, 1)
    assert row["paired"] == row["independent"] == row["ratio"] == math.inf
    assert needed(1.0, math.nan, 0.1) == math.inf


@pytest.mark.slow
def test_a_local_policy_gains_more_by_pairing_than_a_universal_one() -> None:
    base = load_scenario("toy").with_world(type(load_scenario("toy").world)(
        residents=4000, districts=10, prefectures=1, registered_share=0.3)).for_weeks(30)
    table = luck(base, reaches(base, reform("training_gate"), 0.1), ["hours"], replicates=20)
    assert list(table["policy"]) == ["everywhere", "local"]
    assert list(table["districts"]) == [10, 1]
    assert table["ratio"][1] > table["ratio"][0] > 1


def test_a_pilot_is_moved_with_its_own_policies_only() -> None:
    base, pilot = scenarios()
    found = reaches(base, pilot, 0.5)
    assert list(found) == ["everywhere", "local"]                  # as written is local: D01 and D02
    assert found["local"].hash == pilot.hash
    assert [policy.districts for policy in found["everywhere"].policies] == [None] * 4
    three = pilot.with_policies([*pilot.policies[:3], Policy(lever="training_gate", districts=["D03"])])
    assert reaches(base, three, 0.25)["as written"] == three


@pytest.mark.parametrize(("call", "said"), [
    (lambda b, p: reaches(b, b, 0.1), "has no policy"),
    (lambda b, p: reaches(b, p, 0.0), "share of the districts"),
    (lambda b, p: luck_of(compare(b, p, replicates=1), KEYS), "2 or more"),
    (lambda b, p: luck_of(town_study(), KEYS, relative=5), "above 0, below 1"),
])
def test_what_cannot_be_told_is_refused(call: object, said: str) -> None:
    assert callable(call)
    with pytest.raises(UsageError, match=said):
        call(*scenarios())
