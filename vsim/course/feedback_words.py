"""The words of a feedback page, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from vsim.course.feedback_rows import Row
from vsim.course.flags import flag_text
from vsim.course.kernel_words import DIED
from vsim.course.objectives import Objective
from vsim.course.sheet import points_text
from vsim.i18n import t

BLANK = "No response."  # nbgrader's own comment on an answer that was left as it was handed out


def labels(title: str) -> dict[str, str]:
    """Return the fixed words of the page."""
    return {
        "title": t("Feedback: {title}").format(title=title),
        "points": t("Your points"),
        "task": t("Task"),
        "earned": t("Points earned"),
        "state": t("State"),
        "total": t("In all"),
        "caption": t("Points by task; each name leads to the answer."),
        "objectives": t("What you can do now"),
        "objectives_caption": t("Points by objective; a task may show more than one."),
        "objective": t("Objective"),
        "next": t("What to do next"),
        "part": t("Part"),
        "got": t("You gave"),
        "wanted": t("Expected"),
        "parts": t("What you gave, and what form was expected."),
        "rubric": t("How this is marked"),
        "criterion": t("Criterion"),
        "file": t("About the file that you handed in"),
        "run": t("What happened when your notebook was run"),
        "answer": t("Your answer"),
        "outcome": t("What was judged"),
        "comment": t("Comment from your trainer"),
        "blank": t("No answer: the cell is as it was handed out."),
        "changed": t("Your trainer has looked at this and set the points: {points}."),
        "footer": t("The city and everybody in it are invented: synthetic data. This page holds all that it shows."),
    }


def of_points(earned: float | None, points: float) -> str:
    """Return points earned of the most that can be, such as "2.5 of 4"."""
    if earned is None:
        return t("up to {points}").format(points=points_text(points))
    return t("{earned} of {points}").format(earned=points_text(earned), points=points_text(points))


def of_objective(one: Objective) -> str:
    """Return the points of an objective, and how many of them a person has still to give."""
    told = t("{earned} of {points}").format(earned=points_text(one.earned), points=points_text(one.points))
    return told if not one.waiting else t("{told}, {open} still open").format(told=told, open=points_text(one.waiting))


def percent(part: float, whole: float) -> float:
    """Return a share in percent, between 0 and 100, to one decimal."""
    return round(100 * min(max(part / whole, 0.0), 1.0), 1) if whole else 0.0


def state(row: Row) -> str:
    """Return how a task stands, in a word or two."""
    if row.earned is None:
        return t("Open: a person marks this")
    if row.blank:
        return t("Not answered")
    if row.earned >= row.points:
        return t("Right") if not row.by_hand else t("Marked by a person")
    if row.by_hand:
        return t("Marked by a person")
    return t("Partly") if row.earned > 0 else t("Not yet")


def mark(row: Row) -> str:
    """Return the sentence below an answer that a person marks."""
    if row.earned is None:
        return t("Open: a person marks this. Up to {points} points.").format(points=points_text(row.points))
    return t("{earned} of {points} points, given by a person.").format(
        earned=points_text(row.earned), points=points_text(row.points)
    )


def total(rows: Sequence[Row], late: float = 0.0) -> dict[str, Any]:
    """Return the sum of points, its words, and what is still open."""
    earned = sum(row.earned or 0 for row in rows) - late
    most = sum(row.points for row in rows)
    waiting = sum(row.points for row in rows if row.earned is None)
    values = {"earned": points_text(earned), "points": points_text(most), "open": points_text(waiting)}
    short = t("{earned} of {points} points so far") if waiting else t("{earned} of {points} points")
    taken = t("{late} points were taken off because the work came late.").format(late=points_text(late))
    return {
        "share": percent(earned, most),
        "open_share": percent(waiting, most),
        "row": t("{earned} of {points}").format(**values),
        "short": short.format(**values),
        "open": t("{open} points are still open: a person marks them.").format(**values) if waiting else "",
        "late": taken if late else "",
    }


def facts(course: str, learner: str, noted: Mapping[str, Any], row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return for whom and about what the page is, as pairs of a word and a value."""
    pairs = [(t("Learner"), learner), (t("Course"), course), (t("Handed in at"), moment(noted.get("arrived")))]
    attempt = int(row.get("attempt") or 1)
    if attempt > 1:
        pairs.append((t("Attempt"), str(attempt)))
    return [(word, value) for word, value in pairs if value]


def moment(written: object) -> str:
    """Return a point in time as people write it, to the minute, in universal time.

    >>> moment("2026-11-26T14:58:16.730176+00:00")
    '2026-11-26 14:58 UTC'
    """
    try:
        read = datetime.fromisoformat(str(written))
    except ValueError:
        return ""
    return f"{(read.astimezone(UTC) if read.tzinfo else read):%Y-%m-%d %H:%M}{' UTC' if read.tzinfo else ''}"


def remarks(flags: Iterable[Any]) -> list[str]:
    """Return a sentence for each flag of the intake."""
    pairs = [(str(flag[0]), None if flag[1] is None else str(flag[1])) for flag in flags if len(flag) == 2]
    return [flag_text(pair) for pair in pairs]


def run_sentences(run: Mapping[str, Any]) -> list[str]:
    """Return what a learner should know of the run: that it ended early, and that output was cut."""
    said = []
    if run.get("deadline"):
        said.append(t("The time for the whole notebook was over before all of it had run."))
    elif run.get("died"):
        known = DIED.get(run["died"])
        said.append(t(known) if known else t("The kernel ended before all of the notebook had run."))
    count = len(run.get("unfinished") or ())
    if count:
        said.append(t("Cells that did not finish: {n}. What came before them was marked.").format(n=count))
    if run.get("cut"):
        said.append(t("Some cells printed more than can be kept; their output was cut."))
    return said


def comment(marks: Mapping[str, Any]) -> str:
    """Return what a person wrote about an answer, "" when nobody did."""
    written = str(marks.get("comment") or "").strip()
    return "" if written == BLANK else written


def blank(marks: Mapping[str, Any]) -> bool:
    """Return whether an answer was left as it was handed out."""
    return str(marks.get("comment") or "").strip() == BLANK
