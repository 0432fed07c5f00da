"""The second part of the demonstration: a lesson that ran, a class of five marked and fed back, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vsim.cli.demo_course import Taught, run_class, run_lesson
from vsim.course import ledger
from vsim.course.folder import open_course
from vsim.course.sample_class import LEARNERS
from vsim.course.unit import sit

pytestmark = [pytest.mark.slow, pytest.mark.needs("jail"),
              pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                         "ignore::sqlalchemy.exc.SAWarning")]
UNIT = "foundation-01-registers-and-rates"
MARKS = {
    "li": [3, 3, 4, 2, 3],                 # the model answer: all
    "wang": [3, 1.5, 0, 0, 3],             # each right part counts; shares in place of rates earn half
    "zhao": [0, 0, 0, 0, 3],               # values of another city are lost; a function is right in any
    "chen": [0, 0, 0, 0, 0],               # untouched
    "sun": [3, 3, 4, 2, 3],                # an error in the first cell costs nothing below it
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("class") / "demo"


@pytest.fixture(scope="module")
def taught(out: Path) -> Taught:
    out.mkdir()
    return run_class(out, lambda _done, _total: None)


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_five_submissions_earn_what_they_must(out: Path, taught: Taught, lang: str) -> None:
    rows = ledger.latest(out / "course" / lang, UNIT)
    found = {who: [score["earned"] for score in rows[who]["scores"].values()] for who in LEARNERS}
    assert found == MARKS
    assert {row.status for row in taught.rows} == {"marked"}


def test_the_copied_numbers_are_right_for_another_city(out: Path, taught: Taught) -> None:
    course = open_course(out / "course" / "en")
    unit = course.unit(UNIT)
    rows = ledger.latest(course.root, UNIT)
    assert rows["zhao"]["answers"]["q1"] == rows["li"]["answers"]["q1"]
    mine, theirs = sit(unit, course.name, "zhao").truth, sit(unit, course.name, "li").truth
    assert (mine.residents, mine.registered, mine.active, mine.lowest) != (
        theirs.residents, theirs.registered, theirs.active, theirs.lowest)
    assert mine.lowest != theirs.lowest


@pytest.mark.parametrize("learner", LEARNERS)
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_feedback_leaks_nothing(out: Path, taught: Taught, learner: str, lang: str) -> None:
    page = (out / "feedback" / f"{learner}.{lang}.html").read_text(encoding="utf-8")
    course = open_course(out / "course" / lang)
    row = ledger.latest(course.root, UNIT)[learner]
    truth = sit(course.unit(UNIT), course.name, learner).truth
    claimed = json.dumps(row["answers"]["q1"])
    for value in (truth.registered, truth.active, truth.by_district["registered"].max()):
        if str(value) not in claimed and learner == "zhao":
            assert f">{value}<" not in page
    for word in ("nunique() / registered" if learner in ("chen",) else "### ", "BEGIN SOLUTION", str(row["seed"]),
                 course.secret.hex(), str(course.root), "def truth", ".probe"):
        assert word not in page, word
    others = set(LEARNERS) - {learner}
    assert not any(f">{LEARNERS[other]}<" in page or f"/{other}/" in page for other in others)
    assert ("你的得分" if lang == "zh_CN" else "Your points") in page
    assert f'lang="{lang.replace("_", "-")}"' in page


def test_the_lesson_runs_in_both_languages_and_stands_beside_the_page(out: Path, taught: Taught) -> None:
    section = run_lesson(out, lambda _done, _total: None)
    assert section.key == "lesson"
    pages = [out / "lesson" / f"lesson.{lang}.html" for lang in ("en", "zh_CN")]
    english, chinese = (path.read_text(encoding="utf-8") for path in pages)
    assert "The truth revealed" in english
    assert "真相" in chinese
    for html in (english, chinese):
        assert "Traceback" not in html
        assert 'src="http' not in html
