"""A backup holds all that cannot be made again and nothing else, the same bytes each time, also while others write."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.course.kept import ID, kept_course, marked
from vsim.course import backup as module
from vsim.course import ledger
from vsim.course.backup import LIST, backup, default_path
from vsim.course.backup_files import MARK, foreign, is_backup
from vsim.course.folder import Course, open_course
from vsim.errors import UsageError, VsimError

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept_course(tmp_path_factory.mktemp("kept")).root


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    return open_course(Path(shutil.copytree(template, tmp_path / "course")))


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


def test_all_that_cannot_be_made_again_is_in_it(course: Course) -> None:
    made = backup(course, now=NOON)
    assert made.path == default_path(course, NOON) == course.place("backups", "course-20261128-120000.zip")
    assert names(made.path) == {
        LIST, "course.yaml", "learners.csv", "calendar.csv", "extensions.csv", "nbgrader_config.py", "secret.key",
        "issuer.key", "ledger.jsonl", "gradebook.db", f"units/{ID}/assignment.md", f"units/{ID}/checks.py",
        f"source/{ID}/{ID}.ipynb", f"release/{ID}/{ID}.ipynb", f"release/{ID}/unit.json",
        f"received/{ID}/ada/0-我的作业.ipynb", f"received/{ID}/ada/arrivals.jsonl", f"submitted/ada/{ID}/{ID}.ipynb",
        "inbox/bo/late.ipynb", "rubrics/x.comments.json", "certificates/0-1/badge.jwt", "notes of mine.txt",
    }
    assert (made.files, made.left, made.book) == (len(names(made.path)) - 1, (), "whole")
    assert is_backup(made.path)


@pytest.mark.needs("linux")
def test_only_its_owner_may_read_it(course: Course) -> None:
    assert backup(course).path.stat().st_mode & 0o777 == 0o600


def test_the_same_content_gives_the_same_bytes_but_for_the_time_it_states(course: Course, tmp_path: Path) -> None:
    one, two, later = tmp_path / "1.zip", tmp_path / "2.zip", tmp_path / "3.zip"
    backup(course, one, now=NOON)
    for path in course.root.rglob("*"):
        os.utime(path, (1, 1))
    backup(course, two, now=NOON)
    backup(course, later)
    assert one.read_bytes() == two.read_bytes() != later.read_bytes()
    parts = []
    for path in (one, later):
        with zipfile.ZipFile(path) as archive:
            parts.append({name: archive.read(name) for name in archive.namelist() if name != LIST})
            assert json.loads(archive.read(LIST))["files"].keys() == parts[-1].keys()
    assert parts[0] == parts[1]


def test_an_earlier_backup_in_the_folder_is_not_saved_again(course: Course) -> None:
    backup(course, course.place("mine.zip"))
    with zipfile.ZipFile(course.place("work.zip"), "w") as archive:
        archive.writestr("x", "a zip file of the trainer's own")
    found = names(backup(course).path)
    assert "work.zip" in found
    assert "mine.zip" not in found


def test_a_file_that_is_there_is_not_written_over_unless_asked(course: Course, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"mine")
    with pytest.raises(UsageError, match="--force"):
        backup(course, tmp_path / "x.zip")
    assert (tmp_path / "x.zip").read_bytes() == b"mine"
    backup(course, tmp_path / "x.zip", force=True)
    assert is_backup(tmp_path / "x.zip")


def test_when_it_fails_in_the_middle_nothing_is_left(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
        if name.startswith("units/"):
            raise OSError(28, "No space left on device")
        return whole(archive, name, path)

    whole = module._add
    monkeypatch.setattr(module, "_add", full)
    with pytest.raises(VsimError, match="No space left"):
        backup(course, tmp_path / "out" / "x.zip")
    assert list((tmp_path / "out").iterdir()) == []
    assert not list(course.root.rglob("*.partial-[2-9]*"))


@pytest.mark.needs("linux")
def test_what_cannot_be_taken_is_named(course: Course, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("secret of the machine", encoding="utf-8")
    course.place("inbox", "link.ipynb").symlink_to(tmp_path / "elsewhere")
    course.place("inbox", "folder").symlink_to(tmp_path)
    os.mkfifo(course.place("inbox", "pipe"))
    course.place("inbox", "a\\b.ipynb").write_text("{}", encoding="utf-8")
    course.place("inbox", "a:b.ipynb").write_text("{}", encoding="utf-8")
    made = backup(course)
    assert {(one.path, one.why) for one in made.left} == {
        ("inbox/link.ipynb", "link"), ("inbox/folder", "link"), ("inbox/pipe", "special"),
        ("inbox/a\\b.ipynb", "name")}
    assert made.foreign == ("inbox/a:b.ipynb",)
    assert not any("link" in name or "folder" in name for name in names(made.path))


def test_a_grade_book_that_others_write_to_is_copied_at_one_moment(course: Course, tmp_path: Path) -> None:
    """Each transaction puts a line into the ledger, then two into the book: never is one half of a pair in it."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        with closing(sqlite3.connect(course.place("gradebook.db"), timeout=60)) as book:
            while not stop.is_set():
                number += 1
                ledger.append(course.root, {"kind": "n", "n": number})
                with book:
                    book.execute("insert into student values (?, 'a')", (f"a{number}",))
                    book.execute("insert into student values (?, 'b')", (f"b{number}",))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(course, tmp_path / f"{turn}.zip").path for turn in range(4)]
    finally:
        stop.set()
        writer.join()
    for path in made:
        with zipfile.ZipFile(path) as archive:
            (tmp_path / "copy.db").write_bytes(archive.read("gradebook.db"))
            told = [json.loads(line) for line in archive.read("ledger.jsonl").decode().splitlines()]
        with closing(sqlite3.connect(tmp_path / "copy.db")) as book:
            assert book.execute("pragma integrity_check").fetchone() == ("ok",)
            pairs = dict(book.execute("select first_name, count(*) from student group by 1").fetchall())
        assert pairs.get("a") == pairs.get("b")
        assert pairs.get("a", 0) <= max((row["n"] for row in told if row["kind"] == "n"), default=0)


