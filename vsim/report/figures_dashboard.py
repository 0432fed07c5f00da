"""Charts about indicators: a number as reported beside its card, who was kept, cover of a list, ranks, stars.

They are for lessons: every word comes from the caller, already in the reader's language, and the alternative text is
made of the title and the values. Shapes and hatches tell the groups apart, so that no colour is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from vsim.errors import DataError
from vsim.report.figures_chart import Chart, canvas, finished, name_axes, records
from vsim.report.figures_denominators import listed, sign_of, spoken_alt
from vsim.report.numbers import number
from vsim.report.style import BLUE, GREY, INK, PALE, PAPER, VERMILION, chart_size
from vsim.report.words import wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Span = tuple[float, float]                                      # lowest and highest value
PARTS = ((BLUE, ""), (PALE, "////"), (PAPER, "...."), (PAPER, "xxxx"))    # parts of bars, and groups of bars


def two_readings(rows: Mapping[str, tuple[float, float | Span]], names: tuple[str, str], *, title: str,
                 x_label: str) -> Chart:
    """Chart each indicator twice: as it was reported, and by its card, which may be a span.

    Parameters
    ----------
    rows : mapping of str to (float, float or (low, high))
        Name of each indicator to the two values, in per cent.
    names : tuple of str
        What the two values are called.
    title, x_label : str
    """
    wide = chart_size() == "wide"
    keys = [(sign_of(VERMILION, "^", filled=False, size=8.0), names[0]), (sign_of(BLUE, "s", filled=True), names[1])]
    figure = canvas(title, 0.46 * len(rows) + (0.55 if wide else 0.8), keys)
    axes = figure.add_subplot()
    spoken = []
    for place, (name, (told, card)) in enumerate(rows.items()):
        low, high = card if isinstance(card, tuple) else (card, card)
        axes.plot([min(told, low), max(told, high)], [place, place], color=PALE, linewidth=1.4, zorder=1)
        if high > low:
            axes.plot([low, high], [place, place], color=BLUE, linewidth=4.0, solid_capstyle="butt", zorder=2)
        axes.plot([low, high] if high > low else [low], [place] * (2 if high > low else 1), linestyle="", marker="s",
                  color=BLUE, markersize=7.0, zorder=3)
        axes.plot([told], [place], linestyle="", marker="^", color=VERMILION, markerfacecolor=PAPER, markersize=8.0,
                  markeredgewidth=1.5, zorder=4)
        _beside(axes, place, [(told, VERMILION), (low, BLUE)] + ([(high, BLUE)] if high > low else []))
        ends = [number(end, 0) for end in dict.fromkeys((low, high))]
        spoken.append(listed(name, (f"{names[0]} {number(told, 0)}", f"{names[1]} {'-'.join(ends)}")))
    axes.axvline(100, color=GREY, linewidth=0.8, linestyle=":")
    axes.set_xlim(-4, max(118.0, 1.08 * max(told for told, _ in rows.values())))
    axes.set_xticks(range(0, 101, 25))
    _down(axes, [wrap(name, 30 if wide else 13) for name in rows])
    axes.set_xlabel(wrap(x_label, 70 if wide else 40))
    return finished("two-readings", figure, title, spoken_alt(title, spoken), "")


def _beside(axes: Axes, place: int, values: Sequence[tuple[float, str]]) -> None:
    """Write each value above its mark; of two that nearly meet, the larger stands to the right and below."""
    ordered = sorted(values)
    for turn, (value, colour) in enumerate(ordered):
        near = any(abs(value - other) < 9 for other, _ in ordered[:turn])
        axes.annotate(number(value, 0), (value, place), xytext=(11, -3.5) if near else (0, 6.5), fontsize=8,
                      textcoords="offset points", ha="left" if near else "center", color=colour, zorder=5,
                      bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4})


def _down(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows of a chart, the first at the top, with a grid that goes down."""
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.45, -0.65)
    axes.grid(False)
    axes.grid(True, axis="x")


