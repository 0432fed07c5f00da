"""A certificate as an Open Badge 3.0: a W3C Verifiable Credential whose payload is the badge itself (VC-JWT).

It names nobody: the learner's id and name stand in it as salted hashes, so that who knows the name can check it and
who does not learns nothing. The contexts are named and never fetched. The page that is printed is bound to the badge
by its checksum (`relatedResource`, Verifiable Credentials 2.0 section 5.3).
"""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from vsim.course.badge_jws import ForgedError, NoStatementError, Statement
from vsim.course.badge_keys import keyed
from vsim.course.folder import Course

CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
TYPES = ("VerifiableCredential", "OpenBadgeCredential")
CODES = {"en": "en", "zh_CN": "zh-CN"}
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says, once its signature holds.

    Attributes
    ----------
    id, issued, issuer, name : str
        Number of the certificate, when it was issued (UTC, ISO), who issued it, and what it is called.
    page : str
        Checksum that its page must have, as `page_sum` gives it; "" when it has none.
    """

    id: str
    issued: str
    issuer: str
    name: str
    page: str


def number(raw: bytes) -> str:
    """Return 32 keyed bytes as a UUID of version 8 (RFC 9562): it looks like any other and tells nothing."""
    value = bytearray(raw[:16])
    value[6], value[8] = value[6] & 0x0F | 0x80, value[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(value)))


def urn(text: str) -> str:
    """Return a UUID as a URI."""
    return f"urn:uuid:{text}"


def page_sum(page: bytes) -> str:
    """Return the checksum of a page as Subresource Integrity writes it."""
    return f"sha256-{b64encode(sha256(page).digest()).decode('ascii')}"


def same_name(name: str) -> str:
    """Return a name as it is hashed: one form of each letter, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def identity(kind: str, value: str, salt: str) -> dict[str, Any]:
    """Return a salted hash of who somebody is (IdentityObject of Open Badges 3.0)."""
    digest = sha256((value + salt).encode()).hexdigest()
    return {"type": "IdentityObject", "hashed": True, "identityHash": f"sha256${digest}", "identityType": kind,
            "salt": salt}


def is_about(payload: Mapping[str, Any], kind: str, value: str) -> bool:
    """Return whether a badge is about who has this id ("systemId") or name ("name")."""
    subject = payload.get("credentialSubject", {})
    known = subject.get("identifier", []) if isinstance(subject, Mapping) else []
    return any(one == identity(kind, value, str(one.get("salt"))) for one in known if isinstance(one, Mapping))


def envelope(course: Course, facts: Facts, did: str, page: str) -> dict[str, Any]:
    """Return what every statement of a course about a learner begins with: claims, issuer, dates, subject, page.

    Parameters
    ----------
    course : Course
    facts : mapping
        id, learner, name, issuer, issued.
    did : str
        The issuer's key as a name.
    page : str
        `page_sum` of the page that shows it.
    """
    learner = str(facts["learner"])
    salt = keyed(course, "salt", str(facts["id"])).hex()[:32]
    subject = urn(number(keyed(course, "subject", learner)))
    issued = datetime.fromisoformat(str(facts["issued"]))
    return {
        "@context": list(CONTEXTS), "id": urn(str(facts["id"])), "type": list(TYPES),
        "issuer": {"id": did, "type": ["Profile"], "name": facts["issuer"]},
        "validFrom": issued.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": subject, "type": ["AchievementSubject"],
            "identifier": [identity("systemId", learner, salt), identity("name", same_name(str(facts["name"])), salt)],
        },
        "relatedResource": [{"id": f"{urn(str(facts['id']))}#page", "digestSRI": page}],
        "iss": did, "jti": urn(str(facts["id"])), "nbf": int(issued.timestamp()), "sub": subject,
    }


