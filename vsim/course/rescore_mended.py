"""A mended checks file: where it comes from, what it must not change, and how it gets into the course's frozen copy.

Learners hold their handouts. So a mended file may change how answers earn and what is said of them; their cities, the
tasks, the points and the public card must stay as they were handed out.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from vsim.course.cards import DATA, UNIT
from vsim.course.catalogues import Translations
from vsim.course.checks import Checks, load_checks
from vsim.course.editions import json_bytes, translations_of
from vsim.course.folder import Course, new_unit
from vsim.course.handout import table_bytes
from vsim.course.unit import ASSIGNMENT, CHECKS, Sitting, Unit
from vsim.course.writing import write_whole
from vsim.errors import DataError, UsageError
from vsim.i18n import t
from vsim.spec.loading import shown

MOST = 4                                    # differences that are named


@dataclass(frozen=True, slots=True)
class Mended:
    """A checks file to score with.

    Attributes
    ----------
    checks : Checks
        Loaded from where it stands.
    unit : Unit
        The frozen copy, judged by these checks.
    files : mapping of Path to bytes
        What to write into the course for it; nothing when it stands there already.
    remarks : tuple of str
        What the trainer should know.
    """

    checks: Checks
    unit: Unit
    files: Mapping[Path, bytes] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The checksum of the checks file."""
        return sha256_of(self.checks.path)


def sha256_of(path: Path) -> str:
    """Return the checksum of a file."""
    return sha256(path.read_bytes()).hexdigest()


def find_mended(course: Course, unit: Unit, given: Path | None, used: set[str]) -> Mended:
    """Return the checks to score with.

    Those that are named; else the frozen copy's own, where a trainer has mended them there; else those of the unit in
    the trainer's folders or the curriculum; else the frozen copy's.

    Parameters
    ----------
    course : Course
    unit : Unit
        The frozen copy.
    given : Path, optional
        A checks file, or the folder of a unit.
    used : set of str
        Checksums of the checks that the ledger knows.

    Raises
    ------
    UsageError
        When what is named is not there.
    DataError
        When it is no checks file, or would change what learners were handed out.
    """
    own = unit.folder / CHECKS
    remarks: list[str] = []
    if given is not None:
        path = given / CHECKS if given.is_dir() else given
        if not path.is_file():
            raise UsageError(f"{shown(given)}: not found; allowed a checks.py, or the folder of a unit with one.")
    elif used and sha256_of(own) not in used:
        path = own
    else:
        try:
            path = new_unit(course, unit.id).folder / CHECKS
        except (UsageError, DataError):
            path = own
            remarks.append(t("The unit is in no folder of the course or the curriculum; the frozen copy's own checks "
                             "are used."))
    checks = load_checks(path)
    if checks.city is None:
        raise DataError(f"{shown(path)}: has no function city(seed); a graded unit needs one.")
    judged = Unit(unit.folder)
    judged.__dict__["checks"] = checks                   # the frozen text, judged by these checks
    faults = list(card_faults(course, judged))
    if faults:
        raise DataError(_refusal(path, faults))
    files: dict[Path, bytes] = {}
    if sha256_of(path) != sha256_of(own):
        files[own] = path.read_bytes()
        files |= _catalogue(path.parent, unit, remarks)
    return Mended(checks, judged, files, tuple(remarks))


def _catalogue(folder: Path, unit: Unit, remarks: list[str]) -> dict[Path, bytes]:
    """Return the catalogue that comes with mended checks, when it belongs to the text that was handed out."""
    theirs, text = folder / unit.source.catalogue.name, folder / ASSIGNMENT
    if theirs.is_file() and text.is_file() and text.read_bytes() == (unit.folder / ASSIGNMENT).read_bytes():
        content = theirs.read_bytes()
        return {} if content == _bytes(unit.source.catalogue) else {unit.source.catalogue: content}
    if theirs.is_file() or unit.source.catalogue.is_file():
        remarks.append(t("Only checks.py is taken: new words in it have no translation here."))
    return {}


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def card_faults(course: Course, unit: Unit) -> Iterator[str]:
    """Yield where the public card of a unit differs from the one that was handed out."""
    try:
        old = json.loads(course.place("release", unit.id, UNIT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        yield f"the release of {unit.id} in this course cannot be read"
        return
    card = unit.card(course.settings.language, Translations(), course=course.name)
    new = json.loads(json_bytes(card))
    before, after = ({task["id"]: task for task in one["tasks"]} for one in (old, new))
    if list(before) != list(after):
        yield f"its tasks are {', '.join(after)}, those handed out {', '.join(before)}"
        return
    for name, task in after.items():
        for key in [*task, *(key for key in before[name] if key not in task)]:
            if task.get(key) != before[name].get(key):
                yield f"{name}: {key} is {_short(task.get(key))}, handed out was {_short(before[name].get(key))}"
    for key in ("id", "hand_points", "minutes"):
        if old.get(key) != new.get(key):
            yield f"{key} is {_short(new.get(key))}, handed out was {_short(old.get(key))}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


def city_fault(course: Course, unit: str, sitting: Sitting, seed: int, *, tables: bool = True) -> str:
    """Return how a learner's city differs from the one that was handed out; "" when it does not.

    Parameters
    ----------
    course : Course
    unit : str
    sitting : Sitting
        Drawn by the checks that are to be used.
    seed : int
        Of the city that the stored answers are about.
    tables : bool
        Whether to hold the tables against those of the handout as well.
    """
    who = sitting.learner
    if sitting.seed != seed:
        return f"the city of '{who}' would have the seed {sitting.seed}, handed out was {seed}"
    if not tables:
        return ""
    try:
        raw = course.place("handouts", unit, f"{who}.zip").read_bytes()
        with zipfile.ZipFile(io.BytesIO(raw)) as handout:
            known = {name: handout.read(name) for name in handout.namelist() if f"/{DATA}/" in name}
    except (OSError, zipfile.BadZipFile):
        return ""                                        # no handout is left to differ from
    drawn = {f"{unit}/{DATA}/{name}.csv": table_bytes(frame) for name, frame in sitting.tables.items()}
    changed = sorted(name for name in {*known, *drawn} if known.get(name) != drawn.get(name))
    return f"the table {Path(changed[0]).stem} of '{who}' would differ from the one handed out" if changed else ""


def refuse_cities(path: Path, faults: list[str]) -> None:
    """Refuse a checks file under which learners would have other cities.

    Raises
    ------
    DataError
    """
    if faults:
        raise DataError(_refusal(path, faults))


def _refusal(path: Path, faults: list[str]) -> str:
    more = f"; and {len(faults) - MOST} more" if len(faults) > MOST else ""
    return (f"{shown(path)}: would change what learners were handed out: {'; '.join(faults[:MOST])}{more}. Nothing was "
            "scored. Mend only how answers earn, or release the unit under a new name.")


def bring_in(course: Course, mended: Mended) -> None:
    """Write mended checks into the frozen copy, and their words where marking reads them."""
    files = dict(mended.files)
    if not files:
        return
    write_whole(files)
    unit = Unit(mended.unit.folder)
    words = dict(translations_of(unit.source, course.settings.language).words)
    cards = {}
    for place in ("source", "release"):
        path = course.place(place, unit.id, UNIT)
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if card.get("words") != words:
            cards[path] = json_bytes({**card, "words": words})
    write_whole(cards)
