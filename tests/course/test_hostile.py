"""One class of hostile learners and three honest ones, collected and graded in one go by the real commands' functions.

Nobody earns more than the answers deserve, nobody is lost, nobody else's mark moves, nothing leaks and nothing stays.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.course.hostile import CATALOGUE, HONEST, LEFT, NOTHING, SLEEP, UNIT, Hostile, Setting
from vsim.course.folder import Course, init_course, open_course, write_learners
from vsim.course.keys import PUBLIC, seed, ticket

pytestmark = [pytest.mark.slow, pytest.mark.needs("jail", "notebooks", "linux")]

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "curriculum" / "foundation" / "01-registers-and-rates"
EVERYBODY = (HONEST[0], *CATALOGUE, *HONEST[1:])
BY_NAME = {one.name: one for one in EVERYBODY}
LIMITS = {"cell_seconds": 6, "notebook_seconds": 25}
PATIENCE = LIMITS["notebook_seconds"] + 20              # the run, and what marking and the page may take besides
OUTPUTS = ("autograded", "feedback", "gradebook.db", "ledger.jsonl", ".ledger.lock", "truths")
CANARY = "canary-{}-must-not-leak"
CORE = tuple(one for one in EVERYBODY if one.core)       # the others are graded in the slow lane only: `make prove`
NAMES = [one.name for one in CORE]
TAKEN = [one.name for one in CORE if one.points is not None]


@dataclass
class Class:
    """What is left after the class was graded."""

    course: Course
    collected: list[Any]
    graded: dict[str, Any]
    again: dict[str, Any]
    ledger: list[dict[str, Any]]
    alone: dict[str, dict[str, Any]]
    before: dict[str, dict[str, str]]
    after: dict[str, dict[str, str]]
    seconds: float
    lines: tuple[int, int] = (0, 0)
    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def row(self, name: str) -> dict[str, Any]:
        """Return the last line of a learner that says what was marked."""
        return [row for row in self.ledger if row["learner"] == name and row["kind"] == "marked"][-1]

    def files(self, name: str) -> list[Path]:
        """Return what was written for a learner."""
        tops = (self.course.place(top, name) for top in ("autograded", "feedback"))
        return [path for top in tops for path in sorted(top.rglob("*")) if path.is_file()]


def model_of(course: Course) -> dict[str, str]:
    """Return the model answers by cell, as a learner would have written them."""
    source = nbformat.read(course.place("source", UNIT, f"{UNIT}.ipynb"), as_version=4)
    found = {}
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            lines = [line for line in cell.source.splitlines() if "### " not in line and "canary" not in line]
            found[cell.metadata.nbgrader.grade_id] = "\n".join(lines)
    return found


def with_canaries(folder: Path) -> None:
    """Copy the shipped unit, with a word in each part that learners must never see."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = (folder / "assignment.md").read_text(encoding="utf-8")
    mark = "### BEGIN SOLUTION\n"
    assert mark in text
    parts = text.split(mark)
    for place, part in enumerate(parts[:-1]):
        indent = part.rpartition("\n")[2]
        parts[place] += f"{mark}{indent}# {CANARY.format('solution')}\n"
    (folder / "assignment.md").write_text("".join(parts), encoding="utf-8")
    for name in ("checks.py", "rubric.md"):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n# {CANARY.format(name.partition('.')[0])}\n")


def make_course(root: Path) -> Course:
    """Return a course with short times whose unit is released to the honest learners; the others have no handout."""
    init_course(root, name="hostile")
    text = (root / "course.yaml").read_text(encoding="utf-8")
    for key, value in {**LIMITS, "units": "[own]"}.items():
        text = "\n".join(f"{key}: {value}" if line.startswith(f"{key}:") else line for line in text.splitlines())
    (root / "course.yaml").write_text(text + "\n", encoding="utf-8")
    with_canaries(root / "own" / "foundation" / "01-registers-and-rates")
    write_learners(root / "learners.csv", {one.name: f"Name of {one.name} (private)" for one in HONEST})
    from vsim.course.release import release

    release(open_course(root), UNIT)
    return open_course(root)


