"""vsim course: collect, check, grade, export; what every command of it shares. The others stand beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from vsim.cli.common import Json, Lang, Quiet, print_json, progress_bar, say, screen, speak
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vsim.course.folder import Course
    from vsim.course.grading import Graded
    from vsim.course.unit import Unit

course = typer.Typer(no_args_is_help=True)
Folder = Annotated[Path, typer.Option("--course", "-C", help="Folder of the course; the working folder by default.")]
UnitName = Annotated[str, typer.Argument(help="A unit, such as foundation/01-registers-and-rates.")]
Weak = Annotated[bool, typer.Option("--allow-weak", help="Run learners' code without a jail where there is none.")]
NEEDED = ("nbgrader", "jupytext", "nbconvert", "babel")
HERE = Path()
STATES = {
    "marked": "marked", "unchanged": "unchanged", "missing": "missing", "failed": "failed", "taken": "taken",
    "set aside": "set aside", "unreadable": "unreadable", "conflict": "conflict", "other unit": "other unit",
    "unknown learner": "unknown learner", "fault": "fault",
}


def missing_packages() -> list[str]:
    """Return which packages of the course extra are not installed."""
    from importlib.util import find_spec

    return [name for name in NEEDED if find_spec(name) is None]


def ready() -> None:
    """Say what to install where nbgrader and its kin are missing."""
    missing = missing_packages()
    if missing:
        raise UsageError(
            f"course: {', '.join(missing)} not installed. Install the course extra: pip install 'vsim[course]'."
        )


def opened(folder: Path, lang: str | None) -> Course:
    """Open a course, and speak the language asked for."""
    speak(lang)
    ready()
    from vsim.course.folder import open_course

    return open_course(folder)


def unit_of(name: str, folder: Path) -> Unit:
    """Return a unit of the curriculum or of the trainer's own folders."""
    from vsim.course.folder import curriculum_folder, open_course, unit_roots
    from vsim.course.unit import Unit, find_unit

    shipped = curriculum_folder()
    try:
        here = open_course(folder)
    except UsageError:
        here = None
    return Unit(find_unit(name, unit_roots(here, [shipped] if shipped else [])))


def rows_table(title: str, heads: tuple[str, ...], lines: list[list[Any]], numeric: tuple[int, ...] = ()) -> Table:
    """Return rows as a table; what people wrote in the cells is never markup."""
    table = Table(title=title, title_justify="left")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in numeric else "left", overflow="fold")
    for line in lines:
        table.add_row(*(Text(str(cell)) for cell in line))
    return table


def class_table(rows: Iterable[Graded]) -> Table:
    """Return what became of each submission of a class."""
    from vsim.course.jail import remark

    lines = [
        [
            row.learner,
            t(STATES[row.status]),
            "" if row.status in ("missing", "failed") else f"{row.earned:g}/{row.points:g}",
            t("open") if row.hand is None else f"{row.hand:g}",
            f"{row.seconds:.1f}",
            row.message or ", ".join(filter(None, (remark(row.tier), *row.flags))),
        ]
        for row in rows
    ]
    heads = (t("Learner"), t("State"), t("Score"), t("By hand"), t("Seconds"), t("Remarks"))
    return rows_table(t("Marks"), heads, lines, (2, 3, 4))


