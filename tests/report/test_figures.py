"""Charts in both languages and widths: named axes with units, no missing sign, no collision, same bytes."""

from __future__ import annotations

import itertools
import re
import warnings
import xml.etree.ElementTree as ET
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from tests.report.material import (
    CHARTS,
    PILOT,
    START,
    appraised,
    by_district,
    by_group,
    comparisons,
    effects,
    hours,
    layout,
    weekly,
)
from vsim.errors import DataError, UsageError
from vsim.report import figures
from vsim.report.figures import Chart
from vsim.report.figures_calendar import say_date
from vsim.report.fonts import missing
from vsim.report.style import use_style

pytestmark = pytest.mark.slow

CASES = [(name, lang, size) for name in CHARTS for lang in ("en", "zh_CN") for size in ("wide", "narrow")]
CHINESE = re.compile("[\u4e00-\u9fff]")
UNIT = re.compile(r"\(.+\)|（.+）|%|hours a week|week|周|小时", re.IGNORECASE | re.DOTALL)


def fresh(name: str, lang: str, size: str) -> Chart:
    with use_style(lang, size):
        return CHARTS[name]()


drawn = cache(fresh)  # tests that only look at a chart share it


def texts(chart: Chart) -> list[Text]:
    """Return the words that a chart shows, laid out as it is saved."""
    with use_style(chart.lang, chart.size):
        FigureCanvasAgg(chart.figure).draw()
    out_of_view = {id(text) for axes in chart.figure.axes for text in hidden(axes)}
    found = chart.figure.findobj(Text)
    return [
        text
        for text in found
        if text.get_visible() and text.get_text().strip() and id(text) not in out_of_view
    ]


def hidden(axes: Axes) -> list[Text]:
    """Return the labels of ticks out of view, and all names of axes that are switched off."""
    out = []
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        low, high = sorted(limits)
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not axes.axison or not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                out += [tick.label1, tick.label2]
        if not axes.axison:
            out.append(axis.label)
    return out


def named(axes: Axes) -> list[str]:
    """Return the names of the axes that have numbers or dates on them."""
    pairs = ((axes.xaxis, axes.get_xticklabels()), (axes.yaxis, axes.get_yticklabels()))
    return [
        axis.label.get_text()
        for axis, labels in pairs
        if axes.axison and any(label.get_text() for label in labels)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lang", "size"), CASES)
def test_every_axis_is_named_with_its_unit(name: str, lang: str, size: str) -> None:
    chart = drawn(name, lang, size)
    texts(chart)
    names = [label for axes in chart.figure.axes for label in named(axes)]
    assert names
    assert [label for label in names if not UNIT.search(label)] == []


@pytest.mark.parametrize(("name", "lang", "size"), CASES)
def test_no_words_collide_or_leave_the_chart(name: str, lang: str, size: str) -> None:
    chart = drawn(name, lang, size)
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(chart)]
    frame = chart.figure.bbox
    outside = [
        words
        for words, box in boxes
        if box.x0 < frame.x0 - 1 or box.x1 > frame.x1 + 1 or box.y0 < frame.y0 - 1 or box.y1 > frame.y1 + 1
    ]
    assert outside == []
    collided = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1.5
    ]
    assert collided == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lang", "size"), CASES)
def test_every_sign_is_in_the_font_and_no_warning_is_given(
    name: str, lang: str, size: str, caplog: pytest.LogCaptureFixture
) -> None:
    chart = drawn(name, lang, size)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that the font lacks
        words = "".join(text.get_text() for text in texts(chart))
    assert missing(words) == ""
    assert {text.get_fontfamily()[0] for text in texts(chart)} == {"VSim Sans SC"}
    assert caplog.records == []


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARTS)
def test_the_same_chart_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    again = fresh(name, "zh_CN", "wide")
    for kind in ("png", "svg"):
        first = figures.save(drawn(name, "zh_CN", "wide"), tmp_path / f"first.{kind}").read_bytes()
        second = figures.save(again, tmp_path / f"second.{kind}").read_bytes()
        assert first == second
        assert len(first) > 5_000
        assert b"Matplotlib v" not in first
        assert b"dc:date" not in first
    third = figures.save(again, tmp_path / "new" / "third.svg").read_bytes()  # a second saving of one figure
    assert first == third


