"""A whole class through the commands: submissions a minute, CPU seconds and memory, beside nbgrader's own ways.

Every way grades the same unit for so many learners, each way in a process group of its own whose CPU seconds and peak
memory the kernel of the machine counts (control groups), so that killed kernels and graders are counted as well.

    python -m benchmarks.grading_class --sample 40            # vsim's ways beside nbgrader's CLI and API, in rounds
    python -m benchmarks.grading_class --learners 1000        # one whole class, taken in and graded
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GROUPS = Path("/sys/fs/cgroup")
UNIT_FOLDER = ROOT / "curriculum" / "foundation" / "01-registers-and-rates"
MEBI = 1 << 20
ROUNDS = 3
CITIES = 3                # on which the invented answers are tried before a class draws from them
WAYS = {
    "nbgrader CLI": "a command for each learner", "nbgrader API": "one process, one learner after the other",
    "fresh, 1 job": "vsim, a new kernel for each", "fresh, 2 jobs": "vsim, a new kernel for each, two graders",
    "forked, 1 job": "vsim, kernels forked in the jail", "forked, 2 jobs": "vsim, forked, two graders",
}
SERIAL = """
import sys, warnings
warnings.simplefilter("ignore")
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
config = Config()
config.CourseDirectory.root = sys.argv[1]
api = NbGraderAPI(CourseDirectory(config=config), config=config)
api.log.propagate = False
for learner in sys.argv[3:]:
    answer = api.autograde(sys.argv[2], learner, force=True, create=True)
    assert answer["success"], answer["error"]
"""


@contextmanager
def group(name: str) -> Iterator[list[Path]]:
    """Make a control group that counts CPU time and memory, of either version, and take it away afterwards."""
    v2 = (GROUPS / "cgroup.controllers").is_file()
    places = [GROUPS / name] if v2 else [GROUPS / kind / name for kind in ("cpuacct", "memory")]
    if v2:
        (GROUPS / "cgroup.subtree_control").write_text("+cpu +memory")
    for place in places:
        place.mkdir()
    try:
        yield places
    finally:
        for place in places:
            for _ in range(50):
                try:
                    place.rmdir()
                    break
                except OSError:
                    time.sleep(0.1)


def measured(words: Sequence[str], **more: Any) -> dict[str, float]:
    """Run a command and return its wall and CPU seconds and its peak memory in MiB, all its descendants included."""
    with group(f"vsim-bench-{os.getpid()}") as places:
        joins = "; ".join(f"echo $$ > {place}/cgroup.procs" for place in places)
        begun = time.perf_counter()
        done = subprocess.run(["/bin/sh", "-c", f'{joins}; exec "$@"', "sh", *words], capture_output=True, text=True,
                              encoding="utf-8", errors="replace", cwd=ROOT, check=False, **more)
        wall = time.perf_counter() - begun
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(words[:6])}: exit {done.returncode}\n{done.stderr[-2000:]}")
        if len(places) == 1:
            stat = dict(line.split() for line in (places[0] / "cpu.stat").read_text().splitlines())
            cpu, peak = int(stat["usage_usec"]) / 1e6, int((places[0] / "memory.peak").read_text())
        else:
            cpu = int((places[0] / "cpuacct.usage").read_text()) / 1e9
            peak = int((places[1] / "memory.max_usage_in_bytes").read_text())
    return {"wall": wall, "cpu": cpu, "peak": peak / MEBI}


def vsim(*words: object) -> list[str]:
    """Return a command of vsim."""
    return [sys.executable, "-m", "vsim.cli.main", *map(str, words)]


def class_of(top: Path, learners: int) -> tuple[Path, str]:
    """Make a course whose invented learners have handed in the unit; return its folder and the unit's id."""
    from vsim.course.class_bank import bank_of
    from vsim.course.class_course import class_course
    from vsim.course.unit import Unit

    unit = Unit(UNIT_FOLDER)
    course, _ = class_course(top / "class", unit, bank_of(unit, CITIES), seats=learners)
    return course.root, unit.id


