"""Real dates on charts: days as each language writes them, ticks at months, a mark at the policy's start."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.i18n import language, t
from vsim.report.style import INK, PAPER, chart_size

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_STEPS = (1, 2, 3, 4, 6, 12, 24, 60)


def say_date(day: date) -> str:
    """Return a day as people write it: "1 Jul 2024" or "2024年7月1日"."""
    if language() == "zh_CN":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _date_ticks(days: list[date]) -> tuple[list[date], list[str]]:
    """Return tick places and labels: months with the year below, or days when the run is short."""
    most = 9 if chart_size() == "wide" else 5
    chinese = language() == "zh_CN"
    if weeks_of(days) < 20:
        ticks = days[:: max(1, -(-len(days) // most))]
        form = "{0.month}月{0.day}日" if chinese else "{0.day} {1}"
    else:
        months = (days[-1].year - days[0].year) * 12 + days[-1].month - days[0].month + 1
        step = next((step for step in MONTH_STEPS if months / step <= most), MONTH_STEPS[-1])
        numbers = range(days[0].year * 12 + days[0].month - 1, days[-1].year * 12 + days[-1].month)
        firsts = [date(month // 12, month % 12 + 1, 1) for month in numbers if month % 12 % step == 0]
        ticks = [first for first in firsts if days[0] <= first <= days[-1]]
        form = "{0.month}月" if chinese else "{1}"
    labels, year = [], None
    for place in ticks:
        label = form.format(place, MONTHS[place.month - 1])
        if place.year != year:
            label += f"\n{place.year}年" if chinese else f"\n{place.year}"
            year = place.year
        labels.append(label)
    return ticks, labels


def days_of(frame: pd.DataFrame) -> list[date]:
    """Return the frame's dates as plain days."""
    import pandas as pd

    return [stamp.date() for stamp in pd.to_datetime(frame["date"])]


def step_of(days: list[date]) -> int:
    """Return how many weeks a row stands for."""
    return max(1, (days[1] - days[0]).days // 7) if len(days) > 1 else 1


def weeks_of(days: list[date]) -> int:
    """Return how many weeks the rows cover."""
    return (days[-1] - days[0]).days // 7 + step_of(days)


def time_name(days: list[date]) -> str:
    """Return the name of the time axis: weeks, or periods of several weeks."""
    if step_of(days) == 1:
        return t("Week (date of its Monday)")
    return t("Periods of {n} weeks (date of the first Monday)").format(n=step_of(days))


def time_axis(axes: Axes, days: list[date]) -> None:
    """Put real dates on the horizontal axis."""
    ticks, labels = _date_ticks(days)
    first, last = (int(np.datetime64(day).astype(int)) for day in (days[0], days[-1]))
    axes.set_xticks([int(np.datetime64(tick).astype(int)) for tick in ticks], labels)
    axes.set_xlim(first, last)


def mark_start(axes: Axes, days: list[date], start: date | None) -> None:
    """Mark the policy's start with a line and its date, in room made above the data."""
    low, high = axes.get_ylim()
    if start is None:
        return
    axes.set_ylim(low, high + 0.2 * (high - low))
    place: Any = np.datetime64(start)
    axes.axvline(place, color=INK, linewidth=0.9, zorder=2.5)
    late = (start - days[0]).days > 0.55 * (days[-1] - days[0]).days
    axes.annotate(
        t("Policy starts {date}").format(date=say_date(start)),
        (place, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(-5 if late else 5, -2),
        textcoords="offset points",
        ha="right" if late else "left",
        va="top",
        linespacing=1.25,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
    ).set_in_layout(False)
