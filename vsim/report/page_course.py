"""The parts of the demonstration's page about the course: a lesson that was run, a class that was marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vsim.report.page_content import Note, Section, Table, Text
from vsim.report.words import Bilingual, both


@dataclass(frozen=True, slots=True)
class Handed:
    """One submission on the page: who, what was handed in, points by task and in all, where the feedback stands."""

    learner: str
    story: Bilingual
    points: tuple[float, ...]
    total: float
    feedback: Mapping[str, str]


def addressed(words: str, addresses: Mapping[str, str]) -> Bilingual:
    """Return a link that leads to the page of the reader's language."""
    text = both(words)
    return Bilingual(f"[{text.en}]({addresses['en']})", f"[{text.zh}]({addresses['zh_CN']})")


def points(value: float) -> str:
    """Return points without needless zeros."""
    return f"{value:g}"


def lesson_section(title: str, minutes: int, addresses: Mapping[str, str]) -> Section:
    """Return the section about the lesson.

    Parameters
    ----------
    title : str
        English message.
    minutes : int
        Time that a learner needs.
    addresses : mapping of str to str
        Relative addresses of the lesson as a page, by language.
    """
    blocks = (
        both("A lesson is one text in English with a Chinese catalogue beside it; both notebooks are built from it, "
             "with the same code. This is the first one, {title}, for about {minutes} minutes, run from top to bottom "
             "just now:",
             {"title": both(title), "minutes": minutes}),
        addressed("Read the lesson as it ran", addresses),
        Note(both("To work in it: `make lab` opens JupyterLab on the lesson, `LANG_UI=zh_CN make lab` in Chinese.")),
    )
    return Section("lesson", both("The lesson"), blocks)


def course_section(title: str, tasks: Sequence[str], most: Sequence[float], handed: Sequence[Handed], *, jailed: bool,
                   ) -> Section:
    """Return the section about the graded unit and the five who handed it in.

    Parameters
    ----------
    title : str
        English message, the unit's title.
    tasks : sequence of str
        Ids of the tasks.
    most : sequence of float
        Points of each task.
    handed : sequence of Handed
    jailed : bool
        Whether the learners' code ran in the jail.
    """
    head: tuple[Text, ...] = (both("Learner"), both("Handed in"), *tasks, both("Points"), both("Feedback"))
    rows: list[tuple[Text, ...]] = [
        (one.learner, one.story, *(points(value) for value in one.points), points(one.total),
         addressed("open", one.feedback)) for one in handed
    ]
    rows.append((both("Most"), "", *(points(value) for value in most), points(sum(most)), ""))
    table = Table(
        caption=both("Five submissions of the unit {title}", {"title": both(title)}), head=head, rows=tuple(rows),
        numeric=frozenset(range(2, 3 + len(tasks))),
        note=both("Points of the tasks that the computer marks. A person marks the written answer, in formgrader."),
    )
    where = (
        both("The learners' code ran in a jail, without network and without sight of anything but the learner's data.")
        if jailed else both("This machine has no jail, so the learners' code ran without one.")
    )
    blocks = (
        both("Each learner has a city of their own, drawn from a seed. What a notebook says is only an answer: it is "
             "held against the truth of that city outside the notebook, so a number from a neighbour's city is wrong "
             "here."),
        table,
        Note(where),
    )
    return Section("course", both("The graded unit"), blocks)
