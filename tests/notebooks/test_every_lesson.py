"""What holds of every lesson: parts, front matter, Chinese, editions; and that it runs, untouched and filled."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.repo import ROOT
from tests.notebooks.runs import filled, problems, text_of
from vsim.course.catalogues import messages_of, translations
from vsim.course.checks import load_checks
from vsim.course.competencies import read_competencies
from vsim.course.editions import generate_notebook
from vsim.course.front_matter import circles, circles_of, front_matter_faults
from vsim.course.lessons import lessons
from vsim.course.running import run
from vsim.course.source import Source, read_source

LESSONS = lessons(ROOT / "notebooks")
UNITS = sorted((ROOT / "curriculum").glob("*/*/assignment.md"))
EVERY = pytest.mark.parametrize("name", sorted(LESSONS))
PARTS = ("decision", "worked example|in three steps|in four steps", "your turn", "predict", "truth", "key ideas",
         "pitfalls")
CHINESE = re.compile("[\\u4e00-\\u9fff]")
pytestmark = pytest.mark.needs("notebooks")


@cache
def source(name: str) -> Source:
    return read_source(LESSONS[name])


@EVERY
def test_a_lesson_has_the_parts_of_a_lesson(name: str) -> None:
    prose = "\n".join(cell.source for cell in source(name).cells if cell.kind != "code").lower()
    heads = "\n".join(line for line in prose.splitlines() if line.startswith("#"))
    assert [part for part in PARTS if not re.search(part, heads)] == []
    tags = [tag for cell in source(name).cells for tag in cell.tags]
    assert tags.count("parameters") == 1
    assert tags.count("claim") >= 3
    for task in load_checks(LESSONS[name].with_suffix(".py")).tasks:
        assert f'lesson.check("{task.id}")' in "".join(cell.source for cell in source(name).cells)
        assert task.solution
        assert task.code
        assert len(task.hints) >= 2


@pytest.mark.parametrize("path", [*LESSONS.values(), *UNITS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_front_matter_keeps_what_it_promises(path: Path) -> None:
    competencies = read_competencies(ROOT / "curriculum" / "competencies.yaml")
    data = [folder.name for folder in (ROOT / "datasets").iterdir()]
    assert front_matter_faults(read_source(path), known=LESSONS, competencies=competencies, data=data) == []


def test_no_lesson_comes_before_itself() -> None:
    assert circles(ROOT / "notebooks") == []
    assert circles_of({"a": ["b", "c"], "b": ["c"], "c": ["d"], "d": ["b"]}) == ["b > c > d > b"]
    assert circles_of({"a": ["a"]}) == ["a > a"]
    assert circles_of({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", [*LESSONS.values(), *UNITS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_chinese_catalogue_is_complete(path: Path) -> None:
    found = read_source(path)
    said = translations(found)
    assert [str(fault) for fault in said.faults] == []
    assert {message for message, text in said.known.items() if message == text and CHINESE.search(text) is None
            and len(message) > 3} == set()
    assert set(said.known) == set(messages_of(found))


@pytest.mark.slow
@EVERY
def test_a_lesson_runs_untouched_with_its_claims_and_without_a_warning(name: str) -> None:
    outcome = run(source(name), lang="en", claims=True, scratch=ROOT / "build")
    assert problems(outcome) == []
    assert outcome.faults == ()
    assert CHINESE.search(text_of(outcome)) is None


@pytest.mark.slow
@EVERY
def test_a_learner_who_fills_every_gap_is_told_in_chinese_that_all_is_right(name: str) -> None:
    checks = load_checks(LESSONS[name].with_suffix(".py"))
    outcome = run(filled(source(name), checks), lang="zh_CN", claims=True, scratch=ROOT / "build")
    assert problems(outcome) == []
    shown = text_of(outcome)
    assert CHINESE.search(shown)
    for task in checks.tasks:
        (told,) = re.findall(rf"<b>{task.id}：(\d+) 项中 (\d+)", shown)                 # "3 of 3", said in Chinese
        assert told[0] == told[1], task.id
    assert not re.search(r"<img(?![^>]*\balt=\"[^\"]{20,})", shown)             # every picture has a description


@pytest.mark.slow
@EVERY
def test_both_editions_have_the_same_code_and_the_learners_copy_has_no_claims(name: str) -> None:
    english, chinese = (generate_notebook(source(name), lang) for lang in ("en", "zh_CN"))
    code = [[cell.source for cell in book.cells if cell.cell_type == "code"] for book in (english, chinese)]
    assert code[0] == code[1]
    assert [cell for cell in code[0] if "assert " in cell] == []
    folded = {"hide-input", "claim"}
    open_cells = [cell.source for cell in source(name).cells if cell.kind == "code" and not folded & set(cell.tags)]
    assert max(len(line) for code in open_cells for line in code.splitlines()) <= 78     # nothing needs scrolling
