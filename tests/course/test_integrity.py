"""Copied values and copied code are listed, honest ones are not, and no mark moves."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from tests.course.simulated import TASKS, UNIT_ID, answers, simulated_course
from vsim.course.integrity import integrity_of
from vsim.course.items_table import attempts_of
from vsim.course.similarity import alike, fingerprints, tokens
from vsim.course.unit import sit


def test_answers_that_are_right_in_another_city_name_their_owner(tmp_path: Path) -> None:
    def copied(learner: str, _unit: str, told: dict[str, Any]) -> dict[str, Any]:
        if learner != "s0004":
            return told
        other = sit(course.unit(UNIT_ID), course.name, "s0001")
        return {**told, "given": answers(other.truth, dict.fromkeys(TASKS, "right"), 0.0),
                "flags": (("other-learner", None),)}

    course = simulated_course(tmp_path / "honest", 30)
    assert integrity_of(course, course.unit(UNIT_ID), attempts_of(course, course.unit(UNIT_ID))).donors == ()
    after = simulated_course(tmp_path / "copied", 30, change=copied)
    found = integrity_of(after, after.unit(UNIT_ID), attempts_of(after, after.unit(UNIT_ID)))
    assert [(one.learner, one.other) for one in found.donors] == [("s0004", "s0001")]
    assert found.donors[0].chance < 1e-6
    assert found.swapped == ("s0004",)


def code(draw: random.Random) -> str:
    lines = [f"{word} = table.m{draw.randrange(99)}() {draw.choice('+-*/')} table.m{draw.randrange(99)}(len(table))"
             for word in ("one", "two", "three", "four", "five", "six")]
    draw.shuffle(lines)
    return "\n".join(lines)


def test_renamed_copies_are_found_and_what_was_handed_out_is_not() -> None:
    draw = random.Random(5)
    cells = {f"s{n}": {"q1": code(draw)} for n in range(12)}
    copy = cells["s3"]["q1"].replace("one", "uno").replace("two", "dos") + "  # mine"
    found = alike({**cells, "thief": {"q1": copy}}, {"q1": "table = 1"})
    assert found[0].learners == ("s3", "thief")
    assert found[0].share == 1
    assert alike({"a": cells["s1"], "b": cells["s1"]}, cells["s1"]) == []


def test_a_shared_run_of_twelve_tokens_leaves_a_shared_fingerprint() -> None:
    draw = random.Random(1)
    run = [f"t{draw.randrange(9)}" for _ in range(12)]
    for _ in range(50):
        one, other = ([f"{name}{draw.randrange(99)}" for _ in range(30)] for name in "ab")
        assert fingerprints([*one, *run, *one]) & fingerprints([*other, *run, *other])
    assert tokens("x = 'never closed", frozenset())[:2] == ["v", "="]
