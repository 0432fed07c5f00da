"""How recognisable people are, and the ladder: no cell below k, nobody invented, every value true of its row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.observe.books import registers
from vsim.errors import UsageError
from vsim.observe.disclosure import (
    ALL,
    anonymised,
    cell_sizes,
    l_diversity,
    ladders,
    risks,
    smallest_cell,
)

QUASI = ("education", "birth_year", "district", "sex")
PREFECTURES = {"D01": "P01", "D02": "P01", "D03": "P02", "D04": "P02"}
SMALL = pd.DataFrame({
    "sex": ["F", "F", "F", "M", "M", None], "birth_year": [1990, 1990, 1990, 1985, 1985, 1985],
    "party_member": [True, True, True, False, True, False],
})


def test_cells_risks_and_diversity_of_a_table_counted_by_hand() -> None:
    assert cell_sizes(SMALL, ["sex", "birth_year"]).tolist() == [3, 3, 3, 2, 2, 1]
    assert smallest_cell(SMALL, ["sex", "birth_year"]) == 1
    assert risks(SMALL, ["sex", "birth_year"]) == {"unique": 1 / 6, "highest": 1.0, "mean": pytest.approx(3 / 6)}
    assert l_diversity(SMALL, ["sex", "birth_year"], "party_member") == {"least": 1.0, "told": pytest.approx(4 / 6)}
    assert l_diversity(SMALL, [], "party_member") == {"least": 2.0, "told": 0.0}
    assert cell_sizes(SMALL, []).tolist() == [6] * 6


def test_an_empty_table_has_no_cells_and_no_risk() -> None:
    empty = SMALL.iloc[:0]
    assert smallest_cell(empty, ["sex"]) == 0
    assert risks(empty, ["sex"]) == {"unique": 0.0, "highest": 0.0, "mean": 0.0}
    assert l_diversity(empty, ["sex"], "party_member") == {"least": 0.0, "told": 0.0}
    done = anonymised(empty, ["sex"], k=5, steps=ladders(), most_suppressed=0.0)
    assert (len(done.frame), len(done.suppressed), done.loss) == (0, 0, 0.0)


def test_the_steps_of_each_ladder_say_less_and_less() -> None:
    steps = ladders(PREFECTURES)
    years = pd.Series([1990, 1994, 1995, None])
    assert steps["birth_year"][0](years).tolist()[:3] == ["1990-1994", "1990-1994", "1995-1999"]
    assert steps["birth_year"][2](years).tolist() == ["1980-1999"] * 3 + [None]
    hours = pd.Series([0.0, 9.75, 10.0, 300.0, 5000.0])
    assert steps["verified_hours_total"][0](hours).tolist() == ["0-<10", "0-<10", "10-<50", "300+", "300+"]
    assert steps["verified_hours_total"][1](hours).tolist() == ["0-<50"] * 3 + ["50+"] * 2
    assert steps["district"][0](pd.Series(["D01", "D03"])).tolist() == ["P01", "P02"]
    assert steps["education"][0](pd.Series(["primary", "degree", None])).tolist() == [
        "up to secondary", "college or more", None,
    ]
    for ladder in steps.values():
        assert set(ladder[-1](pd.Series([1, 2]))) == {ALL}
    assert len(ladders()["district"]) == 1


def test_each_step_joins_cells_and_splits_none() -> None:
    people = registers()["volunteers"]
    for name, ladder in ladders(PREFECTURES).items():
        groups = people[name]
        for step in ladder:
            coarser = step(people[name])
            if name != "birth_year":
                assert pd.DataFrame({"a": groups, "b": coarser}).groupby("a")["b"].nunique().max() == 1, name
            assert coarser.nunique() <= groups.nunique(), name
            groups = coarser


def test_no_step_is_taken_that_is_not_needed() -> None:
    done = anonymised(SMALL.dropna(), ["sex", "birth_year"], k=2, steps=ladders(), most_suppressed=0.0)
    pd.testing.assert_frame_equal(done.frame, SMALL.dropna())
    assert (set(done.levels.values()), done.loss) == ({0}, 0.0)


def test_the_columns_climb_side_by_side_until_few_rows_are_left_over() -> None:
    people = registers()["volunteers"]
    strict = anonymised(people, QUASI, k=5, steps=ladders(PREFECTURES), most_suppressed=0.0)
    loose = anonymised(people, QUASI, k=5, steps=ladders(PREFECTURES), most_suppressed=0.2)
    assert len(strict.suppressed) == 0
    assert 0 < len(loose.suppressed) <= 0.2 * len(people)
    assert 0 < loose.loss <= 1
    assert all(loose.levels[name] <= strict.levels[name] for name in QUASI)
    more = anonymised(people, QUASI, k=50, steps=ladders(PREFECTURES), most_suppressed=0.0)
    assert more.loss >= strict.loss


def test_a_table_of_fewer_than_k_rows_is_held_back_whole() -> None:
    done = anonymised(SMALL, ["sex"], k=7, steps=ladders(), most_suppressed=0.0)
    assert len(done.frame) == 0
    assert done.loss == 1.0


def test_a_column_without_a_ladder_becomes_nothing_or_stays() -> None:
    frame = pd.DataFrame({"shoe": [40, 41, 42, 43], "sex": ["F"] * 4})
    done = anonymised(frame, ["shoe"], k=2, steps={}, most_suppressed=0.0)
    assert done.frame["shoe"].tolist() == [ALL] * 4


@pytest.mark.parametrize("k", [0, -3, 2.5])
def test_k_is_a_whole_number_from_one_on(k: float) -> None:
    with pytest.raises(UsageError, match="k is"):
        anonymised(SMALL, ["sex"], k=k, steps=ladders(), most_suppressed=0.0)  # type: ignore[arg-type]


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'birth_year'"):
        cell_sizes(SMALL, ["birth_yaer"])


rows = st.lists(st.tuples(
    st.sampled_from(["F", "M", None]), st.integers(1930, 2012), st.sampled_from(["D01", "D02", "D03", "D04"]),
    st.sampled_from(["primary", "secondary", "college", "degree", None]), st.integers(0, 400), st.booleans(),
), max_size=60)
NAMES = ("sex", "birth_year", "district", "education", "verified_hours_total", "party_member")


def truthful(value: object, source: object, name: str) -> bool:
    """Return whether a value of the release says something that is true of the value it came from."""
    text = str(value)
    missing = source is None or source != source
    if text == ALL or (missing and (value is None or value != value)) or text == str(source):
        return True
    if name == "birth_year":
        low, high = text.split("-")
        return int(low) <= int(str(source)) <= int(high)
    if name == "verified_hours_total":
        low, _, high = text.removesuffix("+").partition("-<")
        return float(low) <= float(str(source)) and (not high or float(str(source)) < float(high))
    if name == "district":
        return text == PREFECTURES[str(source)]
    return text == ("college or more" if source in ("college", "degree") else "up to secondary")


@settings(max_examples=25)
@given(rows, st.integers(1, 12), st.sampled_from([0.0, 0.05, 0.3, 1.0]), st.sets(st.sampled_from(NAMES[:5])))
def test_no_cell_is_below_k_and_nothing_is_invented(
    drawn: list[tuple[object, ...]], k: int, most: float, chosen: set[str]
) -> None:
    quasi: Sequence[str] = [name for name in NAMES if name in chosen]
    frame = pd.DataFrame(drawn, columns=list(NAMES))
    before = frame.copy()
    done = anonymised(frame, quasi, k=k, steps=ladders(PREFECTURES), most_suppressed=most)
    pd.testing.assert_frame_equal(frame, before)
    assert not len(done.frame) or smallest_cell(done.frame, quasi) >= k
    assert len(done.frame) + len(done.suppressed) == len(frame)
    assert set(done.frame.index) | set(done.suppressed) == set(frame.index)
    assert 0 <= done.loss <= 1
    assert list(done.frame.columns) == list(frame.columns)
    for name in NAMES:
        kept, source = done.frame[name], frame.loc[done.frame.index, name]
        if name not in quasi:
            pd.testing.assert_series_equal(kept, source)
        else:
            assert all(truthful(a, b, name) for a, b in zip(kept, source, strict=True)), name
    if len(done.frame):
        assert risks(done.frame, quasi)["highest"] <= 1 / k
        assert np.isfinite(done.loss)
