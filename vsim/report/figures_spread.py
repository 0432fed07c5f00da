"""How unequally hours are spread over registered volunteers: those with none, then bins that double."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.i18n import t
from vsim.report.figures_chart import Chart, canvas, finished, name_axes, with_unit
from vsim.report.numbers import number
from vsim.report.style import PAPER, SERIES, chart_size

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


def _shares(hours: NDArray[np.float64], edges: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return the percentage of people without an hour, and with hours in each bin, of all people."""
    counts = np.histogram(hours[hours > 0], bins=edges)[0]
    return 100 * float(np.mean(hours <= 0)), 100 * counts / len(hours)


def hours_distribution(
    hours: Mapping[str, ArrayLike], *, unit: str = "h per registered volunteer-year"
) -> Chart:
    """Chart how hours are spread over registered volunteers: those with none, and bins that double in width.

    Parameters
    ----------
    hours : mapping of str to array (n,)
        Hours of each registered volunteer in the window; keys "base" and "pilot", or one of them.
    unit : str
        What the hours are counted in, an English message that names the window.
    """
    groups = {key: np.asarray(values, dtype=np.float64) for key, values in hours.items()}
    top = max(8.0, max(float(values.max(initial=0.0)) for values in groups.values()))
    edges = np.concatenate([[0.0], 2.0 ** np.arange(0, math.ceil(math.log2(top)) + 1)])
    edges[-1] += 1e-9
    names = {"base": t("Without the policy (base world)"), "pilot": t("With the policy (pilot world)")}
    title = t("Hours are spread unequally over registered volunteers")
    wide = chart_size() == "wide"
    figure = canvas(title, 2.9, _bar_keys({key: names[key] for key in groups}))
    none, some = figure.subplots(1, 2, gridspec_kw={"width_ratios": (1, 6) if wide else (1, 2.4)})
    width = 0.76 / len(groups)
    for place, (key, values) in enumerate(groups.items()):
        zero, shares = _shares(values, edges)
        shift = (place - (len(groups) - 1) / 2) * 0.8 / len(groups)
        _bars(none, np.array([shift]), np.array([zero]), key, width)
        none.text(shift, zero + 1, number(zero, 1), ha="center", va="bottom", fontsize=8)
        _bars(some, np.arange(len(shares), dtype=np.float64) + shift, shares, key, width)
    none.set_xticks([])
    none.set_ylim(0, 112)
    none.set_yticks([0, 50, 100])
    none.set_xlim(-0.6, 0.6)
    step = 1 if wide or len(edges) < 9 else 2
    some.set_xticks(np.arange(len(edges))[::step] - 0.5, [f"{edge:,.0f}" for edge in edges[::step]])
    some.set_xlim(-0.75, len(edges) - 1.25)
    name_axes(none, t("No hours"), "%")
    name_axes(
        some,
        with_unit("Hours, in bins that double", unit),
        t("% of registered volunteers"),
        room=80 if wide else 36,
    )
    alt = t("Bar chart of hours over registered volunteers. {arms}.").format(
        arms="; ".join(_arm_words(names[key], values) for key, values in groups.items())
    )
    caption = t("The scale at the left differs: most people have no hours, and a few have very many.")
    return finished("hours-distribution", figure, title, alt, caption)


def _arm_words(name: str, hours: NDArray[np.float64]) -> str:
    """Return one arm's distribution in words."""
    busy = np.sort(hours[hours > 0])[::-1]
    share = 100 * float(busy[: max(1, len(busy) // 10)].sum() / busy.sum()) if len(busy) else 0.0
    return t(
        "{arm}: {none} % without hours; among the others a median of {median} h, and the busiest tenth of "
        "them give {share} % of the hours"
    ).format(
        arm=name,
        none=number(100 * float(np.mean(hours <= 0)), 1),
        median=number(float(np.median(busy)) if len(busy) else 0.0, 1),
        share=number(share, 0),
    )


def _bars(axes: Axes, x: NDArray[np.float64], height: NDArray[np.float64], key: str, width: float) -> None:
    """Draw one series of bars in the house palette, with its hatch."""
    look = SERIES[key]
    fill = look.colour if key == "base" else PAPER
    axes.bar(x, height, width=width, facecolor=fill, edgecolor=look.colour, hatch=look.hatch, linewidth=1.0)


def _bar_keys(names: Mapping[str, str]) -> list[tuple[Artist, str]]:
    """Return legend entries for bars."""
    from matplotlib.patches import Patch

    keys: list[tuple[Artist, str]] = []
    for key, name in names.items():
        look = SERIES[key]
        fill = look.colour if key == "base" else PAPER
        keys.append((Patch(facecolor=fill, edgecolor=look.colour, hatch=look.hatch), name))
    return keys
