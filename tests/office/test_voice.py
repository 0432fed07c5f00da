"""The voice of volunteers: cases and their clocks, requests and refusals, answers on pressure."""

from __future__ import annotations

import numpy as np

from tests.office.rights_desk import BEGIN, WHERE, fen, ours, written


def test_without_a_channel_nobody_is_heard() -> None:
    off = written()
    assert len(off["grievances"]) == 0
    assert len(ours(written(grievance={"open": 0.0})["grievances"])) == 0


def test_more_is_heard_without_a_name_and_no_name_is_kept() -> None:
    named = written(grievance={"open": 1.0, "anonymous": 0})["grievances"]
    nameless = written(grievance={"open": 1.0, "anonymous": 1})["grievances"]
    assert len(nameless) > len(named) > 0
    assert set(nameless["person"]) == {-1}
    assert (named["person"] == named["true_person"]).all()
    assert set(named["district"]) == {WHERE}
    assert named["week"].min() >= BEGIN


def test_open_cases_have_no_days_and_closed_ones_their_week() -> None:
    on = written(grievance={"open": 1.0, "response_days": 60, "price": 10.0})
    rows = on["grievances"]
    waiting = rows["result"] == "open"
    assert waiting.any()
    assert np.array_equal(rows["days"].isna(), waiting)
    done = rows[~waiting]
    assert (done["closed_week"] == done["week"] + done["days"] // 7).all()
    assert np.array_equal(done["late"], done["days"] > 60)
    assert fen(on, "grievance") == 1000 * len(rows)


def test_requests_and_refusals_are_those_of_the_rule() -> None:
    off = written()
    usual = ours(off["offers"])
    assert np.array_equal(usual["requests"], 4 * usual["volunteers"])
    assert len(off["offers"]) == 80
    free = ours(written(autonomy={"requests": 4, "refusal_free": 1})["offers"])
    bound = ours(written(autonomy={"requests": 4, "refusal_free": 0})["offers"])
    duty = ours(written(autonomy={"requests": 4, "refusal_free": 1, "mandatory": 1.0})["offers"])
    assert free["refused"].sum() > bound["refused"].sum() > 0
    assert duty["refused"].sum() == 0
    assert np.array_equal(duty["mandatory"], duty["requests"])


def test_pressure_rises_with_requests() -> None:
    off = written()
    assert len(off["pressure_survey"]) == 0
    on = written(autonomy={"requests": 10, "refusal_free": 0})
    calm, hard = ours(written(autonomy={"requests": 1})["pressure_survey"]), ours(on["pressure_survey"])
    assert hard["pressure"].mean() > calm["pressure"].mean() + 1
    assert set(hard["week"]) <= {13, 26, 39}
    assert fen(on, "pressure_survey") == 200 * len(hard)
    assert hard["pressure"].between(1, 5).all()
