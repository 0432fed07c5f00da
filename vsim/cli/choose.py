"""vsim run choose: the best mix of a study's policies under a budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vsim.cli.common import (
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
    screen,
    speak,
)
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.ensemble import Member
    from vsim.run.policy_choose import Choice
    from vsim.spec.estimate import Estimate

VERDICTS = {
    "sound": "sound: the recorded gain is a true one",
    "inflated": "inflated: the recorded gain is larger than the true one",
    "gamed": "gamed: a gain is recorded, and no true one is there to be seen",
    "no gain": "no gain is recorded",
}
SHORT = {"sound": "sound", "inflated": "inflated", "gamed": "gamed", "no gain": "no gain"}
SPREAD = {"gini_of_hours": "Gini of hours among those who served",
          "gap_between_districts": "Unmet need, worst district less best"}
RULES = {"mean": "best mean", "worst": "best worst case", "low": "best tenth percentile", "regret": "least regret",
         "satisfied": "most often enough"}
HEADS = {"Mix": "Mix", "Role": "Role", "Gain": "Gain", "Cost, yuan": "Cost, yuan", "Behind": "Behind",
         "Goodhart": "Goodhart", "Mean": "Mean", "Worst": "Worst", "Regret": "Largest regret", "Enough, %": "Enough, %",
         "In budget": "In budget", "Rule": "Rule"}
LEFT = frozenset({"Mix", "Role", "Goodhart", "Rule"})


def choose_command(
    study: Annotated[str, typer.Argument(help="Name of a study that comes with vsim, or path of a YAML file.")],
    budget: Annotated[
        float | None, typer.Option("--budget", help="Yuan beyond the base; that of the study by default.", min=0)
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="Indicator to gain in; the study's first outcome by default.")
    ] = None,
    less: Annotated[bool, typer.Option("--less", help="Less of the target is better.")] = False,
    method: Annotated[str, typer.Option("--method", help="auto, all, tpe or knapsack.")] = "auto",
    trials: Annotated[int, typer.Option("--trials", help="Mixes to look at.", min=1)] = 40,
    replicates: Replicates = 6,
    fresh: Annotated[
        int, typer.Option("--fresh", help="Other lucks, under which finalists are told.", min=2)
    ] = 12,
    costed: Annotated[
        int | None, typer.Option("--costed", help="Lucks under which costs are counted, where these take long.", min=1)
    ] = None,
    ensemble: Annotated[
        str | None, typer.Option("--ensemble", help="Preset whose fitted structures to try, or the file of fits.")
    ] = None,
    enough: Annotated[
        float, typer.Option("--enough", help="Gain that is enough in a structure, with --ensemble.")
    ] = 0.0,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to.")] = None,
    threads: Threads = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Find the mix of a study's arms and settings that gains most under a budget, and tell how far to trust it.

    Mixes are compared under common lucks; what is told of them comes from fresh ones, with Goodhart's check.
    """
    speak(lang)
    from vsim.run.policy_choose import choose
    from vsim.run.policy_files import check_free, write_choice

    if replicates < 2:
        raise UsageError(f"run choose: --replicates is {replicates}; allowed 2 or more, since mixes are compared.")
    if out is not None:
        check_free(out, force)
    members = [] if ensemble is None else members_of(ensemble)
    with progress_bar(t("Mixes"), quiet or as_json) as move:
        found = choose(
            study, budget=budget, target=target, less=less, trials=trials, replicates=replicates, fresh=fresh,
            costed=costed, method=method, seed=seed, members=members, threshold=enough,  # type: ignore[arg-type]
            threads=threads, progress=lambda n: move(n, trials),
        )
    if out is not None:
        write_choice(found, out)
        done(out, quiet)
    if as_json:
        print_json(found.to_dict())
        return
    tables = [_recommended(found), _finalists(found)]
    if found.robust is not None:
        tables += [_in_structures(found), _by_rules(found)]
    for place, table in enumerate(tables):
        screen().print(*([""] if place else []), table, sep="\n")


def members_of(name: str) -> list[Member]:
    """Return the fitted structures of a preset from the folder proofs, or of a file.

    Raises
    ------
    UsageError
        When there are none, or they rest on what has changed.
    """
    from vsim.run.ensemble import is_fresh, read_proof

    path = Path(name)
    named = path.suffix == ".json"
    preset, folder = (path.stem.removeprefix("ensemble-"), path.parent) if named else (name, Path("proofs"))
    members = read_proof(preset, folder)
    stale = [member.structure for member in members if not is_fresh(member)]
    if not members or stale:
        told = f"{', '.join(stale)} rest on what has changed" if stale else f"{folder} holds none"
        raise UsageError(f"run choose: --ensemble is '{name}', and no fits of it can be used: {told}. Run "
                         f"`vsim run ensemble {preset} --refit`.")
    return members


