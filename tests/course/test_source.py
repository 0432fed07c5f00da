"""A source is read whole, or refused in one line that names file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.course.samples import HEAD, LESSON, PARAMETERS, SYLLABUS, UNIT, code, parsed, text
from vsim.course.source import headings, parse_source, read_source
from vsim.course.syllabus import Syllabus
from vsim.errors import UsageError

WORD = st.text(st.sampled_from("abc xyz"), min_size=1, max_size=12).map(str.strip).filter(bool)


def refused(source: str, kind: str = "lesson") -> str:
    """Return the message that refuses a text; it is one line that begins with the file."""
    with pytest.raises(UsageError) as caught:
        parse_source(source, Path("01-x.md"), kind)  # type: ignore[arg-type]
    message = str(caught.value)
    assert message.startswith("01-x.md")
    assert "\n" not in message
    return message


def test_the_lesson_is_read_with_its_syllabus_cells_tags_and_lines() -> None:
    source = read_source(LESSON)
    assert source.kind == "lesson"
    assert source.syllabus == Syllabus(
        "management/01-small-town", "Who serves in a small town", "foundation", "management", 30,
        ("Name the denominator of a rate", "Compute the active share of a register"), ("rates",), ("VII.3.b",), (),
        ("riverside",),
    )
    assert [cell.kind[0] for cell in source.cells] == list("mmcmccmcm")
    assert source.cells[2].tags == ("parameters",)
    lines = LESSON.read_text(encoding="utf-8").splitlines()
    for cell in source.cells:
        assert lines[cell.line - 1] in (cell.source.splitlines()[0], "---"), cell.id
    assert source.checks.name == "01-small-town.py"
    assert source.catalogue.name == "01-small-town.zh_CN.po"


def test_the_unit_is_read_with_what_nbgrader_needs_complete() -> None:
    source = read_source(UNIT)
    assert (source.kind, source.stem, source.checks.name) == ("unit", "foundation-01-small-town", "checks.py")
    cells = {cell.id: cell for cell in source.cells}
    assert list(cells) == ["intro", "setup", "question-1-1", "q1", "q1-tests", "q2"]
    assert cells["q1-tests"].metadata["nbgrader"] == {
        "cell_type": "code", "grade": True, "grade_id": "q1-tests", "locked": True, "points": 4, "schema_version": 3,
        "solution": False, "task": False,
    }
    assert cells["q2"].metadata["nbgrader"]["points"] == 2.5
    assert "### BEGIN SOLUTION" in cells["q1"].source


def test_ids_follow_the_heading_and_stay_when_a_cell_is_added_elsewhere() -> None:
    body = "# One\n\n" + code("1") + "\n## Two\n\n" + code("2")
    before = [cell.id for cell in parsed(body).cells]
    assert before == ["01-x-1", "one-1", "one-2", "two-1", "two-2"]
    more = body.replace("## Two", f"{code('new')}\n## Two")
    assert [cell.id for cell in parsed(more).cells][-2:] == before[-2:]


def test_ids_are_the_same_with_and_without_claims_and_valid_for_nbformat() -> None:
    body = "# 登记册\n\n" + code("assert 1", "tags: [claim]") + "\n" + code("2") + "\n# " + "long " * 40 + "\n"
    ids = [cell.id for cell in parsed(body).cells]
    assert ids[:4] == ["01-x-1", "01-x-2", "01-x-3", "01-x-4"]
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in ids)
    assert len(set(ids)) == len(ids)


def test_a_grade_id_that_looks_like_another_cell_s_id_is_no_clash() -> None:
    body = "# One\n\n" + code("1", "nbgrader: {grade_id: one-2, locked: true}") + "\n" + code("2")
    assert [cell.id for cell in parsed(body).cells] == ["01-x-1", "one-1", "one-2", "one-3"]


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(["# ", "", "## "]), WORD), max_size=8))
@settings(max_examples=60)
def test_ids_are_always_different(blocks: list[tuple[str, str]]) -> None:
    body = "".join(f"{mark}{words}\n\n+++\n\n" for mark, words in blocks)
    ids = [cell.id for cell in parsed(body).cells]
    assert len(set(ids)) == len(ids)
    assert ids == [cell.id for cell in parsed(body).cells]


@given(st.lists(st.one_of(
    st.tuples(st.just("code"), st.sampled_from(["x = 1", "a\n\nb", "---\n", ":x", "'```'", "~~~\nx", "# 注释\n%m"])),
    st.tuples(st.just("markdown"), st.sampled_from(["# A", "words\nmore", "- a\n- b", "```\nx\n```", "> q", "服务"])),
), min_size=1, max_size=6))
@settings(max_examples=60)
def test_cells_written_by_jupytext_are_read_back_the_same(cells: list[tuple[str, str]]) -> None:
    from jupytext.myst import notebook_to_myst
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    make = {"code": new_code_cell, "markdown": new_markdown_cell}
    notebook = new_notebook(cells=[make[kind](words) for kind, words in cells])
    source = parse_source(f"{HEAD}{SYLLABUS}---\n\n{PARAMETERS}\n" + notebook_to_myst(notebook), Path("01-x.md"))
    assert [(cell.kind, cell.source.strip()) for cell in source.cells[1:]] == [(k, w.strip()) for k, w in cells]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain = LESSON.read_text(encoding="utf-8")
    for name, raw in (("a.md", "\ufeff" + plain), ("b.md", plain.replace("\n", "\r\n"))):
        (tmp_path / name).write_bytes(raw.encode())
        read = read_source(tmp_path / name)
        assert [(cell.source, cell.id, cell.line) for cell in read.cells] == [
            (cell.source, cell.id, cell.line) for cell in read_source(LESSON).cells
        ]


def test_headings_are_found_outside_code_only() -> None:
    assert headings("# A\n\n```python\n# no\n```\n\n## B ##\n") == ["A", "B"]


@pytest.mark.parametrize(("change", "line", "words"), [
    (("title: A title", "titel: A title"), 7, "Did you mean 'title'?"),
    (("tier: foundation", "tier: foundations"), 8, "Did you mean 'foundation'?"),
    (("track: management", "track: managing"), 9, "which is not known"),
    (("minutes: 30", "minutes: half an hour"), 10, "allowed a whole number from 1 to 600"),
    (("minutes: 30", "minutes: 0"), 10, "allowed a whole number"),
    (("objectives: [Do it]", "objectives: Do it"), 11, "allowed a list"),
    (("objectives: [Do it]", "objectives: []"), 11, "at least one objective"),
    (("objectives: [Do it]", "objectives: [a, a]"), 11, "twice"),
    (("clauses: [VII.3.b]", "clauses: [VII.3.z]"), 13, "is not known"),
    (("id: management/01-x", "id: Management 01"), 6, "small letters"),
    (("title: A title", "title: 2024"), 7, "Put a number or a date in quotes"),
    (("  title: A title\n", ""), 5, "lacks title"),
    (("format_name: myst", "format_name: markdown"), 3, "allowed myst"),
    (("  text_repr", "  formats: 'ipynb,md'\n  text_repr"), 3, "Remove the line"),
    (("name: python3", "name: ir"), 4, "allowed python3"),
    (("kernelspec:", "kernelspecs:"), 4, "Did you mean 'kernelspec'?"),
])
def test_a_wrong_front_matter_is_refused_with_its_line(change: tuple[str, str], line: int, words: str) -> None:
    assert change[0] in text()
    message = refused(text().replace(*change))
    assert message.startswith(f"01-x.md:{line}: ")
    assert words in message


def test_a_source_without_front_matter_is_refused() -> None:
    assert "has no front matter" in refused("# A lesson\n")


@pytest.mark.parametrize(("options", "words"), [
    ("nbgrader: {grade_id: q1, locked: true, pints: 3}", "Did you mean 'points'?"),
    ("nbgrader: {grade_id: q1, grade: true, locked: true}", "q1 has no points"),
    ("nbgrader: {grade_id: q1, grade: true, locked: true, points: -1}", "from 0 to 1000"),
    ("nbgrader: {grade_id: q1, grade: true, locked: true, points: many}", "from 0 to 1000"),
    ("nbgrader: {grade_id: q1, grade: true, points: 1}", "Set locked: true"),
    ("nbgrader: {grade_id: q1, solution: true, locked: true}", "could not answer"),
    ("nbgrader: {grade_id: q1, locked: true, points: 2}", "is not graded"),
    ("nbgrader: {grade_id: q 1, locked: true}", "grade_id is q 1"),
    ("nbgrader: {locked: true}", "grade_id is empty"),
    ("nbgrader: {grade_id: q1}", "has no purpose"),
    ("nbgrader: {grade_id: q1, locked: yes please}", "allowed true or false"),
    ("nbgrader: {grade_id: q1, locked: true, schema_version: 1}", "allowed 3"),
    ("nbgrader: {grade_id: q1, task: true, points: 1}", "allowed Markdown with task"),
    ("nbgrader: locked", "allowed keys with values"),
    ("tags: claim", "01-x.md:22: the metadata of the cell cannot be read"),
    ("tags: [claims]", "Did you mean 'claim'?"),
    ("tag: [claim]", "Did you mean 'tags'?"),
    ("tags: [claim", "01-x.md:22: the metadata of the cell cannot be read"),
])
def test_wrong_metadata_of_a_cell_are_refused(options: str, words: str) -> None:
    message = refused(text(code("1", options)))
    assert words in message


@pytest.mark.parametrize("flags", ['"grade": true, "points": 1', '"solution": true'])
def test_a_graded_text_without_solution_or_the_reverse_is_refused(flags: str) -> None:
    body = f'+++ {{"nbgrader": {{"grade_id": "q1", {flags}}}}}\n\nWhy?\n'
    assert "grade and solution together" in refused(text(body))


def test_a_task_cell_is_understood() -> None:
    body = '+++ {"nbgrader": {"grade_id": "essay", "task": true, "points": 5, "locked": true}}\n\nWrite.\n'
    assert parsed(body, "unit").cells[0].metadata["nbgrader"]["task"] is True


@pytest.mark.parametrize(("body", "words"), [
    (code("1", "nbgrader: {grade_id: q1, locked: true}") * 2, "stands on line 23 already"),
    ("```{code-cell} r\n1\n```\n", "is in r; allowed Python"),
    ("```{raw-cell}\n1\n```\n", "raw cell"),
    ("```{code-cell}\nx = 1\n", "is never closed"),
    ("+++ {nbgrader: 1}\n\nwords\n", "cannot be read"),
    (PARAMETERS, "a second cell is tagged parameters"),
    ('+++ {"tags": ["parameters"]}\n\nwords\n', "is Markdown; allowed code"),
])
def test_cells_that_cannot_work_are_refused(body: str, words: str) -> None:
    assert words in refused(text(body))


def test_a_lesson_without_a_parameters_cell_is_refused_and_a_unit_is_not() -> None:
    assert "no cell is tagged parameters" in refused(text(parameters=""))
    assert parsed("# A unit", "unit").cells[0].source == "# A unit"
