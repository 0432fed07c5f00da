"""The second part of the demonstration: a lesson run, a unit released, five submissions graded and fed back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vsim.course.collecting import collect_unit
from vsim.course.folder import Course, init_course, write_learners
from vsim.course.grading import Graded, grade
from vsim.course.html import page
from vsim.course.jail import tier
from vsim.course.ledger import latest
from vsim.course.lessons import notebooks_folder, open_source
from vsim.course.release import release
from vsim.course.running import run
from vsim.course.sample_class import LEARNERS, STORIES, hand_in
from vsim.errors import VsimError
from vsim.i18n import LANGUAGES
from vsim.report.fonts import font_face
from vsim.report.page_content import Section
from vsim.report.page_course import Handed, course_section, lesson_section
from vsim.report.words import both, speaking

LESSON = "management/01-registers-and-rates"
UNIT = "foundation/01-registers-and-rates"
Move = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Taught:
    """What the page says of the course: its sections, and the rows of the class."""

    sections: tuple[Section, ...]
    rows: tuple[Graded, ...]


def run_lesson(out: Path, move: Move) -> Section:
    """Run the lesson through papermill in both languages, and write each as one page."""
    source = open_source(LESSON, notebooks_folder())
    addresses = {}
    for place, lang in enumerate(LANGUAGES, start=1):
        outcome = run(source, (), lang, scratch=out.parent)
        if outcome.failure is not None:
            told = f"lesson {LESSON} ({lang}): {outcome.failure}."
            raise VsimError(f"{told} Run it by itself: vsim notebook run {LESSON}")
        path = out / "lesson" / f"lesson.{lang}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(outcome.notebook, font_face), encoding="utf-8", newline="\n")
        addresses[lang] = path.relative_to(out).as_posix()
        move(place, len(LANGUAGES))
    return lesson_section(source.syllabus.title, source.syllabus.minutes, addresses)


def run_class(out: Path, move: Move) -> Taught:
    """Release the unit to five learners in each language, take in what they hand in, grade it and feed it back."""
    rows: dict[str, list[Graded]] = {}
    weak = tier() == "none"
    for place, lang in enumerate(LANGUAGES):
        with speaking(lang):
            course = _course(out / "course" / lang)
            name = release(course, UNIT).unit
            unit = course.unit(name)
            hand_in(course, unit, course.place("inbox"))
            collect_unit(course, name)
            rows[lang] = grade(course, name, allow_weak=weak, progress=_half(move, place))
            _keep_feedback(course, name, out, lang)
    first = rows[LANGUAGES[0]]
    tasks = [task.id for task in unit.checks.tasks]
    scores = latest(course.root, name)
    handed = [
        Handed(LEARNERS[row.learner], both(STORIES[row.learner]),
               tuple(scores[row.learner]["scores"][task]["earned"] for task in tasks), row.earned,
               {lang: f"feedback/{row.learner}.{lang}.html" for lang in LANGUAGES})
        for row in first if row.learner in scores
    ]
    most = tuple(float(task.points) for task in unit.checks.tasks)
    section = course_section(unit.source.syllabus.title, tasks, most, handed, jailed=not weak)
    return Taught((section,), tuple(first))


def _half(move: Move, place: int) -> Move:
    """Return the movement of one of two halves of a bar."""
    return lambda done, total: move(place * total + done, 2 * total)


def _course(folder: Path) -> Course:
    course = init_course(folder, name="course")
    write_learners(folder / "learners.csv", LEARNERS)
    return Course(course.root, course.settings)


def _keep_feedback(course: Course, name: str, out: Path, lang: str) -> None:
    for learner in course.learners:
        made = course.place("feedback", learner, name, f"{name}.html")
        kept = out / "feedback" / f"{learner}.{lang}.html"
        kept.parent.mkdir(parents=True, exist_ok=True)
        if made.is_file():
            shutil.copyfile(made, kept)
