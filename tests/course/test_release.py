"""Releasing: what a learner gets is the learner's own, complete, and free of answers, truth and other learners."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from tests.course.small_course import ID, small_course
from vsim.course.folder import Course
from vsim.course.leaks import leaks_of
from vsim.course.release import release
from vsim.errors import DataError, UsageError

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                                           "ignore::sqlalchemy.exc.SAWarning")]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = small_course(tmp_path_factory.mktemp("release"))
    release(made, "foundation/01-small", due="2026-12-01 18:00")
    return made


def members(course: Course, learner: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(course.place("handouts", ID, f"{learner}.zip").read_bytes())) as archive:
        return {name.removeprefix(f"{ID}/"): archive.read(name) for name in archive.namelist()}


def test_a_handout_holds_notebook_cards_and_the_learners_own_tables(course: Course) -> None:
    files = members(course, "ada")
    assert set(files) == {f"{ID}.ipynb", "unit.json", "learner.json", "data/volunteers.csv"}
    card, learner = json.loads(files["unit.json"]), json.loads(files["learner.json"])
    assert (card["due"], card["hand_points"]) == ("2026-12-01 18:00 (UTC+08:00)", 3.0)
    assert [task["id"] for task in card["tasks"]] == ["q1", "q2"]
    assert learner["learner"] == "ada"
    claims = json.loads(files[f"{ID}.ipynb"])["metadata"]["vsim"]
    assert (claims["learner"], claims["ticket"], claims["unit"]) == ("ada", learner["ticket"], ID)


def test_the_first_cell_tells_date_and_points_and_nbgraders_checksums_are_as_they_were(course: Course) -> None:
    import nbformat
    from nbgrader.utils import compute_checksum

    released = nbformat.read(course.place("release", ID, f"{ID}.ipynb"), as_version=4)
    handed = nbformat.reads(members(course, "ada")[f"{ID}.ipynb"].decode(), as_version=4)
    assert "2026-12-01 18:00 (UTC+08:00)" in released.cells[0].source
    assert [cell.source for cell in handed.cells] == [cell.source for cell in released.cells]
    assert "nbgrader" not in released.cells[0].metadata
    labelled = [cell for cell in released.cells if cell.metadata.get("nbgrader", {}).get("checksum")]
    assert labelled
    assert [cell.metadata.nbgrader.checksum for cell in labelled] == [compute_checksum(cell) for cell in labelled]


def test_formgrader_knows_the_date(course: Course) -> None:
    from vsim.course.grader import grade_book

    with grade_book(course) as book:
        assert book.find_assignment(ID).duedate == datetime(2026, 12, 1, 10)              # noqa: DTZ001 - in UTC


def test_another_date_and_an_extension_reach_handouts_that_are_out_and_change_nothing_else(course: Course) -> None:
    before = {who: members(course, who) for who in ("ada", "bo")}
    (course.root / "extensions.csv").write_text(f"learner,unit,due,reason\nbo,{ID},2026-12-24,ill\n", encoding="utf-8")
    made = release(course, "foundation/01-small", due="2026-12-08 18:00")
    assert (made.handouts, made.redated) == ((), ("ada", "bo"))
    for who, date in (("ada", "2026-12-08 18:00"), ("bo", "2026-12-24 23:59")):
        now = members(course, who)
        assert json.loads(now["unit.json"])["due"] == f"{date} (UTC+08:00)"
        assert [name for name in now if now[name] != before[who][name]] == [f"{ID}.ipynb", "unit.json"]
        old, new = (json.loads(files[f"{ID}.ipynb"]) for files in (before[who], now))
        assert old["cells"][1:] == new["cells"][1:]
        assert old["metadata"] == new["metadata"]
        assert date in "".join(new["cells"][0]["source"])
    assert "2026-12-08 18:00" in course.place("release", ID, f"{ID}.ipynb").read_text(encoding="utf-8")
    (course.root / "extensions.csv").unlink()
    release(course, "foundation/01-small", due="2026-12-01 18:00")
    assert {who: members(course, who) for who in before} == before


@pytest.mark.parametrize("due", ["soon", "2026-02-30 18:00", "1/12/2026"])
def test_a_date_that_is_none_changes_nothing(course: Course, due: str) -> None:
    before = (course.root / "calendar.csv").read_bytes()
    with pytest.raises(UsageError, match="--due: due is"):
        release(course, "foundation/01-small", due=due, force=True)
    assert (course.root / "calendar.csv").read_bytes() == before


def test_two_learners_get_different_cities_and_nothing_of_each_other(course: Course) -> None:
    ada, bo = members(course, "ada"), members(course, "bo")
    assert ada["data/volunteers.csv"] != bo["data/volunteers.csv"]
    assert json.loads(ada["learner.json"])["seed"] != json.loads(bo["learner.json"])["seed"]
    assert not any(b'"bo"' in content or b"Bo" in content for content in ada.values())


def test_nothing_that_is_handed_out_holds_an_answer_a_check_or_a_key(course: Course) -> None:
    secret = course.secret.hex().encode()
    for place in (course.place("release"), course.place("handouts")):
        for path in place.rglob("*"):
            if path.is_file():
                found = members(course, path.stem).values() if path.suffix == ".zip" else [path.read_bytes()]
                for content in found:
                    for word in (b"len(volunteers)", b"twice = x + x", b"SOLUTION", b"marking", b"A good answer says",
                                 b"def truth", secret):
                        assert word not in content, path


def test_a_mark_that_nbgrader_would_not_take_out_stops_the_release(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    path = tmp_path / "bank" / "foundation" / "01-small" / "assignment.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Count the people.", "Count the people. ### BEGIN SOLUTION"), encoding="utf-8")
    with pytest.raises(DataError, match=r"could not make the release|show an answer"):
        release(course, "foundation/01-small")
    assert not list(course.place("handouts").rglob("*.zip"))
    assert not list(course.place("release").rglob("*.ipynb"))


def test_a_line_of_a_solution_is_found_wherever_it_stands(course: Course, tmp_path: Path) -> None:
    unit = course.unit(ID)
    (tmp_path / "x.ipynb").write_text(json.dumps({"source": ["    twice = x + x\n"]}))
    (tmp_path / "checks.py").write_text("x = 1")
    (tmp_path / "ok.json").write_text("{}")
    assert leaks_of(unit, tmp_path) == ["checks.py: code of the checks", "x.ipynb: twice = x + x"]
    assert leaks_of(unit, course.place("release", ID)) == []


def test_a_release_is_out_once_and_new_learners_get_their_handout(course: Course) -> None:
    with pytest.raises(UsageError, match="released already"):
        release(course, "foundation/01-small")
    before = course.place("handouts", ID, "ada.zip").read_bytes()
    path = course.root / "learners.csv"
    path.write_bytes(path.read_bytes() + b"cy,Cy\n")
    again = Course(course.root, course.settings)
    assert release(again, "foundation/01-small").handouts == ("cy",)
    assert course.place("handouts", ID, "ada.zip").read_bytes() == before


def test_the_same_release_gives_the_same_bytes(course: Course) -> None:
    before = {path.name: path.read_bytes() for path in course.place("handouts", ID).iterdir()}
    release(course, "foundation/01-small", due="2026-12-01 18:00", force=True)
    assert {name: course.place("handouts", ID, name).read_bytes() for name in before} == before


def test_without_learners_nothing_is_released(tmp_path: Path) -> None:
    course = small_course(tmp_path, learners="learner,name\n")
    with pytest.raises(UsageError, match="names no learner"):
        release(course, "foundation/01-small")
    assert not course.place("release").exists() or not any(course.place("release").iterdir())


def test_a_unit_that_gives_learners_the_truth_is_refused(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    path = tmp_path / "bank" / "foundation" / "01-small" / "checks.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('return {"volunteers":', 'return {"people_truth":').replace(
        'tables["volunteers"]', 'tables["people_truth"]'), encoding="utf-8")
    with pytest.raises(DataError, match="people_truth"):
        release(course, "foundation/01-small")


def test_a_city_that_is_never_fair_stops_with_the_reason(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    path = tmp_path / "bank" / "foundation" / "01-small" / "checks.py"
    path.write_text(path.read_text(encoding="utf-8").replace("< 25", "< 10_000"), encoding="utf-8")
    with pytest.raises(DataError, match="too few"):
        release(course, "foundation/01-small")
