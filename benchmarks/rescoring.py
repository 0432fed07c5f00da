"""CPU seconds of scoring stored answers again: 1,000 learners of one unit, their truths kept as grading keeps them.

Answers are those of the model, of the unit's mutants, and none, on a few cities that are really drawn; a learner's line
bears the seed of one of them. `python -m benchmarks.rescoring` prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
UNIT = "foundation-01-registers-and-rates"
LEARNERS, CITIES = 1000, 10
WRONG, BLANK = 0.3, 0.1                # of the answers to each task
NARROW = ('t("Residents of volunteering age"), slips', 't("Residents of volunteering age"), weight=2.0, slips')
WAYS: dict[str, dict[str, Any]] = {
    "dry run": {"dry_run": True}, "written": {}, "all, afterwards": {"every": True, "dry_run": True},
}
BUDGET = 10.0                          # CPU seconds that a rescore may take


@dataclass
class Class:
    """A course with stored answers, and what making it took."""

    root: Path
    cpu_of_a_city: float


def make(top: Path, learners: int, cities: int) -> Class:
    """Make a course folder whose ledger has one marked line for each learner."""
    from vsim.course import ledger
    from vsim.course.catalogues import Translations
    from vsim.course.editions import json_bytes
    from vsim.course.folder import init_course, open_course
    from vsim.course.keys import share
    from vsim.course.marks import marked_row
    from vsim.course.replies import Reply
    from vsim.course.rescore_truths import Truths
    from vsim.course.seats import hidden_inputs
    from vsim.course.tasks import score
    from vsim.course.writing import write_whole

    names = [f"learner-{number:04d}" for number in range(learners)]
    (top / "list.csv").write_text("\n".join(["learner", *names]) + "\n", encoding="utf-8")
    course = init_course(top / "course", name="rescoring", learners=top / "list.csv")
    shutil.copytree(ROOT / "curriculum" / "foundation" / "01-registers-and-rates", course.place("units", UNIT))
    course = open_course(course.root)
    unit = course.unit(UNIT)
    card = json_bytes(unit.card("en", Translations(), course=course.name))
    write_whole({course.place(place, UNIT, "unit.json"): card for place in ("source", "release")})
    banks, cost = drawn(unit, course.name, names[:cities])
    truths = Truths(course, unit)
    for sitting, _ in banks:
        truths.keep_of(sitting)
    for number, learner in enumerate(names):
        sitting, bank = banks[number % len(banks)]
        scores, replies = {}, {}
        for task in unit.checks.tasks:
            inputs = hidden_inputs(course, task, UNIT, learner, 1)
            luck = share(b"rescoring", learner, task.id)
            kind = "blank" if luck < BLANK else "wrong" if luck < BLANK + WRONG else "right"
            answer = answer_of(task, bank[task.id][kind], number, inputs)
            scores[task.id] = score(task, answer, sitting.truth, inputs, sitting.seed)
            replies[task.id] = Reply(answer)
        row = marked_row(course, unit, sitting, scores, replies, attempt=1, sha256=f"{number:064}", run={}, blank=[],
                         flags={})
        ledger.append(course.root, {**row, "learner": learner})
    return Class(course.root, cost)


def drawn(unit: Any, course: str, learners: list[str]) -> tuple[list[tuple[Any, Any]], float]:
    """Return cities with the variables of right, wrong and blank notebooks by task, and the CPU seconds of a city."""
    from vsim.course.mutants import read_variants
    from vsim.course.rehearsal import Rehearsal, ran
    from vsim.course.unit import sit

    sit(unit, course, learners[0])                       # compiled code is loaded once
    begun = time.process_time()
    sittings = [sit(unit, course, learner) for learner in learners]
    cost = (time.process_time() - begun) / len(learners)
    variants = [item for item in read_variants(unit.folder) if item.kind == "mutant"]
    found = []
    for learner, sitting in zip(learners, sittings, strict=True):
        seat = Rehearsal(unit, learner, course)
        with seat.desk():
            solved, blank = seat.spaces(solved=True), seat.spaces(solved=False)
            bank = {
                task.id: {
                    "right": [solved[task.id][1]], "blank": [blank[task.id][1]],
                    "wrong": [ran(item, solved[task.id][0]) for item in variants if item.task == task.id],
                }
                for task in unit.checks.tasks
            }
        found.append((sitting, bank))
    return found, cost


def answer_of(task: Any, spaces: list[Any], number: int, inputs: list[list[Any]]) -> dict[str, Any]:
    """Return the plain answer that one of several notebooks gives to a task."""
    from vsim.course.answers import Function
    from vsim.course.payload import plain, table_value, tried

    space = spaces[number % len(spaces)]
    found = {}
    for part in task.parts:
        if space.get(part.name) in (None, ...) if not hasattr(space.get(part.name), "columns") else False:
            continue
        value = space[part.name]
        found[part.name] = (tried(value, part, inputs) if isinstance(part, Function)
                            else table_value(value, part) if hasattr(value, "columns") else plain(value))
    return json.loads(json.dumps(found))


def measure(learners: int, cities: int) -> dict[str, Any]:
    """Return CPU seconds of each way to score again, and whether they agree."""
    from vsim.course.folder import open_course
    from vsim.course.rescore import rescore

    with tempfile.TemporaryDirectory(prefix="vsim-rescoring-") as made:
        top = Path(made)
        group = make(top, learners, cities)
        text = (ROOT / "curriculum" / "foundation" / "01-registers-and-rates" / "checks.py").read_text("utf-8")
        old, new = NARROW
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in checks.py"
        mended = top / "mended.py"
        mended.write_text(text.replace(old, new), encoding="utf-8")
        found: dict[str, Any] = {"learners": learners, "cities": cities, "cpu_of_a_city": round(group.cpu_of_a_city, 3)}
        changes = {}
        for way, more in WAYS.items():
            begun = time.process_time()
            result = rescore(open_course(group.root), UNIT, source=mended, **more)
            found[way] = {"cpu": round(time.process_time() - begun, 2), "drawn": result.drawn,
                          "answers": sum(result.scored.values()), "changes": len(result.changes)}
            changes[way] = result.changes
        found["alike"] = changes["dry run"] == changes["written"] and not changes["all, afterwards"]
        return found


def main() -> int:
    """Print the measurements; 1 when it is too slow, or when scoring everything finds what was passed over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--cities", type=int, default=CITIES)
    given = parser.parse_args()
    found = measure(given.learners, given.cities)
    print(json.dumps(found))
    return int(found["written"]["cpu"] > BUDGET * given.learners / LEARNERS or not found["alike"])


if __name__ == "__main__":
    raise SystemExit(main())
