"""Lessons are found by name from anywhere in a working folder, and a wrong name is answered with the nearest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course.samples import LESSON, UNIT, town
from vsim.course.lessons import all_names, find, lessons, notebooks_folder, open_lesson_source, open_source
from vsim.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder notebooks/ of a working folder of one's own."""
    return town(tmp_path).parents[1]


def test_the_nearest_folder_above_is_taken_and_one_of_built_notebooks_is_not(folder: Path) -> None:
    inside = folder.parent / "build" / "notebooks" / "en"
    inside.mkdir(parents=True)
    assert notebooks_folder(inside) == notebooks_folder(folder) == notebooks_folder(folder.parent) == folder


@pytest.mark.parametrize("name", [
    "management/01-small-town", "01-small-town", "notebooks/management/01-small-town", "management\\01-small-town",
])
def test_a_lesson_is_found_by_its_name(folder: Path, name: str) -> None:
    assert find(name, folder) == folder / "management" / "01-small-town.md"


def test_a_lesson_or_unit_is_found_by_its_path(folder: Path) -> None:
    assert open_source(str(LESSON), folder).syllabus.id == "management/01-small-town"
    assert open_source(str(UNIT), folder).kind == "unit"


def test_a_wrong_name_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"is no lesson\. Did you mean 'management/01-small-town'\?"):
        find("management/01-smal-town", folder)


def test_an_id_that_is_not_the_name_is_refused(folder: Path) -> None:
    path = folder / "management" / "01-small-town.md"
    path.rename(path.with_name("02-other.md"))
    with pytest.raises(UsageError, match="allowed management/02-other, its folder and name"):
        open_source("02-other", folder)


def test_without_names_all_lessons_are_meant(folder: Path, tmp_path: Path) -> None:
    (folder / "management" / "README.md").write_text("No lesson.\n")
    assert list(lessons(folder)) == ["management/01-small-town"]
    assert all_names([], folder) == ["management/01-small-town"]
    assert all_names(["a"], folder) == ["a"]
    with pytest.raises(UsageError, match="holds no lesson"):
        all_names([], tmp_path / "none")


def test_a_graded_unit_is_no_lesson(folder: Path) -> None:
    assert open_lesson_source("01-small-town", folder).kind == "lesson"
    with pytest.raises(UsageError, match="is a graded unit"):
        open_lesson_source(str(UNIT), folder)
