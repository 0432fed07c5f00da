"""Rule 3, the code's side: a number of the model's behaviour stands on a card, never in code."""

from __future__ import annotations

import ast
from functools import cache

import pytest
import yaml

from tests.house.numbers import FRACTIONS, unplaced
from tests.house.repo import ROOT, parsed, sources

ROOMS = ("process", "kernels", "levers", "office")
STRUCTURE = yaml.safe_load((ROOT / "tests" / "house" / "structure.yaml").read_text(encoding="utf-8"))


@cache
def found() -> list[tuple[str, int, str, float]]:
    """Return (file, line, constant, value) of every number that its place does not excuse."""
    dense = [(file, *number) for file, text in sources(*ROOMS).items() for number in unplaced(text)]
    fractions = [
        (file, node.lineno, "", node.value)
        for file, text in sources("world", "observe").items()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value not in FRACTIONS
    ]
    return dense + fractions


@cache
def reasons() -> dict[tuple[str, str], set[str]]:
    """Return (stem, number as text) -> keys of structure.yaml that give it a reason.

    A key is the number itself, or the name of a constant; then it holds for that number in the stem's twin as well.
    """
    out: dict[tuple[str, str], set[str]] = {}
    for stem, keys in STRUCTURE.items():
        for key in keys:
            named = {str(value) for file, _, name, value in found() if name == key and stem_of(file) == stem}
            for value in named or {str(key)}:
                out.setdefault((stem, value), set()).add(key)
    return out


def stem_of(file: str) -> str:
    return file.rpartition("/")[2][:-3]


def test_no_behavioural_number_stands_in_code() -> None:
    known = reasons()
    loose = [f"vsim/{file}:{line}: {value}" for file, line, _, value in found()
             if (stem_of(file), str(value)) not in known]
    assert loose == [], "put them on a card; sizes of the layout go to tests/house/structure.yaml with a reason"


def test_every_excuse_is_used_and_gives_its_reason() -> None:
    known = reasons()
    used = {(stem_of(file), key) for file, _, _, value in found() for key in known.get((stem_of(file), str(value)), ())}
    assert {(stem, key) for stem, keys in STRUCTURE.items() for key in keys} - used == set()
    assert [key for keys in STRUCTURE.values() for key, why in keys.items() if len(str(why).split()) < 3] == []


@pytest.mark.parametrize(("code", "values"), [
    ("def f(age):\n    return age > 26", [26]),
    ("def f(x):\n    return 0.3 * x", [0.3]),
    ("def f(x):\n    return x * 3 // 7", [3, 7]),
    ("def f(week=52):\n    return week", [52]),
    ("HABIT = 0.12", [0.12]),
    ("x = dict(lag=4)", [4]),
    ("def f(x):\n    return x > 8", [8]),
    ("def f(x):\n    return x > -8", [8]),
    ("def f(x):\n    return x - 1e-6", [1e-6]),
    ("LEAST, MOST = 0, 48", [48]),
    ("def f(x, g):\n    return g(x, 4)", [4]),
])
def test_a_number_that_belongs_on_a_card_is_found(code: str, values: list[float]) -> None:
    assert [value for _, _, value in unplaced(code)] == values


@pytest.mark.parametrize("code", [
    "x = a[:, 13]", "y = (x * 1024 + 512) >> 10", "z = 1 << 40", "w = x & 255", "v = -1", "u = 0.5 * x",
    "for i in range(8): pass", "t = x // 65536", "def f(x):\n    x >>= 24\n    return x", "name = 'twelve 12'",
    "flag = True",
])
def test_structure_is_left_alone(code: str) -> None:
    assert list(unplaced(code)) == []