def graded(course: Path, unit: str, top: Path, kernel: str, jobs: int) -> dict[str, float]:
    """Grade a copy of a course that was taken in, and return what it took and how many rows it has."""
    from vsim.course import ledger

    copy = top / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(course, copy, symlinks=True)
    settings = (copy / "course.yaml").read_text(encoding="utf-8").splitlines()
    lines = [line for line in settings if not line.startswith("kernel:")] + [f"kernel: {kernel}"]
    (copy / "course.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = measured(vsim("course", "grade", unit, "-C", copy, "--jobs", jobs, "--quiet"))
    rows = ledger.latest(copy, unit)
    points = sum(score["earned"] for row in rows.values() for score in row["scores"].values())
    return found | {"rows": len(rows), "points": points}


def stock(top: Path, learners: int) -> tuple[Path, list[str]]:
    """Make nbgrader's own course with as many model answers handed in; return its folder and the learners."""
    import tests.course.stock as side
    from tests.course.hostile import Hostile

    made = side.Stock(top / "stock")
    names = [f"seat-{number:02d}" for number in range(learners)]
    for name in names:
        cells = {task: made.setting.model[task] for task in ("q1", "q2", "q3", "q4", "q5")}
        made.hand_in(made.template, Hostile(name, "", None, cells=cells))
    return made.template, names


def sample(learners: int, rounds: int) -> list[dict[str, Any]]:
    """Return what each way took in each round, the ways one after the other."""
    from tests.course.hostile import UNIT

    out = []
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as made:
        top = Path(made)
        course, unit = class_of(top, learners)
        measured(vsim("course", "collect", unit, "-C", course))
        theirs, names = stock(top, learners)
        each = " ".join(names)
        for number in range(rounds):
            for way in WAYS:
                if way == "nbgrader CLI":
                    one = f"nbgrader autograde {UNIT} --student $one --force"
                    loop = f"cd {theirs} && for one in {each}; do {one}; done"
                    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
                    found = measured(["/bin/sh", "-c", loop], env={**os.environ, "PATH": path})
                elif way == "nbgrader API":
                    found = measured([sys.executable, "-c", SERIAL, str(theirs), UNIT, *names])
                else:
                    kernel, jobs = way.split(", ")
                    found = graded(course, unit, top, kernel, int(jobs[0]))
                out.append({"round": number, "way": way, "learners": learners, **found})
                print(json.dumps(out[-1]), file=sys.stderr, flush=True)
    return out


def whole(learners: int, kernel: str, jobs: int) -> list[dict[str, Any]]:
    """Return what taking in and grading one large class took."""
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as made:
        course, unit = class_of(Path(made), learners)
        taken = measured(vsim("course", "collect", unit, "-C", course))
        found = graded(course, unit, Path(made), kernel, jobs)
    return [{"way": "collect", "learners": learners, **taken},
            {"way": f"{kernel}, {jobs} jobs", "learners": learners, **found}]


def table(found: list[dict[str, Any]]) -> str:
    """Return the figures as lines of text: medians of the rounds, and ratios to nbgrader's two ways, round by round."""
    heads = (("", -16), ("a minute", 10), ("CPU s each", 12), ("peak MiB", 10), ("CLI / it: CPU", 16), ("wall", 7),
             ("API / it: CPU", 16), ("wall", 7))
    lines = ["".join(f"{head:{'<' if width < 0 else '>'}{abs(width)}}" for head, width in heads)]
    for way in dict.fromkeys(one["way"] for one in found):
        mine = [one for one in found if one["way"] == way]
        minute, each = (median(values) for values in ([60 * one["learners"] / one["wall"] for one in mine],
                                                      [one["cpu"] / one["learners"] for one in mine]))
        cells = [f"{way:16}{minute:10.0f}{each:12.2f}{max(one['peak'] for one in mine):10.0f}"]
        for other in ("nbgrader CLI", "nbgrader API"):
            theirs = [one for one in found if one["way"] == other]
            for what, width in (("cpu", 16), ("wall", 7)):
                ratios = [b[what] / a[what] for a, b in zip(mine, theirs, strict=True)] if theirs else []
                cells.append(f"{median(ratios):{width}.1f}" if ratios else " " * width)
        lines.append("".join(cells))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading_class", description="a class, graded")
    parser.add_argument("--sample", type=int, default=0, help="learners whom every way grades")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--learners", type=int, default=0, help="learners of one whole class")
    parser.add_argument("--kernel", choices=("fresh", "forked"), default="fresh")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    found = sample(options.sample, options.rounds) if options.sample else []
    if options.learners:
        found += whole(options.learners, options.kernel, options.jobs)
    print(table(found), file=sys.stderr)
    print(json.dumps(found))
    wrong = [one for one in found if one.get("rows", one["learners"]) != one["learners"]]
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
