"""Collects what was handed in: finds each file's learner, rebuilds it on the release, and writes it for nbgrader.

A file in a folder of a learner's name belongs to that learner: the trainer has said so. A file that lies loose in the
inbox belongs to whom its ticket names; without a valid ticket it is not taken.

Of several different files in a learner's own folder one is taken: one that can be read before one that cannot, then the
one that was first seen latest, then the one with more answers, then the higher number in its name ("x (2).ipynb"),
then the later name. The others are set aside, and all originals are kept. Two different loose files for one learner are
a conflict, and neither is taken: one of them may come from somebody else. To decide, put the right one alone into a
folder of the learner's name and collect again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vsim.course.claims import identity_beside
from vsim.course.faults import Fault, fault, shown
from vsim.course.flags import Flag, in_order
from vsim.course.inbox import Place, check_call, places
from vsim.course.parcels import SIDECAR, Parcel, unpack
from vsim.course.rebuild import Rebuilt, rebuild
from vsim.course.received import Shelf
from vsim.i18n import t

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["STATUSES", "Row", "collect"]

STATUSES = (
    "taken", "unchanged", "set aside", "unreadable", "conflict", "other unit", "unknown learner", "fault", "missing",
)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file, or of a learner without one; `learner` or `file` is "" where there is none to name."""

    learner: str
    file: str
    status: str
    flags: tuple[Flag, ...]
    message: str


@dataclass(frozen=True, slots=True)
class _Round:
    """One collection: what every file of it is held against."""

    unit: str
    release: NotebookNode
    editions: tuple[NotebookNode, ...]
    learners: frozenset[str]
    valid_ticket: Callable[[str, str], bool]
    shelf: Shelf
    now: datetime


@dataclass(frozen=True, slots=True)
class _Offer:
    """A file whose learner is known: `own` says that it lies in the learner's own folder."""

    learner: str
    file: str
    sha256: str
    arrived: datetime
    built: Rebuilt = field(repr=False)
    own: bool
    flags: tuple[Flag, ...]

    def rank(self) -> tuple[bool, datetime, int, int, str]:
        """Return the place among several files of one learner; the highest is taken."""
        number = re.findall(r"\((\d{1,6})\)", self.file)
        return self.built.usable, self.arrived, self.built.answered, int(number[-1]) if number else 0, self.file


def collect(
    sources: Iterable[Path], *, unit: str, release: NotebookNode, learners: Collection[str],
    valid_ticket: Callable[[str, str], bool], submitted: Path, received: Path, now: datetime,
    editions: Iterable[NotebookNode] = (),
) -> list[Row]:
    """Collect the files of one unit and return one row for each file, and for each learner without one.

    Collecting again changes nothing where nothing has changed. One bad file is one row and stops nothing.

    Parameters
    ----------
    sources : iterable of Path
        Inboxes (`<learner>/<anything>` or `<anything>` inside), folders of one learner, or files.
    unit : str
        Id of the unit, which is nbgrader's name of the assignment and of the notebook.
    release : NotebookNode
        The unit as it was handed out.
    learners : collection of str
        The ids of the roster.
    valid_ticket : callable
        Whether (learner, ticket) belong together.
    submitted, received : Path
        Folders of the course: nbgrader's tree, and where originals are kept.
    now : datetime
        The collector's clock, with its zone: the time of arrival of what is seen for the first time.
    editions : iterable of NotebookNode
        The same unit in other languages.

    Raises
    ------
    UsageError
        When the call itself is wrong: a source that is not there, a time without zone, an id that no folder can bear.

    Returns
    -------
    list of Row
    """
    paths = [Path(source) for source in sources]
    check_call(paths, unit, learners, now)
    shelf = Shelf(received, submitted, unit)
    this = _Round(unit, release, tuple(editions), frozenset(learners), valid_ticket, shelf, now)
    rows: list[Row] = []
    offers: dict[str, list[_Offer]] = {}
    for place in places(paths, this.learners):
        for found in _looked_at(place, this):
            if isinstance(found, Row):
                rows.append(found)
            else:
                offers.setdefault(found.learner, []).append(found)
    for learner, mine in offers.items():
        rows += _guarded(learner, mine, this)
    heard = {row.learner for row in rows if row.status != "other unit"}
    for learner in this.learners - heard:
        rows += _guarded(learner, [], this)
    return sorted(rows, key=lambda row: (not row.learner, row.learner, row.file))


def _looked_at(place: Place, this: _Round) -> Iterator[Row | _Offer]:
    """Yield what becomes of each thing that lies in one place of an inbox; a folder of strangers is one row."""
    unknown = False
    try:
        for thing in unpack(place.path, this.now):
            found = _fault_row(place, thing) if isinstance(thing, Fault) else _offer(place, thing, this)
            if isinstance(found, Row) and found.status == "unknown learner" and place.folder:
                if unknown:
                    continue
                unknown = True
            yield found
    except Exception as error:  # noqa: BLE001 - one bad file is one row, whatever it does
        yield _fault_row(place, _failed(place.path.name, error))


