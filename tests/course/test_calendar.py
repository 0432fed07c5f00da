"""The calendar: dates as people write them, extensions that only lengthen, wrong lines named, other lines kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from vsim.course.calendar import calendar_of, due, set_due
from vsim.course.calendar_dates import clock_of, is_past, proposal, told, when
from vsim.course.folder import Course, init_course
from vsim.course.settings import Settings
from vsim.errors import UsageError

CLOCK = clock_of("+08:00")
UNIT, OTHER = "foundation-01-registers-and-rates", "foundation-02-stations-and-demand"
EVENING = datetime(2026, 12, 1, 10, tzinfo=UTC)         # 18:00 on the course's clock


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return init_course(tmp_path / "c")


def write(course: Course, name: str, text: str, encoding: str = "utf-8") -> None:
    (course.root / name).write_bytes(text.encode(encoding))


@pytest.mark.parametrize("text", [
    "2026-12-01 18:00", "2026/12/1 18:00", "2026.12.01 18:00:00", "2026-12-01T18:00", "2026年12月1日 18:00",
    "２０２６年１２月１日１８：００", "2026-12-01 10:00Z", "2026-12-01T11:30+01:30", " 2026-12-01 18:00 ",
])
def test_a_date_is_read_as_people_and_spreadsheets_write_it(text: str) -> None:
    found = when(text, CLOCK, "x:2")
    assert (found, found.utcoffset()) == (EVENING, timedelta(hours=8))


def test_a_day_alone_lasts_to_its_last_minute_and_midnight_may_be_24() -> None:
    assert when("2026-12-01", CLOCK, "x").strftime("%d %H:%M") == "01 23:59"
    assert when("2026-12-01 24:00", CLOCK, "x").strftime("%d %H:%M") == "02 00:00"


@pytest.mark.parametrize("text", [
    "", "soon", "1/12/2026", "01-12-2026 18:00", "2026-02-29", "2026-12-01 24:01", "2026-12-01 18:60", "2026-13-01",
    "1926-12-01", "20261201", "2026-12-01 18", "2026-12-01 18:00+99:00", "2026-12-01 18:00; drop", "46357.75",
])
def test_what_is_no_date_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(UsageError, match=r"^calendar\.csv:2: due is .*allowed a date and a time, such as"):
        when(text, CLOCK, "calendar.csv:2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_lists_are_read_in_the_encodings_of_offices(course: Course, encoding: str) -> None:
    write(course, "calendar.csv", f"单元,截止时间,备注\n{UNIT},2026年12月1日 18:00,第一周\n", encoding)
    write(course, "extensions.csv", f"学号\t单元\t截止\t原因\n0042\t{UNIT}\t2026/12/8\t病假\n", encoding)
    assert due(course, UNIT, "ada") == EVENING
    assert due(course, UNIT, "0042") == when("2026-12-08 23:59", CLOCK, "x")
    assert due(course, OTHER, "ada") is None


def test_without_lists_nothing_is_due(course: Course) -> None:
    (course.root / "calendar.csv").unlink(missing_ok=True)
    assert due(course, UNIT, "ada") is None


def test_an_extension_counts_for_its_learner_and_unit_alone_and_never_shortens(course: Course) -> None:
    write(course, "calendar.csv", f"unit,due\nfoundation/01-registers-and-rates,2026-12-01 18:00\n{OTHER},2026-12-08\n")
    write(course, "extensions.csv", "learner,unit,due,reason\n"
          f"Ada,{UNIT},2026-12-05 18:00,ill\nbo,{UNIT},2026-11-01,a mistake\ncy,leader-09-x,2027-01-01,\n")
    late = timedelta(days=4)
    assert [due(course, UNIT, who) for who in ("ada", "bo", "cy")] == [EVENING + late, EVENING, EVENING]
    assert due(course, OTHER, "ada") == due(course, OTHER, "bo") != due(course, UNIT, "ada")
    assert due(course, "leader-09-x", "cy") is not None
    assert due(course, "leader-09-x", "ada") is None


def test_another_clock_is_another_moment(course: Course) -> None:
    write(course, "calendar.csv", f"unit,due\n{UNIT},2026-12-01 18:00\n")
    west = Course(course.root, Settings(name="c", utc_offset="-03:30"))
    first, second = due(course, UNIT, "ada"), due(west, UNIT, "ada")
    assert first is not None
    assert second is not None
    assert second - first == timedelta(hours=11.5)
    assert told(second) == "2026-12-01 18:00 (UTC-03:30)"


@pytest.mark.parametrize(("name", "text", "word"), [
    ("calendar.csv", f"unit,due\n{UNIT},next week\n", r"calendar\.csv:2: due is 'next week'"),
    ("calendar.csv", f"unit,due\n\n{UNIT},2026-12-01\n{UNIT},2026-12-02\n", r"calendar\.csv:4: the unit .* twice"),
    ("calendar.csv", "unit,due\nWeek one,2026-12-01\n", r"calendar\.csv:2: unit is 'Week one'"),
    ("calendar.csv", "unit,date\nx,2026-12-01\n", r"calendar\.csv:1: the columns are unit, date; allowed .*due"),
    ("calendar.csv", "unit,due,截止\nx,2026-12-01,\n", r"calendar\.csv:1: the columns 'due' and '截止' both mean due"),
    ("calendar.csv", "", r"calendar\.csv: is empty"),
    ("calendar.csv", "unit,due\nx,\0\n", r"calendar\.csv: holds binary data"),
    ("extensions.csv", f"learner,unit,due\na/b,{UNIT},2026-12-01\n", r"extensions\.csv:2: learner id is 'a/b'"),
    ("extensions.csv", f"learner,unit,due\nada,{UNIT},\n", r"extensions\.csv:2: due is ''"),
    ("extensions.csv", f"learner,unit,due\nada,{UNIT},2026-12-01\nＡDA,{UNIT},2026-12-02\n", r":3: 'ada' has two ext"),
])
def test_a_wrong_line_is_named(course: Course, name: str, text: str, word: str) -> None:
    write(course, name, text)
    with pytest.raises(UsageError, match=word):
        due(course, UNIT, "ada")


def test_a_date_is_written_and_every_other_line_and_column_stays(course: Course) -> None:
    write(course, "calendar.csv", f"备注;截止;单元\n\n甲;2026-12-01;{OTHER}\n第三;;{UNIT}\n", "gb18030")
    set_due(course, UNIT, EVENING)
    set_due(course, "leader-09-x", EVENING + timedelta(hours=1))
    raw = (course.root / "calendar.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines() == [
        "备注,截止,单元", "", f"甲,2026-12-01,{OTHER}", f"第三,2026-12-01 18:00,{UNIT}",
        ",2026-12-01 19:00,leader-09-x"]
    assert list(calendar_of(course).dues) == [OTHER, UNIT, "leader-09-x"]
    set_due(course, UNIT, EVENING + timedelta(hours=2))                 # as many bytes, within the same tick
    assert due(course, UNIT, "ada") == EVENING + timedelta(hours=2)


def test_a_wrong_calendar_is_not_written_over(course: Course) -> None:
    write(course, "calendar.csv", "week,day\n1,2\n")
    with pytest.raises(UsageError, match="the columns are"):
        set_due(course, UNIT, EVENING)
    assert (course.root / "calendar.csv").read_text() == "week,day\n1,2\n"


def test_a_proposal_goes_week_by_week_from_the_first_day() -> None:
    found = proposal([UNIT, OTHER], date(2026, 12, 24), CLOCK)
    assert {unit: told(moment) for unit, moment in found.items()} == {
        UNIT: "2026-12-31 18:00 (UTC+08:00)", OTHER: "2027-01-07 18:00 (UTC+08:00)"}


def test_past_is_what_is_over() -> None:
    assert is_past(EVENING, EVENING)
    assert not is_past(EVENING, EVENING - timedelta(seconds=1))
