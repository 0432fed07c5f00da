"""A course folder: what `vsim course init` makes, and what every other command finds in it.

It is a standard nbgrader folder (source, release, submitted, autograded, feedback, gradebook.db) with vsim's own files
beside: course.yaml, learners.csv, calendar.csv, extensions.csv, secret.key, units/, handouts/, inbox/, received/ and
ledger.jsonl.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from vsim.course.calendar_dates import AT, CALENDAR, COLUMNS, DAYS, EXTENSIONS, LONGER, clock_of, proposal
from vsim.course.keys import new_secret, read_secret
from vsim.course.lists import list_bytes
from vsim.course.roster import Learner, read_roster, write_roster
from vsim.course.settings import Settings, settings_text
from vsim.course.unit import ASSIGNMENT, Unit, find_unit
from vsim.errors import DataError, UsageError, VsimError
from vsim.i18n import language
from vsim.spec.loading import PACKAGE, read_text, read_yaml

SETTINGS, LEARNERS, CONFIG = "course.yaml", "learners.csv", "nbgrader_config.py"
HUB = "jupyterhub_config.example.py"
FOLDERS = ("source", "units", "handouts", "inbox", "submitted")

CONFIG_TEXT = '''"""What nbgrader's own commands, formgrader among them, need to know of this course.

vsim marks outside the learner's kernel; leave the line that begins with `configure` as it is. Below it, settings of
your own may follow.
"""

from vsim.course.chain import configure

c = get_config()  # noqa: F821
configure(c, __file__)

# nbgrader's exchange is the folder exchange/ of this course. Where learners have accounts of their own on this machine,
# it must lie elsewhere, for nobody but you may read the course folder:
# c.Exchange.root = "/srv/nbgrader/exchange"
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
    def roster(self) -> dict[str, Learner]:
        """The learners by id, in the order of learners.csv."""
        return read_roster(self.root / LEARNERS).learners

    @cached_property
    def learners(self) -> dict[str, str]:
        """Names by learner id, in the order of learners.csv."""
        return {who: one.name for who, one in self.roster.items()}

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
    """Return names by learner id from a list of the cohort, see `vsim.course.roster.read_roster`.

    Raises
    ------
    UsageError
        When the file or a line is not usable; the line is named.
    """
    return {who: one.name for who, one in read_roster(path).learners.items()}


def init_course(
    folder: Path,
    *,
    name: str | None = None,
    learners: Path | None = None,
    tier: str = "foundation",
    cohort: str = "",
    starts: date | None = None,
    pace: tuple[int, str] = (DAYS, AT),
) -> Course:
    """Make a course folder.

    Parameters
    ----------
    folder : Path
        New or empty.
    name : str, optional
        The course's name; by default that of the folder.
    learners : Path, optional
        List of the cohort, as `vsim.course.roster.read_roster` reads it; without it one with the heading alone is
        written.
    tier : str
        "foundation", "practitioner" or "leader".
    cohort : str
        What the cohort is called.
    starts : date, optional
        First day of the course: the calendar then proposes a date for each unit of the tier that comes with vsim.
    pace : (int, str)
        Days from one proposed date to the next, and the time of day.

    Raises
    ------
    UsageError
        When the folder holds anything, or a value is wrong; then nothing is written.
    """
    root = folder.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{folder}: is there already and not empty; allowed a new folder. Choose another name.")
    spoken = "zh_CN" if language() == "zh_CN" else "en"
    told: dict[str, Any] = {"name": name or root.name, "language": spoken, "tier": tier, "cohort": cohort}
    settings = Settings(**told)
    people = read_roster(learners).learners if learners is not None else {}
    dates = proposal(shipped_units(tier), starts, clock_of(settings.utc_offset), *pace) if starts else {}
    try:
        for part in FOLDERS:
            (root / part).mkdir(parents=True, exist_ok=True)
        (root / SETTINGS).write_text(settings_text(settings), encoding="utf-8", newline="\n")
        write_roster(root / LEARNERS, people)
        planned = [[unit, f"{moment:%Y-%m-%d %H:%M}"] for unit, moment in dates.items()]
        (root / CALENDAR).write_bytes(list_bytes([list(COLUMNS), *planned]))
        (root / EXTENSIONS).write_bytes(list_bytes([list(LONGER)]))
        new_secret(root)
        (root / CONFIG).write_text(CONFIG_TEXT, encoding="utf-8", newline="\n")
    except OSError as error:
        raise VsimError(
            f"{folder}: the course could not be written ({error.strerror}). Choose another place."
        ) from None
    return open_course(root)


def hub_example(course: Course) -> Path:
    """Write an example of a configuration for JupyterHub into a course folder, and return where it is."""
    text = read_text(PACKAGE / "assets" / "hub" / "jupyterhub_config.py")
    for name, value in (("course", course.root.as_posix()), ("name", course.name), ("lang", course.settings.language)):
        text = text.replace(f"@{name}@", value.replace("\\", "/").replace('"', ""))
    path = course.place(HUB)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def shipped_units(tier: str) -> list[str]:
    """Return the ids of the units of a tier that come with vsim, in their order."""
    shipped = curriculum_folder()
    found = sorted((shipped / tier).glob(f"*/{ASSIGNMENT}")) if shipped else []
    return [f"{tier}-{path.parent.name}" for path in found]


def write_learners(path: Path, cohort: Mapping[str, str]) -> None:
    """Write learners.csv from names by learner id."""
    write_roster(path, {who: Learner(who, name) for who, name in cohort.items()})


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
