"""Certificates in the ledger: what was issued and what was revoked; a line is only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vsim.course import ledger
from vsim.course.folder import Course
from vsim.course.gate_waivers import known_reason, who
from vsim.errors import UsageError, did_you_mean, listing

ISSUED, REVOKED = "certificate", "revoked"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """The certificates of a course.

    Attributes
    ----------
    issued : mapping of str to mapping
        Lines of the ledger by number of the certificate, in their order.
    revoked : mapping of str to mapping
        Lines of revocations by number of the certificate.
    """

    issued: Mapping[str, Row] = field(default_factory=dict)
    revoked: Mapping[str, Row] = field(default_factory=dict)

    def of(self, learner: str, tier: str) -> list[Row]:
        """Return every certificate of a learner for a tier, the last one last."""
        return [row for row in self.issued.values() if (row["learner"], row["tier"]) == (learner, tier)]


def register_of(course: Course) -> Register:
    """Return the certificates of a course."""
    issued: dict[str, Row] = {}
    revoked: dict[str, Row] = {}
    for row in ledger.rows(course.root):
        if row.get("kind") == ISSUED:
            issued.setdefault(str(row["id"]), row)
        elif row.get("kind") == REVOKED:
            revoked.setdefault(str(row["certificate"]), row)
    return Register(issued, revoked)


def revoke(course: Course, name: str, reason: str | None, by: str | None = None) -> Row:
    """Revoke a certificate and write the list anew; one that is revoked already stays as it is.

    Parameters
    ----------
    course : Course
    name : str
        Number of the certificate, or its beginning, with or without "urn:uuid:".
    reason : str
        Goes into the public list: no health, no family, no name.
    by : str, optional
        Who revokes; the account's name by default.

    Returns
    -------
    mapping
        The line of the ledger.

    Raises
    ------
    UsageError
        When there is no such certificate, or no reason.
    """
    text = known_reason(reason, "revoke")
    held = register_of(course)
    wanted = name.strip().lower().removeprefix("urn:uuid:")
    found = [key for key in held.issued if wanted and key.startswith(wanted)]
    if len(found) != 1:
        allowed = listing(held.issued) or "none: nothing was certified"
        raise UsageError(f"certificate is '{name[:80]}'; allowed {allowed}.{did_you_mean(wanted, held.issued)} "
                         "See vsim course certify --dry-run.")
    if found[0] in held.revoked:
        return held.revoked[found[0]]
    issued = held.issued[found[0]]
    ledger.append(course.root, {
        "kind": REVOKED, "course": course.name, "learner": issued["learner"], "certificate": found[0],
        "tier": issued["tier"], "reason": text, "by": who(by)})
    return register_of(course).revoked[found[0]]
