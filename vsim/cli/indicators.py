"""vsim indicators: the catalogue, one indicator in full, and their values on the tables of a folder or a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, Quiet, Seed, done, print_json, say, screen, speak
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    import pandas as pd

    from vsim.evaluate.kpi.card import Kpi

indicators = typer.Typer(no_args_is_help=True)
SHOWN = 120                   # rows of a table on the screen
REASONS = {
    "denominator": "the denominator is zero", "rows": "there are no rows", "count": "there are no rows that count",
    "side": "one side has no rows", "half": "more than half go on beyond the last day seen",
    "nothing": "nothing is there",
}
BETTER = {"up": "more is better", "down": "less is better", "neither": "neither is better"}


@indicators.command("list")
def list_command(
    number: Annotated[
        int | None, typer.Option("--number", help="Only this row of the catalogue.", min=1, max=53)
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """List the catalogue: what is divided by what, in which unit and window, after whom, and for which clause."""
    speak(lang)
    from vsim.evaluate.kpi.card import load_kpis

    cards = [card for card in load_kpis().values() if number in (None, card.number)]
    if as_json:
        print_json([_plain(card) for card in cards])
        return
    table = Table(title=t("Indicators"), title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column(t("No."), justify="right", no_wrap=True)
    table.add_column(t("Key"), no_wrap=True)
    table.add_column(t("Indicator and formula"))
    table.add_column(t("Clause"), no_wrap=True)
    for card in cards:
        table.add_row(str(card.number), card.key, f"{t(card.label)}: {_formula(card)}", card.clause)
    screen().print(table)


@indicators.command("show")
def show_command(
    key: Annotated[str, typer.Argument(help="Key of an indicator, such as fill_rate.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Show one indicator in full: formula, source, and the tables and columns that it needs."""
    speak(lang)
    from vsim.evaluate.kpi.card import kpi

    card = kpi(key)
    if as_json:
        print_json(_plain(card))
        return
    rows = {"Indicator": t(card.label), "Formula": _formula(card), "Unit": t(card.unit), "Window": t(card.window),
            "Direction": t(BETTER[card.better]), "Clause": card.clause, "Source": t(card.source)}
    if card.function:
        rows |= {"Tables": ", ".join(card.tables), "Columns": ", ".join(card.columns),
                 "Function": f"vsim.evaluate.kpi.{card.function}"}
    else:
        rows |= {"Answered by": card.instead}
    for head in ("Indicator", "Formula", "Unit", "Window", "Direction", "Clause", "Source", "Tables", "Columns",
                 "Function", "Answered by"):
        if head in rows:
            screen().print(f"[bold]{t(head)}[/bold]: {rows[head]}", highlight=False)


@indicators.command("compute")
def compute_command(
    where: Annotated[str, typer.Argument(help="A folder of tables (a run, a data set, a nation), or a scenario.")],
    keys: Annotated[str | None, typer.Option("--keys", help="Keys, separated by commas; all that can be told.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Columns to group by, such as district.")] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="week, month (4 weeks), quarter (13) or year (52).")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day of the window, such as 2025-01-06.")] = None,
    end: Annotated[str | None, typer.Option("--until", help="First day after the window.")] = None,
    truth: Annotated[bool, typer.Option("--truth", help="Beside what truly happened, where that is known.")] = False,
    level: Annotated[float, typer.Option("--level", help="Coverage of intervals, between 0 and 1.")] = 0.95,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="CSV file to write.")] = None,
    seed: Seed = 1,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Compute indicators with numerator, denominator and interval; what cannot be told says why.

    A large run is read by DuckDB without loading it; a scenario is simulated once, with what its offices write.
    """
    speak(lang)
    chosen = None if keys is None else [key.strip() for key in keys.split(",") if key.strip()]
    if chosen == []:
        raise UsageError("indicators compute: --keys is empty; allowed keys separated by commas. Leave it out for all.")
    found = _found(where, chosen, _days(by), period, _day("--from", start), _day("--until", end), truth, level, seed)
    if out is not None:
        if out.exists():
            raise UsageError(f"{out}: exists already; allowed a new file. Choose another name.")
        found.to_csv(out, index=False, lineterminator="\n")
        done(out, quiet)
    if as_json:
        print_json(found.astype(object).where(found.notna(), None).to_dict("records"))
        return
    screen().print(_values(found, by is not None or period is not None))
    if len(found) > SHOWN:
        say(t("{n} more rows; write them with --out.").format(n=len(found) - SHOWN), quiet)


def _days(by: str | None) -> list[str]:
    return [] if by is None else [name.strip() for name in by.split(",") if name.strip()]


def _day(option: str, text: str | None) -> Any:
    from datetime import date

    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"indicators compute: {option} is '{text}'; allowed a day such as 2025-01-06.") from None


def _found(where: str, keys: list[str] | None, by: list[str], period: str | None, start: Any, end: Any, truth: bool,
           level: float, seed: int) -> pd.DataFrame:
    from vsim.evaluate.kpi.compute import compute
    from vsim.evaluate.kpi.nation import is_nation
    from vsim.evaluate.kpi.truth import with_truth

    plain = not truth and period is None and start is None and end is None
    if plain and by in ([], ["district"]) and is_nation(Path(where)):
        from vsim.evaluate.kpi.large import QUERIES, compute_large

        if keys is None or set(keys) <= set(QUERIES):
            return compute_large(where, keys, by=bool(by), level=level, seed=seed)
    tables = _tables(where, seed)
    call = with_truth if truth else compute
    return call(keys, tables, by=by, period=period, start=start, end=end, level=level, seed=seed)


def _tables(where: str, seed: int) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a folder, or of a run of a scenario."""
    if Path(where).is_dir():
        from vsim.evaluate.kpi.folder import tables_of

        return tables_of(where)
    from vsim.run.offices import paperwork
    from vsim.run.record import registers, truth
    from vsim.run.run import simulate
    from vsim.spec.scenario import load_scenario

    run = simulate(load_scenario(where), seed)
    return {**registers(run), **paperwork(run), **truth(run), "weekly": run.weekly("district")}


