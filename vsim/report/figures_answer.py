"""Charts of an answer: what it hangs on, and at which worth of an hour it pays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from vsim.i18n import t
from vsim.report.figures_chart import Chart, canvas, finished, inside, line_cells, name_axes, plain_number, records
from vsim.report.numbers import number, places
from vsim.report.style import BLUE, GREY, INK, PALE, VERMILION, chart_size
from vsim.report.words import wrap
from vsim.spec.cards import load_cards

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ROW = 0.42                    # inches that a number takes


def hangs_on(drivers: pd.DataFrame, label: str, unit: str) -> Chart:
    """Chart the effect when one number at a time is moved down and up, the widest first.

    Parameters
    ----------
    drivers : DataFrame
        parameter ("" for the answer as it is), end ("low", "high"), at, value, low, high.
    label, unit : str
        The indicator and its unit, English messages.
    """
    from matplotlib.lines import Line2D

    lines = records(drivers, "parameter", "end", "at", "value", "low", "high")
    usual = next(line for line in lines if not line["parameter"])
    pairs = sorted(_pairs(lines), key=lambda pair: -abs(pair[1]["value"] - pair[0]["value"]))
    title = t("What the answer hangs on: one number at a time")
    marks: list[tuple[Any, str]] = [
        (Line2D([], [], color=VERMILION, marker="v", linestyle=""), t("number moved down")),
        (Line2D([], [], color=BLUE, marker="^", linestyle=""), t("number moved up")),
        (Line2D([], [], color=INK, linewidth=1.2), t("as it is, with its interval in grey")),
    ]
    wide = chart_size() == "wide"
    figure = canvas(title, ROW * len(pairs) * (1 if wide else 1.5) + 0.8, marks)
    axes = figure.add_subplot()
    axes.axvspan(usual["low"], usual["high"], color=PALE, alpha=0.7, zorder=0.5)
    axes.axvline(usual["value"], color=INK, linewidth=1.2)
    axes.axvline(0, color=GREY, linewidth=1.0, linestyle=":")
    for row, (down, up) in enumerate(pairs):
        axes.plot([down["value"], up["value"]], [row, row], color=GREY, linewidth=1.4, zorder=1.5)
        for end, colour, marker, shift in ((down, VERMILION, "v", 0.13), (up, BLUE, "^", -0.13)):
            axes.plot([end["low"], end["high"]], [row + shift] * 2, color=colour, linewidth=0.9)
            axes.plot(end["value"], row, marker=marker, color=colour, markersize=6, linestyle="")
        _name(axes, row, down, up, wide)
    axes.set_ylim(len(pairs) - 0.4, -0.8 if wide else -1.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(False)
    axes.grid(True, axis="x")
    axes.xaxis.set_major_formatter(plain_number)
    axes.set_xlabel(wrap(t("Effect on {label} ({unit})").format(label=inside(label), unit=t(unit)), 80 if wide else 56))
    said = "; ".join(t("{name}: {low} when moved down, {high} when moved up").format(
        name=t(load_cards()[down["parameter"]].label), low=_near(down, usual), high=_near(up, usual))
        for down, up in pairs)
    alt = t("Chart of the effect on {label} when one number is moved: {rows}.").format(label=inside(label), rows=said)
    caption = t("Thin lines: intervals. A number far from the black line is one to measure better before acting.")
    return finished("hangs-on", figure, title, alt, caption)


def _pairs(lines: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    ends = {(line["parameter"], line["end"]): line for line in lines if line["parameter"]}
    return [(line, ends[name, "high"]) for (name, end), line in ends.items() if end == "low"]


def _near(line: dict[str, Any], usual: dict[str, Any]) -> str:
    return number(line["value"], places(usual["low"], usual["high"], usual["value"]), signed=True)


def _name(axes: Axes, row: int, down: dict[str, Any], up: dict[str, Any], wide: bool) -> None:
    """Write the name of a number, and between which values it was moved."""
    card = load_cards()[down["parameter"]]
    span = t("{low} to {high} {unit}").format(low=f"{down['at']:g}", high=f"{up['at']:g}", unit=t(card.unit)).strip()
    frame = axes.get_yaxis_transform()
    if wide:
        text = f"{wrap(t(card.label), 38)}\n{wrap(span, 44)}"
        axes.text(-0.02, row, text, transform=frame, ha="right", va="center", fontsize=8, linespacing=1.15)
    else:
        axes.text(0.0, row - 0.22, wrap(f"{t(card.label)}, {span}", line_cells(8.0)), transform=frame, ha="left",
                  va="bottom", fontsize=7.5).set_in_layout(False)


def worth_it(acceptable: pd.DataFrame, *, price: float = math.nan) -> Chart:
    """Chart how sure it is that the policy is worth its cost, by what an extra true hour is worth.

    Parameters
    ----------
    acceptable : DataFrame
        worth (yuan for an hour), share (of lucks in which it is worth its cost).
    price : float
        Yuan that an extra hour costs; NaN where it has none.
    """
    lines = records(acceptable, "worth", "share")
    title = t("How sure it is that the policy is worth its cost")
    figure = canvas(title, 2.6)
    axes = figure.add_subplot()
    axes.plot([line["worth"] for line in lines], [100 * line["share"] for line in lines], color=BLUE, marker="s")
    axes.set_ylim(-4, 104)
    axes.set_xscale("symlog", linthresh=10)
    ticks = [0, 5, 10, 20, 50, 100, 200, 500, 1000]
    axes.set_xticks(ticks if chart_size() == "wide" else ticks[::2])
    axes.set_xlim(0, 1.1 * max(line["worth"] for line in lines))
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(plain_number)
    if math.isfinite(price):
        axes.axvline(price, color=INK, linewidth=1.0, linestyle="--")
        axes.annotate(t("an extra hour costs {price} yuan").format(price=number(price, places(0, price, price))),
                      (price, 50), (6, 0), textcoords="offset points", fontsize=8, va="center")
    name_axes(axes, t("What an extra true hour is worth (yuan)"), t("% of lucks in which the policy is worth its cost"))
    alt = t("Line chart: {rows}.").format(rows="; ".join(
        t("at {worth} yuan in {share} % of lucks").format(
            worth=f"{line['worth']:g}", share=number(100 * line["share"], 0)) for line in lines))
    caption = t("Costs are those that stand on the cards of the levers; what an hour is worth is a judgement.")
    return finished("worth-it", figure, title, alt, caption)
