"""vsim run brief and vsim run trace: from two scenario files to a brief, and from a number back to its runs."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from vsim.cli.common import (
    Force,
    Json,
    Lang,
    Quiet,
    Replicates,
    Seed,
    done,
    print_json,
    progress_bar,
    say,
    screen,
    speak,
)
from vsim.errors import UsageError
from vsim.i18n import LANGUAGES, t

NEEDED = ("jupytext", "nbconvert", "papermill")


def brief_command(
    base: Annotated[str, typer.Argument(help="Scenario without the policy: a name, or a YAML file.")],
    pilot: Annotated[str, typer.Argument(help="Its twin with the policy.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the brief; what was stopped goes on in it.")],
    outcome: Annotated[str, typer.Option("--outcome", help="Indicator that the answer is about.")] = (
        "hours_per_registered"),
    replicates: Replicates = 20,
    tries: Annotated[
        int, typer.Option("--tries", help="Lucks for each number that is moved; 0 moves none.", min=0)
    ] = 4,
    seed: Seed = 1,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Runs at a time; changes no value.", min=1)] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a Dask scheduler, such as tcp://10.0.0.1:8786.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print the pages with a browser of this machine.")] = False,
    notebook: Annotated[
        Path | None, typer.Option("--notebook", help="A notebook source of your own in place of vsim's.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Answer a policy question: what truly changed, what a register would say, what it costs, what it hangs on.

    Writes a page and a notebook in English and Chinese, and a data package with the question, so that every number can
    be worked out again.
    """
    speak(lang)
    from importlib.util import find_spec

    from vsim.report.brief import SOURCE, check_folder, write_brief
    from vsim.run.question import Question, run_all
    from vsim.spec.scenario import load_scenario

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(f"brief: {', '.join(missing)} not installed. Install the course extra: "
                         "pip install 'vsim[course]'.")
    question = Question(load_scenario(base), load_scenario(pilot), outcome=outcome, replicates=replicates, tries=tries,
                        seed=seed)
    check_folder(out, force)
    sweeps = question.sweeps(out, jobs=jobs, scheduler=scheduler, force=force)
    begun = perf_counter()
    say(t("Compiling the kernels if they are not in the cache (some 20 to 40 seconds the first time)."),
        quiet or as_json)
    with progress_bar(t("Runs"), quiet or as_json) as move:
        run_all(sweeps, move)
    seconds = perf_counter() - begun
    say(t("Writing the brief in both languages."), quiet or as_json)
    found = write_brief(question, out, seconds, notebook=notebook or SOURCE, pdf=pdf)
    if as_json:
        print_json({"out": str(out), "seconds": seconds, "tables": {
            name: table.astype(object).where(table.notna(), None).to_dict("records")
            for name, table in found.tables.items() if name != "weeks"}})
        return
    if not quiet:
        from vsim.report.policy_table import rich_table

        frame = found.tables["effects"]
        estimand = "att" if "att" in set(frame["estimand"]) else "total"
        screen().print(rich_table(frame[frame["estimand"] == estimand].dropna(subset=["value"]), estimand=estimand))
    for name in LANGUAGES:
        done(out / f"brief.{name}.html", quiet)


def trace_command(
    folder: Annotated[Path, typer.Argument(help="Folder of a brief.")],
    row: Annotated[str | None, typer.Argument(help="A row, such as effects/hours_per_registered.att.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Run one of its runs again and compare it.")] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Trace a number of a brief to its runs, and work it out again from them; exit 1 when it is not the same."""
    speak(lang)
    from vsim.report.brief_files import read_question
    from vsim.report.brief_trace import rows, trace
    from vsim.run.question import store_of

    if row is None:
        for name in rows(folder):
            screen().print(name, markup=False, highlight=False, soft_wrap=True)
        return
    found = trace(read_question(folder), folder, store_of(folder), row, again=again)
    if as_json:
        print_json(found)
    else:
        for name, value in found["row"].items():
            screen().print(f"{name}: {value}", markup=False, highlight=False, soft_wrap=True)
        say(t("Worked out again from {n} runs: {same}.").format(
            n=len(found["keys"]), same=t("the same") if found["same"] else t("NOT the same")))
        for key in found["keys"]:
            screen().print(key, markup=False, highlight=False)
        if again:
            say(t("Run again: {key}: {same}.").format(
                key=found["again"]["key"], same=t("the same") if found["again"]["same"] else t("NOT the same")))
    if not found["same"] or (again and not found["again"]["same"]):
        raise typer.Exit(1)
