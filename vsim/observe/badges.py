"""Certificates of service as Open Badges 3.0: a signed credential that anybody can check without asking the issuer.

The credential names a pseudonym, never a person; hours stand in it as credits and as a result. A revoked number is
known only from the issuer's list, so a check without the list says nothing of revocation.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from vsim.errors import DataError, listing
from vsim.observe.signing import Jwk, open_token, sign
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    import pandas as pd
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
BASE = "https://yunchuan.example/"           # the region is invented, and no address below .example leads anywhere
NEEDED = ("cert_no", "volunteer_id", "hours", "period_from", "period_to", "issuer", "issued_on")
OPTIONAL = ("issuer_name", "content", "valid_until")
REASONS = ("valid", "malformed", "algorithm", "tampered", "wrong_key", "not_yet_valid", "expired", "revoked")
MIDNIGHT = "T00:00:00Z"
STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Checked(NamedTuple):
    """The answer to "is this certificate good?": `reason` is one of `REASONS`, `detail` says it in a sentence."""

    valid: bool
    reason: str
    detail: str
    credential: dict[str, Any]


def credential(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Open Badges 3.0 credential of one certificate, unsigned.

    Parameters
    ----------
    certificate : mapping or row
        cert_no, volunteer_id (a pseudonym), hours, period_from, period_to, issuer (a code), issued_on; optionally
        issuer_name, content, valid_until. Dates are dates or ISO text. Other fields are left out.

    Raises
    ------
    DataError
        When a field is missing or empty, hours are not above zero, or the period ends before it begins.
    """
    row = {name: certificate[name] for name in (*NEEDED, *OPTIONAL) if _there(certificate.get(name))}
    absent = [name for name in NEEDED if name not in row]
    if absent:
        raise DataError(f"certificate {one_line(row.get('cert_no', ''))}: has no {listing(absent)}. Fill them first.")
    number, who, hours = str(row["cert_no"]), str(row["volunteer_id"]), float(row["hours"])
    first, last, issued = (_day(row[name]) for name in ("period_from", "period_to", "issued_on"))
    if not (math.isfinite(hours) and hours > 0) or last < first:
        raise DataError(f"certificate {one_line(number)}: {hours:g} hours from {first} to {last}; allowed hours above "
                        "0 and a period that ends after it begins. Correct the certificate.")
    achievement = f"{BASE}achievement/service-hours"
    until = {"validUntil": f"{_day(row['valid_until'])}{MIDNIGHT}"} if "valid_until" in row else {}
    return {
        "@context": CONTEXTS, "type": TYPES, "id": f"{BASE}certificate/{number}",
        "name": "Certificate of volunteer service",
        "issuer": {"id": f"{BASE}organisation/{row['issuer']}", "type": ["Profile"],
                   "name": str(row.get("issuer_name", row["issuer"]))},
        "validFrom": f"{issued}{MIDNIGHT}", **until,
        "credentialSubject": {
            "type": ["AchievementSubject"], "id": f"{BASE}volunteer/{who}", "licenseNumber": number,
            "activityStartDate": f"{first}{MIDNIGHT}", "activityEndDate": f"{last}{MIDNIGHT}", "creditsEarned": hours,
            "achievement": {
                "type": ["Achievement"], "id": achievement, "achievementType": "CommunityService",
                "name": "Hours of volunteer service",
                "description": str(row.get("content", "Volunteer service recorded and verified by the issuer.")),
                "criteria": {"narrative": "Hours actually served, without travel, recorded by the issuer and verified; "
                                          "who records certifies."},
                "creditsAvailable": hours,
                "resultDescription": [{"type": ["ResultDescription"], "id": f"{achievement}#hours", "name": "Hours",
                                       "resultType": "RawScore"}],
            },
            "result": [{"type": ["Result"], "resultDescription": f"{achievement}#hours", "value": f"{hours:g}"}],
        },
    }