@pytest.mark.parametrize(("name", "lang", "size"), CASES)
def test_every_chart_has_words_for_those_who_cannot_see_it(name: str, lang: str, size: str) -> None:
    chart = drawn(name, lang, size)
    assert (chart.lang, chart.size) == (lang, size)
    assert len(chart.alt) > 40
    assert re.search(r"\d", chart.alt)
    assert chart.caption
    for words in (chart.title, chart.alt, chart.caption):
        assert bool(CHINESE.search(words)) == (lang == "zh_CN")
        assert "{" not in words


@pytest.mark.parametrize("name", CHARTS)
def test_an_inline_chart_is_an_image_with_a_name_and_ids_of_its_own(name: str) -> None:
    first, second = (figures.inline_svg(drawn(name, lang, "wide")) for lang in ("en", "zh_CN"))
    root = ET.fromstring(first)
    assert root.tag.endswith("svg")
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == drawn(name, "en", "wide").alt
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0].isdisjoint(ids[1])
    assert set(re.findall(r"url\(#([^)]+)\)", first)) | set(re.findall(r'href="#([^"]+)"', first)) <= ids[0]
    assert "<text" in first
    assert "<style" not in first


def test_draw_gives_both_languages_in_both_widths_and_leaves_the_language_as_it_was() -> None:
    from vsim.i18n import language

    charts = figures.draw(CHARTS["forest_groups"])
    assert [(chart.lang, chart.size) for chart in charts.charts] == [
        ("en", "wide"),
        ("en", "narrow"),
        ("zh_CN", "wide"),
        ("zh_CN", "narrow"),
    ]
    assert (
        charts.get("zh_CN", "narrow").figure.get_figwidth()
        < charts.get("zh_CN", "wide").figure.get_figwidth()
    )
    assert language() == "en"


def test_the_policy_start_is_marked_at_its_real_date() -> None:
    chart = drawn("two_worlds", "en", "wide")
    words = [text.get_text() for text in texts(chart)]
    assert "Policy starts 1 Jul 2024" in words
    assert {"Jan\n2024", "Jul", "Jan\n2025"} <= set(words)
    with use_style("zh_CN"):
        assert say_date(date(2024, 7, 1)) == "2024年7月1日"


@pytest.mark.parametrize("weeks", [4, 13, 30, 52])
def test_short_and_long_runs_get_readable_dates(weeks: int) -> None:
    with use_style("en", "narrow"):
        chart = figures.two_worlds(weekly(weeks), "True hours", "h per year")
    labels = [label.get_text() for label in chart.figure.axes[0].get_xticklabels()]
    assert 2 <= len(labels) <= 6
    assert "2024" in labels[0]


def test_periods_of_several_weeks_are_named_as_such() -> None:
    frame = weekly().iloc[::4].reset_index(drop=True)
    with use_style("en"):
        chart = figures.two_worlds(frame, "True hours", "h per year", policy_start=START)
    assert chart.figure.axes[0].get_xlabel() == "Periods of 4 weeks (date of the first Monday)"
    assert "104 weeks from 1 Jan 2024" in chart.alt
    assert "Policy starts 1 Jul 2024" in [text.get_text() for text in chart.figure.axes[0].texts]


def test_the_map_outlines_the_pilot_districts_and_marks_what_excludes_zero() -> None:
    from matplotlib.patches import Rectangle

    axes = drawn("district_map", "en", "wide").figure.axes[0]
    tiles = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(tiles) == 40
    assert sum(tile.get_linewidth() > 1 for tile in tiles) == len(PILOT)
    sure = ((by_district()["low"] > 0) | (by_district()["high"] < 0)).sum()
    assert sum(line.get_marker() == "o" for line in axes.lines) == sure


def test_a_district_whose_worlds_are_equal_shows_a_bare_zero() -> None:
    frame = by_district()
    frame.loc[frame["district"] == "D40", ["value", "low", "high"]] = 0.0
    with use_style("en"):
        words = [
            text.get_text()
            for text in figures.district_map(frame, layout(), pilot=PILOT).figure.axes[0].texts
        ]
    assert words[words.index("D40") + 1] == "0"
    assert "0" not in words[: words.index("D40")]


