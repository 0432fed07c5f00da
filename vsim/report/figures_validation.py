"""The chart of a validation: each target's range drawn from -1 to 1, with the simulated value and its error on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vsim.errors import DataError
from vsim.i18n import t
from vsim.report.figures_chart import Chart, finished
from vsim.report.figures_forest import Row, forest
from vsim.report.numbers import number, places
from vsim.report.style import BLUE, PALE, VERMILION
from vsim.run.validate import Check


@dataclass(frozen=True, slots=True)
class Shown:
    """The numbers of one target as they are printed: published value, range, simulated value with its error, miss."""

    published: str
    range: str
    simulated: str
    miss: str


def shown(check: Check, *, ascii_only: bool = False) -> Shown:
    """Return the numbers of a check as people read them."""
    target = check.target
    spot = places(-check.se, check.se, check.value)
    value = number(check.value, spot, ascii_only=ascii_only)
    error = number(check.se, spot, ascii_only=ascii_only) if check.se else "0"
    limits = "" if target.low is None or target.high is None else f"{target.low:g} – {target.high:g}"
    if ascii_only:
        limits = limits.replace("–", "to")
    miss = number(check.miss, 1, ascii_only=ascii_only) if math.isfinite(check.miss) and check.miss > 0 else ""
    return Shown("" if target.value is None else f"{target.value:g}", limits, f"{value} ({error})", miss)


def beside_ranges(preset: str, checks: Sequence[Check]) -> Chart:
    """Chart the targets of a preset that have a range.

    Parameters
    ----------
    preset : str
    checks : sequence of Check
        At least one with a range and a simulated value.

    Raises
    ------
    DataError
        When there is none.
    """
    ranged = [check for check in checks if math.isfinite(check.place)]
    if not ranged:
        raise DataError(f"chart: {preset} has 0 targets with a range; needed at least 1.")
    rows = [_row(check) for check in ranged]
    title = t("{preset}: simulated values in the ranges of their targets").format(preset=preset)
    axis = t("Place in the range of the target (-1 low end, 1 high end; halves of its width)")
    figure, axes = forest(title, rows, axis, t("Simulated (error), range"))
    axes.axvspan(-1, 1, color=PALE, alpha=0.5, zorder=0.2, linewidth=0)
    inside = sum(check.holds for check in ranged)
    alt = t("{inside} of {total} simulated values lie inside their ranges: {rows}").format(
        inside=inside, total=len(ranged), rows="; ".join(f"{row.name}: {row.text}" for row in rows),
    )
    caption = t("Grey: the range of the target. Square: inside. Triangle: outside; an arrow is beyond the axis. "
                "Line: 95 % Monte Carlo interval of the mean.")
    return finished(f"validation-{preset.replace('_', '-')}", figure, title, alt, caption)


def _row(check: Check) -> Row:
    words = shown(check)
    name = f"{check.target.id}  {t(check.target.quantity)}"
    return Row(
        name, check.place, check.scaled(check.low), check.scaled(check.high), words.simulated,
        text_note=words.range, colour=BLUE if check.holds else VERMILION,
        marker="s" if check.holds else "^",
    )
