"""Charts of effects with intervals: by indicator, by group, and the register's answer beside the truth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vsim.errors import DataError
from vsim.i18n import t
from vsim.report.figures_chart import Chart, finished, inside, records, with_unit
from vsim.report.figures_forest import Row, forest
from vsim.report.numbers import estimate, number
from vsim.report.style import INK, PALE, VERMILION

if TYPE_CHECKING:
    import pandas as pd


def _spoken(rows: Sequence[Row]) -> str:
    """Return the rows as a list for the alternative text."""
    return "; ".join(f"{row.name}: {row.text} {row.note}".rstrip() for row in rows)


def _how_to_read(level: float) -> str:
    """Return the caption of a forest."""
    words = t(
        "Point: pilot minus base. Line: {level} % interval; one that crosses zero leaves the sign open."
    )
    return words.format(level=number(100 * level, 0))


def _relative(line: Mapping[str, Any]) -> Row:
    """Return an indicator's row on a scale of per cent of its base."""
    scale = 100 / abs(line["base"]) if line["base"] else math.nan
    change = line["value"] * scale
    shown = number(change, 0 if abs(change) >= 10 else 1, signed=True)
    return Row(
        t(line["label"]),
        change,
        line["low"] * scale,
        line["high"] * scale,
        estimate(line["value"], line["low"], line["high"]),
        note=t(line["unit"]),
        text_note=t("{change} % of the base").format(change=shown) if line["base"] else t("base is zero"),
    )


def forest_indicators(effects: pd.DataFrame, *, level: float = 0.95) -> Chart:
    """Chart effects on several indicators, relative to each one's base, the absolute effect beside it.

    Parameters
    ----------
    effects : DataFrame
        label, unit, base, value, low, high; one row an indicator.
    level : float
        Probability of the intervals.
    """
    rows = [_relative(line) for line in records(effects, "label", "unit", "base", "value", "low", "high")]
    title = t("True effect of the policy, indicator by indicator")
    axis = t("Effect (% of the indicator's value in the base world)")
    figure, _ = forest(title, rows, axis, t("effect [interval]"))
    alt = t("Chart of effects with intervals, one line an indicator: {rows}.").format(rows=_spoken(rows))
    return finished("forest-indicators", figure, title, alt, _how_to_read(level))


def forest_groups(effects: pd.DataFrame, *, by: str = "group", level: float = 0.95, note: str = "") -> Chart:
    """Chart one indicator's effect in each subgroup or district, in its own unit.

    Parameters
    ----------
    effects : DataFrame
        label, unit, value, low, high and the column that `by` names; one row a subgroup, one indicator only.
    by : str
        The column that names the subgroup, "group" or "district".
    level : float
        Probability of the intervals.
    note : str
        A sentence for the caption, such as over whom the effect is counted.
    """
    lines = records(effects, "label", "unit", "value", "low", "high", by)
    label, unit = lines[0]["label"], lines[0]["unit"]
    if any(line["label"] != label for line in lines):
        raise DataError(
            f"forest_groups: label is '{label}' and others; allowed one. Choose one indicator first."
        )
    rows = []
    for line in lines:
        shown = estimate(line["value"], line["low"], line["high"])
        rows.append(Row(t(str(line[by])), line["value"], line["low"], line["high"], shown))
    title = t("Effect of the policy on {label}, group by group").format(label=inside(label))
    axis = t("Difference, pilot minus base ({unit})").format(unit=t(unit))
    figure, _ = forest(title, rows, axis, t("effect [interval]"))
    alt = t("Chart of effects on {label} in {unit}, one line a group: {rows}.").format(
        label=inside(label), unit=t(unit), rows=_spoken(rows)
    )
    return finished("forest-groups", figure, title, alt, " ".join(filter(None, (_how_to_read(level), note))))


def beside_truth(estimates: pd.DataFrame, label: str, unit: str) -> Chart:
    """Chart what comparisons of the register suggest beside the true effect.

    Parameters
    ----------
    estimates : DataFrame
        label (what was compared), value, low, high, kind ("truth" once, "naive" for the others).
    label, unit : str
        The indicator and its unit, English messages.
    """
    lines = records(estimates, "label", "value", "low", "high", "kind")
    truths = [line for line in lines if line["kind"] == "truth"]
    if len(truths) != 1:
        raise DataError(
            f"beside_truth: kind is 'truth' in {len(truths)} rows; allowed 1. Give the truth once."
        )
    rows = []
    for line in lines:
        colour, marker = (INK, "D") if line is truths[0] else (VERMILION, "^")
        shown = estimate(line["value"], line["low"], line["high"])
        rows.append(
            Row(
                t(line["label"]),
                line["value"],
                line["low"],
                line["high"],
                shown,
                colour=colour,
                marker=marker,
            )
        )
    title = t("What the register alone would suggest, beside the truth")
    axis = t("Effect on {label} ({unit})").format(label=inside(label), unit=t(unit))
    figure, axes = forest(title, rows, axis, t("effect [interval]"))
    axes.axvspan(truths[0]["low"], truths[0]["high"], color=PALE, alpha=0.6, zorder=0.5)
    alt = t("Chart of estimates of the effect on {label}: {rows}.").format(
        label=with_unit(label, unit), rows=_spoken(rows)
    )
    caption = t("Grey strip: the interval of the truth. A comparison whose line misses the strip misleads.")
    return finished("beside-truth", figure, title, alt, caption)
