"""vsim run worth: costs and effects of a study's policies, and what it is worth to know more."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vsim.cli.common import (
    Force,
    Json,
    Lang,
    Quiet,
    Threads,
    done,
    print_json,
    progress_bar,
    say,
    screen,
    speak,
)
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.worth import Appraisal

ON = "on the frontier"
STATES = {"dominated": "dominated", "extendedly dominated": "extendedly dominated"}
HEADS = {"Policy": "Policy", "Cost, yuan a year": "Cost, yuan a year", "Effect": "Effect",
         "Yuan a unit": "Yuan a unit", "Unit, yuan": "A unit is worth, yuan", "Best": "Best",
         "% of draws": "Best in, % of draws", "Parameter": "Parameter",
         "Knowing it": "Knowing it, yuan a year",
         "By chance": "A shuffled one",
         "Knowing all": "Knowing all, yuan a year"}
LEFT = frozenset({"Policy", "Best", "Parameter"})
WIDE, NARROW = 18, 8          # least cells of a column of names, and of any other
SHOWN = 9                     # worths of a unit of effect in the table of curves
MARK = "worth.json"


def worth_command(
    study: Annotated[str, typer.Argument(help="Name of a study that comes with vsim, or path of a YAML file.")],
    target: Annotated[
        str | None, typer.Option("--target", help="Indicator that is the effect; the study's first outcome by default.")
    ] = None,
    less: Annotated[bool, typer.Option("--less", help="Less of the target is better.")] = False,
    mixes: Annotated[
        bool, typer.Option("--mixes", help="Compare every combination of the arms, not the arms alone.")
    ] = False,
    willing: Annotated[
        str | None, typer.Option("--willing", help="Worth of a unit of effect in yuan, LOW:HIGH, such as 0:50.")
    ] = None,
    unsure: Annotated[
        str | None, typer.Option("--unsure", help="Factors of policies that are unknown, not chosen: names, by commas.")
    ] = None,
    hour: Annotated[
        float, typer.Option("--hour", help="Yuan for an hour of a volunteer, for the view of society.", min=0)
    ] = 0.0,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to.")] = None,
    threads: Threads = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Tell which of a study's policies are worth their cost: frontier, net benefit, how often best, worth of knowing.

    With --out, write tables and a chart in both languages.
    """
    speak(lang)
    from vsim.run.policy_files import check_free
    from vsim.run.worth import worth

    span = span_of(willing)
    if out is not None:
        check_free(out, force, MARK)
    with progress_bar(t("Runs"), quiet or as_json) as move:
        found = worth(study, target_of=target, less=less, mixes=mixes, willing=span, hour=hour,
                      unsure=[name.strip() for name in (unsure or "").split(",") if name.strip()], threads=threads,
                      progress=move)
    if out is not None:
        write(found, out)
        done(out, quiet)
    if as_json:
        print_json(found.to_dict())
        return
    for place, table in enumerate([_frontier(found), _curves(found), *([_learning(found)] if found.learning else [])]):
        screen().print(*([""] if place else []), table, sep="\n")
    for line in remarks_of(found):
        say(line, quiet)


def span_of(text: str | None) -> tuple[float, float] | None:
    """Return two numbers that are written LOW:HIGH.

    Raises
    ------
    UsageError
        When they are not.
    """
    if text is None:
        return None
    low, colon, high = text.partition(":")
    try:
        span = float(low), float(high)
    except ValueError:
        span = math.nan, math.nan
    if not colon or not 0 <= span[0] < span[1] < math.inf:
        raise UsageError(f"run worth: --willing is '{text}'; allowed two numbers that ascend, such as 0:50.")
    return span


def remarks_of(found: Appraisal) -> list[str]:
    """Return what must be known to read the tables."""
    terms = found.plane.terms
    view = t("the payer's, without the time of volunteers") if terms.perspective == "payer" else t(
        "society's, an hour of a volunteer at {hour} yuan").format(hour=f"{terms.hour:g}")
    lines = [t("Costs: yuan of {year} beyond the base, for the residents simulated and a year of the window; view: "
               "{view}; not discounted. {n} draws.").format(year=terms.price_year, view=view, n=found.plane.draws)]
    if found.wide:
        lines.append(t("Some policies are in force outside the window; their costs there are counted, their effects "
                       "are not."))
    if not found.learning:
        why = t("no parameter varies in the study's design") if not found.needed else t(
            "{draws} draws are too few; needed {needed}").format(draws=found.plane.draws, needed=found.needed)
        lines.append(t("Worth of knowing single parameters: not told, since {why}.").format(why=why))
    return lines