def stocks(bars: Mapping[str, Mapping[str, int]], *, title: str, x_label: str) -> Chart:
    """Chart groups of people as bars that lie one under the other, each cut into parts.

    Parameters
    ----------
    bars : mapping of str to mapping of str to int
        Name of each bar to its parts in order. A part that several bars have looks the same in each;
        at most four parts in all.
    title, x_label : str
    """
    from matplotlib.patches import Patch

    wide = chart_size() == "wide"
    parts = list(dict.fromkeys(part for bar in bars.values() for part in bar))
    if not 1 <= len(parts) <= len(PARTS):
        raise DataError(f"stocks: bars have {len(parts)} different parts; allowed 1 to {len(PARTS)}.")
    looks = dict(zip(parts, PARTS, strict=False))
    keys = [(Patch(facecolor=fill, edgecolor=GREY, hatch=hatch), part) for part, (fill, hatch) in looks.items()]
    figure = canvas(title, 0.62 * len(bars) + 0.55, keys)
    axes = figure.add_subplot()
    for place, bar in enumerate(bars.values()):
        left = 0
        for part, count in bar.items():
            fill, hatch = looks[part]
            axes.barh(place, count, left=left, height=0.62, facecolor=fill, edgecolor=GREY, hatch=hatch, linewidth=1.0)
            axes.text(left + count / 2, place, number(count, 0), ha="center", va="center", fontsize=8.5,
                      color=INK, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.2})
            left += count
    _down(axes, [wrap(name, 20 if wide else 10) for name in bars])
    axes.set_xlabel(wrap(x_label, 70 if wide else 40))
    spoken = (listed(name, (f"{part} {number(count, 0)}" for part, count in bar.items())) for name, bar in bars.items())
    return finished("stocks", figure, title, spoken_alt(title, spoken), "")


def cover_by_month(table: pd.DataFrame, names: tuple[str, str, str], *, title: str, x_label: str,
                   y_labels: tuple[str, str]) -> Chart:
    """Chart the cover of a list month by month: how many are listed and covered, and below them the share.

    Parameters
    ----------
    table : DataFrame
        Columns `month`, `listed`, `covered`; one row a month.
    names : tuple of str
        What the two counts and the share are called.
    title, x_label : str
    y_labels : tuple of str
        Names of the two vertical axes, with units.
    """
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MaxNLocator

    rows = records(table, "month", "listed", "covered")
    looks: tuple[tuple[str, str, Literal["-", "--"]], ...] = (
        (GREY, "o", "--"), (BLUE, "s", "-"), (VERMILION, "^", "-"))
    keys: list[tuple[Artist, str]] = [
        (Line2D([], [], color=colour, marker=mark, linestyle=line), name)
        for (colour, mark, line), name in zip(looks, names, strict=True)]
    figure = canvas(title, 3.6, keys)
    above, below = figure.subplots(2, 1, sharex=True)
    months = [row["month"] for row in rows]
    counts = ([row["listed"] for row in rows], [row["covered"] for row in rows])
    share = [100 * row["covered"] / row["listed"] for row in rows]
    for axes, line, (colour, mark, style) in zip((above, above, below), (*counts, share), looks, strict=True):
        axes.plot(months, line, color=colour, marker=mark, linestyle=style, markersize=4.0)
    dips = [turn for turn in range(1, len(rows)) if share[turn] < share[turn - 1] - 1e-9]
    for turn in dips:
        below.plot([months[turn]], [share[turn]], marker="o", markersize=11.0, markerfacecolor="none", color=INK)
    above.set_ylim(0, 1.15 * max(counts[0]))
    below.set_ylim(min(share) - 4, max(share) + 4)
    name_axes(above, "", y_labels[0])
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    name_axes(below, x_label, y_labels[1])
    spoken = [listed(name, (number(line[0], decimals), number(line[-1], decimals)))
              for name, line, decimals in zip(names, (*counts, share), (0, 0, 1), strict=True)]
    return finished("cover-by-month", figure, title, spoken_alt(title, spoken), "")


