"""vsim course gate, certify, verify, revoke, passport and issuer: what they say, in both languages, and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.small import vsim
from tests.course.certified import marked_course
from vsim.course.certify import FOLDER, PDF
from vsim.course.folder import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return marked_course(tmp_path, {"mei": 0.9, "bo": 0.2}, language="zh_CN")


def test_from_the_gate_to_a_certificate_that_is_verified_and_revoked(course: Course, tmp_path: Path) -> None:
    here = ("-C", course.root, "--lang", "en")
    said = vsim("course", "gate", "bo", *here)
    assert (said.code, "Foundation" in said.out) == (0, True)
    waiver = ("--waive", "practitioner", "--learner", "bo", "--reason", "urgent duty")
    tiers = json.loads(vsim("course", "gate", *waiver, *here, "--json").out)["bo"]
    assert tiers[0]["missing"] == ["A small unit: 20 % of the points; 60 % are needed"]
    assert (tiers[1]["open"], "urgent duty" in tiers[1]["why"]) == (True, True)

    rows = json.loads(vsim("course", "certify", "--json", "--out", tmp_path / "sent", *here).out)
    assert [path.name for path in (tmp_path / "sent").iterdir()] == ["mei-foundation.pdf"]
    key = next(row["id"] for row in rows if row["learner"] == "mei")
    assert {row["learner"]: row["status"] for row in rows} == {"ada": "not yet", "bo": "not yet", "mei": "certified"}
    file, keys = course.place(FOLDER, key, PDF), tmp_path / "issuer.json"
    assert vsim("course", "issuer", "--out", keys, *here).code == 0
    assert vsim("course", "issuer", "--out", keys, *here).code == 1                # nothing is written over

    elsewhere = ("-C", tmp_path, "--lang", "en")
    assert vsim("course", "verify", file, *here).out.startswith("VALID")
    said = vsim("course", "verify", file, *elsewhere, "--key", keys, "--name", "王小梅", "--lang", "zh")
    assert (said.code, said.out.startswith("有效")) == (0, True)
    assert "与此相符" in said.out
    assert vsim("course", "verify", file, *elsewhere, "--key", keys, "--name", "Bo").code == 1
    said = vsim("course", "verify", file, *elsewhere)
    assert (said.code, said.out.startswith("UNKNOWN KEY")) == (1, True)
    (tmp_path / "forged.pdf").write_bytes(file.read_bytes().replace(b" Td <", b" Td  <", 1))
    said = vsim("course", "verify", tmp_path / "forged.pdf", *here, "--json")
    assert (said.code, json.loads(said.out)["says"], json.loads(said.out)["part"]) == (1, "forged", "page")
    said = vsim("course", "verify", keys, *here)
    assert (said.code, said.out.startswith("NOT A CERTIFICATE")) == (1, True)
    assert vsim("course", "verify", tmp_path / "nothing.pdf", *here).code == 2

    assert vsim("course", "revoke", key[:8], *here).code == 2                       # no reason
    assert vsim("course", "revoke", key[:8], "--reason", "issued by mistake", *here).code == 0
    for where in (here, (*elsewhere, "--key", keys, "--revoked", course.place("revoked.jwt"))):
        said = vsim("course", "verify", file, *where)
        assert (said.code, said.out.startswith("REVOKED"), "issued by mistake" in said.out) == (1, True, True)


def test_a_passport_is_written_and_printed(course: Course) -> None:
    said = vsim("course", "passport", "mei", "-C", course.root, "--json")
    assert [one["key"] for one in json.loads(said.out)["competencies"]] == ["registers"]
    assert vsim("course", "passport", "mei", "-C", course.root, "-q").code == 0
    page = course.place("passports", "mei", "passport.html")
    assert vsim("course", "verify", page, "-C", course.root, "--lang", "en").out.startswith("VALID")
    assert vsim("course", "passport", "bo", "-C", course.root, "--lang", "en").code == 1


@pytest.mark.parametrize(("words", "nearest"), [
    (("gate", "mee"), "mei"), (("gate", "--waive", "practitioner"), "--learner"),
    (("certify", "--tier", "lead"), "leader"), (("certify", "--again"), "names"),
    (("passport", "mee"), "mei"), (("revoke", "00", "--reason", "x"), "nothing"),
])
def test_what_cannot_be_done_is_said_in_one_line(course: Course, words: tuple[str, ...], nearest: str) -> None:
    said = vsim("course", *words, "-C", course.root, "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert nearest in said.err
