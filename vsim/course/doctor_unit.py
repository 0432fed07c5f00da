"""What can be wrong with the units of a course and its certificates: frozen copy, release, handouts, grade book."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from vsim.course import ledger
from vsim.course.align import tidy
from vsim.course.badge_keys import PRIVATE, PUBLIC, public_keys
from vsim.course.cards import FRONT, UNIT
from vsim.course.certify import FOLDER, intact
from vsim.course.certify_ledger import register_of
from vsim.course.doctor_finding import Finding, some
from vsim.course.doctor_marks import agreement, book_file
from vsim.course.editions import generate_notebook, translations_of
from vsim.course.folder import Course
from vsim.course.gate import closed_to
from vsim.course.release import handout
from vsim.course.unit import CHECKS, Unit
from vsim.course.writing import write_whole
from vsim.errors import DataError, VsimError
from vsim.i18n import t


def units(course: Course) -> Iterator[Finding]:
    """Yield what is wrong with each unit that was released."""
    found = sorted(path.name for path in course.place("units").iterdir()) if course.place("units").is_dir() else []
    sound = yield from book_file(course)
    marked = {str(row.get("unit")) for row in ledger.rows(course.root) if row.get("kind") == "marked"}
    for name in sorted(marked - set(found)):
        yield Finding("no-unit", f"units/{name}",
                      t("Marks of this unit stand in the ledger, but its frozen copy is missing."),
                      t("Nothing of it can be marked, scored again or counted."),
                      t("Put the folder back from a backup."))
    for name in found:
        unit = Unit(course.place("units", name))
        try:
            _ = unit.source, unit.checks
        except (VsimError, OSError, SyntaxError) as error:
            yield Finding("unit", f"units/{name}", str(error), t("Nothing of this unit can be marked."),
                          t("Put the folder back from a backup."))
            continue
        yield from _frozen(course, unit)
        yield from _released(course, unit)
        if sound and course.place("release", name).is_dir():
            yield from agreement(course, unit)


def _frozen(course: Course, unit: Unit) -> Iterator[Finding]:
    """Yield how the frozen copy differs from what was handed out and from what marked."""
    now = sha256((unit.folder / CHECKS).read_bytes()).hexdigest()
    older = [who for who, row in ledger.latest(course.root, unit.id).items() if row.get("checks_sha256", now) != now]
    if older:
        yield Finding("checks-changed", f"units/{unit.id}/{CHECKS}",
                      t("The checks have changed since {n} learners were marked: {who}.").format(
                          n=len(older), who=some(older)),
                      t("Who is marked from now on is marked by other checks than they were."),
                      t("Score everybody again from the stored answers: vsim course rescore {unit}").format(
                          unit=unit.id))
    path = course.place("source", unit.id, f"{unit.id}.ipynb")
    try:
        cells = json.loads(path.read_bytes())["cells"]
        was = {cell["id"]: tidy("".join(cell["source"])) for cell in cells}
    except (OSError, ValueError, KeyError, TypeError):
        return                                                   # told with the release
    lang = course.settings.language
    made = generate_notebook(unit.source, lang, translations_of(unit.source, lang))
    changed = [cell.id for cell in made.cells if cell.id != FRONT and was.get(cell.id) != tidy(cell.source)]
    if changed or set(was) - {FRONT} - {cell.id for cell in made.cells}:
        yield Finding("unit-changed", f"units/{unit.id}",
                      t("Its text is no longer that which was released ({cells}).").format(
                          cells=some(changed) or t("cells are missing")),
                      t("Learners work with the released text; their answers are held against the frozen copy."),
                      t("Put the folder back from a backup; or, to hand out the new text, release it anew with "
                        "--force and "
                        "tell the class."))


def _released(course: Course, unit: Unit) -> Iterator[Finding]:
    """Yield what is missing of a release, and who lacks a handout."""
    wanted = (f"{unit.id}.ipynb", UNIT)
    missing = {place: [name for name in wanted if not _whole(course.place(place, unit.id, name))]
               for place in ("source", "release")}
    if missing["release"]:
        yield Finding("no-release", f"release/{unit.id}", t("The release is missing or damaged: {files}.").format(
                          files=", ".join(missing["release"])),
                      t("What is handed in is rebuilt on it; without it nothing can be collected or marked."),
                      t("Put the folder back from a backup.") if missing["source"]
                      else t("--mend makes it again from source/, as it was."),
                      mend=None if missing["source"] else lambda: _release_again(course, unit.id))
        return
    if missing["source"]:
        yield Finding("no-source", f"source/{unit.id}", t("nbgrader's source is missing or damaged: {files}.").format(
                          files=", ".join(missing["source"])),
                      t("Formgrader shows the unit without it, but a lost release could not be made again."),
                      t("Put the folder back from a backup."))
    closed = closed_to(course, unit)
    lacking = [who for who in course.learners
               if who not in closed and not course.place("handouts", unit.id, f"{who}.zip").is_file()]
    if lacking:
        yield Finding("no-handout", f"handouts/{unit.id}", t("{n} learners have no handout: {who}.").format(
                          n=len(lacking), who=some(lacking)),
                      t("They cannot begin, or cannot be given their files again."),
                      t("--mend makes them; so does vsim course release {unit}.").format(unit=unit.id),
                      mend=lambda: _hand_out(course, unit, lacking))


def _hand_out(course: Course, unit: Unit, learners: list[str]) -> None:
    for who in learners:
        write_whole({course.place("handouts", unit.id, f"{who}.zip"): handout(course, unit, who)})


def _whole(path: Path) -> bool:
    """Return whether a file is there and holds what it should: a notebook its cells, a card its names."""
    try:
        found = json.loads(path.read_bytes())
        return bool(found["cells"] if path.suffix == ".ipynb" else found["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _release_again(course: Course, name: str) -> None:
    from vsim.course.grader import api_of, last_error, quiet

    with quiet():
        answer = api_of(course).generate_assignment(name, force=True, create=True)
    if not answer["success"]:
        raise DataError(f"{name}: nbgrader could not make the release. Its log ends: {last_error(answer)}")


def certificates(course: Course) -> Iterator[Finding]:
    """Yield issued certificates whose files are not as they were, and a key that does not fit."""
    held = register_of(course)
    wrong = [key for key, row in held.issued.items()
             if key not in held.revoked and not intact(course.place(FOLDER, key), row["files"])]
    if wrong:
        yield Finding("certificate", FOLDER, t("Files of {n} certificates are missing or were changed: {ids}.").format(
                          n=len(wrong), ids=some(wrong)),
                      t("Who lost theirs could not be given the same file again; a changed one does not verify."),
                      t("vsim course certify puts them back with the bytes that were signed."))
    if held.issued and not _signs(course):
        yield Finding("issuer", f"{PRIVATE}, {PUBLIC}",
                      t("The key that signs is missing, or is not the one in the list."),
                      t("Nothing more can be signed in the issuer's name; what was signed still verifies."),
                      t("Put both files back from a backup."))


def _signs(course: Course) -> bool:
    """Return whether the private key is the one that the public list has in use; nothing is made or changed."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        raw = bytes.fromhex(course.place(PRIVATE).read_text(encoding="ascii").strip())
        public = Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()
        return any(key.raw == public and not key.retired for key in public_keys(course))
    except (OSError, ValueError, VsimError):
        return False

