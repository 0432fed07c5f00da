"""Certifying: one certificate for each learner and tier that is passed, whole or not at all, the same when done again.

The order in which it is done, so that a run killed between any two steps goes on:

1. facts, page and badge are made, and written whole into `certificates/.<id>`;
2. the line goes into the ledger; from then on the certificate is issued, and every later run only sees to its files;
3. the folder gets its name, `certificates/<id>`.

The number of a certificate comes from the course's secret, the learner, the tier and how many were revoked before, so
that a run which was killed before step 2 gives the same number when it is done again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from vsim.course import ledger
from vsim.course.badge import credential, number, page_sum
from vsim.course.badge_jws import peeked, signed
from vsim.course.badge_keys import Issuer, issuer_of, keyed
from vsim.course.badge_pdf import attached
from vsim.course.certify_facts import differs, facts_of
from vsim.course.certify_ledger import ISSUED, Register, register_of
from vsim.course.certify_revoked import write_list
from vsim.course.folder import Course
from vsim.course.gate import Gates, TierState, gates, known_learners
from vsim.course.syllabus import TIERS
from vsim.course.writing import write_whole
from vsim.errors import UsageError, VsimError, did_you_mean

FOLDER, LOCK = "certificates", ".certify.lock"
PDF, BADGE, READABLE = "certificate.pdf", "badge.jwt", "badge.json"
Draw = Callable[[Mapping[str, Any], str], bytes]


@dataclass(frozen=True, slots=True)
class Certified:
    """What became of one learner and tier.

    Attributes
    ----------
    learner, tier : str
    status : str
        "certified" (or, in a dry run, "would be"), "unchanged", "restored" (files were missing or changed), "not yet",
        "revoked", "doubtful" (issued, and what it stands on has changed since), "failed".
    id : str
        Number of the certificate; "" when there is none.
    message : str
        What is missing, or what to look at.
    """

    learner: str
    tier: str
    status: str
    id: str = ""
    message: str = ""


def certify(course: Course, draw: Draw, *, learners: Iterable[str] = (), tier: str | None = None, again: bool = False,
            dry_run: bool = False, progress: Callable[[int, int], None] | None = None) -> list[Certified]:
    """Certify every learner for every tier that is passed; one failure is one row.

    Parameters
    ----------
    course : Course
    draw : callable
        From facts and the key's fingerprint to the bytes of a PDF.
    learners : iterable of str
        All by default.
    tier : str, optional
        One tier; by default every tier of which the course has released a unit.
    again : bool
        Whether a learner whose certificate was revoked gets another.
    dry_run : bool
        Say what would be done, and write nothing.
    progress : callable, optional
        Called with (done, in all).

    Raises
    ------
    UsageError
        When a learner or the tier is not known, or `again` comes without learners.
    """
    wanted = asked(course, learners, tier, again)
    found = gates(course)
    tiers = [tier] if tier is not None else [name for name in TIERS if found.units[name]]
    jobs = [(learner, name) for learner in wanted for name in tiers]
    if dry_run:
        return [_planned(found, register_of(course), *job, again) for job in jobs]
    rows: list[Certified] = []
    with FileLock(course.place(LOCK)):
        held, issuer = register_of(course), issuer_of(course)
        for done, (learner, name) in enumerate(jobs, start=1):
            rows.append(_one(found, held, issuer, draw, learner, name, again))
            if progress is not None:
                progress(done, len(jobs))
        write_list(course)
    return rows


def asked(course: Course, learners: Iterable[str], tier: str | None, again: bool) -> list[str]:
    """Return the learners who are asked for.

    Raises
    ------
    UsageError
        As `certify`.
    """
    names = list(learners)
    if tier is not None and tier not in TIERS:
        raise UsageError(f"tier is '{tier}'; allowed {', '.join(TIERS)}.{did_you_mean(tier, TIERS)}")
    if again and not names:
        raise UsageError("certify: --again needs names; allowed the learners who get another certificate. Name them.")
    return known_learners(course, names)


def _planned(found: Gates, held: Register, learner: str, tier: str, again: bool) -> Certified:
    """Return what is to be done for one learner and tier."""
    state = found.of(learner)[TIERS.index(tier)]
    issued = held.of(learner, tier)
    if issued:
        row = issued[-1]
        key = str(row["id"])
        if key not in held.revoked:
            return _kept(found, row, state)
        if not again:
            return Certified(learner, tier, "revoked", key, str(held.revoked[key]["reason"]))
    if not state.passed:
        return Certified(learner, tier, "not yet", "", "; ".join(state.missing if state.open else (state.why,)))
    return Certified(learner, tier, "would be", number_of(found.course, learner, tier, len(issued)))


def _kept(found: Gates, row: Mapping[str, Any], state: TierState) -> Certified:
    """Return how a certificate that was issued stands today."""
    key, changed = str(row["id"]), differs(row, found.course.learners)
    if changed:
        return Certified(state.learner, state.tier, "doubtful", key, f"{row['name']} -> {changed[0]}")
    if not state.passed:
        return Certified(state.learner, state.tier, "doubtful", key, "; ".join(state.missing or (state.why,)))
    return Certified(state.learner, state.tier, "unchanged", key)


def number_of(course: Course, learner: str, tier: str, before: int) -> str:
    """Return the number of a learner's certificate for a tier, after so many that were revoked."""
    return number(keyed(course, "id", learner, tier, str(before)))


