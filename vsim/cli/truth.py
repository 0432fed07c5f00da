"""vsim run truth: what a policy truly does under interference, estimand by estimand, from twin worlds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
    say,
    screen,
    speak,
)
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.truth_effects import Truths
    from vsim.run.truth_replicates import Enough


def truth_command(
    base: Annotated[str, typer.Argument(help="Name of a scenario that comes with vsim, or path of a YAML file.")],
    pilot: Annotated[str, typer.Argument(help="The same world with more policies: a name or a path.")],
    replicates: Replicates = 20,
    seed: Seed = 1,
    outcome: Annotated[str, typer.Option("--outcome", help="hours, recorded_hours, attendances, active, stayed or "
                                                           "registered.")] = "hours",
    flips: Annotated[int, typer.Option("--flips", help="Residents of each district whose cover is flipped, one at a "
                                                       "time, for the direct effect.", min=0)] = 0,
    until: Annotated[float | None, typer.Option("--until", help="Add replicates until half the interval is no wider, "
                                                                "in the unit of the estimand.")] = None,
    estimand: Annotated[str, typer.Option("--estimand", help="The estimand that --until looks at.")] = "total",
    cap: Annotated[int, typer.Option("--cap", help="Most replicates for --until.", min=20)] = 1000,
    among: Annotated[str, typer.Option("--among", help="residents, or register: those on it before week 0.")
                     ] = "residents",
    window: Annotated[int | None, typer.Option("--window", help="Weeks of a window of outcomes; 4 by default.", min=1)
                      ] = None,
    everyone: Annotated[str | None, typer.Option("--everyone", help="The full roll-out, a name or a path; by default "
                                                                    "every added policy everywhere.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for truth.json, apart from what learners "
                                                                 "get.")] = None,
    threads: Threads = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Measure what a policy truly does: total, direct, spill-over and the rest, with Monte Carlo intervals."""
    speak(lang)
    from vsim.report.truth_file import check_apart, truth_of, write_truth
    from vsim.run.truth_effects import check_estimand
    from vsim.run.truth_people import outcome_of
    from vsim.run.truth_replicates import FEWEST, truths_until
    from vsim.run.truth_twins import truths
    from vsim.spec.scenario import load_scenario

    outcome_of(outcome)
    check_estimand(estimand)
    if out is not None:
        check_apart(out, force)
    one, other = load_scenario(base), load_scenario(pilot)
    how: dict[str, Any] = {"seed": seed, "flips": flips, "among": among, "window": window, "threads": threads,
                           "everyone": None if everyone is None else load_scenario(everyone)}
    enough = None
    with progress_bar(t("Twin worlds"), quiet or as_json) as move:
        if until is None:
            found = truths(one, other, replicates=replicates, progress=move, **how)
        else:
            start = min(max(replicates, FEWEST), cap)
            enough = truths_until(one, other, half_width=until, estimand=estimand, outcome=outcome, start=start,
                                  cap=cap, progress=move, **how)
            found = enough.truths
    if out is not None:
        done(write_truth(found, out, force=force), quiet)
    if as_json:
        told = truth_of(found, [outcome])
        if enough is not None:
            told["until"] = {"estimand": estimand, "half_width": until, "met": enough.met, "rounds": enough.rounds}
        print_json(told)
        return
    for table in tables_of(found, outcome):
        screen().print(table)
    if enough is not None:
        say(_said(enough), quiet)


def tables_of(found: Truths, outcome: str) -> list[Table]:
    """Return the estimands as a table, then cohorts and spill-over where there are any."""
    from vsim.report.truth_file import truth_of

    told, unit = truth_of(found, [outcome]), unit_text(found, outcome)
    numbers = (t("Value"), t("95% interval"), t("Monte Carlo error"))
    title = t("True effects of {pilot}, {unit} ({n} replicates)").format(
        pilot=found.arms.pilot.name, unit=unit, n=found.replicates)
    table, says = _table(title, (t("Estimand"), t("What it is")), numbers), meanings()
    for row in told["estimands"]:
        table.add_row(row["estimand"], says[row["estimand"]], *_numbers(row))
    made = [table]
    if len(found.arms.cohorts) > 1:
        cohorts = _table(t("By cohort and window ({unit})").format(unit=unit), (),
                         (t("Cohort (week)"), t("Window"), *numbers))
        for row in told["cohorts"]:
            if row["part"] == "effect":
                cohorts.add_row(str(row["cohort"]), str(row["window"]), *_numbers(row))
        made.append(cohorts)
    for name, heading, key, head in (
        ("spillover_by_contacts", t("Spill-over by contacts who are covered ({unit})"), "contacts",
         t("Contacts covered")),
        ("spillover_by_share", t("Spill-over by share of the district that is covered ({unit})"), "share",
         t("Share covered")),
    ):
        if told[name]:
            spilled = _table(heading.format(unit=unit), (head,), (t("Residents"), *numbers))
            for row in told[name]:
                group = t("nobody covered") if row[key] == "none" else str(row[key]).replace(" to ", "–")
                spilled.add_row(group, f"{row['residents']:,.0f}", *_numbers(row))
            made.append(spilled)
    return made


def meanings() -> dict[str, str]:
    """Return what each estimand is, in the language of the output."""
    return {
        "total": t("everybody covered against nobody"),
        "overall": t("the roll-out as designed against nobody, over all"),
        "att": t("the same over the covered, from their start on"),
        "att_own": t("the roll-out against the same without the own cohort"),
        "spillover": t("the roll-out against nobody, over those not covered"),
        "displacement": t("lost by those not covered for one gained by the covered"),
        "direct": t("one person covered or not, all others as they are"),
        "wedge": t("total less direct: the size of the interference"),
        "indirect": t("what the cover of others does to the covered"),
    }


def unit_text(found: Truths, outcome: str) -> str:
    """Return the unit of a mean effect, in the language of the output."""
    shares = {"active": t("share who served"), "stayed": t("share who are volunteers at the end"),
              "registered": t("share on the register at the end")}
    if outcome in shares:
        return shares[outcome]
    what = {"hours": t("h"), "recorded_hours": t("recorded h"), "attendances": t("attendances")}[outcome]
    one = t("registered person") if found.among == "register" else t("resident")
    return t("{what} per {one} in {n} weeks").format(what=what, one=one, n=found.windows.width)


def _table(title: str, words: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for place, head in enumerate(words):
        table.add_column(head, no_wrap=place == 0, overflow="fold")
    for place, head in enumerate(numbers):
        table.add_column(head, justify="right", no_wrap=place < len(numbers) - 1, overflow="fold")
    return table


def _numbers(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return value, interval and error as text."""
    from vsim.spec.estimate import decimals, show

    value, se, low, high = (float("nan") if row[key] is None else float(row[key])
                            for key in ("value", "se", "low", "high"))
    places = decimals(value, low, high)
    if math.isnan(low):
        return t("not known") if math.isnan(value) else show(value, places), t("not known"), t("not known")
    return show(value, places), f"[{show(low, places)}, {show(high, places)}]", show(se, places + 1)


def _said(enough: Enough) -> str:
    n, wanted = enough.truths.replicates, f"{enough.half_width:g}"
    if enough.met:
        return t("{n} replicates: half the interval of {estimand} is at most {width}.").format(
            n=n, estimand=enough.estimate.estimand, width=wanted)
    return t("{n} replicates, the cap: half the interval of {estimand} is wider than {width}; about {needed} are "
             "needed.").format(n=n, estimand=enough.estimate.estimand, width=wanted, needed=enough.needed)
