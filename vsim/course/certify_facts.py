"""What a certificate says of a learner: tier, units with their shares, hours, points, band, criteria, and the evidence.

Everything is worked out from the gates, that is from the ledger, the roster and the curriculum; the facts are plain
values in the course's language, and go into the ledger as they stand, so that the same certificate can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from vsim.course.badge import same_name
from vsim.course.badge_jws import plain_bytes
from vsim.course.calendar_dates import clock_of
from vsim.course.competencies import Competency, competencies_of
from vsim.course.editions import translations_of
from vsim.course.gate import Gates, TierState
from vsim.course.gate_rules import TierRule
from vsim.course.gate_words import percent
from vsim.course.unit import Unit
from vsim.course.words import Said, Words, t
from vsim.errors import UsageError

MINUTES = 60


def facts_of(gates: Gates, state: TierState, key: str, issued: datetime) -> dict[str, Any]:
    """Return the facts of a certificate.

    Parameters
    ----------
    gates : Gates
    state : TierState
        Of a tier that is passed.
    key : str
        Number of the certificate.
    issued : datetime
        Aware.
    """
    course, lang = gates.course, gates.course.settings.language
    words = Words(lang)
    rule, units = gates.rules.said.tiers[state.tier], unit_facts(gates, state, lang)
    marked = [unit for unit in units if not unit["waived"]]
    hours = round(sum(unit["minutes"] for unit in marked) / MINUTES, 2)
    tier = rule.title.get(lang)
    title = words(Said(t("Volunteer service, tier {tier}"), {"tier": tier}))
    evidence = {"learner": state.learner, "units": [[unit["unit"], unit["attempt"], unit["row"]] for unit in marked]}
    return {
        "id": key, "course": course.name, "cohort": course.settings.cohort, "lang": lang,
        "learner": state.learner, "name": same_name(course.learners[state.learner]),
        "issuer": course.settings.issuer or course.settings.cohort or course.name,
        "issued": issued.astimezone(UTC).isoformat(timespec="seconds"),
        "day": issued.astimezone(clock_of(course.settings.utc_offset)).date().isoformat(),
        "tier": state.tier, "tier_title": tier, "title": title, "units": units, "hours": hours,
        "points": round(sum(unit["earned"] for unit in marked), 2),
        "of": round(sum(unit["points"] for unit in marked), 2),
        "mean": None if state.mean is None else round(state.mean, 6),
        "band": None if state.mean is None else gates.rules.said.band(state.mean).get(lang),
        "competencies": _competencies(gates, state, lang),
        "criteria": criteria_text(rule, len(gates.units[state.tier]), words),
        "description": _description(course.name, tier, rule, hours, len(marked), words, lang),
        "evidence": sha256(plain_bytes(evidence)).hexdigest(),
        "evidence_name": words(t("Marks of the units in the ledger of the course")),
        "evidence_narrative": words(t("SHA-256 of the learner, and of each unit with its attempt and its line in the "
                                      "ledger; the issuer keeps the ledger and can show it.")),
        "words": {"mean": words(t("Mean of the units")), "band": words(t("Result of the tier")),
                  "points": words(t("Points earned")),
                  "hours": words(t("Course hours, by the syllabus"))},
        "rules": gates.rules.sha256,
    }


def unit_facts(gates: Gates, state: TierState, lang: str) -> list[dict[str, Any]]:
    """Return what a tier's units show of a learner, those that count."""
    released = {unit.id: unit for unit in gates.units[state.tier]}
    return [_unit(released[one.unit], gates, state.learner, one.state == "waived", lang)
            for one in state.units if one.met]


def _unit(unit: Unit, gates: Gates, learner: str, waived: bool, lang: str) -> dict[str, Any]:
    standing = gates.marks[unit.id].get(learner)
    title = unit.source.syllabus.title
    said: dict[str, Any] = {
        "unit": unit.id, "title": translations_of(unit.source, lang).known.get(title, title), "waived": waived,
        "minutes": unit.source.syllabus.minutes, "competencies": list(unit.source.syllabus.competencies),
    }
    if waived or standing is None or standing.row is None:
        return {**said, "earned": None, "points": None, "share": None, "attempt": None, "row": None}
    return {**said, "earned": round(standing.earned, 4), "points": round(standing.points, 4),
            "share": round(standing.share, 6), "attempt": standing.attempt,
            "row": sha256(plain_bytes(standing.row)).hexdigest(), "marked": _day(str(standing.row["time"]), gates)}


def _day(moment: str, gates: Gates) -> str:
    """Return the day of a moment on the course's clock."""
    return datetime.fromisoformat(moment).astimezone(clock_of(gates.course.settings.utc_offset)).date().isoformat()


def _competencies(gates: Gates, state: TierState, lang: str) -> dict[str, str]:
    """Return the competencies that the units show, by key with their titles."""
    released = {unit.id: unit for unit in gates.units[state.tier]}
    keys = dict.fromkeys(key for one in state.units if one.state == "met"
                         for key in released[one.unit].source.syllabus.competencies)
    known = known_competencies(gates)
    return {key: known[key].title.get(lang) if key in known else key for key in keys}


def known_competencies(gates: Gates) -> Mapping[str, Competency]:
    """Return the competencies that a course knows; none where it has no list, then keys stand for titles."""
    try:
        return competencies_of(gates.course)
    except UsageError:
        return {}


def criteria_text(rule: TierRule, released: int, words: Words) -> str:
    """Return what a tier asks, in a sentence or two."""
    values = {"n": released if rule.units == "all" else rule.units, "released": released,
              "share": percent(rule.least_share, needed=True), "mean": percent(rule.least_mean, needed=True)}
    if rule.units == "all":
        text = words(Said(t("Every graded unit that the course released ({n}), each with at least {share} % of its "
                            "points, and {mean} % on average."), values))
    else:
        text = words(Said(t("{n} of the {released} graded units that the course released, each with at least {share} % "
                            "of its points, and {mean} % on average."), values))
    own = words(t("Each learner worked on data of their own; the answers were recomputed outside the learner's "
                  "program."))
    return f"{text} {own}" if words.lang == "en" else f"{text}{own}"


def _description(course: str, tier: str, rule: TierRule, hours: float, units: int, words: Words, lang: str) -> str:
    return words(Said(t("{tier}, for {audience}, in the course {course}. Graded units: {units}; course hours by the "
                        "syllabus: {hours}."),
                      {"tier": tier, "audience": rule.audience.get(lang), "course": course, "units": units,
                       "hours": f"{hours:g}"}))


def differs(row: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
    """Return what has changed since a certificate was issued: the learner's name on the roster, or the learner left."""
    learner = str(row["learner"])
    if learner not in names:
        return (f"{learner} is no longer on the roster",)
    now = same_name(names[learner])
    return () if now == row["name"] else (now,)
