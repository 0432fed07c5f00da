"""The policy table: for each indicator the base world, the pilot world, and the true effect, its interval.

The same rows become a table for the terminal (rich measures wide characters, so that columns stay aligned), a
table of a page, or HTML alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vsim.errors import DataError, listing
from vsim.i18n import LANGUAGES, language, t
from vsim.report.numbers import interval, number, places
from vsim.report.page_content import Table
from vsim.report.words import Bilingual, both, in_both, speaking, wrap

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table as RichTable

NEEDED = ("label", "unit", "base", "pilot", "value", "se", "low", "high", "n")


def estimand_words(estimand: str) -> str:
    """Return in words what is estimated, in the language in force; an unknown name comes back as it is."""
    if estimand == "total":
        return t("total effect of the policy on the whole region, spill-over included")
    if estimand == "att":
        return t("effect on the districts where the policy applies")
    if estimand == "spillover":
        return t("effect on the districts where the policy does not apply")
    return t(estimand)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One indicator (in one subgroup or district) as it is printed, in the language in force."""

    name: str
    group: str
    unit: str
    base: str
    pilot: str
    effect: str
    interval: str
    error: str
    n: int
    crosses_zero: bool


def policy_rows(effects: pd.DataFrame, *, by: str | None = None, ascii_only: bool = False) -> list[PolicyRow]:
    """Return the effects as printed rows, every number of a row rounded at one place.

    Parameters
    ----------
    effects : DataFrame
        `Study.effects`: label, unit, base, pilot, value, se, low, high, n, and the column that `by` names.
        Columns denominator and window, where there are any, are added to the unit.
    by : str, optional
        "district", or what else the effects are split by.
    ascii_only : bool
        Numbers without the typographic minus, for a terminal.

    Raises
    ------
    DataError
        When a column is missing or there is no row.
    """
    needed = [*NEEDED, *([by] if by else [])]
    lacking = [column for column in needed if column not in effects.columns]
    if lacking:
        has = listing(effects.columns)
        raise DataError(
            f"policy table: columns are {has}; needed {', '.join(lacking)} too. See Study.effects."
        )
    if effects.empty:
        raise DataError("policy table: 0 rows; needed at least 1. Name an indicator.")
    return [_row(line, by, ascii_only) for line in effects.to_dict("records")]


def _row(line: dict[Any, Any], by: str | None, ascii_only: bool) -> PolicyRow:
    """Return one printed row."""
    value, low, high = line["value"], line["low"], line["high"]
    decimals = places(low, high, value)
    parts = [line["unit"], *(line[column] for column in ("denominator", "window") if column in line)]
    error_places = places(0, 2 * line["se"], line["se"]) if line["se"] else decimals
    return PolicyRow(
        name=t(str(line["label"])),
        group=t(str(line[by])) if by else "",
        unit="; ".join(t(str(part)) for part in parts if isinstance(part, str) and part),
        base=number(line["base"], max(decimals, 0), ascii_only=ascii_only),
        pilot=number(line["pilot"], max(decimals, 0), ascii_only=ascii_only),
        effect=number(value, decimals, signed=True, ascii_only=ascii_only),
        interval=interval(low, high, decimals, ascii_only=ascii_only) if math.isfinite(low) else "",
        error=number(line["se"], error_places, ascii_only=ascii_only),
        n=int(line["n"]),
        crosses_zero=not (low > 0 or high < 0),
    )


def table_note(effects: pd.DataFrame, *, estimand: str | None = None, level: float | None = None) -> str:
    """Return what must be known to read the table: estimand, interval, replicates, Monte Carlo error.

    What is not given is read from the columns estimand and level, where there are such.
    """
    counts = sorted({int(n) for n in effects["n"]})
    n = str(counts[0]) if len(counts) == 1 else f"{counts[0]}-{counts[-1]}"
    what = estimand or _only(effects, "estimand", "total")
    return t(
        "Effect: {estimand}; pilot world minus base world, same people, same luck. Interval: {level} % over "
        "{n} replicates. Monte Carlo error: the standard error of the effect; more replicates make it "
        "smaller."
    ).format(estimand=estimand_words(what), level=_percent(effects, level), n=n)


