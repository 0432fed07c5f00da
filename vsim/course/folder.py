"""A course folder: what `vsim course init` makes, and what every other command finds in it.

It is a standard nbgrader folder (source, release, submitted, autograded, feedback, gradebook.db) with vsim's own files
beside: course.yaml, learners.csv, secret.key, units/, handouts/, inbox/, received/ and ledger.jsonl.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vsim.course.keys import learner_id, new_secret, read_secret
from vsim.course.settings import Settings, settings_text
from vsim.course.unit import Unit, find_unit
from vsim.errors import DataError, UsageError, VsimError
from vsim.i18n import language
from vsim.spec.loading import read_yaml

SETTINGS, LEARNERS, CONFIG = "course.yaml", "learners.csv", "nbgrader_config.py"
HEAD = ("learner", "name")
FOLDERS = ("source", "units", "handouts", "inbox", "submitted")

CONFIG_TEXT = '''"""What nbgrader's own commands, formgrader among them, need to know of this course.

vsim marks outside the learner's kernel; leave the line that begins with `configure` as it is. Below it, settings of
your own may follow.
"""

from vsim.course.chain import configure

c = get_config()  # noqa: F821
configure(c, __file__)
'''


@dataclass(frozen=True)
class Course:
    """An open course folder.

    Attributes
    ----------
    root : Path
        Absolute.
    settings : Settings
    """

    root: Path
    settings: Settings

    @property
    def name(self) -> str:
        """The course's name, part of every seed."""
        return self.settings.name

    @cached_property
    def secret(self) -> bytes:
        """The secret key."""
        return read_secret(self.root)

    @cached_property
    def learners(self) -> dict[str, str]:
        """Names by learner id, in the order of learners.csv."""
        return read_learners(self.root / LEARNERS)

    def place(self, *parts: str) -> Path:
        """Return a path inside the folder."""
        return self.root.joinpath(*parts)

    def unit(self, name: str) -> Unit:
        """Return a unit that was released in this course, by any of its names.

        Raises
        ------
        UsageError
            When it was not released here.
        """
        known = sorted(path.name for path in self.place("units").iterdir()) if self.place("units").is_dir() else []
        wanted = name.strip("/").replace("/", "-")
        matches = [unit for unit in known if wanted in (unit, unit.partition("-")[2])]
        if len(matches) != 1:
            allowed = ", ".join(known) or "none yet"
            raise UsageError(
                f"unit is '{name}'; released in this course: {allowed}. Release it first: vsim course release {name}"
            )
        return Unit(self.place("units", matches[0]))


def open_course(folder: Path) -> Course:
    """Open the course whose folder this is, or the nearest one above it.

    Raises
    ------
    UsageError
        When there is none, or its settings are wrong.
    """
    here = folder.resolve()
    for place in (here, *here.parents):
        if (place / SETTINGS).is_file() and (place / CONFIG).is_file():
            document = read_yaml(place / SETTINGS)
            return Course(place, Settings(**document.data))
    raise UsageError(
        f"{folder}: is no course folder (no {SETTINGS} in it or above it). Make one: vsim course init NAME"
    )


def read_learners(path: Path) -> dict[str, str]:
    """Return names by learner id from a CSV file with the columns `learner` and, if wanted, `name`.

    UTF-8 with or without mark and GB18030 are understood, commas, semicolons and tabs.

    Raises
    ------
    UsageError
        When the file or a line is not usable; the line is named.
    """
    raw = path.read_bytes() if path.is_file() else None
    if raw is None:
        raise UsageError(f"{path}: not found; allowed a CSV file with the columns learner,name.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    first = text.partition("\n")[0]
    separator = next((sign for sign in ("\t", ";") if sign in first), ",")
    table = list(csv.reader(io.StringIO(text), delimiter=separator))
    head = [cell.strip().lower() for cell in table[0]] if table else []
    if HEAD[0] not in head:
        raise UsageError(
            f"{path}:1: the columns are {', '.join(head) or 'none'}; allowed learner,name. Begin with 'learner'."
        )
    found: dict[str, str] = {}
    for number, line in enumerate(table[1:], start=2):
        cells = dict(zip(head, (cell.strip() for cell in line), strict=False))
        if not cells.get(HEAD[0]):
            continue
        try:
            who = learner_id(cells[HEAD[0]])
        except UsageError as error:
            raise UsageError(f"{path}:{number}: {error}") from None
        if who in found:
            raise UsageError(f"{path}:{number}: the learner '{who}' stands twice. Keep one of the two lines.")
        found[who] = cells.get(HEAD[1], "") or who
    return found


def init_course(folder: Path, *, name: str | None = None, learners: Path | None = None) -> Course:
    """Make a course folder.

    Parameters
    ----------
    folder : Path
        New or empty.
    name : str, optional
        The course's name; by default that of the folder.
    learners : Path, optional
        CSV file of the cohort; without it a file with the heading alone is written.

    Raises
    ------
    UsageError
        When the folder holds anything, or a value is wrong; then nothing is written.
    """
    root = folder.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{folder}: is there already and not empty; allowed a new folder. Choose another name.")
    settings = Settings(name=name or root.name, language="zh_CN" if language() == "zh_CN" else "en")
    cohort = read_learners(learners) if learners is not None else {}
    try:
        for part in FOLDERS:
            (root / part).mkdir(parents=True, exist_ok=True)
        (root / SETTINGS).write_text(settings_text(settings), encoding="utf-8", newline="\n")
        write_learners(root / LEARNERS, cohort)
        new_secret(root)
        (root / CONFIG).write_text(CONFIG_TEXT, encoding="utf-8", newline="\n")
    except OSError as error:
        raise VsimError(
            f"{folder}: the course could not be written ({error.strerror}). Choose another place."
        ) from None
    return open_course(root)


def write_learners(path: Path, cohort: Mapping[str, str]) -> None:
    """Write learners.csv: UTF-8 with mark, so that spreadsheet programs on Windows read it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(cohort.items())
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())


def unit_roots(course: Course | None, found: Iterable[Path]) -> list[Path]:
    """Return the folders in which units are looked for: the trainer's own first, then those that come with vsim."""
    own = [course.root / path for path in course.settings.units] if course is not None else []
    missing = [path for path in own if not path.is_dir()]
    if missing:
        raise DataError(f"{SETTINGS}: units names {missing[0]}, which is no folder. Correct the path.")
    return [*own, *found]


def curriculum_folder() -> Path | None:
    """Return the folder `curriculum/` of the working folder, of one above it, or of the checkout vsim runs from."""
    source = Path(__file__).resolve().parents[2]
    for place in (Path.cwd(), *Path.cwd().parents, source):
        if (place / "curriculum").is_dir():
            return place / "curriculum"
    return None


def new_unit(course: Course, name: str) -> Unit:
    """Return a unit from the curriculum or the trainer's own folders, to be released in a course."""
    shipped = curriculum_folder()
    return Unit(find_unit(name, unit_roots(course, [shipped] if shipped else [])))
