"""The same submissions through stock nbgrader: its own configuration, tests in the notebook, no vsim in the marking.

The unit is the same; its check cells hold what an author of stock nbgrader would write: visible nothing, hidden tests
with the expected values of this learner, partial credit or assertions. Since several submissions hurt the machine, each
runs inside an outer jail with a fresh copy of the course: nothing escapes, and what it did can be looked at.

`python -m tests.course.stock [NAME ...]` runs some or all of them and prints a table.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.course.broken import Plain, raw
from tests.course.hostile import CATALOGUE, HONEST, LEFT, PAGE, SLEEP, UNIT, Hostile, Setting, cell
from vsim.course.jail import probed, seen
from vsim.course.jail_command import SCRATCH, WORK, Bounds, Place, bwrap

COURSE = "/course"
BEFORE, AFTER = "aaa-before", "zzz-after"               # honest learners, graded before and in the same go after
SLOT = 190                                              # a user of its own
BOUNDS = Bounds(wall=240, memory=12 * 2**30, disk=2 * 2**30, file=2 * 2**30, processes=120, files=1024)
CONFIG = "c = get_config()  # noqa: F821\n"
HIDDEN = "canary-hidden-test"
WORK_OF_ANOTHER = "canary-work-of-another"
UNMEASURED = {
    "network": "not measured: the outer jail has no network",
    "packages": "not measured beyond the course: the outer jail's system is read-only",
}
SCRIPT = f"""
cd {COURSE}
nbgrader autograde {UNIT} > log.txt 2>&1
echo $? > code.txt
for folder in /proc/[0-9]*; do tr '\\0' ' ' < $folder/cmdline 2>/dev/null; echo; done |
  grep -c '[{SLEEP[0]}]{SLEEP[1:]}\\|[i]pykernel_launcher' > left.txt
find /tmp "$HOME" /dev/shm -name '*{LEFT}*' > found.txt 2>/dev/null
"""


@dataclass(frozen=True)
class Result:
    """What stock nbgrader made of one submission.

    Attributes
    ----------
    graded : bool
        Whether there is an autograded notebook with marks.
    points : float or None
    wall : float
        Seconds, start of nbgrader and the marking of one honest learner included.
    notes : tuple of str
        What was lost, leaked or poisoned, in a few fixed words.
    """

    graded: bool
    points: float | None
    wall: float
    notes: tuple[str, ...] = field(default_factory=tuple)


def tests_of(sitting: Any, checks: Any) -> dict[str, str]:
    """Return the sources of the check cells with the expected values of one learner."""
    truth, tasks = sitting.truth, {task.id: task for task in checks.tasks}
    frame = truth.by_district
    options = tasks["q4"].parts[0].dealt(sitting.seed)
    letter = options.letters[options.seen.index(2)]
    inputs = tasks["q5"].probes(12345)
    rates = {"registered_per_100_residents": truth.registered / truth.residents,
             "active_per_100_registered": truth.active / truth.registered,
             "active_per_100_residents": truth.active / truth.residents}
    begin, end = "### BEGIN HIDDEN TESTS\n", "\n### END HIDDEN TESTS"
    counts = [f"earned += {name} == {getattr(truth, name)}" for name in ("residents", "registered", "active")]
    near = [f"earned += abs({name} - {100 * value!r}) < 0.051" for name, value in rates.items()]
    return {
        "q1-check": f"earned = 0\n{begin}# {HIDDEN}\n" + "\n".join(counts) + f"{end}\nearned",
        "q2-check": f"earned = 0\n{begin}" + "\n".join(near) + f"{end}\nearned",
        "q3-check": (
            f"earned = 0\n{begin}_table = by_district.set_index('district')\n"
            f"earned += all(_table['active'].get(d) == v for d, v in {frame['active'].to_dict()!r}.items())\n"
            f"earned += 2 * all(abs(_table['active_rate'].get(d, 999) - v) < 0.051 for d, v in "
            f"{frame['active_rate'].round(6).to_dict()!r}.items())\n"
            f"earned += lowest == {str(frame['active_rate'].idxmin())!r}{end}\nearned"),
        "q4-check": f"{begin}assert sentence == {letter!r}{end}",
        "q5-check": (
            f"{begin}from vsim.course.payload import argument\n_model = ({inputs!r}, "
            f"{[float(_right(checks, given)) for given in inputs]!r})\n"
            f"for _given, _wanted in zip(*_model):\n"
            f"    assert abs(active_rate(*[argument(one) for one in _given]) - _wanted) < 0.051{end}"),
    }


def _right(checks: Any, given: list[Any]) -> float:
    from vsim.course.payload import argument

    module = sys.modules[checks.tasks[0].check.__module__]
    return float(module.active_rate(*[argument(one) for one in given]))


def outside(course: Path, argv: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run something in the outer jail; the course folder is all that it may write and that stays."""
    place = Place(folder, SLOT)
    folder.mkdir(exist_ok=True)
    place.write_people()
    way = probed().way
    assert way is not None
    if way == "root":
        for path in (course, *course.rglob("*")):
            os.chown(path, place.user, place.user, follow_symlinks=False)
    python = Path(sys.executable).parent
    variables = {"HOME": str(WORK), "PATH": f"{python}:/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": SCRATCH,
                 "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
                 "VSIM_CACHE": f"{SCRATCH}/vsim", "PYTHONWARNINGS": "ignore"}
    line = bwrap(way, seen(), place, BOUNDS, argv, variables)
    line.insert(line.index("--remount-ro"), "--bind")
    at = line.index("--bind")
    line[at + 1:at + 1] = [str(course), COURSE]
    return subprocess.run(line, capture_output=True, check=False, cwd="/")


