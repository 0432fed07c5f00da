"""Whole course folders for tests: made, released, handed in and graded by the commands themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

UNIT = "foundation-01-registers-and-rates"
BUILD = Path(__file__).resolve().parents[2] / "build"
PROGRAMS = Path(sys.executable).parent
SOLVED = re.compile(r"^\s*### (BEGIN|END) SOLUTION\n?", re.MULTILINE)

Change = Callable[[Any, Mapping[str, str]], None]


def compiled() -> dict[str, str]:
    """Return this environment, in which modules are kept compiled: a start costs seconds less."""
    known = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**known, "PYTHONPYCACHEPREFIX": str(BUILD / "pycache")}


def command(folder: Path, *words: str | Path, code: int = 0, program: str = "vsim", **variables: str) -> str:
    """Run a command in a folder and return what it said; fail when it ends with another code."""
    environment = {**compiled(), "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run(
        [str(PROGRAMS / program), *map(str, words)],
        cwd=folder,
        env=environment,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=300,
    )
    assert done.returncode == code, f"{program} {' '.join(map(str, words))}\n{done.stdout[-3000:]}"
    return done.stdout


def new_course(folder: Path, learners: Mapping[str, str], lang: str = "en") -> Path:
    """Make a course folder and release the unit in it."""
    cohort = folder.parent / f"{folder.name}.csv"
    cohort.parent.mkdir(parents=True, exist_ok=True)
    cohort.write_text("learner,name\n" + "".join(f"{key},{name}\n" for key, name in learners.items()), encoding="utf-8")
    command(folder.parent, "course", "init", folder, "--learners", cohort, "-q", "--lang", lang)
    command(folder, "course", "release", UNIT, "-q", "--due", "2026-12-01 18:00")
    return folder


def model_answers(course: Path) -> dict[str, str]:
    """Return the model answers of the unit's cells, by grade id, as a learner would have written them."""
    import nbformat

    source = nbformat.read(course / "source" / UNIT / f"{UNIT}.ipynb", as_version=4)
    marked = [(cell.metadata.get("nbgrader", {}), cell.source) for cell in source.cells]
    return {marks["grade_id"]: SOLVED.sub("", text) for marks, text in marked if marks.get("solution")}


def hand_in(course: Path, learner: str, change: Change) -> None:
    """Unpack a learner's handout into the inbox, let somebody work in it, and save it."""
    import nbformat

    with zipfile.ZipFile(course / "handouts" / UNIT / f"{learner}.zip") as handout:
        handout.extractall(course / "inbox" / learner)
    path = course / "inbox" / learner / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook, model_answers(course))
    nbformat.write(notebook, path)


def answered(notebook: Any, answers: Mapping[str, str]) -> None:
    """Write answers into the cells of a notebook."""
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
