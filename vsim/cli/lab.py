"""vsim lab: JupyterLab on a lesson, a handout or a course, in the reader's language, the home folder left alone."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from vsim.cli.common import DryRun, Lang, Quiet, say, screen
from vsim.errors import UsageError
from vsim.i18n import LOCALES, VARIABLE, known_language, language, set_language, t

NEEDED = ("babel", "jupyterlab", "jupytext", "nbformat", "nbgrader")
OWN = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}  # unless set by the user


@dataclass(frozen=True, slots=True)
class Start:
    """What is to be started.

    Attributes
    ----------
    folder : Path
        What JupyterLab shows, and where it runs.
    notebook : Path or None
        What it opens, below the folder.
    lang : str
    role : {"learner", "trainer"}
    command : list of str
    environment : dict of str to str
        What is set beside the environment of this process.
    """

    folder: Path
    notebook: Path | None
    lang: str
    role: str
    command: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)


def _ready() -> None:
    """Say what to install where JupyterLab is missing."""
    from importlib.util import find_spec

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"lab: {', '.join(missing)} not installed. Install the course extra: pip install 'vsim[course]'."
        )


def lab(
    name: Annotated[
        str | None, typer.Argument(help="A lesson, an unpacked handout, or an .ipynb file. [the first lesson]")
    ] = None,
    course: Annotated[
        Path | None, typer.Option("--course", "-C", help="Open a course folder instead, with formgrader.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port of the server, or the next free one.")
    ] = 8888,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Open JupyterLab on the lessons, a handout or a course; Ctrl-C ends it."""
    _ready()
    if name is not None and course is not None:
        raise UsageError(
            f"lab: '{name}' and --course {course} are both named; allowed one of them. Leave the other out."
        )
    chosen = course_start(course, lang) if course is not None else learner_start(name, lang, dry_run)
    start = started(chosen, browser, port)
    set_language(start.lang)
    if dry_run:
        for key, value in start.environment.items():
            screen().print(f"{key}={value}", markup=False, highlight=False, soft_wrap=True)
        screen().print(f"cd {shlex.quote(str(start.folder))}", markup=False, highlight=False, soft_wrap=True)
        screen().print(shlex.join(start.command), markup=False, highlight=False, soft_wrap=True)
        return
    if start.role == "trainer":
        say(t("Formgrader is in the menu Nbgrader, and at /formgrader of the same address."), quiet)
    raise typer.Exit(run(start))


def learner_start(name: str | None, lang: str | None, dry_run: bool = False) -> Start:
    """Return what a learner opens: lessons, built first where nobody has worked in them yet, or what was handed out.

    Raises
    ------
    UsageError
        When nothing bears the name.
    """
    if name is not None and (Path(name).is_dir() or name.endswith(".ipynb")):
        return _handout(Path(name), lang)
    from vsim.course.lessons import all_names, notebooks_folder, open_lesson_source
    from vsim.course.syllabus import TIERS, TRACKS

    chosen = known_language(lang) if lang else language()
    set_language(chosen)
    folder = notebooks_folder()
    built = folder.parent / "build" / "notebooks"
    found = []
    for lesson in all_names([name] if name else [], folder):
        source = open_lesson_source(lesson, folder)
        notebook = built / chosen / source.syllabus.track / f"{source.stem}.ipynb"
        found.append((TIERS.index(source.syllabus.tier), TRACKS.index(source.syllabus.track), notebook))
        if not dry_run and not worked_in(notebook, built):
            from vsim.course.editions import build

            build(source, chosen, built)
    return Start(built / chosen, min(found)[-1], chosen, "learner")


