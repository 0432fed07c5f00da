"""Charts about chains: the words of the caller, what is drawn is what was given, clear refusals."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from tests.report.test_figures import texts
from vsim.errors import DataError
from vsim.report import figures_logic as charts
from vsim.report.figures import Chart
from vsim.report.fonts import missing
from vsim.report.style import Size, use_style

pytestmark = pytest.mark.slow

WORDS = {
    "en": ["A title of some length that says what is to be seen", "Plan together", "A local package", "Hours received"],
    "zh_CN": ["说明看点的一个有点长的标题", "一起规划", "地方政策包", "居民得到的小时数"],
}
TABLE = pd.DataFrame({"study": ["E-D01-0012", "E-D02-0012", "E-D03-0012"], "design": ["lot", "own", "lot"],
                      "effect": [0.12, 0.41, -0.03], "se": [0.09, 0.09, 0.09]})


def chain(lang: str) -> Chart:
    title, first, second, link = WORDS[lang]
    changes = {first: {link: 0.4, title[:8]: -69.4}, second: {link: 30.8, title[:8]: 16.0}}
    return charts.chain_changes(changes, title=title, x_label=link)


def studies(lang: str) -> Chart:
    title, first, second, link = WORDS[lang]
    return charts.studies(TABLE, {"lot": first, "own": second}, (0.1, link), title=title, x_label=link)


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("make", [chain, studies])
def test_a_chart_holds_the_words_of_the_caller_and_every_value(
    make: Callable[[str], Chart], lang: str, size: Size
) -> None:
    with use_style(lang, size=size):
        chart = make(lang)
    shown = "".join("".join(text.get_text().split()) for text in texts(chart))
    for word in WORDS[lang][1:]:
        assert "".join(word.split()) in shown
    assert missing(shown) == ""
    wanted = ("−69%", "+31%", "+0.4%") if make is chain else ("0.12", "0.41", "0.10")
    for value in wanted:
        assert value in chart.alt


def test_studies_stand_by_design_and_size() -> None:
    with use_style("en"):
        chart = studies("en")
    axes = chart.figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["E-D03-0012", "E-D01-0012", "E-D02-0012"]


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(DataError, match="same links"):
        charts.chain_changes({"a": {"x": 1.0}, "b": {"y": 1.0}}, title="t", x_label="x")
    with pytest.raises(DataError, match="one to 3"):
        charts.chain_changes({}, title="t", x_label="x")
    with pytest.raises(DataError, match="own"):
        charts.studies(TABLE, {"lot": "by lot"}, title="t", x_label="x")
