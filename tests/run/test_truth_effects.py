"""Estimands that follow from one another do; a policy without effect gives nought exactly; nothing moves before it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.run.truth_brute import HALF, OATH, SEED, START, WIDTH, plain_town
from vsim.errors import UsageError
from vsim.levers.pledge import Pledge
from vsim.levers.service_learning import ServiceLearning
from vsim.run.truth_arms import NEVER, full_roll_out
from vsim.run.truth_cohorts import dynamic, group_time, spillover_by_contacts, spillover_by_share
from vsim.run.truth_effects import ESTIMANDS, Truths
from vsim.run.truth_people import OUTCOMES, Windows, usual_width
from vsim.run.truth_twins import truths

REPLICATES = 2
STEPS = (ServiceLearning(required=1.0, start_week=4, groups=["women"]),
         ServiceLearning(required=1.0, start_week=8, groups=["men"]))


@cache
def found() -> Truths:
    return truths(plain_town(), plain_town(HALF, OATH), replicates=REPLICATES, seed=SEED, window=WIDTH, flips=4)


@cache
def staged() -> Truths:
    return truths(plain_town(), plain_town(*STEPS), replicates=REPLICATES, seed=SEED, window=WIDTH)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_overall_effect_is_made_up_of_the_treated_and_the_others(outcome: str) -> None:
    treated = found().number(found().treated())
    everybody = found().number(np.broadcast_to(np.arange(4) >= START // WIDTH, found().treated().shape))
    att, spill, overall = (found().draws(name, outcome) for name in ("att", "spillover", "overall"))
    assert overall * everybody == pytest.approx(att * treated + spill * (everybody - treated))


def test_total_is_direct_and_wedge_and_the_flips_say_which() -> None:
    flips = found().sums.flips
    assert flips is not None
    for r in range(REPLICATES):
        top = bottom = moved = weights = 0.0
        for k in np.flatnonzero(flips.replicate == r).tolist():
            own, other = (int(part[k, START // WIDTH :, 0].sum()) for part in (flips.rollout, flips.flipped))
            gain = own - other if flips.covered[k] else other - own
            everybody, nobody = (int(part[k, START // WIDTH :, 0].sum()) for part in (flips.everybody, flips.nobody))
            top += flips.weight[k] * (everybody - nobody - gain) / 4
            bottom += flips.weight[k] * (4 - START // WIDTH)
            if flips.covered[k]:
                moved += flips.weight[k] * (other - nobody) / 4
                weights += flips.weight[k] * (4 - START // WIDTH)
        assert found().draws("wedge")[r] == pytest.approx(top / bottom)
        assert found().draws("direct")[r] == pytest.approx(found().draws("total")[r] - top / bottom)
        assert found().draws("indirect")[r] == pytest.approx(moved / weights)


def test_a_policy_without_effect_gives_nought_in_every_estimand() -> None:
    idle = truths(plain_town(), plain_town(Pledge(chance=0.0, start_week=START, share=0.5)), replicates=REPLICATES,
                  seed=SEED, window=WIDTH, flips=3)
    for outcome in OUTCOMES:
        for estimand in ESTIMANDS:
            if estimand != "displacement":                    # nothing lost over nothing gained
                assert not idle.draws(estimand, outcome).any()
    assert np.isnan(idle.effect("displacement").value)


def test_nothing_moves_before_the_policy() -> None:
    for sums in found().sums.sums.values():
        assert np.array_equal(sums[:, :, : START // WIDTH], found().sums.sums["0"][:, :, : START // WIDTH])
    late = found().sums.sums["z"][:, :, START // WIDTH :]
    assert not np.array_equal(late, found().sums.sums["0"][:, :, START // WIDTH :])


@pytest.mark.parametrize("outcome", ["hours", "stayed"])
def test_cells_of_cohorts_add_up_to_the_att_and_each_is_own_and_others(outcome: str) -> None:
    table = group_time(staged(), outcome)
    whole = table[table["part"] == "effect"]
    assert whole["weight"].sum() == pytest.approx(1.0)
    assert (whole["weight"] * whole["value"]).sum() == pytest.approx(staged().effect("att", outcome).value)
    own = table[table["part"] == "own"]
    assert (own["weight"] * own["value"]).sum() == pytest.approx(staged().effect("att_own", outcome).value)
    parts = table.pivot_table(index=["cohort", "window"], columns="part", values="value")
    assert parts["effect"].tolist() == pytest.approx((parts["own"] + parts["others"]).tolist(), abs=1e-12)


def test_the_event_study_weighs_cohorts_as_it_says() -> None:
    cells = group_time(staged(), "hours").query("part == 'effect'").set_index(["cohort", "since"])
    sizes = {cohort: float(staged().number(staged().treated(cohort) & (np.arange(4) == 3)).mean()) for cohort in (4, 8)}
    by_size, alike, balanced = dynamic(staged()), dynamic(staged(), weights="equal"), dynamic(staged(), balanced=True)
    for since in (0, 1):
        one, other = cells.loc[(4, since), "value"], cells.loc[(8, since), "value"]
        mean = (sizes[4] * one + sizes[8] * other) / (sizes[4] + sizes[8])
        assert by_size["value"][since] == pytest.approx(mean)
        assert alike["value"][since] == pytest.approx((one + other) / 2)
    assert by_size["cohorts"].tolist() == ["4, 8", "4, 8", "4"]
    assert balanced["since"].tolist() == [0, 1]
    assert by_size["value"][2] == pytest.approx(cells.loc[(4, 2), "value"])


def test_the_tables_of_spill_over_split_the_untreated_and_nobody_else() -> None:
    for table in (spillover_by_contacts(found()), spillover_by_share(found())):
        assert table["residents"].sum() == sum(int((cohort == NEVER).sum()) for cohort in found().arms.cohort)
        assert (table["residents"] * table["value"]).sum() / table["residents"].sum() == pytest.approx(
            found().effect("spillover").value)
    assert spillover_by_contacts(found())["contacts"].max() > 2
    assert spillover_by_contacts(staged()).empty


def test_contacts_who_are_covered_are_counted_one_by_one() -> None:
    unit, cohort = found().arms.city[0], found().arms.cohort[0]
    by_hand = [sum(cohort[other] != NEVER for other in contacts if other != person)
               for person, contacts in enumerate(unit.ties.tolist())]
    seen = {s.contacts for s in found().sums.strata if s.district == 0}
    assert seen == set(by_hand)


def test_the_full_roll_out_lifts_shares_places_and_steps_and_keeps_groups() -> None:
    pilot = plain_town(ServiceLearning(required=1.0, start_week=6, end_week=12, share=0.3, groups=["women"]),
                       ServiceLearning(required=1.0, start_week=4, end_week=10, districts=["D02"], groups=["women"]))
    (policy,) = full_roll_out(plain_town(), pilot).schedule()
    assert (policy.start_week, policy.end_week, policy.share, policy.groups) == (4, 12, 1.0, ("women",))
    assert policy.districts == plain_town().districts


def test_a_window_divides_the_run_and_four_weeks_are_usual() -> None:
    assert (usual_width(16), usual_width(26)) == (4, 26)
    assert [Windows(16, 4).holding(week) for week in (-3, 0, 3, 4, 15)] == [0, 0, 0, 1, 3]


def test_estimands_that_were_not_run_or_have_nobody_are_refused() -> None:
    with pytest.raises(UsageError, match="needs flipped residents; call truths with flips=20"):
        staged().effect("direct")
    with pytest.raises(UsageError, match="Did you mean 'total'"):
        found().effect("totl")
    with pytest.raises(UsageError, match="Did you mean 'hours'"):
        found().effect("total", "hour")
    everybody = truths(plain_town(), plain_town(Pledge(chance=0.5)), replicates=1, window=WIDTH)
    with pytest.raises(UsageError, match="'spillover' has nobody"):
        everybody.effect("spillover")
    lean = truths(plain_town(), plain_town(*STEPS), replicates=1, window=WIDTH, cohorts=False)
    with pytest.raises(UsageError, match="call truths with cohorts=True"):
        lean.effect("att_own")
    with pytest.raises(UsageError, match="Did you mean 'equal'"):
        dynamic(staged(), weights="equl")                     # type: ignore[arg-type]
    with pytest.raises(UsageError, match="Did you mean 'own'"):
        dynamic(staged(), part="owns")
