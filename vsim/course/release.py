"""Releasing a unit: a frozen copy of it in the course, nbgrader's source and release, and a handout for each learner.

nbgrader itself takes the solutions out of the notebook; before anything is handed out, the result is searched for what
must not be in it. The due date of the calendar stands in the first cell and on the card of all of them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vsim.course.calendar import calendar_of, set_due
from vsim.course.calendar_dates import clock_of, is_past, told, when
from vsim.course.cards import DATA, LEARNER, UNIT
from vsim.course.editions import generate_notebook, json_bytes, notebook_bytes, translations_of
from vsim.course.folder import Course, new_unit
from vsim.course.gate import opened_gate
from vsim.course.handout import check_tables, table_bytes, zip_bytes
from vsim.course.handout_front import dated, dated_card, dated_zip, front_text, with_front
from vsim.course.keys import ticket
from vsim.course.leaks import BEGIN, END, leaks_of
from vsim.course.rescore_truths import Truths
from vsim.course.rubric import rubric_files
from vsim.course.unit import Sitting, Unit, sit
from vsim.course.writing import write_whole
from vsim.errors import DataError, UsageError
from vsim.i18n import t


@dataclass(frozen=True, slots=True)
class Released:
    """What a release wrote.

    Attributes
    ----------
    unit : str
    handouts : tuple of str
        The learners who got a new handout.
    untranslated : tuple of str
        Blocks that have no translation yet.
    redated : tuple of str
        The learners whose handout was out and now bears another date.
    due : datetime or None
        When it is due for the class.
    remarks : tuple of str
        What the trainer should know.
    closed : mapping of str to str
        The learners who got none because the unit's tier is closed to them, each with what is missing.
    """

    unit: str
    handouts: tuple[str, ...]
    untranslated: tuple[str, ...]
    redated: tuple[str, ...] = ()
    due: datetime | None = None
    remarks: tuple[str, ...] = ()
    closed: Mapping[str, str] = field(default_factory=dict)


def learner_card(course: Course, unit: str, sitting: Sitting) -> dict[str, Any]:
    """Return the card of one learner, `learner.json`."""
    return {
        "format": 1,
        "kind": "learner",
        "course": course.name,
        "unit": unit,
        "learner": sitting.learner,
        "seed": sitting.seed,
        "ticket": ticket(course.secret, course.name, unit, sitting.learner),
    }


def release(
    course: Course,
    name: str,
    *,
    due: str | None = None,
    force: bool = False,
    exchange: bool = False,
    despite: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Released:
    """Release a unit in a course; learners who have no handout of it yet get one, if its tier is open to them.

    The date is that of the calendar. Where it has changed since, handouts that are there already are dated anew, and
    nothing else of them changes.

    Parameters
    ----------
    course : Course
    name : str
        Name or path of the unit.
    due : str, optional
        Written into the calendar, such as "2026-12-01 18:00"; without it the calendar's own date stands.
    force : bool
        Release anew a unit that is out already, from its present text.
    exchange : bool
        Put the release into nbgrader's exchange as well, for learners who submit with nbgrader.
    despite : str, optional
        Why those to whom the tier is closed get a handout all the same; a waiver of each goes into the ledger.
    progress : callable, optional
        Called with (handouts done, handouts in all).

    Raises
    ------
    UsageError
        When it is out already with nothing to change and `force` is not given, when there are no learners, or when the
        date, or a line of the calendar, is wrong.
    DataError
        When the unit is wrong, or an answer would have been handed out.
    """
    unit = new_unit(course, name)
    if not course.learners:
        raise UsageError(
            f"{course.root}/learners.csv: names no learner; allowed one line for each. Add them, then release."
        )
    closed = opened_gate(course, unit, despite)
    before = calendar_of(course).dues.get(unit.id)
    moment = before if due is None else when(due, clock_of(course.settings.utc_offset), "--due")
    untranslated: tuple[str, ...] = ()
    out = course.place("release", unit.id, f"{unit.id}.ipynb").is_file()
    if not out or force:
        untranslated = _publish(course, unit, moment)
    if moment is not None and moment != before:
        set_due(course, unit.id, moment)
    name_learners(course, unit.id, moment)
    frozen = course.unit(unit.id)
    moved = out and not force and _release_dated(course, frozen, moment)
    done, redated = [], []
    for place, learner in enumerate(course.learners, start=1):
        target = course.place("handouts", unit.id, f"{learner}.zip")
        if learner in closed:
            pass                                                       # trained first, then on duty
        elif not target.is_file() or force:
            write_whole({target: handout(course, frozen, learner)})
            done.append(learner)
        elif (again := _dated_handout(course, frozen, learner, target.read_bytes())) is not None:
            write_whole({target: again})
            redated.append(learner)
        if progress is not None:
            progress(place, len(course.learners))
    if exchange:
        _to_exchange(course, unit.id)
    if out and not (force or done or redated or moved or exchange or closed):
        raise UsageError(
            f"{unit.id}: is released already, and every learner has a handout. Release it anew with --force."
        )
    return Released(unit.id, tuple(done), untranslated, tuple(redated), moment, tuple(_remarks(moment, redated)),
                    closed)


def _remarks(moment: datetime | None, redated: list[str]) -> Iterator[str]:
    """Yield what the trainer should know of the date."""
    if moment is None:
        yield t("No due date is set. Set one: vsim course release UNIT --due \"2026-12-01 18:00\"")
    elif is_past(moment):
        yield t("The due date {moment} is over already; whatever comes in now is late.").format(moment=told(moment))
    if redated:
        yield t("{n} handouts that were there bear the new date. Who has one already was told another: tell them."
                ).format(n=len(redated))


def name_learners(course: Course, unit: str | None = None, due: datetime | None = None) -> None:
    """Write the learners' names into the grade book, where formgrader shows them, and the date of a unit."""
    from vsim.course.grader import grade_book

    with grade_book(course) as book:
        for learner, called in course.learners.items():
            book.update_or_create_student(learner, first_name=called)
        if unit is not None and due is not None:                            # nbgrader keeps it in UTC without a zone
            book.update_or_create_assignment(unit, duedate=due.astimezone(UTC).replace(tzinfo=None))


