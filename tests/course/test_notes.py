"""Trainer's notes: six parts, minutes that add up, in the reader's language, and never in what a learner gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.course.small_course import unit_folder
from vsim.course.folder import curriculum_folder
from vsim.course.notes import PARTS, notes_faults, notes_notebook
from vsim.course.unit import Unit

pytestmark = pytest.mark.needs("notebooks")
BODY = "Enough words to say something here."


def noted(root: Path, **parts: str) -> Unit:
    folder = unit_folder(root)
    told = dict.fromkeys(PARTS, BODY) | {"Timing": "| minutes | what |\n| --- | --- |\n| 2 | this |\n| 3 | that |"}
    text = "# Notes\n\n" + "".join(f"## {name}\n\n{body}\n\n" for name, body in (told | parts).items())
    (folder / "notes.md").write_text(text, encoding="utf-8")
    return Unit(folder)


def test_whole_notes_have_no_fault(tmp_path: Path) -> None:
    assert notes_faults(noted(tmp_path)) == []


@pytest.mark.parametrize(("parts", "word"), [
    ({"Goals": "-"}, "'Goals' is missing or says nothing"), ({"Aims": BODY}, "'Aims' is none of"),
    ({"Timing": "| minutes | what |\n| --- | --- |\n| 7 | everything at once |"}, "add up to 7; allowed 5"),
])
def test_a_fault_is_named(tmp_path: Path, parts: dict[str, str], word: str) -> None:
    (found,) = notes_faults(noted(tmp_path, **parts))
    assert word in found


def test_missing_notes_are_a_fault(tmp_path: Path) -> None:
    assert "notes.md is missing" in notes_faults(Unit(unit_folder(tmp_path)))[0]


def test_the_page_has_notes_and_rubric_in_both_languages() -> None:
    shipped = curriculum_folder()
    assert shipped is not None
    unit = Unit(shipped / "foundation" / "01-registers-and-rates")
    assert notes_faults(unit) == []
    english, chinese = (notes_notebook(unit, lang) for lang in ("en", "zh_CN"))
    assert [len(book.cells) for book in (english, chinese)] == [2, 2]
    assert english.cells[1].source.startswith("## Rubric")
    assert "## 目标" in chinese.cells[0].source
    assert "Goals" not in chinese.cells[0].source
