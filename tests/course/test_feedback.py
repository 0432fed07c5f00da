"""The feedback page as text: what it tells, and what it must not hold. How it looks: tests/browser/test_feedback.py."""

from __future__ import annotations

import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.course.marked import marked
from vsim.course.feedback import FeedbackExporter
from vsim.course.feedback_letters import two_cuts
from vsim.course.feedback_rows import Row, rows_of, without_places
from vsim.course.feedback_words import facts, moment, remarks, run_sentences, state, total
from vsim.i18n import language, set_language

pytestmark = [pytest.mark.slow, pytest.mark.needs("notebooks")]


def page(notebook: Any, **options: Any) -> str:
    html, _ = FeedbackExporter(**options).from_notebook_node(notebook)
    return str(html)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main>")[2])).split())


def test_the_page_names_learner_unit_points_and_what_is_open() -> None:
    told = words(page(marked()))
    for part in (
        "Feedback: Registers and rates",
        "mei",
        "foundation-01-registers-and-rates",
        "2 of 8 points so far",
        "5 points are still open",
        "1 Three counts 2 of 3 Partly",
        "2 Your decision up to 5",
        "2026-11-26 14:58 UTC",
    ):
        assert part in told, part


def test_the_number_that_nbgrader_reads_is_not_shown() -> None:
    told = words(page(marked()))
    assert "2.0" not in told
    assert "1200" in told  # what the learner's own cell says stays


def test_each_flag_of_the_intake_is_a_sentence() -> None:
    told = words(page(marked()))
    assert "We found several copies of the answer to q1" in told
    assert "duplicate" not in told


def test_the_page_has_no_script_no_address_outside_and_no_path_of_the_machine() -> None:
    html = page(marked(home=str(Path(sys.prefix).parent)))
    assert not re.search(r"<script|https?://|\bsrc=\"(?!data:)", html)
    for path in (sys.prefix, str(Path(sys.prefix).parent), str(Path.home())):
        assert path not in html
    assert "site-packages/pandas/core/frame.py:10" in html


def test_what_a_learner_wrote_cannot_run_or_fetch() -> None:
    answer = (
        '<img src="http://trap.invalid/x" onerror="alert(1)"><script>alert(1)</script>'
        '<iframe src="//trap.invalid"></iframe>'
        "[click](javascript:alert(1)) <svg onload=alert(1)></svg>"
    )
    html = page(marked(answer=answer))
    assert "default-src 'none'" in html
    assert not re.search(r"<script|<iframe|onerror|onload|src=\"(http:)?//", html)
    assert not re.search(r'href="\s*javascript', html)


def test_the_page_speaks_the_language_of_the_notebook_and_leaves_that_of_the_process() -> None:
    set_language("en")
    html = page(marked("zh_CN"))
    assert '<html lang="zh-CN">' in html
    assert "登记册与比率" in words(html)
    assert language() == "en"


def test_a_mark_by_hand_and_a_comment_show_once_they_are_given() -> None:
    notebook = marked()
    notebook.cells[5].metadata.nbgrader.update(score=4.0, comment="**Well** said. <script>alert(1)</script>")
    exporter = FeedbackExporter()
    rows = rows_of(notebook, {"reflection": 4.0})
    assert [row.earned for row in rows] == [2.0, 4.0]
    assert total(rows)["short"] == "6 of 8 points"
    told = words(str(exporter.from_notebook_node(notebook)[0]))
    assert "Comment from your trainer Well said." in told


def test_the_glyphs_come_inside_the_page_when_asked_for() -> None:
    assert "@font-face" not in page(marked("zh_CN"))
    html = page(marked("zh_CN"), dress="vsim.report.fonts.font_face")
    assert html.count("@font-face") == 2                                   # what all pages share, and the rest
    shown = "".join(words(html).split())
    cuts = two_cuts(shown + "王", None, "", "zh_CN")
    assert set("".join(cuts)) >= {letter for letter in shown + "王" if letter.isprintable()}
    assert not set(cuts[0]) & set(cuts[1])
    assert two_cuts("another page", None, "", "en") == cuts[:1]            # so the first is cut only once


def test_a_run_that_ended_early_is_told() -> None:
    assert run_sentences({"died": "memory", "unfinished": [3, 4]})[0].startswith("The kernel and what it started")
    assert "before all of it had run" in run_sentences({"died": None, "deadline": True})[0]
    assert "2" in run_sentences({"died": "memory", "unfinished": [3, 4]})[1]
    assert run_sentences({"died": None, "deadline": False, "unfinished": [], "cut": []}) == []


@pytest.mark.parametrize(
    ("earned", "by_hand", "said"),
    [
        (None, True, "Open: a person marks this"),
        (4.0, False, "Right"),
        (2.0, False, "Partly"),
        (0.0, False, "Not yet"),
        (2.0, True, "Marked by a person"),
    ],
)
def test_a_task_stands_in_words(earned: float | None, by_hand: bool, said: str) -> None:
    assert state(Row("q1", "One", earned, 4.0, by_hand, False)) == said


def test_a_broken_date_or_flag_breaks_no_page() -> None:
    assert moment("yesterday") == ""
    assert moment(None) == ""
    assert remarks([["duplicate", "q1"], ["odd"], ["unknown-code", None]])[1:] == ["unknown-code"]
    assert facts("", "mei", {}, {}) == [("Learner", "mei")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/srv/wang/.venv/lib/python3.11/site-packages/pandas/io.py:10", "site-packages/pandas/io.py:10"),
        (r"C:\Users\wang\venv\Lib\site-packages\pandas\io.py", r"site-packages\pandas\io.py"),
        ("/usr/lib/python3.11/json/decoder.py", "lib/python3.11/json/decoder.py"),
        ("data/volunteers.csv and https://example.org/a/b", "data/volunteers.csv and https://example.org/a/b"),
    ],
)
def test_paths_are_cut_where_the_library_begins(text: str, kept: str) -> None:
    assert without_places(text) == kept