def write(found: Appraisal, folder: Path) -> None:
    """Write `worth.json`, the tables as CSV, and the chart in both languages."""
    import json

    from vsim.evaluate.indicators import indicator
    from vsim.kernels.build import write_whole
    from vsim.report import figures
    from vsim.report.style import use_style
    from vsim.run.policy_files import csv_of

    for name, table in (("frontier", found.table), ("curves", found.curves), ("draws", found.draws)):
        write_whole(folder / f"{name}.csv", csv_of(table))
    for lang in ("en", "zh_CN"):
        with use_style(lang):
            chart = figures.cost_effectiveness(found.table, found.curves, indicator(found.target).label, found.unit)
            figures.save(chart, folder / f"cost-effectiveness.{lang}.png")
    text = json.dumps(_existing(found.to_dict()), indent=1, ensure_ascii=False)
    write_whole(folder / MARK, text + "\n")


def _existing(value: Any) -> Any:
    """Return plain values with null for numbers that do not exist."""
    if isinstance(value, dict):
        return {key: _existing(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_existing(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _frontier(found: Appraisal) -> Table:
    from vsim.evaluate.indicators import indicator

    title = t("Costs and effects beyond the base: {target}, {unit}").format(
        target=t(indicator(found.target).label), unit=t(found.unit))
    table = _table(title, ("Policy", "Cost, yuan a year", "Effect", "Yuan a unit"))
    for row in found.table.to_dict("records"):
        ratio = t(STATES[row["state"]]) if row["state"] != ON else _numbers(
            row["icer"], row["icer_low"], row["icer_high"])
        table.add_row(row["policy"], _numbers(row["cost"], row["cost_low"], row["cost_high"]),
                      _numbers(row["effect"], row["effect_low"], row["effect_high"]), ratio)
    return table


def _curves(found: Appraisal) -> Table:
    table = _table(t("Which policy is best, by what a unit of effect is worth"),
                   ("Unit, yuan", "Best", "% of draws", "Knowing all"))
    step = max(1, (len(found.curves) - 1) // (SHOWN - 1))
    for row in found.curves.iloc[::step].to_dict("records"):
        table.add_row(_yuan(row["value"]), row["best"], f"{100 * row['chance']:.0f}",
                      f"{_yuan(row['evpi'])} ± {_yuan(row['evpi_se'])}")
    return table


def _learning(found: Appraisal) -> Table:
    title = t("What it is worth to know one parameter, where a unit is worth {value} yuan").format(
        value=_yuan(found.learning[0].value))
    table = _table(title, ("Parameter", "Knowing it", "By chance", "Knowing all"))
    for one, chance in zip(found.learning, found.chance, strict=True):
        table.add_row(", ".join(one.of), f"{_yuan(one.partial)} ± {_yuan(one.se)}", _yuan(chance), _yuan(one.perfect))
    return table


def _table(title: str, heads: tuple[str, ...]) -> Table:
    """Return an empty table in which names have room."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for head in heads:
        words = head in LEFT
        table.add_column(t(HEADS[head]), justify="left" if words else "right", overflow="fold",
                         no_wrap=head == "Parameter", min_width=WIDE if head in ("Policy", "Best") else NARROW)
    return table


def _yuan(value: float) -> str:
    """Return an amount in whole yuan, or with three digits when it is small."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"


def _numbers(value: float, low: float, high: float) -> str:
    from vsim.report.numbers import interval, number, places

    if not math.isfinite(value):
        return "-"
    at = places(low, high, value)
    shown = number(value, at, ascii_only=True)
    return shown if not math.isfinite(low) or low == high else f"{shown} {interval(low, high, at, ascii_only=True)}"
