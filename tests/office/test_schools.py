"""Schools: the log of service learning."""

from __future__ import annotations

import numpy as np

from tests.office.org_desk import WHERE, ours, written


def test_nothing_is_logged_without_service_learning() -> None:
    assert len(written()["service_learning_log"]) == 0


def test_the_log_is_of_students_and_adds_up_to_the_register() -> None:
    tables = written("service_learning", hours=5, required=1)
    log, people = tables["service_learning_log"], tables["people"]
    assert len(log) > 0
    assert set(log["district"]) == {WHERE}
    pupils = people.loc[people["student"], "person"]
    assert set(log["person"]) <= set(pupils)
    rows = tables["placements"].merge(tables["tasks"][["task", "district"]], on="task")
    rows = ours(rows[rows["person"].isin(pupils) & (rows["flags"] & 1 > 0) & (rows["due"] < 40)])
    assert np.isclose(log["hours"].sum(), rows["entered"].sum() / 4)
    assert not log.duplicated(["person", "week"]).any()


def test_credit_is_given_for_the_hours_asked() -> None:
    log = written("service_learning", hours=5, required=1)["service_learning_log"]
    assert (log["credit"] == (log["year_hours"] >= 5)).all()
    assert log["required"].all()
    assert not written("service_learning", hours=5, required=0)["service_learning_log"]["required"].any()


def test_better_reflection_gets_better_marks() -> None:
    high, low = (written("service_learning", hours=5, reflection=x)["service_learning_log"]["reflection"].mean()
                 for x in (0.9, 0.1))
    assert high > low
