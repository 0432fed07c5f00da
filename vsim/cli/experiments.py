"""vsim run experiments: published experiments in silico, with the coefficient that gives each effect."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, Quiet, Threads, done, print_json, progress_bar, say, screen, speak
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.experiments import Result
    from vsim.spec.experiments import Experiment


def experiments_command(
    only: Annotated[
        list[str] | None, typer.Option("--only", help="One experiment, such as G14; may be named more than once.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of proofs to keep the results in.")] = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Run published experiments in silico and print the coefficient that gives each effect, beside the card's default.

    The results are kept with --out proofs. Exit 1 when an effect cannot be reached by its coefficient, or lies outside.
    """
    speak(lang)
    from vsim.run.experiments import run_experiments, write_proof
    from vsim.spec.experiments import experiment, load_experiments

    rows = [experiment(name) for name in only] if only else list(load_experiments().values())
    with progress_bar(t("Experiments"), quiet or as_json) as move:
        results = run_experiments([row.id for row in rows], threads=threads, progress=move)
    if out is not None:
        done(write_proof(results, out), quiet)
    if as_json:
        known = load_experiments()
        print_json([{**asdict(r), "label": known[r.id].label, "unit": known[r.id].unit, "source": known[r.id].source,
                     "published": [known[r.id].effect, known[r.id].low, known[r.id].high]} for r in results])
    else:
        screen().print(_table(results))
        for result in results:
            row = load_experiments()[result.id]
            say(f"{row.id}: {t(row.how)}" + (f"; {t(row.note)}" if row.note else "") + ".", quiet)
    if not all(result.reached[0] and result.inside for result in results):
        raise typer.Exit(1)


def _table(results: list[Result]) -> Table:
    from vsim.spec.experiments import load_experiments

    table = Table(title=t("Experiments in silico"), title_justify="left")
    table.add_column(t("Experiment"), no_wrap=True)
    table.add_column(t("What it is"), ratio=1, overflow="fold")
    for head in ("Published [range]", "Coefficient [range]", "Card's default", "Simulated (Monte Carlo error)",
                 "Inside?", "At the default"):
        table.add_column(t(head), justify="left" if head == "Inside?" else "right", overflow="fold")
    for result in results:
        row = load_experiments()[result.id]
        table.add_row(row.id, f"{t(row.label)} ({t(row.unit)})", f"{row.effect:g} [{row.low:g}, {row.high:g}]",
                      _coefficient(result), _default(result), f"{result.effect:.{row.digits + 1}f} ({result.se:.2g})",
                      t("yes") if result.inside else t("no"), _at_default(row, result))
    return table


def _coefficient(result: Result) -> str:
    marks = ["" if met else "*" for met in result.reached]
    text = f"{result.coefficient:g}{marks[0]} [{result.low:g}{marks[1]}, {result.high:g}{marks[2]}]"
    return text if result.in_card in (None, True) else f"{text} {t('(beyond the card)')}"


def _default(result: Result) -> str:
    return t("no card") if result.default is None else f"{result.card} {result.default:g}"


def _at_default(row: Experiment, result: Result) -> str:
    if result.default_effect is None:
        return ""
    return f"{result.default_effect:.{row.digits + 1}f} {t('inside') if result.default_inside else t('outside')}"