def _values(found: pd.DataFrame, parted: bool) -> Table:
    """Return the table of values; groups and periods stand beside the indicator."""
    from vsim.evaluate.kpi.card import load_kpis

    cards = load_kpis()
    groups = list(found.columns[1 : list(found.columns).index("value")]) if parted else []
    table = Table(title=t("Indicators"), title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column(t("Indicator"), ratio=2)
    for name in groups:
        table.add_column(t(name))
    table.add_column(t("Value [interval]"), justify="right")
    table.add_column(t("Numerator / denominator"), justify="right")
    table.add_column(t("n"), justify="right", no_wrap=True)
    beside = "true" in found
    for head in ("True value", "Error"):
        if beside:
            table.add_column(t(head), justify="right", no_wrap=True)
    for row in found.head(SHOWN).to_dict("records"):
        kpi = cards[row["key"]]
        name = t("{label} ({unit})").format(label=t(kpi.label), unit=t(row["unit"]))
        divided = _short(row["numerator"])
        if row["denominator"] == row["denominator"]:             # NaN is unequal to itself
            divided += f" / {_short(row['denominator'])}"
        true = [_short(row["true"]), _short(row["error"])] if beside else []
        table.add_row(name, *(_label(row[group]) for group in groups), _told(row), divided, f"{row['n']:,}", *true)
    return table


def _told(row: Mapping[Any, Any]) -> str:
    """Return the value with its interval, or the reason why there is none."""
    return _interval(row) if not row["reason"] else (t(REASONS[key]) if (key := _key(row["reason"])) else row["reason"])


def _key(reason: str) -> str:
    return next((key for key, text in REASONS.items() if text == reason), "")


def _label(value: Any) -> str:
    return str(value.date()) if hasattr(value, "date") else "-" if value is None else str(value)


def _short(value: float) -> str:
    return "-" if value != value else f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"


def _interval(row: Mapping[Any, Any]) -> str:
    from vsim.report.numbers import interval, number, places

    value, low, high = row["value"], row["low"], row["high"]
    if value != value:                              # NaN is unequal to itself
        return "-"
    decimals = places(low, high, value)
    shown = number(value, decimals, ascii_only=True)
    return shown if low != low else f"{shown} {interval(low, high, decimals, ascii_only=True)}"


def _formula(card: Kpi) -> str:
    if not card.denominator:
        return t(card.numerator)
    return t("{numerator} / {denominator}").format(numerator=t(card.numerator), denominator=t(card.denominator))


def _plain(card: Kpi) -> dict[str, Any]:
    return {
        "number": card.number, "key": card.key, "label": t(card.label), "numerator": t(card.numerator),
        "denominator": t(card.denominator) if card.denominator else "", "unit": t(card.unit), "window": t(card.window),
        "better": card.better, "clause": card.clause, "source": t(card.source), "function": card.function,
        "tables": list(card.tables), "columns": list(card.columns), "instead": card.instead,
    }