def issue(certificate: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """Return the signed credential of one certificate: one line of text for a file, a page or a QR code."""
    whole = credential(certificate)
    claims = {"iss": whole["issuer"]["id"], "jti": whole["id"], "sub": whole["credentialSubject"]["id"],
              "nbf": _seconds(whole["validFrom"])}
    if "validUntil" in whole:
        claims["exp"] = _seconds(whole["validUntil"])
    return sign({**whole, **claims}, key)


def issue_all(certificates: pd.DataFrame, key: Ed25519PrivateKey) -> pd.DataFrame:
    """Return one row for each certificate: its number and its signed credential."""
    import pandas as pd

    rows = certificates.to_dict("records")
    return pd.DataFrame({
        "cert_no": [str(row["cert_no"]) for row in rows],
        "badge": [issue({str(name): value for name, value in row.items()}, key) for row in rows],
    })


def verify(
    token: object, keys: Jwk | Iterable[Jwk] | Mapping[str, Jwk], *, on: date, revoked: Collection[str] = ()
) -> Checked:
    """Return whether a signed credential is good on a day, and if not why.

    Parameters
    ----------
    token : str
        Whatever somebody handed in.
    keys : a public key, several, or a mapping of issuer code to key
        The keys that the reader trusts. With a mapping, an issuer's certificate holds under its own key only.
    on : date
        The day for which the answer holds; validity begins at midnight, UTC.
    revoked : collection of str
        Numbers of certificates on the issuers' lists of revoked ones.
    """
    bound: Mapping[str, Any] | None = None
    if isinstance(keys, Mapping) and "kty" not in keys:
        bound = keys
        trusted: list[Any] = list(keys.values())
    else:
        trusted = [keys] if isinstance(keys, Mapping) else list(keys)
    opened = open_token(token, trusted)
    if opened.fault:
        return Checked(False, opened.fault, opened.detail, {})
    whole = {name: value for name, value in opened.payload.items() if name not in ("iss", "jti", "sub", "nbf", "exp")}
    faults = badge_faults(opened.payload)
    if faults:
        return Checked(False, "malformed", faults[0], {})
    issuer = str(whole["issuer"]["id"]).removeprefix(f"{BASE}organisation/")
    if bound is not None and (issuer not in bound or open_token(token, [bound[issuer]]).fault):
        return Checked(False, "wrong_key", f"the key is not that of issuer {one_line(issuer)}", {})
    number = str(whole["credentialSubject"]["licenseNumber"])
    start, end = whole["validFrom"], whole.get("validUntil")
    now = datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()
    if number in revoked:
        return Checked(False, "revoked", f"certificate {one_line(number)} is on the list of revoked ones", whole)
    if now < _seconds(start):
        return Checked(False, "not_yet_valid", f"the certificate holds from {start}", whole)
    if end is not None and now >= _seconds(end):
        return Checked(False, "expired", f"the certificate held until {end}", whole)
    return Checked(True, "valid", f"certificate {one_line(number)} was issued by {one_line(issuer)}", whole)


def badge_faults(payload: Mapping[str, Any]) -> list[str]:
    """Return what keeps a payload from being an Open Badges 3.0 credential of service; none when it is one."""
    try:
        subject, issuer = payload["credentialSubject"], payload["issuer"]
        achievement = subject["achievement"]
        pairs = {
            "iss": issuer["id"], "jti": payload["id"], "sub": subject["id"], "nbf": _seconds(payload["validFrom"]),
            **({"exp": _seconds(payload["validUntil"])} if "validUntil" in payload or "exp" in payload else {}),
        }
        faults = [f"{name} is {one_line(payload.get(name))}; the credential says {one_line(value)}"
                  for name, value in pairs.items() if payload.get(name) != value]
        words = [payload["id"], issuer["id"], subject["id"], subject["licenseNumber"], achievement["name"],
                 achievement["description"], achievement["criteria"]["narrative"], issuer["name"]]
        hours = subject["creditsEarned"]
        contexts, types = payload["@context"], payload["type"]
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        why = f"{type(error).__name__}: {one_line(str(error))}"
        return [f"the credential lacks a field or has one of another kind ({why})"]
    if not isinstance(contexts, list) or contexts[:2] != CONTEXTS:
        faults.append("@context is not that of Open Badges 3.0")
    if not isinstance(types, list) or not set(TYPES) <= {str(each) for each in types}:
        faults.append("type does not say OpenBadgeCredential")
    if not all(isinstance(word, str) and word for word in words):
        faults.append("a name, id or text is empty or no text")
    number = isinstance(hours, int | float) and not isinstance(hours, bool)
    if not number or not math.isfinite(hours) or hours <= 0:
        faults.append(f"creditsEarned is {one_line(hours)}; allowed hours above 0")
    return faults


def _there(value: Any) -> bool:
    return value is not None and value == value and str(value) not in ("", "NaT")      # NaN and NaT are not themselves


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise DataError(f"certificate: {one_line(value)} is no date; allowed such as 2025-09-01.") from None


def _seconds(stamp: Any) -> int:
    """Return the seconds since 1970 of a time stamp in UTC, such as "2025-09-01T00:00:00Z"."""
    if not isinstance(stamp, str) or not STAMP.fullmatch(stamp):
        raise ValueError("a time stamp is not such as 2025-09-01T00:00:00Z")
    moment = datetime.fromisoformat(stamp.removesuffix("Z")).replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
