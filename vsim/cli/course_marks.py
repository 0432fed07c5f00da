"""vsim course rescore and export: marks after a check was mended, who changed and why, and marks for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsim.cli.common import Force, Json, Lang, Quiet, done, print_json, progress_bar, say, screen
from vsim.cli.course import HERE, Folder, UnitName, opened, rows_table
from vsim.errors import UsageError, VsimError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.course.folder import Course
    from vsim.course.rescore import Rescored
    from vsim.course.rescore_changes import Change
    from vsim.course.words import Words


def rescore_command(
    unit: UnitName,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="The mended checks.py, or a unit's folder with it; by default the unit's own."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Score also what the change cannot reach.")] = False,
    feedback: Annotated[bool, typer.Option(help="Write the feedback of the changed anew.")] = True,
    folder: Folder = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Score stored answers again after a check was mended; no learner's code runs; exit 1 when a page failed."""
    here = opened(folder, lang)
    from vsim.course.rescore import rescore

    with progress_bar(t("Attempts"), quiet or as_json) as move:
        found = rescore(here, unit, source=source, dry_run=dry_run, every=every, feedback=feedback, progress=move)
    words = _words(here, found)
    if as_json:
        print_json(_plain(found, words, dry_run=dry_run))
    else:
        _show(found, words, dry_run=dry_run, quiet=quiet)
    if found.failed:
        raise typer.Exit(1)


def _words(course: Course, found: Rescored) -> Words:
    """Return the words of the unit in the language in force."""
    from vsim.course.editions import translations_of
    from vsim.course.source import read_source
    from vsim.course.unit import ASSIGNMENT
    from vsim.course.words import Words
    from vsim.i18n import language

    own = found.checks.parent / ASSIGNMENT
    text = own if own.is_file() else course.unit(found.unit).folder / ASSIGNMENT
    lang = "zh_CN" if language() == "zh_CN" else "en"
    return Words(lang, translations_of(read_source(text), lang).words)


def _reason(change: Change, words: Words) -> str:
    from vsim.course.words import Said

    if not change.reason:
        return ""
    told = words(Said(change.reason, change.values))
    return told if (change.credit_after or 0) < 1 else t("no longer: {reason}").format(reason=told)


def _plain(found: Rescored, words: Words, *, dry_run: bool) -> dict[str, Any]:
    return {
        "unit": found.unit, "dry_run": dry_run, "checks": str(found.checks), "new_checks": found.brought,
        "attempts": found.attempts, "scored": found.scored, "cities_drawn": found.drawn,
        "changes": [
            {
                "learner": one.learner, "attempt": one.attempt, "task": one.task, "before": one.before,
                "after": one.after, "criterion": words(one.criterion), "credit_before": one.credit_before,
                "credit_after": one.credit_after, "reason": _reason(one, words),
            }
            for one in found.changes
        ],
        "feedback": list(found.feedback), "failed": dict(found.failed or {}), "remarks": list(found.remarks),
    }


def _show(found: Rescored, words: Words, *, dry_run: bool, quiet: bool) -> None:
    from vsim.course.sheet import points_text

    for remark in found.remarks:
        say(remark, quiet)
    lines = [
        [one.learner, one.attempt, one.task, f"{points_text(one.before)} → {points_text(one.after)}",
         f"{words(one.criterion)}: {_share(one.credit_before)} → {_share(one.credit_after)}" if one.criterion else "",
         _reason(one, words)]
        for one in found.changes
    ]
    if lines:
        heads = (t("Learner"), t("Attempt"), t("Task"), t("Points of the task"), t("Criterion"), t("Reason"))
        screen().print(rows_table(t("Changes"), heads, lines, (1, 3)))
    scored = ", ".join(f"{task} {n}" for task, n in found.scored.items() if n)
    say(t("{n} attempts are stored. Scored again: {scored}.").format(
        n=found.attempts, scored=scored or t("none")), quiet)
    if found.drawn:
        say(t("{n} cities were drawn for it; their truths are kept, so the next time takes less.").format(
            n=found.drawn), quiet)
    changed = len({(one.learner, one.attempt) for one in found.changes})
    if dry_run:
        say(t("{n} attempts would change. Nothing was written.").format(n=changed), quiet)
        return
    say(t("{n} attempts changed; {pages} pages of feedback were written anew.").format(
        n=changed, pages=len(found.feedback)), quiet)
    for learner, reason in (found.failed or {}).items():
        say(t("{learner}: the page could not be written ({reason}). Run the command again.").format(
            learner=learner, reason=reason))


def _share(credit: float | None) -> str:
    return "-" if credit is None else f"{credit:.0%}"


def export_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write: .csv, or .xlsx for a workbook.")],
    unit: Annotated[
        str | None, typer.Argument(help="A unit; without it the whole course, a column for each unit.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--form", help="totals (a line a learner), criteria (a line a criterion), canvas, moodle or xlsx; "
                     "without it totals, or xlsx where the file ends so."),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="Of a CSV file: utf-8, or gb18030 or gbk for old spreadsheet programs.")
    ] = "utf-8",
    folder: Folder = HERE,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Write marks for other programs, of a unit or of the whole course; hand marks from formgrader are included."""
    here = opened(folder, lang)
    from vsim.course.export import FORMS, export
    from vsim.course.writing import write_whole

    book = out.suffix.lower() == ".xlsx"
    wanted = form or ("xlsx" if book else "totals")
    if wanted not in FORMS:
        raise UsageError(f"course export: --form is '{wanted[:40]}'; allowed {', '.join(FORMS)}.")
    if (wanted == "xlsx") != book:
        raise UsageError(f"course export: --form is {wanted}, but the file is {out.name}; allowed "
                         f"{'a name that ends in .xlsx' if wanted == 'xlsx' else 'a name that ends in .csv'}.")
    if out.exists() and not force:
        raise VsimError(
            f"{out}: exists already; allowed a new file. Choose another name or write over it with --force."
        )
    write_whole({out: export(here, unit, wanted, encoding)})
    done(out, quiet)
