"""The passport: competencies with their evidence, signed; a page in both languages of which no byte can be changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.course.certified import SECOND, add_unit, mark, marked_course
from tests.course.small_course import ID
from vsim.course.badge import is_about
from vsim.course.badge_jws import opened
from vsim.course.badge_keys import public_keys
from vsim.course.certify_verify import Trust, verify
from vsim.course.folder import Course
from vsim.course.gate import gates
from vsim.course.gate_waivers import waive
from vsim.course.passport import JWT, PAGE, READABLE, passport, passport_facts, write_passport
from vsim.errors import UsageError, VsimError
from vsim.report.passport_page import passport_page


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = marked_course(tmp_path, {"mei": 0.75, "bo": 0.2}, language="zh_CN")
    add_unit(made, SECOND)
    waive(made, "mei", SECOND, "shown elsewhere")
    return made


def test_it_says_what_was_shown_by_which_unit_with_what_share_and_when(course: Course) -> None:
    facts = passport_facts(gates(course), "mei")
    assert [(one["key"], one["units"]) for one in facts["competencies"]] == [("registers", [ID])]
    assert set(facts["units"]) == {ID}                                       # what was waived shows nothing
    assert facts["units"][ID]["share"] == pytest.approx(0.75)
    assert [one["passed"] for one in facts["tiers"]] == [True, False, False]
    said = opened(passport(course, "mei", passport_page)[JWT].decode()).payload
    shown = said["credentialSubject"]["competency"]
    assert [(one["name"], one["shownBy"][0]["share"]) for one in shown] == [("读懂登记册", 0.75)]
    assert is_about(said, "name", "王小梅")
    assert "王小梅" not in json.dumps(said, ensure_ascii=False)


@pytest.mark.slow
def test_it_is_the_same_until_something_new_is_marked(course: Course) -> None:
    assert write_passport(course, "mei", passport_page) == sorted([PAGE, JWT, READABLE])
    assert write_passport(course, "mei", passport_page) == []
    mark(course, "mei", 0.9, SECOND)
    assert write_passport(course, "mei", passport_page) == sorted([PAGE, JWT, READABLE])


def test_page_statement_and_readable_text_are_verified_and_no_byte_can_be_changed(course: Course) -> None:
    files, trust = passport(course, "mei", passport_page), Trust(public_keys(course))
    assert {name: (verify(raw, trust).says, verify(raw, trust).bound) for name, raw in files.items()} == {
        PAGE: ("valid", True), JWT: ("valid", False), READABLE: ("valid", False)}
    for before, after in ((b"75 %", b"95 %"), ("王小梅".encode(), "王小美".encode()), (b"</body>", b"<p></p></body>")):
        found = verify(files[PAGE].replace(before, after), trust)
        assert (found.says, found.part) == ("forged", "page"), before
    twice = files[PAGE].replace(b"</head>", b'<meta name="openbadgecredential" content="a.b.c"></head>')
    assert verify(twice, trust).says == "not a certificate"


def test_a_name_cannot_put_anything_into_the_page(tmp_path: Path) -> None:
    evil = '"><meta name="openbadgecredential" content="x"><script>alert(1)</script>[a](//b)'
    written = evil.replace('"', '""')
    course = marked_course(tmp_path, {"mei": 0.9}, cast=f'learner,name\nmei,"{written}"\n')
    page = passport(course, "mei", passport_page)[PAGE]
    assert verify(page, Trust(public_keys(course))).says == "valid"
    assert b"<script>alert" not in page
    assert b'href="//b"' not in page


def test_who_has_shown_nothing_or_is_nobody_gets_none(course: Course) -> None:
    with pytest.raises(VsimError, match="has shown no competency yet"):
        passport(course, "bo", passport_page)
    with pytest.raises(UsageError, match="allowed"):
        passport(course, "nobody", passport_page)
