"""vsim run ensemble and recover: policies in rival structures, and known parameters that are to be found again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, Quiet, Replicates, Seed, Threads, done, print_json, progress_bar, screen, speak
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    import pandas as pd

    from vsim.run.ensemble import Member

SIGNS = {"up": "up", "down": "down", "open": "sign open"}
KEYS = ("person_times_per_registered", "hours_per_registered", "active_share_year", "left")
Preset = Annotated[str, typer.Argument(help="cn_registry or cn_mobilised.")]
Proofs = Annotated[Path, typer.Option("--proofs", help="Folder in which fits are kept.")]


def ensemble_command(
    preset: Preset,
    policy: Annotated[str | None, typer.Argument(help="A lever, or a scenario with policies.")] = None,
    refit: Annotated[bool, typer.Option("--refit", help="Fit every structure anew and keep the fits.")] = False,
    trials: Annotated[int, typer.Option("--trials", help="Simulations to spend on each structure.", min=10)] = 80,
    indicators: Annotated[str | None, typer.Option("--indicators", help="Keys, separated by commas.")] = None,
    each: Annotated[bool, typer.Option("--each", help="Print the effect in every structure, with interval.")] = False,
    replicates: Replicates = 5,
    seed: Seed = 1,
    proofs: Proofs = Path("proofs"),
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Tell the effect of a policy across structures of the model that fit about equally well."""
    speak(lang)
    from vsim.run.calibrate import free_of
    from vsim.run.ensemble import across, effects, is_fresh, read_proof, with_policy
    from vsim.spec.scenario import load_scenario

    free_of(preset)
    if policy is not None:
        with_policy(load_scenario(preset), policy)
    members = fit_all(preset, trials, proofs, threads, quiet or as_json) if refit else read_proof(preset, proofs)
    stale = [member.structure for member in members if not is_fresh(member)]
    if not members or stale:
        told = f"{', '.join(stale)} rest on what has changed" if stale else f"{proofs} holds none"
        raise UsageError(f"run ensemble: no fits of {preset} to use: {told}. Run it with --refit.")
    table = None
    if policy is not None:
        keys = list(KEYS) if indicators is None else [key.strip() for key in indicators.split(",") if key.strip()]
        with progress_bar(t("Structures"), quiet or as_json) as move:
            table = effects(members, policy, keys, replicates=replicates, seed=seed, threads=threads, progress=move)
    if as_json:
        print_json({
            "preset": preset, "policy": policy,
            "structures": [{"structure": m.structure, "loss": m.fit.loss, "misses": m.misses} for m in members],
            "across": [] if table is None else across(table).to_dict("records"),
            "effects": [] if table is None else table.to_dict("records"),
        })
        return
    screen().print(_fits(preset, members))
    if table is not None:
        screen().print(_across(across(table)))
        if each:
            screen().print(_each(table))


def fit_all(preset: str, trials: int, proofs: Path, threads: int | None, quiet: bool) -> list[Member]:
    """Fit every structure and keep what was found after each, so that a stop loses one at most."""
    from vsim.run.ensemble import fit_structure, write_proof
    from vsim.spec.structures import load_structures

    members: list[Member] = []
    names = list(load_structures())
    with progress_bar(preset, quiet) as move:
        for place, name in enumerate(names):
            members.append(fit_structure(
                preset, name, trials=trials, threads=threads,
                progress=lambda n, _loss, place=place: move(place * trials + n, len(names) * trials),  # type: ignore[misc]
            ))
    done(write_proof(preset, members, proofs), quiet)
    return members


def _fits(preset: str, members: list[Member]) -> Table:
    from vsim.spec.structures import structure

    table = Table(title=t("Structures fitted to {preset}").format(preset=preset), title_justify="left")
    for head in ("Structure", "What it is", "Loss", "Targets missed"):
        table.add_column(t(head), justify="right" if head == "Loss" else "left", overflow="fold")
    for m in members:
        table.add_row(m.structure, t(structure(m.structure).label), f"{m.fit.loss:.2f}", ", ".join(m.misses) or "-")
    return table


def _across(found: pd.DataFrame) -> Table:
    table = Table(title=t("Effect of the policy across structures"), title_justify="left")
    for head in ("Indicator", "Whole model", "Lowest", "Highest", "Up", "Down", "Same sign everywhere"):
        table.add_column(t(head), justify="left" if head[0] in "IS" else "right", overflow="fold")
    for row in found.to_dict("records"):
        table.add_row(t(row["label"]), f"{row['whole_model']:.4f}", f"{row['lowest']:.4f} ({row['lowest_in']})",
                      f"{row['highest']:.4f} ({row['highest_in']})", str(row["up"]), str(row["down"]),
                      t("yes") if row["agree"] else t("no"))
    return table


def _each(found: pd.DataFrame) -> Table:
    from vsim.run.ensemble import signs
    from vsim.spec.estimate import decimals, show

    table = Table(title=t("Effect of the policy in every structure"), title_justify="left")
    for head in ("Indicator", "Structure", "Effect [95 % interval]", "Sign", "Targets missed"):
        table.add_column(t(head), justify="right" if head == "Effect [95 % interval]" else "left", overflow="fold")
    for row, sign in zip(found.to_dict("records"), signs(found), strict=True):
        places = decimals(row["value"], row["low"], row["high"])
        value, low, high = (show(row[name], places) for name in ("value", "low", "high"))
        table.add_row(t(row["label"]), row["structure"], f"{value} [{low}, {high}]", t(SIGNS[sign]),
                      row["misses"] or "-")
    return table


def recover_command(
    preset: Preset,
    draws: Annotated[int, typer.Option("--draws", help="Known truths to recover.", min=2)] = 12,
    trials: Annotated[int, typer.Option("--trials", help="Simulations to spend on each.", min=10)] = 60,
    pull: Annotated[bool, typer.Option("--pull/--no-pull", help="With the pull towards the evidence, or not.")] = True,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of proofs to write to.")] = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Simulate from known parameters, calibrate as if they were unknown, and print bias, error and coverage."""
    speak(lang)
    from vsim.run.calibrate import PULL
    from vsim.run.recover import recover, summary, write_proof

    with progress_bar(preset, quiet or as_json) as move:
        found = recover(preset, draws=draws, trials=trials, pull=PULL if pull else 0.0, threads=threads, progress=move)
    if out is not None:
        done(write_proof([found], out), quiet)
    rows = summary(found)
    if as_json:
        print_json({"preset": preset, "pull": found.pull, "summary": rows})
        return
    screen().print(_recovery(preset, rows))


def _recovery(preset: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=t("Known parameters of {preset}, recovered").format(preset=preset), title_justify="left")
    for head in ("Parameter", "Truths", "Bias", "Error (RMSE)", "Error over spread of truths", "Coverage of 95 %"):
        table.add_column(t(head), justify="left" if head == "Parameter" else "right", overflow="fold")
    for row in rows:
        table.add_row(row["parameter"], f"{row['truth_low']:.3g} – {row['truth_high']:.3g}", f"{row['bias']:.3f}",
                      f"{row['rmse']:.3f}", f"{row['rmse_over_sd']:.2f}",
                      f"{row['coverage']:.2f} [{row['coverage_low']:.2f}, {row['coverage_high']:.2f}]")
    return table