def _only(effects: pd.DataFrame, column: str, default: Any) -> Any:
    """Return the one value of a column, or the default where there is no such column."""
    return effects[column].iloc[0] if column in effects.columns else default


def _percent(effects: pd.DataFrame, level: float | None) -> str:
    """Return the level of the intervals in per cent."""
    return number(100 * float(level or _only(effects, "level", 0.95)), 0)


def _headings(effects: pd.DataFrame, level: float | None, by: str | None) -> list[str]:
    """Return the column headings, in the language in force."""
    names = {
        "district": t("District"),
        "sex": t("Sex"),
        "age": t("Age"),
        "party_member": t("Party membership"),
    }
    group = [names.get(by, t("Group"))] if by else []
    shown = t("{level} % interval").format(level=_percent(effects, level))
    return [
        t("Indicator"), *group, t("Unit"), t("Base world"), t("Pilot world"), t("True effect"), shown,
        t("Monte Carlo error"),
    ]  # fmt: skip


def _cells(row: PolicyRow, by: str | None) -> list[str]:
    """Return a row's cells in the order of the headings."""
    group = [row.group] if by else []
    return [row.name, *group, row.unit, row.base, row.pilot, row.effect, row.interval, row.error]


def rich_table(
    effects: pd.DataFrame,
    *,
    title: str | None = None,
    estimand: str | None = None,
    level: float | None = None,
    by: str | None = None,
) -> RichTable:
    """Return the policy table for the terminal, in the language in force.

    Parameters
    ----------
    effects, by : see `policy_rows`
    title : str, optional
        Already translated.
    estimand : str, optional
        "total", "att", "spillover" or another name; by default what the column estimand says.
    level : float, optional
        Probability of the intervals; by default what the column level says.
    """
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    rows = policy_rows(effects, by=by, ascii_only=True)
    table = RichTable(
        title=Text(title or t("The policy's true effect"), style="bold"),
        caption=Text(table_note(effects, estimand=estimand, level=level), style="dim"),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    heads = _headings(effects, level, by)
    names, numbers = heads[: 2 if by else 1], [*heads[-5:-3], f"{heads[-3]}\n[{heads[-2]}]", heads[-1]]
    columns = [(row.base, row.pilot, f"{row.effect} {row.interval}".strip(), row.error) for row in rows]
    for heading in names:
        table.add_column(Text(heading), overflow="fold", vertical="top")
    for place, heading in enumerate(numbers):
        broken = heading if place == 2 else wrap(heading, 8)
        table.add_column(Text(broken), justify="right", no_wrap=True)
    for row, figures in zip(rows, columns, strict=True):
        name = Text.assemble(row.name, (f"\n({row.unit})" if row.unit else "", "dim"))
        group = [Text(row.group)] if by else []
        table.add_row(name, *group, *(Text(figure) for figure in figures))
    return table


def page_table(
    effects: pd.DataFrame, *, estimand: str | None = None, level: float | None = None, by: str | None = None
) -> Table:
    """Return the policy table for a page, in both languages. Parameters are those of `rich_table`."""
    said: dict[str, list[list[str]]] = {}
    for lang in LANGUAGES:
        with speaking(lang):
            rows = [_cells(row, by) for row in policy_rows(effects, by=by)]
            said[lang] = [_headings(effects, level, by), *rows]
    head, *body = (
        tuple(Bilingual(*pair) if pair[0] != pair[1] else pair[0] for pair in zip(*lines, strict=True))
        for lines in zip(said["en"], said["zh_CN"], strict=True)
    )
    return Table(
        caption=both("The policy's true effect"),
        head=head,
        rows=tuple(body),
        numeric=frozenset(range(3 if by else 2, len(head))),
        note=in_both(lambda: table_note(effects, estimand=estimand, level=level)),
    )


def html_table(
    effects: pd.DataFrame, *, estimand: str | None = None, level: float | None = None, by: str | None = None
) -> str:
    """Return the policy table as HTML in the language in force. Parameters are those of `rich_table`."""
    from vsim.report.page_html import table_html

    return table_html(page_table(effects, estimand=estimand, level=level, by=by), only=language())
