"""What leaves a kernel: plain words, whatever the learner's objects do when they are looked at."""

from __future__ import annotations

import json
import math
import sys
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pytest

from vsim.course.answers import FAULT, Function, Number, Table
from vsim.course.payload import argument, plain, table_value, tried


class Liar:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __getattr__(self, name: str) -> NoReturn:
        sys.exit(3)


class Poisoned(float):
    def __abs__(self) -> float:
        raise KeyboardInterrupt


class Endless(list[Any]):
    def __getitem__(self, key: Any) -> Any:
        raise MemoryError


@pytest.mark.parametrize(("value", "read"), [
    (3, 3), (True, True), (None, None), ("x", "x"), (np.int64(4), 4), (np.float64(0.5), 0.5), (np.bool_(True), True),
    (np.array(2.5), 2.5), ([1, [2, "a"]], [1, [2, "a"]]), ((1, 2), [1, 2]), ({"a": 1}, {"a": 1}),
    (pd.Timestamp("2026-07-05"), "2026-07-05T00:00:00"),
])
def test_plain_values_come_through(value: object, read: object) -> None:
    assert plain(value) == read


@pytest.mark.parametrize("place", range(16))
def test_everything_else_is_named_and_never_raises(place: int) -> None:
    hostile: list[object] = [          # not as parameters: pytest itself would look at them
        math.nan, math.inf, 10**40, object(), print, 1j, b"x", {1, 2}, range(3), (x for x in "ab"), Liar(), Poisoned(1),
        Endless([1]), type("T", (), {}), np.array([1, 2]), np.float64("nan"),
    ]
    found = plain(hostile[place])
    assert isinstance(found, dict)
    assert list(found) == [FAULT]
    json.dumps(found, allow_nan=False)


def test_an_object_cannot_pose_as_a_number_or_text() -> None:
    class Posing(str):
        __slots__ = ()

    assert FAULT in plain(Posing("A"))
    assert FAULT in plain(Poisoned(0.5))


def test_deep_and_long_values_are_cut_and_surrogates_replaced() -> None:
    deep: list[Any] = []
    for _ in range(3000):
        deep = [deep]
    json.dumps(plain(deep), allow_nan=False)
    assert len(plain("x" * 10_000)) == 200
    plain("\ud800").encode("utf-8")
    assert len(plain(list(range(100_000)))) == 5_000


def test_tables_keep_their_key_also_in_the_index() -> None:
    form = Table("t", "district", ("n",))
    frame = pd.DataFrame({"district": ["D01", "D02"], "n": [1, np.nan]})
    right = {"columns": ["district", "n"], "rows": [["D01", 1.0], ["D02", None]]}
    assert table_value(frame, form) == right
    assert table_value(frame.set_index("district"), form) == right
    assert table_value(frame.set_index("district")["n"], form) == right
    assert table_value(5, form) == 5


def test_functions_are_tried_one_input_at_a_time() -> None:
    form = Function("f", Number("f"))

    def touchy(x: float) -> float:
        if x == 1:
            raise SystemExit(4)
        return 1 / x

    assert tried(touchy, form, [[2], [1], [0]]) == [
        {"value": 0.5}, {"error": "SystemExit"}, {"error": "ZeroDivisionError"}]
    assert FAULT in tried(object(), form, [[1]])


def test_arguments_become_tables_and_dates_again() -> None:
    frame = argument({"columns": ["who", "date"], "rows": [["V-1", "2024-05-01"]], "dates": ["date"]})
    assert frame["date"].iloc[0] == pd.Timestamp("2024-05-01")
    assert argument({"date": "2024-05-01"}) == pd.Timestamp("2024-05-01")
    assert argument(5) == 5
