"""vsim run match: what the parameters of a scenario may be when it is to reach targets of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import (
    Force,
    Json,
    Lang,
    Quiet,
    Seed,
    Threads,
    done,
    print_json,
    progress_bar,
    screen,
    speak,
    tell,
)
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.matching import Matching

LUCKY = 0.5                   # share of luck in the variance of a target's distance that is worth a word
VERDICTS = {"identified": "identified", "weakly identified": "weakly identified", "not identified": "not identified"}
KINDS = {"none": "none", "linear": "linear", "quadratic": "quadratic", "process": "Gaussian process"}
ENDED = {
    "met": "What was run meets every target; no further wave was needed.",
    "settled": "The space no longer shrinks; these targets tell no more.",
    "waves": "The waves are used up and the space still shrinks; give more with --waves.",
    "nothing": "No setting is left: inside these ranges the model cannot reach the targets.",
    "blind": "No emulator foretells the runs within its own error; give more runs, or narrower ranges.",
}


def match_command(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario that comes with vsim, or path of a YAML file.")],
    targets: Annotated[Path, typer.Argument(help="CSV of targets: name, value, unit, source, and sd or low and high.")],
    parameters: Annotated[
        str, typer.Option("--parameters", "-p", help="Free parameters, separated by commas: key, or key=low:high.")
    ],
    waves: Annotated[int, typer.Option("--waves", help="Waves at most.", min=1)] = 4,
    runs: Annotated[int, typer.Option("--runs", help="Simulations of a wave.", min=10)] = 240,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="Lucks of each setting.", min=2)] = 4,
    draws: Annotated[int, typer.Option("--draws", help="Settings of the ensemble.", min=2)] = 60,
    discrepancy: Annotated[
        float, typer.Option("--discrepancy", help="The model's own error, as a share of each target.", min=0, max=1)
    ] = 0.05,
    one_luck: Annotated[
        bool, typer.Option("--one-luck", help="The targets come from one world of this size; its luck counts.")
    ] = False,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write to; what was stopped goes on in it.")
    ] = None,
    threads: Threads = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Match a scenario to targets of one's own, in waves; exit 1 when nothing is left or no emulator holds."""
    speak(lang)
    from vsim.run.match_model import units
    from vsim.run.match_space import space_of
    from vsim.run.matching import Plan, match
    from vsim.run.matching_files import STORE, check_folder, report, write
    from vsim.run.store import Store
    from vsim.spec.scenario import load_scenario
    from vsim.spec.targets_own import read_aims

    plan = Plan(
        load_scenario(scenario), tuple(read_aims(targets, units())),
        space_of([word for word in parameters.split(",") if word.strip()]), waves, runs, replicates, draws, seed,
        discrepancy, one_luck,
    )
    if out is not None:
        check_folder(out, plan, force)
    with progress_bar(t("Settings"), quiet or as_json) as move:
        found = match(plan, store=Store(out / STORE) if out is not None else None, threads=threads,
                      progress=lambda wave, n, total: move((wave - 1) * plan.points + n,
                                                           max(waves * plan.points, (wave - 1) * plan.points + total)))
    if out is not None:
        done(write(found, out), quiet)
    if as_json:
        print_json(report(found))
    else:
        _show(found)
    if found.found is None:
        raise typer.Exit(1)


def _show(found: Matching) -> None:
    screen().print(_waves(found))
    screen().print(_targets(found))
    screen().print(_parameters(found))
    tell(t(ENDED[found.matched.ended]))
    if found.found is None:
        if found.matched.ended == "nothing":
            _say_conflicts(found.conflicts())
        return
    tell(t("The ensemble: {n} settings, worth {worth:.0f} by their weights.").format(
        n=len(found.found.drawn), worth=found.found.drawn_effective))
    if not found.found.holds:
        tell(t("The emulators missed the ensemble's runs by {far:.1f} of their standard errors: do not rely on these "
               "intervals; give more runs or waves.").format(far=found.found.checked))
    for one, other, value in found.ridges():
        tell(t("{one} and {other} make up for each other (correlation {value:.2f}): the targets tell their "
               "combination, not each of them.").format(one=one, other=other, value=value))
    noisy = [row["target"] for row in found.targets().to_dict("records") if row["of_luck"] > LUCKY]
    if noisy and not found.plan.one_luck:
        tell(t("Luck makes up more than half of the error of {names}; more --replicates would tell more.").format(
            names=", ".join(map(str, noisy))))
    loose = [row["parameter"] for row in found.parameters().to_dict("records") if row["verdict"] == "not identified"]
    if loose:
        tell(t("Not identified by these targets: {names}. Report results across the whole interval, or add a target "
               "that moves with them.").format(names=", ".join(map(str, loose))))


