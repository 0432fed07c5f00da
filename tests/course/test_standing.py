"""Where learners stand: the attempt that counts, lateness with grace and extensions, hand marks, and what is open."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.course.ledger_rows import DUE, frozen_course, hand, marked, ruled
from tests.course.small_course import ID
from vsim.course import ledger
from vsim.course.folder import Course
from vsim.course.standing import Standing, hundredths, kept, late_days, standings


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return frozen_course(tmp_path, "learner,name\nbo,Bo\nada,Ada\ncy,Cy\n")


def standing(course: Course, learner: str = "ada") -> Standing:
    return standings(course, course.unit(ID))[learner]


def test_everybody_of_the_roster_stands_somewhere_in_its_order(course: Course) -> None:
    marked(course, "ada", 1, 2, 1)
    ledger.append(course.root, {"kind": "failed", "unit": ID, "learner": "cy", "message": "x"})
    marked(course, "gone", 1, 2, 1)                                     # no longer in the roster
    ledger.append(course.root, {"kind": "of-another-day", "unit": ID})
    found = standings(course, course.unit(ID))
    assert {who: (one.state, one.earned, one.points, one.attempt) for who, one in found.items()} == {
        "bo": ("missing", 0.0, 6.0, None), "ada": ("open", 3.0, 6.0, 1), "cy": ("failed", 0.0, 6.0, None)}
    assert list(found) == ["bo", "ada", "cy"]
    assert found["ada"].row is not None
    assert found["ada"].row["sha256"] == f"{1:064}"


def test_a_failure_does_not_take_away_what_was_marked(course: Course) -> None:
    marked(course, "ada", 1, 2, 1, blank=["words"])
    ledger.append(course.root, {"kind": "failed", "unit": ID, "learner": "ada", "message": "x"})
    assert (standing(course).state, standing(course).earned) == ("complete", 3.0)


@pytest.mark.parametrize(("counts", "attempt"), [("best", 1), ("last", 2)])
def test_the_attempt_that_counts(course: Course, counts: str, attempt: int) -> None:
    course = ruled(course, counts=counts)
    marked(course, "ada", 1, 2, 0)
    marked(course, "ada", 2, 1, 0)
    marked(course, "ada", 1, 2, 0, by="rescore")                        # rescoring makes nothing the last
    assert standing(course).attempt == attempt
    assert ledger.latest(course.root, ID)["ada"]["attempt"] == 2
    marked(course, "ada", 2, 2, 0, by="rescore")
    assert standing(course).attempt == attempt                          # of equals the first
    marked(course, "ada", 1, 2, 0)                                      # the same file, handed in again
    assert standing(course).attempt == 1


def test_the_last_marking_of_an_attempt_stands(course: Course) -> None:
    marked(course, "ada", 1, 2, 1)
    row = marked(course, "ada", 1, 1, 1, by="rescore")
    found = standing(course)
    assert (found.raw, found.row and found.row["by"]) == (2.0, "rescore")
    assert found.row is not None
    assert found.row["scores"] == row["scores"]


def test_marks_by_hand_are_added_and_may_stand_in_place_of_a_check(course: Course) -> None:
    marked(course, "ada", 1, 2, 0, blank=["words"])
    assert (standing(course).state, standing(course).earned) == ("complete", 2.0)
    hand(course, "ada", words=2.5)
    assert (standing(course).earned, standing(course).hand) == (4.5, {"words": 2.5})
    hand(course, "ada", words=2.5, q2_check=1.0)
    assert (standing(course).earned, standing(course).share) == (5.5, 5.5 / 6)
    hand(course, "bo", words=1.0)
    assert (standing(course, "bo").state, standing(course, "bo").earned) == ("missing", 0.0)


def test_a_longer_date_changes_a_standing_and_nothing_is_graded_again(course: Course) -> None:
    course = ruled(course, late_per_day=0.25, grace_minutes=0)
    marked(course, "ada", 1, 2, 0, blank=["words"], arrived=(DUE + timedelta(hours=30)).isoformat())
    before = course.place("ledger.jsonl").read_bytes()
    late = standing(course)
    assert (late.late_days, late.raw, late.earned) == (2, 2.0, 1.0)
    course.place("extensions.csv").write_text(f"learner,unit,due,reason\nada,{ID},2026-12-02 20:00,ill\n", "utf-8")
    assert (standing(course).late_days, standing(course).earned) == (1, 1.5)
    course.place("extensions.csv").write_text(f"learner,unit,due,reason\nada,{ID},2026-12-09,ill for long\n", "utf-8")
    assert (standing(course).late_days, standing(course).earned) == (0, 2.0)
    assert course.place("ledger.jsonl").read_bytes() == before


def test_late_and_better_may_count_less_than_early(course: Course) -> None:
    course = ruled(course, late_per_day=0.5)
    marked(course, "ada", 1, 1.5, 0)
    marked(course, "ada", 2, 2, 0.5, arrived=(DUE + timedelta(days=1)).isoformat())
    assert (standing(course).attempt, standing(course).earned) == (1, 1.5)


def test_marking_again_makes_nothing_late(course: Course) -> None:
    marked(course, "ada", 1, 2, 0)
    marked(course, "ada", 1, 2, 0, arrived=(DUE + timedelta(days=3)).isoformat())
    marked(course, "ada", 1, 2, 0, arrived=None)
    assert standing(course).late_days == 0


@pytest.mark.parametrize(("minutes", "grace", "days"), [
    (-5, 15, 0), (0, 0, 0), (15, 15, 0), (16, 15, 1), (1, 0, 1), (1440, 0, 1), (1441, 0, 2), (1455, 15, 1),
    (1456, 15, 2), (10 * 1440, 0, 10),
])
def test_a_day_counts_once_it_has_begun(minutes: int, grace: int, days: int) -> None:
    assert late_days(DUE + timedelta(minutes=minutes), DUE, grace) == days


def test_without_a_date_or_an_arrival_nothing_is_late(course: Course) -> None:
    course = ruled(course, late_per_day=1.0)
    marked(course, "ada", 1, 2, 0, arrived="next week")
    assert standing(course).earned == 2.0
    marked(course, "bo", 1, 2, 0, arrived="2026-12-24T10:00:00")        # without an offset: UTC
    assert (standing(course, "bo").late_days, standing(course, "bo").earned) == (23, 0.0)
    course.place("calendar.csv").write_text("unit,due\n", encoding="utf-8")
    assert standing(course, "bo").earned == 2.0


def slowly(course: Course, learner: str) -> tuple[str, int | None, float]:
    """Return state, attempt and points again, the long way: every attempt on paper, then the rule in words."""
    lines = [row for row in ledger.rows(course.root, ID, learner) if row["learner"] == learner]
    given: dict[str, float] = {}
    for row in lines:
        given = row["marks"] if row["kind"] == "hand" else given
    numbers = sorted({row["attempt"] for row in lines if row["kind"] == "marked"})
    paper = []
    for number in numbers:
        own = [row for row in lines if row["kind"] == "marked" and row["attempt"] == number]
        score = own[-1]["scores"]
        auto = [given.get(f"{task}-check", score[task]["earned"]) for task in ("q1", "q2")]
        words = given["words"] if "words" in given else (0.0 if own[-1]["blank"] else None)
        arrived = min(datetime.fromisoformat(row["arrived"]) for row in own)
        days = 0
        while arrived > DUE + timedelta(minutes=course.settings.grace_minutes) + timedelta(days=days):
            days += 1
        left = 0.0 if days > course.settings.late_days else max(0.0, 1 - days * course.settings.late_per_day)
        paper.append((number, "open" if words is None else "complete",
                      round((sum(auto) + (words or 0.0)) * left + 1e-9, 2)))
    if not paper:
        return ("failed" if any(row["kind"] == "failed" for row in lines) else "missing"), None, 0.0
    if course.settings.counts == "last":
        last = [row for row in lines if row["kind"] == "marked" and row.get("by") != "rescore"][-1]["attempt"]
        number, state, earned = next(one for one in paper if one[0] == last)
    else:
        top = max(one[2] for one in paper)
        number, state, earned = next(one for one in paper if one[2] == top)
    return state, number, earned


@pytest.mark.parametrize("seed", range(4))
def test_standings_equal_those_worked_out_by_hand(course: Course, seed: int) -> None:
    draw = random.Random(seed)
    course = ruled(course, counts=draw.choice(["best", "last"]), grace_minutes=draw.choice([0, 15, 90]),
                   late_per_day=draw.choice([0.0, 0.1, 0.25]), late_days=draw.choice([0, 2, 365]))
    numbers = {"ada": 0, "bo": 0}
    for step in range(40):
        learner, what = draw.choice(["ada", "bo"]), draw.random()
        arrived = (DUE + timedelta(minutes=draw.randrange(-3000, 6000))).isoformat()
        scores = draw.randrange(0, 9) / 4, draw.randrange(0, 5) / 4
        blank = ["words"] if draw.random() < 0.3 else []
        if what < 0.45 or not numbers[learner]:
            numbers[learner] += 1
            marked(course, learner, numbers[learner], *scores, arrived=arrived, blank=blank)
        elif what < 0.75:
            more: dict[str, Any] = {"by": "rescore"} if draw.random() < 0.5 else {}
            marked(course, learner, draw.randint(1, numbers[learner]), *scores, arrived=arrived, blank=blank, **more)
        elif what < 0.9:
            hand(course, learner, **({"words": draw.randrange(0, 13) / 4} if draw.random() < 0.8 else {}))
        else:
            ledger.append(course.root, {"kind": "failed", "unit": ID, "learner": learner, "message": "x"})
        if step % 4 != 3:
            continue
        found = standings(course, course.unit(ID))
        for who, one in found.items():
            assert (one.state, one.attempt, one.earned) == slowly(course, who)


def test_rounding_is_half_up_and_the_share_that_is_kept_never_negative() -> None:
    assert [hundredths(value) for value in (0.125, 2.675, 1.005, 0.0)] == [0.13, 2.68, 1.01, 0.0]
    assert [kept(days, 0.4, 5) for days in (0, 1, 2, 3, 6)] == pytest.approx([1.0, 0.6, 0.2, 0.0, 0.0])