def _recommended(found: Choice) -> Table:
    """Return what is recommended, line by line."""
    from vsim.evaluate.indicators import indicator

    one, what = found.chosen, indicator(found.target)
    title = t("The best mix of {study} for {budget} yuan: {target}").format(
        study=found.study, budget=f"{one.budget:,.0f}", target=t(what.label))
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    tried = t("{n} mixes under {lucks} common lucks ({method}); told under {fresh} fresh ones").format(
        n=len(one.tried), lucks=found.provenance["replicates"], method=one.method, fresh=one.value.n)
    gain = t("less, {gain}") if found.less else "{gain}"
    each = 10_000
    rows = [
        (t("Mix"), _mix(one.mix)), (t("Gain"), gain.format(gain=f"{_told(one.value)} {t(what.unit)}")),
        (t("Cost beyond the base, yuan"), _told(one.cost, signed=False)),
        (t("Gain of another {n} yuan").format(n=f"{each:,}"), f"{each * one.shadow_price:.3g}"),
        (t("Looked at"), tried), (t("Optimism of the search"), f"{one.optimism:+.3g}"),
        (t("Goodhart's check"), t(VERDICTS[one.goodhart.verdict])),
        (t("Recorded and true gain, % of the base"),
         f"{_told(one.goodhart.recorded, 100)}; {_told(one.goodhart.true, 100)}"),
    ]
    for row in found.equity():
        rows.append((t(SPREAD[row["key"]]), f"{row['base']:.3f} → {row['mix']:.3f}, {_told(row['change'])}"))
    if one.additivity is not None:
        rows.append((t("Sum of the parts, and the mix as a whole"),
                     f"{one.additivity.total:.3g}; {one.additivity.joint:.3g}"))
    for left, right in rows:
        table.add_row(left, right)
    return table


def _finalists(found: Choice) -> Table:
    """Return the finalists and baselines under fresh lucks; a rival is no more than a standard error behind."""
    table = _table(t("Finalists and baselines under fresh lucks"),
                   ("Mix", "Role", "Gain", "Cost, yuan", "Behind", "Goodhart"))
    for row in found.chosen.table.to_dict("records"):
        if row["name"] == "chosen":
            role = t("chosen")
        elif row["within_se"] and row["within_budget"]:
            role = t("rival")
        else:
            role = t("baseline") if row["baseline"] else t("finalist")
        cost = f"{row['cost']:,.0f}" if row["within_budget"] else t("{cost}, over").format(cost=f"{row['cost']:,.0f}")
        table.add_row(_mix(row["mix"]), role, _numbers(row["value"], row["low"], row["high"]), cost,
                      f"{row['behind']:.3g}", t(SHORT[row["verdict"]]))
    return table


def _table(title: str, heads: tuple[str, ...]) -> Table:
    """Return an empty table whose numbers are kept in one line."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    for head in heads:
        words = head in LEFT
        table.add_column(t(HEADS[head]), justify="left" if words else "right", overflow="fold", no_wrap=not words)
    return table


def _in_structures(found: Choice) -> Table:
    """Return what finalists come to in rival structures of the model."""
    from vsim.run.policy_choose import name_of

    assert found.robust is not None
    mixes = {name_of(what): _mix(what) for what in found.chosen.fresh}
    table = _table(t("Gain in {n} structures of the model").format(n=len(found.structures)),
                   ("Mix", "Mean", "Worst", "Regret", "Enough, %", "In budget"))
    for row in found.robust.table.to_dict("records"):
        table.add_row(mixes[row["policy"]], f"{row['mean']:.3g}", f"{row['worst']:.3g}", f"{row['regret']:.3g}",
                      f"{100 * row['satisfied']:.0f}", t("yes") if row["allowed"] else t("no"))
    return table


def _by_rules(found: Choice) -> Table:
    """Return which mix each rule for deep uncertainty picks."""
    from vsim.run.policy_choose import name_of

    assert found.robust is not None
    mixes = {name_of(what): _mix(what) for what in found.chosen.fresh}
    table = _table(t("Choice across structures, by rule"), ("Rule", "Mix"))
    for rule, policy in found.robust.choices.items():
        table.add_row(t(RULES[rule]), mixes[policy])
    return table


def _mix(what: Any) -> str:
    """Return a mix, or a baseline in some of the districts, in a line."""
    from vsim.run.policy_choose import name_of
    from vsim.run.policy_world import Spread

    if isinstance(what, Spread):
        share = f"{100 * what.share:.0f}"
        return t("all, in {share} % of districts by need").format(share=share) if what.order == "need" else t(
            "all, in {share} % of districts at random").format(share=share)
    return name_of(what) if what != () else t("nothing")


def _told(one: Estimate, scale: float = 1.0, *, signed: bool = True) -> str:
    return _numbers(scale * one.value, scale * one.low, scale * one.high, signed=signed)


def _numbers(value: float, low: float, high: float, *, signed: bool = True) -> str:
    from vsim.report.numbers import interval, number, places

    at = places(low, high, value)
    shown = number(value, at, signed=signed, ascii_only=True)
    return shown if low != low or high == low else f"{shown} {interval(low, high, at, ascii_only=True)}"