@course.command("collect")
def collect_command(
    unit: UnitName,
    sources: Annotated[
        list[Path] | None, typer.Argument(help="Folders or files handed in. [the course's inbox/]")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Take in what was handed in: match each file to its learner and rebuild it on the release; exit 1 on a fault."""
    here = opened(folder, lang)
    from vsim.course.collecting import collect_unit
    from vsim.course.flags import flag_text

    rows = collect_unit(here, unit, sources or ())
    if as_json:
        print_json(
            [
                {
                    "learner": row.learner,
                    "file": row.file,
                    "status": row.status,
                    "flags": row.flags,
                    "message": row.message,
                }
                for row in rows
            ]
        )
    else:
        lines = [
            [row.learner, row.file, t(STATES[row.status]),
             " ".join([row.message, *(flag_text(flag) for flag in row.flags)])]
            for row in rows
        ]
        screen().print(rows_table(t("Handed in"), (t("Learner"), t("File"), t("State"), t("Remarks")), lines))
    if any(row.status in ("conflict", "unknown learner", "fault", "unreadable", "other unit") for row in rows):
        raise typer.Exit(1)


@course.command("check")
def check_command(
    unit: UnitName,
    learners: Annotated[
        int, typer.Option("--learners", "-n", min=2, max=200, help="Invented learners to try it on.")
    ] = 3,
    seeds: Annotated[
        int | None, typer.Option("--seeds", min=2, max=2000, help="Draw so many cities instead, and tell their spread.")
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Rehearse a unit: model answer, blank release, every mutant and equivalent, answers copied from others."""
    speak(lang)
    ready()
    from vsim.course.rehearsal import rehearse

    found = unit_of(unit, folder)
    if seeds is not None:
        _show_draws(found, seeds, as_json=as_json, quiet=quiet)
        return
    with progress_bar(t("Learners"), quiet or as_json) as move:
        trials = rehearse(found, [f"rehearsal-{number}" for number in range(1, learners + 1)], move)
    faults = [trial for trial in trials if trial.fault]
    if as_json:
        print_json(
            [
                {
                    "learner": trial.learner,
                    "task": trial.task,
                    "name": trial.name,
                    "earned": trial.earned,
                    "points": trial.points,
                    "fault": trial.fault,
                }
                for trial in trials
            ]
        )
    else:
        lines = [
            [trial.learner, trial.task, trial.name, f"{trial.earned:g}/{trial.points:g}", trial.fault]
            for trial in (faults or trials)
        ]
        screen().print(rows_table(found.source.syllabus.title,
                                    (t("Learner"), t("Task"), t("Answer"), t("Score"), t("Fault")), lines, (3,)))
        say(t("{n} answers were marked; {faults} faults.").format(n=len(trials), faults=len(faults)), quiet)
    if faults:
        raise typer.Exit(1)


def _show_draws(unit: Unit, seeds: int, *, as_json: bool, quiet: bool) -> None:
    """Draw the cities of so many invented learners and tell how their truths are spread."""
    from vsim.course.draws import drawn

    with progress_bar(t("Cities"), quiet or as_json) as move:
        found = drawn(unit, seeds, move)
    if as_json:
        print_json(found.plain())
        return
    heads = (t("Truth"), t("Smallest"), t("Median"), t("Largest"), t("Different values"), t("Share of the commonest"))
    lines = [[one.name, one.least, one.middle, one.most, one.different, f"{one.commonest:.0%}"] for one in found.truths]
    screen().print(rows_table(t("{n} cities of {unit}").format(n=found.seeds, unit=unit.id), heads, lines,
                              (1, 2, 3, 4, 5)))
    say(t("Cities that were drawn again because they made no fair question: {n}; at most {most} for one learner."
          ).format(n=sum(found.redraws), most=max(found.redraws)), quiet)
    for reason, count in found.reasons.items():
        say(f"  {count}: {reason}", quiet)
    if found.unfair:
        told = t("Learners without a fair city after {draws} draws: {n}.")
        say(told.format(draws=found.draws, n=found.unfair), quiet)
    if found.unfair or any(one.degenerate for one in found.truths):
        raise typer.Exit(1)


@course.command("grade")
def grade_command(
    unit: UnitName,
    learners: Annotated[list[str] | None, typer.Argument(help="Learners to grade. [all]")] = None,
    folder: Folder = HERE,
    allow_weak: Weak = False,
    force: Annotated[bool, typer.Option("--force", help="Grade also what has not changed.")] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, max=64, help="Processes that grade at once.")
    ] = 1,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Grade what was collected and write the feedback; one failure is one row, and exit code 1."""
    here = opened(folder, lang)
    from vsim.course.grading import grade

    with progress_bar(t("Submissions"), quiet or as_json) as move:
        rows = grade(here, unit, learners=learners or (), force=force, allow_weak=allow_weak, jobs=jobs,
                     progress=move)
    if as_json:
        print_json([{name: getattr(row, name) for name in row.__slots__} for row in rows])
    else:
        screen().print(class_table(rows))
    if any(row.status == "failed" for row in rows):
        raise typer.Exit(1)
