"""vsim run sweep and vsim run luck: studies over many runs, and what common random numbers save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vsim.cli.common import (
    DryRun,
    Force,
    Json,
    Lang,
    Quiet,
    Replicates,
    Seed,
    Threads,
    done,
    print_json,
    progress_bar,
    say,
    screen,
    speak,
)
from vsim.i18n import t

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 30                    # rows of a table on the screen
REACHES = {"everywhere": "everywhere", "local": "in some districts", "as written": "as written"}
LEVEL = "level"               # of an outcome in one arm, which is no effect
LUCK = ("hours_per_registered", "active_share_year", "unplaced_share", "left")


def sweep_command(
    study: Annotated[str, typer.Argument(help="Name of a study that comes with vsim, or path of a YAML file.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to; what was stopped goes on in it.")],
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Runs at a time; changes no value.", min=1)] = None,
    backend: Annotated[str, typer.Option("--backend", help="threads or processes; changes no value.")] = "threads",
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a Dask scheduler, such as tcp://10.0.0.1:8786.")
    ] = None,
    store: Annotated[
        Path | None, typer.Option("--store", help="Folder of the run store, to share between studies.")
    ] = None,
    check: Annotated[float, typer.Option("--check", help="Share of the runs that is run again.", min=0, max=1)] = 0.01,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Run a study over its design, arms and lucks, and write a tidy table with a manifest.

    Runs are kept by the hash of what they are a function of: a stopped sweep goes on where it stood.
    """
    speak(lang)
    from vsim.run.sweep import prepare

    ready = prepare(study, out, jobs=jobs, backend=backend, scheduler=scheduler,  # type: ignore[arg-type]
                    store=store, check=check, force=force)
    runs, plan = ready.runs, ready.runs.study.plan
    if dry_run:
        todo = len(ready.missing())
        if as_json:
            print_json({"study": plan.name, "points": len(runs.points), "arms": list(runs.study.arms),
                        "runs": len(runs.table()), "jobs": len(runs.jobs()), "missing": todo})
            return
        say(t("{name}: {points} points, {arms} arms, {worlds} worlds, {lucks} lucks.").format(
            name=plan.name, points=len(runs.points), arms=len(runs.study.arms), worlds=len(plan.worlds or [0]),
            lucks=len(plan.seeds) * plan.replicates))
        say(t("{todo} of {jobs} jobs are missing in the store; nothing was run.").format(
            todo=todo, jobs=len(runs.jobs())))
        return
    with progress_bar(t("Runs"), quiet or as_json) as move:
        table = ready.run(move)
    done(out, quiet)
    if as_json:
        print_json({"study": plan.name, "out": str(out),
                    "rows": table.astype(object).where(table.notna(), None).to_dict("records")})
        return
    if not quiet:
        screen().print(_sweep_table(table, t(plan.question)))


def _sweep_table(table: pd.DataFrame, title: str) -> Table:
    """Return the effects, or the levels where the base is the only arm."""
    start = table.columns.get_loc("arm")
    assert isinstance(start, int)
    factors = [str(name) for name in table.columns[1:start]]
    effects = table[table["estimand"] != LEVEL]
    table = table if effects.empty else effects
    worlds = ["world"] if len(set(table["world"])) > 1 else []
    shown = Table(title=title, title_justify="left")
    shown.add_column(t("Point"), justify="right")
    for name in factors:
        shown.add_column(name, justify="right", overflow="fold")
    for head in ("Arm", "Indicator", "Estimand", "Value [interval]"):
        shown.add_column(t(head), overflow="fold")
    for _ in worlds:
        shown.add_column(t("World"), justify="right")
    for row in table.head(SHOWN).to_dict("records"):
        shown.add_row(str(row["point"]), *(_short(row[name]) for name in factors), row["arm"], row["outcome"],
                      row["estimand"], _interval(row["value"], row["low"], row["high"]),
                      *(str(row[name]) for name in worlds))
    if len(table) > SHOWN:
        say(t("{n} more rows stand in the table that was written.").format(n=len(table) - SHOWN))
    return shown


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"{item:g}" for item in value)
    if value is None or value != value:             # NaN is unequal to itself
        return "-"
    return "∞" if value == float("inf") else f"{value:.4g}"


def _interval(value: float, low: float, high: float) -> str:
    from vsim.spec.estimate import decimals, show

    if value != value:                              # NaN is unequal to itself
        return "-"
    places = decimals(value, low, high)
    return f"{show(value, places)} [{show(low, places)}, {show(high, places)}]"


def _count(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:,.0f}"


def luck_command(
    base: Annotated[str, typer.Argument(help="Name of a scenario, or path of its file.")],
    pilot: Annotated[str, typer.Argument(help="The same world with a policy: a scenario, or the name of a reform.")],
    local: Annotated[float, typer.Option("--local", help="Share of the districts for the local policy.")] = 0.1,
    relative: Annotated[
        float, typer.Option("--relative", help="Standard error that is wished for, as a share of the effect.")
    ] = 0.05,
    replicates: Replicates = 20,
    seed: Seed = 1,
    indicators: Annotated[str | None, typer.Option("--indicators", help="Keys, separated by commas.")] = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Tell how many replicates an effect needs when both arms meet the same luck, and when each has its own.

    For the policy everywhere, and in a few districts.
    """
    speak(lang)
    from vsim.run.sweep_luck import luck, reaches
    from vsim.spec.reforms import load_reforms
    from vsim.spec.scenario import load_scenario

    one = load_scenario(base)
    other = load_reforms().get(pilot) or load_scenario(pilot)
    keys = LUCK if indicators is None else [key.strip() for key in indicators.split(",") if key.strip()]
    with progress_bar(t("Twin worlds"), quiet or as_json) as move:
        table = luck(one, reaches(one, other, local), keys, replicates=replicates, seed=seed, relative=relative,
                     threads=threads, progress=move)
    if as_json:
        print_json(table.to_dict("records"))
        return
    shown = Table(title=t("Replicates needed for a standard error of {share} of the effect").format(
        share=f"{relative:.0%}"), title_justify="left")
    for head in ("Policy", "Districts", "Indicator", "Effect", "Ratio of variances", "Same luck", "Own luck"):
        shown.add_column(t(head), justify="left" if head in {"Policy", "Indicator"} else "right", overflow="fold")
    for row in table.to_dict("records"):
        shown.add_row(t(REACHES[row["policy"]]), str(row["districts"]), row["indicator"], _short(row["effect"]),
                      *(_count(row[name]) for name in ("ratio", "paired", "independent")))
    screen().print(shown)
