"""A course folder with a little of everything, made in no time: for tests of backup, restore and doctor."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.course.small_course import ID, small_course, unit_folder
from vsim.course import ledger
from vsim.course.folder import Course, init_course, open_course
from vsim.course.grader import quiet
from vsim.course.release import release

_RELEASED: list[Path] = []
BOOK = """
create table course (id varchar primary key);
create table student (id varchar primary key, first_name varchar);
create table assignment (id varchar primary key, name varchar);
create table notebook (id varchar primary key, name varchar, assignment_id varchar);
create table base_cell (id varchar primary key, name varchar, notebook_id varchar, type varchar);
create table submitted_assignment (id varchar primary key, assignment_id varchar, student_id varchar);
create table submitted_notebook (id varchar primary key, assignment_id varchar, notebook_id varchar);
create table grade (id integer primary key, notebook_id varchar, cell_id varchar, auto_score float, manual_score float,
                    needs_manual_grade boolean);
create table alembic_version (version_num varchar);
insert into course values ('course');
"""


def kept_course(root: Path) -> Course:
    """Make a course whose unit is frozen and of which each part that a backup knows is there."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "list.csv").write_text("learner,name\nada,Ada\nbo,李波\n", encoding="utf-8")
    course = init_course(root / "course", learners=root / "list.csv")
    unit_folder(root / "bank")
    (root / "bank" / "foundation" / "01-small").rename(course.place("units", ID))
    for name, text in {
        f"source/{ID}/{ID}.ipynb": "{}", f"release/{ID}/{ID}.ipynb": "{}", f"release/{ID}/unit.json": "{}",
        f"received/{ID}/ada/0-我的作业.ipynb": "{}", f"received/{ID}/ada/arrivals.jsonl": "{}\n",
        f"submitted/ada/{ID}/{ID}.ipynb": "{}", "inbox/bo/late.ipynb": "{}", "rubrics/x.comments.json": "[]\n",
        "certificates/0-1/badge.jwt": "x", "issuer.key": "00" * 32 + "\n", "notes of mine.txt": "keep",
        f"handouts/{ID}/ada.zip": "made again", f"autograded/ada/{ID}/{ID}.ipynb": "made again",
        f"feedback/ada/{ID}/{ID}.html": "made again", ".course.yaml.partial-1": "half", ".ledger.lock": "",
    }.items():
        course.place(name).parent.mkdir(parents=True, exist_ok=True)
        course.place(name).write_text(text, encoding="utf-8")
    course.place("issuer.key").chmod(0o600)
    with closing(sqlite3.connect(course.place("gradebook.db"))) as book:
        book.executescript(BOOK)
        book.execute("pragma journal_mode=WAL")
    for learner, sha in (("ada", "1"), ("ada", "2"), ("bo", "1")):
        ledger.append(course.root, marked(learner, sha, attempt=int(sha)))
    return open_course(course.root)


def marked(learner: str, sha: str, *, attempt: int = 1, earned: float = 2.0, unit: str = ID) -> dict[str, object]:
    """Return a line of the ledger as marking writes it, with two tasks."""
    full = {"label": "Right", "credit": earned / 2, "weight": 1.0, "reason": "", "values": {}, "slip": None}
    return {
        "kind": "marked", "course": "course", "unit": unit, "learner": learner, "attempt": attempt, "sha256": sha * 64,
        "arrived": None, "seed": 1, "flags": [], "run": {}, "blank": [], "answers": {"q1": {"registered": 1}},
        "scores": {"q1": {"earned": earned, "points": 2.0, "criteria": [full]},
                   "q2": {"earned": 0.0, "points": 1.0, "criteria": [{**full, "credit": 0.0}]}},
    }


def released(factory: pytest.TempPathFactory) -> Path:
    """Release the small unit once for all modules of a run and return the course folder; tests work on copies."""
    if not _RELEASED:
        _RELEASED.append(_release(factory.mktemp("released")))
    return _RELEASED[0]


def _release(root: Path) -> Path:
    course = small_course(root)
    with quiet():
        release(course, "foundation/01-small")
    with closing(sqlite3.connect(course.place("gradebook.db"))) as book:
        book.execute("pragma wal_checkpoint(truncate)")
    return course.root


def copied(root: Path, into: Path) -> Course:
    """Return a copy of a released course that still finds the bank of its unit."""
    shutil.copytree(root.parent, into, dirs_exist_ok=True)
    return open_course(into / root.name)


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below a folder by path; locks, and what SQLite keeps while a book is open, are left out."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*"))
            if path.is_file() and not path.is_symlink() and not path.name.endswith((".lock", "-wal", "-shm"))}


def lines(root: Path) -> list[str]:
    """Return the lines of a ledger as they stand."""
    return (root / ledger.FILE).read_text(encoding="utf-8").splitlines()


def first_row(root: Path) -> dict[str, object]:
    """Return the first line of a ledger."""
    found: dict[str, object] = json.loads(lines(root)[0])
    return found
