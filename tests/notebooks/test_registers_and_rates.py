"""The lesson on registers and rates: it runs, its sentences hold, its checks reward what is right and say why not."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cache
from types import EllipsisType
from typing import Any

import pandas as pd
import pytest

from tests.house.repo import ROOT
from tests.notebooks.runs import problems
from vsim.course.answers import FormError
from vsim.course.checks import Checks, load_checks
from vsim.course.desk import answer_of
from vsim.course.running import run
from vsim.course.source import Source, read_source
from vsim.course.tasks import Score, score
from vsim.course.words import Words
from vsim.errors import UsageError

LESSON = ROOT / "notebooks" / "management" / "01-registers-and-rates.md"
LAST_DAY = pd.Timestamp("2026-07-05")
GAPS = {
    "q1": ("registered_here", "active_here", "rate_here"), "q2": ("mayor", "recruiting", "office"),
    "q3": ("lowest",), "q4": ("meaning",),
}


@cache
def source() -> Source:
    return read_source(LESSON)


@cache
def checks() -> Checks:
    return load_checks(LESSON.with_suffix(".py"))


def small_city() -> dict[str, Any]:
    """Return registers of three districts that can be counted by hand.

    D01: 100 residents, 40 registered, 11 active, 12 records; D02: 100, 20, 8, 8; D03: 80, 30, 9, 15, all in the window.
    One more person of each district has an old record only.
    """
    volunteers, records = [], []
    for district, registered, active, rows in (("D01", 40, 11, 12), ("D02", 20, 8, 8), ("D03", 30, 9, 15)):
        names = [f"{district}-{number:02d}" for number in range(registered)]
        volunteers += [{"volunteer_id": name, "district": district} for name in names]
        days = [LAST_DAY - pd.Timedelta(days=row) for row in range(rows)]
        records += [{"volunteer_id": names[row % active], "date": day} for row, day in enumerate(days)]
        records.append({"volunteer_id": names[-1], "date": LAST_DAY - pd.Timedelta(weeks=60)})
    places = {"district": ["D01", "D02", "D03"], "population": [130, 120, 100], "residents": [100, 100, 80]}
    return {"districts": pd.DataFrame(places), "volunteers": pd.DataFrame(volunteers),
            "service_records": pd.DataFrame(records), "last_day": LAST_DAY, "district": "D03"}


def space() -> dict[str, Any]:
    """Return the variables of the notebook as they are before a learner fills a gap."""
    tables = small_city()
    volunteers, records = tables["volunteers"], tables["service_records"]
    recent = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)]
    here = volunteers[volunteers["district"] == "D03"]
    by_district = volunteers.groupby("district").size().rename("registered").reset_index()
    by_district["active"] = ...
    by_district["rate"] = ...
    return {"volunteers": volunteers, "records": records, "recent": recent, "here": here, "by_district": by_district,
            "recent_here": recent[recent["volunteer_id"].isin(here["volunteer_id"])], "pd": pd,
            "people": recent.drop_duplicates("volunteer_id").merge(volunteers),
            **{name: ... for names in GAPS.values() for name in names}}


def scored(task: str, code: str = "") -> Score:
    """Return what the variables of the notebook earn after a learner has run some code."""
    found, variables = checks().task(task), space()
    exec(code, variables)
    return score(found, answer_of(found.parts, variables, {}), checks().truth(small_city()))


@pytest.mark.parametrize("task", GAPS)
def test_the_worked_solution_earns_everything(task: str) -> None:
    found = scored(task, checks().task(task).code)
    assert found.earned == found.points, found.criteria


@pytest.mark.parametrize("task", GAPS)
def test_untouched_gaps_earn_nothing_and_are_named_kindly(task: str) -> None:
    found = scored(task)
    assert found.earned == 0
    assert all("empty" in str(item.reason) or "no answer yet" in str(item.reason) for item in found.criteria)


ACTIVE = 'by_district["active"] = by_district["district"].map(people["district"].value_counts())\n'
RATE = 'by_district["rate"] = 100 * by_district["active"] / by_district["registered"]\n'
EACH = 'by_district["active"] = by_district["district"].map(recent.merge(volunteers)["district"].value_counts())\n'
SLIPS = [
    ("q1", "registered_here = len(volunteers)", "whole-city"),
    ("q1", "registered_here = 80", "residents"),
    ("q1", "registered_here = len(recent_here)", "records-not-people"),
    ("q1", "active_here = len(recent_here)", "records-not-people"),
    ("q1", "active_here = records[records.volunteer_id.isin(here.volunteer_id)].volunteer_id.nunique()", "no-window"),
    ("q1", "active_here = recent['volunteer_id'].nunique()", "whole-city"),
    ("q1", "active_here = len(here)", "registered-is-active"),
    ("q1", "rate_here = 9 / 30", "share-not-per-100"),
    ("q1", "rate_here = 100 * 30 / 9", "upside-down"),
    ("q1", "rate_here = 100 * 9 / 80", "wrong-denominator"),
    ("q1", "rate_here = 100 * len(recent_here) / len(here)", "records-not-people"),
    ("q1", "rate_here = 100 * 10 / 30", "no-window"),
    ("q1", "rate_here = 100 * 28 / 90", "whole-city"),
    ("q1", "rate_here = '40'", "form"),
    ("q2", "mayor = 'A'", "registered-is-active"),
    ("q2", "mayor = 'B'", "wrong-denominator"),
    ("q2", "recruiting = 'B'", "used-not-signed-up"),
    ("q2", "recruiting = 'C'", "active-not-registered"),
    ("q2", "office = 'A'", "signed-up-not-used"),
    ("q2", "office = 'C'", "wrong-denominator"),
    ("q2", "office = 'yes'", "form"),
    ("q3", EACH, "records-not-people"),
    ("q3", ACTIVE + 'by_district["rate"] = by_district["active"] / by_district["registered"]', "share-not-per-100"),
    ("q3", ACTIVE + 'by_district["rate"] = 100 * by_district["active"] / [100, 100, 80]', "wrong-denominator"),
    ("q3", EACH + RATE, "records-not-people"),
    ("q3", ACTIVE + RATE + "lowest = 'D02'", "highest"),
    ("q4", "meaning = 'A'", "rate-up-is-more"),
    ("q4", "meaning = 'C'", "records-truer"),
    ("q4", "meaning = 'D'", "cleaning-is-cheating"),
]


@pytest.mark.parametrize(("task", "code", "slip"), SLIPS)
def test_a_usual_slip_loses_marks_and_gets_its_reason(task: str, code: str, slip: str) -> None:
    found = scored(task, code)
    judged = [item for item in found.criteria if item.slip == slip]
    assert judged, found.criteria
    assert judged[0].credit < 1
    assert str(judged[0].reason)


WRONG_PLACES = [("D02", "fewest-people"), ("D03", "fewest-signed-up"), ("D04", "per-residents"), ("D05", "highest")]


@pytest.mark.parametrize(("place", "slip"), WRONG_PLACES)
def test_a_wrong_district_is_told_which_question_it_answers(place: str, slip: str) -> None:
    counts = pd.DataFrame({"residents": [100, 30, 200, 300, 100], "registered": [60, 20, 50, 100, 50],
                           "active": [6, 4, 15, 15, 40], "records": 99}, index=["D01", "D02", "D03", "D04", "D05"])
    counts["rate"] = 100 * counts["active"] / counts["registered"]
    truth = replace(checks().truth(small_city()), by_district=counts)
    only_the_table_is_missing = ["no-answer"] * 2            # it is judged in two columns
    assert score(checks().task("q3"), {"lowest": "D01"}, truth).slips == only_the_table_is_missing
    assert slip in score(checks().task("q3"), {"lowest": place}, truth).slips


def test_every_task_has_hints_a_solution_and_a_reason_for_each_wrong_option() -> None:
    assert [task.id for task in checks().tasks] == list(GAPS)
    for task in checks().tasks:
        assert 2 <= len(task.hints) <= 3
        assert task.solution
        assert task.code
    others = [item for letter in "ACD" for item in scored("q4", f"meaning = '{letter}'").criteria]
    assert all(item.reason and item.slip != "other" for item in others)


def test_a_district_that_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="district is 'D99'; allowed D01 to D03"):
        checks().truth(small_city() | {"district": "D99"})


def test_answers_of_any_kind_raise_nothing() -> None:
    for value in ("None", "[]", "pd.DataFrame()", "object()", "float('nan')", "'D02'", "-1", "True", "10**40"):
        for task, names in GAPS.items():
            code = "; ".join(f"{name} = {value}" for name in (*names, *(("by_district",) if task == "q3" else ())))
            found = scored(task, code)
            assert found.earned < found.points


def test_forms_and_gaps_bear_the_same_names() -> None:
    code = "\n".join(cell.source for cell in source().cells if cell.kind == "code")
    gaps = {name.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assign)
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, EllipsisType)
            for name in node.targets if isinstance(name, ast.Name)}
    guesses = {name for name in gaps if name.startswith("guess_")}
    assert gaps - guesses == {name for names in GAPS.values() for name in names}
    assert len(guesses) == 5


@pytest.mark.slow
def test_every_reason_can_be_said_in_chinese() -> None:
    from vsim.course.catalogues import translations

    words = Words("zh_CN", translations(source()).words)
    for task, code, slip in SLIPS:
        reasons = [words(item.reason) for item in scored(task, code).criteria if item.slip == slip and slip != "form"]
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in reason) for reason in reasons)
    assert FormError("{name} is far too large", name="x").said.values == {"name": "x"}


@pytest.mark.slow
@pytest.mark.parametrize("parameters", [["seed=11", "district=D07"], ["scenario=cn_registry", "seed=3", "places=4"]])
def test_the_sentences_that_do_not_name_the_default_hold_elsewhere(parameters: list[str]) -> None:
    assert problems(run(source(), parameters, claims=True, scratch=ROOT / "build")) == []
