"""Certifying: one certificate for each learner and tier, the same bytes when done again, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.course.certified import SECOND, add_unit, mark, marked_course, page
from tests.course.small_course import ID
from vsim.course import certify as module
from vsim.course import ledger
from vsim.course.badge import is_about
from vsim.course.badge_jws import opened
from vsim.course.badge_keys import issuer_of, renew
from vsim.course.certify import BADGE, FOLDER, PDF, READABLE, Certified, certify
from vsim.course.certify_ledger import register_of, revoke
from vsim.course.certify_revoked import FILE as REVOKED_LIST
from vsim.course.folder import Course, open_course, write_learners
from vsim.errors import DataError, UsageError


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return marked_course(tmp_path, {"ada": 0.9, "bo": 0.2, "mei": 0.8}, language="zh_CN", issuer="云川志愿服务联合会")


def files(course: Course) -> dict[str, bytes]:
    root = course.place(FOLDER)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def states(rows: list[Certified]) -> dict[str, str]:
    return {row.learner: row.status for row in rows}


def lines(course: Course, kind: str) -> list[dict[str, Any]]:
    return [row for row in ledger.rows(course.root) if row["kind"] == kind]


def test_who_passed_is_certified_and_who_did_not_is_told_what_is_missing(course: Course) -> None:
    rows = certify(course, page)
    assert states(rows) == {"ada": "certified", "bo": "not yet", "mei": "certified"}
    assert "20 %" in rows[1].message
    made = [f"{row.id}/{name}" for row in rows if row.id for name in (PDF, BADGE, READABLE)]
    assert sorted(files(course)) == sorted(made)


def test_done_again_it_gives_the_same_bytes_and_no_further_line(course: Course) -> None:
    certify(course, page)
    before = files(course), course.place("ledger.jsonl").read_bytes(), course.place(REVOKED_LIST).read_bytes()
    assert states(certify(course, page)) == {"ada": "unchanged", "bo": "not yet", "mei": "unchanged"}
    assert (files(course), course.place("ledger.jsonl").read_bytes(), course.place(REVOKED_LIST).read_bytes()) == before


def test_the_badge_says_what_the_ledger_says_and_names_nobody(course: Course) -> None:
    key = next(row.id for row in certify(course, page) if row.learner == "mei")
    text = files(course)[f"{key}/{BADGE}"].decode()
    said = opened(text).payload
    row = next(row for row in lines(course, "certificate") if row["learner"] == "mei")
    assert (row["id"], row["tier"], row["hours"], row["points"], row["of"], row["mean"], row["band"]) == (
        key, "foundation", 0.08, 4.8, 6.0, 0.8, "良好")
    assert [(unit["unit"], unit["share"], unit["attempt"]) for unit in row["units"]] == [(ID, 0.8, 1)]
    assert said["issuer"]["id"] == said["iss"] == issuer_of(course).public.did
    assert said["issuer"]["name"] == "云川志愿服务联合会"
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["validFrom"].replace("Z", "+00:00") == row["issued"]
    subject = said["credentialSubject"]
    kinds = {one["id"]: one["resultType"] for one in subject["achievement"]["resultDescription"]}
    values = {kinds[one["resultDescription"]]: one["value"] for one in subject["result"]}
    assert values == {"Percent": "80", "PerformanceLevel": "良好", "RawScore": "4.8", "Result": "0.08"}
    assert subject["achievement"]["criteria"]["narrative"] == row["criteria"]
    assert said["evidence"][0]["id"] == f"urn:sha256:{row['evidence']}"
    written = json.dumps(said, ensure_ascii=False)
    assert "王小梅" not in written
    assert "mei" not in written.replace(subject["achievement"]["id"], "")
    assert is_about(said, "name", "王小梅")
    assert is_about(said, "systemId", "mei")
    assert not is_about(said, "name", "王小美")
    assert json.loads(files(course)[f"{key}/{READABLE}"]) == {"jwt": text.strip(), "credential": said}


def test_the_evidence_is_the_line_that_counts(course: Course) -> None:
    from vsim.course.badge_jws import plain_bytes
    from vsim.course.standing import standings

    certify(course, page)
    row = next(row for row in lines(course, "certificate") if row["learner"] == "ada")
    counts = standings(course, course.unit(ID))["ada"].row
    assert counts is not None
    digest = sha256(plain_bytes(counts)).hexdigest()
    told = {"learner": "ada", "units": [[ID, 1, digest]]}
    assert row["evidence"] == sha256(plain_bytes(told)).hexdigest()


def test_a_dry_run_writes_nothing(course: Course) -> None:
    before = sorted(path.relative_to(course.root) for path in course.root.rglob("*"))
    rows = certify(course, page, dry_run=True)
    assert states(rows) == {"ada": "would be", "bo": "not yet", "mei": "would be"}
    assert sorted(path.relative_to(course.root) for path in course.root.rglob("*")) == before
    assert [row.id for row in certify(course, page)] == [row.id for row in rows]


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it, and nothing is put in order after it."""


