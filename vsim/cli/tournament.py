"""vsim run tournament: estimators on designs whose assumption holds, and when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, Quiet, done, print_json, progress_bar, screen, speak
from vsim.i18n import LANGUAGES, t

if TYPE_CHECKING:
    from vsim.run.designs import Design
    from vsim.run.tournament import Row

SAID = frozenset({"Estimator", "Assumption", "Verdict"})


def heading(design: Design) -> str:
    """Return the question of a design, and what its assumption on and off means."""
    return "\n".join([t(design.title), t("Holds: {what}.").format(what=t(design.holds)),
                      t("Fails: {what}.").format(what=t(design.fails))])


def table_of(title: str, rows: list[Row]) -> Table:
    """Return the rows of one design as a table."""
    told = {"covers": t("covers"), "covers too little": t("covers too little"), "shown": t("shown only"),
            "biased as predicted": t("as predicted"), "not as predicted": t("not as predicted")}
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for head in ("Estimator", "Assumption", "Truth", "Bias", "Coverage, %", "Verdict"):
        table.add_column(t(head), overflow="fold", justify="left" if head in SAID else "right")
    for row in rows:
        one = row.score
        table.add_row(t(row.estimator), t("holds") if row.holds else t("fails"), f"{one.truth:.2f}",
                      f"{one.bias:+.2f} ± {one.bias_se:.2f}", f"{100 * one.coverage:.1f} ± {100 * one.coverage_se:.1f}",
                      told[row.verdict])
    return table


def tournament_command(
    designs: Annotated[list[str] | None, typer.Argument(help="Designs, such as offer; all by default.")] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="Replications of each design.", min=2)] = 200,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Processes; changes no value.", min=1)] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for tournament.json and its picture.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Score estimators against the truth of twin worlds; exit 1 when a row is not as its design says."""
    speak(lang)
    from vsim.report.figures_file import save
    from vsim.report.figures_tournament import tournament
    from vsim.report.style import use_style
    from vsim.run.designs import DESIGNS
    from vsim.run.tournament import play
    from vsim.run.tournament_proof import read_proof, write_proof

    with progress_bar(t("Designs"), quiet or as_json) as move:
        rows = play(designs or (), seeds, jobs=jobs, progress=move)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        done(write_proof(rows, seeds, out), quiet)
        for name in LANGUAGES:
            with use_style(name):
                done(save(tournament(read_proof(out)[1]), out / f"tournament.{name}.png"), quiet)
    if as_json:
        print_json([{"design": row.design, "estimator": row.estimator, "holds": row.holds, "verdict": row.verdict,
                     "coverage": row.score.coverage, "bias": row.score.bias, "bias_se": row.score.bias_se,
                     "rmse": row.score.rmse, "truth": row.score.truth, "failed": row.score.failed} for row in rows])
    else:
        for name in dict.fromkeys(row.design for row in rows):
            screen().print(table_of(heading(DESIGNS[name]), [row for row in rows if row.design == name]))
    if not all(row.good for row in rows):
        raise typer.Exit(1)

