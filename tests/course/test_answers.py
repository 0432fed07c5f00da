"""Forms of answers: friendly to people, unmoved by anything else."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vsim.course.answers import FAULT, Choice, Form, FormError, Function, Number, Table
from vsim.course.forms import dealt, form_of
from vsim.course.words import Words
from vsim.errors import DataError

COUNT = Number("active", unit="people", whole=True, low=0)
RATE = Number("rate", unit="for each 100", low=0)
PICK = Choice("pick", ("one", "two", "three", "four"))
PLACE = Choice("place", ("D01", "D02"), lettered=False)
ROWS = Table("by_district", "district", ("active", "rate"))
CALL = Function("f", RATE, ([1, 2],))
FORMS: tuple[Form, ...] = (COUNT, RATE, PICK, PLACE, ROWS, CALL)

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(("value", "read"), [(3, 3), (3.0, 3), (0, 0)])
def test_a_count_is_read_as_a_whole_number(value: object, read: int) -> None:
    found = COUNT.read(value)
    assert (found, type(found)) == (read, int)


@pytest.mark.parametrize(("value", "word"), [
    ("12", "quotation marks"), (True, "bool"), (None, "NoneType"), (2.5, "whole"), (-1, "between"),
    (math.nan, "finite"), (math.inf, "finite"), (10**400, "too large"), ([1], "list"), ({FAULT: "Widget"}, "Widget"),
])
def test_what_is_no_count_is_refused_with_its_reason(value: object, word: str) -> None:
    with pytest.raises(FormError) as caught:
        COUNT.read(value)
    assert word in Words()(caught.value.said)


@pytest.mark.parametrize("value", ["b", "B", " b. ", "Ｂ", "B）", "b、"])
def test_a_letter_is_understood_however_it_is_typed(value: str) -> None:
    assert PICK.read(value) == 1


@pytest.mark.parametrize("value", ["E", "", "AB", "two", 1, None, ["A"], "A" * 1000])
def test_what_is_no_letter_is_refused(value: object) -> None:
    with pytest.raises(FormError):
        PICK.read(value)


def test_options_are_dealt_in_an_order_of_the_learners_own_and_read_back() -> None:
    orders = {PICK.dealt(seed).seen for seed in range(40)}
    assert len(orders) > 10
    for seed in range(10):
        mine = PICK.dealt(seed)
        assert sorted(mine.seen) == [0, 1, 2, 3]
        assert [mine.read(letter) for letter in mine.letters] == list(mine.seen)
    assert PICK.dealt(3) == PICK.dealt(3)
    assert PLACE.dealt(5) == PLACE
    assert PLACE.read(" d02 ") == 1


def test_a_table_is_read_by_its_key() -> None:
    value = {"columns": ["note", "district", "active", "rate"], "rows": [["x", "D01", 3, 2.5], ["y", "D02", None, 1]]}
    assert ROWS.read(value) == {"D01": {"active": 3.0, "rate": 2.5}, "D02": {"rate": 1.0}}


@pytest.mark.parametrize("value", [
    {"columns": ["district", "active"], "rows": []},
    {"columns": ["district", "active", "rate", "rate"], "rows": []},
    {"columns": ["district", "active", "rate"], "rows": [["D01", 1, 1], ["D01", 1, 1]]},
    {"columns": ["district", "active", "rate"], "rows": [["D01", 1]]},
    {"columns": ["district", "active", "rate"], "rows": [[["D01"], 1, 1]]},
    {"columns": ["district", "active", "rate"], "rows": [["D", 1, 1]] * 6000},
    {"columns": [1, 2, 3], "rows": []}, {"rows": []}, [], "a table", 5,
])
def test_what_is_no_such_table_is_refused(value: object) -> None:
    with pytest.raises(FormError):
        ROWS.read(value)


def test_results_of_a_function_are_read_one_by_one() -> None:
    given = [{"value": 2}, {"error": "TypeError"}, {"value": "x"}, {"value": -1}, 5]
    assert CALL.read(given) == [2.0, None, None, None, None]


@given(JSON)
def test_no_value_whatever_gets_past_a_form_as_anything_else(value: object) -> None:
    said: list[str] = []
    for form in FORMS:
        try:
            found: Any = form.read(value)
        except FormError as error:
            said.append(Words()(error.said))
        else:
            json.dumps(found, allow_nan=False)
    assert all(said)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_a_release_says_of_a_form_gives_the_same_form(form: Form) -> None:
    again = form_of(json.loads(json.dumps(form.public())))
    assert json.dumps(again.public()) == json.dumps(form.public())
    assert type(again) is type(form)


@pytest.mark.parametrize("public", [
    {}, {"kind": "essay"}, {"kind": "number"}, {"kind": "number", "name": "x", "more": 1},
    {"kind": "function", "name": "f", "result": 3},
])
def test_a_broken_card_is_refused_with_what_to_do(public: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="fresh copy"):
        form_of(public)


def test_an_option_of_words_is_understood_however_its_letters_are_written() -> None:
    times = Choice("time", ("weekend evening", "Weekend Morning"), lettered=False)
    assert [times.read(text) for text in ("weekend evening", "WEEKEND MORNING", " Weekend evening.")] == [0, 1, 0]


def test_only_choices_are_dealt() -> None:
    assert dealt(FORMS, 7)[0] is COUNT
    assert dealt(FORMS, 7)[2] != PICK or dealt(FORMS, 8)[2] != PICK
