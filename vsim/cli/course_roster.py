"""vsim course roster and calendar: who learns, and when what is due."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsim.cli.common import DryRun, Json, Lang, Quiet, done, print_json, say, screen, tell
from vsim.cli.course import HERE, Folder, opened, rows_table
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.course.folder import Course
    from vsim.course.roster_change import Change

STATES = {"added": "added", "changed": "changed", "gone": "gone"}


def roster_command(
    file: Annotated[
        Path | None, typer.Argument(help="List of the cohort, xlsx or CSV. [show the roster as it is]")
    ] = None,
    folder: Folder = HERE,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Sheet of the workbook; the first one by default.")
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take off the roster who is not in the list; their work stays.")
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Show the roster, or read it anew from the cohort's list: who is added, changed or gone."""
    here = opened(folder, lang)
    if file is None:
        _show(here, as_json)
        return
    from vsim.course.roster import read_roster
    from vsim.course.roster_change import change, compare

    found = read_roster(file, sheet)
    changes = compare(here, found) if dry_run else change(here, found, remove=remove)
    if as_json:
        print_json(_plain(changes, found.remarks, dry_run=dry_run, removed=remove))
        return
    for remark in found.remarks:
        say(remark, quiet)
    _show_changes(changes, remove)
    if dry_run:
        say(t("Nothing was written."), quiet)
        return
    if any(one.state in ("added", "changed") for one in changes) and here.place("gradebook.db").is_file():
        from vsim.course.folder import open_course
        from vsim.course.release import name_learners

        name_learners(open_course(here.root))
    done(here.place("learners.csv"), quiet)
    if any(one.state == "added" for one in changes) and any(here.place("units").iterdir()):
        say(t("Those who were added have no handout yet: vsim course release UNIT gives them one."), quiet)


def _show(here: Course, as_json: bool) -> None:
    from vsim.course.roster import COLUMNS

    people = list(here.roster.values())
    if as_json:
        print_json([{name: getattr(one, name) for name in COLUMNS} for one in people])
        return
    used = [name for name in COLUMNS if name in COLUMNS[:2] or any(getattr(one, name) for one in people)]
    heads = {"learner": t("Learner"), "name": t("Name"), "language": t("Language"), "email": t("E-mail"),
             "section": t("Section"), "external_id": t("External id")}
    lines = [[getattr(one, name) for name in used] for one in people]
    screen().print(rows_table(t("Roster: {n} learners").format(n=len(people)), tuple(heads[name] for name in used),
                              lines))


def _show_changes(changes: list[Change], removed: bool) -> None:
    lines = [[one.learner, one.name, t(STATES[one.state]), _told(one, removed)]
             for one in changes if one.state != "unchanged"]
    if lines:
        heads = (t("Learner"), t("Name"), t("State"), t("Remarks"))
        screen().print(rows_table(t("Roster"), heads, lines))
    counts = {state: sum(one.state == state for one in changes) for state in ("added", "changed", "gone", "unchanged")}
    tell(t("{added} added, {changed} changed, {gone} gone, {unchanged} unchanged.").format(**counts))


def _told(one: Change, removed: bool) -> str:
    if one.state == "changed":
        return ", ".join(f"{name}: {old or '-'} > {new or '-'}" for name, (old, new) in one.fields.items())
    if one.state != "gone":
        return ""
    if removed:
        return t("is taken off; what was handed in stays") if one.work else t("is taken off")
    if one.work:
        return t("has handed in work and stays on the roster; --remove takes off, and keeps the work")
    return t("stays on the roster; --remove takes off")


def _plain(changes: list[Change], remarks: tuple[str, ...], *, dry_run: bool, removed: bool) -> dict[str, Any]:
    of = {state: [one for one in changes if one.state == state] for state in ("added", "changed", "gone", "unchanged")}
    return {
        "dry_run": dry_run,
        "added": [{"learner": one.learner, "name": one.name} for one in of["added"]],
        "changed": [{"learner": one.learner, "fields": {name: list(pair) for name, pair in one.fields.items()}}
                    for one in of["changed"]],
        "gone": [{"learner": one.learner, "work": one.work, "removed": removed and not dry_run} for one in of["gone"]],
        "unchanged": len(of["unchanged"]),
        "remarks": list(remarks),
    }


def calendar_command(
    folder: Folder = HERE, as_json: Json = False, quiet: Quiet = False, lang: Lang = None,
) -> None:
    """Show when each unit is due, and write the calendar for the class: calendar.html and calendar.ics."""
    here = opened(folder, lang)
    from vsim.course.calendar import calendar_of
    from vsim.course.calendar_dates import told
    from vsim.course.calendar_page import FILE, PAGE, entries, write_calendar
    from vsim.i18n import language
    from vsim.report.fonts import font_face

    found = entries(here)
    longer = calendar_of(here).longer
    strangers = write_calendar(here, font_face)
    if as_json:
        print_json({"units": [{"unit": one.unit, "due": one.due.isoformat(), "points": one.points,
                               "minutes": one.minutes, "known": one.known} for one in found],
                    "extensions": [{"learner": who, "unit": unit, "due": moment.isoformat()}
                                   for (who, unit), moment in longer.items()]})
        return
    lines = [[one.titles[language()], one.unit, told(one.due),
              sum(unit == one.unit for _, unit in longer)] for one in found]
    heads = (t("Course unit"), t("Id"), t("Due"), t("Extensions"))
    screen().print(rows_table(t("Calendar"), heads, lines, (3,)))
    for unit in strangers:
        say(t("calendar.csv names {unit}, which no unit is called.").format(unit=unit), quiet)
    for who in sorted({who for who, _ in longer} - set(here.roster)):
        say(t("extensions.csv names {learner}, who is not on the roster.").format(learner=who), quiet)
    for name in (PAGE, FILE):
        done(here.place(name), quiet)
