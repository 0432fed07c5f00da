"""What can be wrong with nbgrader's grade book: the file itself, and marks that are not those of the ledger."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from vsim.course.backup_files import BOOK
from vsim.course.doctor_book import agree, mend_book
from vsim.course.doctor_finding import Finding, set_aside, some
from vsim.course.folder import Course
from vsim.course.unit import Unit
from vsim.i18n import t


def book_file(course: Course) -> Generator[Finding, None, bool]:
    """Yield what is wrong with the grade book as a file; return whether it can be compared with the ledger."""
    path = course.root / BOOK
    if not path.is_file():
        return True                                              # each unit with marks says that they are missing
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=1)) as book:
            schema = [row[0] for row in book.execute("select version_num from alembic_version")]
            sound = book.execute("pragma quick_check").fetchone()[0]
            if sound != "ok":
                raise sqlite3.DatabaseError(sound)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            yield Finding("book-locked", BOOK, t("Another program keeps the grade book locked."),
                          t("Grading waits a minute for it, then fails."),
                          t("Close formgrader, or the program that holds it; it is free again when that has ended."))
            return False
        schema = []
    except sqlite3.DatabaseError as error:
        yield Finding("book-damaged", BOOK, t("The grade book is damaged ({why}).").format(why=error),
                      t("Formgrader and grading cannot open it. The ledger holds every mark that was read from it; "
                        "marks "
                        "given by hand since the last vsim course grade may be in the damaged file alone."),
                      t("--mend sets the file aside and makes the grade book again from the ledger."),
                      mend=lambda: _book_anew(course))
        return False
    if schema != [newest_schema()]:
        yield Finding("book-schema", BOOK,
                      t("The grade book was made by another version of nbgrader ({found}).").format(
                          found=", ".join(map(str, schema)) or t("no version in it")),
                      t("nbgrader refuses to work with it."),
                      t("Make a backup, then let nbgrader bring it up to date, in the course folder: nbgrader db "
                        "upgrade"))
        return False
    return True


def newest_schema() -> str:
    """Return the schema of the grade book that this nbgrader works with: the revision on which no other is built."""
    from nbgrader.alembic import versions

    folder = Path(next(iter(versions.__path__)))
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    before = set(re.findall(r"^down_revision = '(\w+)'", text, re.MULTILINE))
    return next(str(found) for found in re.findall(r"^revision = '(\w+)'", text, re.MULTILINE) if found not in before)


def _book_anew(course: Course) -> None:
    for name in (BOOK, f"{BOOK}-wal", f"{BOOK}-shm"):
        if (course.root / name).exists():
            set_aside(course.root / name)
    for folder in sorted(course.place("units").iterdir()):
        mend_book(course, Unit(folder))


def agreement(course: Course, unit: Unit) -> Iterator[Finding]:
    """Yield on which marks ledger and grade book differ."""
    found = agree(course, unit)
    wrong = [one for one in found if one.kind in ("auto", "lost")]
    where = f"{BOOK}, {unit.id}"
    if wrong:
        told = [f"{one.learner} {one.cell} {_mark(one.ledger)}/{_mark(one.book)}" for one in wrong]
        yield Finding("book-behind", where, t("The grade book does not have the marks of the ledger (ledger/grade "
                                              "book): {marks}."
                                              ).format(marks=some(told, "; ")),
                      t("Formgrader and nbgrader's export show other marks than those that count; a command was "
                        "killed, or "
                        "the file was put back."),
                      t("--mend puts the ledger's marks into the grade book; marks by hand that stand there stay."),
                      mend=lambda: mend_book(course, unit))
    stray = [one for one in found if one.kind == "stray"]
    if stray:
        yield Finding("book-stray", where, t("The grade book has marks that the ledger never gave: {marks}.").format(
                          marks=some([f"{one.learner} {one.cell} {_mark(one.book)}" for one in stray], "; ")),
                      t("They count for nothing: only what stands in the ledger counts."),
                      t("Grade the learners again: vsim course grade {unit} LEARNER --force").format(unit=unit.id))
    unread = [one for one in found if one.kind == "unread"]
    if unread:
        yield Finding("book-unread", where,
                      t("{n} marks given by hand are not in the ledger yet.").format(n=len(unread)),
                      t("They count when they are read."),
                      t("vsim course grade {unit} reads them.").format(unit=unit.id),
                      grave=False)


def _mark(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
