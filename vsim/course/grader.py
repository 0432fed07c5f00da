"""nbgrader in this process: its API for one course, set up from the course's own nbgrader_config.py, and quiet."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.course.folder import CONFIG, Course
from vsim.course.jail import tier
from vsim.errors import DataError

if TYPE_CHECKING:
    from traitlets.config import Config

PATIENCE_MS = 60_000  # how long a writer waits for the grade book when another holds it


def config_of(course: Course) -> Config:
    """Return nbgrader's configuration of a course, the trainer's own lines included.

    Raises
    ------
    DataError
        When nbgrader_config.py cannot be run.
    """
    from traitlets.config.loader import PyFileConfigLoader

    try:
        config: Config = PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    except Exception as error:
        raise DataError(
            f"{course.root / CONFIG}: cannot be run ({type(error).__name__}: {error}). Correct the line, or take the "
            "file of a new course."
        ) from error
    return config


def api_of(course: Course, *, weak: bool = False) -> Any:
    """Return nbgrader's API for a course; what it logs is returned with each call and not printed.

    Parameters
    ----------
    course : Course
    weak : bool
        Run code of learners without a jail where there is none.
    """
    _gentle_grade_book()
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    config = config_of(course)
    if weak and tier() == "none":
        config.GradingExecute.jail = "weak"
    log = logging.getLogger("vsim.nbgrader")
    log.propagate = False
    log.handlers = [logging.NullHandler()]
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    api.log.propagate = False
    return api


def last_error(answer: dict[str, Any]) -> str:
    """Return the line of nbgrader's log that says what went wrong."""
    found = re.findall(r"^\s*([\w.]*(?:Error|Exception): .*)$", str(answer.get("log")), re.MULTILINE)
    return str(found[-1])[:300] if found else "nbgrader's log names no reason"


def _gentle_grade_book() -> None:
    """Let every connection to a grade book wait for others, and write ahead: no reader stops a writer.

    nbgrader starts the program `alembic` by its bare name, so the folder of this Python's programs joins the path.
    """
    programs = str(Path(sys.executable).parent)
    if shutil.which("alembic") is None:
        os.environ["PATH"] = programs + os.pathsep + os.environ.get("PATH", "")
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "connect", _on_connect):
        event.listen(Engine, "connect", _on_connect)


def _on_connect(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={PATIENCE_MS}", "journal_mode=WAL", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@contextmanager
def grade_book(course: Course) -> Iterator[Any]:
    """Yield the open grade book of a course."""
    _gentle_grade_book()
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", course.name) as book:
        yield book


@contextmanager
def quiet() -> Iterator[None]:
    """Silence the warnings that nbgrader and its libraries give on every run and that say nothing of a learner."""
    with warnings.catch_warnings():
        for module in ("nbgrader", "sqlalchemy", "nbformat", "jupyter_client", "alembic", "nbconvert", "bleach"):
            warnings.filterwarnings("ignore", module=rf"{module}(\..*)?")
        warnings.filterwarnings("ignore", message=".*autoflush.*")
        yield