def _say_conflicts(conflicts: dict[str, float]) -> None:
    if not conflicts:
        tell(t("Each target can be met alone; together they contradict each other under this model."))
    for name, far in conflicts.items():
        tell(t("No run came nearer to {name} than {far:.1f} standard errors.").format(name=name, far=far))


def _waves(found: Matching) -> Table:
    table = Table(title=t("Waves"), title_justify="left")
    for head in ("Wave", "Runs", "Space left", "Settings that meet all targets", "Targets set aside"):
        table.add_column(t(head), justify="left" if head == "Targets set aside" else "right", overflow="fold")
    for row in found.waves().to_dict("records"):
        table.add_row(str(row["wave"]), str(row["runs"]), f"{row['space_left']:.2%}", f"{row['met']:.0%}",
                      row["aside"] or "-")
    return table


def _targets(found: Matching) -> Table:
    table = Table(title=t("Targets"), title_justify="left")
    for head in ("Target", "Target value", "All errors", "Reached", "Ensemble", "Emulator", "Variance explained"):
        table.add_column(t(head), justify="left" if head in {"Target", "Emulator"} else "right", overflow="fold")
    for row in found.targets().to_dict("records"):
        name = row["target"] if row["fitted"] else t("{name} (shown, not fitted)").format(name=row["target"])
        told = "-" if found.found is None else f"{row['ensemble']:.4g} ± {row['ensemble_sd']:.2g}"
        table.add_row(name, f"{row['value']:.4g}", f"{row['all_errors']:.2g}",
                      f"{row['lowest']:.4g} – {row['highest']:.4g}", told, t(KINDS[row["emulator"]]),
                      "-" if row["explains"] != row["explains"] else f"{row['explains']:.0%}")
    return table


def _parameters(found: Matching) -> Table:
    table = Table(title=t("Parameters"), title_justify="left")
    for head in ("Parameter", "Unit", "Range", "Median [90 % interval]", "Of its range", "Verdict"):
        table.add_column(t(head), justify="left" if head in {"Parameter", "Unit", "Verdict"} else "right",
                         overflow="fold")
    for row in found.parameters().to_dict("records"):
        ends = f"{row['range_low']:g} – {row['range_high']:g}"
        if found.found is None:
            table.add_row(row["parameter"], t(row["unit"]), ends, "-", "-", "-")
            continue
        found_ends = f"{row['value']:.3g} [{row['low']:.3g}, {row['high']:.3g}]"
        table.add_row(row["parameter"], t(row["unit"]), ends, found_ends, f"{row['of_range']:.0%}",
                      t(VERDICTS[row["verdict"]]))
    return table


def rematch_command(
    truths: Annotated[int, typer.Option("--truths", help="Known settings to match.", min=4)] = 40,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of proofs to write to.")] = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Simulate figures from known parameters, match them, and print how often the intervals hold the truth."""
    speak(lang)
    from vsim.run.matching_proof import prove, summary, write_proof

    with progress_bar(t("Truths"), quiet or as_json) as move:
        found = prove(truths, threads=threads, progress=move)
    if out is not None:
        done(write_proof(found, out), quiet)
    rows = summary(found)
    if as_json:
        print_json({"truths": truths, "summary": rows})
        return
    table = Table(title=t("Known parameters, matched again"), title_justify="left")
    for head in ("Parameter", "Truths", "Coverage of 90 %", "Bias over range", "Error over range", "Width over range"):
        table.add_column(t(head), justify="left" if head == "Parameter" else "right", overflow="fold")
    for row in rows:
        name = t("all") if row["parameter"] == "all" else row["parameter"]
        cells = [f"{row[key]:.3f}" if key in row else "-" for key in
                 ("bias_over_range", "rmse_over_range", "width_over_range")]
        table.add_row(name, str(row["n"]),
                      f"{row['coverage']:.2f} [{row['coverage_low']:.2f}, {row['coverage_high']:.2f}]", *cells)
    screen().print(table)