class Stock:
    """A stock course, made once, and copied afresh for each submission."""

    def __init__(self, top: Path) -> None:
        from tests.course.test_hostile import make_course, model_of
        from vsim.course.handout import table_bytes
        from vsim.course.release import learner_card
        from vsim.course.unit import sit

        self.top, self.template = top, top / "template"
        ours = make_course(top / "vsim")
        sitting = sit(ours.unit(UNIT), ours.name, "mmm")
        folder = self.template / "source" / UNIT
        (folder / "data").mkdir(parents=True)
        (self.template / "submitted").mkdir()
        (self.template / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        notebook: Plain = json.loads(ours.place("source", UNIT, f"{UNIT}.ipynb").read_text(encoding="utf-8"))
        for one in notebook["cells"]:
            one["source"] = "".join(one["source"])
        for name, source in tests_of(sitting, ours.unit(UNIT).checks).items():
            cell(notebook, name)["source"] = source
        (folder / f"{UNIT}.ipynb").write_bytes(raw(notebook))
        shutil.copyfile(ours.place("release", UNIT, "unit.json"), folder / "unit.json")
        (folder / "learner.json").write_text(json.dumps(learner_card(ours, UNIT, sitting)), encoding="utf-8")
        for name, table in sitting.tables.items():
            (folder / "data" / f"{name}.csv").write_bytes(table_bytes(table))
        made = outside(self.template, ["/bin/sh", "-c", f"cd {COURSE} && nbgrader generate_assignment {UNIT} --create"],
                       top / "run")
        release = self.template / "release" / UNIT / f"{UNIT}.ipynb"
        assert release.is_file(), made.stderr.decode()[-2000:]
        blank: Plain = json.loads(release.read_text(encoding="utf-8"))
        for one in blank["cells"]:
            one["source"] = "".join(one["source"])
        self.setting = Setting(Path(COURSE), BEFORE, {}, blank, model_of(ours))
        self.known = {"COURSE": COURSE, "UNIT": UNIT, "VICTIM": BEFORE, "PAGE": repr(PAGE),
                      "ROOT": str(Path(__file__).resolve().parents[2]),
                      **{name: self.setting.model[name] for name in ("q1", "q2", "q3", "q4", "q5")}}
        for name in (BEFORE, AFTER):
            words = {"reflection": f"{WORK_OF_ANOTHER} {name}"}
            self.hand_in(self.template, Hostile(name, "", None, cells=words))
        outside(self.template, ["/bin/sh", "-c", f"cd {COURSE} && nbgrader autograde {UNIT} --student {BEFORE}"],
                top / "run")
        assert marks(self.template)[BEFORE] == (15.0, None), (self.template, marks(self.template))

    def hand_in(self, course: Path, one: Hostile) -> None:
        """Put a submission where nbgrader looks for it."""
        folder = course / "submitted" / one.name / UNIT
        folder.mkdir(parents=True)
        one.write(folder, self.setting, self.known)

    def run(self, one: Hostile) -> Result:
        """Grade one submission and an honest one after it, and look at what is left."""
        course = self.top / "now"
        shutil.rmtree(course, ignore_errors=True)
        shutil.copytree(self.template, course, symlinks=True)
        self.hand_in(course, one)
        begun = time.monotonic()
        outside(course, ["/bin/sh", "-c", SCRIPT], self.top / "run")
        wall = round(time.monotonic() - begun, 1)
        found = marks(course)
        points, _ = found.get(one.name, (None, None))
        there = (course / "autograded" / one.name / UNIT / f"{UNIT}.ipynb").is_file()
        return Result(there and points is not None, points if there else None, wall,
                      tuple(_notes(course, one, found, there and points is not None)))


def marks(course: Path) -> dict[str, tuple[float | None, float | None]]:
    """Return, by learner, the points of the check cells and the points that a person seems to have given."""
    with sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True) as book:
        rows = book.execute(
            "select submitted_assignment.student_id, "
            "sum(case when base_cell.name like '%-check' then grade.auto_score end), sum(grade.manual_score) "
            "from grade join submitted_notebook on grade.notebook_id = submitted_notebook.id "
            "join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id "
            "join base_cell on grade.cell_id = base_cell.id group by submitted_assignment.student_id").fetchall()
    return {learner: (points, hand) for learner, points, hand in rows}


