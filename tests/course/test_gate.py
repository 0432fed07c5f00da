"""Gates: what is open, what is missing in the learner's words, and what was waived."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course.certified import NEXT, SECOND, add_unit, mark, marked_course
from vsim.course import ledger
from vsim.course.folder import Course
from vsim.course.gate import TierState, closed_to, gates, known_learners
from vsim.course.gate_rules import FILE, OWN, curriculum_folder
from vsim.course.gate_waivers import waive, waivers_of
from vsim.course.gate_words import percent
from vsim.course.syllabus import TIERS
from vsim.errors import UsageError


def own_rules(course: Course, **changes: str) -> None:
    """Give a course a curriculum of its own in which lines of the first tier are others."""
    folder = curriculum_folder()
    assert folder is not None
    text = (folder / FILE).read_text(encoding="utf-8")
    for key, value in ({"capstone": "null"} | changes).items():
        line = next(line for line in text.splitlines() if line.strip().startswith(f"{key}:"))
        text = text.replace(line, f"    {key}: {value}", 1)
    course.place(OWN).write_text(text, encoding="utf-8")


def tier(course: Course, learner: str, name: str = "foundation") -> TierState:
    return gates(course).of(learner)[TIERS.index(name)]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = marked_course(tmp_path, {"ada": 0.9, "bo": 0.5})
    add_unit(made, SECOND)
    mark(made, "ada", 0.6, SECOND)
    return made


def test_a_tier_is_passed_when_each_unit_and_the_mean_are_enough(course: Course) -> None:
    ada, bo, mei = (tier(course, learner) for learner in ("ada", "bo", "mei"))
    assert (ada.passed, ada.mean, ada.missing) == (True, pytest.approx(0.75), ())
    assert (bo.passed, bo.open) == (False, True)
    assert bo.missing == ("A small unit: 50 % of the points; 60 % are needed", "Unit more: not handed in yet")
    assert mei.missing == ("A small unit: not handed in yet", "Unit more: not handed in yet")
    assert [one.state for one in bo.units] == ["low", "missing"]


def test_the_next_tier_opens_with_it_and_says_what_is_missing_otherwise(course: Course) -> None:
    add_unit(course, NEXT)
    assert tier(course, "ada", "practitioner").open
    closed = tier(course, "bo", "practitioner")
    assert (closed.open, closed.passed) == (False, False)
    assert "Foundation" in closed.why
    assert "Unit more: not handed in yet" in closed.why
    unit = course.unit(NEXT)
    assert set(closed_to(course, unit)) == {"bo", "mei"}
    assert closed_to(course, course.unit(SECOND)) == {}
    assert not tier(course, "ada", "leader").open


def test_marks_in_a_tier_that_is_closed_pass_nothing(course: Course) -> None:
    add_unit(course, NEXT)
    mark(course, "bo", 1.0, NEXT)
    state = tier(course, "bo", "practitioner")
    assert [one.state for one in state.units] == ["met"]
    assert (state.open, state.passed) == (False, False)


def test_a_mean_that_is_too_low_is_said_although_each_unit_is_enough(course: Course) -> None:
    mark(course, "bo", 0.6, attempt=2)
    mark(course, "bo", 0.6, SECOND)
    assert tier(course, "bo").missing == ("The mean over the units is 60 %; 70 % are needed",)


def test_written_answers_that_nobody_has_marked_are_waited_for(course: Course) -> None:
    mark(course, "mei", 1.0, hand=False)
    assert tier(course, "mei").missing[0] == "A small unit: your written answers are not marked yet"


def test_a_waiver_lets_off_one_unit_is_told_everywhere_and_ends_when_withdrawn(course: Course) -> None:
    mark(course, "bo", 0.8, attempt=2)
    assert waive(course, "bo", SECOND, "shown in another course", by="Wang")
    assert not waive(course, "bo", SECOND, "shown in another course", by="Wang")
    state = tier(course, "bo")
    assert (state.passed, state.mean) == (True, pytest.approx(0.8))
    assert "Wang" in state.units[1].reason
    assert "shown in another course" in state.units[1].reason
    row = [row for row in ledger.rows(course.root) if row["kind"] == "waiver"][-1]
    assert {row["learner"], row["unit"], row["by"]} == {"bo", SECOND, "Wang"}
    assert row["time"]
    assert waive(course, "bo", SECOND, "by mistake", withdraw=True)
    assert (waivers_of(course), tier(course, "bo").passed) == ({}, False)


def test_a_waived_tier_is_open_and_not_passed(course: Course) -> None:
    waive(course, "mei", "practitioner", "certificate of last year")
    state = tier(course, "mei", "practitioner")
    assert (state.open, state.passed) == (True, False)
    assert "certificate of last year" in state.why
    assert not tier(course, "mei").passed


@pytest.mark.parametrize(("name", "reason"), [(SECOND, None), (SECOND, "  "), (SECOND, "x" * 301), ("nonsense", "why")])
def test_a_waiver_without_reason_or_of_nothing_is_refused(course: Course, name: str, reason: str | None) -> None:
    before = list(ledger.rows(course.root))
    with pytest.raises(UsageError, match=r"allowed|released"):
        waive(course, "bo", name, reason)
    with pytest.raises(UsageError, match=r"none for|released|reason"):
        waive(course, "bo", name, reason or "why", withdraw=True)
    assert list(ledger.rows(course.root)) == before


def test_so_many_units_of_a_tier_are_enough_and_the_best_of_them_count(course: Course) -> None:
    own_rules(course, units="1")
    assert (tier(course, "ada").passed, tier(course, "ada").mean) == (True, pytest.approx(0.9))
    assert tier(course, "mei").missing[0] == "Needed: 1 more of these units"
    own_rules(course, units="3")
    assert tier(course, "ada").missing[0] == "2 of the 3 units that are needed are released"


def test_the_capstone_may_not_be_left_out(course: Course) -> None:
    own_rules(course, units="1", capstone=SECOND)
    mark(course, "bo", 1.0, attempt=2)
    assert tier(course, "bo").missing == ("Unit more: not handed in yet",)
    own_rules(course, units="1", capstone="foundation-99-capstone")
    assert tier(course, "ada").missing == ("The capstone foundation-99-capstone is not released yet",)


def test_a_course_of_a_later_tier_admits_its_roster(tmp_path: Path) -> None:
    course = marked_course(tmp_path, {}, tier="practitioner")
    course.place("units", "foundation-01-small").rename(course.place("units", "gone"))
    (course.place("units", "gone") / "assignment.md").unlink()
    add_unit(course, NEXT)
    state = tier(course, "bo", "practitioner")
    assert state.open
    assert "not part of this course" in state.why
    assert not tier(course, "bo", "leader").open


def test_nothing_released_is_nothing_passed(tmp_path: Path) -> None:
    course = marked_course(tmp_path, {})
    assert tier(course, "ada", "leader").missing == ("No unit of this tier is released yet",)


def test_who_is_not_on_the_roster_is_named_with_the_nearest(course: Course) -> None:
    with pytest.raises(UsageError, match="Did you mean 'mei'"):
        known_learners(course, ["ada", "mee"])


def test_what_falls_short_never_looks_like_enough() -> None:
    assert percent(0.59999) == "59.9"
    assert percent(0.6) == percent(0.6, needed=True) == "60"
    assert percent(0.6001, needed=True) == "60.1"
