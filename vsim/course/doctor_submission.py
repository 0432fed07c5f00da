"""What is wrong with something that was handed in, in plain words: a file under any name, a zip file, or a folder.

It is read as collecting reads it, and never touched, opened by another program or run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.course.claims import Identity, identity_beside, kindly
from vsim.course.doctor_finding import Finding
from vsim.course.doctor_kinds import not_a_notebook
from vsim.course.faults import Fault, shown
from vsim.course.flags import flag_text
from vsim.course.keys import valid_ticket
from vsim.course.parcels import SIDECAR, Parcel, unpack
from vsim.course.rebuild import Rebuilt, rebuild
from vsim.errors import VsimError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.course.folder import Course

OLD = 3                       # changed locked cells from which a file is taken for one of an older release
MENDED = ("unreadable", "stranger", "other-learner")             # flags that are told in words of their own


@dataclass(frozen=True, slots=True)
class _Case:
    """One notebook that was handed in, with all that is known of it."""

    course: Course | None
    parcel: Parcel
    folder: str | None


def submission(path: Path, course: Course | None = None) -> Iterator[Finding]:
    """Yield what is wrong with something handed in.

    Parameters
    ----------
    path : Path
        A file, or a folder; where it, or the folder it lies in, bears a learner's name, it is held to be the learner's.
    course : Course, optional
        With it the file is held against the release, the roster and the tickets.
    """
    alone = None if path.is_dir() else not_a_notebook(path)
    if alone is not None:
        yield alone
        return
    known = set(course.learners) if course is not None else set()
    folder = next((who for place in (path.absolute(), path.absolute().parent)
                   if (who := kindly(place.name, known)) is not None), None)
    for thing in unpack(path, datetime.now(UTC)):
        if isinstance(thing, Fault):
            yield Finding(thing.code, thing.name, thing.message, t("Nothing of it can be marked."),
                          t("Ask for the notebook itself: the file that ends in .ipynb."))
        else:
            yield from _notebook(_Case(course, thing, folder))


def _notebook(case: _Case) -> Iterator[Finding]:
    """Yield what is wrong with one notebook."""
    from vsim.course.loose import read

    raw, name = case.parcel.raw, case.parcel.name
    loose = read(raw)
    if loose is None or not loose.cells:
        yield broken(name, raw) if loose is None else Finding(
            "no-cells", name, t("The notebook has no cells."), t("There is nothing to mark."),
            t("Ask for the notebook again; the browser may have saved it before it was loaded."))
        return
    if not name.lower().endswith(".ipynb"):
        yield Finding("name", name, t("It is a notebook under another name."), t("It is taken all the same."),
                      t("Nothing."), grave=False)
    claims = [Identity() if case.course is None else _claims(loose.claims),
              identity_beside(case.parcel.beside.get(SIDECAR, b""))]
    if case.course is None:
        yield Finding("no-course", name, t("It is a notebook; without its course no more can be said."),
                      t("Unit, learner and answers are known to the course alone."),
                      t("Ask again with the course: vsim course doctor FILE --course FOLDER"), grave=False)
        return
    unit, faults = _unit(case, claims)
    yield from faults
    yield from _owner(case, claims, unit)
    if unit:
        yield from _content(case, unit)


def _claims(found: Any) -> Identity:
    from vsim.course.claims import identity_of

    return identity_of(found)


def broken(name: str, raw: bytes) -> Finding:
    """Return what is wrong with a file that is called a notebook and cannot be read as one."""
    text = raw.decode("utf-8", "replace").strip("\ufeff \t\r\n\0")
    if not text:
        return Finding("empty", name, t("The file holds nothing but blanks."), t("There is nothing to mark."),
                       t("It may not have been saved or sent to the end. Ask for it again."))
    if text.startswith("{"):
        return Finding("half", name, t("The file breaks off or is damaged after {n} characters; its last words are: "
                                       "{end}").format(n=f"{len(text):,}", end=shown(text[-40:])),
                       t("A notebook is one piece: without its end no cell of it can be read."),
                       t("Ask for the file again, sent as a file and not as text; the learner still has it whole."))
    if any(mark in text for mark in ("<<<<<<<", ">>>>>>>")):
        return Finding("conflict", name, t("Two versions of it were joined by a program, both in one file."),
                       t("It is no notebook any more."), t("Ask which version counts, and for that file."))
    return Finding("no-notebook", name, t("It is named like a notebook, but holds something else."),
                   t("Nothing of it can be marked."), t("Ask for the notebook itself."))


def _unit(case: _Case, claims: list[Identity]) -> tuple[str, list[Finding]]:
    """Return the unit that a file is of, "" where it is none of the course, and what is wrong with that."""
    assert case.course is not None
    name = case.parcel.name
    told = next((claim.unit for claim in claims if claim.unit), None)
    places = case.course.place("units")
    known = sorted(path.name for path in places.iterdir()) if places.is_dir() else []
    if told is None:
        if len(known) == 1:
            return known[0], []
        return _nearest(case, known), [Finding(
            "no-unit", name, t("The file does not say which unit it is of."),
            t("An editor or a web page has taken its labels away; it is collected as the unit that you name."),
            t("Collect it with the unit it belongs to."), grave=False)]
    if told.lower() not in known:
        return "", [Finding("other-unit", name, t("It is of the unit {unit}; released in this course: {known}.").format(
            unit=shown(told), known=", ".join(known) or t("none")),
            t("It belongs to another course, or to a unit that is not out."),
            t("Ask for the notebook of this course."))]
    other = next((claim.course for claim in claims if claim.course), None)
    if other is not None and other != case.course.name:
        return told.lower(), [Finding("other-course", name, t("It was handed out in the course {course}.").format(
            course=shown(other)), t("The data of each course are others: numbers worked out from them are wrong here."),
            t("Give the learner the handout of this course."))]
    return told.lower(), []


def _nearest(case: _Case, known: list[str]) -> str:
    """Return the one released unit in whose cells a file without labels finds its place."""
    fits = [unit for unit in known if (built := _built(case, unit)) is not None and built.usable]
    return fits[0] if len(fits) == 1 else ""


def _owner(case: _Case, claims: list[Identity], unit: str) -> Iterator[Finding]:
    """Yield what is wrong with whose file it says it is."""
    assert case.course is not None
    course, name = case.course, case.parcel.name
    named = [claim for claim in claims if claim.learner]
    for claim in named:
        who = str(claim.learner)
        if who not in course.learners:
            yield Finding("no-learner", name, t("It was handed out to {learner}, who is not on the roster.").format(
                learner=who), t("It is nobody's: no mark can be given."),
                t("Correct the roster, or put the file into a folder that bears the learner's id."))
        elif case.folder is not None and who != case.folder:
            yield Finding("swapped", name,
                          t("It was handed out to {other}, but lies in the folder of {learner}.").format(
                              other=who, learner=case.folder),
                t("It is marked as {learner}'s, with {learner}'s own data: numbers taken from the data of {other} are "
                  "wrong there, and the feedback says so.").format(learner=case.folder, other=who),
                t("Ask both whose work it is."))
        elif unit and claim.ticket and not valid_ticket(course.secret, course.name, unit, who, claim.ticket):
            yield Finding("ticket", name, t("Its ticket is not that of {learner}.").format(learner=who),
                          t("It was changed, or made in another course: lying loose in the inbox it is nobody's."),
                          t("Ask who handed it in, and put it into a folder that bears that learner's id."))
        break
    if case.folder is None and not any(claim.ticket for claim in claims):
        yield Finding("no-ticket", name, t("It does not say whose it is."), t("Lying loose in the inbox it is "
                                                                              "nobody's."),
                      t("Put it into a folder that bears the learner's id."))


def _built(case: _Case, unit: str) -> Rebuilt | None:
    """Return the file rebuilt on a release, as collecting would; None where there is no release."""
    import nbformat

    assert case.course is not None
    path = case.course.place("release", unit, f"{unit}.ipynb")
    try:
        return rebuild(nbformat.read(path, as_version=4), case.parcel.raw)
    except (OSError, ValueError, VsimError, AttributeError):
        return None


def _content(case: _Case, unit: str) -> Iterator[Finding]:
    """Yield what collecting would put right, and whether anything was answered."""
    name, built = case.parcel.name, _built(case, unit)
    if built is None:
        yield Finding("no-release", name, t("The release of {unit} cannot be read.").format(unit=unit),
                      t("What is handed in is rebuilt on it."), t("See: vsim course doctor"))
        return
    if not built.usable:
        yield Finding("stranger", name, flag_text(built.flags[0]), t("Nothing of it can be marked."),
                      t("Ask for the notebook of the handout."))
        return
    if not built.answered:
        yield Finding("untouched", name, t("No answer was written: every answer cell stands as it was handed out."),
                      t("It earns nothing, and counts as an attempt."),
                      t("Ask whether it is the file that the learner worked in; a copy may lie beside it."))
    changed = [flag for flag in built.flags if flag[0] == "locked-edited"]
    if len(changed) >= OLD:
        yield Finding("old-release", name, t("{n} cells that nobody should change differ from the release.").format(
            n=len(changed)), t("It may come from an earlier release of the unit; answers are kept where their cells "
                               "are "
                               "still there."), t("Look at the mark afterwards; give the learner the present handout."))
    for flag in built.flags:
        if flag[0] not in MENDED and not (flag[0] == "locked-edited" and len(changed) >= OLD):
            yield Finding(flag[0], name, flag_text(flag), t("Collecting puts it right and says so to the learner."),
                          t("Nothing."), grave=flag[0] in ("rivals", "damaged", "answer-cut"))
