"""Charts about protection: whom a list covers out of two groups, and how often something happens, with its interval.

They are for lessons: every word comes from the caller, already in the reader's language, and the alternative text is
made of the title and the values. Shapes tell the groups apart, so that no colour is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError
from vsim.report.figures_chart import Chart, canvas, finished, plain_number
from vsim.report.figures_denominators import LOOKS, listed, sign_of, spoken_alt
from vsim.report.numbers import number
from vsim.report.style import BLUE, GREY, INK, PAPER, VERMILION, chart_size
from vsim.report.words import wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

RATES = ("name", "rate", "low", "high")


def covered(rows: Mapping[str, Mapping[str, float]], *, title: str, x_label: str) -> Chart:
    """Chart shares of two groups, one line for each rule.

    Parameters
    ----------
    rows : mapping of str to mapping of str to float
        Name of each rule to shares for each 100 by group, 0 to 100; the same one or two groups in every row.
    title, x_label : str
        Words; the name of the axis holds its unit.

    Raises
    ------
    DataError
        When rows are empty or name different groups, or a share is not between 0 and 100.
    """
    groups = list(next(iter(rows.values()), {}))
    if not 1 <= len(groups) <= len(LOOKS) or any(list(row) != groups for row in rows.values()):
        raise DataError(f"covered: groups are {groups}; allowed one or two, the same in every row.")
    wrong = [value for row in rows.values() for value in row.values() if not 0 <= value <= 100]
    if wrong:
        raise DataError(f"covered: a share is {wrong[0]:g}; allowed 0 to 100.")
    looks = dict(zip(groups, LOOKS, strict=False))
    keys = [(sign_of(colour, marker, filled=marker == "^", size=8.0), group)
            for group, (colour, marker) in looks.items()]
    figure = canvas(title, 0.62 * len(rows) + 0.75, keys)
    axes = figure.add_subplot()
    for place, row in enumerate(rows.values()):
        axes.plot([min(row.values()), max(row.values())], [place, place], color=GREY, linewidth=1.0, zorder=1)
        for group, value in row.items():
            colour, marker = looks[group]
            axes.plot([value], [place], linestyle="", marker=marker, color=colour, markersize=9.0, zorder=2,
                      markerfacecolor=colour if marker == "^" else PAPER, markeredgewidth=1.5)
            axes.annotate(number(value, 0), (value, place), xytext=(0, 8 if marker == "^" else -17), color=colour,
                          textcoords="offset points", ha="center", fontsize=9)
    axes.set_xlim(-4, 106)
    _down(axes, list(rows))
    axes.set_xlabel(wrap(x_label, 70 if chart_size() == "wide" else 40))
    spoken = (listed(name, (f"{group} {number(value, 0)}" for group, value in row.items()))
              for name, row in rows.items())
    return finished("covered", figure, title, spoken_alt(title, spoken), "")


def rates(table: pd.DataFrame, *, title: str, x_label: str, seen: str, expected: str = "") -> Chart:
    """Chart rates with their intervals, one line each; where `expected` is given, a second mark for the column of that.

    Parameters
    ----------
    table : DataFrame
        name, rate, low, high (the same unit); with `expected` a column `expected` too. One row a line, top down.
    title, x_label : str
        Words; the name of the axis holds its unit.
    seen, expected : str
        Names of the two marks.

    Raises
    ------
    DataError
        When a column is missing, the table is empty, or an interval does not hold its rate.
    """
    columns = (*RATES, "expected") if expected else RATES
    lacking = [column for column in columns if column not in table.columns]
    if lacking or table.empty:
        raise DataError(f"rates: the table has {len(table)} rows and lacks {', '.join(lacking) or 'nothing'}; "
                        "needed one row or more with all columns.")
    rate, low, high = (table[column].to_numpy(dtype=np.float64) for column in RATES[1:])
    if bool(((low > rate) | (rate > high)).any()):
        raise DataError("rates: an interval does not hold its rate; allowed low <= rate <= high in every row.")
    keys = [(sign_of(BLUE, "s", filled=True), seen)]
    if expected:
        keys.append((sign_of(VERMILION, "D", filled=False), expected))
    figure = canvas(title, 0.27 * len(table) + 0.75, keys)
    axes = figure.add_subplot()
    rows = np.arange(len(table))
    axes.hlines(rows, low, high, color=BLUE, linewidth=1.6, zorder=1)
    axes.plot(rate, rows, linestyle="", marker="s", color=BLUE, markersize=6.0, zorder=2)
    if expected:
        axes.plot(table["expected"].to_numpy(dtype=np.float64), rows, linestyle="", marker="D", color=VERMILION,
                  markerfacecolor=PAPER, markeredgewidth=1.4, markersize=6.5, zorder=3)
    axes.set_xlim(-0.03 * high.max(), 1.06 * high.max())
    _down(axes, [str(name) for name in table["name"]])
    axes.xaxis.set_major_formatter(plain_number)
    axes.set_xlabel(wrap(x_label, 70 if chart_size() == "wide" else 40))
    spoken = (listed(str(name), (f"{number(a, 1)} ({number(b, 1)}–{number(c, 1)})",))
              for name, a, b, c in zip(table["name"], rate, low, high, strict=True))
    return finished("rates", figure, title, spoken_alt(title, spoken), "")


def _down(axes: Axes, names: list[str]) -> None:
    """Name the rows from the top down and draw a grid along them only."""
    axes.set_yticks(range(len(names)), [wrap(name, 34 if chart_size() == "wide" else 16) for name in names])
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(False)
    axes.grid(True, axis="x")
