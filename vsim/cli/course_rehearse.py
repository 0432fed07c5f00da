"""vsim course new-unit, rehearse and notes: begin a unit, see what invented classes make of it, print its notes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsim.cli.common import Force, Json, Lang, Quiet, done, print_json, progress_bar, say, screen, speak
from vsim.cli.course import HERE, Folder, UnitName, ready, rows_table, unit_of
from vsim.errors import UsageError, VsimError
from vsim.i18n import language, t

if TYPE_CHECKING:
    from vsim.course.class_course import Seat
    from vsim.course.class_rehearsal import ClassOutcome


def rehearse_command(
    unit: UnitName,
    classes: Annotated[int, typer.Option("--classes", "-n", min=2, max=10_000, help="Invented classes.")] = 200,
    seats: Annotated[int, typer.Option("--seats", min=5, max=500, help="Learners of a class.")] = 30,
    cities: Annotated[int, typer.Option("--cities", min=2, max=200, help="Cities on which answers are scored.")] = 12,
    nbgrader: Annotated[
        bool, typer.Option("--nbgrader", help="Send one class through the whole of nbgrader too, some minutes.")
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Rehearse a unit with invented classes: difficulty, item-rest correlation, ability, reliability; 1 on a fault."""
    speak(lang)
    ready()
    from vsim.course.class_bank import bank_of
    from vsim.course.class_course import class_through_nbgrader
    from vsim.course.class_rehearsal import rehearse_classes

    found = unit_of(unit, folder)
    with progress_bar(t("Cities"), quiet or as_json) as move:
        bank = bank_of(found, cities, move)
    outcome = rehearse_classes(bank, classes, seats)
    graded: list[Seat] = []
    if nbgrader:
        with progress_bar(t("Submissions"), quiet or as_json) as move:
            graded = class_through_nbgrader(found, bank, seats=seats, progress=move)
    differing = [seat.learner for seat in graded if seat.differs]
    if as_json:
        print_json({**asdict(outcome), "nbgrader": [asdict(seat) for seat in graded]})
    else:
        show(outcome, quiet)
        if graded:
            say(t("One class of {n} through nbgrader: {same} with the same points as by the checkers alone.").format(
                n=len(graded), same=len(graded) - len(differing)), quiet)
    if outcome.faults or differing:
        raise typer.Exit(1)


def show(outcome: ClassOutcome, quiet: bool) -> None:
    """Print the table of tasks, the two figures of the whole, and the faults."""
    lines = [[item.task, f"{item.points:g}", f"{item.difficulty:.2f}",
              f"{item.item_rest:.2f} ({item.low:.2f}, {item.high:.2f})"] for item in outcome.items]
    heads = (t("Task"), t("Worth"), t("Mean share"), t("Item-rest correlation"))
    screen().print(rows_table(outcome.unit, heads, lines, (1, 2, 3)))
    values = {"classes": outcome.classes, "seats": outcome.seats}
    for text, (middle, low, high) in (
        (t("Correlation of the score with ability: {mean} ({low} to {high} in 95 % of {classes} classes of {seats})."),
         outcome.ability),
        (t("Reliability (Cronbach's alpha): {mean} ({low} to {high})."), outcome.alpha),
    ):
        say(text.format(mean=f"{middle:.2f}", low=f"{low:.2f}", high=f"{high:.2f}", **values), quiet)
    for fault in outcome.faults:
        screen().print(t("Fault: {text}").format(text=fault), markup=False)


def new_unit_command(
    name: Annotated[str, typer.Argument(help="Tier and name, such as foundation/02-stations-and-demand.")],
    track: Annotated[str, typer.Option("--track", help="management, evaluation or policy.")],
    title: Annotated[str | None, typer.Option("--title", help="Title in English. [made from the name]")] = None,
    into: Annotated[Path | None, typer.Option("--into", help="Folder of units. [curriculum/]")] = None,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Begin a graded unit that works at once: text, checks, rubric, wrong answers, notes, and its Chinese catalogue."""
    speak(lang)
    ready()
    from vsim.course.folder import curriculum_folder
    from vsim.course.workshop import new_unit_files

    root = into or curriculum_folder()
    if root is None:
        raise UsageError("course new-unit: no folder curriculum/ was found; allowed --into FOLDER. Name one.")
    for path in new_unit_files(root, name, track, title):
        done(path, quiet)
    say(t("See that it works: vsim course check {name}").format(name=name), quiet)


def notes_command(
    unit: UnitName,
    out: Annotated[Path, typer.Option("--out", "-o", help="HTML file to write.")],
    pdf: Annotated[bool, typer.Option("--pdf", help="Print it as PDF beside the page; asks for Chromium.")] = False,
    folder: Folder = HERE,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Write the trainer's notes of a unit, its rubric with them, as a page to print."""
    speak(lang)
    ready()
    from vsim.course.html import page
    from vsim.course.notes import notes_notebook
    from vsim.course.writing import write_whole
    from vsim.report.brief_print import print_pdf
    from vsim.report.fonts import font_face

    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{out}: is no page; allowed a name that ends in .html.")
    if out.exists() and not force:
        raise VsimError(
            f"{out}: exists already; allowed a new file. Choose another name or write over it with --force."
        )
    write_whole({out: page(notes_notebook(unit_of(unit, folder), language()), font_face).encode()})
    done(out, quiet)
    if pdf:
        done(print_pdf(out, out.with_suffix(".pdf")), quiet)
