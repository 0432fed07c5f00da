"""Charts about stations: from need to service, weeks with people, hours of the week, needs known and hidden.

They are for lessons: every word comes from the caller, already in the reader's language, and the alternative text is
made of the title and the values. Fills and hatches tell parts apart, so that no colour is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vsim.errors import DataError
from vsim.report.figures_chart import Chart, canvas, finished
from vsim.report.figures_denominators import spoken_alt
from vsim.report.numbers import number
from vsim.report.style import BLUE, GREY, INK, PALE, PAPER, VERMILION, chart_size
from vsim.report.words import wrap

if TYPE_CHECKING:
    from matplotlib.ticker import Locator

PARTS_OF_A_DAY = 3
DAYS_OF_A_WEEK = 7
MOST_STATIONS = 3


def steps(counts: Mapping[str, int], *, title: str, x_label: str) -> Chart:
    """Chart how many are left at each step of a way, and what part of the first step that is.

    Parameters
    ----------
    counts : mapping of str to int
        Name of each step to its count, the first step first; no step has more than the one before it.
    title, x_label : str

    Raises
    ------
    DataError
        When there is no step, or one has more than the step before it.
    """
    sizes = list(counts.values())
    if not sizes or sizes[0] <= 0 or sizes != sorted(sizes, reverse=True) or sizes[-1] < 0:
        raise DataError(f"steps: counts are {sizes}; allowed numbers that do not rise, the first above 0.")
    wide = chart_size() == "wide"
    figure = canvas(title, 0.46 * len(sizes) + 0.7)
    axes = figure.add_subplot()
    words = [f"{number(size, 0)} ({number(100 * size / sizes[0], 0)}%)" for size in sizes]
    for place, (size, said) in enumerate(zip(sizes, words, strict=True)):
        axes.barh(place, size, height=0.62, facecolor=PALE if place else PAPER, edgecolor=BLUE, linewidth=1.2)
        axes.annotate(said, (size, place), xytext=(5, 0), textcoords="offset points", ha="left", va="center")
    axes.set_xlim(0, sizes[0] * (1.22 if wide else 1.6))
    axes.set_yticks(range(len(sizes)), [wrap(name, 34 if wide else 18) for name in counts])
    axes.set_ylim(len(sizes) - 0.4, -0.6)
    axes.set_xlabel(wrap(x_label, 80 if wide else 48))
    axes.xaxis.set_major_locator(_few())
    axes.xaxis.set_major_formatter(lambda value, _place: number(value, 0))
    spoken = [f"{name} {said}" for name, said in zip(counts, words, strict=True)]
    return finished("steps", figure, title, spoken_alt(title, spoken), "")


def _few() -> Locator:
    """Return few, whole marks for an axis of counts."""
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=4, integer=True)


def weeks_with_people(
    stations: Mapping[str, Sequence[float]], peaks: Sequence[int], peak: str, *, title: str, x_label: str, y_label: str
) -> Chart:
    """Chart how many people came to each station in each week of a year, one row a station.

    Parameters
    ----------
    stations : mapping of str to sequence of float
        Name of each station to its people by week; at most three, all over the same weeks.
    peaks : sequence of int
        Weeks of campaigns, counted from 0; marked in every row.
    peak, title, x_label, y_label : str
        The first says in the legend what the marks are.

    Raises
    ------
    DataError
        When there is no station, more than three, or their weeks differ.
    """
    from matplotlib.lines import Line2D

    lengths = {len(values) for values in stations.values()}
    if not 1 <= len(stations) <= MOST_STATIONS or len(lengths) != 1:
        raise DataError(f"weeks_with_people: {len(stations)} stations with {sorted(lengths)} weeks; "
                        f"allowed 1 to {MOST_STATIONS} stations over the same weeks.")
    figure = canvas(title, 1.05 * len(stations) + 0.7, [(Line2D([], [], color=VERMILION, linestyle="--"), peak)])
    rows = figure.subplots(len(stations), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    most = max(1.0, *(max(values) for values in stations.values()))
    for axes, (name, values) in zip(rows, stations.items(), strict=True):
        axes.bar(range(1, len(values) + 1), values, width=0.8, facecolor=BLUE, edgecolor=BLUE)
        axes.set_ylim(0, 1.08 * most)
        axes.yaxis.set_major_locator(_few())
        for week in peaks:
            axes.axvline(week + 1, color=VERMILION, linestyle="--", linewidth=1.0)
        axes.set_title(name, loc="left", fontsize=8.5, color=INK, pad=3)
        axes.grid(True, axis="y")
    rows[-1].set_xlim(0, lengths.pop() + 1)
    rows[-1].set_xlabel(wrap(x_label, 80 if chart_size() == "wide" else 48))
    figure.supylabel(y_label, fontsize=9, color=INK)
    spoken = [f"{name} {' '.join(number(value, 0) for value in values)}" for name, values in stations.items()]
    return finished("weeks-with-people", figure, title, spoken_alt(title, spoken), "")


def hour_sheet(values: Sequence[float], days: Sequence[str], parts: Sequence[str], *, title: str, note: str) -> Chart:
    """Chart one number for each part of each day of the week, the highest darkest.

    Parameters
    ----------
    values : sequence of float
        Monday morning first, then afternoon and evening, then Tuesday.
    days, parts : sequence of str
        Seven days, three parts of a day.
    title, note : str
        The note says what the numbers are.

    Raises
    ------
    DataError
        When there are not 21 values, seven days and three parts.
    """
    if (len(values), len(days), len(parts)) != (DAYS_OF_A_WEEK * PARTS_OF_A_DAY, DAYS_OF_A_WEEK, PARTS_OF_A_DAY):
        raise DataError(f"hour_sheet: {len(values)} values, {len(days)} days, {len(parts)} parts of a day; "
                        "allowed 21, 7 and 3.")
    figure = canvas(title, 2.0)
    axes = figure.add_subplot()
    low, high = min(values), max(values)
    for slot, value in enumerate(values):
        day, part = divmod(slot, PARTS_OF_A_DAY)
        share = (value - low) / ((high - low) or 1.0)
        axes.barh(part, 0.94, left=day - 0.47, height=0.9, facecolor=BLUE, alpha=0.08 + 0.72 * share, edgecolor="none")
        if value in (low, high):
            axes.barh(part, 0.94, left=day - 0.47, height=0.9, facecolor="none", edgecolor=VERMILION, linewidth=1.6,
                      linestyle="-" if value == high else "--")
        axes.text(day, part, number(value, 0), ha="center", va="center", color=INK)
    axes.set_xticks(range(DAYS_OF_A_WEEK), days)
    axes.set_yticks(range(PARTS_OF_A_DAY), [wrap(part, 12) for part in parts])
    axes.set_xlim(-0.5, 6.5)
    axes.set_ylim(2.5, -0.5)
    axes.grid(False)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel(wrap(note, 80 if chart_size() == "wide" else 46), color=GREY)
    axes.xaxis.set_label_position("bottom")
    lines = [f"{part} {' '.join(number(value, 0) for value in values[place::PARTS_OF_A_DAY])}"
             for place, part in enumerate(parts)]
    return finished("hour-sheet", figure, title, spoken_alt(title, [note, *lines]), "")


def known_and_hidden(
    rows: Mapping[str, tuple[float, float]], names: tuple[str, str], *, title: str, x_label: str
) -> Chart:
    """Chart needs that were collected and needs that never were, side by side in one bar for each group of places.

    Parameters
    ----------
    rows : mapping of str to (collected, never collected)
        Name of each group to its two numbers, in one unit.
    names : (str, str)
        What the two parts are called.
    title, x_label : str
    """
    from matplotlib.patches import Patch

    wide = chart_size() == "wide"
    keys = [(Patch(facecolor=BLUE, edgecolor=BLUE), names[0]),
            (Patch(facecolor=PAPER, edgecolor=VERMILION, hatch="////"), names[1])]
    figure = canvas(title, (0.5 if wide else 0.62) * len(rows) + 0.75, keys)
    axes = figure.add_subplot()
    for place, (known, hidden) in enumerate(rows.values()):
        axes.barh(place, known, height=0.6, facecolor=BLUE, edgecolor=BLUE)
        axes.barh(place, hidden, left=known, height=0.6, facecolor=PAPER, edgecolor=VERMILION, hatch="////")
        axes.text(known / 2, place, number(known, 0), ha="center", va="center", color=PAPER)
        axes.text(known + hidden / 2, place, number(hidden, 0), ha="center", va="center", color=INK,
                  bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
    axes.set_yticks(range(len(rows)), [wrap(name, 34 if wide else 16) for name in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1.05 * max(sum(pair) for pair in rows.values()))
    axes.grid(False)
    axes.grid(True, axis="x")
    axes.set_xlabel(wrap(x_label, 70 if wide else 40))
    spoken = [f"{name}: {names[0]} {number(known, 0)}, {names[1]} {number(hidden, 0)}"
              for name, (known, hidden) in rows.items()]
    return finished("known-and-hidden", figure, title, spoken_alt(title, spoken), "")
