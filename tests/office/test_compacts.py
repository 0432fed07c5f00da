"""Compacts: adoption up to the target, and what review takes out."""

from __future__ import annotations

from tests.office.org_desk import BEGIN, WHERE, written

COERCIVE = {"hours_for_all", "fine", "withholds", "posts_names"}


def test_no_compact_without_the_policy() -> None:
    assert len(written()["compacts"]) == 0


def test_every_community_adopts_one_at_a_full_target() -> None:
    tables = written("compacts", target=1.0, weeks_to_target=10)
    rows, people = tables["compacts"], tables["people"]
    assert len(rows) == people.loc[people["district"] == WHERE, "community"].nunique()
    assert rows["community"].is_unique
    assert rows["week"].between(BEGIN, BEGIN + 9).all()
    assert set(rows["district"]) == {WHERE}


def test_a_smaller_target_is_a_part_of_a_larger_one() -> None:
    small, large = (written("compacts", target=x, weeks_to_target=10)["compacts"] for x in (0.5, 1.0))
    assert set(small["community"]) <= set(large["community"])


def test_review_takes_coercive_clauses_out() -> None:
    loose = written("compacts", target=1.0, weeks_to_target=10, review=0.0)["compacts"]
    assert set(loose["state"]) == {"adopted"}
    assert (loose["clause"].isin(COERCIVE) == loose["true_coercive"]).all()
    strict = written("compacts", target=1.0, weeks_to_target=10, review=1.0)["compacts"]
    assert not strict["clause"].isin(COERCIVE).any()
    assert (strict["state"] == "corrected").sum() == loose["true_coercive"].sum()
