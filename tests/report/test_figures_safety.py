"""Charts about protection: the words of the caller, no collision, shapes beside colours, clear refusals."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest

from tests.report.test_figures import texts
from vsim.errors import DataError
from vsim.report import figures_safety as charts
from vsim.report.figures import Chart
from vsim.report.fonts import missing
from vsim.report.style import use_style

pytestmark = pytest.mark.slow

CHINESE = re.compile("[\u4e00-\u9fff]")
WORDS = {
    "en": ["A title of some length that says what is to be seen", "Of each 100 on the register",
           "Of each 100 sent to a task of risk", "Once a year: everybody on the register",
           "Before the first task of risk", "Incidents for each 10,000 hours of service"],
    "zh_CN": ["说明看点的一个有点长的标题", "每 100 名注册志愿者中", "每 100 名被派往有风险任务者中",
              "每年一次：登记册上的所有人", "首次有风险任务之前", "每 10,000 服务小时的事故数"],
}


def table() -> pd.DataFrame:
    """Return four rates with their intervals, one of them of nothing, and what is expected."""
    return pd.DataFrame({"name": ["D01", "D02", "D03", "D04"], "rate": [48.8, 17.1, 6.0, 0.0],
                         "low": [26.0, 3.5, 0.2, 0.0], "high": [83.5, 50.1, 33.2, 41.5],
                         "expected": [30.9, 11.1, 18.4, 14.7]})


def make(name: str, words: list[str]) -> Chart:
    title, first, second, one, two, axis = words
    if name == "covered":
        return charts.covered({one: {first: 91.0, second: 90.6}, two: {first: 27.3, second: 100.0}},
                              title=title, x_label=axis)
    return charts.rates(table(), title=title, x_label=axis, seen=first, expected=second)


CASES = [(name, lang, size) for name in ("covered", "rates") for lang in WORDS for size in ("wide", "narrow")]


@cache
def drawn(name: str, lang: str, size: str) -> Chart:
    with use_style(lang, size):
        return make(name, WORDS[lang])


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
    assert chart.alt.startswith(WORDS[lang][0])
    assert bool(CHINESE.search(chart.alt)) == (lang == "zh_CN")


def test_the_values_are_drawn_where_they_are_and_said_to_those_who_cannot_see() -> None:
    chart = drawn("covered", "en", "wide")
    places = {line.get_marker(): [] for line in chart.figure.axes[0].lines if line.get_marker() != "None"}
    for line in chart.figure.axes[0].lines:
        if line.get_marker() != "None":
            places[line.get_marker()] += list(line.get_xdata())
    assert places == {"s": [91.0, 27.3], "^": [90.6, 100.0]}
    assert "Of each 100 sent to a task of risk 100" in chart.alt
    rates = drawn("rates", "en", "wide")
    seen, expected = rates.figure.axes[0].lines
    assert list(seen.get_xdata()) == [48.8, 17.1, 6.0, 0.0]
    assert list(expected.get_xdata()) == [30.9, 11.1, 18.4, 14.7]
    assert seen.get_marker() != expected.get_marker()
    ends = [segment[:, 0].tolist() for segment in rates.figure.axes[0].collections[0].get_segments()]
    assert ends[0] == [26.0, 83.5]
    assert "D04 0.0 (0.0–41.5)" in rates.alt


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: charts.covered({}, title="", x_label=""), "allowed one or two"),
        (lambda: charts.covered({"a": {"x": 1}, "b": {"y": 1}}, title="", x_label=""), "the same in every row"),
        (lambda: charts.covered({"a": {"x": 101}}, title="", x_label=""), "allowed 0 to 100"),
        (lambda: charts.rates(table().head(0), title="", x_label="", seen=""), "0 rows"),
        (lambda: charts.rates(table()[["name", "rate"]], title="", x_label="", seen=""), "lacks low, high"),
        (lambda: charts.rates(table().assign(low=99.0), title="", x_label="", seen=""), "does not hold its rate"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(draw: Callable[[], Chart], says: str) -> None:
    with use_style("en"), pytest.raises(DataError, match=says):
        draw()