def _offer(place: Place, parcel: Parcel, this: _Round) -> Row | _Offer:
    """Return a file with its learner, its original kept; or the row that says why it is not taken."""
    try:
        built = rebuild(this.release, parcel.raw, editions=this.editions)
        claims = [built.identity, identity_beside(parcel.beside.get(SIDECAR, b""))]
        unit = next((claim.unit for claim in claims if claim.unit), this.unit)
        if unit.lower() != this.unit:
            return Row(place.learner or "", parcel.name, "other unit", (), t(
                "This is a file of the unit {unit}, not of {wanted}. Collect that unit to take it."
            ).format(unit=shown(unit), wanted=this.unit))
        holders = {
            claim.learner for claim in claims
            if claim.learner in this.learners and claim.ticket and this.valid_ticket(claim.learner or "", claim.ticket)
        }
        learner = place.learner or (next(iter(holders)) if len(holders) == 1 else None)
        if learner is None:
            return Row("", parcel.name, "unknown learner", (), _unknown(place, len(holders) > 1))
        arrived = this.shelf.keep(learner, parcel.name, parcel.raw, parcel.sha256, this.now)
        named = {claim.learner for claim in claims if claim.learner}
        flags: tuple[Flag, ...] = (("other-learner", None),) if named and learner not in named else ()
        own = place.learner is not None
        return _Offer(learner, parcel.name, parcel.sha256, arrived, built, own, built.flags + flags)
    except Exception as error:  # noqa: BLE001 - as above
        return _fault_row(place, _failed(parcel.name, error))


def _guarded(learner: str, offers: Sequence[_Offer], this: _Round) -> list[Row]:
    try:
        return _settled(learner, offers, this) if offers else [_absent(learner, this)]
    except Exception as error:  # noqa: BLE001 - as above
        file = offers[0].file if offers else ""
        return [Row(learner, file, "fault", (), _failed(file, error).message)]


def _settled(learner: str, offers: Sequence[_Offer], this: _Round) -> list[Row]:
    """Take one of a learner's files, and say what becomes of the others."""
    different: dict[str, _Offer] = {}
    for offer in sorted(offers, key=lambda offer: (not offer.own, offer.file)):
        different.setdefault(offer.sha256, offer)
    own = [offer for offer in different.values() if offer.own]
    loose = [offer for offer in different.values() if not offer.own]
    if not own and len(loose) > 1:
        text = t("{count} different loose files bear the ticket of {learner}; none was taken. Put the right one alone "
                 "into a folder named {learner} and collect again.").format(count=len(loose), learner=learner)
        return [Row(learner, offer.file, "conflict", offer.flags, text) for offer in loose]
    winner = max(own or loose, key=_Offer.rank)
    aside = [offer for offer in different.values() if offer is not winner]
    several: tuple[Flag, ...] = (("several-files", None),) if len(own) > 1 else ()
    text = t("{file} was taken instead. To take this one, put it alone into a folder named {learner}, collect again.")
    rows = [Row(learner, offer.file, "set aside", offer.flags, text.format(file=winner.file, learner=learner))
            for offer in aside]
    return [_taken(winner, in_order(winner.flags + several), this), *rows]


def _taken(offer: _Offer, flags: tuple[Flag, ...], this: _Round) -> Row:
    """Write a learner's notebook for nbgrader; one without any work never takes the place of one with work."""
    usable = offer.built.usable
    if not usable and this.shelf.stands(offer.learner):
        return Row(offer.learner, offer.file, "unreadable", flags, t(
            "Nothing could be read in it; what was handed in before still stands. Ask for the notebook again."))
    notebook = offer.built.notebook
    notebook.metadata["vsim"] = {
        **dict(notebook.metadata.get("vsim", {})),
        "unit": this.unit, "learner": offer.learner, "sha256": offer.sha256,
        "arrived": offer.arrived.astimezone(UTC).isoformat(), "flags": [list(flag) for flag in flags],
    }
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
    changed = this.shelf.submit(offer.learner, text.encode(), offer.arrived)
    if not usable:
        return Row(offer.learner, offer.file, "unreadable", flags, t(
            "Nothing could be read in it; it counts as not answered. Ask for the notebook again."))
    if not changed:
        return Row(offer.learner, offer.file, "unchanged", flags, t("It was collected before."))
    other = t("It was handed out to another learner; look at it.") if ("other-learner", None) in flags else ""
    return Row(offer.learner, offer.file, "taken", flags, other)


def _absent(learner: str, this: _Round) -> Row:
    if this.shelf.stands(learner) is not None:
        return Row(learner, "", "unchanged", (), t("Nothing new; what was handed in before still stands."))
    return Row(learner, "", "missing", (), t("Nothing was handed in."))


def _unknown(place: Place, several: bool) -> str:
    """Return what to do with a file whose learner is not known."""
    if several:
        return t("It bears the tickets of two learners. Put it into a folder named as the right one and collect again.")
    if place.folder:
        return t("The roster knows no learner {name}, and no valid ticket says whose it is. Name the folder as in the "
                 "roster and collect again.").format(name=shown(place.path.name))
    return t("No valid ticket says whose it is. Put it into a folder named as the learner and collect again.")


def _failed(name: str, error: Exception) -> Fault:
    return fault(name, "failed", f"{type(error).__name__}: {error}")


def _fault_row(place: Place, found: Fault) -> Row:
    return Row(place.learner or "", found.name, "fault", (), found.message)