def credential(course: Course, facts: Facts, did: str, page: str) -> dict[str, Any]:
    """Return the payload of a certificate's badge.

    Parameters
    ----------
    course : Course
    facts : mapping
        As `certify_facts.facts_of` returns them.
    did, page : str
        As for `envelope`.
    """
    made = envelope(course, facts, did, page)
    results, described = _results(course, facts)
    made["name"] = facts["title"]
    made["credentialSubject"] |= {
        "achievement": {
            "id": urn(number(keyed(course, "achievement", str(facts["tier"])))), "type": ["Achievement"],
            "achievementType": "Certificate", "inLanguage": CODES[facts["lang"]], "name": facts["title"],
            "description": facts["description"], "criteria": {"narrative": facts["criteria"]},
            "tag": list(facts["competencies"]), "resultDescription": described,
        },
        "result": results,
    }
    made["evidence"] = [{
        "type": ["Evidence"], "id": f"urn:sha256:{facts['evidence']}", "name": facts["evidence_name"],
        "narrative": facts["evidence_narrative"],
    }]
    return made


def _results(course: Course, facts: Facts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the results with what each is: the share of each unit, the mean, the band, and the hours."""
    rows: list[tuple[str, str, str, dict[str, str]]] = []
    ends = {"valueMin": "0", "valueMax": "100"}
    for unit in facts["units"]:
        if not unit["waived"]:
            rows.append((unit["title"], "Percent", _percent(unit["share"]), ends))
    if facts["mean"] is not None:
        rows.append((facts["words"]["mean"], "Percent", _percent(facts["mean"]), ends))
        rows.append((facts["words"]["band"], "PerformanceLevel", facts["band"], {}))
        points = {"valueMin": "0", "valueMax": f"{facts['of']:g}"}
        rows.append((facts["words"]["points"], "RawScore", f"{facts['points']:g}", points))
    rows.append((facts["words"]["hours"], "Result", f"{facts['hours']:g}", {}))
    results, described = [], []
    for place, (name, kind, value, ends_of) in enumerate(rows):
        key = urn(number(keyed(course, "result", str(facts["id"]), str(place))))
        described.append({"id": key, "type": ["ResultDescription"], "name": name, "resultType": kind, **ends_of})
        results.append({"type": ["Result"], "resultDescription": key, "value": value})
    return results, described


def _percent(share: float) -> str:
    return f"{round(100 * share, 2):g}"


def badge_of(statement: Statement) -> Badge:
    """Return what a badge says, after its parts were held against each other.

    Raises
    ------
    NoStatementError
        When something else was signed.
    ForgedError
        When its claims do not agree with what they stand for, as Open Badges 3.0 section 8.2 asks.
    """
    said = statement.payload
    types = said.get("type")
    if not isinstance(types, list) or TYPES[0] not in types:
        raise NoStatementError("signed, but no certificate")
    issuer, subject = said.get("issuer"), said.get("credentialSubject")
    if not isinstance(issuer, Mapping) or not isinstance(subject, Mapping):
        raise ForgedError("payload", "names no issuer or no subject")
    if said.get("iss") != issuer.get("id") or said.get("iss") != statement.key.did:
        raise ForgedError("issuer", "is not the one whose key signed")
    for claim, value in (("jti", said.get("id")), ("sub", subject.get("id"))):
        if not isinstance(value, str) or said.get(claim) != value:
            raise ForgedError("payload", f"says two things in {claim}")
    try:
        issued = datetime.fromisoformat(str(said.get("validFrom")))
        same = issued.tzinfo is not None and issued.timestamp() == said.get("nbf")
    except ValueError:
        same = False
    if not same:
        raise ForgedError("payload", "says two things in nbf")
    return Badge(str(said["id"]).removeprefix("urn:uuid:"), str(said["validFrom"]), str(issuer.get("name", "")),
                 str(said.get("name", "")), _page(said))


def _page(said: Mapping[str, Any]) -> str:
    try:
        return str(said["relatedResource"][0]["digestSRI"])
    except (KeyError, IndexError, TypeError):
        return ""
