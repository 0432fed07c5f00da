"""Classes made of honest lines of the ledger: answers of invented learners, scored by the checkers; nothing is run.

Whom they meet is drawn from the frozen model of `vsim.course.class_model`; a wrong answer is a known slip of the task.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tests.course.small_course import HEAD, cell, prose
from vsim.course import ledger
from vsim.course.class_model import MODEL, ability, chance, pick
from vsim.course.folder import Course, init_course, open_course
from vsim.course.keys import PUBLIC, share
from vsim.course.marks import marked_row
from vsim.course.replies import Reply
from vsim.course.tasks import score
from vsim.course.unit import Sitting, Unit, sit

CHECKS = '''"""Checks of a small town: cheap to draw, with a number, a rate, a table, two choices and slips."""
import numpy as np
import pandas as pd
from vsim.course import Choice, Number, Table, Task, marking, t
from vsim.course.marking import Slip

DISTRICTS = ("D01", "D02", "D03", "D04")

def city(seed):
    draw = np.random.default_rng(seed)
    people = draw.integers(40, 400, size=4)
    active = (people * draw.uniform(0.05, 0.6, size=4)).astype(int) + 1
    return {"districts": pd.DataFrame({"district": DISTRICTS, "people": people, "active": active,
                                       "records": active * 3 + draw.integers(1, 90, size=4)})}

def truth(tables):
    frame = tables["districts"].set_index("district")
    return {"people": int(frame["people"].sum()), "active": int(frame["active"].sum()),
            "records": int(frame["records"].sum()), "by": (100 * frame["active"] / frame["people"]).round(4).to_dict()}

def faults(found):
    rates = sorted(found["by"].values())
    return ["nearly a tie"] if rates[1] - rates[0] < 1 else []

def q1(given, found):
    records = Slip(found["records"], "records-not-people", t("These are records. One person can have many."))
    return [marking.number(given, "people", found["people"], t("Registered people"), slips=[records]),
            marking.number(given, "active", found["active"], t("Active people"), slips=[records])]

def q2(given, found):
    part, whole = found["active"], found["people"]
    return [marking.number(given, "rate", 100 * part / whole, t("Active for each 100 registered"), tolerance=0.05,
                           slips=[Slip(part / whole, "share-not-per-100", t("This is a share."), 0.5),
                                  Slip(100 * whole / part, "upside-down", t("The rate is upside down."))])]

def q3(given, found):
    low = min(found["by"], key=found["by"].get)
    return [marking.rows(given, "by_district", found["by"], "rate", t("The rate of each district"), tolerance=0.05),
            marking.choice(given, "lowest", DISTRICTS.index(low), t("The district with the lowest rate"), slips=[])]

def q4(given, _found):
    return [marking.choice(given, "sentence", 2, t("The sentence that the register supports"), slips=[
        Slip(0, "registered-is-active", t("Registering is not serving.")),
        Slip(1, "records-are-people", t("Records are not people."))])]

PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
TASKS = (
    Task("q1", t("Count people"), 2, (Number("people", **PEOPLE), Number("active", **PEOPLE)), q1,
         hints=(t("Look at the table."),)),
    Task("q2", t("A rate for each 100"), 3, (Number("rate", unit=t("for each 100")),), q2, hints=(t("Divide."),)),
    Task("q3", t("The rate in every district"), 4, (Table("by_district", "district", ("rate",)),
         Choice("lowest", DISTRICTS, lettered=False)), q3, hints=(t("Group."),)),
    Task("q4", t("Which sentence does the register support?"), 2, (Choice("sentence", (
        t("All registered people volunteer."), t("As many people served as there are records."),
        t("At least the active people served."), t("Those without a record did not serve."))),), q4,
        hints=(t("Read."),)),
)
'''
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙", "伟芳娜敏静强磊洋艳勇杰娟涛明超"
TASKS = ("q1", "q2", "q3", "q4")
UNIT_ID = "foundation-01-town"
SLIPS = ("right", "slip", "other", "none")
BEGAN = datetime(2026, 11, 2, 8, tzinfo=UTC)
Change = Callable[[str, str, dict[str, Any]], dict[str, Any] | None]


def unit_text(name: str) -> str:
    """Return the text of the unit under a name such as "01-town"."""
    head = re.sub(r"id: .*", f"id: foundation-{name}", HEAD)
    head = head.replace("title: A small unit", f"title: A small town, {name[:2]}")
    tasks = [part for task in ("q1", "q2", "q3", "q4") for part in (
        cell(task, f"{task} = ...\n### BEGIN SOLUTION\n{task} = 1\n### END SOLUTION", solution=True),
        cell(f"{task}-check", f'unit.check("{task}")', grade=True, points=2))]
    return "\n".join([head, prose("intro", "# A small town"), cell("setup", "import vsim\nunit = vsim.open_unit()"),
                      *tasks, prose("words", "What does the register not tell?", grade=True)])


def answers(truth: Mapping[str, Any], kinds: Mapping[str, str], other: float) -> dict[str, Any]:
    """Return the answers of a learner on a city: right, a known slip, another wrong value, or none, by task."""
    low = min(truth["by"], key=truth["by"].get)
    high = max(truth["by"], key=truth["by"].get)

    def table(factor: float) -> dict[str, Any]:
        return {"columns": ["district", "rate"], "rows": [[key, factor * rate] for key, rate in truth["by"].items()]}

    rate = 100 * truth["active"] / truth["people"]
    known: dict[str, dict[str, Any]] = {
        "q1": {"right": {"people": truth["people"], "active": truth["active"]},
               "slip": {"people": truth["people"], "active": truth["records"]},
               "other": {"people": truth["people"] + int(other * 7) + 1, "active": truth["active"] + 1}},
        "q2": {"right": {"rate": rate}, "slip": {"rate": rate / 100}, "other": {"rate": 50.0}},
        "q3": {"right": {"by_district": table(1), "lowest": low}, "slip": {"by_district": table(0.01), "lowest": low},
               "other": {"by_district": table(2), "lowest": high}},
        "q4": {"right": {"sentence": 2}, "slip": {"sentence": 1}, "other": {"sentence": 3}},
    }
    return {task: known[task].get(kind) for task, kind in kinds.items()}


def drawn_kinds(group: int, seat: int, harder: float = 0.0) -> dict[str, str]:
    """Return how an invented learner meets each task."""
    theta = ability("simulated", group, seat) - harder
    found = {}
    for place, task in enumerate(("q1", "q2", "q3", "q4")):
        met, which = (share(PUBLIC, word, "simulated", group, seat, task) for word in ("met", "which"))
        found[task] = "right" if met < chance(MODEL, theta, place, 4) else pick(SLIPS[1:], (5.0, 2.0, 1.0), which)
    return found


def scored_row(
    course: Course, unit: Unit, sitting: Sitting, given: Mapping[str, Any], *, attempt: int = 1,
    arrived: datetime = BEGAN, flags: tuple[tuple[str, str | None], ...] = (), tier: str = "bwrap",
    blank: tuple[str, ...] = (), sha256: str | None = None,
) -> dict[str, Any]:
    """Return the line of the ledger for plain answers; choices are given by their place, and dealt here."""
    from vsim.course.answers import Choice
    from vsim.course.forms import dealt

    handed = {task: None if answer is None else dict(answer) for task, answer in given.items()}
    for task in unit.checks.tasks:
        for part in dealt(task.parts, sitting.seed):
            claimed = handed.get(task.id) or {}
            if isinstance(part, Choice) and isinstance(claimed.get(part.name), int):
                claimed[part.name] = part.letters[part.seen.index(claimed[part.name])]
    scores = {task.id: score(task, handed.get(task.id), sitting.truth, (), sitting.seed) for task in unit.checks.tasks}
    replies = {task: Reply(answer) for task, answer in handed.items()}
    known = sha256 or f"{sitting.seed:016x}{attempt:048x}"
    return marked_row(course, unit, sitting, scores, replies, attempt=attempt, sha256=known,
                      run={"tier": tier, "wall": 1.5, "cpu": 1.0}, blank=blank,
                      flags={"arrived": arrived.isoformat(), "flags": [list(flag) for flag in flags]})


def append_all(course: Course, rows: list[dict[str, Any]]) -> None:
    """Add many lines to the ledger at once, as `ledger.append` writes each."""
    with (course.root / ledger.FILE).open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({"time": BEGAN.isoformat(), **row}, separators=(",", ":")) + "\n")


def town_course(root: Path, learners: int, units: tuple[str, ...] = ("01-town",), sections: int = 2) -> Course:
    """Make a course of so many learners with the unit under each name; nothing is handed in."""
    draw = np.random.default_rng(7)
    lines = ["learner,name,section"]
    for seat in range(learners):
        name = f"{FAMILY[seat % 12]}{GIVEN[int(draw.integers(15))]}{GIVEN[int(draw.integers(15))]}"
        lines.append(f"s{seat:04d},{name},{'甲乙丙丁'[seat % sections]}班")
    root.mkdir(parents=True, exist_ok=True)
    (root / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    course = init_course(root / "course", name="autumn", learners=root / "list.csv")
    for place, name in enumerate(units):
        folder = course.place("units", f"foundation-{name}")
        folder.mkdir(parents=True)
        (folder / "assignment.md").write_text(unit_text(name), encoding="utf-8")
        (folder / "checks.py").write_text(CHECKS, encoding="utf-8")
        due = BEGAN + timedelta(days=7 * (place + 1))
        with (course.root / "calendar.csv").open("a", encoding="utf-8") as file:
            file.write(f"foundation-{name},{due:%Y-%m-%d %H:%M}\n")
    return open_course(course.root)


def simulated_course(
    root: Path, learners: int, units: tuple[str, ...] = ("01-town",), change: Change | None = None
) -> Course:
    """Make a course in which a class of the frozen model has handed in.

    Parameters
    ----------
    change : callable, optional
        Gets learner, unit and what `scored_row` would be given ("kinds" or "given", "flags", ...); returns it
        changed, or None for a learner who hands nothing in.
    """
    from vsim.course.rescore_truths import Truths

    course = town_course(root, learners, units)
    rows: list[dict[str, Any]] = []
    for week, name in enumerate(units):
        unit = course.unit(f"foundation-{name}")
        kept = Truths(course, unit)
        for seat, learner in enumerate(course.learners):
            sitting = kept.keep_of(sit(unit, course.name, learner))
            kinds = drawn_kinds(0, seat, 0.2 * week)
            late = timedelta(days=2) if seat % 17 == 3 else timedelta(0)
            told: dict[str, Any] | None = {
                "kinds": kinds, "given": None,
                "arrived": BEGAN + timedelta(days=7 * week + 6) + late, "blank": ("words",) if seat % 11 == 5 else ()}
            told = change(learner, unit.id, told) if change and told else told
            if told is None:
                continue
            kinds = told.pop("kinds")
            told["given"] = told["given"] or answers(sitting.truth, kinds, share(PUBLIC, "other", learner))
            rows.append(scored_row(course, unit, sitting, **told))
            if seat % 3 == 0 and week == 0 and change is None:                     # some come again, with one task more
                better = {**kinds, **{task: "right" for task, kind in list(kinds.items())[:3] if kind != "right"}}
                rows.append(scored_row(course, unit, sitting, answers(sitting.truth, better, 0.5), attempt=2,
                                       arrived=BEGAN + timedelta(days=7 * week + 6, hours=9) + late))
            if seat % 5:
                mark = float(round(3 * share(PUBLIC, "hand", learner, name)))
                rows.append({"kind": "hand", "course": course.name, "unit": unit.id, "learner": learner,
                             "marks": {"words": mark}})
    append_all(course, rows)
    return open_course(course.root)
