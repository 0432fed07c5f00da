"""Certificates as Open Badges 3.0: complete, checked offline, and every way to be wrong has its reason."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest

from vsim.errors import DataError
from vsim.observe.badges import CONTEXTS, REASONS, badge_faults, credential, issue, issue_all, verify
from vsim.observe.signing import decoded, new_key, public_key, sign

KEY, OTHER = new_key(11), new_key(12)
TRUSTED = public_key(KEY)
DAY = date(2026, 2, 1)
CERTIFICATE: dict[str, Any] = {
    "cert_no": "C0001", "volunteer_id": "V-P3MBSNJ", "name": "李畅", "hours": 12.5, "period_from": "2025-09-01",
    "period_to": date(2025, 12, 31), "issuer": "G0001", "issuer_name": "青泉区长青志愿服务队",
    "issued_on": pd.Timestamp("2026-01-05"), "doc_no_masked": "11**************02", "valid_until": "2027-01-05",
}
BADGE = issue(CERTIFICATE, KEY)


def payload(token: str = BADGE) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(decoded(token.split(".")[1]))
    return loaded


def reason(token: object, on: date = DAY, **options: Any) -> str:
    answer = verify(token, TRUSTED, on=on, **options)
    assert answer.valid == (answer.reason == "valid")
    assert answer.reason in REASONS
    assert answer.detail
    return answer.reason


def test_three_lines_issue_and_check_a_badge() -> None:
    key = new_key(1)
    badge = issue(CERTIFICATE, key)
    assert verify(badge, public_key(key), on=DAY).valid


def test_the_credential_has_what_open_badges_asks_for() -> None:
    whole = credential(CERTIFICATE)
    assert whole["@context"] == CONTEXTS
    assert whole["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert whole["issuer"] == {
        "id": "https://yunchuan.example/organisation/G0001", "type": ["Profile"], "name": "青泉区长青志愿服务队",
    }
    assert whole["validFrom"] == "2026-01-05T00:00:00Z"
    assert whole["validUntil"] == "2027-01-05T00:00:00Z"
    subject = whole["credentialSubject"]
    achievement = subject["achievement"]
    assert achievement["criteria"]["narrative"]
    assert (achievement["creditsAvailable"], subject["creditsEarned"]) == (12.5, 12.5)
    assert subject["result"][0]["resultDescription"] == achievement["resultDescription"][0]["id"]
    assert subject["result"][0]["value"] == "12.5"
    assert subject["licenseNumber"] == "C0001"


def test_the_token_is_the_credential_with_its_claims() -> None:
    found = payload()
    assert badge_faults(found) == []
    assert (found["iss"], found["jti"], found["sub"]) == (
        found["issuer"]["id"], found["id"], found["credentialSubject"]["id"],
    )
    assert found["nbf"] == int(pd.Timestamp("2026-01-05", tz="UTC").timestamp())
    assert found["exp"] == int(pd.Timestamp("2027-01-05", tz="UTC").timestamp())
    assert "exp" not in payload(issue({**CERTIFICATE, "valid_until": None}, KEY))


def test_no_name_and_no_document_is_in_the_badge() -> None:
    text = decoded(BADGE.split(".")[1]).decode()
    assert "李畅" not in text
    assert "11**" not in text
    assert "V-P3MBSNJ" in text


def test_the_day_decides() -> None:
    assert reason(BADGE, date(2026, 1, 4)) == "not_yet_valid"
    assert reason(BADGE, date(2026, 1, 5)) == "valid"
    assert reason(BADGE, date(2027, 1, 4)) == "valid"
    assert reason(BADGE, date(2027, 1, 5)) == "expired"
    assert reason(issue({**CERTIFICATE, "valid_until": pd.NaT}, KEY), date(2090, 1, 1)) == "valid"


def test_a_revoked_number_is_refused() -> None:
    assert reason(BADGE, revoked={"C0001"}) == "revoked"
    assert reason(BADGE, revoked=["C0002"]) == "valid"


def test_a_raised_number_of_hours_is_tampered() -> None:
    first, _, third = BADGE.split(".")
    more = payload()
    more["credentialSubject"]["creditsEarned"] = 99
    forged = sign(more, OTHER).split(".")
    assert reason(f"{first}.{forged[1]}.{third}") == "tampered"
    assert reason(".".join(forged)) == "wrong_key"
    assert reason("no badge at all") == "malformed"


def test_each_issuer_certifies_under_its_own_key() -> None:
    """Who records certifies: the key of another organisation is no good, though the reader trusts it for its own."""
    keys = {"G0001": TRUSTED, "G0002": public_key(OTHER)}
    assert verify(BADGE, keys, on=DAY).valid
    assert verify(issue({**CERTIFICATE, "issuer": "G0002"}, OTHER), keys, on=DAY).valid
    assert verify(issue({**CERTIFICATE, "issuer": "G0002"}, KEY), keys, on=DAY).reason == "wrong_key"
    assert verify(issue({**CERTIFICATE, "issuer": "G0003"}, KEY), keys, on=DAY).reason == "wrong_key"
    assert verify(BADGE, [TRUSTED, public_key(OTHER)], on=DAY).valid
    assert verify(BADGE, {}, on=DAY).reason == "wrong_key"


def broken(**changes: Any) -> str:
    """Return a badge that its issuer signed with other content than a badge has."""
    whole = payload()
    for name, value in changes.items():
        place: Any = whole
        *path, last = name.split("__")
        for key in path:
            place = place[key]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return sign(whole, KEY)


@pytest.mark.parametrize("changes", [
    {"iss": "https://bad.example/"}, {"sub": "x"}, {"jti": None}, {"nbf": 0}, {"nbf": None}, {"exp": None},
    {"exp": 99999999999}, {"validFrom": "2026-01-05"}, {"validFrom": "2026-01-05T00:00:00+08:00"}, {"validFrom": 7},
    {"validUntil": None}, {"type": ["VerifiableCredential"]}, {"type": "OpenBadgeCredential"}, {"@context": []},
    {"@context": CONTEXTS[::-1]}, {"issuer": "G0001"}, {"issuer__name": ""}, {"issuer__id": 7},
    {"credentialSubject": []}, {"credentialSubject__achievement": {}}, {"credentialSubject__creditsEarned": -1},
    {"credentialSubject__creditsEarned": True}, {"credentialSubject__creditsEarned": "12"},
    {"credentialSubject__licenseNumber": ["C0001"]}, {"credentialSubject__achievement__criteria": {"narrative": ""}},
])
def test_a_signed_token_that_is_no_badge_is_malformed(changes: dict[str, Any]) -> None:
    assert reason(broken(**changes)) == "malformed"


def test_hours_beyond_all_numbers_are_malformed() -> None:
    from vsim.observe.signing import canonical, encoded

    text = canonical(payload()).replace(b'"creditsEarned":12.5', b'"creditsEarned":1e999')
    body = f"{BADGE.split('.')[0]}.{encoded(text)}"
    assert reason(f"{body}.{encoded(KEY.sign(body.encode()))}") == "malformed"


@pytest.mark.parametrize(("changes", "words"), [
    ({"cert_no": None}, "has no cert_no"), ({"hours": float("nan")}, "has no hours"), ({"issuer": ""}, "has no issuer"),
    ({"issued_on": pd.NaT}, "has no issued_on"), ({"hours": 0}, "above 0"), ({"hours": float("inf")}, "above 0"),
    ({"period_to": "2025-08-31"}, "after it begins"), ({"period_from": "last year"}, "is no date"),
])
def test_a_certificate_that_says_too_little_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        issue({**CERTIFICATE, **changes}, KEY)


def test_a_table_of_certificates_becomes_a_table_of_badges() -> None:
    rows = pd.DataFrame([CERTIFICATE, {**CERTIFICATE, "cert_no": "C0002", "hours": 3, "valid_until": None}])
    badges = issue_all(rows, KEY)
    assert badges["cert_no"].tolist() == ["C0001", "C0002"]
    assert all(reason(badge) == "valid" for badge in badges["badge"])
    assert payload(badges["badge"][1])["credentialSubject"]["creditsEarned"] == 3
    assert list(issue_all(rows.iloc[:0], KEY).columns) == ["cert_no", "badge"]


def test_a_row_of_a_table_is_a_certificate() -> None:
    assert verify(issue(pd.DataFrame([CERTIFICATE]).iloc[0], KEY), TRUSTED, on=DAY).valid
