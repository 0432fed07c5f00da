"""A trial read for another place: with one covariate of 0 and 1 it is the effects of the groups, weighed as there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.evaluate.worlds import luck, two_places
from vsim.errors import DataError
from vsim.evaluate import difference_in_means, transported
from vsim.spec.estimate import Estimate

ROLES = {"outcome": "hours", "treated": "on", "study": "trial"}


def moved(frame: pd.DataFrame) -> Estimate:
    return transported(frame, **ROLES, covariates=["student"])


def places(seed: int, here: float, there: float) -> pd.DataFrame:
    """Two places of 600 where the effect is 1, and 2 for students."""
    chance = luck(seed)
    trial = np.arange(1200) < 600
    student = chance.random(1200) < np.where(trial, here, there)
    on = np.where(trial, chance.integers(0, 2, 1200), np.nan)
    return pd.DataFrame({"trial": trial, "student": student.astype(int), "on": on,
                         "hours": student + on * (1 + student) + chance.normal(size=1200)})


@pytest.mark.slow
def test_it_is_the_trial_weighed_by_the_groups_of_the_other_place() -> None:
    frame = two_places()
    trial, other = frame[frame["trial"] == 1], frame[frame["trial"] == 0]
    shares = other["student"].value_counts(normalize=True) / trial["student"].value_counts(normalize=True)
    means = {}
    for side in (0, 1):
        rows = trial[trial["on"] == side]
        means[side] = np.average(rows["hours"], weights=rows["student"].map(shares))
    assert moved(frame).value == pytest.approx(means[1] - means[0], rel=1e-6)


def test_places_that_are_alike_give_the_difference_in_means() -> None:
    trial = two_places().query("trial == 1")
    both = pd.concat([trial, trial.assign(trial=0, hours=np.nan, on=np.nan)])
    plain = difference_in_means(trial, outcome="hours", treated="on")
    assert moved(both).value == pytest.approx(plain.value)
    assert moved(both).se == pytest.approx(plain.se)


@pytest.mark.slow
def test_it_covers_the_effect_there_where_the_trial_as_it_stands_does_not() -> None:
    truth, said = 1 + 0.8, [moved(places(seed, 0.3, 0.8)) for seed in range(100)]
    held = np.mean([one.low <= truth <= one.high for one in said])
    assert held >= 0.9
    assert np.mean([one.value for one in said]) == pytest.approx(truth, abs=0.06)
    plain = difference_in_means(places(1, 0.3, 0.8).query("trial"), outcome="hours", treated="on")
    assert plain.high < truth


def test_the_rows_of_the_other_place_need_no_outcome_and_those_of_the_trial_do() -> None:
    frame = two_places()
    filled = frame.fillna(7.0)
    assert moved(filled) == moved(frame)
    frame.loc[0, "hours"] = np.nan
    with pytest.raises(DataError, match=r"column 'hours' .* has 1 missing"):
        moved(frame)


def test_places_without_overlap_and_no_covariate_are_refused() -> None:
    frame = two_places()
    with pytest.raises(DataError, match="no covariate is named"):
        transported(frame, **ROLES, covariates=[])
    frame["student"] = luck(2).normal(size=len(frame)) + 4 * (1 - frame["trial"])
    with pytest.raises(DataError, match=r"times the mean|do not determine"):
        moved(frame)