def setting_of(course: Course) -> Setting:
    """Return what makers of submissions know."""
    release = json.loads(course.place("release", UNIT, f"{UNIT}.ipynb").read_text(encoding="utf-8"))
    for cell in release["cells"]:
        cell["source"] = "".join(cell["source"])
    tickets = {one.name: ticket(course.secret, course.name, UNIT, one.name) for one in EVERYBODY}
    return Setting(course.root, HONEST[1].name, tickets, release, model_of(course))


def known_of(course: Course, setting: Setting) -> dict[str, str]:
    """Return what stands for the names between @ in sources."""
    from tests.course.hostile import PAGE

    return {"COURSE": str(course.root), "UNIT": UNIT, "VICTIM": setting.victim, "ROOT": str(ROOT), "PAGE": repr(PAGE),
            **{name: setting.model[name] for name in ("q1", "q2", "q3", "q4", "q5")}}


def sums(root: Path, leave: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the checksum of every file below a folder, links as what they point to."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if name.parts[0].startswith(leave) or "__pycache__" in name.parts:
            continue
        if path.is_symlink():
            found[str(name)] = os.readlink(path)
        elif path.is_file():
            found[str(name)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def listed(root: Path) -> dict[str, str]:
    """Return size and time of every file below a large folder."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            state = os.lstat(os.path.join(folder, name))
            found[os.path.join(folder, name)] = f"{state.st_size}/{state.st_mtime_ns}/{state.st_mode}"
    return found


def state(course: Course, home: Path) -> dict[str, dict[str, str]]:
    """Return what no submission may change."""
    return {"home": sums(home), "packages": listed(Path(nbformat.__file__).parents[1]),
            "course": sums(course.root, OUTPUTS)}


def honest_alone(course: Course, folder: Path, setting: Setting) -> dict[str, dict[str, Any]]:
    """Return the ledger's lines of the honest learners when nobody else is in the course."""
    from vsim.course.collecting import collect_unit
    from vsim.course.grading import grade

    shutil.copytree(course.root, folder)
    copy = open_course(folder)
    for one in HONEST:
        one.hand_in(folder / "inbox", setting, known_of(copy, setting))
    collect_unit(copy, UNIT)
    assert {row.status for row in grade(copy, UNIT)} == {"marked"}
    lines = [json.loads(line) for line in (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    return {row["learner"]: row for row in lines if row["kind"] == "marked"}


def secrets_of(course: Course, setting: Setting) -> dict[str, tuple[str, ...]]:
    """Return, for each learner, the words that may stand in files of nobody else."""
    found = {"": (course.secret.hex(), *(CANARY.format(part) for part in ("solution", "checks", "rubric")))}
    for one in EVERYBODY:
        draws = [str(seed(PUBLIC, course.name, UNIT, one.name, "city", draw)) for draw in range(12)]
        found[one.name] = (setting.tickets[one.name], f"Name of {one.name} (private)", *draws)
    found["honest-partly"] += ("canary-work-of-another",)
    return found


@contextmanager
def class_of(everybody: tuple[Hostile, ...], top: Path) -> Iterator[Class]:
    """Grade a class, once and once more, and look at what is left."""
    with warnings.catch_warnings():             # what the libraries of others warn about as they are imported
        warnings.simplefilter("ignore")
        import nbgrader.apps.api
        import nbgrader.preprocessors  # noqa: F401

    from vsim.course.collecting import collect_unit
    from vsim.course.grading import grade

    home = top / "home"
    (home / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    (home / ".bashrc").write_text("# as it was\n", encoding="utf-8")
    moved = pytest.MonkeyPatch()
    moved.setenv("HOME", str(home))
    try:
        course = make_course(top / "course")
        setting = setting_of(course)
        alone = honest_alone(course, top / "alone", setting)
        write_learners(course.root / "learners.csv", {one.name: f"Name of {one.name} (private)" for one in everybody})
        course = open_course(course.root)
        for one in everybody:
            one.hand_in(course.place("inbox"), setting, known_of(course, setting))
        begun = time.monotonic()
        collected = collect_unit(course, UNIT)
        before = state(course, home)
        marks = grade(course, UNIT)
        seconds = time.monotonic() - begun
        text = course.place("ledger.jsonl").read_text(encoding="utf-8")
        kept = sums(course.place("autograded"))
        collect_unit(course, UNIT)
        again = grade(course, UNIT)
        lines = len(text.splitlines()), len(course.place("ledger.jsonl").read_text(encoding="utf-8").splitlines())
        assert kept == sums(course.place("autograded"))
        yield Class(course, collected, {row.learner: row for row in marks}, {row.learner: row for row in again},
                    [json.loads(line) for line in text.splitlines()], alone, before, state(course, home), seconds,
                    lines, secrets_of(course, setting))
    finally:
        moved.undo()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Grade the class once; every test looks at what is left."""
    with class_of(CORE, tmp_path_factory.mktemp("hostile")) as found:
        yield found


def test_there_are_enough_submissions_and_no_name_twice() -> None:
    assert len(CATALOGUE) >= 30
    assert len(BY_NAME) == len(EVERYBODY)


def earned(row: dict[str, Any]) -> tuple[float, ...]:
    """Return the points of the five tasks."""
    return tuple(row["scores"][f"q{place}"]["earned"] for place in range(1, 6))


@pytest.mark.parametrize("name", TAKEN)
def test_a_submission_is_marked_and_earns_what_its_answers_deserve(graded: Class, name: str) -> None:
    row = graded.graded[name]
    assert row.status == "marked", row.message
    assert earned(graded.row(name)) == BY_NAME[name].points
    assert row.earned == sum(BY_NAME[name].points or NOTHING)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in TAKEN])
def test_where_no_file_could_be_taken_a_row_says_why_and_nothing_is_marked(graded: Class, name: str) -> None:
    files = [row for row in graded.collected if row.file.startswith((f"{name}/", f"{name}.ipynb"))]
    assert [row.status for row in files] == [BY_NAME[name].status]
    assert files[0].message
    assert graded.graded[name].status == "missing"
    assert not [row for row in graded.ledger if row["learner"] == name]


@pytest.mark.parametrize("name", TAKEN)
def test_a_collected_file_has_a_row_with_its_state_and_its_flags(graded: Class, name: str) -> None:
    rows = [row for row in graded.collected if row.learner == name]
    assert BY_NAME[name].status in {row.status for row in rows}
    assert all(row.learner for row in rows)
    flags = {code for code, _ in graded.row(name)["flags"]}
    assert BY_NAME[name].flags <= flags
    assert "forged" not in flags


def test_one_round_is_enough_and_a_second_one_changes_nothing(graded: Class) -> None:
    assert {row.status for row in graded.again.values()} <= {"unchanged", "missing"}
    assert graded.lines[0] == graded.lines[1]
    assert {name: row.earned for name, row in graded.graded.items()} == {
        name: row.earned for name, row in graded.again.items()}


@pytest.mark.parametrize("name", [one.name for one in HONEST])
def test_honest_learners_have_the_marks_that_they_have_alone(graded: Class, name: str) -> None:
    assert earned(graded.row(name)) == BY_NAME[name].points
    for part in ("scores", "answers", "seed", "attempt"):
        assert graded.row(name)[part] == graded.alone[name][part]


def test_no_submission_takes_longer_than_its_limits(graded: Class) -> None:
    slow = {name: row.seconds for name, row in graded.graded.items() if row.seconds > PATIENCE}
    assert not slow
    assert max(row["run"]["wall"] for row in graded.ledger) < LIMITS["notebook_seconds"] + 8


def test_no_file_of_a_learner_holds_what_belongs_to_others_or_to_the_course(graded: Class) -> None:
    found = []
    for name in graded.graded:
        for path in graded.files(name):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [(path.name, word) for owner, words in graded.secrets.items() if owner != name
                      for word in words if word in text]
    assert not found


def test_no_line_of_the_ledger_holds_what_belongs_to_others(graded: Class) -> None:
    found = []
    for row in graded.ledger:
        text = json.dumps(row)
        found += [(row["learner"], word) for owner, words in graded.secrets.items() if owner != row["learner"]
                  for word in words if word in text]
    assert not found


def test_only_notebooks_and_pages_are_written_and_none_is_large(graded: Class) -> None:
    for name in graded.graded:
        for path in graded.files(name):
            assert path.name in (f"{UNIT}.ipynb", f"{UNIT}.html", "unit.json", "timestamp.txt"), path
            assert not path.is_symlink()
            assert path.stat().st_size < 8 * 2**20, path


def test_the_ledger_has_one_line_for_each_who_was_marked_and_no_other(graded: Class) -> None:
    taken = [name for name in graded.graded if BY_NAME[name].points is not None]
    assert sorted(row["learner"] for row in graded.ledger) == sorted(taken)
    assert {row["kind"] for row in graded.ledger} == {"marked"}
    assert {row["attempt"] for row in graded.ledger} == {1}
    notes = graded.row("forged-notes")
    originals = graded.course.place("received", UNIT, "forged-notes").glob("*.ipynb")
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in originals] == [notes["sha256"]]
    assert notes["flags"] == []
    assert notes["arrived"].startswith("20")


def test_the_grade_book_is_whole_and_says_what_the_ledger_says(graded: Class) -> None:
    with sqlite3.connect(f"file:{graded.course.place('gradebook.db')}?mode=ro", uri=True) as book:
        assert book.execute("pragma integrity_check").fetchone() == ("ok",)
        assert book.execute("select count(*) from grade where manual_score is not null").fetchone() == (0,)
        rows = book.execute(
            "select submitted_assignment.student_id, base_cell.name, grade.auto_score from grade "
            "join submitted_notebook on grade.notebook_id = submitted_notebook.id "
            "join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id "
            "join base_cell on grade.cell_id = base_cell.id where grade.auto_score is not null").fetchall()
    found: dict[str, dict[str, float]] = {}
    for learner, name, score in rows:
        found.setdefault(learner, {})[name.removesuffix("-check")] = score
    told = {row["learner"]: {task: one["earned"] for task, one in row["scores"].items()} for row in graded.ledger}
    assert {learner: {task: one for task, one in marks.items() if task in told[learner]}
            for learner, marks in found.items()} == told


def test_home_packages_and_course_folder_are_as_they_were(graded: Class) -> None:
    for place, files in graded.before.items():
        changed = {name for name in files.keys() | graded.after[place].keys()
                   if files.get(name) != graded.after[place].get(name)}
        assert not changed, place


def test_nothing_is_left_behind_on_the_machine(graded: Class) -> None:
    places = [Path("/tmp"), Path("/dev/shm"), Path("/run"), Path("/var/tmp"), Path("/etc"), ROOT, ROOT / "vsim",
              graded.course.root, Path.home()]
    assert not [path for place in places if place.is_dir() for path in place.glob(f"*{LEFT}*")]


def test_no_process_is_left_over(graded: Class) -> None:
    left = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
            parent = path.with_name("stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if SLEEP.encode() in words or (parent == str(os.getpid()) and b"bwrap" in b" ".join(words)):
            left.append(words)
    assert not left


class Page(HTMLParser):
    """What on a page could run or fetch something."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts, self.bad = 0, []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if tag in ("iframe", "object", "embed", "form", "base", "svg:script", "noscript", "math"):
            self.bad.append(f"<{tag}>")
        for name, value in attrs:
            words = "".join((value or "").split()).lower()
            runs = name.startswith("on") or words.startswith(("javascript:", "data:text", "vbscript:"))
            fetches = "evil.example" in words and name in ("src", "href", "style", "data", "action")
            if runs or fetches or name == "formaction":
                self.bad.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("name", ["browser", "forged-notes", "forged-scores", "slow-words"])
def test_nothing_on_a_page_runs_or_fetches(graded: Class, name: str) -> None:
    plain = Page(graded.course.place("feedback", "honest-model", UNIT, f"{UNIT}.html").read_text(encoding="utf-8"))
    found = Page(graded.course.place("feedback", name, UNIT, f"{UNIT}.html").read_text(encoding="utf-8"))
    assert found.bad == []
    assert found.scripts == plain.scripts


@pytest.mark.parametrize("name", ["browser", "forged-notes"])
def test_nothing_in_an_autograded_notebook_runs_in_formgrader(graded: Class, name: str) -> None:
    """Formgrader shows these notebooks with its own template: what is in them must be harmless as it stands."""
    notebook = nbformat.read(graded.course.place("autograded", name, UNIT, f"{UNIT}.ipynb"), as_version=4)
    for cell in notebook.cells:
        texts = [cell.source] if cell.cell_type != "code" else []
        for output in cell.get("outputs", []):
            assert output.get("metadata", {}) == {}
            data = output.get("data", {})
            assert set(data) <= {"text/plain", "text/html", "text/markdown", "image/png", "image/jpeg"}
            texts += [data[kind] for kind in ("text/html", "text/markdown") if kind in data]
        for text in texts:
            assert Page(text).bad == []
            assert Page(text).scripts == 0
            assert "\\href" not in text
    assert "title" not in notebook.metadata
    assert "widgets" not in notebook.metadata


@pytest.mark.browser
def test_a_browser_runs_nothing_of_a_hostile_page(graded: Class) -> None:
    from playwright.sync_api import sync_playwright

    from vsim.cli.doctor import chromium

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append("dialog"))
        page.goto(graded.course.place("feedback", "browser", UNIT, f"{UNIT}.html").as_uri())
        for link in page.locator("a").all()[:60]:
            link.evaluate("link => link.click()")
        page.wait_for_timeout(300)
        assert page.evaluate("window.pwned") is None
        browser.close()
    assert [url for url in asked if not url.startswith("file:")] == []


def table(graded: Class) -> str:
    """Return the class as lines of text: name, points, seconds."""
    return "\n".join(f"{name:22}{row.status:10}{row.earned:6g}{row.seconds:8.1f}  {' '.join(row.flags)}"
                     for name, row in graded.graded.items())


def test_the_class_is_graded_in_a_bearable_time(graded: Class) -> None:
    print(f"\n{table(graded)}\n{graded.seconds:.0f} s for {len(graded.graded)} learners")
    assert graded.seconds < PATIENCE * len(graded.graded)


def test_every_catalogued_name_is_a_learner_id(graded: Class) -> None:
    assert set(graded.graded) == set(NAMES)


WHOLE = (
    test_one_round_is_enough_and_a_second_one_changes_nothing,
    test_no_submission_takes_longer_than_its_limits,
    test_no_file_of_a_learner_holds_what_belongs_to_others_or_to_the_course,
    test_no_line_of_the_ledger_holds_what_belongs_to_others,
    test_only_notebooks_and_pages_are_written_and_none_is_large,
    test_the_ledger_has_one_line_for_each_who_was_marked_and_no_other,
    test_the_grade_book_is_whole_and_says_what_the_ledger_says,
    test_home_packages_and_course_folder_are_as_they_were,
    test_nothing_is_left_behind_on_the_machine,
    test_no_process_is_left_over,
)
PAGES = ("browser", "forged-notes", "forged-scores", "slow-words", "traceback")


@pytest.mark.prove
def test_the_whole_catalogue_and_its_comparison_with_stock_nbgrader_go_to_proofs(tmp_path: Path) -> None:
    """`make prove`: everybody in one class, then the same submissions through stock nbgrader, each in an outer jail."""
    from importlib.metadata import version

    from tests.course import stock
    from tests.course.test_hostile_proof import PROOF, depends_on

    found: dict[str, Any] = {}
    with class_of(EVERYBODY, tmp_path) as whole:
        print(f"\n{table(whole)}\n{whole.seconds:.0f} s for {len(whole.graded)} learners")
        for check in WHOLE:
            check(whole)
        for name in PAGES:
            test_nothing_on_a_page_runs_or_fetches(whole, name)
        for one in EVERYBODY:
            if one.points is None:
                test_where_no_file_could_be_taken_a_row_says_why_and_nothing_is_marked(whole, one.name)
            else:
                test_a_submission_is_marked_and_earns_what_its_answers_deserve(whole, one.name)
                test_a_collected_file_has_a_row_with_its_state_and_its_flags(whole, one.name)
            found[one.name] = {
                "tries": one.tries,
                "deserved": sum(one.points or (0.0,)),
                "vsim": {"state": whole.graded[one.name].status if one.points is not None else one.status,
                         "points": whole.graded[one.name].earned},
            }
    theirs = stock.compare()
    for name, row in found.items():
        row["stock"] = theirs.get(name)
        told = stock.line(row["stock"]) if row["stock"] else "cannot be given it"
        ours = f"{row['vsim']['state']:16}{row['vsim']['points']:5g}"
        print(f"{name:22}{row['deserved']:5g}   vsim {ours}   stock {told}")
    versions = {name: version(name) for name in ("nbgrader", "nbclient", "ipykernel", "IPython")}
    proof = {"depends_on": depends_on(), "most": 15, "unit": UNIT, "submissions": found, "versions": versions}
    PROOF.write_text(json.dumps(proof, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
