"""vsim run nation and replay: a world too large for memory, county by county, and the history of one person in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import DryRun, Json, Lang, Quiet, Seed, Threads, done, print_json, progress_bar, say, screen, speak
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.nation import Outcome
    from vsim.spec.scenario import Scenario

World = Annotated[str, typer.Argument(help="Name of a scenario that comes with vsim, or path of a YAML file.")]
Weeks = Annotated[int | None, typer.Option("--weeks", help="Weeks to run; those of the scenario by default.", min=1)]
SHOWN = 40                    # rows of a table of a history on the screen


def nation_command(
    scenario: World = "nation",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to, or to go on with.")] = None,
    weeks: Weeks = None,
    records: Annotated[
        str, typer.Option("--records", help="Whose records are written: all, sample (one in a hundred) or none.")
    ] = "sample",
    counties: Annotated[int | None, typer.Option("--counties", help="Only the first so many districts.", min=1)] = None,
    batch: Annotated[int, typer.Option("--batch", help="Districts of a file.", min=1)] = 8,
    seed: Seed = 1,
    threads: Threads = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Run a world that is too large for memory, county by county, into Parquet files; the same command goes on later.

    Stopped or killed, it loses the batches at hand and no other. Neither threads nor batches change a value.
    """
    speak(lang)
    from vsim.run.nation import nation_of, run_nation

    loaded = _scenario(scenario, weeks)
    if dry_run:
        chosen = nation_of(loaded, seed).districts[:counties]
        say(t("{name}: {residents} residents, {districts} districts, {weeks} weeks; nothing was run.").format(
            name=loaded.name, residents=sum(d.residents for d in chosen), districts=len(chosen), weeks=loaded.weeks))
        return
    if out is None:
        raise UsageError("run nation: --out is missing; allowed a new folder, or one to go on with. Name one.")
    with progress_bar(t("Districts"), quiet or as_json) as move:
        found = run_nation(loaded, out, seed=seed, records=records, counties=counties, batch=batch, threads=threads,
                           progress=move)
    done(out, quiet)
    if as_json:
        print_json({"scenario": loaded.name, "scenario_hash": loaded.hash, "seed": seed, "checksum": found.checksum,
                    "districts": found.districts, "residents": found.residents, "attended": found.attended,
                    "rows": found.rows, "bytes": found.size})
        return
    screen().print(_outcome(loaded, found))
    screen().print(t("Checksum: {checksum}").format(checksum=found.checksum), highlight=False)


def _scenario(name: str, weeks: int | None) -> Scenario:
    from vsim.spec.scenario import load_scenario

    loaded = load_scenario(name)
    return loaded if weeks is None else loaded.for_weeks(weeks)


def _outcome(scenario: Scenario, found: Outcome) -> Table:
    title = t("{name}: {residents} residents in {districts} districts, {attended} attendances in {weeks} weeks").format(
        name=scenario.title or scenario.name, residents=f"{found.residents:,}", districts=f"{found.districts:,}",
        attended=f"{found.attended:,}", weeks=scenario.weeks)
    table = Table(title=title, title_justify="left")
    for head in ("Table", "Rows", "Bytes", "Bytes a row"):
        table.add_column(t(head), justify="left" if head == "Table" else "right")
    for name, rows in found.rows.items():
        size = found.size[name]
        table.add_row(name, f"{rows:,}", f"{size:,}", f"{size / rows:.2f}" if rows else "-")
    return table


def replay_command(
    volunteer: Annotated[int, typer.Option("--volunteer", help="Id of the resident.", min=0)],
    scenario: World = "nation",
    weeks: Weeks = None,
    seed: Seed = 1,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Tell one person's whole history in a large run, made again from the keys: the rows that all records hold."""
    speak(lang)
    from vsim.run.nation import nation_of, replay

    loaded = _scenario(scenario, weeks)
    found = replay(nation_of(loaded, seed), volunteer)
    if as_json:
        print_json({name: [dict(zip(table, map(int, row), strict=True))
                           for row in zip(*table.values(), strict=True)] for name, table in found.items()})
        return
    for name, table in found.items():
        rows = list(zip(*table.values(), strict=True))
        if not rows:
            say(t("{table}: no rows").format(table=name), quiet)
            continue
        shown = Table(title=f"{name} ({len(rows)})", title_justify="left")
        for column in table:
            shown.add_column(column, justify="right")
        for row in rows[:SHOWN]:
            shown.add_row(*map(str, row))
        screen().print(shown)
        if len(rows) > SHOWN:
            say(t("The first {shown} of {rows} rows; --json tells all.").format(shown=SHOWN, rows=len(rows)), quiet)
