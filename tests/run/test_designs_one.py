"""Stars, bunching, a lottery of stations, doses and two cohorts: what the truths are, and how each design fails."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vsim.evaluate.answers import bias
from vsim.run.designs import DESIGNS, dose, double_cohort, goal_bunching, star_cutoff, station_lottery
from vsim.run.designs.kinds import covered, person_hours, run, small, under
from vsim.run.run import Run
from vsim.spec.groups import bit
from vsim.spec.policy import Policy

pytestmark = pytest.mark.slow
STAR_WORLD = {**star_cutoff.NO_ERRORS, **star_cutoff.APART, **star_cutoff.STEADY, **star_cutoff.STRIVING,
              **star_cutoff.TITLE}
PULL_WORLD = {**goal_bunching.NO_ERRORS, **goal_bunching.APART, **goal_bunching.STEADY, **goal_bunching.ALONE}


def verified(made: Run) -> np.ndarray:
    return np.concatenate([end.state.verified for end in made.ends]) / 4


def test_the_running_variable_of_the_star_is_the_register_of_the_day_and_a_surprise_moves_nobody_before() -> None:
    frame = DESIGNS["star_cutoff"].draw(4, True).frame
    plain = run(small(star_cutoff.RESIDENTS, star_cutoff.DISTRICTS, star_cutoff.DAY + 1, STAR_WORLD, 0), 4)
    assert frame["verified"].tolist() == verified(plain).tolist()
    assert frame["starred"].sum() == (verified(plain) >= star_cutoff.CUTOFF).sum() > 0


def test_exactly_those_at_or_above_the_cutoff_get_the_title() -> None:
    base = small(star_cutoff.RESIDENTS, star_cutoff.DISTRICTS, star_cutoff.DAY + 4, STAR_WORLD, 0)
    day = star_cutoff.DAY
    made = run(under(base, Policy(lever="stars", start_week=day, end_week=day + 1,
                                  values={"thresholds": [star_cutoff.CUTOFF]}),
                     Policy(lever="stars", start_week=day + 1, values={"thresholds": [star_cutoff.FAR_OFF]})), 4)
    star = np.concatenate([end.state.star for end in made.ends])
    before = person_hours(made) - person_hours(made, day + 1)
    assert ((star == 1) == (before >= star_cutoff.CUTOFF)).all()


def test_striving_for_the_title_brings_more_people_to_it_and_rest_after_it() -> None:
    surprise, striven = (DESIGNS["star_cutoff"].draw(2, holds).frame for holds in (True, False))
    assert striven["starred"].sum() > 1.2 * surprise["starred"].sum()
    assert striven.loc[striven["starred"] == 1, "hours"].mean() < surprise.loc[surprise["starred"] == 1, "hours"].mean()


def test_a_star_that_pulls_nobody_is_as_no_star() -> None:
    world = {**PULL_WORLD, "stars.goal": 0.0}
    base = small(goal_bunching.RESIDENTS, goal_bunching.DISTRICTS, goal_bunching.WEEKS, world, 0)
    star = Policy(lever="stars", values=goal_bunching.STAR)
    assert person_hours(run(under(base, star), 3)).tolist() == person_hours(run(base, 3)).tolist()


def test_the_half_with_the_star_is_drawn_by_lot_and_the_truth_is_that_of_all_with_it() -> None:
    drawn = DESIGNS["goal_bunching"].draw(3, True)
    base = small(goal_bunching.RESIDENTS, goal_bunching.DISTRICTS, goal_bunching.WEEKS, PULL_WORLD, 0)
    hours = [person_hours(run(under(base, *policies), 3)) for policies in (
        (Policy(lever="stars", values=goal_bunching.STAR),), ())]
    low, high = goal_bunching.CUTOFF, goal_bunching.CUTOFF + goal_bunching.ABOVE * goal_bunching.WIDTH
    here, without = (sum(low <= one < high for one in each.tolist()) for each in hours)
    assert drawn.truth.value == pytest.approx(goal_bunching.ABOVE * (here - without) / without)
    assert drawn.frame["star"].mean() == pytest.approx(0.5, abs=0.05)


def test_stations_everywhere_bring_hours_and_the_station_alone_moves_no_experience() -> None:
    lottery = DESIGNS["station_lottery"]
    alone, with_answers = (lottery.draw(2, holds) for holds in (True, False))
    assert alone.truth == with_answers.truth
    assert alone.frame["station"].sum() == station_lottery.DISTRICTS // 2
    assert alone.frame["hours"].tolist() == with_answers.frame["hours"].tolist()
    won = alone.frame["station"] == 1
    assert alone.frame.loc[won, "hours"].mean() > 1.3 * alone.frame.loc[~won, "hours"].mean()
    lifted = with_answers.frame["satisfaction"] - alone.frame["satisfaction"]
    assert (lifted[won] > 0).all()
    assert (lifted[~won] == 0).all()


def test_the_arms_of_a_dose_are_thirds_and_each_has_its_weight() -> None:
    frame = DESIGNS["dose"].draw(5, True).frame
    assert frame["arm"].value_counts(normalize=True).to_dict() == pytest.approx(
        dict.fromkeys(("none", "small", "large"), 1 / 3), abs=0.04)
    means = frame.groupby("arm")["hours"].mean()
    assert means["none"] < means["small"] < means["large"]


@pytest.mark.parametrize("holds", [True, False])
def test_the_register_of_a_dose_is_true_only_where_claims_are_checked(holds: bool) -> None:
    base = small(dose.RESIDENTS, dose.DISTRICTS, dose.WEEKS,
                 {**dose.NO_ERRORS, **dose.APART, **dose.STEADY, **dose.STAKES}, 0)
    values = {"hours": dose.MOST, "verification": float(holds), "weight": dose.LARGE}
    made = run(under(base, Policy(lever=dose.LEVER, share=0.5, salt=1, values=values)), 2)
    more, on = dose.recorded(made) - person_hours(made), covered(made)
    assert (more[on == 0] == 0).all()
    assert (more.sum() == 0) == holds
    assert (more >= 0).all()


def test_the_truth_of_two_cohorts_is_that_of_students_and_the_older_have_no_requirement() -> None:
    drawn = DESIGNS["double_cohort"].draw(2, True)
    one = double_cohort
    weeks = one.BEFORE + one.LASTS + one.AFTER
    base = small(one.RESIDENTS, one.DISTRICTS, weeks, {**one.APART, **one.STEADY, **one.LEVEL}, one.RUN_UP)
    end = one.BEFORE + one.LASTS
    made = run(under(base, Policy(lever=one.LEVER, start_week=one.BEFORE, end_week=end, groups=["students"],
                                  values={"hours": one.ASKED})), 2)
    student = np.concatenate([(unit.people.groups & bit("students")) > 0 for unit in made.city])
    gained = person_hours(made, end) - person_hours(run(base, 2), end)
    assert drawn.truth.value == pytest.approx(gained[student].mean())
    assert drawn.truth.value < 0
    assert abs(gained[~student].mean()) < 0.1 * abs(gained[student].mean())
    assert drawn.frame.groupby("student")["before"].count().tolist() == [one.DISTRICTS] * 2


@pytest.mark.parametrize("name", ["station_lottery", "dose", "double_cohort", "goal_bunching"])
def test_a_few_draws_show_the_predicted_bias_where_the_assumption_fails(name: str) -> None:
    design = DESIGNS[name]
    entrant = design.entrants[0]
    errors = {}
    for holds in (True, False):
        drawn = [design.draw(seed, holds) for seed in range(11, 17)]
        errors[holds] = pd.Series([bias(entrant.estimate(one.frame), one.truth) for one in drawn])
    assert (errors[False] * design.sign).mean() > 0
    assert abs(errors[True].mean()) < abs(errors[False].mean())
