"""Several graders at once: the same outcome as one, and a grader that is killed costs its own submission a row."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.course.small_course import ID, small_course
from vsim.course.collecting import collect_unit
from vsim.course.folder import Course, open_course
from vsim.course.grading import grade
from vsim.course.release import release
from vsim.course.sample_class import filled, handed_in

pytestmark = [pytest.mark.slow, pytest.mark.needs("jail"),
              pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                         "ignore::sqlalchemy.exc.SAWarning")]
CELLS = {
    "ada": {"q1": "registered = len(volunteers)", "q2": "def double(x):\n    return 2 * x", "words": "A list."},
    "bo": {"q1": "registered = 5\nprint(1 / 0)"}, "cy": {}, "di": {"q2": "import os\nos._exit(1)"},
    "eve": {"q1": "registered = len(volunteers)"},
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Course:
    names = "learner,name\n" + "".join(f"{who},{who.title()}\n" for who in CELLS)
    made = small_course(tmp_path_factory.mktemp("pool"), learners=names)
    release(made, "foundation/01-small")
    for who, cells in CELLS.items():
        place = made.place("inbox", who)
        place.mkdir(parents=True)
        (place / "x.ipynb").write_bytes(handed_in(made, made.unit(ID), who, filled(cells)))
    collect_unit(made, ID)
    return made


def outcome(course: Course) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the ledger's lines but for times, by learner, and the pages of feedback."""
    lines = [json.loads(line) for line in course.place("ledger.jsonl").read_text().splitlines()]
    for line in lines:
        del line["time"]
        line["run"].pop("wall"), line["run"].pop("cpu"), line["run"].pop("kernel")
    assert len({line["learner"] for line in lines}) == len(lines)
    pages = {path.parts[-3]: path.read_bytes() for path in course.root.glob("feedback/*/*/*.html")}
    return {line["learner"]: line for line in lines}, pages


def test_two_graders_and_one_give_the_same_forked_or_fresh(collected: Course, tmp_path: Path) -> None:
    found = []
    for name, jobs, kernel in (("one", 1, "fresh"), ("two", 2, "forked")):
        root = shutil.copytree(collected.root, tmp_path / name / "course")
        path = root / "course.yaml"
        path.write_text(path.read_text().replace("kernel: fresh", f"kernel: {kernel}"))
        here = open_course(root)
        rows = grade(here, ID, jobs=jobs)
        assert [(row.learner, row.status) for row in rows] == [(who, "marked") for who in CELLS]
        kernels = {json.loads(line)["run"]["kernel"] for line in here.place("ledger.jsonl").read_text().splitlines()}
        assert kernel in kernels
        found.append((*outcome(here), [row.earned for row in rows]))
        assert {row.status for row in grade(here, ID, jobs=jobs)} == {"unchanged"}
    assert found[0] == found[1]


def test_graders_that_are_killed_cost_a_row_each_and_the_next_round_mends_it(collected: Course, tmp_path: Path) -> None:
    root = shutil.copytree(collected.root, tmp_path / "course")
    here = open_course(root)
    killed: list[int] = []

    def kill(done: int, _total: int) -> None:
        if not killed:
            for child in multiprocessing.active_children():
                child.kill()
                killed.append(child.pid or 0)

    rows = grade(here, ID, jobs=2, progress=kill)
    states = [row.status for row in rows]
    assert [row.learner for row in rows] == list(CELLS)
    assert 1 <= states.count("failed") <= len(killed) == 2
    assert states.count("marked") == len(CELLS) - states.count("failed")
    assert all("ended in its midst" in row.message for row in rows if row.status == "failed")
    again = {row.learner: row.status for row in grade(here, ID, jobs=2)}
    assert set(again.values()) == {"marked", "unchanged"} or set(again.values()) == {"unchanged"}
    assert grade(here, ID)[0].earned == 3.0
