"""A marked notebook as it stands in autograded/, in either language, for tests of the feedback page."""

from __future__ import annotations

from typing import Any

from vsim.course.marks import sheet_of
from vsim.course.replies import Reply
from vsim.course.tasks import Criterion, Score
from vsim.course.words import Said, Words, t

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TEXTS = {
    "en": ("# Registers and rates", "## 1 Three counts", "## 2 Your decision", "I would count *served* people first."),
    "zh_CN": (
        "# 登记册与比率",
        "## 1 三个人数",
        "## 2 你的决定",
        "我会先数**服务过的人**,再谈登记人数:每100人中有多少?",
    ),
}
FLAGS = [["old-format", None], ["duplicate", "q1"], ["locked-edited", "q1-text"]]


def marks(name: str, **more: Any) -> dict[str, Any]:
    return {
        "nbgrader": {
            "grade": False,
            "grade_id": name,
            "locked": False,
            "schema_version": 3,
            "solution": False,
            "task": False,
            **more,
        }
    }


def sheet(earned: float, lang: str) -> str:
    """Return the sheet of a task with one part right and one wrong."""
    criteria = (
        Criterion(t("Residents of volunteering age"), 1.0, 2.0, ""),
        Criterion(t("Active volunteers in the last 52 weeks"), 0.0, 1.0, Said("No answer arrived from this cell.")),
    )
    return sheet_of(Score("q1", earned, 3.0, criteria), Reply({}), Words(lang)).html


def marked(lang: str = "en", answer: str | None = None, home: str = "/srv/wang") -> Any:
    """Return a notebook of one computed task and one written answer; a trainer has not yet been at it."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    title, first, second, written = TEXTS[lang]
    path = f"{home}/.venv/lib/python3.11/site-packages/pandas/core/frame.py"
    cells = [
        new_markdown_cell(f"{title}\n\nThe rate is $\\frac{{a}}{{b}}$.", metadata=marks("intro", locked=True)),
        new_markdown_cell(first, metadata=marks("q1-text", locked=True)),
        new_code_cell(
            "residents = 1200\nresidents",
            metadata=marks("q1", solution=True),
            outputs=[
                new_output("execute_result", {"text/plain": "1200"}, execution_count=1),
                new_output("stream", name="stderr", text=f"{path}:10: FutureWarning: soon\n"),
                new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"}),
                new_output(
                    "error",
                    ename="ValueError",
                    evalue="no",
                    traceback=[f"\x1b[31mValueError\x1b[39m in \x1b[32m{path}:10\x1b[39m", "no"],
                ),
            ],
        ),
        new_code_cell(
            'unit.check("q1")',
            metadata=marks("q1-check", grade=True, locked=True, points=3),
            outputs=[new_output("execute_result", {"text/plain": "2.0", "text/html": sheet(2.0, lang)})],
        ),
        new_markdown_cell(second, metadata=marks("reflection-text", locked=True)),
        new_markdown_cell(
            written if answer is None else answer, metadata=marks("reflection", grade=True, solution=True, points=5)
        ),
    ]
    cells[2].metadata.nbgrader.comment = None
    cells[3].metadata.nbgrader.score = 2.0
    cells[5].metadata.nbgrader.score = 0.0
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    vsim = {
        "lang": lang,
        "unit": "foundation-01-registers-and-rates",
        "learner": "mei",
        "flags": FLAGS,
        "arrived": "2026-11-26T14:58:16+00:00",
    }
    return new_notebook(cells=cells, metadata={"vsim": vsim, "language_info": {"name": "python"}})
