"""Collecting for a course: the intake with the course's own release, roster, tickets and folders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from vsim.course.folder import Course
from vsim.course.intake import Row, collect
from vsim.course.keys import valid_ticket


def collect_unit(course: Course, name: str, sources: Iterable[Path] = (), *, now: datetime | None = None) -> list[Row]:
    """Take in what was handed in for a unit, and return one row for each file and each learner without one.

    Parameters
    ----------
    course : Course
    name : str
        A unit that was released in the course.
    sources : iterable of Path
        Inboxes or files; the course's own `inbox/` when none is named.
    now : datetime, optional
        The collector's clock.

    Raises
    ------
    UsageError
        When a source is not there.
    """
    import nbformat

    unit = course.unit(name)
    release = nbformat.read(course.place("release", unit.id, f"{unit.id}.ipynb"), as_version=4)
    return collect(
        list(sources) or [course.place("inbox")],
        unit=unit.id,
        release=release,
        learners=list(course.learners),
        valid_ticket=lambda learner, shown: valid_ticket(course.secret, course.name, unit.id, learner, shown),
        submitted=course.place("submitted"),
        received=course.place("received"),
        now=now or datetime.now(UTC),
    )
