"""The forest: rows of points with intervals against a zero line, names at the left, numbers at the right.

On a narrow chart the words stand above each row's line instead of beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vsim.report.figures_chart import canvas, line_cells, plain_number
from vsim.report.style import BLUE, GREY, INK, PAPER, chart_size
from vsim.report.words import cells, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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

    Parameters
    ----------
    title, axis, column : str
        The chart's title, the horizontal axis with its unit, and the heading of the numbers at the right.
    rows : sequence of Row
    """
    wide = chart_size() == "wide"
    noted = any(row.note for row in rows)
    figure = canvas(title, (0.48 if wide else 0.72 if noted else 0.62) * len(rows) + 0.95)
    axes = figure.add_subplot()
    limit = _limit(rows)
    for place, row in enumerate(rows):
        _point(axes, row, place if wide else place + 0.26, limit)
        if wide:
            _write(axes, (-0.02, place - 0.15 * noted), wrap(row.name, 40), INK, 9.0, "right")
            _write(axes, (-0.02, place + 0.23), row.note, GREY, 7.5, "right")
            _write(axes, (1.02, place - 0.15 * noted), row.text, INK, 9.0, "left")
            _write(axes, (1.02, place + 0.23), row.text_note, GREY, 7.5, "left")
        else:
            _write(axes, (0.0, place - 0.3), row.name, INK, 9.0, "left")
            _write(axes, (0.0, place - 0.02), row.note, GREY, 8.0, "left")
            lower = 0.28 * (not noted and cells(row.name + row.text) > line_cells(9.0) - 4)
            _write(axes, (1.0, place - 0.3 + lower), row.text, INK, 9.0, "right")
            _write(axes, (1.0, place - 0.02), row.text_note, GREY, 8.0, "right")
    axes.set_ylim(len(rows) - 0.42, -0.6)
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


def _point(axes: Axes, row: Row, spot: float, limit: float) -> None:
    """Draw one point and its interval; a point too far out becomes an arrow at the edge."""
    if not math.isfinite(row.value):
        return
    if abs(row.value) > limit:
        edge = math.copysign(limit, row.value)
        axes.plot([0, edge], [spot, spot], color=row.colour, linewidth=0.8, linestyle=":")
        axes.plot(edge, spot, marker=">" if edge > 0 else "<", color=row.colour, markersize=7)
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


def _write(
    axes: Axes,
    place: tuple[float, float],
    words: str,
    colour: str,
    points: float,
    side: Literal["left", "right"],
) -> None:
    """Write a row's words beside the axes, or inside them on paper white."""
    if not words:
        return
    frame = axes.get_yaxis_transform()
    text = axes.text(*place, words, transform=frame, ha=side, va="center", color=colour, linespacing=1.2)
    text.set_fontsize(points)
    if 0.0 <= place[0] <= 1.0:
        text.set_in_layout(False)
        text.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1.0})