def _notes(course: Path, one: Hostile, found: dict[str, Any], graded: bool) -> Iterator[str]:
    """Yield what went wrong, in fixed words."""
    def text(name: str) -> str:
        path = course / name
        return path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""

    if not graded:
        yield "submission lost"
    if text("code.txt") not in ("0", "1"):
        yield f"nbgrader ended with {text('code.txt')}" if text("code.txt") else "nbgrader killed"
    if found.get(AFTER, (None, None))[0] is None:
        yield "later learner not graded"
    elif found[AFTER] != (15.0, None):
        yield "later learner's marks changed"
    if found.get(BEFORE) != (15.0, None):
        yield "earlier learner's marks changed"
    if found.get(one.name, (None, None))[1] is not None:
        yield "marks by hand forged"
    for top in ("autograded", "feedback"):
        folder = course / top / one.name
        files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
        if sum(path.stat().st_size for path in files) > 20 * 2**20:
            yield f"more than 20 MB in {top}"
        if any(path.name == "gradebook.db" for path in files):
            yield "grade book copied to the learner's files"
    yield from sorted(_leaks(course / "autograded" / one.name / UNIT / f"{UNIT}.ipynb"))
    if one.name in UNMEASURED:
        yield UNMEASURED[one.name]
    if text("left.txt") not in ("", "0"):
        yield "processes left over"
    if text("found.txt") or any(course.glob(f"{LEFT}*")):
        yield "files left behind"


def _leaks(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    notebook = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    shown = json.dumps([one.get("outputs") for one in notebook["cells"]], ensure_ascii=False)
    words = {HIDDEN: "hidden tests read", "must-not-leak": "solutions read", WORK_OF_ANOTHER: "others' work read",
             "SQLite format 3": "grade book read"}
    notes = {note for word, note in words.items() if word in shown}
    if "hoard = bytearray" in json.dumps(notebook) and "MemoryError" not in shown:
        notes.add("6 GB of memory taken")
    bad = ("<script>", "onerror=", "javascript:")
    html = [output.get("data", {}).get("text/html", "") for one in notebook["cells"]
            for output in one.get("outputs", ())]
    html += [one["source"] for one in notebook["cells"] if one["cell_type"] in ("markdown", "raw")]
    if any(word in "".join(part) for part in html for word in bad):
        notes.add("scripts reach formgrader")
    return notes


def submissions() -> list[Hostile]:
    """Return what stock nbgrader can be given."""
    return [one for one in (*HONEST, *CATALOGUE) if one.stock]


def compare(names: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """Run submissions through stock nbgrader and return what came of each, by name."""
    wanted = set(names)
    with tempfile.TemporaryDirectory(prefix="vsim-stock-") as top, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stock = Stock(Path(top))
        out = {}
        for one in submissions():
            if not wanted or one.name in wanted:
                out[one.name] = {**asdict(stock.run(one))}
                print(f"{one.name:22}{line(out[one.name])}", flush=True)
    return out


def line(found: dict[str, Any]) -> str:
    """Return one result as a line of text."""
    points = "-" if found["points"] is None else f"{found['points']:g}"
    return f"{'graded' if found['graded'] else 'LOST':8}{points:>5}{found['wall']:7.1f} s  {'; '.join(found['notes'])}"


if __name__ == "__main__":
    compare(sys.argv[1:])