def test_tiles_of_one_prefecture_touch_and_no_two_share_a_place() -> None:
    places = layout()
    assert not places.duplicated(["col", "row"]).any()
    assert places.groupby("prefecture").size().eq(10).all()
    spans = places.groupby("prefecture")[["col", "row"]].agg(lambda part: part.max() - part.min())
    assert (spans <= 3).all().all()


def test_a_far_indicator_becomes_an_arrow_so_that_the_others_stay_readable() -> None:
    axes = drawn("forest_indicators", "en", "wide").figure.axes[0]
    assert axes.get_xlim()[1] < 60  # the course indicator is at +1583 %
    assert [line.get_marker() for line in axes.lines].count(">") == 1
    assert "+1,583" in [text.get_text() for text in axes.texts]


def test_an_indicator_without_a_base_is_listed_without_a_point() -> None:
    frame = effects().assign(base=[0.0, *effects()["base"][1:]])
    with use_style("en"):
        chart = figures.forest_indicators(frame)
    assert "base is zero" in [text.get_text() for text in chart.figure.axes[0].texts]
    assert [line.get_marker() for line in chart.figure.axes[0].lines].count("s") == 5


def test_the_shares_of_the_distribution_add_up_to_everybody() -> None:
    chart = drawn("hours_distribution", "en", "wide")
    none, some = chart.figure.axes
    for place, arm in enumerate(("base", "pilot")):
        bars = some.containers[place]
        total = none.containers[place][0].get_height() + sum(bar.get_height() for bar in bars)
        assert total == pytest.approx(100)
        assert none.containers[place][0].get_height() == pytest.approx(100 * np.mean(hours()[arm] == 0))


def test_a_distribution_without_any_hours_is_drawn() -> None:
    with use_style("en"):
        chart = figures.hours_distribution({"base": np.zeros(50)})
    assert "100.0 % without hours" in chart.alt


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: figures.forest_indicators(effects().drop(columns="unit")), "needed unit too"),
        (lambda: figures.forest_indicators(effects().head(0)), "0 rows"),
        (lambda: figures.forest_groups(effects().assign(age="x"), by="age"), "allowed one"),
        (lambda: figures.cost_effectiveness(appraised()[0], appraised()[1].drop(columns="reminders"), "Hours", "h"),
         "no column 'reminders'"),
        (lambda: figures.beside_truth(comparisons().assign(kind="naive"), "True hours", "h"), "allowed 1"),
        (lambda: figures.district_map(by_district().assign(district="X"), layout()), "comes twice"),
        (
            lambda: figures.district_map(
                by_district().replace({"district": r"^D"}, "X", regex=True), layout()
            ),
            "same codes",
        ),
    ],
)
def test_a_table_that_cannot_be_charted_is_refused_in_words(make: object, says: str) -> None:
    assert callable(make)
    with use_style("en"), pytest.raises(DataError, match=says):
        make()


def test_only_png_and_svg_files_are_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"allowed \.png and \.svg"):
        figures.save(drawn("forest_groups", "en", "wide"), tmp_path / "chart.jpg")
    assert list(tmp_path.iterdir()) == []


def test_a_chart_shows_itself_in_a_notebook_with_its_alternative_text() -> None:
    chart = drawn("forest_groups", "zh_CN", "wide")
    html = chart._repr_html_()
    assert html.startswith(f'<img alt="{chart.alt}"')
    assert "data:image/png;base64," in html


def test_weeks_without_a_value_leave_a_gap_and_no_nonsense() -> None:
    frame = weekly()
    frame.loc[:51, [column for column in frame.columns if column not in ("week", "date")]] = np.nan
    with use_style("en"):
        chart = figures.weekly_effect(frame, "True hours", "h per year")
    assert "nan" not in chart.alt
    assert "n/a" in chart.alt


def test_groups_keep_the_order_of_the_table() -> None:
    with use_style("en"):
        chart = figures.forest_groups(by_group().iloc[::-1], by="age")
    words = [
        text.get_text() for text in chart.figure.axes[0].texts if text.get_text() in set(by_group()["age"])
    ]
    assert words == list(by_group()["age"])[::-1]
