"""Benefits: who may use what, and what it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.office.org_desk import BEGIN, START, WHERE, written
from vsim.office import benefits
from vsim.office.desk import Desk, Force


def test_nothing_is_given_without_the_policy() -> None:
    tables = written()
    assert len(tables["benefit_usage"]) == len(tables["benefit_catalogue"]) == 0


def test_the_catalogue_has_what_is_given_from_its_first_week() -> None:
    rows = written("courtesy", star=0, transport=1, museums=1, checkups=0)["benefit_catalogue"]
    assert set(rows["benefit"]) == {"transport", "museums"}
    assert set(rows["week"]) == {BEGIN}
    assert set(rows["district"]) == {WHERE}


def test_every_volunteer_may_use_what_asks_for_no_star() -> None:
    tables = written("courtesy", star=0, subsidy=0.25)
    rows = tables["benefit_usage"]
    people = tables["people"].set_index("person")
    assert len(rows) > 0
    assert people.loc[rows["person"], "registered"].all()
    assert (people.loc[rows["person"], "since"].to_numpy() <= rows["week"].to_numpy()).all()
    assert not rows.duplicated(["person", "week", "benefit"]).any()
    assert (rows["subsidy_fen"] * 4 == rows["cost_fen"]).all()
    money = tables["money"]
    assert money.loc[money["line"] == "benefit", "fen"].sum() == rows["subsidy_fen"].sum()


def test_nobody_without_stars_may_use_what_asks_for_them() -> None:
    tables = written("courtesy", star=1)
    assert tables["people"]["star"].max() == 0
    assert len(tables["benefit_usage"]) == 0


def test_a_star_entitles_from_the_week_after_it_was_granted() -> None:
    granted = pd.DataFrame({"week": [1, 2, 2], "person": [7, 3, 7], "star": [1, 1, 2], "verified": [40, 40, 80]})
    desk = Desk({"stars": granted}, {}, Force([], ["D01"], 4), (1, 2), START, 4)
    persons = np.array([3, 7, 9])
    assert [star.tolist() for _, star in benefits._stars(desk, persons)] == [[0, 0, 0], [0, 0, 0], [0, 1, 0], [1, 2, 0]]
