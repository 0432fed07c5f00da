"""The passport of competencies: what one learner has shown, by which unit, with what share, when; signed like a badge.

A competency is shown by a unit that meets what its tier asks (`gate`); a waived unit shows nothing. The passport dates
from the last marking that it rests on, so that it has the same bytes until something new is marked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from vsim.course.badge import envelope, number, page_sum
from vsim.course.badge_html import filled
from vsim.course.badge_jws import plain_bytes, signed
from vsim.course.badge_keys import issuer_of, keyed
from vsim.course.certify_facts import known_competencies, unit_facts
from vsim.course.certify_ledger import register_of
from vsim.course.folder import Course
from vsim.course.gate import Gates, gates, known_learners
from vsim.course.syllabus import TIERS
from vsim.course.words import Words, t
from vsim.course.writing import write_whole
from vsim.errors import VsimError

FOLDER = "passports"
PAGE, JWT, READABLE = "passport.html", "passport.jwt", "passport.json"
TYPE = "CompetencyPassport"
CONTEXT = {"@vocab": "urn:vsim:terms#"}
LANGS = ("en", "zh_CN")
Draw = Callable[[Mapping[str, Any], str], str]


def passport_facts(found: Gates, learner: str) -> dict[str, Any]:
    """Return what a passport says, titles in both languages.

    Parameters
    ----------
    found : Gates
    learner : str

    Raises
    ------
    VsimError
        When the learner has shown nothing yet.
    """
    course, states = found.course, found.of(learner)
    held = register_of(course)
    issued = {row["tier"]: row["id"] for row in held.issued.values()
              if row["learner"] == learner and row["id"] not in held.revoked}
    units: dict[str, dict[str, Any]] = {}
    for state in states:
        both = [{one["unit"]: one for one in unit_facts(found, state, lang)} for lang in LANGS]
        for name, unit in both[0].items():
            if not unit["waived"]:
                units[name] = {**unit, "title": _both(unit["title"], both[1][name]["title"])}
    if not units:
        raise VsimError(f"{learner}: has shown no competency yet; allowed a learner with a unit that meets its tier. "
                        f"See vsim course gate {learner}.")
    known = known_competencies(found)
    shown: dict[str, list[str]] = {}
    for name, unit in units.items():
        for key in unit["competencies"]:
            shown.setdefault(key, []).append(name)
    order = [key for key in known if key in shown] + [key for key in shown if key not in known]
    rule = found.rules.said.tiers
    facts: dict[str, Any] = {
        "course": course.name, "cohort": course.settings.cohort, "learner": learner, "name": course.learners[learner],
        "issuer": course.settings.issuer or course.settings.cohort or course.name,
        "issued": max(str(_row(found, learner, name)["time"]) for name in units),
        "competencies": [_competency(key, known.get(key), shown[key]) for key in order],
        "units": units,
        "tiers": [{"tier": state.tier, "title": _both(rule[state.tier].title.en, rule[state.tier].title.zh),
                   "passed": state.passed, "mean": None if state.mean is None else round(state.mean, 6),
                   "certificate": issued.get(state.tier)} for state in states],
    }
    facts["id"] = number(keyed(course, "passport", learner, sha256(plain_bytes(facts)).hexdigest()))
    return facts


def _row(found: Gates, learner: str, unit: str) -> Mapping[str, Any]:
    row = found.marks[unit][learner].row
    assert row is not None
    return row


def _both(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh_CN": chinese}


def _competency(key: str, known: Any, units: list[str]) -> dict[str, Any]:
    """Return a competency with the units that show it; one that no list knows is called by its key."""
    if known is None:
        return {"key": key, "title": _both(key, key), "tier": TIERS[0], "shows": _both("", ""), "units": units}
    return {"key": key, "title": _both(known.title.en, known.title.zh), "tier": known.tier,
            "shows": _both(known.shows.en, known.shows.zh), "units": units}


def passport_payload(course: Course, facts: Mapping[str, Any], did: str, page: str) -> dict[str, Any]:
    """Return the content that is signed: no name, salted hashes as in a badge."""
    made = envelope(course, facts, did, page)
    lang = course.settings.language
    evidence = {name: {"unit": name, "name": unit["title"][lang], "share": unit["share"], "attempt": unit["attempt"],
                       "marked": unit["marked"], "ledger": f"sha256:{unit['row']}"}
                for name, unit in facts["units"].items()}
    made["@context"] = [*made["@context"], CONTEXT]
    made["type"] = [made["type"][0], TYPE]
    made["name"] = Words(lang)(t("Passport of competencies"))
    made["credentialSubject"] |= {
        "type": ["CompetencyHolder"],
        "competency": [{"key": one["key"], "name": one["title"][lang], "tier": one["tier"],
                        "shownBy": [evidence[name] for name in one["units"]]} for one in facts["competencies"]],
        "tier": [{"key": one["tier"], "name": one["title"][lang], "passed": one["passed"],
                  "certificate": one["certificate"]} for one in facts["tiers"]],
    }
    return made


def passport(course: Course, learner: str, draw: Draw) -> dict[str, bytes]:
    """Return the files of a learner's passport by name: page, statement, and the statement to be read.

    Parameters
    ----------
    course : Course
    learner : str
    draw : callable
        From facts and the key's fingerprint to a page with an empty place for its badge.

    Raises
    ------
    UsageError
        When the learner is not on the roster.
    VsimError
        When nothing was shown yet.
    """
    known_learners(course, [learner])
    facts, issuer = passport_facts(gates(course), learner), issuer_of(course)
    page = draw(facts, issuer.public.fingerprint)
    payload = passport_payload(course, facts, issuer.public.did, page_sum(page.encode()))
    text = signed(issuer, payload)
    readable = json.dumps({"jwt": text, "credential": payload}, ensure_ascii=False, indent=1) + "\n"
    return {PAGE: filled(page, text), JWT: (text + "\n").encode("ascii"), READABLE: readable.encode()}


def write_passport(course: Course, learner: str, draw: Draw) -> list[str]:
    """Write a learner's passport into the course folder and return the names of the files that are new or changed."""
    files = {course.place(FOLDER, learner, name): content for name, content in passport(course, learner, draw).items()}
    new = {path: content for path, content in files.items() if not path.is_file() or path.read_bytes() != content}
    write_whole(new)
    return sorted(path.name for path in new)
