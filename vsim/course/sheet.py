"""What a learner sees after a check, a hint or a solution: a few lines, as text and as HTML without scripts.

No colour or sign carries a meaning alone: each line begins with a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from vsim.course.answers import Choice, Form, FormError, Table
from vsim.course.tasks import Criterion, Score, Task
from vsim.course.words import Words, t

Tone = Literal["right", "partly", "wrong", "plain"]
EDGE: Mapping[Tone, str] = {"right": "#0072B2", "partly": "#B45309", "wrong": "#B45309", "plain": "#5B6472"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet: a word that says how it stands, and the text."""

    word: str
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A heading and lines; notebooks show the HTML, everything else the text."""

    heading: str
    lines: tuple[Line, ...]
    code: str = ""
    messages: tuple[str, ...] = ()

    def letter(self, message: str) -> str:
        """Return the letter of an option by its English words."""
        return self.lines[self.messages.index(message)].word

    @property
    def text(self) -> str:
        """The sheet as plain text."""
        body = [f"  {line.word}{': ' if line.word else ''}{line.text}" for line in self.lines]
        return "\n".join([self.heading, *body, *([self.code] if self.code else [])])

    @property
    def html(self) -> str:
        """The sheet as HTML, without scripts and without anything from outside."""
        items = "".join(
            f'<p style="margin:.3em 0;padding-left:.6em;border-left:3px solid {EDGE[line.tone]}">'
            f"{f'<b>{escape(line.word)}</b> ' if line.word else ''}{marked(line.text)}</p>"
            for line in self.lines
        )
        code = f"<pre>{escape(self.code)}</pre>" if self.code else ""
        return f'<div role="status"><p style="margin:.3em 0"><b>{escape(self.heading)}</b></p>{items}{code}</div>'

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def marked(text: str) -> str:
    """Return a text as HTML: escaped, with `code` marked up.

    >>> marked("`a < b` & c")
    '<code>a &lt; b</code> &amp; c'
    """
    pieces = escape(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces))


def criterion_line(item: Criterion, words: Words) -> Line:
    """Return the line of one criterion: right, partly or not yet, what was judged, and the reason."""
    tone: Tone = "right" if item.credit >= 1 else "partly" if item.credit > 0 else "wrong"
    word = {"right": t("Right"), "partly": t("Partly"), "wrong": t("Not yet")}[tone]
    reason = words(item.reason) if item.reason and item.credit < 1 else ""
    return Line(words(word), " - ".join(text for text in (words(item.label), reason) if text), tone)


def points_text(value: float) -> str:
    """Return points without needless zeros: 3, 2.5, 1.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def score_lines(score: Score, words: Words) -> tuple[Line, ...]:
    """Return the lines of a score."""
    return tuple(criterion_line(item, words) for item in score.criteria)


def check_sheet(score: Score, words: Words) -> Sheet:
    """Return the sheet of a lesson's check."""
    right = sum(item.credit >= 1 for item in score.criteria)
    heading = words(t("{task}: {n} of {total} right")).format(task=score.task, n=right, total=len(score.criteria))
    return Sheet(heading, score_lines(score, words))


def form_sheet(task: Mapping[str, Any], parts: Sequence[Form], answer: Mapping[str, Any], words: Words) -> Sheet:
    """Return the sheet of a unit's check in the notebook: whether each part has its form, never whether it is right."""
    lines = []
    for part in parts:
        if answer.get(part.name) is None:
            text = words(t("{name} has no answer yet")).format(name=part.name)
            lines.append(Line(words(t("Missing")), text, "wrong"))
            continue
        try:
            shown = part.read(answer[part.name])
        except FormError as error:
            lines.append(Line(words(t("Look again")), words(error.said), "wrong"))
            continue
        empty = _empty_columns(part, shown)
        lines += [Line(words(t("Missing")), words(t("The column {column} of {name} is still empty")).format(
            column=column, name=part.name), "wrong") for column in empty]
        if not isinstance(part, Table) or len(empty) < len(part.columns):
            kept = words(t("{name} can be handed in")).format(name=part.name)
            told = answer[part.name] if isinstance(part, Choice) else shown
            lines.append(
                Line(words(t("Form")), kept + (f": {told}" if isinstance(told, int | float | str) else ""), "right")
            )
    points = words(t("{task}: {points} points, marked when you hand in")).format(
        task=task["id"], points=points_text(float(task["points"]))
    )
    return Sheet(points, tuple(lines))


def _empty_columns(part: Form, shown: Any) -> list[str]:
    """Return the columns of a table that hold no number in any row."""
    columns = part.columns if isinstance(part, Table) else ()
    return [column for column in columns if not any(column in row for row in shown.values())]


def hint_sheet(task: str, hints: Sequence[str], total: int, words: Words) -> Sheet:
    """Return the hints opened so far."""
    if not total:
        return Sheet(words(t("{task}: there is no hint")).format(task=task), ())
    heading = words(t("{task}: hint {n} of {total}")).format(task=task, n=len(hints), total=total)
    return Sheet(heading, tuple(Line(str(place), words(hint)) for place, hint in enumerate(hints, start=1)))


def options_sheet(task: Mapping[str, Any], choices: Sequence[Choice], words: Words) -> Sheet:
    """Return the options of a task, each with its letter; those that name themselves only where none has a letter."""
    lettered = [choice for choice in choices if choice.lettered] or choices
    shown = [
        (letter, choice.texts[place])
        for choice in lettered
        for letter, place in zip(choice.letters, choice.seen, strict=True)
    ]
    lines = tuple(Line(letter, words(text)) for letter, text in shown)
    return Sheet(f"{task['id']}: {words(task['title'])}", lines, messages=tuple(text for _, text in shown))


def solution_sheet(task: Task, words: Words) -> Sheet:
    """Return the worked solution."""
    heading = words(t("{task}: solution")).format(task=task.id)
    return Sheet(heading, (Line("", words(task.solution)),) if task.solution else (), task.code)


def unit_card(card: Mapping[str, Any], learner: str, words: Words) -> Sheet:
    """Return the card at the top of a unit: for whom, how long, how many points."""
    total = points_text(sum(float(task["points"]) for task in card["tasks"]) + float(card.get("hand_points", 0)))
    lines = [
        Line(words(t("Learner")), learner),
        Line(words(t("Time")), words(t("about {n} minutes")).format(n=card.get("minutes", "?"))),
        Line(
            words(t("Worth")),
            words(t("{points}; you may check the form of an answer as often as you like")).format(points=total),
        ),
    ]
    if card.get("due"):
        lines.append(Line(words(t("Due")), str(card["due"])))
    return Sheet(words(str(card.get("title", card["id"]))), tuple(lines))
