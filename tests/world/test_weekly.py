"""Tables by district and week: how levers meet in them, one district's rows, and where two arms first differ."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import settled_of
from vsim.exact import ONE16, ONE32
from vsim.world.weekly import (
    PERSONAL,
    PLANS,
    RULES,
    WHOLE,
    How,
    Weekly,
    at,
    district_rows,
    first_difference,
    meet,
    neutral,
    rule,
)

SETTLED = settled_of("lively")
LADDERS = (SETTLED.ladders, SETTLED.ladders)
HOWS = get_args(How)
VALUES: dict[str, st.SearchStrategy[int]] = {
    "add": st.integers(-(1 << 20), 1 << 20), "either": st.integers(0, ONE16), "chance": st.integers(0, ONE32),
    "scale": st.integers(0, 100 * WHOLE), "most": st.integers(0, 1 << 20), "set": st.integers(0, 1 << 20),
}
MEETING = [how for how in HOWS if how != "set"]
INPUTS = st.sampled_from(MEETING).flatmap(lambda how: st.tuples(st.just(how), VALUES[how], VALUES[how], VALUES[how]))


def both(how: How, before: int, own: int) -> int:
    return int(meet(how, np.array([before], dtype=np.int64), np.array([own], dtype=np.int64))[0])


def none_of(how: How) -> int:
    return WHOLE if how == "scale" else 0


@examples(max_examples=400)
@given(INPUTS)
def test_levers_meet_in_either_order(given_values: tuple[How, int, int, int]) -> None:
    how, a, b, _ = given_values
    assert both(how, a, b) == both(how, b, a)


@examples(max_examples=400)
@given(INPUTS)
def test_three_levers_meet_alike_in_any_grouping_up_to_rounding(given_values: tuple[How, int, int, int]) -> None:
    how, a, b, c = given_values
    one, other = both(how, both(how, a, b), c), both(how, a, both(how, b, c))
    slack = {"either": 2, "scale": 2 + (max(a, c) >> 10)}.get(how, 0)
    assert abs(one - other) <= slack


@examples(max_examples=200)
@given(INPUTS)
def test_a_lever_that_says_nothing_new_changes_nothing(given_values: tuple[How, int, int, int]) -> None:
    how, a, _, _ = given_values
    assert both(how, a, none_of(how)) == both(how, none_of(how), a) == a


@examples(max_examples=400)
@given(INPUTS)
def test_shares_stay_shares_chances_stay_chances_and_no_factor_turns_negative(
    given_values: tuple[How, int, int, int]
) -> None:
    how, a, b, _ = given_values
    found = both(how, a, b)
    if how == "either":
        assert max(a, b) <= found <= ONE16
        assert found <= a + b + 1
    elif how == "chance":
        assert max(a, b) <= found <= ONE32
        assert found == min(a + b, ONE32)
    elif how == "scale":
        assert found >= 0
        assert found <= a * b / WHOLE
    elif how == "most":
        assert found in (a, b)
        assert found >= max(a, b)
    else:
        assert found == a + b


def test_where_one_lever_only_may_write_its_word_stands() -> None:
    assert both("set", 7, 3) == 3


def test_every_table_has_a_rule_and_what_is_not_listed_is_for_one_lever_alone() -> None:
    assert set(RULES) <= set(Weekly._fields)
    assert {rule(name) for name in Weekly._fields} == set(HOWS)
    alone = {name for name in Weekly._fields if rule(name) == "set"}
    assert alone == {"ladder", "credit_hour", "redeem", "price", "expire", "honour_new", "courtesy_star",
                     "credit_cap", "credit_limit", "credit_need", "credit_age", "credit_kin", "credit_seed",
                     "credit_expire", "layout"}


def test_training_of_several_levers_meets_by_the_largest_and_further_seats_add_up() -> None:
    assert (rule("gated"), rule("seats"), rule("uptake"), rule("duty")) == ("most",) * 4
    assert rule("more_seats") == "add"
    assert {rule(name) for name in PLANS} == {"most"}


@pytest.mark.parametrize("name", Weekly._fields)
def test_the_neutral_value_of_a_table_is_neutral_under_its_rule(name: str) -> None:
    if rule(name) == "set":
        assert neutral(name) == 0
    else:
        assert both(rule(name), 12345, neutral(name)) == 12345
        assert neutral(name) == none_of(rule(name))


def test_tables_of_persons_come_first_and_have_an_axis_of_classes() -> None:
    assert Weekly._fields[: len(PERSONAL)] == PERSONAL
    for name in Weekly._fields:
        table = getattr(SETTLED.weekly, name)
        assert table.shape == ((3, 30, 1) if name in PERSONAL else (3, 30)), name
        assert table.dtype == np.int64


def changed(name: str, district: int, week: int, by: int = 1) -> Weekly:
    table = getattr(SETTLED.weekly, name).copy()
    table[district, week] += by
    return SETTLED.weekly._replace(**{name: table})


@pytest.mark.parametrize("name", [name for name in Weekly._fields if name not in ("ladder", "layout")])
def test_a_change_of_any_table_is_found_in_its_district_and_week(name: str) -> None:
    other = changed(name, 1, 12)
    assert first_difference(SETTLED.weekly, other, LADDERS, 1) == 12
    assert first_difference(SETTLED.weekly, other, LADDERS, 0) is None


def test_a_change_for_one_class_of_persons_is_found() -> None:
    wide = Weekly(*(np.repeat(table, 2, axis=2) if name in PERSONAL else table
                    for name, table in zip(Weekly._fields, SETTLED.weekly, strict=True)))
    heard = wide.heard.copy()
    heard[2, 7, 1] += 1
    assert first_difference(wide, wide._replace(heard=heard), LADDERS, 2) == 7
    assert first_difference(wide, wide._replace(heard=heard), LADDERS, 1) is None


def test_the_number_of_a_layout_is_not_compared_but_the_sites_that_are_open_are() -> None:
    assert first_difference(SETTLED.weekly, changed("layout", 1, 3), LADDERS, 1) is None
    for name in (*PLANS, "haves", "by_need"):
        assert first_difference(SETTLED.weekly, changed(name, 1, 3), LADDERS, 1) == 3


def test_ladders_are_compared_by_what_they_say() -> None:
    order = np.arange(len(SETTLED.ladders))[::-1]
    renumbered = SETTLED.weekly._replace(ladder=order[SETTLED.weekly.ladder])
    for district in range(3):
        assert first_difference(SETTLED.weekly, renumbered, (SETTLED.ladders, SETTLED.ladders[order]), district) is None
    other = SETTLED.ladders.copy()
    other[:, 0] += 1
    assert first_difference(SETTLED.weekly, SETTLED.weekly, (SETTLED.ladders, other), 0) == 0


def test_the_earliest_difference_of_several_counts() -> None:
    other = changed("gated", 0, 20)._replace(base=changed("base", 0, 9).base)
    assert first_difference(SETTLED.weekly, other, LADDERS, 0) == 9


def test_rows_of_a_district_are_its_own_and_contiguous_and_a_week_is_one_of_them() -> None:
    rows = district_rows(SETTLED.weekly, 2)
    for name in Weekly._fields:
        assert np.array_equal(getattr(rows, name), getattr(SETTLED.weekly, name)[2])
        assert getattr(rows, name).flags.c_contiguous
        assert getattr(rows, name).dtype == np.int64
        assert np.array_equal(getattr(at(rows, 4), name), getattr(SETTLED.weekly, name)[2, 4])
