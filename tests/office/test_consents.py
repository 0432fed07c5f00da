"""Personal data: the ledger of consent, requests, small cells and the clock (clause V.3.d)."""

from __future__ import annotations

from tests.office.org_desk import BEGIN, WHERE, ours, written


def test_without_the_policy_one_consent_covers_all() -> None:
    off = written()
    people = off["people"]
    new = people[people["registered"] & (people["since"] >= 0)]
    assert sorted(off["consents"]["person"]) == sorted(new["person"])
    assert set(off["consents"]["purpose"]) == {"all"}
    assert set(off["consents"]["action"]) == {"given"}
    assert not off["published_cells"]["suppressed"].any()
    assert len(off["retention_log"]) == 0


def test_each_purpose_is_asked_once_and_taken_back_after_it_was_given() -> None:
    rows = ours(written("privacy", purposes=5)["consents"])
    assert set(rows["purpose"]) == {"service", "statistics", "publicity", "research", "sharing"}
    asked = rows[rows["action"] != "withdrawn"]
    assert (asked.groupby("person").size() == 5).all()
    assert not asked.duplicated(["person", "purpose"]).any()
    assert set(asked.loc[asked["purpose"] == "service", "action"]) == {"given"}
    back = rows[rows["action"] == "withdrawn"].merge(asked, on=["person", "purpose"], suffixes=("", "_given"))
    assert len(back) > 0
    assert (back["week"] > back["week_given"]).all()
    assert set(back["action_given"]) == {"given"}


def test_small_cells_are_kept_back_and_the_others_are_right() -> None:
    cells = ours(written("privacy", smallest_cell=40)["published_cells"])
    assert (cells["suppressed"] == (cells["true_volunteers"] < 40)).all()
    assert cells.loc[cells["suppressed"], "volunteers"].isna().all()
    shown = cells[~cells["suppressed"]]
    assert (shown["volunteers"] == shown["true_volunteers"]).all()


def test_a_shorter_clock_erases_more() -> None:
    short, long = (written("privacy", years_kept=years)["retention_log"] for years in (1, 10))
    assert set(short["district"]) == {WHERE}
    assert short["week"].min() >= BEGIN
    assert short["erased"].sum() > long["erased"].sum()


def test_a_promise_brings_answers_sooner() -> None:
    quick = ours(written("privacy", answer_days=2)["access_requests"])
    usual = ours(written()["access_requests"])
    assert list(quick["person"]) == list(usual["person"])
    assert quick["answer_days"].sum() < usual["answer_days"].sum()
