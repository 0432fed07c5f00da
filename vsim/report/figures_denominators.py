"""Charts about denominators: people out of a hundred, two rates of every district, windows, and errors of a register.

They are for lessons: every word comes from the caller, already in the reader's language, and the alternative text is
made of the title and the values. Shapes tell the groups apart, so that no colour is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from vsim.errors import DataError
from vsim.i18n import language
from vsim.report.figures_chart import Chart, canvas, finished, name_axes, records
from vsim.report.numbers import number
from vsim.report.style import BLUE, GREY, INK, PALE, PAPER, VERMILION, chart_size
from vsim.report.words import wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

LOOKS = ((BLUE, "s"), (VERMILION, "^"))                         # two groups, or two lines
LINES: tuple[Literal["-", "--"], ...] = ("-", "--")
SIDES = ((0.27, 0.0), (-0.27, 0.0), (0.0, 0.17), (0.0, -0.17),
         (0.25, 0.17), (-0.25, -0.17), (-0.25, 0.17), (0.25, -0.17))
Point = tuple[float, float]                                     # a place in inches
Spot = tuple[float, float, str]                                 # where a dot is, and the code of its district


def spoken_alt(title: str, parts: Iterable[str]) -> str:
    """Return a title and values as one text for those who do not see the chart."""
    chinese = language() == "zh_CN"
    return f"{title}{'：' if chinese else ': '}{('；' if chinese else '; ').join(parts)}{'。' if chinese else '.'}"


def listed(label: str, values: Iterable[str]) -> str:
    """Return a label and its values in words."""
    chinese = language() == "zh_CN"
    return f"{label} {('、' if chinese else ', ').join(values)}"


def _per_cent(value: float) -> str:
    """Return a signed percentage as each language sets it."""
    return f"{number(value, 1, signed=True)}{'' if language() == 'zh_CN' else ' '}%"


def sign_of(colour: str, marker: str, *, filled: bool, size: float = 7.0) -> Artist:
    """Return a mark for a legend."""
    from matplotlib.lines import Line2D

    fill = colour if filled else PAPER
    return Line2D([], [], linestyle="", marker=marker, color=colour, markerfacecolor=fill, markersize=size)


def of_hundred(groups: Mapping[str, int], title: str) -> Chart:
    """Chart a hundred people, and how many of them belong to groups that lie one inside the other.

    Parameters
    ----------
    groups : mapping of str to int
        Name of each group to how many of the hundred are in it: everybody first, the inmost group last; at most three.
    title : str

    Raises
    ------
    DataError
        When a group is larger than the one around it, or the first is not a hundred.
    """
    names, counts = list(groups), list(groups.values())
    if not 1 <= len(counts) <= 3 or counts[0] != 100 or counts != sorted(counts, reverse=True) or counts[-1] < 0:
        raise DataError(f"of_hundred: groups are {counts}; allowed 100 first, then at most two smaller numbers.")
    looks = [(GREY, "o", False, 6.0), (BLUE, "s", False, 11.0), (BLUE, "s", True, 11.0)][: len(counts)]
    keys = [(sign_of(colour, marker, filled=filled, size=min(size, 8.0)), f"{name} ({count})")
            for (colour, marker, filled, size), name, count in zip(looks, names, counts, strict=True)]
    figure = canvas(title, 1.65 if chart_size() == "wide" else 3.3, keys)
    axes = figure.add_subplot()
    across = 20 if chart_size() == "wide" else 10
    place = np.arange(100)
    down = 100 // across
    x, y = place // down, place % down                          # column by column, so that a group is one block
    ends = [*counts[1:], 0]
    for (colour, marker, filled, size), first, last in zip(looks, ends, counts, strict=True):
        inside = slice(first, last)
        axes.plot(x[inside], -y[inside], linestyle="", marker=marker, markersize=size, color=colour,
                  markerfacecolor=colour if filled else PAPER, markeredgewidth=1.4)
    axes.set_axis_off()
    axes.set_xlim(-0.7, across - 0.3)
    axes.set_ylim(-down + 0.4, 0.6)
    alt = spoken_alt(title, (f"{name} {count}" for name, count in groups.items()))
    return finished("of-hundred", figure, title, alt, "")


def two_rates(table: pd.DataFrame, x: str, y: str, marked: Mapping[str, Sequence[str]], *, title: str, x_label: str,
              y_label: str, other: str) -> Chart:
    """Chart two rates of every district as one dot each, with up to two lists of districts marked and named.

    Parameters
    ----------
    table : DataFrame
        Columns `district`, and those that `x` and `y` name; one row a district.
    marked : mapping of str to list of str
        Name of each list to the codes of its districts. One that is in both lists bears both marks.
    title, x_label, y_label, other : str
        Words, the last for districts in no list; names of axes hold their unit.
    """
    rows = records(table, "district", x, y)
    groups = list(zip(LOOKS, marked.items(), strict=False))
    keys = [(sign_of(colour, marker, filled=False, size=8.0), name) for (colour, marker), (name, _) in groups]
    figure = canvas(title, 3.4, [*keys, (sign_of(GREY, "o", filled=True, size=4.0), other)])
    axes = figure.add_subplot()
    axes.plot([row[x] for row in rows], [row[y] for row in rows], linestyle="", marker="o", color=GREY, markersize=4.0)
    for (colour, marker), (_, codes) in groups:
        chosen = [row for row in rows if row["district"] in codes]
        axes.plot([row[x] for row in chosen], [row[y] for row in chosen], linestyle="", marker=marker, color=colour,
                  markerfacecolor="none", markersize=11.0, markeredgewidth=1.5)
    named = {code for codes in marked.values() for code in codes}
    _name_dots(axes, [(row[x], row[y], row["district"]) for row in rows], named)
    axes.grid(True, axis="both")
    axes.margins(0.08)
    name_axes(axes, x_label, y_label)
    alt = spoken_alt(title, (listed(name, codes) for name, codes in marked.items()))
    return finished("two-rates", figure, title, alt, "")


def _name_dots(axes: Axes, dots: Sequence[Spot], named: Collection[str]) -> None:
    """Write a code beside each named dot: at the first side where nothing else is, or at least no other code."""
    across, up = (6.2, 2.6) if chart_size() == "wide" else (2.9, 2.6)         # inches that the dots are spread over
    xs, ys = [x for x, _, _ in dots], [y for _, y, _ in dots]
    right, high = across / ((max(xs) - min(xs)) or 1.0), up / ((max(ys) - min(ys)) or 1.0)
    spots = [(x * right, y * high) for x, y in zip(xs, ys, strict=True)]
    codes: list[Point] = []
    for (x, y, code), (inch, rise) in zip(dots, spots, strict=True):
        if code not in named:
            continue
        sides = [side for side in SIDES if _free((inch + side[0], rise + side[1]), codes)] or [SIDES[0]]
        others = [spot for spot in spots if abs(spot[0] - inch) + abs(spot[1] - rise) > 0.12]      # not its own
        dx, dy = next((side for side in sides if _free((inch + side[0], rise + side[1]), others)), sides[0])
        codes.append((inch + dx, rise + dy))
        axes.annotate(code, (x, y), xytext=(72 * dx, 72 * dy), textcoords="offset points", ha="center", va="center",
                      fontsize=8, color=INK)


def _free(place: Point, taken: Iterable[Point]) -> bool:
    """Return whether a code fits at a place, in inches, without touching what is there."""
    return all(abs(place[0] - x) > 0.29 or abs(place[1] - y) > 0.14 for x, y in taken)


def by_window(lines: Mapping[str, Mapping[int, float]], *, title: str, x_label: str, y_label: str) -> Chart:
    """Chart how a rate grows with its window, for up to two cities.

    Parameters
    ----------
    lines : mapping of str to mapping of int to float
        Name of each city to the rate for each window in weeks.
    title, x_label, y_label : str
        Words; names of axes hold their unit.
    """
    from matplotlib.lines import Line2D

    drawn = list(zip(LOOKS, LINES, lines.items(), strict=False))
    figure = canvas(title, 2.9, [(Line2D([], [], color=colour, marker=marker, linestyle=line), name)
                                 for (colour, marker), line, (name, _) in drawn])
    axes = figure.add_subplot()
    for turn, ((colour, marker), line, (_, values)) in enumerate(drawn):
        windows = list(values)
        axes.plot(range(len(windows)), list(values.values()), color=colour, marker=marker, linestyle=line)
        for place, value in enumerate(values.values()):
            axes.annotate(number(value, 1), (place, value), xytext=(0, -15 if turn == 0 else 7), fontsize=8,
                          textcoords="offset points", ha="center", color=colour)
        axes.set_xticks(range(len(windows)), [str(window) for window in windows])
    axes.set_ylim(-0.13 * axes.get_ylim()[1], 1.1 * axes.get_ylim()[1])
    axes.set_yticks([tick for tick in axes.get_yticks() if tick >= 0 and tick < axes.get_ylim()[1]])
    name_axes(axes, x_label, y_label)
    spoken = (listed(name, (f"{window}: {number(value, 1)}" for window, value in values.items()))
              for name, values in lines.items())
    return finished("by-window", figure, title, spoken_alt(title, spoken), "")


def register_errors(errors: Mapping[str, float], *, title: str, x_label: str) -> Chart:
    """Chart how far the numbers of a register lie from the truth, in per cent of the truth.

    Parameters
    ----------
    errors : mapping of str to float
        Name of each number to its error in per cent; below zero the register shows too little.
    title, x_label : str
    """
    wide = chart_size() == "wide"
    figure = canvas(title, 0.42 * len(errors) + (0.75 if wide else 1.0))
    axes = figure.add_subplot()
    for place, value in enumerate(errors.values()):
        fill, edge, hatch = (PAPER, VERMILION, "////") if value > 0 else (PALE, BLUE, "")
        axes.barh(place, value, height=0.6, facecolor=fill, edgecolor=edge, hatch=hatch, linewidth=1.2)
        axes.annotate(_per_cent(value), (value, place), xytext=(5 if value > 0 else -5, 0),
                      textcoords="offset points", ha="left" if value > 0 else "right", va="center")
    axes.axvline(0, color=GREY, linewidth=1.0)
    widest = max((abs(value) for value in errors.values()), default=1.0)
    axes.set_xlim(-1.45 * widest, 1.45 * widest)
    axes.set_yticks(range(len(errors)), [wrap(name, 34 if wide else 16) for name in errors])
    axes.set_ylim(len(errors) - 0.4, -0.6)
    axes.grid(False)
    axes.grid(True, axis="x")
    axes.set_xlabel(wrap(x_label, 70 if wide else 40))
    spoken = (f"{name} {_per_cent(value)}" for name, value in errors.items())
    return finished("register-errors", figure, title, spoken_alt(title, spoken), "")
