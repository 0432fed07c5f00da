"""Scores: between nothing and all, whatever an answer says; credit part by part; reasons that name no right value."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from tests.course.test_answers import JSON
from vsim.course import marking
from vsim.course.answers import Choice, Function, Number, Table
from vsim.course.marking import Slip
from vsim.course.sheet import check_sheet, criterion_line, form_sheet
from vsim.course.tasks import Criterion, Task, score
from vsim.course.words import Words
from vsim.errors import VsimError

ROWS = {"D01": 10.0, "D02": 20.0, "D03": 30.0, "D04": 40.0}


def judged(found: Mapping[str, Any], truth: Mapping[str, float]) -> Iterable[Criterion]:
    yield marking.number(found, "active", truth["active"], "Active", slips=[
        Slip(truth["records"], "records-not-people", "These are records."), Slip(7, "seven", "Seven is near.", 0.5)])
    yield marking.number(found, "rate", truth["rate"], "Rate", tolerance=0.051, weight=3)
    yield marking.choice(found, "pick", 2, "Pick", slips=[Slip(0, "first", "The first is too bold.")])
    yield marking.rows(found, "table", ROWS, "value", "Table", tolerance=0.1,
                       slips=[({key: value / 100 for key, value in ROWS.items()}, Slip(0, "share", "Shares.", 0.25))])


TASK = Task("q1", "A task", 6, (Number("active", whole=True), Number("rate"), Choice("pick", ("a", "b", "c")),
                                Table("table", "district", ("value",))), judged)
TRUTH = {"active": 5, "records": 9, "rate": 12.34}
RIGHT: dict[str, Any] = {"active": 5, "rate": 12.3, "pick": "C", "table": {"columns": ["district", "value"],
                                                           "rows": [[key, value] for key, value in ROWS.items()]}}


def earned(**changes: Any) -> float:
    return score(TASK, {**RIGHT, **changes}, TRUTH).earned


def test_the_right_answer_earns_all_and_nothing_earns_nothing() -> None:
    assert earned() == 6
    for nothing in (None, {}, [], "x", 5, {"active": None}, {"other": 1}):
        assert score(TASK, nothing, TRUTH).earned == 0


def test_every_right_part_counts_with_its_weight() -> None:
    assert earned(rate=None) == 3
    assert earned(active=9) == 5
    assert earned(active=7) == 5.5
    assert earned(pick="A") == 5
    assert score(TASK, {"rate": 12.3}, TRUTH).earned == 3


def test_a_rounded_rate_is_right_and_a_wrong_one_is_not() -> None:
    assert earned(rate=12.34) == earned(rate=12.39) == 6
    assert earned(rate=12.4) == 3


def test_rows_earn_by_their_share_and_a_slip_is_named() -> None:
    half = {"columns": ["district", "value"], "rows": [["D01", 10], ["D02", 20], ["D03", 0], ["D04", None]]}
    assert earned(table=half) == 5.5
    share = {"columns": ["district", "value"], "rows": [[key, value / 100] for key, value in ROWS.items()]}
    found = score(TASK, {**RIGHT, "table": share}, TRUTH)
    assert found.earned == 5.25
    assert found.slips == ["share"]


def test_invented_rows_do_not_pay() -> None:
    more = {"columns": ["district", "value"], "rows": [*RIGHT["table"]["rows"], ["D05", 1], ["D06", 1]]}
    assert earned(table=more) == 5.5


@given(JSON)
def test_points_lie_between_nothing_and_all_whatever_is_answered(value: object) -> None:
    for answer in (value, {part.name: value for part in TASK.parts}):
        found = score(TASK, answer, TRUTH)
        assert 0 <= found.earned <= TASK.points
        json.dumps([criterion_line(item, Words()).text for item in found.criteria], allow_nan=False)


def test_no_reason_names_the_right_value() -> None:
    wrong = {"active": 9, "rate": 99, "pick": "A", "table": {"columns": ["district", "value"], "rows": [["D01", 77]]}}
    told = check_sheet(score(TASK, wrong, TRUTH), Words()).text
    for secret in ("12.3", "40", "30", " 5"):
        assert secret not in told
    assert "These are records." in told


def test_a_check_that_gives_no_number_is_the_authors_fault() -> None:
    broken = Task("q", "t", 1, (Number("x"),), lambda _g, _t: [Criterion("x", 1.0, math.inf)])
    with pytest.raises(VsimError, match="q"):
        score(broken, {"x": 1}, None)


@pytest.mark.parametrize("points", [0, -1, 1001])
def test_points_of_a_task_are_sane(points: float) -> None:
    with pytest.raises(VsimError, match="points"):
        Task("q", "t", points, (Number("x"),), lambda _g, _t: [])


def mean(values: pd.DataFrame, scale: float) -> float:
    return float(values["x"].mean()) * scale


INPUTS = [[{"columns": ["x"], "rows": [[1], [3]]}, 2.0], [{"columns": ["x"], "rows": [[5]]}, 1.0]]
CALL = Task("q", "t", 4, (Function("f", Number("f")),), lambda found, _t: [marking.outputs(
    found, "f", mean, "Mean", tolerance=1e-9,
    slips=[(lambda v, s: float(v["x"].sum()) * s, Slip(0, "sum", "A sum."))])])


@pytest.mark.parametrize(("results", "points", "slip"), [
    ([4.0, 5.0], 4, []), ([4.0, 0.0], 2, ["other"]), ([8.0, 5.0], 0, ["sum"]), ([4.0], 2, ["other"]),
    ([], 0, ["other"]), ([4.0, 5.0, 6.0], 4, []),
])
def test_a_function_earns_by_the_share_of_hidden_inputs(results: list[float], points: float, slip: list[str]) -> None:
    found = score(CALL, {"f": [{"value": value} for value in results]}, None, INPUTS)
    assert (found.earned, found.slips) == (points, slip)


def test_a_sheet_of_forms_says_nothing_of_right_or_wrong() -> None:
    texts = {form_sheet(TASK.public(), TASK.parts, {**RIGHT, "active": value}, Words()).text.replace(str(value), "N")
             for value in (5, 9)}
    assert len(texts) == 1


def test_a_sheet_of_forms_names_the_columns_that_are_still_empty() -> None:
    two = Table("table", "district", ("came", "rate"))
    task = Task("q1", "A task", 1, (two,), judged)

    def told(**row: object) -> str:
        table = {"columns": ["district", *row], "rows": [["D01", *row.values()]]}
        return form_sheet(task.public(), task.parts, {"table": table}, Words()).text

    assert "The column rate of table is still empty" in told(came=1.0, rate=None)
    assert "table can be handed in" in told(came=1.0, rate=None)                      # what is there earns its part
    assert "can be handed in" not in told(came=None, rate=None)
    assert "still empty" not in told(came=1.0, rate=0.5)
