"""vsim run: simulate, compare, validate, calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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
from vsim.errors import UsageError, did_you_mean
from vsim.i18n import t

run_app = typer.Typer(no_args_is_help=True)
ScenarioName = Annotated[str, typer.Argument(help="Name of a scenario that comes with vsim, or path of a YAML file.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to.")]
HEADLINE = ("hours_per_registered", "person_times_per_registered", "active_share_year", "recorded_hours_per_registered",
            "unplaced_share", "fill_rate", "left", "trained", "stars")


@run_app.command("simulate")
def simulate_command(
    scenario: ScenarioName,
    seed: Seed = 1,
    out: Out = None,
    engine: Annotated[
        str, typer.Option("--engine", help="auto, kernels or oracle (plain NumPy; same values).")
    ] = "auto",
    threads: Threads = None,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Run a scenario once; with --out, write what an agency would see and the truth apart."""
    speak(lang)
    from vsim.report.build import check_free, write_run
    from vsim.run.run import simulate
    from vsim.spec.scenario import load_scenario
    from vsim.world.city import check_size

    if engine not in {"auto", "kernels", "oracle"}:
        raise UsageError(f"run simulate: --engine is '{engine}'; allowed auto, kernels, oracle.")
    loaded = load_scenario(scenario)
    if out is not None:
        check_free(out, force)
    if dry_run:
        say(t("{name}: {residents} residents, {districts} districts, {weeks} weeks; nothing was run.").format(
            name=loaded.name, residents=loaded.world.residents, districts=loaded.world.districts, weeks=loaded.weeks))
        return
    check_size(loaded.world)
    with progress_bar(t("Districts"), quiet or as_json) as move:
        run = simulate(loaded, seed, engine=engine, threads=threads, progress=move)  # type: ignore[arg-type]
    measured = {key: _measure(run, key) for key in HEADLINE}
    if out is not None:
        write_run(run, out, source=scenario, force=force)
        done(out, quiet)
    if as_json:
        print_json({**run.provenance(), "indicators": measured})
        return
    from vsim.evaluate.indicators import indicator

    table = Table(title=f"{loaded.title or loaded.name} (seed {seed})", title_justify="left")
    for head in ("Indicator", "Value", "Unit"):
        table.add_column(t(head), justify="right" if head == "Value" else "left", overflow="fold")
    for key, value in measured.items():
        what = indicator(key)
        table.add_row(t(what.label), t("not known") if value is None else f"{value:,.3f}", t(what.unit))
    screen().print(table)


def _measure(run: Any, key: str) -> float | None:
    import numpy as np

    from vsim.evaluate.indicators import indicator, measure

    frame = run.weekly("all")
    value = float(measure(indicator(key), {name: frame[name].to_numpy() for name in frame.columns}, first=0))
    return value if np.isfinite(value) else None