def _publish(course: Course, unit: Unit, due: datetime | None) -> tuple[str, ...]:
    """Write the frozen copy, nbgrader's source and nbgrader's release; nothing stays when a step fails."""
    lang = course.settings.language
    said = translations_of(unit.source, lang)
    notebook = with_front(generate_notebook(unit.source, lang, said), front_text(unit, course.settings, due))
    card = dated_card(unit.card(lang, said, course=course.name), due)
    frozen = course.place("units", unit.id)
    with tempfile.TemporaryDirectory(dir=course.root, prefix=".releasing-") as made:
        copy = Path(made) / unit.id
        shutil.copytree(unit.folder, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        shutil.rmtree(frozen, ignore_errors=True)
        frozen.parent.mkdir(exist_ok=True)
        copy.rename(frozen)
    write_whole(
        {
            course.place("source", unit.id, f"{unit.id}.ipynb"): notebook_bytes(notebook),
            course.place("source", unit.id, UNIT): json_bytes(card),
        }
    )
    rubrics = rubric_files(unit, dict(said.known), lang)
    kept = course.place("rubrics", f"{unit.id}.comments.json")              # what the trainer keeps in formgrader
    write_whole({course.place("rubrics", name): content for name, content in rubrics.items()}
                | ({kept: b"[]\n"} if rubrics and not kept.exists() else {}))
    from vsim.course.grader import api_of, last_error

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                      # what old libraries remark on as nbgrader is loaded
        api = api_of(course)
    answer = api.generate_assignment(unit.id, force=True, create=True)
    if not answer["success"]:
        raise DataError(f"{unit.id}: nbgrader could not make the release. Its log ends: {last_error(answer)}")
    leaks = leaks_of(unit, course.place("release", unit.id))
    if leaks:
        shutil.rmtree(course.place("release", unit.id))
        raise DataError(
            f"{unit.id}: the release would show an answer ({leaks[0]}). Put it between '{BEGIN}' and '{END}'."
        )
    return tuple(str(fault) for fault in said.faults)


def handout(course: Course, unit: Unit, learner: str) -> bytes:
    """Return the zip file for one learner: notebook with ticket, cards, and the tables of the learner's own city."""
    import nbformat

    sitting = Truths(course, unit).keep_of(sit(unit, course.name, learner))
    check_tables(sitting.tables)
    card = learner_card(course, unit.id, sitting)
    due = calendar_of(course).due(unit.id, learner)
    notebook = nbformat.read(course.place("release", unit.id, f"{unit.id}.ipynb"), as_version=4)
    notebook.metadata["vsim"] = {
        **notebook.metadata.get("vsim", {}),
        "unit": unit.id,
        "course": course.name,
        "learner": learner,
        "ticket": card["ticket"],
    }
    public = json.loads(course.place("release", unit.id, UNIT).read_text(encoding="utf-8"))
    files = {
        f"{unit.id}.ipynb": notebook_bytes(with_front(notebook, front_text(unit, course.settings, due))),
        UNIT: json_bytes(dated_card(public, due)),
        LEARNER: json_bytes(card),
        **{f"{DATA}/{name}.csv": table_bytes(frame) for name, frame in sitting.tables.items()},
    }
    return zip_bytes({f"{unit.id}/{name}": content for name, content in files.items()})


def _dated_handout(course: Course, unit: Unit, learner: str, raw: bytes) -> bytes | None:
    """Return a handout that is there with the date of today's calendar, or None where it bears it already."""
    due = calendar_of(course).due(unit.id, learner)
    try:
        return dated_zip(raw, unit.id, front_text(unit, course.settings, due), due)
    except (ValueError, LookupError, TypeError, OSError, zlib.error, zipfile.BadZipFile):
        return handout(course, unit, learner)                               # half written, or somebody's own


def _release_dated(course: Course, unit: Unit, due: datetime | None) -> bool:
    """Put a new date into nbgrader's source and release, and return whether they had another."""
    files = {}
    for place in ("source", "release"):
        folder = course.place(place, unit.id)
        for name in (f"{unit.id}.ipynb", UNIT):
            raw = (folder / name).read_bytes()
            now = dated(name, raw, front_text(unit, course.settings, due), due)
            if now != raw:
                files[folder / name] = now
    write_whole(files)
    return bool(files)


def _to_exchange(course: Course, unit: str) -> None:
    """Put a release into nbgrader's exchange, in place of one that is there."""
    from vsim.course.grader import api_of, last_error

    api = api_of(course)
    api.config.ExchangeReleaseAssignment.force = True
    answer = api.release_assignment(unit)
    if answer is None:
        raise UsageError("release: --exchange asks for nbgrader's exchange, which Windows does not have. Leave it out.")
    if not answer["success"]:
        raise DataError(f"{unit}: nbgrader could not put it into the exchange. Its log ends: {last_error(answer)}")
