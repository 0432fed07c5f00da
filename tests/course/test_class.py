"""Invented classes: the model is frozen, follows its own formula, and finds the faults that were put into a unit."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pytest

from tests.course.small_course import unit_folder
from vsim.course.class_bank import MODEL_ANSWER, Bank, bank_of
from vsim.course.class_model import BLANK, MODEL, ClassModel, ability, chance, frozen, mistake
from vsim.course.class_rehearsal import cronbach, one_class, rehearse_classes, seat_answers
from vsim.course.unit import Unit

Q1 = """# %% mutant one-more earns 0
registered = len(volunteers) + 1

# %% mutant text earns 0
registered = "many"

# %% equivalent shape
registered = volunteers.shape[0]
"""
Q2 = """# %% mutant same earns 0
def double(x):
    return x

# %% equivalent times
def double(x):
    return x * 2
"""


def bank(many: int = 5, cities: int = 4, **rows: dict[str, float]) -> Bank:
    """Return a bank of equal tasks: two mistakes, one mild; `rows` puts others in the place of a task's own."""
    tasks = [f"q{number}" for number in range(1, many + 1)]
    earned = {task: {MODEL_ANSWER: 2.0, "mild": 1.0, "bad": 0.0, BLANK: 0.0} | rows.get(task, {}) for task in tasks}
    return Bank("u", dict.fromkeys(tasks, 2.0), dict.fromkeys(tasks, 0.0),
                {task: [MODEL_ANSWER] for task in tasks}, {task: ["mild", "bad", BLANK] for task in tasks},
                {task: {name: [value] * cities for name, value in row.items()} for task, row in earned.items()})


def test_the_model_is_frozen() -> None:
    # these numbers came before the units; a unit is tuned against them, never they against a unit
    assert frozen() == "00850436095a9cc7"


def test_ability_is_standard_normal_and_each_learners_own() -> None:
    drawn = [ability("u", group, seat) for group in range(100) for seat in range(30)]
    assert abs(fmean(drawn)) < 4 / math.sqrt(3000)
    assert abs(stdev(drawn) - 1) < 4 / math.sqrt(6000)
    assert ability("u", 1, 2) == ability("u", 1, 2) != ability("v", 1, 2)


def test_a_task_is_met_more_often_with_ability_and_less_often_towards_the_end() -> None:
    first = [chance(MODEL, theta, 0, 5) for theta in (-9, MODEL.first, 9)]
    assert first == pytest.approx([0, (1 - MODEL.careless) / 2, 1 - MODEL.careless], abs=1e-4)
    assert chance(MODEL, 0, 0, 5) > chance(MODEL, 0, 2, 5) > chance(MODEL, 0, 4, 5)
    assert chance(MODEL, -9, 4, 5, guess=0.25) == pytest.approx(0.25, abs=1e-4)


def test_milder_mistakes_come_with_ability_and_nothing_is_written_without() -> None:
    shares = {"mild": 0.75, "bad": 0.0, BLANK: 0.0}
    draws = [(n + 0.5) / 1000 for n in range(1000)]

    def often(theta: float, name: str) -> float:
        return fmean(mistake(MODEL, theta, shares, draw) == name for draw in draws)

    assert often(2, "mild") > often(0, "mild") > often(-2, "mild")
    assert often(MODEL.blank, BLANK) == pytest.approx(0.5, abs=0.01)
    assert mistake(MODEL, 1.0, {BLANK: 0.0}, 0.999) == BLANK


def test_scores_of_a_class_are_those_of_the_answers_drawn() -> None:
    given = bank()
    thetas, points = one_class(given, 7, seats=12)
    for seat in range(12):
        theta, city, chosen = seat_answers(given, 7, seat)
        assert thetas[seat] == theta
        assert points[seat].tolist() == [given.earned[task][chosen[task]][city] for task in given.points]


def test_a_sound_unit_orders_learners_and_has_no_fault() -> None:
    found = rehearse_classes(bank(), classes=60)
    assert found.faults == ()
    assert found.ability[0] > 0.7
    assert [item.difficulty for item in found.items] == sorted((item.difficulty for item in found.items), reverse=True)
    assert found == rehearse_classes(bank(), classes=60)


def test_a_task_that_nothing_lowers_and_one_with_a_wrong_key_are_found() -> None:
    idle = rehearse_classes(bank(q3={"mild": 2.0, "bad": 2.0, BLANK: 2.0}), classes=30)
    assert any("q3: no known mistake loses a point" in fault for fault in idle.faults)
    turned = rehearse_classes(bank(q2={MODEL_ANSWER: 0.0, "mild": 2.0, "bad": 2.0}), classes=30)
    assert any(fault.startswith("q2: item-rest correlation -") for fault in turned.faults)
    blind = rehearse_classes(bank(), classes=30, model=ClassModel(discrimination=0.0, mildness=0.0))
    assert any("correlates with ability" in fault for fault in blind.faults)


def test_alpha_is_that_of_the_formula_and_of_its_limits() -> None:
    same = np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]])
    assert cronbach(same) == pytest.approx(1)
    assert cronbach(np.ones((5, 3))) == 0
    table = np.array([[1, 2, 3], [2, 2, 5], [3, 1, 4], [5, 4, 4], [4, 3, 6]], dtype=float)
    covariance = np.cov(table.T)
    slow = 3 * (covariance.sum() - np.trace(covariance)) / 6 / (covariance.sum() / 3)
    assert cronbach(table) == pytest.approx(slow)


@pytest.mark.slow
def test_the_bank_holds_what_each_answer_earns_on_each_city(tmp_path: Path) -> None:
    folder = unit_folder(tmp_path)
    (folder / "mutants" / "q1.py").write_text(Q1, encoding="utf-8")
    (folder / "mutants" / "q2.py").write_text(Q2, encoding="utf-8")
    found = bank_of(Unit(folder), 3)
    assert found.cities == 3
    assert found.earned["q1"] == {MODEL_ANSWER: [2, 2, 2], "shape": [2, 2, 2], "one-more": [0, 0, 0],
                                  "text": [0, 0, 0], BLANK: [0, 0, 0]}
    assert found.right == {"q1": [MODEL_ANSWER, "shape"], "q2": [MODEL_ANSWER, "times"]}
    assert found.wrong == {"q1": ["one-more", "text", BLANK], "q2": ["same", BLANK]}
    assert found.idle() == []
