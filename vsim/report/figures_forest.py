"""The forest: rows of points with intervals against a zero line, names at the left, numbers at the right.

On a narrow chart the words stand above each row's line instead of beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vsim.report.figures_chart import canvas, line_cells, plain_number
from vsim.report.numbers import number
from vsim.report.style import BLUE, GREY, INK, PAPER, chart_size
from vsim.report.words import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


LINE, NOTE = 0.155, 0.135  # inches that a line of words and of a remark take


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a forest.

    Attributes
    ----------
    name, note : str
        At the left: what the row is, and in grey below it its unit.
    value, low, high : float
        The point and its interval, in the unit of the axis.
    text, text_note : str
        At the right: the point and interval as numbers, and in grey below them a remark.
    colour, marker : str
    """

    name: str
    value: float
    low: float
    high: float
    text: str
    note: str = ""
    text_note: str = ""
    colour: str = BLUE
    marker: str = "s"


def forest(title: str, rows: Sequence[Row], axis: str, column: str) -> tuple[Figure, Axes]:
    """Draw the rows from the top down and return the figure and its axes.

    The vertical scale of the axes is in inches, so that each row takes the height that its words need.

    Parameters
    ----------
    title, axis, column : str
        The chart's title, the horizontal axis with its unit, and the heading of the numbers at the right.
    rows : sequence of Row
    """
    wide = chart_size() == "wide"
    names = [wrap(row.name, 40 if wide else line_cells(9.0)) for row in rows]
    heights = [_height(name, row, wide) for name, row in zip(names, rows, strict=True)]
    figure = canvas(title, sum(heights) + 0.85)
    axes = figure.add_subplot()
    limit, top = _limit(rows), 0.0
    for name, row, height in zip(names, rows, heights, strict=True):
        if wide:
            _point(axes, row, top + height / 2, limit)
            _stack(axes, top + height / 2, -0.02, (name, row.note), "right")
            _stack(axes, top + height / 2, 1.02, (row.text, row.text_note), "left")
        else:
            _point(axes, row, top + height - 0.14, limit)
            _stack(axes, top + (height - 0.2) / 2, 0.0, (name, f"{row.text}  {row.note}".rstrip()), "left")
        top += height
    axes.set_ylim(top, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(False)
    axes.grid(True, axis="x")
    axes.axvline(0, color=GREY, linewidth=1.0, zorder=0.9)
    axes.margins(x=0.06)
    axes.xaxis.set_major_formatter(plain_number)
    axes.set_xlabel(wrap(axis, 80 if wide else 56))
    if wide:
        axes.text(1.02, 1.0, column, transform=axes.transAxes, ha="left", va="bottom", color=GREY, fontsize=8)
    return figure, axes


def _height(name: str, row: Row, wide: bool) -> float:
    """Return a row's height in inches."""
    lines = name.count("\n") + 1
    if wide:
        return 0.2 + LINE * lines + (NOTE if row.note or row.text_note else 0.0)
    return 0.36 + LINE * lines + NOTE


def _stack(
    axes: Axes, middle: float, x: float, words: tuple[str, str], side: Literal["left", "right"]
) -> None:
    """Write a name and the grey remark below it, beside the axes, or inside them on paper white."""
    name, note = words
    lines = name.count("\n") + 1
    top = middle - (LINE * lines + (NOTE if note else 0.0)) / 2
    frame = axes.get_yaxis_transform()
    texts = [axes.text(x, top, name, transform=frame, ha=side, va="top", color=INK, linespacing=1.2)]
    if note:
        below = top + LINE * lines + 0.015
        texts.append(axes.text(x, below, note, transform=frame, ha=side, va="top", color=GREY, fontsize=8))
    for text in texts if 0.0 <= x <= 1.0 else ():
        text.set_in_layout(False)
        text.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})


def _point(axes: Axes, row: Row, spot: float, limit: float) -> None:
    """Draw one point and its interval; a point too far out becomes an arrow with its value at the edge."""
    if not math.isfinite(row.value):
        return
    if abs(row.value) > limit:
        edge = math.copysign(limit, row.value)
        axes.plot([0, edge], [spot, spot], color=row.colour, linewidth=0.8, linestyle=":")
        axes.plot(edge, spot, marker=">" if edge > 0 else "<", color=row.colour, markersize=7)
        shown, shift = number(row.value, 0, signed=True), (-9, 0) if edge > 0 else (9, 0)
        side: Literal["right", "left"] = "right" if edge > 0 else "left"
        words = axes.annotate(shown, (edge, spot), shift, textcoords="offset points", ha=side, va="center")
        words.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})
        return
    ends = [max(row.low, -1.05 * limit), min(row.high, 1.05 * limit)]
    axes.plot(ends, [spot, spot], color=row.colour, linewidth=2.2, solid_capstyle="butt")
    axes.plot(row.value, spot, marker=row.marker, color=row.colour, markersize=5.5)


def _limit(rows: Sequence[Row]) -> float:
    """Return how far the axis reaches: over all rows but those five times as far out as the middle one."""
    reach = sorted(max(abs(row.low), abs(row.high)) for row in rows if math.isfinite(row.value))
    if not reach:
        return 1.0
    near = [far for far in reach if far <= 5 * reach[len(reach) // 2]]
    return near[-1] * (1.0 if near[-1] == reach[-1] else 1.3) or 1.0
