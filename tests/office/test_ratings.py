"""Ratings: who answers, who adds a star, and what is answered (clause V.3.a5)."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.office.org_desk import ours, written


def ratings(**values: float) -> pd.DataFrame:
    usual = {"prompt": 0.0, "anonymous": 0.0, "closing": 0.0}
    return ours(written("rating", **{**usual, **values})["ratings"])


def test_three_raters_may_rate_each_service() -> None:
    tables = written()
    assert len(tables["ratings_truth"]) == 3 * tables["weekly"]["attended"].sum()
    assert tables["ratings_truth"]["true_answered"].sum() == len(tables["ratings"])
    assert not tables["ratings"].duplicated(["task", "person", "rater"]).any()


def test_the_mean_that_comes_in_is_too_high_and_weighting_mends_the_answering() -> None:
    tables = written()
    truth = tables["ratings_truth"]
    answered = truth[truth["true_answered"]]
    assert tables["ratings"]["stars"].mean() > answered["true_stars"].mean() > truth["true_stars"].mean()
    weight = 1 / answered["true_chance"]
    mean = (answered["true_stars"] * weight).sum() / weight.sum()
    assert mean == pytest.approx(truth["true_stars"].mean(), abs=0.1)


def test_raters_of_a_service_agree_more_than_those_of_two() -> None:
    truth = written()["ratings_truth"].pivot_table(index=["task", "person"], columns="rater", values="true_stars")
    assert truth.corr().loc["beneficiary", "volunteer"] > 0.2


def test_each_value_moves_the_ratings() -> None:
    assert len(ratings(prompt=1)) > len(ratings())
    assert ratings(anonymous=1)["stars"].mean() < ratings()["stars"].mean()
    closed = ratings(closing=1)
    assert (closed["answered"] == (closed["stars"] <= 2)).all()
    assert not ratings()["answered"].any()
