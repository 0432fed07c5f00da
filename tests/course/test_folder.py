"""A course folder: made whole or not at all, opened from anywhere inside, with lists as offices send them."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.course.folder import init_course, open_course, read_learners
from vsim.errors import UsageError
from vsim.i18n import set_language


def test_a_new_course_has_what_the_other_commands_need(tmp_path: Path) -> None:
    course = init_course(tmp_path / "hz2026")
    assert course.name == "hz2026"
    assert course.settings.language == "en"
    assert {path.name for path in course.root.iterdir()} >= {
        "course.yaml", "learners.csv", "secret.key", "nbgrader_config.py", "source", "submitted", "inbox"}
    assert course.learners == {}
    inner = course.root / "submitted" / "x"
    inner.mkdir()
    assert open_course(inner).root == course.root


def test_a_course_speaks_the_language_it_was_made_in(tmp_path: Path) -> None:
    set_language("zh_CN")
    assert init_course(tmp_path / "c").settings.language == "zh_CN"


def test_two_courses_have_two_secrets(tmp_path: Path) -> None:
    assert init_course(tmp_path / "a").secret != init_course(tmp_path / "b").secret


@pytest.mark.parametrize("name", ["a b", "课程", "-x", "x" * 41, ""])
def test_a_name_that_cannot_be_part_of_a_seed_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        init_course(tmp_path / "new", name=name or "?")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        init_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_wrong_list_of_learners_stops_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("who\nada\n")
    with pytest.raises(UsageError, match="learner"):
        init_course(tmp_path / "c", learners=tmp_path / "l.csv")
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(("raw", "found"), [
    (b"learner,name\nada,Ada L\nbo,\n", {"ada": "Ada L", "bo": "bo"}),
    ("\ufefflearner;name\r\nAda;Ada\r\n\r\n".encode(), {"ada": "Ada"}),
    ("name\tLearner\n李明\tli.ming\n".encode("gb18030"), {"li.ming": "李明"}),
    (b"learner\n001\n", {"001": "001"}),
])
def test_lists_of_learners_are_read_as_offices_send_them(tmp_path: Path, raw: bytes, found: dict[str, str]) -> None:
    (tmp_path / "l.csv").write_bytes(raw)
    assert read_learners(tmp_path / "l.csv") == found


@pytest.mark.parametrize(("raw", "word"), [
    (b"learner\nada\nADA\n", "l.csv:3"), (b"learner\na/b\n", "l.csv:2"), (b"", "columns"), (b"name\nAda\n", "columns"),
])
def test_a_wrong_line_is_named(tmp_path: Path, raw: bytes, word: str) -> None:
    (tmp_path / "l.csv").write_bytes(raw)
    with pytest.raises(UsageError, match=word):
        read_learners(tmp_path / "l.csv")


@pytest.mark.parametrize(("old", "new", "word"), [
    ("cell_seconds: 30", "cell_seconds: 0", "cell_seconds"), ("language: en", "language: fr", "language"),
    ("weak: false", "weak: maybe", "weak"), ("cell_seconds", "cell_second", "cell_seconds"),
])
def test_wrong_settings_are_named(tmp_path: Path, old: str, new: str, word: str) -> None:
    course = init_course(tmp_path / "c")
    path = course.root / "course.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(UsageError, match=word):
        open_course(course.root)


def test_outside_a_course_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="vsim course init"):
        open_course(tmp_path)
