"""The calendar for the class: both languages, nothing from outside, nobody's extension; a file as RFC 5545 has it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.course.small_course import ID, small_course
from vsim.course.calendar_page import calendar_file, entries, write_calendar
from vsim.course.folder import Course
from vsim.course.settings import Settings

COHORT = '<b>班; "一", 期</b>' + "长" * 40


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = small_course(tmp_path)
    (made.root / "calendar.csv").write_text(
        f"unit,due\nleader-09-unknown,2026-12-15\n{ID},2026-12-01 18:00\n", encoding="utf-8")
    (made.root / "extensions.csv").write_text(f"learner,unit,due\nada,{ID},2027-01-31\n", encoding="utf-8")
    return Course(made.root, Settings(name="course", cohort=COHORT, units=["../bank"], language="zh_CN"))


def test_the_page_tells_each_unit_in_both_languages_and_asks_for_nothing(course: Course) -> None:
    assert write_calendar(course, lambda text: f"/*{len(text) > 100}*/") == ["leader-09-unknown"]
    page = (course.root / "calendar.html").read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert page.index('<section lang="zh-CN"') < page.index('<section lang="en"')
    assert page.count("2026-12-01 18:00 (UTC+08:00)") == 2
    for word in ("星期二", "Tuesday", "A small unit", "leader-09-unknown", "default-src 'none'", "/*True*/"):
        assert word in page
    assert not re.search(r"https?://|<script|src=|<b>|2027|ada", page)


def test_the_first_date_is_week_one_and_the_others_are_counted_from_it(course: Course) -> None:
    found = entries(course)
    assert [(one.unit, one.known, one.points) for one in found] == [(ID, True, 6.0), ("leader-09-unknown", False, None)]
    write_calendar(course)
    rows = re.findall(r"<tr><td>(\d+)</td><td>([^<]*)", (course.root / "calendar.html").read_text(encoding="utf-8"))
    assert rows[2:] == [("1", "A small unit"), ("3", "leader-09-unknown")]


def test_the_file_is_whole_lines_of_75_octets_and_says_the_moment_in_utc(course: Course) -> None:
    raw = calendar_file(course, entries(course), datetime(2026, 11, 1, tzinfo=UTC))
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert lines[0::len(lines) - 2] == ["BEGIN:VCALENDAR", "END:VCALENDAR"]
    assert "DTSTART:20261201T100000Z" in lines
    assert "DTSTAMP:20261101T000000Z" in lines
    assert "X-WR-CALNAME:" + COHORT.replace(";", "\\;").replace(",", "\\,") in lines
    begun = [line.partition(":")[2] for line in lines if line.startswith("BEGIN:")]
    assert sorted(begun) == sorted(line.partition(":")[2] for line in lines if line.startswith("END:"))
    assert len({line for line in lines if line.startswith("UID:")}) == begun.count("VEVENT") == 2


def test_the_same_calendar_gives_the_same_bytes_and_one_without_dates_says_so(course: Course) -> None:
    write_calendar(course)
    before = [(course.root / name).read_bytes() for name in ("calendar.html", "calendar.ics")]
    write_calendar(course)
    assert [(course.root / name).read_bytes() for name in ("calendar.html", "calendar.ics")] == before
    (course.root / "calendar.csv").unlink()
    assert write_calendar(course) == []
    assert "No unit has a date yet." in (course.root / "calendar.html").read_text(encoding="utf-8")
