"""vsim run nation and replay: a world too large for memory, county by county, and the history of one person in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import DryRun, Json, Lang, Quiet, Seed, Threads, done, print_json, say, screen, speak
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.nation import Outcome, Step
    from vsim.spec.scenario import Scenario

World = Annotated[str, typer.Argument(help="Name of a scenario that comes with vsim, or path of a YAML file.")]
Weeks = Annotated[int | None, typer.Option("--weeks", help="Weeks to run; those of the scenario by default.", min=1)]
SHOWN = 40                    # rows of a table of a history on the screen
APART = 10.0                  # seconds between two lines of progress


def nation_command(
    scenario: World = "nation",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to, or to go on with.")] = None,
    weeks: Weeks = None,
    records: Annotated[
        str, typer.Option("--records", help="Whose records are written: all, sample (one in a hundred) or none.")
    ] = "sample",
    counties: Annotated[int | None, typer.Option("--counties", help="Only the first so many districts.", min=1)] = None,
    batch: Annotated[int, typer.Option("--batch", help="Districts of a file.", min=1)] = 8,
    epoch: Annotated[
        int | None, typer.Option("--epoch", help="Stop all districts every so many weeks; changes no value.", min=1)
    ] = None,
    base: Annotated[
        Path | None, typer.Option("--base", help="Folder of a finished run; what reads the same is taken over.")
    ] = None,
    seed: Seed = 1,
    threads: Threads = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Run a world that is too large for memory, county by county, into Parquet files; the same command goes on later.

    Stopped or killed, it loses the batches at hand and no other. Neither threads nor batches change a value. Rules of
    `feedback` in the scenario move policies at edges of epochs.
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
    tell = progress_lines(lambda text: say(text, quiet or as_json))
    found = run_nation(loaded, out, seed=seed, records=records, counties=counties, batch=batch, epoch=epoch, base=base,
                       threads=threads, progress=tell)
    done(out, quiet)
    if as_json:
        print_json({"scenario": loaded.name, "scenario_hash": loaded.hash, "seed": seed, "checksum": found.checksum,
                    "districts": found.districts, "residents": found.residents, "attended": found.attended,
                    "rows": found.rows, "bytes": found.size,
                    "feedback": [[move.week, move.policy, move.parameter, move.seen, move.before, move.after]
                                 for move in found.moves]})
        return
    screen().print(_outcome(loaded, found))
    for move in found.moves:
        seen = t("nobody") if move.seen is None else f"{move.seen:.6g}"
        screen().print(t("Week {week}: {policy}.{parameter} from {before} to {after}; seen {seen}").format(
            week=move.week, policy=move.policy, parameter=move.parameter, before=f"{move.before:g}",
            after=f"{move.after:g}", seen=seen), highlight=False)
    screen().print(t("Checksum: {checksum}").format(checksum=found.checksum), highlight=False)


def progress_lines(tell: Callable[[str], None], clock: Callable[[], float] = monotonic) -> Callable[[Step], None]:
    """Return a function of steps that tells a line at the start, every ten seconds, and at the end.

    The time left is the time taken in this call for each resident-week, times those left; what an earlier call had
    done tells nothing of this one's pace.
    """
    first: list[tuple[float, int]] = []
    last: list[float] = []

    def step(now: Step) -> None:
        seconds = clock()
        if not first:
            first.append((seconds, now.done))
        elif now.done < now.total and seconds - last[-1] < APART:
            return
        last.append(seconds)
        since, before = first[0]
        made = now.done - before
        left = clock_text((seconds - since) * (now.total - now.done) / made) if made else "-"
        tell(t("{districts} of {of} districts written, {percent} % of resident-weeks, {left} left").format(
            districts=now.districts, of=now.of, percent=f"{100 * now.done / max(now.total, 1):.1f}", left=left))

    return step


def clock_text(seconds: float) -> str:
    """Return a time as hours, minutes and seconds.

    >>> clock_text(3725.4)
    '1:02:05'
    """
    minutes, second = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"


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
    run: Annotated[
        Path | None, typer.Option("--run", help="Folder of the run; needed where feedback moved policies.")
    ] = None,
    seed: Seed = 1,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Tell one person's whole history in a large run, made again from the keys: the rows that all records hold."""
    speak(lang)
    from vsim.run.nation import moves_of, nation_of, replay

    loaded = _scenario(scenario, weeks)
    found = replay(nation_of(loaded, seed, moves_of(loaded, seed, run)), volunteer)
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
