"""What a learner gave, part by part, beside what was expected in form: for the feedback page, from the ledger's line.

The right value is not told: an open unit may be handed in again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vsim.course.answers import Choice, Form, FormError, Function, Number, Table
from vsim.course.forms import dealt
from vsim.course.tasks import Task
from vsim.course.words import Said, Words, t

MOST = 120                                                                     # characters of an answer that are shown


@dataclass(frozen=True, slots=True)
class Given:
    """One part of an answer: its name, what was given and what was expected, in words."""

    name: str
    got: str
    wanted: str


def given_parts(task: Task, answer: object, seed: int, words: Words) -> list[Given]:
    """Return the parts of a learner's answer to a task.

    Parameters
    ----------
    task : Task
    answer : object
        What the ledger keeps: plain values by name, or None.
    seed : int
        Seed of the learner's city, by which options were dealt.
    words : Words
        Of the unit, in the language of the page.
    """
    claimed = answer if isinstance(answer, Mapping) else {}
    return [Given(part.name, _got(part, claimed.get(part.name), words), _wanted(part, words))
            for part in dealt(task.parts, seed)]


def _got(part: Form, value: Any, words: Words) -> str:
    if value is None:
        return words(t("nothing"))
    try:
        read = part.read(value)
    except FormError as error:
        return words(error.said)
    if isinstance(part, Choice) and isinstance(read, int):
        letter = part.letters[part.seen.index(read)]
        text = words(part.texts[read])
        return text if letter == text else f"{letter}: {text}"
    if isinstance(part, Table) and isinstance(read, dict):
        return words(Said(t("a table of {n} rows"), {"n": len(read)}))
    if isinstance(part, Function) and isinstance(read, list):
        return words(Said(t("a function; {n} of {total} trials gave a value"),
                          {"n": sum(item is not None for item in read), "total": len(read)}))
    return f"{read:,}" if isinstance(read, int) else f"{read:,.6g}" if isinstance(read, float) else str(read)[:MOST]


def _wanted(part: Form, words: Words) -> str:
    """Return in words what form is expected."""
    if isinstance(part, Number):
        kind = t("a whole number ({unit})") if part.whole else t("a number ({unit})")
        bare = t("a whole number") if part.whole else t("a number")
        return words(Said(kind, {"unit": Said(part.unit)}) if part.unit else bare)
    if isinstance(part, Choice):
        return words(Said(t("one of {options}"), {"options": ", ".join(part.letters)}))
    if isinstance(part, Table):
        return words(Said(t("a table with one row for each {key} and the columns {columns}"),
                          {"key": part.key, "columns": ", ".join(part.columns)}))
    return words(Said(t("a function that also works on inputs that you have not seen")))
