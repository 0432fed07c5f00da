"""Charts over the weeks of a run: two worlds, their weekly difference, and the register beside the truth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from vsim.i18n import t
from vsim.report.figures_calendar import (
    days_of,
    mark_start,
    say_date,
    step_of,
    time_axis,
    time_name,
    weeks_of,
)
from vsim.report.figures_chart import Chart, canvas, finished, inside, name_axes, with_unit
from vsim.report.numbers import number, places
from vsim.report.style import BLUE, GREY, PAPER, SERIES, chart_size

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


def marks(days: list[date]) -> tuple[int, int]:
    """Return the first row with a marker, and the rows from marker to marker: one each quarter of a year."""
    every = max(1, 13 // step_of(days))
    return every // 2, every


def _bands(replicates: int | None, level: float) -> str:
    """Say what the bands are."""
    if replicates is None:
        return t("Shaded: the {level} % Monte Carlo interval.").format(level=number(100 * level, 0))
    words = t("Shaded: the {level} % Monte Carlo interval from {n} replicates.")
    return words.format(level=number(100 * level, 0), n=replicates)


def _ends(frame: pd.DataFrame, column: str, share: float = 0.25) -> tuple[str, str]:
    """Return the means over the first and last quarter of the weeks, as text."""
    values = frame[column].to_numpy(dtype=float)
    span = max(1, int(len(values) * share))
    first, last = float(values[:span].mean()), float(values[-span:].mean())
    decimals = places(first, first, max(abs(first), abs(last)))
    return number(first, decimals), number(last, decimals)


def series_keys(names: Mapping[str, str]) -> list[tuple[Artist, str]]:
    """Return legend entries for series of the house palette."""
    from matplotlib.lines import Line2D

    looks = ((SERIES[key], name) for key, name in names.items())
    return [
        (Line2D([], [], color=look.colour, linestyle=look.line, marker=look.marker), name)
        for look, name in looks
    ]


def _from_zero(axes: Axes) -> None:
    """Start the vertical axis at zero, unless all values lie far above it."""
    low, high = axes.get_ylim()
    if 0 < low < 0.5 * high:
        axes.set_ylim(0, high)


def two_worlds(
    weekly: pd.DataFrame,
    label: str,
    unit: str,
    *,
    policy_start: date | None = None,
    replicates: int | None = None,
    level: float = 0.95,
) -> Chart:
    """Chart one indicator, week by week, in the base world and in its twin with the policy.

    Parameters
    ----------
    weekly : DataFrame
        date, base, base_low, base_high, pilot, pilot_low, pilot_high; one row a week.
    label, unit : str
        The indicator's name and unit, English messages.
    policy_start : date, optional
        The Monday on which the policy starts; marked by a line.
    replicates : int, optional
        Number of replicates behind the bands.
    level : float
        Probability of the bands.
    """
    days, when = days_of(weekly), weekly["date"].to_numpy()
    title = t("{label} in two worlds").format(label=t(label))
    names = {"base": t("Without the policy (base world)"), "pilot": t("With the policy (pilot world)")}
    figure = canvas(title, 3.0 if chart_size() == "wide" else 2.8, series_keys(names))
    axes = figure.add_subplot()
    for arm in names:
        look = SERIES[arm]
        low, high = weekly[f"{arm}_low"], weekly[f"{arm}_high"]
        axes.fill_between(when, low, high, color=look.colour, alpha=0.16, linewidth=0)
        axes.plot(
            when,
            weekly[arm],
            color=look.colour,
            linestyle=look.line,
            marker=look.marker,
            markevery=marks(days),
        )
    _from_zero(axes)
    time_axis(axes, days)
    mark_start(axes, days, policy_start)
    name_axes(axes, time_name(days), with_unit(label, unit))
    base, pilot = _ends(weekly, "base"), _ends(weekly, "pilot")
    alt = t(
        "Line chart of {label} in {unit}, {weeks} weeks from {first}. Base world: mean {base_first} in the "
        "first quarter of the weeks, {base_last} in the last. Pilot world: {pilot_first}, then {pilot_last}."
    ).format(
        label=inside(label),
        unit=t(unit),
        weeks=weeks_of(days),
        first=say_date(days[0]),
        base_first=base[0],
        base_last=base[1],
        pilot_first=pilot[0],
        pilot_last=pilot[1],
    )
    caption = t("The same people and the same luck; only the policy differs. {bands}")
    return finished("two-worlds", figure, title, alt, caption.format(bands=_bands(replicates, level)))


def weekly_effect(
    weekly: pd.DataFrame,
    label: str,
    unit: str,
    *,
    policy_start: date | None = None,
    replicates: int | None = None,
    level: float = 0.95,
) -> Chart:
    """Chart the weekly difference between the pilot world and the base world, with its interval.

    Parameters are those of `two_worlds`; `weekly` has date, effect, effect_low and effect_high.
    """
    days, when = days_of(weekly), weekly["date"].to_numpy()
    title = t("Effect of the policy on {label} over time").format(label=inside(label))
    figure = canvas(title, 2.7 if chart_size() == "wide" else 2.6)
    axes = figure.add_subplot()
    axes.fill_between(when, weekly["effect_low"], weekly["effect_high"], color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(when, weekly["effect"], color=BLUE, marker="s", markevery=marks(days))
    axes.axhline(0, color=GREY, linewidth=1.0, zorder=2.2)
    time_axis(axes, days)
    mark_start(axes, days, policy_start)
    name_axes(axes, time_name(days), t("Difference, pilot minus base ({unit})").format(unit=t(unit)))
    first, last = _ends(weekly, "effect")
    alt = t(
        "Line chart of the difference in {label}, pilot minus base, in {unit}: mean {first} in the "
        "first quarter of the weeks and {last} in the last quarter."
    ).format(label=inside(label), unit=t(unit), first=first, last=last)
    caption = t("Above the grey line the policy raises the indicator; below it, it lowers it. {bands}")
    return finished("weekly-effect", figure, title, alt, caption.format(bands=_bands(replicates, level)))


def register_and_truth(hours: pd.DataFrame, *, policy_start: date | None = None) -> Chart:
    """Chart the hours that were truly served beside those that the register shows.

    Parameters
    ----------
    hours : DataFrame
        date, true, recorded, verified; hours a week over all volunteers, one row a week.
    policy_start : date, optional
        The Monday on which the policy starts; marked by a line.
    """
    days, when = days_of(hours), hours["date"].to_numpy()
    title = t("What happened, and what the register shows")
    names = {"true": t("True hours"), "recorded": t("Recorded hours"), "verified": t("Verified hours")}
    wide = chart_size() == "wide"
    figure = canvas(title, 3.0 if wide else 4.9, series_keys(names))
    shape = {"width_ratios": (2.3, 1)} if wide else {"height_ratios": (1.6, 1)}
    lines, bars = figure.subplots(*((1, 2) if wide else (2, 1)), gridspec_kw=shape)
    totals = {key: float(hours[key].sum()) for key in names}
    for key in names:
        look = SERIES[key]
        lines.plot(
            when,
            hours[key],
            color=look.colour,
            linestyle=look.line,
            marker=look.marker,
            markevery=marks(days),
        )
    _from_zero(lines)
    time_axis(lines, days)
    mark_start(lines, days, policy_start)
    name_axes(lines, time_name(days), t("Hours a week"))
    for place, key in enumerate(names):
        look, share = SERIES[key], 100 * totals[key] / totals["true"]
        bars.barh(
            place, share, height=0.62, facecolor=PAPER, edgecolor=look.colour, hatch=look.hatch, linewidth=1.2
        )
        shown = bars.text(share + 2, place, f"{number(share, 0)} %", va="center")
        shown.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 0.6})
    for place, name in enumerate(names.values()):
        bars.text(0, place - 0.36, name, va="bottom", fontsize=8.5)
    bars.set_yticks([])
    bars.set_ylim(len(names) - 0.5, -0.62)
    bars.set_xlim(0, 1.22 * max(100.0, *(100 * total / totals["true"] for total in totals.values())))
    bars.grid(False)
    bars.axvline(100, color=GREY, linewidth=0.9, linestyle=":")
    bars.set_xlabel(t("Total hours (% of the true total)"))
    alt = t(
        "Line chart of hours a week over {weeks} weeks and bars of the totals: true {true} h; "
        "recorded {recorded} h, {recorded_share} % of the true hours; verified {verified} h, "
        "{verified_share} %."
    ).format(
        weeks=weeks_of(days),
        true=number(totals["true"], 0),
        recorded=number(totals["recorded"], 0),
        recorded_share=number(100 * totals["recorded"] / totals["true"], 0),
        verified=number(totals["verified"], 0),
        verified_share=number(100 * totals["verified"] / totals["true"], 0),
    )
    caption = t(
        "Records are missing, late, rounded, entered twice or inflated; verification removes rows, and not "
        "only false ones. Only the simulator knows the black line."
    )
    return finished("register-and-truth", figure, title, alt, caption)
