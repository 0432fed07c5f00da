"""Charts about indicators: the words of the caller, no collision, shapes beside colours, clear refusals."""

from __future__ import annotations

import itertools
import re
from functools import cache

import pandas as pd
import pytest

from tests.report.test_figures import texts
from vsim.errors import DataError
from vsim.report import figures_dashboard as charts
from vsim.report.figures import Chart
from vsim.report.fonts import missing
from vsim.report.style import use_style

pytestmark = pytest.mark.slow

CHINESE = re.compile("[\u4e00-\u9fff]")
TITLE = {"en": "A title of some length that says what is to be seen", "zh_CN": "说明看点的一个有点长的标题"}
WORDS = {
    "en": ["Newcomers", "Active", "Satisfied", "Venues", "For each 100 (of what, says the card)",
           "registered before, not active last year"],
    "zh_CN": ["新人", "活跃", "满意", "场馆", "每 100（分母见定义卡）", "此前已注册、去年不活跃"],
}
MONTHS = pd.DataFrame({"month": [1, 2, 3], "listed": [37, 38, 39], "covered": [31, 31, 33]})
PLACES = pd.DataFrame({"district": ["D01", "D02", "D03"], "rate": [70.0, 60.0, 66.0], "low": [62.0, 49.0, 57.0],
                       "high": [77.0, 70.0, 74.0], "people": [156, 80, 1108]})
NAMES = ("two_readings", "stocks", "cover_by_month", "ranked", "stars")
CASES = [(name, lang, size) for name in NAMES for lang in WORDS for size in ("wide", "narrow")]


@cache
def drawn(name: str, lang: str, size: str) -> Chart:
    title = TITLE[lang]
    one, two, three, four, axis, long = WORDS[lang]
    with use_style(lang, size):
        if name == "two_readings":
            rows: dict[str, tuple[float, float | tuple[float, float]]] = {
                one: (102.4, 21.4), two: (67.2, 66.1), three: (72.0, (15.9, 93.8)), four: (100.0, 100.0)}
            return charts.two_readings(rows, (one, two), title=title, x_label=axis)
        if name == "stocks":
            return charts.stocks({one: {two: 1015, three: 505}, four: {two: 1015, long: 558, one: 107}}, title=title,
                                 x_label=axis)
        if name == "cover_by_month":
            return charts.cover_by_month(MONTHS, (one, two, three), title=title, x_label=axis, y_labels=(four, axis))
        if name == "ranked":
            return charts.ranked(PLACES, 67.0, ["D01"], (one, long, three), title=title, x_label=axis)
        groups = {one: {1: 2.0, 5: 98.0}, long: {1: 20.0, 5: 80.0}}
        return charts.stars(groups, title=title, x_label=axis, y_label=four)


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
    assert (chart.lang, chart.size, chart.title) == (lang, size, TITLE[lang])
    assert chart.alt.startswith(TITLE[lang])
    assert re.search(r"\d", chart.alt)
    assert bool(CHINESE.search(chart.alt)) == (lang == "zh_CN")


def test_a_span_has_two_ends_and_a_single_value_one() -> None:
    axes = drawn("two_readings", "en", "wide").figure.axes[0]
    squares = [line for line in axes.lines if line.get_marker() == "s"]
    assert [list(line.get_xdata()) for line in squares] == [[21.4], [66.1], [15.9, 93.8], [100.0]]
    assert "By its" not in drawn("two_readings", "en", "wide").alt
    assert "Active 16-94" in drawn("two_readings", "en", "wide").alt


def test_a_part_of_two_bars_looks_the_same_in_both() -> None:
    bars = drawn("stocks", "en", "wide").figure.axes[0].patches
    assert [bar.get_width() for bar in bars] == [1015, 505, 1015, 558, 107]
    looks = [(bar.get_facecolor(), bar.get_hatch()) for bar in bars]
    assert looks[0] == looks[2]
    assert len(set(looks)) == 4


def test_a_month_in_which_the_share_falls_is_circled() -> None:
    below = drawn("cover_by_month", "en", "wide").figure.axes[1]
    circles = [line for line in below.lines if line.get_markerfacecolor() == "none"]
    assert [list(line.get_xdata()) for line in circles] == [[2]]


def test_districts_stand_in_the_order_of_their_rates_with_a_shape_for_the_marked() -> None:
    axes = drawn("ranked", "en", "wide").figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["D01 (156)", "D03 (1,108)", "D02 (80)"]
    assert [line.get_marker() for line in axes.lines if len(line.get_xdata()) == 1] == ["D", "o", "o"]


def test_too_many_parts_are_refused() -> None:
    with use_style("en"), pytest.raises(DataError, match="5 different parts; allowed 1 to 4"):
        charts.stocks({"bar": {str(part): 1 for part in range(5)}}, title="", x_label="")
