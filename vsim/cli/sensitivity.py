"""vsim run sensitivity: which numbers of the model an output, or a policy's effect, hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import (
    DryRun,
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
    from vsim.run.sensitivity_run import Found

NOISY = 0.5                   # share of luck in the variance that is worth a word
VERDICTS = {
    "settled": "Ranking settled: neighbours above the noise keep their order in 95 % of resamples, and with half of "
               "the points.",
    "not settled": "Ranking not settled: give more --points, or more --replicates.",
    "noise": "No parameter lies above the noise: within these ranges luck moves the output as much as any of them. "
             "Give more --replicates.",
}


def sensitivity_command(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario that comes with vsim, or path of a YAML file.")],
    pilot: Annotated[
        str | None, typer.Option("--pilot", help="The same world with a policy: the output is its effect.")
    ] = None,
    parameters: Annotated[
        str | None,
        typer.Option("--parameters", "-p", help="Keys, key=low:high, or stems such as retention, separated by commas."),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", help="A moment or an indicator.")
    ] = "hours_per_registered",
    points: Annotated[int, typer.Option("--points", help="Base sample of the indices, a power of two.", min=16)] = 64,
    trajectories: Annotated[
        int, typer.Option("--trajectories", help="Of the screening; 0 leaves it out.", min=0)
    ] = 10,
    most: Annotated[int, typer.Option("--most", help="Parameters that go on from the screening.", min=1)] = 6,
    span: Annotated[
        float, typer.Option("--span", help="Range about the scenario's value, as a share of the card's, both sides.")
    ] = 0.25,
    within: Annotated[
        Path | None, typer.Option("--within", help="Folder of a matching, whose intervals are the ranges.")
    ] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="Lucks of each point.", min=1)] = 2,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write to; what was stopped goes on in it.")
    ] = None,
    threads: Threads = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Screen parameters (Morris), then tell first-order and total indices (Saltelli) beside the index of luck."""
    speak(lang)
    from vsim.run.sensitivity_run import Asked, analyse, intervals, names_of, report, write
    from vsim.run.store import Store
    from vsim.spec.scenario import load_scenario

    base = load_scenario(scenario)
    words = [word.strip() for word in (parameters or "").split(",") if word.strip()]
    space = names_of(words, base, span, intervals(within) if within is not None else None)
    asked = Asked(base, None if pilot is None else load_scenario(pilot), output, space, points, trajectories, most,
                  replicates, seed)
    if dry_run:
        screened, indexed = asked.most_points
        tell(t("{n} parameters: {screened} points to screen, {indexed} for the indices at most, {runs} runs in all; "
               "nothing was run.").format(n=len(space.keys), screened=screened, indexed=indexed,
                                          runs=(screened + indexed) * replicates * (1 if pilot is None else 2)))
        return
    with progress_bar(t("Points"), quiet or as_json) as move:
        found = analyse(asked, store=Store(out / "runs") if out is not None else None, threads=threads,
                        progress=lambda _part, n, total: move(n, total))
    if out is not None:
        done(write(found, out), quiet)
    if as_json:
        print_json(report(found))
        return
    if found.moves:
        screen().print(_screening(found))
    screen().print(_indices(found))
    _remarks(found)


def _screening(found: Found) -> Table:
    table = Table(title=t("Screening: moves when a parameter goes two thirds of its range"), title_justify="left")
    for head in ("Parameter", "Mean size [95 % interval]", "Mean move", "Spread of moves", "Goes on"):
        table.add_column(t(head), justify="left" if head == "Parameter" else "right", overflow="fold")
    names = found.indices.names
    for one in found.moves:
        goes = "-" if one.name == names[-1] else t("yes") if one.name in names else t("no")
        table.add_row(_name(one.name, names[-1]), f"{one.size:.3g} [{one.low:.3g}, {one.high:.3g}]", f"{one.mean:.3g}",
                      f"{one.spread:.3g}", goes)
    return table


def _indices(found: Found) -> Table:
    steps = found.indices.steps
    few = min(steps)
    table = Table(title=t("Share of the variance of {output} that each parameter makes").format(
        output=found.asked.output), title_justify="left")
    table.add_column(t("Parameter"), overflow="fold")
    for head in (t("Alone"), t("In all"), t("In all, from {n} points").format(n=few), t("Above the noise")):
        table.add_column(head, justify="right", overflow="fold")
    above, luck = found.indices.above(), found.indices.names[-1]
    early = {one.name: one for one in steps[few]}
    for one in sorted(found.indices.last, key=lambda one: (one.name == luck, -one.total)):
        table.add_row(
            _name(one.name, luck), f"{one.first:.2f} [{one.first_low:.2f}, {one.first_high:.2f}]",
            f"{one.total:.2f} [{one.total_low:.2f}, {one.total_high:.2f}]", f"{early[one.name].total:.2f}",
            "-" if one.name == luck else t("yes") if one.name in above else t("no"))
    return table


def _name(name: str, luck: str) -> str:
    return t("luck (a parameter that does nothing else)") if name == luck else name


def _remarks(found: Found) -> None:
    indices = found.indices
    tell(t(VERDICTS[found.verdict]))
    for one, other, share in indices.doubtful:
        tell(t("{one} above {other}: in {share:.0%} of resamples.").format(one=one, other=other, share=share))
    if found.asked.pilot is not None:
        tell(t("The output is the policy's effect: mean {mean:.3g}, standard deviation over settings {sd:.2g}.").format(
            mean=indices.mean, sd=indices.sd))
    if indices.noise > NOISY:
        tell(t("Luck makes {share:.0%} of the variance; indices are of little use. Give more --replicates.").format(
            share=indices.noise))
    if indices.lost:
        tell(t("{n} base points had nothing to measure and were left out.").format(n=indices.lost))
