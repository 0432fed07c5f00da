"""What a learner wrote or printed is harmless and of bounded size before a browser, or anything else, looks at it."""

from __future__ import annotations

import time
import warnings
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytestmark = [pytest.mark.slow, pytest.mark.needs("notebooks")]

GRADED = {"nbgrader": {"grade": True, "solution": True, "locked": False, "grade_id": "words", "points": 1}}
CHECK = {"nbgrader": {"grade": True, "solution": False, "locked": True, "grade_id": "q1-check", "points": 1}}


def cleaned(*cells: Any) -> list[Any]:
    """Return cells as they are after cleaning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from vsim.course.cleaning import ATTRIBUTES, TAGS, CleanNotebook, lightened

    link = CleanNotebook()
    link.tags, link.attributes, link.strip = TAGS, ATTRIBUTES, True
    notebook = new_notebook(cells=list(cells))
    lightened(notebook)
    found: list[Any] = link.preprocess(notebook, {})[0].cells
    return found


def shown(**data: Any) -> Any:
    return new_output("display_data", {key.replace("_", "/"): value for key, value in data.items()},
                      metadata={"image/png": {"width": '"><script>'}})


def printed(text: str) -> Any:
    return new_output("stream", name="stdout", text=text)


def test_an_honest_text_and_table_stay_as_they_are() -> None:
    words = "Of **10,300** residents 29 % are registered: $r = \\frac{3}{10}$.\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    table = "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
    text, code = cleaned(new_markdown_cell(words, metadata=GRADED),
                         new_code_cell("x = 1", outputs=[shown(text_html=table, text_plain="a 1"), printed("ok\n")]))
    assert text.source == words
    assert code.outputs[0]["data"] == {"text/html": table, "text/plain": "a 1"}
    assert code.outputs[1]["text"] == "ok\n"


@pytest.mark.parametrize("command", [
    "$\\href{javascript:x}{y}$", "$\\ href{javascript:x}{y}$", "$&#92;href{javascript:x}{y}$",
    "$&bsol;href{javascript:x}{y}$", "$\\&#104;ref{javascript:x}{y}$", "$\\require{html}\\style{x}{y}$",
    "$\\def\\x{y}$"])
def test_commands_of_formulas_that_make_links_lose_their_backslash(command: str) -> None:
    text, = cleaned(new_markdown_cell(command, metadata=GRADED))
    assert "\\" not in text.source
    assert "&#92" not in text.source
    assert "&bsol" not in text.source


def test_only_kinds_that_run_nothing_stay_and_pictures_must_be_pictures() -> None:
    bad = '"><script>x</script>'
    cell, = cleaned(new_code_cell("x", outputs=[
        shown(text_latex=bad), shown(**{"image_svg+xml": bad}), shown(application_javascript=bad), shown(image_png=bad),
        shown(image_png="iVBORw0KGgo=\n", text_plain="figure")]))
    assert [output["data"] for output in cell.outputs] == [{"image/png": "iVBORw0KGgo=\n", "text/plain": "figure"}]
    assert cell.outputs[0]["metadata"] == {}


def test_check_cells_keep_all_their_outputs_since_answers_are_among_them() -> None:
    outputs = [printed("x" * 400_000), *[shown(text_plain=str(number)) for number in range(1_500)]]
    check, other = cleaned(new_code_cell("check", outputs=outputs, metadata=CHECK), new_code_cell("x", outputs=outputs))
    assert len(check.outputs) == 1_501
    assert len(other.outputs) <= 1_001


def test_what_is_left_out_is_said() -> None:
    cells = cleaned(*[new_code_cell("x", outputs=[printed("line\n" * 30_000)]) for _ in range(5)],
                    new_markdown_cell("long " * 10_000, metadata=GRADED))
    assert sum(len(output["text"]) for cell in cells[:5] for output in cell.outputs) < 510_000
    assert ["left out" in cell.outputs[-1]["text"] for cell in cells[:5]] == [False, False, True, True, True]
    assert cells[5].source.startswith("long long")
    assert "left out" in cells[5].source
    assert len(cells[5].source) < 21_000


@pytest.mark.parametrize("text", [
    "<b><i>", "<ul><li>", "<div>", "</p>", "<p>", "<a ", "<", "&", "<!--", "\\begin{a}", "$a", "[", "- ",
    "a" + " " * 999, "`a", "<table><td>"])
def test_texts_that_converters_choke_on_take_bounded_time(text: str) -> None:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    begun = time.process_time()
    long = text * (200_000 // len(text))
    cells = cleaned(new_markdown_cell(long, metadata=GRADED), *[new_markdown_cell(long) for _ in range(20)],
                    new_code_cell("x", outputs=[shown(text_html=long, text_plain=long) for _ in range(5)]))
    for cell in cells[:-1]:
        markdown2html_mistune(cell.source)
    assert time.process_time() - begun < 30


def test_code_is_cut_where_nobody_reads_on_and_stays_otherwise() -> None:
    whole = "rate = 100 * active / registered\n" * 200
    plain, endless = cleaned(new_code_cell(whole), new_code_cell("a." * 40_000 + "b\nx = 1"))
    assert plain.source == whole
    assert len(endless.source) < 2_000
    assert endless.source.endswith("x = 1")
