"""Signals: who is exported, and the clock of disputes."""

from __future__ import annotations

import pandas as pd

from tests.office.org_desk import START, WHERE, written
from vsim.office import signals
from vsim.office.desk import Desk, Force
from vsim.spec.cards import load_cards
from vsim.spec.policy import ScheduledPolicy

VALUES = {key: card.default for key, card in load_cards().items() if not isinstance(card.default, tuple)}


def test_nothing_is_exported_without_the_policy() -> None:
    tables = written()
    assert len(tables["credit_exports"]) == len(tables["credit_disputes"]) == 0


def test_good_news_only_of_those_with_enough_hours() -> None:
    rows = written("credit_signals", hours=5, consent=1.0)["credit_exports"]
    assert len(rows) > 0
    assert set(rows["district"]) == {WHERE}
    assert set(rows["signal"]) == {"positive"}
    assert (rows["hours"] >= 5).all()
    assert set(rows["week"]) <= {12, 25, 38}


def test_consent_is_a_part_of_all_and_kept() -> None:
    every, half = (written("credit_signals", hours=1, consent=x)["credit_exports"] for x in (1.0, 0.5))
    assert 0 < half["person"].nunique() < every["person"].nunique()
    kept = every[every["person"].isin(set(half["person"]))]
    pd.testing.assert_frame_equal(kept.reset_index(drop=True), half)
    assert len(written("credit_signals", hours=1, consent=0.0)["credit_exports"]) == 0


def test_bad_news_is_passed_on_where_the_policy_says_so() -> None:
    rows = written("credit_signals", hours=1, consent=1.0, positive_only=0)["credit_exports"]
    bad = rows[rows["signal"] == "negative"]
    assert len(bad) > 0
    assert (bad["absences"] >= 3).all()
    assert rows.loc[rows["signal"] == "positive", "absences"].isna().all()


def test_a_dispute_runs_against_its_clock() -> None:
    exports = pd.DataFrame({"week": [0] * 500, "person": range(500), "district": ["D01"] * 500, "true_wrong": True})
    policy = ScheduledPolicy(lever="credit_signals", values={"appeal_days": 15.0}, start_week=0, end_week=6,
                             districts=("D01",))
    values = VALUES | {"signals.disputed": 1.0, "signals.in_time": 1.0, "signals.found": 1.0}
    desk = Desk({}, values, Force([policy], ["D01"], 6), (1, 2), START, 6)
    rows = signals._disputes(desk, exports)
    assert len(rows) == 500
    assert set(rows["outcome"]) == {"corrected"}
    assert rows["days"].between(1, 15).all()
    slow = Desk({}, values | {"signals.in_time": 0.0, "signals.found": 0.0}, desk.force, (1, 2), START, 6)
    late = signals._disputes(slow, exports)
    assert set(late["outcome"]) == {"upheld", "open"}
    assert (late["days"].isna() == (late["outcome"] == "open")).all()
    assert (late["days"] > 15).any()