def _one(found: Gates, held: Register, issuer: Issuer, draw: Draw, learner: str, tier: str, again: bool) -> Certified:
    plan = _planned(found, held, learner, tier, again)
    try:
        if plan.status in ("unchanged", "doubtful"):
            made = see_to_files(found.course, held.issued[plan.id], draw)
            return Certified(learner, tier, "restored", plan.id, plan.message) if made else plan
        if plan.status != "would be":
            return plan
        state = found.of(learner)[TIERS.index(tier)]
        _issue(found, state, plan.id, issuer, draw)
    except (VsimError, OSError) as error:
        return Certified(learner, tier, "failed", plan.id, str(error))
    return Certified(learner, tier, "certified", plan.id)


def _issue(found: Gates, state: TierState, key: str, issuer: Issuer, draw: Draw) -> None:
    """Make a certificate in the three steps."""
    course = found.course
    facts = facts_of(found, state, key, datetime.now(UTC))
    page = draw(facts, issuer.public.fingerprint)
    badge = signed(issuer, credential(course, facts, issuer.public.did, page_sum(page)))
    files = files_of(page, badge)
    stage(course, key, files)
    sums = {name: sha256(content).hexdigest() for name, content in files.items()}
    ledger.append(course.root, {"kind": ISSUED, **facts, "fingerprint": issuer.public.fingerprint, "badge": badge,
                                "page": page_sum(page), "files": sums})
    settle(course, key)


def files_of(page: bytes, badge: str) -> dict[str, bytes]:
    """Return the files of a certificate by name: the PDF with the badge in it, the badge, and the badge to be read."""
    readable = {"jwt": badge, "credential": peeked(badge)}
    return {PDF: attached(page, badge), BADGE: (badge + "\n").encode("ascii"),
            READABLE: (json.dumps(readable, ensure_ascii=False, indent=1) + "\n").encode()}


def stage(course: Course, key: str, files: Mapping[str, bytes]) -> Path:
    """Write the files into a folder that does not bear its name yet."""
    staged = course.place(FOLDER, f".{key}")
    shutil.rmtree(staged, ignore_errors=True)
    write_whole({staged / name: content for name, content in files.items()})
    return staged


def settle(course: Course, key: str) -> None:
    """Give a folder its name; what stood there under the name goes."""
    staged, folder = course.place(FOLDER, f".{key}"), course.place(FOLDER, key)
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(staged, folder)


def intact(folder: Path, sums: Mapping[str, str]) -> bool:
    """Return whether a folder holds each file with its checksum."""
    try:
        return all(sha256((folder / name).read_bytes()).hexdigest() == value for name, value in sums.items())
    except OSError:
        return False


def see_to_files(course: Course, row: Mapping[str, Any], draw: Draw) -> bool:
    """See that the files of an issued certificate are there as they were; return whether anything was done.

    Raises
    ------
    VsimError
        When the page cannot be drawn again with the bytes that were signed: another version of a library.
    """
    key, sums = str(row["id"]), row["files"]
    if intact(course.place(FOLDER, key), sums):
        shutil.rmtree(course.place(FOLDER, f".{key}"), ignore_errors=True)
        return False
    if not intact(course.place(FOLDER, f".{key}"), sums):
        badge, page = str(row["badge"]), draw(row, str(row["fingerprint"]))
        files = files_of(page, badge)
        if page_sum(page) != row["page"]:
            files.pop(PDF)
            stage(course, key, files)
            settle(course, key)
            raise VsimError(f"{key}: this version of vsim or fontTools does not draw the page with the bytes that were "
                            f"signed. The badge is back; put {PDF} back from a copy of the course.")
        stage(course, key, files)
    settle(course, key)
    return True
