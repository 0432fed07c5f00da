"""Files find their learners, nothing is lost, one bad file stops nothing, and collecting again changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import nbformat
import pytest

from tests.course.broken import ANSWERS, HOSTILE, STUB, UNIT, UNREADABLE, Plain, cell, raw, release, solved, zipped
from vsim.course import intake
from vsim.course.intake import STATUSES, Row, collect
from vsim.course.received import safe_name
from vsim.errors import UsageError

RELEASE = release()
LEARNERS = ("ada", "bob.li", "eve")
MONDAY = datetime(2026, 3, 2, 8, 0, 0, 250, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)


def sha8(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


class Course:
    """A course folder with an inbox."""

    def __init__(self, root: Path) -> None:
        self.root, self.inbox = root, root / "inbox"
        self.inbox.mkdir()

    def put(self, name: str, content: bytes) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def collect(self, now: datetime = MONDAY, *sources: Path) -> list[Row]:
        rows = collect(
            sources or [self.inbox], unit=UNIT, release=RELEASE, learners=LEARNERS, submitted=self.root / "submitted",
            received=self.root / "received", now=now, valid_ticket=lambda learner, ticket: ticket == f"t-{learner}")
        assert {row.status for row in rows} <= set(STATUSES)
        return rows

    def status(self, now: datetime = MONDAY) -> dict[str, str]:
        """Return file (or learner, where no file is) -> status."""
        return {row.file or row.learner: row.status for row in self.collect(now)}

    def notebook(self, learner: str) -> Plain:
        path = self.root / "submitted" / learner / UNIT / f"{UNIT}.ipynb"
        found: Plain = json.loads(path.read_text(encoding="utf-8"))
        return found

    def answer(self, learner: str) -> str:
        return str(cell(self.notebook(learner), "q1")["source"])

    def tree(self) -> dict[str, bytes]:
        return {path.relative_to(self.root).as_posix(): path.read_bytes()
                for path in self.root.rglob("*") if path.is_file() and not path.is_symlink()}

    def originals(self, learner: str) -> set[str]:
        return {path.name for path in (self.root / "received" / UNIT / learner).glob("*") if path.suffix != ".jsonl"}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


def test_a_file_in_a_learners_folder_is_taken_kept_and_written_for_nbgrader(course: Course) -> None:
    file = raw(solved())
    course.put("ada/my work (1).ipynb", file)
    assert course.collect() == [
        Row("ada", "ada/my work (1).ipynb", "taken", (), ""),
        Row("bob.li", "", "missing", (), "Nothing was handed in."),
        Row("eve", "", "missing", (), "Nothing was handed in."),
    ]
    folder = course.root / "submitted" / "ada" / UNIT
    assert sorted(path.name for path in folder.iterdir()) == [f"{UNIT}.ipynb", "timestamp.txt"]
    assert (folder / "timestamp.txt").read_text() == "2026-03-02 08:00:00.000250 UTC"
    notebook = course.notebook("ada")
    nbformat.validate(nbformat.from_dict(notebook))
    assert notebook["metadata"]["vsim"] == {
        "unit": UNIT, "course": "vol101", "learner": "ada", "sha256": hashlib.sha256(file).hexdigest(),
        "arrived": "2026-03-02T08:00:00.000250+00:00", "flags": [],
    }
    assert cell(notebook, "q1")["source"] == ANSWERS["q1"]
    assert course.originals("ada") == {f"{sha8(file)}-my_work_1_.ipynb"}


def test_collecting_again_changes_no_byte_and_the_first_arrival_counts(course: Course) -> None:
    course.put("ada/x.ipynb", raw(solved()))
    course.put("bob.li/x.ipynb", b"broken")
    course.collect()
    before = course.tree()
    assert course.status(FRIDAY) == {"ada/x.ipynb": "unchanged", "bob.li/x.ipynb": "unreadable", "eve": "missing"}
    assert course.tree() == before
    (course.inbox / "ada" / "x.ipynb").rename(course.inbox / "ada" / "y.ipynb")
    assert course.status(FRIDAY)["ada/y.ipynb"] == "unchanged"
    assert {key: value for key, value in course.tree().items() if "inbox" not in key} == {
        key: value for key, value in before.items() if "inbox" not in key}


def test_what_was_handed_in_before_stands_when_the_inbox_is_empty(course: Course) -> None:
    course.put("ada/x.ipynb", raw(solved())).rename(course.inbox / "ada" / "y.ipynb")
    course.collect()
    (course.inbox / "ada" / "y.ipynb").unlink()
    assert course.status(FRIDAY) == {"ada": "unchanged", "bob.li": "missing", "eve": "missing"}


def test_loose_files_are_taken_by_their_ticket(course: Course) -> None:
    course.put("a.ipynb", raw(solved()))
    bare = solved("nobody", None)
    del bare["metadata"]["vsim"]
    course.put("b.zip", zipped({"u/x.ipynb": raw(bare), "u/learner.json": json.dumps(
        {"unit": UNIT, "learner": "bob.li", "ticket": "t-bob.li"}).encode()}))
    course.put("learner.json", b"{}")
    assert course.status() == {"a.ipynb": "taken", "b.zip/u/x.ipynb": "taken", "eve": "missing"}
    assert course.answer("bob.li") == ANSWERS["q1"]


@pytest.mark.parametrize(("learner", "ticket"), [
    ("ada", "t-eve"), ("ada", None), ("mallory", "t-mallory"), ("../ada", "t-ada"), ("", ""),
])
def test_a_loose_file_without_a_valid_ticket_is_not_taken(learner: str, ticket: str | None, course: Course) -> None:
    course.put("x.ipynb", raw(solved(learner, ticket)))
    rows = course.collect()
    assert [(row.learner, row.status) for row in rows if row.file] == [("", "unknown learner")]
    assert "folder named as the learner" in rows[-1].message
    assert sorted(path.name for path in course.root.iterdir()) == ["inbox"]


def test_a_file_with_the_tickets_of_two_learners_is_not_taken(course: Course) -> None:
    course.put("x.zip", zipped({"x.ipynb": raw(solved()), "learner.json": b'{"learner": "eve", "ticket": "t-eve"}'}))
    assert "two learners" in next(row.message for row in course.collect() if row.status == "unknown learner")


def test_a_folder_of_no_learner_is_one_row_unless_tickets_say_whose_files_they_are(course: Course) -> None:
    course.put("zoe/a.ipynb", raw(solved(ticket=None)))
    course.put("zoe/b.ipynb", raw(solved(ticket="x")))
    course.put("batch/a.ipynb", raw(solved()))
    course.put("batch/b.ipynb", raw(solved("eve", "t-eve")))
    assert course.status() == {
        "batch/a.ipynb": "taken", "batch/b.ipynb": "taken", "zoe/a.ipynb": "unknown learner", "bob.li": "missing"}
    assert "no learner zoe" in next(row.message for row in course.collect() if row.status == "unknown learner")


def test_names_of_folders_are_matched_kindly(course: Course) -> None:
    course.put("ＡＤＡ/x.ipynb", raw(solved()))
    course.put("Bob. Li /x.ipynb", raw(solved("bob.li", None)))
    assert {row.learner: row.status for row in course.collect()} == {
        "ada": "taken", "bob.li": "taken", "eve": "missing"}


def test_identical_files_are_one(course: Course) -> None:
    for name in ("ada/x.ipynb", "ada/x (1).ipynb", "loose.ipynb"):
        course.put(name, raw(solved()))
    assert course.status() == {"ada/x (1).ipynb": "taken", "bob.li": "missing", "eve": "missing"}


def test_of_several_different_files_the_one_seen_latest_is_taken_and_all_are_kept(course: Course) -> None:
    old, new = raw(solved(q1="rate = 1")), raw(solved(q1="rate = 2", q2=STUB.format(name="hours")))
    course.put("ada/z.ipynb", old)
    course.collect()
    course.put("ada/a.ipynb", new)
    rows = [row for row in course.collect(FRIDAY) if row.learner == "ada"]
    assert [(row.file, row.status) for row in rows] == [("ada/a.ipynb", "taken"), ("ada/z.ipynb", "set aside")]
    assert "ada/a.ipynb was taken" in rows[1].message
    assert (course.answer("ada"), len(course.originals("ada"))) == ("rate = 2", 2)
    assert course.notebook("ada")["metadata"]["vsim"]["flags"] == [["several-files", None]]
    (course.inbox / "ada" / "a.ipynb").unlink()                                     # the trainer decides
    assert course.status(FRIDAY)["ada/z.ipynb"] == "taken"
    assert course.answer("ada") == "rate = 1"
    assert "2026-03-02" in (course.root / "submitted" / "ada" / UNIT / "timestamp.txt").read_text()


@pytest.mark.parametrize(("files", "taken"), [
    ({"b.ipynb": "", "a.ipynb": "rate = 1"}, "a.ipynb"),                            # more answers
    ({"x.ipynb": "rate = 0", "x (1).ipynb": "rate = 1", "x (10).ipynb": "rate = 2", "x (9).ipynb": "rate = 3"},
     "x (10).ipynb"),
    ({"x1.ipynb": "rate = 0", "x2.ipynb": "rate = 1"}, "x2.ipynb"),
])
def test_of_files_seen_together_the_fuller_then_the_higher_number_is_taken(
    files: dict[str, str], taken: str, course: Course,
) -> None:
    for name, answer in files.items():
        course.put(f"ada/{name}", raw(solved(q1=answer)))
        os.utime(course.inbox / "ada" / name, (1, 1))
    assert [row.file for row in course.collect() if row.status == "taken"] == [f"ada/{taken}"]


def test_different_loose_files_for_one_learner_are_a_conflict_and_neither_is_taken(course: Course) -> None:
    course.put("a.ipynb", raw(solved()))
    course.put("b.ipynb", raw(solved(q1="rate = 9")))
    course.put("c.ipynb", raw(solved("eve", "t-eve")))
    assert course.status() == {"a.ipynb": "conflict", "b.ipynb": "conflict", "c.ipynb": "taken", "bob.li": "missing"}
    assert not (course.root / "submitted" / "ada").exists()
    assert len(course.originals("ada")) == 2
    course.put("ada/right.ipynb", raw(solved()))
    assert course.status() == {"ada/right.ipynb": "taken", "b.ipynb": "set aside", "c.ipynb": "unchanged",
                               "bob.li": "missing"}


def test_a_file_of_another_unit_is_refused_and_the_learner_is_still_missing(course: Course) -> None:
    course.put("ada/x.ipynb", raw(solved(unit="leader-09-brief")))
    course.put("loose.ipynb", raw(solved("eve", "t-eve", unit="leader-09-brief")))
    assert [(row.learner, row.file, row.status) for row in course.collect()] == [
        ("ada", "", "missing"), ("ada", "ada/x.ipynb", "other unit"), ("bob.li", "", "missing"), ("eve", "", "missing"),
        ("", "loose.ipynb", "other unit")]
    assert not (course.root / "submitted").exists()


def test_the_file_of_another_learner_in_ones_own_folder_is_taken_with_a_flag(course: Course) -> None:
    course.put("eve/x.ipynb", raw(solved()))
    row = next(row for row in course.collect() if row.learner == "eve")
    assert (row.status, row.flags) == ("taken", (("other-learner", None),))
    assert "another learner" in row.message


def test_a_broken_file_counts_as_not_answered_but_never_replaces_a_sound_one(course: Course) -> None:
    course.put("eve/x.ipynb", UNREADABLE["half a file"])
    course.put("ada/x.ipynb", raw(solved()))
    assert course.status() == {"ada/x.ipynb": "taken", "eve/x.ipynb": "unreadable", "bob.li": "missing"}
    assert course.notebook("eve")["metadata"]["vsim"]["flags"] == [["unreadable", None]]
    assert [found["source"] for found in course.notebook("eve")["cells"]] == [found.source for found in RELEASE.cells]
    course.put("ada/y.ipynb", UNREADABLE["half a file"])
    assert course.status(FRIDAY) == {"ada/x.ipynb": "taken", "ada/y.ipynb": "set aside", "eve/x.ipynb": "unreadable",
                                     "bob.li": "missing"}
    assert course.answer("ada") == ANSWERS["q1"]
    (course.inbox / "ada" / "x.ipynb").unlink()
    assert course.status(FRIDAY)["ada/y.ipynb"] == "unreadable"
    assert course.answer("ada") == ANSWERS["q1"]
    course.put("eve/x.ipynb", raw(solved("eve", None)))
    assert course.status(FRIDAY)["eve/x.ipynb"] == "taken"


def test_each_hostile_thing_is_its_own_row_and_stops_nobody(course: Course) -> None:
    course.put("ada/x.ipynb", raw(solved()))
    course.put("eve/x.zip", HOSTILE["bomb"][0](course.root).read_bytes())
    for number, (make, _) in enumerate(HOSTILE.values()):
        home = course.inbox / f"stranger{number}"
        home.mkdir()
        make(home)
        if number % 3 == 0:
            mine = course.root / f"made{number}"
            mine.mkdir()
            path = make(mine)
            if mine in path.parents and os.path.lexists(path):
                path.rename(course.inbox / f"loose{number}")
    rows = course.collect()
    assert [(row.learner, row.status) for row in rows if row.status in ("taken", "missing")] == [
        ("ada", "taken"), ("bob.li", "missing")]
    assert [row.status for row in rows if row.learner == "eve"] == ["fault"]
    assert {row.status for row in rows} == {"taken", "missing", "fault"}
    assert len([row for row in rows if row.status == "fault"]) >= len(HOSTILE) - 2
    assert {path.name for path in (course.root / "submitted").rglob("*")} == {
        "ada", UNIT, f"{UNIT}.ipynb", "timestamp.txt"}


@pytest.mark.parametrize("where", ["unpack", "rebuild", "identity_beside", "in_order"])
def test_whatever_breaks_inside_for_one_file_is_one_row(
    where: str, course: Course, monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, calls = getattr(intake, where), []

    def breaks(*given: object, **more: object) -> object:
        calls.append(given)
        if len(calls) == 1:
            raise RuntimeError("broken {inside}")
        return real(*given, **more)

    monkeypatch.setattr(intake, where, breaks)
    course.put("ada/x.ipynb", raw(solved()))
    course.put("eve/x.ipynb", raw(solved("eve", None)))
    found = {row.learner: row for row in course.collect()}
    assert {learner: row.status for learner, row in found.items()} == {
        "ada": "fault", "bob.li": "missing", "eve": "taken"}
    assert "RuntimeError: broken {inside}" in found["ada"].message


def test_a_full_disk_is_a_row_and_leaves_what_was_there(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.put("ada/x.ipynb", raw(solved()))
    course.collect()
    before = course.tree()
    course.put("ada/x.ipynb", raw(solved(q1="rate = 3")))

    def full(old: object, new: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("vsim.course.writing.os.replace", full)
        assert course.status(FRIDAY)["ada/x.ipynb"] == "fault"
    assert {key for key in course.tree() if "inbox" not in key} == {key for key in before if "inbox" not in key}
    assert course.status(FRIDAY)["ada/x.ipynb"] == "taken"


def test_a_changed_release_is_put_under_the_same_file(course: Course) -> None:
    course.put("ada/x.ipynb", raw(solved()))
    course.collect()
    other = release()
    other.cells[4].source = 'unit.check("q1")  # corrected'
    rows = collect([course.inbox], unit=UNIT, release=other, learners=["ada"], valid_ticket=lambda *_: False,
                   submitted=course.root / "submitted", received=course.root / "received", now=FRIDAY)
    assert [row.status for row in rows] == ["taken"]
    assert cell(course.notebook("ada"), "q1-check")["source"].endswith("corrected")
    assert "2026-03-02" in course.notebook("ada")["metadata"]["vsim"]["arrived"]


def test_torn_lines_of_the_arrivals_are_passed_over(course: Course) -> None:
    course.put("ada/x.ipynb", raw(solved()))
    course.collect()
    path = course.root / "received" / UNIT / "ada" / "arrivals.jsonl"
    torn = '[1]\nnull\n{"sha256": "x", "arrived": 5, "file": "../x"}\n{"sha'
    path.write_text(path.read_text(encoding="utf-8") + torn, encoding="utf-8")
    course.put("ada/y.ipynb", raw(solved(q1="rate = 3")))
    assert course.status(FRIDAY)["ada/x.ipynb"] == "set aside"
    assert course.status(FRIDAY + timedelta(days=1))["ada/y.ipynb"] == "unchanged"
    assert "2026-03-06" in course.notebook("ada")["metadata"]["vsim"]["arrived"]


def test_the_inbox_may_be_one_learners_folder_or_one_file_or_a_link_that_is_not_followed(course: Course) -> None:
    path = course.put("ada/x.ipynb", raw(solved()))
    assert course.collect(MONDAY, path.parent)[0].status == "taken"
    assert course.collect(MONDAY, path)[0].status == "unchanged"
    (course.root / "link").symlink_to(course.inbox)
    assert [row.status for row in course.collect(MONDAY, course.root / "link") if not row.learner] == ["fault"]


def test_time_is_written_in_utc_whatever_zone_the_collectors_clock_has(course: Course) -> None:
    course.put("ada/x.ipynb", raw(solved()))
    course.collect(MONDAY.astimezone(timezone(timedelta(hours=8))))
    assert (course.root / "submitted" / "ada" / UNIT / "timestamp.txt").read_text() == "2026-03-02 08:00:00.000250 UTC"


@pytest.mark.parametrize("wrong", [
    {"now": datetime(2026, 3, 2)},  # noqa: DTZ001
    {"unit": "../x"}, {"unit": ""}, {"learners": ["../ada"]}, {"learners": ["Ada"]}, {"learners": [".."]},
    {"sources": ["nowhere"]},
])
def test_a_call_that_cannot_be_meant_is_refused(wrong: dict[str, object], course: Course) -> None:
    call: dict[str, object] = {
        "unit": UNIT, "release": RELEASE, "learners": LEARNERS, "valid_ticket": lambda *_: True,
        "submitted": course.root / "s", "received": course.root / "r", "now": MONDAY} | wrong
    with pytest.raises(UsageError):
        collect(call.pop("sources", [course.inbox]), **call)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "safe"), [
    ("x (1).ipynb", "x_1_.ipynb"), ("a/../b\\c.ipynb", "c.ipynb"), ("..", "file"), ("", "file"),
    ("志愿.ipynb", "志愿.ipynb"), ("a:b*c?.ipynb", "a_b_c_.ipynb"),
    ("x\0\n\u202e.ipynb", "x_.ipynb"), ("\udcff.ipynb", "ipynb"),
])
def test_names_of_originals_are_safe_everywhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert len(safe_name("x" * 900 + ".ipynb")) == 60


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")      # of the packages it imports
def test_nbgrader_reads_the_time_and_the_notebook(course: Course) -> None:
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.nbgraderformat import read

    course.put("ada/x.ipynb", raw(solved()))
    course.collect()
    folder = course.root / "submitted" / "ada" / UNIT
    assert CourseDirectory(root=str(course.root)).get_existing_timestamp(str(folder)) == MONDAY.replace(tzinfo=None)
    assert cell(read(str(folder / f"{UNIT}.ipynb"), as_version=4), "q1")["source"] == ANSWERS["q1"]
