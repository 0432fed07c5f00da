"""Collecting and grading killed twenty times at random moments, as a power cut would: nothing is lost or doubled.

The killing takes minutes and is slow evidence; what it found is bound to the modules between a hand-in and its mark.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.course.folders import compiled
from tests.course.small_course import ID, small_course
from tests.house.repo import ROOT
from vsim.course import ledger
from vsim.course.collecting import collect_unit
from vsim.course.doctor_book import agree
from vsim.course.folder import Course, open_course
from vsim.course.grading import grade
from vsim.course.release import release
from vsim.course.sample_class import handed_in

KILLS = 20
NAMES = ("ada", "bo", "cy", "di", "eva", "fu")
PROOF = ROOT / "proofs" / "graded-killed.json"
REFRESH = "python -m pytest -q -n 0 -m prove tests/course/test_graded_killed.py"
MODULES = ("chain", "collecting", "execute", "feedback", "grader", "grading", "intake", "ledger", "ledger_index",
           "received")
DOUBLE = "def double(x):\n    return 2 * x"
KILLER = """
import os, random, signal, sys, time, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from vsim.course.collecting import collect_unit
from vsim.course.folder import open_course
from vsim.course.grading import grade
import nbgrader.apps.api

root, unit, kills, seed, longest = Path(sys.argv[1]), sys.argv[2], *map(float, sys.argv[3:])
luck, left = random.Random(seed), 0
for number in range(int(kills)):
    child = os.fork()
    if not child:
        collect_unit(open_course(root), unit)
        grade(open_course(root), unit)
        os._exit(0)
    time.sleep(luck.uniform(0.05, longest))
    os.kill(child, signal.SIGKILL)
    left += os.WIFSIGNALED(os.waitpid(child, 0)[1])
print(left)
"""


def depends_on() -> str:
    files = [Path(__file__), *(ROOT / "vsim" / "course" / f"{name}.py" for name in MODULES)]
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()


def made(root: Path) -> Course:
    people = "learner,name\n" + "".join(f"{name},N {name}\n" for name in NAMES)
    course = small_course(root, learners=people)
    release(course, "foundation/01-small")
    return course


def put(course: Course, attempt: int) -> None:
    """Let everybody hand in: the second time more is right, and other words are written."""
    for place, name in enumerate(NAMES):
        cells = {"q2": DOUBLE if place % 2 or attempt > 1 else "", "words": f"Words {attempt} of {name}."}
        if attempt > 1:
            cells["q1"] = "registered = len(volunteers)"

        def change(found: list[Any], cells: dict[str, str] = cells) -> None:
            for cell in found:
                grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
                cell["source"] = cells.get(grade_id) or cell["source"]

        folder = course.place("inbox", name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "x.ipynb").write_bytes(handed_in(course, course.unit(ID), name, change))


def outcome(course: Course) -> dict[str, Any]:
    """Return what the ledger says of each learner last."""
    return {name: {"attempt": row["attempt"], "scores": {task: one["earned"] for task, one in row["scores"].items()}}
            for name, row in ledger.latest(course.root, ID).items()}


def left_over(root: Path) -> list[str]:
    """Return processes that still name the course, after they had time to end."""
    for _ in range(50):
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(root) in words and "pytest" not in words:
                found.append(words[:200])
        if not found:
            return []
        time.sleep(0.2)
    return found


@pytest.mark.prove
@pytest.mark.needs("jail")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::sqlalchemy.exc.SAWarning")
def test_write_the_evidence(tmp_path: Path) -> None:
    calm, rough = made(tmp_path / "calm"), made(tmp_path / "rough")
    kills = []
    for attempt in (1, 2):
        put(calm, attempt)
        begun = time.monotonic()
        collect_unit(calm, ID)
        assert {row.status for row in grade(calm, ID)} == {"marked"}
        longest = time.monotonic() - begun
        put(rough, attempt)
        within = 2 * longest / len(NAMES)                    # a kill at some moment of two submissions
        words = [str(rough.root), ID, str(KILLS // 2), str(attempt), f"{within:.2f}"]
        done = subprocess.run([sys.executable, "-c", KILLER, *words], cwd=ROOT, env=compiled(), capture_output=True,
                              text=True, timeout=900, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        kills.append(int(done.stdout.split()[-1]))
        assert left_over(rough.root) == []
        rough = open_course(rough.root)
        collect_unit(rough, ID)
        rows = grade(rough, ID)
        assert {row.status for row in rows} <= {"marked", "unchanged"}
        assert [row.learner for row in rows] == list(NAMES)
        assert outcome(rough) == outcome(calm)
        assert agree(rough, rough.unit(ID)) == ()
        for name in NAMES:
            assert f"Words {attempt} of {name}." in rough.place("feedback", name, ID, f"{ID}.html").read_text("utf-8")
        assert {row.status for row in grade(rough, ID)} == {"unchanged"}
        entries = [row for row in ledger.rows(rough.root) if row["kind"] == "failed"]
        assert entries == []
    assert sum(kills) >= KILLS // 2, "too few were killed while at work"
    found = {"depends_on": depends_on(), "kills": KILLS, "killed_at_work": sum(kills), "learners": len(NAMES),
             "attempts": 2, "outcome": outcome(rough)}
    PROOF.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")


def test_the_evidence_is_there_and_not_stale() -> None:
    assert PROOF.is_file(), f"{PROOF.name} is missing: run `{REFRESH}`"
    found = json.loads(PROOF.read_text(encoding="utf-8"))
    assert found["depends_on"] == depends_on(), f"proofs/{PROOF.name} is stale: run `{REFRESH}`"
    assert found["kills"] == KILLS
    assert found["killed_at_work"] >= KILLS // 2
    assert {row["attempt"] for row in found["outcome"].values()} == {2}
