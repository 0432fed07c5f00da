"""A chart and what belongs to it: its title, its alternative text, its caption and its language.

Figures are made without pyplot, so that nothing is kept after they are dropped and no window system is
needed. Titles, legends and axis names stand above the axes, flush left and horizontal, where Chinese and
English read alike.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from vsim.errors import DataError, listing
from vsim.i18n import LANGUAGES, language, t
from vsim.report.numbers import MINUS
from vsim.report.style import GREY, INK, WIDTH, Size, chart_size, use_style
from vsim.report.words import balance, cells, wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE_POINTS = 11.5
LINE = 0.20  # inches from one line of a heading to the next


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with the words that must travel with it.

    Attributes
    ----------
    key : str
        A short name, used for file names and for ids in a page.
    figure : matplotlib.figure.Figure
    title, alt, caption : str
        What is shown; what a person who cannot see it should know; how to read it.
    lang : str
        "en" or "zh_CN".
    size : {"wide", "narrow"}
    """

    key: str
    figure: Figure
    title: str
    alt: str
    caption: str
    lang: str
    size: Size

    def _repr_html_(self) -> str:
        """Show the chart in a notebook, with its alternative text."""
        data = base64.b64encode(render(self, "png", dpi=144)).decode("ascii")
        pixels = round(self.figure.get_figwidth() * 100)
        return f'<img alt="{escape(self.alt)}" width="{pixels}" src="data:image/png;base64,{data}">'


@dataclass(frozen=True, slots=True)
class ChartSet:
    """One chart in both languages and both sizes, for a page."""

    key: str
    charts: tuple[Chart, ...]

    def get(self, lang: str, size: Size) -> Chart:
        """Return the chart in a language and size."""
        return next(chart for chart in self.charts if chart.lang == lang and chart.size == size)


def draw(make: Callable[[], Chart]) -> ChartSet:
    """Draw one chart in each language and size: `draw(lambda: two_worlds(study.weekly("hours"), ...))`."""
    charts = []
    for lang in LANGUAGES:
        for size in WIDTH:
            with use_style(lang, size):
                charts.append(make())
    return ChartSet(charts[0].key, tuple(charts))


def records(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Return a table's rows, and refuse one that lacks a column or has no row."""
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        has = listing(frame.columns)
        raise DataError(f"chart: columns of the table are {has}; needed {', '.join(lacking)} too.")
    if frame.empty:
        raise DataError("chart: the table has 0 rows; needed at least 1.")
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def line_cells(points: float = TITLE_POINTS) -> int:
    """Return how many half-width cells fit on one line across the chart at a type size."""
    return int((WIDTH[chart_size()] - 0.25) * 72 / (points * 0.54))


def canvas(title: str, height: float, keys: Sequence[tuple[Artist, str]] = ()) -> Figure:
    """Return an empty figure with its title, its legend and the note that the data are synthetic.

    Parameters
    ----------
    title : str
        Already in the language of the chart; broken into lines where it is too long.
    height : float
        Height of the part below the heading, in inches.
    keys : sequence of (handle, label)
        The legend, from left to right.
    """
    from matplotlib.figure import Figure

    wrapped = balance(title, line_cells())
    columns = _columns([label for _, label in keys])
    rows = -(-len(keys) // columns) if keys else 0
    head = 0.12 + (LINE + 0.03) * (wrapped.count("\n") + 1) + LINE * rows + (0.08 if rows else 0.1)
    foot = 0.24
    width, whole = WIDTH[chart_size()], head + height + foot
    figure = Figure(figsize=(width, whole), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0, foot / whole, 1, height / whole), w_pad=0.08, h_pad=0.03)
    note = t("Synthetic data, made by vsim")
    words = [
        figure.text(0.1 / width, 1 - 0.1 / whole, wrapped, fontsize=TITLE_POINTS, va="top", linespacing=1.3),
        figure.text(1 - 0.1 / width, 0.08 / whole, note, fontsize=7.5, color=GREY, ha="right", va="bottom"),
    ]
    for word in words:
        word.set_in_layout(False)
    if keys:
        legend = figure.legend(
            [handle for handle, _ in keys],
            [label for _, label in keys],
            loc="upper left",
            bbox_to_anchor=(0.1 / width, 1 - (head - LINE * rows - 0.08) / whole),
            ncols=columns,
            borderaxespad=0.0,
            borderpad=0.0,
            handlelength=2.4,
            columnspacing=1.6,
            labelspacing=0.35,
        )
        legend.set_in_layout(False)
    return figure


def _columns(labels: Sequence[str]) -> int:
    """Return how many legend entries fit side by side."""
    room = line_cells(9.0)
    for columns in range(len(labels), 1, -1):
        widest = [max(cells(label) for label in labels[start::columns]) for start in range(columns)]
        if sum(widest) + 8 * columns <= room:
            return columns
    return 1


def plain_number(value: float, _place: float = 0.0) -> str:
    """Return an axis's number with separators of thousands and a true minus."""
    return f"{value:,.10g}".replace("-", MINUS)


def name_axes(axes: Axes, x: str, y: str, *, room: int | None = None) -> None:
    """Name both axes, with units; the vertical one horizontally, above its axis.

    Parameters
    ----------
    axes : Axes
    x, y : str
    room : int, optional
        Cells on one line of the horizontal axis's name, when the axes are narrower than the chart.
    """
    axes.yaxis.set_major_formatter(plain_number)
    axes.set_xlabel(wrap(x, room or (80 if chart_size() == "wide" else 48)))
    axes.set_ylabel(wrap(y, line_cells(9.0) - 4), rotation=0, ha="left", va="bottom", linespacing=1.2)
    axes.yaxis.set_label_coords(0.0, 1.025)
    axes.yaxis.label.set_color(INK)


def with_unit(label: str, unit: str) -> str:
    """Return "label (unit)", translated, without empty brackets."""
    return t("{label} ({unit})").format(label=t(label), unit=t(unit)) if unit else t(label)


def inside(label: str) -> str:
    """Return a label, translated, as it stands inside a sentence: no capital, but for abbreviations."""
    word = t(label)
    return word if len(word) > 1 and word[1].isupper() else word[:1].lower() + word[1:]


def finished(key: str, figure: Figure, title: str, alt: str, caption: str) -> Chart:
    """Return the chart in the language and size that are drawn now, its layout settled once and for all."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return Chart(key, figure, title, alt, caption, language(), chart_size())


def render(chart: Chart, kind: Literal["png", "svg"], *, dpi: float = 200, text: bool = False) -> bytes:
    """Return a chart's bytes, free of dates and program versions."""
    import matplotlib as mpl

    metadata: dict[str, Any] = {"Software": None}
    if kind == "svg":
        metadata = {"Creator": None, "Date": None, "Format": None, "Type": None}
    buffer = io.BytesIO()
    with use_style(chart.lang, chart.size), mpl.rc_context():
        mpl.rcParams["svg.fonttype"] = "none" if text else "path"
        mpl.rcParams["svg.hashsalt"] = f"vsim-{chart.key}-{chart.lang}-{chart.size}"
        chart.figure.savefig(buffer, format=kind, dpi=dpi, metadata=metadata)
    return buffer.getvalue()
