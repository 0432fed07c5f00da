"""The curriculum and the list of competencies: read strictly, complete, and used by every lesson and unit."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path

import pytest

from tests.curriculum.test_coverage import unit_of
from tests.house.repo import ROOT
from vsim.course.calendar_dates import proposal
from vsim.course.competencies import check_keys, read_competencies
from vsim.course.gate_rules import read_rules, shipped_pace
from vsim.course.source import read_source
from vsim.course.syllabus import TIERS, TRACKS
from vsim.errors import UsageError

CURRICULUM = ROOT / "curriculum"
SOURCES = sorted([*CURRICULUM.glob("*/*/assignment.md"), *(ROOT / "notebooks").glob("*/*.md")])


def changed(tmp_path: Path, name: str, before: str, after: str) -> Path:
    text = (CURRICULUM / name).read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / name
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


def test_the_curriculum_plans_nine_units_a_tier_three_a_track_and_holds_those_that_are_written() -> None:
    rules = read_rules(CURRICULUM / "course.yaml")
    for tier in TIERS:
        planned = rules.said.tiers[tier].planned
        assert [sum(name.startswith(f"{track}/") for name in planned) for track in TRACKS] == [3, 3, 3]
        written = {source.syllabus.id for source in map(read_source, SOURCES)
                   if source.kind == "unit" and source.syllabus.tier == tier}
        units = {unit_of(lesson).replace("/", "-") for lesson in planned}
        assert written <= units | {rules.said.tiers[tier].capstone}
    assert [rules.before(tier) for tier in TIERS] == [None, "foundation", "practitioner"]


@pytest.mark.parametrize(("before", "after", "said"), [
    ("least_share: 0.6", "least_shar: 0.6", "Did you mean 'least_share'"),
    ("least_share: 0.6", "least_share: 60", "allowed a share"),
    ("units: all ", "units: some ", "allowed all, or a whole number"),
    ("units: all ", "units: 0 ", "allowed all, or a whole number"),
    ("{en: Foundation, zh: 基础层}", "{en: Foundation}", "title.zh is missing"),
    ("  leader:\n", "  leaders:\n", "allowed foundation, practitioner, leader"),
    ("least: 0.9", "least: 0.7", "from high to low"),
    ('time: "18:00"', 'time: "25:00"', "a time in quotes"),
    ("calendar: ", "calender: ", "Did you mean 'calendar'"),
])
def test_what_is_wrong_in_the_curriculum_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(UsageError, match=r"course\.yaml:\d+: .*" + said):
        read_rules(changed(tmp_path, "course.yaml", before, after))


@pytest.mark.parametrize(("before", "after", "said"), [
    ("shows: {en", "shown: {en", "Did you mean 'shows'"),
    ("tier: foundation", "tier: basic", "allowed foundation"),
    ("registers:\n", "Registers!:\n", "is no key"),
])
def test_what_is_wrong_in_the_competencies_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(UsageError, match=r"competencies\.yaml:\d+: .*" + said):
        read_competencies(changed(tmp_path, "competencies.yaml", before, after))


def test_lessons_and_units_name_competencies_of_the_list_and_of_their_tier_or_an_earlier_one() -> None:
    known = read_competencies(CURRICULUM / "competencies.yaml")
    assert SOURCES
    for path in SOURCES:
        row = read_source(path).syllabus
        check_keys(row.competencies, known, row.id)
        assert row.competencies, row.id
        late = [key for key in row.competencies if TIERS.index(known[key].tier) > TIERS.index(row.tier)]
        assert late == [], row.id


def test_an_unknown_competency_is_named_with_the_nearest() -> None:
    known = read_competencies(CURRICULUM / "competencies.yaml")
    with pytest.raises(UsageError, match="Did you mean 'registers'"):
        check_keys(["register"], known, "x")
    assert all(tier in {one.tier for one in known.values()} for tier in TIERS)


def test_a_calendar_is_proposed_at_the_pace_of_the_curriculum() -> None:
    days, time = shipped_pace()
    found = proposal(["a", "b"], date(2026, 12, 1), UTC, days, time)
    assert [f"{when:%m-%d %H:%M}" for when in found.values()] == ["12-08 18:00", "12-15 18:00"]
    assert [f"{when:%m-%d %H:%M}" for when in proposal(["a"], date(2026, 12, 1), UTC, 3, "09:30").values()] == [
        "12-04 09:30"]
