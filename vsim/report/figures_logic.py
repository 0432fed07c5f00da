"""Charts about chains from means to ends: what each policy moves at every link, and studies of one kind side by side.

They are for lessons: every word comes from the caller, already in the reader's language, and the alternative text is
made of the title and the values. Shapes tell the groups apart, so that no colour is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vsim.errors import DataError
from vsim.report.figures_chart import Chart, canvas, finished, records
from vsim.report.figures_denominators import listed, sign_of, spoken_alt
from vsim.report.numbers import number
from vsim.report.style import BLUE, GREY, INK, PALE, PAPER, VERMILION, chart_size
from vsim.report.words import wrap

if TYPE_CHECKING:
    import pandas as pd

LOOKS = ((BLUE, "s", True), (VERMILION, "^", False), (INK, "D", False))       # policies, or designs of studies
STEP = 0.24                                                                   # between the marks of one link


def chain_changes(changes: Mapping[str, Mapping[str, float]], *, title: str, x_label: str) -> Chart:
    """Chart what up to three policies change at each link of a chain, in per cent of the world without them.

    Parameters
    ----------
    changes : mapping of str to mapping of str to float
        Name of each policy to the change at each link; the links are those of the first, from means to ends.
    title, x_label : str

    Raises
    ------
    DataError
        When there is no policy or more than three, or two of them differ in their links.
    """
    links = list(next(iter(changes.values()), {}))
    if not links or len(changes) > len(LOOKS) or any(list(one) != links for one in changes.values()):
        raise DataError(f"chain_changes: policies are {list(changes)}; allowed one to {len(LOOKS)}, "
                        "with the same links in the same order.")
    wide = chart_size() == "wide"
    keys = [(sign_of(colour, mark, filled=fill), name)
            for name, (colour, mark, fill) in zip(changes, LOOKS, strict=False)]
    figure = canvas(title, (0.27 + 0.17 * len(changes)) * len(links) + 0.75, keys)
    axes = figure.add_subplot()
    widest = max(abs(value) for one in changes.values() for value in one.values()) or 1.0
    for turn, (one, (colour, mark, fill)) in enumerate(zip(changes.values(), LOOKS, strict=False)):
        for place, value in enumerate(one.values()):
            height = place + STEP * (turn - (len(changes) - 1) / 2)
            axes.plot([0, value], [height, height], color=PALE, linewidth=1.4, zorder=1)
            axes.plot([value], [height], linestyle="", marker=mark, color=colour, zorder=3,
                      markerfacecolor=colour if fill else PAPER, markersize=6.5)
            away = value < 0
            axes.annotate(_per_cent(value), (value, height), xytext=(-7 if away else 7, 0), fontsize=8, va="center",
                          textcoords="offset points", ha="right" if away else "left")
    axes.axvline(0, color=GREY, linewidth=1.0)
    room = 1.3 if wide else 1.6
    low = min(0.0, *(value for one in changes.values() for value in one.values()))
    high = max(0.0, *(value for one in changes.values() for value in one.values()))
    pad = (room - 1.0) * widest
    axes.set_xlim(low - pad, high + pad)
    axes.set_yticks(range(len(links)), [wrap(link, 30 if wide else 15) for link in links])
    axes.set_ylim(len(links) - 0.5, -0.5)
    axes.grid(False)
    for line in range(1, len(links)):
        axes.axhline(line - 0.5, color=PALE, linewidth=0.8)
    axes.set_xlabel(wrap(x_label, 70 if wide else 40))
    spoken = (listed(name, (f"{link} {_per_cent(value)}" for link, value in one.items()))
              for name, one in changes.items())
    return finished("chain-changes", figure, title, spoken_alt(title, spoken), "")


def studies(table: pd.DataFrame, groups: Mapping[str, str], truth: tuple[float, str] | None = None, *, title: str,
            x_label: str) -> Chart:
    """Chart the estimates of studies with their 95 % intervals, grouped by design, the smallest first.

    Parameters
    ----------
    table : DataFrame
        Columns `study`, `design`, `effect`, `se`; one row a study.
    groups : mapping of str to str
        Up to three designs and what they are called; each group stands together.
    truth : tuple of (float, str), optional
        The mean that is true, drawn as a line, and what it is called.
    title, x_label : str

    Raises
    ------
    DataError
        When a study has a design that is not named, or there are more than three.
    """
    from matplotlib.lines import Line2D

    rows = records(table, "study", "design", "effect", "se")
    strange = sorted({str(row["design"]) for row in rows} - set(groups))
    if strange or len(groups) > len(LOOKS):
        raise DataError(f"studies: designs are {strange or list(groups)}; allowed up to {len(LOOKS)} that are named.")
    order = list(groups)
    rows.sort(key=lambda row: (order.index(row["design"]), row["effect"]))
    keys = [(sign_of(colour, mark, filled=fill), name)
            for name, (colour, mark, fill) in zip(groups.values(), LOOKS, strict=False)]
    if truth is not None:
        keys.append((Line2D([], [], color=INK, linestyle="--"), truth[1]))
    wide = chart_size() == "wide"
    figure = canvas(title, 0.23 * len(rows) + 0.7, keys)
    axes = figure.add_subplot()
    for place, row in enumerate(rows):
        colour, mark, fill = LOOKS[order.index(row["design"])]
        half = 1.96 * row["se"]
        axes.plot([row["effect"] - half, row["effect"] + half], [place, place], color=colour, linewidth=1.5)
        axes.plot([row["effect"]], [place], marker=mark, color=colour, markersize=6.0,
                  markerfacecolor=colour if fill else PAPER)
    axes.axvline(0, color=GREY, linewidth=1.0)
    if truth is not None:
        axes.axvline(truth[0], color=INK, linestyle="--", linewidth=1.0)
    axes.set_yticks(range(len(rows)), [str(row["study"]) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(False)
    axes.grid(True, axis="x")
    axes.set_xlabel(wrap(x_label, 70 if wide else 40))
    spoken = (listed(f"{row['study']} ({groups[row['design']]})", [number(row["effect"], 2)]) for row in rows)
    said = [] if truth is None else [f"{truth[1]} {number(truth[0], 2)}"]
    return finished("studies", figure, title, spoken_alt(title, [*said, *spoken]), "")


def _per_cent(value: float) -> str:
    """Return a signed percentage in whole numbers, or to a tenth where it is small."""
    return f"{number(value, 0 if abs(value) >= 9.5 else 1, signed=True)}%"