def ranked(table: pd.DataFrame, middle: float, marked: Collection[str], names: tuple[str, str, str], *, title: str,
           x_label: str) -> Chart:
    """Chart a rate of every district in order, each with the interval that luck leaves, beside the rate of all.

    Parameters
    ----------
    table : DataFrame
        Columns `district`, `rate`, `low`, `high`, `people`; one row a district.
    middle : float
        Rate of all districts together.
    marked : collection of str
        Districts drawn with a filled mark: those whose interval leaves out the rate of all.
    names : tuple of str
        Words for a district, a marked district, and the line of all.
    title, x_label : str
    """
    from matplotlib.lines import Line2D

    rows = sorted(records(table, "district", "rate", "low", "high", "people"), key=lambda row: -row["rate"])
    keys: list[tuple[Artist, str]] = [
        (sign_of(BLUE, "o", filled=False), names[0]), (sign_of(VERMILION, "D", filled=True), names[1]),
        (Line2D([], [], color=INK, linestyle="--"), names[2])]
    figure = canvas(title, 0.24 * len(rows) + 0.5, keys)
    axes = figure.add_subplot()
    for place, row in enumerate(rows):
        colour, mark, fill = (VERMILION, "D", VERMILION) if row["district"] in marked else (BLUE, "o", PAPER)
        axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.5)
        axes.plot([row["rate"]], [place], marker=mark, color=colour, markerfacecolor=fill, markersize=6.5)
    axes.axvline(middle, color=INK, linestyle="--", linewidth=1.0)
    _down(axes, [f"{row['district']} ({number(row['people'], 0)})" for row in rows])
    axes.set_xlabel(wrap(x_label, 70 if chart_size() == "wide" else 40))
    spoken = (f"{row['district']} {number(row['rate'], 0)} ({number(row['low'], 0)}-{number(row['high'], 0)})"
              for row in rows)
    return finished("ranked", figure, title, spoken_alt(title, [f"{names[2]} {number(middle, 0)}", *spoken]), "")


def stars(groups: Mapping[str, Mapping[int, float]], *, title: str, x_label: str, y_label: str) -> Chart:
    """Chart how stars are spread in up to four groups, such as ratings that came in and what all would have said.

    Parameters
    ----------
    groups : mapping of str to mapping of int to float
        Name of each group to the per cent of each number of stars.
    title, x_label, y_label : str
    """
    from matplotlib.patches import Patch

    drawn = list(zip(PARTS, groups.items(), strict=False))
    keys = [(Patch(facecolor=fill, edgecolor=GREY, hatch=hatch), name) for (fill, hatch), (name, _) in drawn]
    figure = canvas(title, 2.5, keys)
    axes = figure.add_subplot()
    width = 0.84 / len(drawn)
    for turn, ((fill, hatch), (_, values)) in enumerate(drawn):
        where = np.array(list(values), dtype=np.float64) + (turn - (len(drawn) - 1) / 2) * width
        axes.bar(where, list(values.values()), width=0.92 * width, facecolor=fill, edgecolor=GREY, hatch=hatch)
        for x, value in zip(where, values.values(), strict=True):
            axes.annotate(number(value, 0), (x, value), xytext=(0, 2), textcoords="offset points", ha="center",
                          va="bottom", fontsize=8)
    axes.set_xticks(sorted({star for values in groups.values() for star in values}))
    axes.margins(y=0.12)
    name_axes(axes, x_label, y_label)
    spoken = (listed(name, (f"{star}: {number(value, 0)}" for star, value in values.items()))
              for name, values in groups.items())
    return finished("stars", figure, title, spoken_alt(title, spoken), "")
