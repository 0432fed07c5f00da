"""Seconds per submission: stock nbgrader's own API beside vsim's chain, with the jail and without, in paired rounds.

Every contender has a process of its own that has imported everything and graded once; a round grades the same model
answer once with each, one after the other. Stock nbgrader has the same unit with tests in the notebook, and one city
for everybody; vsim's chain starts a kernel in the jail, sends plain answers out, and marks them outside.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONTENDERS = ("stock", "jailed", "plain")
LABELS = {"stock": "nbgrader, stock", "jailed": "vsim, jailed", "plain": "vsim, no jail"}
ROUNDS = 7
MOST = 15
LEARNER = "honest-model"
NEEDS = "grading needs nbgrader and the jail (bubblewrap, Linux); this machine lacks one of them"


def possible() -> bool:
    """Return whether this machine has nbgrader and the jail."""
    from vsim.course.jail import tier

    return importlib.util.find_spec("nbgrader") is not None and tier() == "bwrap"


def make(top: Path) -> None:
    """Make a course of vsim and a stock one, each with the model answer handed in."""
    import tests.course.stock as stock_side
    from tests.course.hostile import HONEST, UNIT
    from tests.course.test_hostile import known_of, make_course, setting_of
    from vsim.course.collecting import collect_unit
    from vsim.course.folder import open_course

    made = stock_side.Stock(top / "stock")
    made.hand_in(made.template, HONEST[0])
    ours = make_course(top / "ours")
    setting = setting_of(ours)
    HONEST[0].hand_in(ours.place("inbox"), setting, known_of(ours, setting))
    collect_unit(open_course(ours.root), UNIT)


def grader(name: str, top: Path) -> Any:
    """Return a function that grades the model answer once and returns the points."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from tests.course.hostile import UNIT
    from tests.course.stock import marks

    root = top / "stock" / "template" if name == "stock" else top / "ours"
    config = Config()
    config.CourseDirectory.root = str(root)
    if name != "stock":
        from vsim.course.folder import open_course
        from vsim.course.grader import config_of

        config = config_of(open_course(root))
        config.GradingExecute.jail = "none" if name == "plain" else "bwrap"
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    api.log.propagate = False

    def once() -> float | None:
        answer = api.autograde(UNIT, LEARNER, force=True, create=True)
        if not answer["success"]:
            raise SystemExit(f"{name}: {answer['error']} {str(answer['log'])[-2000:]}")
        return marks(root)[LEARNER][0]

    return once


def spent() -> float:
    """Return the CPU seconds of this process and of its children so far."""
    import resource  # Windows has none

    kinds = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(kind.ru_utime + kind.ru_stime for kind in kinds)


def below() -> float:
    """Return the CPU seconds so far of all processes that descend from this one and are there now."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        stats[int(path.parent.name)] = int(words[1]), sum(map(int, words[11:15]))
    mine, found = {os.getpid()}, 0
    while more := {number for number, (parent, _) in stats.items() if parent in mine} - mine:
        mine |= more
        found += sum(stats[number][1] for number in more)
    return found / os.sysconf("SC_CLK_TCK")


def counted() -> list[float]:
    """Let the CPU seconds of a jailed kernel be noted before it is killed: nobody is told of them afterwards."""
    from vsim.course.kernel_cell import Session

    noted: list[float] = []
    stop = Session.stop

    def count_and_stop(self: Session) -> None:
        noted.append(below())
        stop(self)

    Session.stop = count_and_stop  # type: ignore[method-assign]
    return noted


def worker(name: str, top: Path) -> None:
    """Grade once for each line that comes in, and print what it took."""
    warnings.simplefilter("ignore")
    once = grader(name, top)
    noted = counted() if name == "jailed" else []
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), spent()
        points = once()
        wall, cpu = time.perf_counter() - wall, spent() - cpu + sum(noted)
        noted.clear()
        print(json.dumps({"contender": name, "points": points, "wall": wall, "cpu": cpu}), flush=True)


@contextmanager
def workers(top: Path) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """Start one process for each contender."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = {name: subprocess.Popen([sys.executable, "-m", "benchmarks.grading", "--worker", name, "--top", str(top)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
                                      stderr=subprocess.DEVNULL, env=variables, cwd=ROOT) for name in CONTENDERS}
    try:
        yield running
    finally:
        for process in running.values():
            process.communicate()


def warm() -> None:
    """Let the engine be compiled where it is not: a learner's kernel that compiles runs into its limit of time."""
    import vsim

    vsim.simulate(vsim.scenario("campus"), seed=1)


def measure(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Return the measurements of all rounds; a first one of each contender is not among them."""
    warnings.simplefilter("ignore")
    warm()
    out = []
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as top:
        make(Path(top))
        with workers(Path(top)) as running:
            for number in range(rounds + 1):
                for name, process in running.items():
                    assert process.stdin is not None
                    assert process.stdout is not None
                    process.stdin.write("go\n")
                    process.stdin.flush()
                    line = process.stdout.readline()
                    if not line:
                        raise SystemExit(f"benchmarks.grading: {name} ended")
                    if number:
                        out.append({"round": number, **json.loads(line)})
    return out


def pick(found: list[dict[str, Any]], name: str, what: str) -> list[float]:
    """Return one figure of one contender, round by round."""
    return [one[what] for one in found if one["contender"] == name]


def table(found: list[dict[str, Any]]) -> str:
    """Return the figures as lines of text: least and median seconds, and ratios to stock of the same round."""
    heads = (("", -20), ("wall s: least", 15), ("median", 9), ("CPU s: least", 15), ("median", 9), ("wall / stock", 15),
             ("CPU / stock", 14))
    lines = ["".join(f"{head:{'<' if width < 0 else '>'}{abs(width)}}" for head, width in heads)]
    for name in CONTENDERS:
        cells = [f"{LABELS[name]:20}"]
        for what, width in (("wall", 15), ("cpu", 15)):
            seen = pick(found, name, what)
            cells.append(f"{min(seen):{width}.2f}{statistics.median(seen):9.2f}")
        for what, width in (("wall", 15), ("cpu", 14)):
            pairs = zip(pick(found, name, what), pick(found, "stock", what), strict=True)
            cells.append(f"{statistics.median(mine / theirs for mine, theirs in pairs):{width}.2f}")
        lines.append("".join(cells))
    return "\n".join(lines)


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table as text, or why there is none."""
    if not found["rows"]:
        return [f"not measured: {found['missing']}"]
    return ["The model answer of a unit in one process, seconds a submission (ratios: median):", table(found["rows"])]


def problems(found: dict[str, Any]) -> list[str]:
    """Return what is wrong: a part that could not be measured, or marks that are not full."""
    return wrong_marks(found["rows"]) if found["rows"] else [found["missing"]]


def wrong_marks(found: list[dict[str, Any]]) -> list[str]:
    """Return each model answer that did not earn everything."""
    wrong = {one["contender"]: one["points"] for one in found if one["points"] != MOST}
    return [f"grading: {name} gave {points} of {MOST} points" for name, points in wrong.items()]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description="seconds per submission")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--worker", choices=CONTENDERS)
    parser.add_argument("--top", type=Path)
    options = parser.parse_args()
    if options.worker:
        worker(options.worker, options.top)
        return 0
    found = measure(options.rounds)
    print(table(found), file=sys.stderr)
    print(json.dumps(found))
    return 1 if wrong_marks(found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
