"""Charts about stations: the words of the caller, no collision, what is drawn is what was given, clear refusals."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import cache

import pytest

from tests.report.test_figures import texts
from vsim.errors import DataError
from vsim.report import figures_stations as charts
from vsim.report.figures import Chart
from vsim.report.fonts import missing
from vsim.report.style import use_style

pytestmark = pytest.mark.slow

WORDS = {
    "en": ["A title of some length that says what is to be seen here", "Needs that somebody wrote down",
           "Requests that were posted as a shift", "People", "Week of the year", "5 March"],
    "zh_CN": ["说明看点的一个有点长的标题", "有人登记下来的需求", "发布成班次的需求", "人数", "第几周", "3 月 5 日"],
}
DAYS = {"en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "zh_CN": ["一", "二", "三", "四", "五", "六", "日"]}
PARTS = {"en": ["morning", "afternoon", "evening"], "zh_CN": ["上午", "下午", "晚上"]}
WEEKS = [float(week % 7 * (week < 20)) for week in range(52)]
SLOTS = [float(20 + slot * 13 % 41) for slot in range(21)]


def make(name: str, lang: str) -> Chart:
    title, first, second, people, week, day = WORDS[lang]
    if name == "steps":
        return charts.steps({first: 6705, second: 4328, people: 0}, title=title, x_label=people)
    if name == "weeks_with_people":
        return charts.weeks_with_people({"S0001": WEEKS, "S0526": WEEKS[::-1]}, [8, 47], day, title=title,
                                        x_label=week, y_label=people)
    if name == "hour_sheet":
        return charts.hour_sheet(SLOTS, DAYS[lang], PARTS[lang], title=title, note=first)
    return charts.known_and_hidden({first: (424.0, 395.0), second: (88.0, 423.0)}, (people, week), title=title,
                                   x_label=people)


NAMES = ("steps", "weeks_with_people", "hour_sheet", "known_and_hidden")
CASES = [(name, lang, size) for name in NAMES for lang in WORDS for size in ("wide", "narrow")]


@cache
def drawn(name: str, lang: str, size: str) -> Chart:
    with use_style(lang, size):
        return make(name, lang)


@pytest.mark.parametrize(("name", "lang", "size"), CASES)
def test_no_words_collide_leave_the_chart_or_lack_a_sign(name: str, lang: str, size: str) -> None:
    chart = drawn(name, lang, size)
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(chart)]
    frame = chart.figure.bbox
    assert [words for words, box in boxes if box.x0 < frame.x0 - 1 or box.x1 > frame.x1 + 1
            or box.y0 < frame.y0 - 1 or box.y1 > frame.y1 + 1] == []
    assert [(one, other) for (one, a), (other, b) in itertools.combinations(boxes, 2)
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 1.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1.5] == []
    assert missing("".join(words for words, _ in boxes)) == ""
    assert (chart.lang, chart.size, chart.title) == (lang, size, WORDS[lang][0])
    assert chart.alt.startswith(WORDS[lang][0])
    assert re.search(r"\d", chart.alt)


def test_bars_are_as_long_as_what_was_given() -> None:
    assert [bar.get_width() for bar in drawn("steps", "en", "wide").figure.axes[0].patches] == [6705, 4328, 0]
    rows = drawn("weeks_with_people", "en", "wide").figure.axes
    assert [[bar.get_height() for bar in axes.patches] for axes in rows] == [WEEKS, WEEKS[::-1]]
    bars = drawn("known_and_hidden", "en", "wide").figure.axes[0].patches
    assert [bar.get_width() for bar in bars] == [424, 395, 88, 423]
    assert [bool(bar.get_hatch()) for bar in bars] == [False, True, False, True]


def test_the_sheet_names_every_slot_once_and_frames_the_highest_and_the_lowest() -> None:
    axes = drawn("hour_sheet", "en", "wide").figure.axes[0]
    said = {(round(text.get_position()[0]), round(text.get_position()[1])): text.get_text() for text in axes.texts}
    assert said == {(slot // 3, slot % 3): f"{value:.0f}" for slot, value in enumerate(SLOTS)}
    assert len(axes.patches) == 21 + sum(value in (min(SLOTS), max(SLOTS)) for value in SLOTS)


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: charts.steps({"a": 3, "b": 5}, title="", x_label=""), "do not rise"),
        (lambda: charts.steps({}, title="", x_label=""), "do not rise"),
        (lambda: charts.weeks_with_people({}, [], "", title="", x_label="", y_label=""), "allowed 1 to 3"),
        (lambda: charts.weeks_with_people({"a": [1.0], "b": [1.0, 2.0]}, [], "", title="", x_label="", y_label=""),
         "same weeks"),
        (lambda: charts.hour_sheet([1.0] * 20, DAYS["en"], PARTS["en"], title="", note=""), "allowed 21"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(draw: Callable[[], Chart], says: str) -> None:
    with use_style("en"), pytest.raises(DataError, match=says):
        draw()