STEPS = ("stage", "append", "settle", "write_list")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_between_any_two_steps_goes_on(
    course: Course, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    owner: Any = ledger if step == "append" else module
    real: Callable[..., Any] = getattr(owner, step)

    def dying(*words: Any, **named: Any) -> Any:
        if when == "after":
            real(*words, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, dying)
        with pytest.raises(Killed):
            certify(course, page)
    once = {row["learner"]: row["badge"] for row in lines(course, "certificate")}
    rows = certify(course, page)
    assert states(rows)["bo"] == "not yet"
    assert set(states(rows).values()) <= {"certified", "restored", "unchanged", "not yet"}
    agree(course)
    assert {row["learner"]: row["badge"] for row in lines(course, "certificate") if row["learner"] in once} == once


def agree(course: Course) -> None:
    """Check that there is one certificate a learner, and that ledger and files agree."""
    issued = lines(course, "certificate")
    assert sorted(row["learner"] for row in issued) == ["ada", "mei"]
    assert sorted(path.name for path in course.place(FOLDER).iterdir()) == sorted(row["id"] for row in issued)
    for row in issued:
        for name, digest in row["files"].items():
            assert sha256(course.place(FOLDER, row["id"], name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", [PDF, BADGE, READABLE])
def test_a_file_that_is_gone_or_changed_comes_back_byte_for_byte(course: Course, name: str) -> None:
    key = certify(course, page)[0].id
    before = files(course)
    path = course.place(FOLDER, key, name)
    path.write_bytes(b"somebody was here")
    assert states(certify(course, page))["ada"] == "restored"
    assert files(course) == before
    path.unlink()
    assert states(certify(course, page))["ada"] == "restored"
    assert files(course) == before


def test_a_page_that_is_drawn_otherwise_today_is_named_and_the_badge_is_there(course: Course) -> None:
    key = certify(course, page)[0].id
    course.place(FOLDER, key, PDF).unlink()
    rows = certify(course, lambda facts, mark: page({**facts, "name": "other"}, mark))
    assert (rows[0].status, PDF in rows[0].message) == ("failed", True)
    assert not course.place(FOLDER, key, PDF).exists()
    assert course.place(FOLDER, key, BADGE).exists()


def test_one_page_that_cannot_be_drawn_stops_nobody(course: Course) -> None:
    def failing(facts: Any, mark: str) -> bytes:
        if facts["learner"] == "ada":
            raise DataError("ada: the font has no 𪚥.")
        return page(facts, mark)

    assert states(certify(course, failing)) == {"ada": "failed", "bo": "not yet", "mei": "certified"}
    assert [row["learner"] for row in lines(course, "certificate")] == ["mei"]


def test_what_was_revoked_is_not_certified_again_unless_it_is_asked_for(course: Course) -> None:
    first = certify(course, page)[0].id
    row = revoke(course, first[:8], "issued by mistake", by="Wang")
    assert (row["reason"], row["by"], row["certificate"]) == ("issued by mistake", "Wang", first)
    assert revoke(course, first, "twice") == row
    again = certify(course, page)
    assert (again[0].status, again[0].message) == ("revoked", "issued by mistake")
    with pytest.raises(UsageError, match="needs names"):
        certify(course, page, again=True)
    second = certify(course, page, learners=["ada"], again=True)[0]
    assert second.status == "certified"
    assert second.id != first
    assert certify(course, page)[0].id == second.id
    assert [one["id"] for one in register_of(course).of("ada", "foundation")] == [first, second.id]


@pytest.mark.parametrize(("number", "reason"), [("0000", "why"), ("", "why"), (None, ""), (None, None)])
def test_a_revocation_without_certificate_or_reason_is_refused(course: Course, number: str | None, reason: Any) -> None:
    key = certify(course, page)[0].id
    with pytest.raises(UsageError, match="allowed"):
        revoke(course, key if number is None else number, reason)
    assert lines(course, "revoked") == []


def test_what_has_changed_since_is_told_and_the_certificate_stays(course: Course) -> None:
    certify(course, page)
    before = files(course)
    write_learners(course.root / "learners.csv", {"ada": "Ada Lovelace", "bo": "Bo", "mei": "王小梅"})
    add_unit(course, SECOND)
    rows = certify(open_course(course.root), page)
    assert (rows[0].status, "Ada Lovelace" in rows[0].message) == ("doubtful", True)
    assert (rows[2].status, "Unit more" in rows[2].message) == ("doubtful", True)
    assert files(course) == before


def test_a_new_key_signs_the_next_and_the_old_one_stays_as_it_was(course: Course) -> None:
    certify(course, page)
    before = files(course)
    renew(course)
    mark(course, "bo", 1.0, attempt=2)
    rows = certify(course, page)
    assert states(rows) == {"ada": "unchanged", "bo": "certified", "mei": "unchanged"}
    after = files(course)
    assert {name: after[name] for name in before} == before
    dids = {row["learner"]: opened(row["badge"]).key.did for row in lines(course, "certificate")}
    assert dids["bo"] == issuer_of(course).public.did != dids["ada"] == dids["mei"]


@pytest.mark.parametrize(("tier", "learners"), [("basic", []), (None, ["nobody"])])
def test_an_unknown_tier_or_learner_is_refused(course: Course, tier: str | None, learners: list[str]) -> None:
    with pytest.raises(UsageError, match="allowed"):
        certify(course, page, tier=tier, learners=learners)
