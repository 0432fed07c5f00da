"""The clause register and the curriculum agree on what each lesson teaches and each unit examines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vsim.course.gate_rules import read_rules
from vsim.course.lessons import lessons
from vsim.course.source import read_source
from vsim.spec.clauses import TIERS, load_clauses

ROOT = Path(__file__).resolve().parents[2]
LESSONS = lessons(ROOT / "notebooks")
UNITS = {f"{path.parent.parent.name}/{path.parent.name}": path
         for path in sorted((ROOT / "curriculum").glob("*/*/assignment.md"))}
CAPSTONES = {rule.capstone.replace("-", "/", 1)
             for rule in read_rules(ROOT / "curriculum" / "course.yaml").said.tiers.values() if rule.capstone}
TRACKS = ("management", "evaluation", "policy")


def unit_of(lesson: str) -> str:
    """Return the unit that goes with a lesson: nine a tier, numbered track by track."""
    track, stem = lesson.split("/")
    tier, place = divmod(int(stem[:2]) - 1, 3)
    return f"{TIERS[tier]}/{3 * TRACKS.index(track) + place + 1:02d}{stem[2:]}"


def test_every_clause_has_lessons_of_its_tier_and_the_units_that_go_with_them() -> None:
    for clause in load_clauses().values():
        assert clause.units == tuple(unit_of(lesson) for lesson in clause.lessons), clause.id
        tiers = [TIERS.index(unit.split("/")[0]) for unit in clause.units]
        assert TIERS[min(tiers)] == clause.tier, clause.id


def test_there_are_twenty_seven_lessons_written_or_planned_three_a_tier_and_track() -> None:
    names = {lesson for clause in load_clauses().values() for lesson in clause.lessons}
    assert len(names) == 27
    assert {name[:-len(name.split("/")[1][2:])] for name in names} == {
        f"{track}/{number:02d}" for track in TRACKS for number in range(1, 10)}
    assert all(re.fullmatch(r"[a-z]+/\d\d-[a-z-]+", name) for name in names)


@pytest.mark.parametrize("name", sorted(LESSONS))
def test_a_lesson_names_the_clauses_that_the_register_gives_it(name: str) -> None:
    wanted = {clause.id for clause in load_clauses().values() if name in clause.lessons}
    assert set(read_source(LESSONS[name]).syllabus.clauses) == wanted


@pytest.mark.parametrize("name", sorted(set(UNITS) - CAPSTONES))
def test_a_unit_names_the_clauses_that_the_register_gives_it(name: str) -> None:
    wanted = {clause.id for clause in load_clauses().values() if name in clause.units}
    assert set(read_source(UNITS[name]).syllabus.clauses) == wanted


@pytest.mark.parametrize("tier", TIERS)
def test_a_capstone_asks_for_nothing_that_no_unit_of_its_tier_examines(tier: str) -> None:
    capstone = read_rules(ROOT / "curriculum" / "course.yaml").said.tiers[tier].capstone
    if capstone is not None:
        examined = {clause.id for clause in load_clauses().values()
                    if any(unit.startswith(f"{tier}/") for unit in clause.units)}
        named = set(read_source(ROOT / "curriculum" / capstone.replace("-", "/", 1) / "assignment.md").syllabus.clauses)
        assert named
        assert named <= examined


def test_what_is_only_planned_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    planned = [clause for clause in load_clauses().values() if not set(clause.lessons) & set(LESSONS)]
    unexamined = [clause for clause in load_clauses().values() if not set(clause.units) & set(UNITS)]
    for clause in planned:
        print(f"planned: {clause.id} {clause.en}: {', '.join(clause.lessons)}")
    assert len(capsys.readouterr().out.splitlines()) == len(planned) < 84
    assert len(unexamined) < 84
