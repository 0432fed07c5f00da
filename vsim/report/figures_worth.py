"""Chart of cost-effectiveness: policies by cost and effect with their frontier, and how often each is best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vsim.errors import DataError
from vsim.i18n import t
from vsim.report.figures_chart import Chart, canvas, finished, name_axes, plain_number, records
from vsim.report.numbers import number, places
from vsim.report.style import BLUE, GREY, INK, PALE, PAPER, PURPLE, VERMILION, chart_size

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Line = Literal["-", "--", "-.", ":"]
LOOKS: tuple[tuple[str, Line, str], ...] = (
    (GREY, "--", "o"), (BLUE, "-", "s"), (VERMILION, "-.", "^"), (INK, ":", "D"), (PURPLE, "-", "v"), (BLUE, "--", "P"),
)
SHOWN = 0.1                   # share of draws in which a policy is best somewhere, to have a curve of its own
ON = "on the frontier"


def cost_effectiveness(table: pd.DataFrame, curves: pd.DataFrame, label: str, unit: str) -> Chart:
    """Chart policies by cost and effect with the frontier, and below it how often each is the best of all.

    Parameters
    ----------
    table : DataFrame
        policy, cost, effect, state; one row a policy, beyond the base.
    curves : DataFrame
        value (what a unit of effect is worth, yuan), a share of draws for each policy, best, chance.
    label, unit : str
        The effect and its unit, English messages.

    Raises
    ------
    DataError
        When a policy of the table has no curve.
    """
    from matplotlib.ticker import MaxNLocator

    rows = records(table, "policy", "cost", "effect", "state")
    lacking = [str(row["policy"]) for row in rows if row["policy"] not in curves.columns]
    if lacking:
        raise DataError(f"cost_effectiveness: curves have no column '{lacking[0]}'; needed one for every policy.")
    front = [row for row in rows if row["state"] == ON]
    named = [str(row["policy"]) for row in front]
    named += [str(row["policy"]) for row in rows
              if row["policy"] not in named and float(curves[row["policy"]].max()) >= SHOWN]
    looks = {name: LOOKS[place % len(LOOKS)] for place, name in enumerate(named)}
    title = t("What policies cost, and what they do: {label}").format(label=t(label))
    wide = chart_size() == "wide"
    figure = canvas(title, 5.4 if wide else 5.2, _keys(looks, len(looks) < len(rows)))
    engine: Any = figure.get_layout_engine()
    engine.set(hspace=0.1)
    above, below = figure.subplots(2, 1)
    _plane(above, rows, front, looks)
    name_axes(above, t("Cost beyond the base (yuan a year)"),
              t("Effect beyond the base ({unit})").format(unit=t(unit)))
    _curves(below, curves, looks)
    name_axes(below, t("What a unit of effect is worth (yuan)"), t("Best of all policies (% of draws)"))
    for axes in (above, below):
        axes.xaxis.set_major_locator(MaxNLocator(8 if wide else 4))
        axes.xaxis.set_major_formatter(plain_number)
    best = curves["best"].tolist()
    steps = [(float(curves["value"].iloc[place]), name) for place, name in enumerate(best)
             if place == 0 or name != best[place - 1]]
    spoken = "; ".join(t("from {value} yuan: {policy}").format(value=_short(value), policy=name)
                       for value, name in steps)
    alt = t(
        "Two charts. Policies by cost and effect; the frontier runs through {policies}. Below, how often each policy "
        "is best by what a unit of effect is worth. Best on average: {steps}."
    ).format(policies=", ".join(named[: len(front)]), steps=spoken)
    caption = t(
        "Line above: the frontier; policies off it buy less for their cost. Thick grey below: how often the policy "
        "with the best mean is the best indeed."
    )
    return finished("cost-effectiveness", figure, title, alt, caption)


def _keys(looks: dict[str, tuple[str, Line, str]], others: bool) -> list[tuple[Artist, str]]:
    """Return legend entries: policies with a curve, then the others."""
    from matplotlib.lines import Line2D

    keys: list[tuple[Artist, str]] = [
        (Line2D([], [], color=colour, linestyle=line, marker=marker), name)
        for name, (colour, line, marker) in looks.items()
    ]
    return [*keys, (Line2D([], [], color=GREY, linestyle="", marker="x"), t("others"))] if others else keys


def _plane(axes: Axes, rows: list[dict[str, Any]], front: list[dict[str, Any]],
           looks: dict[str, tuple[str, Line, str]]) -> None:
    """Draw the policies and their frontier."""
    axes.plot([row["cost"] for row in front], [row["effect"] for row in front], color=GREY, linewidth=1.0, zorder=1)
    for row in rows:
        colour, _, marker = looks.get(str(row["policy"]), (GREY, "-", "x"))
        axes.plot([row["cost"]], [row["effect"]], linestyle="", color=colour, marker=marker, markersize=6)
    axes.axhline(0, color=GREY, linewidth=0.7, zorder=0.9)
    axes.axvline(0, color=GREY, linewidth=0.7, zorder=0.9)
    axes.margins(0.08)


def _curves(axes: Axes, curves: pd.DataFrame, looks: dict[str, tuple[str, Line, str]]) -> None:
    """Draw how often each policy is best, and the frontier of acceptability behind."""
    value = curves["value"].to_numpy(dtype=np.float64)
    axes.plot(value, 100 * curves["chance"].to_numpy(dtype=np.float64), color=PALE, linewidth=6, zorder=0.8,
              solid_capstyle="butt")
    every = max(1, len(value) // 8)
    for place, (name, (colour, line, marker)) in enumerate(looks.items()):
        axes.plot(value, 100 * curves[name].to_numpy(dtype=np.float64), color=colour, linestyle=line, marker=marker,
                  markevery=(place % every, every), markerfacecolor=PAPER)
    axes.set_ylim(-2, 104)


def _short(value: float) -> str:
    return number(value, max(0, places(0.0, 0.0, value)))
