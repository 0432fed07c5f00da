"""The doctor of a course folder: each fault is found and told, what is safe is mended, and nothing is ever lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.course.kept import ID, copied, kept_course, lines, marked, released, tree
from vsim.course import ledger
from vsim.course.doctor import course_root, examine, mended
from vsim.course.doctor_finding import Finding
from vsim.course.doctor_ledger import lines as ledger_faults
from vsim.course.doctor_marks import newest_schema
from vsim.course.folder import Course
from vsim.i18n import set_language

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                         "ignore::sqlalchemy.exc.SAWarning")]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept_course(tmp_path_factory.mktemp("kept")).root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "kept"))


@pytest.fixture
def course(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Course:
    return copied(released(tmp_path_factory), tmp_path)


def codes(root: Path) -> dict[str, Finding]:
    return {one.code: one for one in examine(root)}


def test_a_sound_course_has_nothing(course: Course) -> None:
    assert list(examine(course.root)) == []


def test_looking_changes_no_byte(course: Course, root: Path) -> None:
    for place in (course.root, root):
        before = tree(place)
        list(examine(place))
        assert tree(place) == before


def torn(root: Path) -> None:
    with (root / "ledger.jsonl").open("ab") as file:
        file.write(b'{"kind":"marked","unit":"u')


def unlocked(root: Path) -> None:
    (root / "secret.key").chmod(0o644)


def left_over(root: Path) -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    path = root / "received" / f".arrivals.jsonl.partial-{done.pid}"
    path.write_bytes(b"half")
    os.utime(path, (1, 1))


def no_config(root: Path) -> None:
    (root / "nbgrader_config.py").unlink()


@pytest.mark.needs("linux")
@pytest.mark.parametrize(("break_it", "code"), [
    (torn, "torn"), (unlocked, "open-key"), (left_over, "leftovers"), (no_config, "no-config"),
])
def test_what_is_safe_to_mend_is_mended_and_work_stays(
    root: Path, break_it: Callable[[Path], None], code: str
) -> None:
    for path in root.rglob(".*.partial-1"):
        path.unlink()
    before = tree(root)
    break_it(root)
    found = [one for one in examine(root) if one.code == code]
    assert [one.mended for one in mended(found)] == [True]
    assert code not in codes(root)
    after = tree(root)
    assert before.items() <= after.items()
    assert set(after) - set(before) <= {"ledger.jsonl.torn-1"}


def test_the_half_line_is_set_aside_and_the_ledger_goes_on(root: Path) -> None:
    torn(root)
    mended(list(ledger_faults(root)))
    assert (root / "ledger.jsonl.torn-1").read_bytes() == b'{"kind":"marked","unit":"u'
    ledger.append(root, marked("ada", "3", attempt=3))
    assert [row["attempt"] for row in ledger.rows(root, ID, "ada")] == [1, 2, 3]
    assert list(ledger_faults(root)) == []


def test_a_whole_line_without_its_end_is_a_line(root: Path) -> None:
    path = root / "ledger.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert list(ledger_faults(root)) == []
    assert len(list(ledger.rows(root))) == 3


def test_a_file_that_a_command_is_writing_is_left_alone(root: Path) -> None:
    path = root / f".ledger.jsonl.partial-{os.getpid()}"
    path.write_bytes(b"half")
    os.utime(path, (1, 1))
    young = root / ".x.partial-999999"
    young.write_bytes(b"half")
    assert "leftovers" not in codes(root)
    mended(list(examine(root)))
    assert path.exists()
    assert young.exists()


@pytest.mark.parametrize(("change", "where", "what"), [
    (lambda row: row["scores"]["q1"].update(earned=9.0), "ledger.jsonl:1", "9 of 2 points"),
    (lambda row: row["scores"]["q2"].update(earned=1.0), "ledger.jsonl:1", "no criterion was met"),
    (lambda row: row.pop("sha256"), "ledger.jsonl:1", "without its learner"),
    (lambda row: row.update(attempt=7), "ledger.jsonl", "attempt 7 does not follow"),
    (lambda row: row.update(time="2999-01-01T00:00:00+00:00"), "ledger.jsonl", "still to come"),
])
def test_a_line_that_no_marking_wrote_is_told_and_never_mended(
    root: Path, change: Callable[[dict[str, object]], object], where: str, what: str
) -> None:
    found = lines(root)
    row = json.loads(found[0])
    change(row)
    (root / "ledger.jsonl").write_text("\n".join([json.dumps(row), *found[1:]]) + "\n", encoding="utf-8")
    before = (root / "ledger.jsonl").read_bytes()
    told = [one for one in mended(list(ledger_faults(root))) if what in one.what]
    assert [(one.where, one.grave, one.mended) for one in told] == [(where, True, False)]
    assert (root / "ledger.jsonl").read_bytes() == before


def test_a_line_that_was_taken_away_is_missed(root: Path) -> None:
    (root / "ledger.jsonl").write_text("\n".join(lines(root)[1:]) + "\n", encoding="utf-8")
    assert [one.code for one in ledger_faults(root)] == ["attempts"]


@pytest.mark.parametrize(("name", "text", "code", "words"), [
    ("course.yaml", "name: [", "settings", "course.yaml"),
    ("course.yaml", "format: 1\nkind: course\nname: x\ntier: captain\n", "settings", "tier"),
    ("learners.csv", "learner,name\nada,Ada\nada,Ada\n", "roster", "ada"),
    ("calendar.csv", "unit,due\nfoundation-99-nothing,2026-12-01 18:00\n", "calendar-unit", "foundation-99-nothing"),
    ("calendar.csv", "unit,due\nx,soon\n", "calendar", "soon"),
    ("extensions.csv", f"learner,unit,due,reason\neve,{ID},2026-12-01,ill\n", "calendar-learner", "eve"),
    ("secret.key", "not a key\n", "no-key", "no key"),
    ("nbgrader_config.py", "c = get_config()\n", "config", "configure"),
])
def test_a_wrong_file_is_told_with_its_words(root: Path, name: str, text: str, code: str, words: str) -> None:
    (root / name).write_text(text, encoding="utf-8")
    found = codes(root)[code]
    assert found.where == name
    assert words in found.what
    assert found.mend is None
    assert found.why
    assert found.then


def test_a_folder_in_pieces_is_still_a_course_and_another_is_none(root: Path, tmp_path: Path) -> None:
    for name in ("course.yaml", "nbgrader_config.py"):
        (root / name).unlink()
    (root / "received").mkdir(exist_ok=True)
    assert course_root(root / "received") == root
    assert {"settings", "no-config"} <= set(codes(root))
    assert course_root(tmp_path) is None


def test_a_ledger_in_use_is_not_looked_into(root: Path) -> None:
    from filelock import FileLock

    with FileLock(root / ledger.LOCK):
        assert [(one.code, one.grave) for one in ledger_faults(root)] == [("at-work", False)]


def test_missing_handouts_and_release_are_made_again_as_they_were(course: Course) -> None:
    paths = [course.place("handouts", ID, "bo.zip"), course.place("release", ID, f"{ID}.ipynb")]
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    assert set(codes(course.root)) == {"no-release"}
    for _ in range(2):                                                  # the handout needs the release
        mended(list(examine(course.root)))
    assert list(examine(course.root)) == []
    assert [path.read_bytes() for path in paths] == before


def test_a_mending_that_fails_stops_no_other(root: Path) -> None:
    """The release is damaged, so that its grade book cannot be made again; the key is closed all the same."""
    (root / "gradebook.db").write_bytes(b"no book")
    (root / "secret.key").chmod(0o644)
    done = {one.code: one for one in mended(list(examine(root)))}
    assert (done["book-damaged"].mended, done["open-key"].mended) == (False, True)
    assert "could not be mended" in done["book-damaged"].then
    assert (root / "gradebook.db.aside-1").read_bytes() == b"no book"


def test_a_frozen_unit_that_was_changed_is_told(course: Course) -> None:
    text = course.place("units", ID, "assignment.md")
    changed = text.read_text(encoding="utf-8").replace("Count the people.", "Count all people.")
    text.write_text(changed, encoding="utf-8")
    ledger.append(course.root, {**marked("ada", "1"), "checks_sha256": "0" * 64})
    found = codes(course.root)
    assert "intro" in found["unit-changed"].what
    assert "ada" in found["checks-changed"].what
    assert "vsim course rescore" in found["checks-changed"].then


def test_a_certificate_without_its_files_is_told(root: Path) -> None:
    ledger.append(root, {"kind": "certificate", "learner": "ada", "id": "0-1", "tier": "foundation",
                         "files": {"badge.jwt": "0" * 64}})
    found = codes(root)
    assert "0-1" in found["certificate"].what
    assert "vsim course certify" in found["certificate"].then
    assert "issuer" in found


def test_a_grade_book_of_another_schema_a_locked_and_a_damaged_one_are_told_apart(course: Course) -> None:
    path = course.place("gradebook.db")
    whole = path.read_bytes()
    with closing(sqlite3.connect(path)) as book, book:
        book.execute("update alembic_version set version_num = 'old'")
    assert set(codes(course.root)) == {"book-schema"}
    path.write_bytes(whole[:5000] + b"\xff" * 9000 + whole[14000:])
    found = codes(course.root)
    assert set(found) == {"book-damaged"}
    assert found["book-damaged"].mend is not None
    path.write_bytes(whole)
    with closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("pragma journal_mode=delete")
        book.execute("begin exclusive")
        assert set(codes(course.root)) == {"book-locked"}
        book.execute("rollback")


def test_the_schema_is_that_of_a_new_grade_book(course: Course) -> None:
    with closing(sqlite3.connect(course.place("gradebook.db"))) as book:
        assert book.execute("select version_num from alembic_version").fetchall() == [(newest_schema(),)]


def test_what_cannot_be_mended_says_why(root: Path) -> None:
    def fails() -> None:
        raise OSError("the disk is read-only")

    one = Finding("x", "here", "broken", "bad", "next", mend=fails)
    (left,) = mended([one])
    assert (left.mended, "read-only" in left.then) == (False, True)


def test_it_speaks_chinese(root: Path) -> None:
    torn(root)
    set_language("zh_CN")
    try:
        found = codes(root)["torn"]
    finally:
        set_language(None)
    assert "最后一行" in found.what
    assert all(any("一" <= sign <= "鿿" for sign in text) for text in (found.what, found.why, found.then))
