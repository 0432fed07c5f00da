"""The list of revoked certificates, signed by the issuer: what somebody needs who checks a certificate elsewhere.

The list is a statement like a badge (`badge_jws`), its content a revocation list as Open Badges 3.0 knows it. Whoever
checks offline sees the day of the list; a certificate that was revoked later is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vsim.course.badge import number, urn
from vsim.course.badge_jws import LARGEST, ForgedError, NoStatementError, opened, signed
from vsim.course.badge_keys import PublicKey, issuer_of, keyed
from vsim.course.certify_ledger import Register, register_of
from vsim.course.folder import Course
from vsim.course.writing import write_whole
from vsim.errors import DataError
from vsim.spec.loading import read_text, shown

FILE = "revoked.jwt"
TYPE = "1EdTechRevocationList"


@dataclass(frozen=True, slots=True)
class Revoked:
    """Why and when a certificate was revoked."""

    when: str
    why: str


@dataclass(frozen=True, slots=True)
class RevokedList:
    """A list of revoked certificates by number, and the day on which it was written ("" for the ledger itself)."""

    by_id: Mapping[str, Revoked]
    day: str = ""


def list_payload(course: Course, did: str, held: Register) -> dict[str, Any]:
    """Return the content of the list: no name and no learner, only numbers, days and reasons."""
    rows = [{"id": urn(key), "revoked": True, "revokedAt": row["time"], "revocationReason": row["reason"]}
            for key, row in held.revoked.items()]
    day = max([str(row["time"]) for row in (*held.revoked.values(), *held.issued.values())], default="")
    moment = int(datetime.fromisoformat(day).timestamp()) if day else 0
    return {"id": urn(number(keyed(course, "revoked"))), "type": TYPE, "issuer": did, "iss": did, "iat": moment,
            "updated": day, "revokedCredential": rows}


def write_list(course: Course) -> Path:
    """Write the list anew from the ledger and return its path; the same bytes when nothing happened since."""
    path = course.place(FILE)
    issuer = issuer_of(course)
    content = (signed(issuer, list_payload(course, issuer.public.did, register_of(course))) + "\n").encode("ascii")
    if not path.is_file() or path.read_bytes() != content:
        write_whole({path: content})
    return path


def revoked_here(course: Course) -> RevokedList:
    """Return what is revoked in a course, from its ledger."""
    return RevokedList({key: Revoked(str(row["time"]), str(row["reason"]))
                        for key, row in register_of(course).revoked.items()})


def read_list(path: Path, keys: Iterable[PublicKey]) -> RevokedList:
    """Return a list that somebody was given.

    Raises
    ------
    UsageError
        When the file is missing.
    DataError
        When it is no such list, was changed, or was signed by somebody else.
    """
    name = shown(path)
    try:
        statement = opened(read_text(path, LARGEST))
    except (NoStatementError, ForgedError) as error:
        raise DataError(f"{name}: is not believed ({error}). Ask the issuer for {FILE} again.") from None
    if statement.key.raw not in [key.raw for key in keys]:
        raise DataError(f"{name}: is signed with the key {statement.key.fingerprint}, which you do not know; allowed a "
                        "list of the issuer. Name the issuer's key: --key FILE")
    said = statement.payload
    try:
        if said["type"] != TYPE or said["iss"] != statement.key.did:
            raise ValueError("another kind of statement")
        found = {str(row["id"]).removeprefix("urn:uuid:"): Revoked(str(row["revokedAt"]), str(row["revocationReason"]))
                 for row in said["revokedCredential"] if row["revoked"] is True}
        return RevokedList(found, str(said["updated"])[:10])
    except (KeyError, TypeError, ValueError):
        raise DataError(f"{name}: is no list of revoked certificates. Ask the issuer for {FILE}.") from None