@run_app.command("compare")
def compare_command(
    base: ScenarioName,
    pilot: Annotated[str, typer.Argument(help="The same world with a policy: a name or a path.")],
    replicates: Replicates = 20,
    seed: Seed = 1,
    out: Out = None,
    by: Annotated[str | None, typer.Option("--by", help="district, sex, age or party_member.")] = None,
    estimand: Annotated[str, typer.Option("--estimand", help="total, att or spillover.")] = "total",
    indicators: Annotated[str | None, typer.Option("--indicators", help="Keys, separated by commas.")] = None,
    threads: Threads = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Run two scenarios as twin worlds and print the true effects with their Monte Carlo intervals."""
    speak(lang)
    from vsim.report.build import check_free, write_study
    from vsim.report.policy_table import rich_table
    from vsim.run.compare import compare
    from vsim.spec.scenario import load_scenario

    if estimand not in {"total", "att", "spillover"}:
        raise UsageError(f"run compare: --estimand is '{estimand}'; allowed total, att, spillover.")
    keys = keys_for(indicators, by, estimand)
    if out is not None:
        check_free(out, force)
    one, other = load_scenario(base), load_scenario(pilot)
    with progress_bar(t("Twin worlds"), quiet or as_json) as move:
        study = compare(one, other, replicates=replicates, seed=seed, threads=threads, progress=move)
    effects = study.effects(keys, by=by, estimand=estimand)  # type: ignore[arg-type]
    if out is not None:
        write_study(study, keys, out, force=force)
        done(out, quiet)
    if as_json:
        print_json({"base": one.hash, "pilot": other.hash, "seed": seed, "replicates": replicates,
                    "effects": effects.astype(object).where(effects.notna(), None).to_dict("records")})
        return
    screen().print(rich_table(effects, by=by))


def keys_for(named: str | None, by: str | None, estimand: str) -> list[str]:
    """Return the indicators to print, the headline ones by default; refuse what cannot be split before any work."""
    from vsim.evaluate.indicators import indicator
    from vsim.run.run import TASK_COLUMNS
    from vsim.run.study import GROUPS

    if by is not None and by != "district" and by not in GROUPS:
        raise UsageError(f"run compare: --by is '{by}'; allowed district, {', '.join(GROUPS)}."
                         f"{did_you_mean(by, ['district', *GROUPS])}")
    if by is not None and estimand != "total":
        raise UsageError(f"run compare: --estimand is '{estimand}' beside --by; allowed total. Leave out one of them.")
    keys = list(HEADLINE) if named is None else [key.strip() for key in named.split(",") if key.strip()]
    if not keys:
        raise UsageError("run compare: --indicators is empty; allowed keys separated by commas. Leave it out for all.")
    tasks = [key for key in keys if {indicator(key).numerator, indicator(key).denominator} & set(TASK_COLUMNS)]
    if by not in GROUPS or not tasks:
        return keys
    if named is not None:
        raise UsageError(f"run compare: indicator '{tasks[0]}' counts tasks and has no subgroups; allowed indicators "
                         f"that count people. Leave out '{tasks[0]}' or --by {by}.")
    return [key for key in keys if key not in tasks]


@run_app.command("validate")
def validate_command(
    presets: Annotated[
        list[str] | None, typer.Argument(help="Presets that targets belong to; all when none is named.")
    ] = None,
    replicates: Replicates = 5,
    seed: Seed = 1,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Print targets beside simulated values with Monte Carlo error; exit 1 when a fitted target is missed.

    With --out, write the report as a page with charts and data.
    """
    speak(lang)
    from vsim.report.validation import Validation, check_free, rows, write_report
    from vsim.report.validation_table import left_table, preset_table, summary_line
    from vsim.run import validate as validation

    known = validation.presets()
    for preset in presets or []:
        if preset not in known:
            raise UsageError(f"run validate: preset is '{preset}'; allowed {', '.join(known)}."
                             f"{did_you_mean(preset, known)}")
    if out is not None:
        check_free(out, force)
    checks = {}
    for preset in presets or known:
        with progress_bar(preset, quiet or as_json) as move:
            checks[preset] = validation.validate(preset, replicates=replicates, seed=seed, progress=move)
    report = Validation(checks, replicates, seed)
    if out is not None:
        write_report(report, out, force=force)
        done(out, quiet)
    if as_json:
        print_json(list(rows(report)))
    else:
        for preset, found in checks.items():
            screen().print(preset_table(preset, found))
        if not presets:
            screen().print(left_table(report))
        screen().print(summary_line(report), highlight=False)
    if not all(c.holds for c in report.all() if c.target.use == "fit"):
        raise typer.Exit(1)


@run_app.command("calibrate")
def calibrate_command(
    preset: Annotated[str, typer.Argument(help="cn_registry, cn_mobilised, us_cps or uk_cls.")],
    trials: Annotated[int, typer.Option("--trials", help="Simulations to spend.", min=10)] = 200,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of proofs.")] = Path("proofs"),
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Fit a preset to its targets by simulated moments and keep the result as evidence."""
    speak(lang)
    from vsim.run.calibrate import calibrate, write_proof

    with progress_bar(preset, quiet) as move:
        fit = calibrate(preset, trials=trials, progress=lambda n, _loss: move(n, trials))
    done(write_proof(fit, out), quiet)
    for key, value in fit.parameters.items():
        screen().print(f"{key}: {value:g}", highlight=False)
    screen().print(f"loss: {fit.loss:g}", highlight=False)
