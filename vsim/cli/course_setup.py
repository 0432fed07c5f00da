"""vsim course init and release: a course folder, and what is handed out in it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from vsim.cli.common import Force, Lang, Quiet, done, progress_bar, say, speak
from vsim.cli.course import HERE, Folder, UnitName, opened, ready
from vsim.errors import UsageError, did_you_mean
from vsim.i18n import t


def init_command(
    folder: Annotated[Path, typer.Argument(help="New folder of the course; its name is the course's name.")],
    learners: Annotated[
        Path | None,
        typer.Option("--learners", help="List of the cohort, xlsx or CSV, an id in each line. [an empty list]"),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the course, part of every learner's seed.")
    ] = None,
    tier: Annotated[str, typer.Option("--tier", help="foundation, practitioner or leader.")] = "foundation",
    cohort: Annotated[str, typer.Option("--cohort", help="What the cohort is called.")] = "",
    starts: Annotated[
        str | None,
        typer.Option("--starts", help="First day, such as 2026-12-01: proposes a date for each unit, week by week."),
    ] = None,
    hub: Annotated[bool, typer.Option("--hub", help="Write an example of a configuration for JupyterHub too.")] = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Make a course folder: settings, list of learners, calendar, secret key, and what nbgrader needs."""
    speak(lang)
    ready()
    from vsim.course.calendar import calendar_of
    from vsim.course.calendar_page import write_calendar
    from vsim.course.folder import LEARNERS, hub_example, init_course
    from vsim.course.gate_rules import shipped_pace
    from vsim.course.roster import read_roster
    from vsim.course.syllabus import TIERS
    from vsim.report.fonts import font_face

    if tier not in TIERS:
        raise UsageError(f"course init: --tier is '{tier}'; allowed {', '.join(TIERS)}.{did_you_mean(tier, TIERS)}")
    first = _day(starts)
    remarks = read_roster(learners).remarks if learners is not None else ()
    made = init_course(folder, name=name, learners=learners, tier=tier, cohort=cohort, starts=first,
                       pace=shipped_pace())
    for remark in remarks:
        say(remark, quiet)
    if first is not None:
        write_calendar(made, font_face)
        if not calendar_of(made).dues:
            say(t("No unit of this tier comes with vsim yet; write your own into {path}.").format(
                path=made.place("calendar.csv")), quiet)
        elif first < datetime.now().astimezone().date():
            say(t("The course began in the past; look at the dates in {path}.").format(
                path=made.place("calendar.csv")), quiet)
    done(made.root, quiet)
    if hub:
        done(hub_example(made), quiet)
    if not made.learners:
        say(
            t("Write the learners into {path}, then: vsim course release foundation/01-registers-and-rates").format(
                path=made.root / LEARNERS
            ),
            quiet,
        )


def _day(text: str | None) -> date | None:
    """Return the first day of a course, read as the calendar reads dates."""
    if text is None:
        return None
    from vsim.course.calendar_dates import clock_of, when

    return when(text, clock_of("+00:00"), "course init: --starts").date()


def release_command(
    unit: UnitName,
    folder: Folder = HERE,
    due: Annotated[
        str | None,
        typer.Option("--due", help="Written into the calendar, such as '2026-12-01 18:00'. [the calendar's date]"),
    ] = None,
    exchange: Annotated[
        bool, typer.Option("--exchange", help="Put it into nbgrader's exchange as well, the folder exchange/.")
    ] = False,
    despite: Annotated[
        str | None,
        typer.Option("--despite-gate", help="Why those to whom the tier is closed get a handout too; it is kept."),
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Release a unit: nbgrader's release, and a zip file with a city of their own for each to whom its tier is open."""
    here = opened(folder, lang)
    from vsim.course.calendar_page import write_calendar
    from vsim.course.release import release
    from vsim.report.fonts import font_face

    say(t("Compiling the kernels if they are not in the cache (some 20 to 40 seconds the first time)."), quiet)
    with progress_bar(t("Handouts"), quiet) as move:
        made = release(here, unit, due=due, force=force, exchange=exchange, despite=despite, progress=move)
    for line in (*made.untranslated, *made.remarks):
        say(line, quiet)
    for learner, why in made.closed.items():
        say(t("No handout for {learner}: {why}").format(learner=learner, why=why), quiet)
    if made.closed and exchange:
        say(t("The exchange shows the release to everybody, these learners too."), quiet)
    if made.due is not None:
        for stranger in write_calendar(here, font_face):
            say(t("calendar.csv names {unit}, which no unit is called.").format(unit=stranger), quiet)
    done(here.place("handouts", made.unit), quiet)
