"""Charts about denominators: the words of the caller, no collision, shapes beside colours, clear refusals."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest
from matplotlib.axes import Axes

from tests.report.test_figures import named, texts
from vsim.errors import DataError
from vsim.report import figures_denominators as charts
from vsim.report.figures import Chart
from vsim.report.fonts import missing
from vsim.report.style import use_style

pytestmark = pytest.mark.slow

CHINESE = re.compile("[\u4e00-\u9fff]")
WORDS = {
    "en": ["A title of some length that says what is to be seen", "Residents", "Registered", "Active within 52 weeks",
           "Registered for each 100 residents", "Active for each 100 registered (52 weeks)", "Window (weeks)"],
    "zh_CN": ["说明看点的一个有点长的标题", "居民", "注册", "52 周内活跃", "每 100 名居民中的注册人数",
              "每 100 名注册志愿者中的活跃人数（52 周）", "时间窗口（周）"],
}


def table() -> pd.DataFrame:
    """Return forty districts, three of them close together."""
    rows = [(f"D{place:02d}", 18 + place * 37 % 80 / 11, 15 + place * 53 % 120 / 9) for place in range(1, 38)]
    rows += [("D38", 20.8, 26.6), ("D39", 21.0, 26.5), ("D40", 21.1, 26.6)]
    return pd.DataFrame(rows, columns=["district", "up", "used"])


def make(name: str, words: list[str]) -> Chart:
    title, first, second, third, x, y, window = words
    if name == "of_hundred":
        return charts.of_hundred({first: 100, second: 23, third: 5}, title)
    if name == "two_rates":
        lists = {first: ["D38", "D39", "D40", "D05"], second: ["D01", "D05", "D17"]}
        return charts.two_rates(table(), "up", "used", lists, title=title, x_label=x, y_label=y, other=third)
    if name == "by_window":
        lines = {first: {1: 1.8, 4: 6.3, 13: 11.1, 26: 16.2, 52: 23.7},
                 second: {1: 3.8, 4: 7.1, 13: 11.3, 26: 16.7, 52: 26.3}}
        return charts.by_window(lines, title=title, x_label=window, y_label=x)
    return charts.register_errors({first: 10.0, second: -3.6, third: 1.8}, title=title, x_label=f"{x} (%)")


def two_rates(frame: pd.DataFrame, column: str) -> Chart:
    return charts.two_rates(frame, "up", column, {}, title="", x_label="", y_label="", other="")


NAMES = ("of_hundred", "two_rates", "by_window", "register_errors")
CASES = [(name, lang, size) for name in NAMES for lang in WORDS for size in ("wide", "narrow")]


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


@pytest.mark.parametrize(("name", "lang", "size"), CASES)
def test_a_chart_shows_the_callers_words_and_says_them_to_those_who_cannot_see(name: str, lang: str, size: str) -> None:
    chart = drawn(name, lang, size)
    assert (chart.lang, chart.size, chart.title) == (lang, size, WORDS[lang][0])
    assert chart.alt.startswith(WORDS[lang][0])
    assert re.search(r"\d", chart.alt)
    assert bool(CHINESE.search(chart.alt)) == (lang == "zh_CN")
    axes: list[Axes] = chart.figure.axes
    assert all(label for part in axes for label in named(part) if name in ("two_rates", "by_window"))
    assert 'alt="' in chart._repr_html_()


def test_a_hundred_people_are_drawn_as_a_hundred_marks_of_three_shapes() -> None:
    lines = drawn("of_hundred", "en", "wide").figure.axes[0].lines
    assert [len(line.get_xdata()) for line in lines] == [77, 18, 5]
    looks = {(line.get_marker(), line.get_markerfacecolor()) for line in lines}
    assert len(looks) == 3


def test_a_district_in_both_lists_bears_both_marks_and_one_name() -> None:
    axes = drawn("two_rates", "en", "wide").figure.axes[0]
    marks = [line for line in axes.lines if len(line.get_xdata()) < 40]
    x = table().set_index("district").loc["D05", "up"]
    assert sum(x in list(line.get_xdata()) for line in marks) == 2
    assert {line.get_marker() for line in marks} == {"s", "^"}
    assert [text.get_text() for text in axes.texts].count("D05") == 1
    assert len(axes.texts) == 6


def test_errors_above_and_below_zero_differ_in_more_than_colour() -> None:
    bars = drawn("register_errors", "en", "wide").figure.axes[0].patches
    assert [bar.get_width() for bar in bars] == [10.0, -3.6, 1.8]
    assert [bool(bar.get_hatch()) for bar in bars] == [True, False, True]
    assert "+10.0%" in drawn("register_errors", "zh_CN", "wide").alt
    assert "+10.0 %" in drawn("register_errors", "en", "wide").alt


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: charts.of_hundred({"all": 90, "some": 5}, "title"), "allowed 100 first"),
        (lambda: charts.of_hundred({"all": 100, "some": 5, "more": 9}, "title"), "smaller numbers"),
        (lambda: two_rates(table().head(0), "used"), "0 rows"),
        (lambda: two_rates(table(), "no"), "needed no too"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(draw: Callable[[], Chart], says: str) -> None:
    with use_style("en"), pytest.raises(DataError, match=says):
        draw()
