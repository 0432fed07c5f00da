"""What people hand in by mistake is told in plain words, a right file has nothing, and no file is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.course.broken import zipped
from tests.course.kept import ID, copied, released
from vsim.course.doctor_finding import Finding
from vsim.course.doctor_submission import submission
from vsim.course.folder import Course
from vsim.course.sample_class import filled, handed_in

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                         "ignore::sqlalchemy.exc.SAWarning")]
ANSWERS = {"q1": "registered = len(volunteers)", "q2": "def double(x):\n    return 2 * x"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return copied(released(tmp_path_factory), tmp_path_factory.mktemp("submission"))


@pytest.fixture(scope="module")
def right(course: Course) -> bytes:
    return handed_in(course, course.unit(ID), "ada", filled(ANSWERS))


def told(path: Path, course: Course | None) -> dict[str, Finding]:
    """Return what the doctor says of a file, and see that the file is as it was."""
    before = {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in [path, *path.rglob("*")] if one.is_file()}
    found = {one.code: one for one in submission(path, course)}
    assert {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in before} == before
    for one in found.values():
        assert one.what
        assert one.why
        assert one.then
        assert one.mend is None
    return found


def test_a_right_notebook_that_was_never_run_has_nothing(course: Course, right: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_bytes(right)
    assert told(tmp_path / "x.ipynb", course) == {}


def test_a_zip_of_it_and_a_folder_of_the_learner_have_nothing(course: Course, right: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped({f"{ID}/{ID}.ipynb": right}))
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "work.ipynb").write_bytes(right)
    assert told(tmp_path / "x.zip", course) == {}
    assert told(tmp_path / "ada", course) == {}


@pytest.mark.parametrize(("name", "content", "code"), [
    ("x.ipynb", b"", "empty"), ("x.ipynb", b" \r\n\t ", "empty"), ("x.ipynb", b"<!DOCTYPE html><html>", "web-page"),
    ("x.html", b"\n <HTML lang='en'>", "web-page"), ("shot.png", b"\x89PNG\r\n\x1a\n0000", "picture"),
    ("x.ipynb", b"\xff\xd8\xff\xe0 photo", "picture"), ("film.mp4", b"\0\0\0\x18ftypmp42", "picture"),
    ("x.ipynb", b"%PDF-1.7 x", "pdf"), ("x.docx", b"PK\x03\x04 word/document.xml", "document"),
    ("x.rar", b"Rar!\x1a\x07 x", "other-archive"), ("x.py", b"registered = 5\n", "script"),
    ("x.ipynb", b"I did it, look!", "no-notebook"), ("x.zip", b"PK\x03\x04 broken", "bad-archive"),
    ("x.ipynb", b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "no-cells"),
    ("x.ipynb", b'<<<<<<< ours\n{"cells": []}\n>>>>>>> theirs', "conflict"),
])
def test_what_is_no_notebook_is_told_for_what_it_is(
    course: Course, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for here in (course, None):
        found = told(tmp_path / name, here)
        assert list(found) == [code]
        assert found[code].grave


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_file_that_breaks_off_is_told_with_its_end(
    course: Course, right: bytes, tmp_path: Path, share: float
) -> None:
    cut = right[: int(len(right) * share)]
    (tmp_path / "x.ipynb").write_bytes(cut)
    found = told(tmp_path / "x.ipynb", course)
    assert list(found) == ["half"]
    assert cut.decode("utf-8", "replace").strip()[-20:].splitlines()[-1] in found["half"].what


def test_a_zip_in_a_zip_is_opened_once_and_no_deeper(course: Course, right: bytes, tmp_path: Path) -> None:
    inner = zipped({"x.ipynb": right})
    (tmp_path / "once.zip").write_bytes(zipped({"a.zip": inner}))
    (tmp_path / "deep.zip").write_bytes(zipped({"b.zip": zipped({"a.zip": inner})}))
    assert told(tmp_path / "once.zip", course) == {}
    assert list(told(tmp_path / "deep.zip", course)) == ["nested"]


def changed(right: bytes, **claims: Any) -> bytes:
    notebook = json.loads(right)
    vsim = {**notebook["metadata"]["vsim"], **claims}
    notebook["metadata"]["vsim"] = {key: value for key, value in vsim.items() if value is not None}
    return json.dumps(notebook).encode()


@pytest.mark.parametrize(("claims", "code", "word"), [
    ({"unit": "foundation-02-other"}, "other-unit", "foundation-02-other"),
    ({"course": "elsewhere"}, "other-course", "elsewhere"),
    ({"learner": "eve"}, "no-learner", "eve"),
    ({"ticket": "0" * 16}, "ticket", "ada"),
    ({"learner": "bo"}, "ticket", "bo"),
    ({"learner": None, "ticket": None}, "no-ticket", "whose"),
])
def test_a_file_of_somebody_or_something_else_is_told(
    course: Course, right: bytes, tmp_path: Path, claims: dict[str, Any], code: str, word: str
) -> None:
    (tmp_path / "x.ipynb").write_bytes(changed(right, **claims))
    found = told(tmp_path / "x.ipynb", course)
    assert found[code].grave
    assert word in found[code].what


def test_a_file_in_another_learners_folder_is_told(course: Course, right: bytes, tmp_path: Path) -> None:
    (tmp_path / "bo").mkdir()
    (tmp_path / "bo" / "x.ipynb").write_bytes(right)
    for path in (tmp_path / "bo", tmp_path / "bo" / "x.ipynb"):
        found = told(path, course)
        assert list(found) == ["swapped"]
        assert "ada" in found["swapped"].what
        assert "bo" in found["swapped"].what


def test_an_untouched_notebook_is_told(course: Course, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_bytes(handed_in(course, course.unit(ID), "ada", filled({})))
    assert list(told(tmp_path / "x.ipynb", course)) == ["untouched"]


def test_what_collecting_puts_right_is_good_to_know_and_no_fault(course: Course, right: bytes, tmp_path: Path) -> None:
    notebook = json.loads(right)
    cells = notebook["cells"]
    copy = next(cell for cell in cells if cell["id"] == "q1")
    cells.append({**copy, "id": "copy"})
    (tmp_path / "x.ipynb.txt").write_bytes(json.dumps(notebook, ensure_ascii=False).encode("utf-16"))
    found = told(tmp_path / "x.ipynb.txt", course)
    assert set(found) == {"name", "encoding", "duplicate"}
    assert not any(one.grave for one in found.values())


def test_many_changed_locked_cells_look_like_an_older_release(course: Course, right: bytes, tmp_path: Path) -> None:
    notebook = json.loads(right)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["source"] = "".join(cell["source"]) + "\n# as it was before"
    (tmp_path / "x.ipynb").write_bytes(json.dumps(notebook).encode())
    found = told(tmp_path / "x.ipynb", course)
    assert "old-release" in found
    assert "locked-edited" not in found


def test_a_notebook_of_another_kind_is_a_stranger(course: Course, tmp_path: Path) -> None:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": "x = 1"}
    raw = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    (tmp_path / "bo").mkdir()
    (tmp_path / "bo" / "x.ipynb").write_bytes(raw)
    assert "stranger" in told(tmp_path / "bo", course)


@pytest.mark.needs("linux")
def test_links_pipes_and_huge_files_are_not_opened(course: Course, right: bytes, tmp_path: Path) -> None:
    (tmp_path / "real.ipynb").write_bytes(right)
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    with (tmp_path / "huge.ipynb").open("wb") as file:
        file.truncate(50 * 2**20)
    for name, code in (("link", "symlink"), ("pipe", "special"), ("huge", "too-big")):
        assert [one.code for one in submission(tmp_path / f"{name}.ipynb", course)] == [code]


def test_without_a_course_a_notebook_is_known_as_one(right: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_bytes(right)
    found = told(tmp_path / "x.ipynb", None)
    assert [(one.code, one.grave) for one in found.values()] == [("no-course", False)]