def worked_in(notebook: Path, built: Path) -> bool:
    """Return whether somebody has changed a built notebook: it is then opened as it was left, and not built anew."""
    from vsim.course.writing import MANIFEST

    if not notebook.is_file():
        return False
    try:
        known = json.loads((built / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    return bool(known.get(notebook.relative_to(built).as_posix()) != sha256(notebook.read_bytes()).hexdigest())


def _handout(path: Path, lang: str | None) -> Start:
    """Return how a handout is opened: in its own language, unless another one is asked for."""
    place = path.resolve()
    inside = sorted(place.rglob("*.ipynb"))
    seen = [file for file in inside if not any(part.startswith(".") for part in file.relative_to(place).parts)]
    found = [place] if place.is_file() else seen
    if not found:
        raise UsageError(
            f"{path}: holds no notebook; allowed an unpacked handout or an .ipynb file. Unpack the zip file first."
        )
    notebook = found[0] if len(found) == 1 else None
    wished = lang or next((os.environ[key] for key in (VARIABLE, LOCALES[0]) if os.environ.get(key)), None)
    chosen = known_language(wished) if wished else (_spoken(found[0]) or language())
    return Start(notebook.parent if notebook else place, notebook, chosen, "learner")


def _spoken(notebook: Path) -> str | None:
    """Return the language that a notebook says it is in, or None."""
    try:
        told = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["vsim"]["lang"]
        return known_language(str(told))
    except (OSError, ValueError, KeyError, TypeError, UsageError):
        return None


def course_start(folder: Path, lang: str | None) -> Start:
    """Return how a trainer opens a course: its folder, in its language, with formgrader.

    Raises
    ------
    UsageError
        When it is no course folder.
    """
    from vsim.course.folder import open_course

    course = open_course(folder)
    return Start(course.root, None, known_language(lang) if lang else course.settings.language, "trainer")


def started(start: Start, browser: bool, port: int) -> Start:
    """Return the same with its command and environment.

    Raises
    ------
    UsageError
        When the settings files of JupyterLab are not there.
    """
    from vsim.course.folder import curriculum_folder

    shipped = curriculum_folder()
    settings = shipped / "jupyter" if shipped else None
    if settings is None or not settings.is_dir():
        raise UsageError(
            "lab: the folder curriculum/jupyter with the settings was not found. Run it in a checkout of vsim."
        )
    below = quote(start.notebook.relative_to(start.folder).as_posix()) if start.notebook else ""
    command = [
        sys.executable,
        "-P",
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={start.folder}",
        f"--LabApp.default_url=/lab{f'/tree/{below}' if below else ''}",
        "--LabApp.extension_manager=readonly",  # the other one asks the package index
        "--LabApp.news_url=None",
        "--ServerApp.answer_yes=True",  # Ctrl-C ends it without a question
        f"--ServerApp.port={port}",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return Start(
        start.folder,
        start.notebook,
        start.lang,
        start.role,
        command,
        _environment(start, settings, settings.parents[1] / "build" / "lab", os.environ),
    )


def _environment(start: Start, settings: Path, home: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Return what is set: where settings are read and written, and the language of the kernel."""
    paths = [settings / start.role, settings / start.lang, settings]
    theirs = [known["JUPYTER_CONFIG_PATH"]] if known.get("JUPYTER_CONFIG_PATH") else []
    own = {key: str(home / part) for key, part in OWN.items() if not known.get(key)}
    if start.role == "trainer":  # templates without outside scripts, found before the others
        shared = [known["JUPYTER_PATH"]] if known.get("JUPYTER_PATH") else []
        own["JUPYTER_PATH"] = os.pathsep.join([str(settings / start.role), *shared])
    return {
        "JUPYTER_CONFIG_PATH": os.pathsep.join([*map(str, paths), *theirs]),
        **own,
        VARIABLE: start.lang,
        LOCALES[0]: start.lang,
        "PYTHONUTF8": "1",
    }


def run(start: Start) -> int:
    """Run JupyterLab until it ends, and return its exit code."""
    environment = {**os.environ, **start.environment}
    for key in OWN:
        Path(environment[key]).mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(start.command, cwd=start.folder, env=environment) as server:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:  # the server has been told too, and ends by itself
                continue