def test_a_damaged_grade_book_is_kept_as_it_stands(course: Course) -> None:
    course.place("gradebook.db").write_bytes(b"SQLite format 3\0" + b"rubbish" * 200)
    made = backup(course)
    assert made.book == "raw"
    with zipfile.ZipFile(made.path) as archive:
        assert archive.read("gradebook.db") == course.place("gradebook.db").read_bytes()


def test_no_line_of_the_ledger_is_added_while_it_is_copied(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def copied(book: Path, copy: Path) -> str:
        adding = threading.Thread(target=ledger.append, args=(course.root, marked("bo", "9")))
        adding.start()
        adding.join(0.3)
        seen.append(adding.is_alive())
        return "none"

    monkeypatch.setattr(module, "copy_book", copied)
    with zipfile.ZipFile(backup(course).path) as archive:
        assert len(archive.read("ledger.jsonl").splitlines()) == 3
    assert seen == [True]


def test_the_mark_at_its_end_says_what_it_is(tmp_path: Path) -> None:
    for content in (b"", b"x", MARK[:-1], MARK + b"x"):
        (tmp_path / "x").write_bytes(content)
        assert not is_backup(tmp_path / "x")
    assert not is_backup(tmp_path)


@pytest.mark.parametrize(("path", "wrong"), [
    ("received/u/ada/x.ipynb", False), ("inbox/CON", True), ("inbox/nul.ipynb", True), ("inbox/com1.txt", True),
    ("inbox/console.txt", False), ("a/b?.ipynb", True), ("a /b", True), ("inbox/作业.ipynb", False),
])
def test_names_that_windows_cannot_hold_are_known(path: str, wrong: bool) -> None:
    assert foreign(path) is wrong
