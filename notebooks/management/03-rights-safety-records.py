"""Checks of the lesson "Before the first shift": papers, cases, danger by risk, data, a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vsim.course import Choice, Criterion, Number, Table, Task, marking, t
from vsim.course.marking import Slip
from vsim.course.words import Said
from vsim.errors import UsageError

ARTICLES = ("12", "14", "15", "16", "17", "19", "20", "21", "22", "25")
SORTS = ("ask", "apart", "no")
RATE = 0.051                                     # half of a tenth, so that a rate rounded to one decimal is right
SHARE = 0.0051                                   # the same for a share between 0 and 1
SCALE = 10_000                                   # hours of service to which incidents are related
CASES = {
    "case_1": ("12", t("Case 1, the notice")), "case_2": ("15", t("Case 2, the sandbags")),
    "case_3": ("16", t("Case 3, the brush cutter")), "case_4": ("17", t("Case 4, the insurance")),
    "case_5": ("20", t("Case 5, the list")), "case_6": ("22", t("Case 6, the hour of waiting")),
    "case_7": ("25", t("Case 7, the bonus")),
}
FIELDS = {
    "telephone": ("ask", t("Telephone")), "skills": ("ask", t("Skills")), "free_days": ("ask", t("Free days")),
    "face_picture_for_check_in": ("apart", t("Face picture for check-in")),
    "health_notes": ("apart", t("Health notes")),
    "track_of_the_telephone": ("apart", t("Track of the telephone")),
    "income_of_the_household": ("no", t("Income of the household")),
    "name_of_a_pupil_of_12": ("apart", t("Name of a pupil of 12")),
}


@dataclass(frozen=True)
class Truth:
    """What is true of the learner's district, of incidents by risk, and of one volunteer's records."""

    place: str
    sent_here: int
    told: int
    insured: int
    ready: int
    either: int
    city_told: int
    city_ready: int
    by_risk: pd.DataFrame = field(repr=False)
    certified: float
    with_group: float
    verified_all: float
    everything: float


def truth(tables: Mapping[str, Any]) -> Truth:
    """Return the truth about the tables that the lesson hands over."""
    sent, place, own = tables["sent"], tables["district"], tables["own"]
    insured = sent["registered_on"] <= tables["policy_day"]
    here = sent["district"] == place
    if not here.any():
        names = sorted(sent["district"].unique())
        raise UsageError(f"district is '{place}'; allowed {names[0]} to {names[-1]}. Change it in the cell of "
                         "parameters.")
    hours = tables["exposure"].groupby("risk")[["hours", "attendances"]].sum()
    frame = hours.assign(incidents=tables["incident_log"]["risk"].value_counts()).fillna(0)
    frame["rate"] = SCALE * frame["incidents"] / frame["hours"]
    verified, mine = own["verify_state"] == "verified", own["org_id"] == tables["group"]
    return Truth(
        place, int(here.sum()), int(sent["told"][here].sum()), int(insured[here].sum()),
        int((sent["told"] & insured)[here].sum()), int((sent["told"] | insured)[here].sum()), int(sent["told"].sum()),
        int((sent["told"] & insured).sum()), frame, float(own["hours"][verified & mine].sum()),
        float(own["hours"][mine].sum()), float(own["hours"][verified].sum()), float(own["hours"].sum()))


def _differing(slips: list[Slip], right: float) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if slip.value != right]


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """One district: told, ready, and the rate."""
    share = found.ready / found.sent_here
    if abs(given.get("ready_rate", -1.0) - share) <= SHARE:
        rate = Criterion(t("Ready for each 100 who were sent"), 0.5, 1.0, t(
            "This is a share between 0 and 1. Times 100, it says how many for each 100."), "share-not-per-100")
    else:
        rate = marking.number(given, "ready_rate", 100 * share, t("Ready for each 100 who were sent"), tolerance=RATE,
                              slips=_differing([
            Slip(100 * found.told / found.sent_here, "one-paper", t(
                "The numerator counts who was told. Ready is who was told and insured.")),
            Slip(100 * found.insured / found.sent_here, "one-paper", t(
                "The numerator counts who was insured. Ready is who was told and insured.")),
            Slip(100 * found.ready / found.told, "wrong-denominator", t(
                "The denominator is those who were told. Take all who were sent: the rows of `here`.")),
        ], 100 * share))
    return [
        marking.number(given, "told_here", found.told, t("Told the risk, in the district"), slips=_differing([
            Slip(found.sent_here, "rows-not-true", t("These are all rows. Count those where `told` is true.")),
            Slip(found.city_told, "whole-city", t("This is the whole city. `here` has the rows of the district.")),
            Slip(found.ready, "both-not-one", t("These were told and insured. The first gap asks only for told.")),
        ], found.told)),
        marking.number(given, "ready_here", found.ready, t("Told and insured, in the district"), slips=_differing([
            Slip(found.either, "or-not-and", t("These were told or insured. Both are needed: `&`, not `|`.")),
            Slip(found.insured, "one-paper", t("These were insured. Ask in the same row whether they were told.")),
            Slip(found.told, "one-paper", t("These were told. Ask in the same row whether they were insured.")),
            Slip(found.city_ready, "whole-city", t("This is the whole city. `here` has the rows of the district.")),
        ], found.ready)),
        rate,
    ]


NEAR = {
    "case_1": [("16", t("Training comes later. What was missing when people were asked to come?")),
               ("14", t("An agreement may fix safety. But here the notice itself kept the risk back."))],
    "case_2": [("17", t("Insurance would not lift the bags. Does the task fit the man?")),
               ("16", t("No special skill is needed. Look for age and body."))],
    "case_3": [("15", t("Near: she cannot do it yet. For special skill there is an article of its own.")),
               ("12", t("She may know the risk well. What must come before the work?"))],
    "case_4": [("14", t("The agreement may say so, but one article names insurance itself."))],
    "case_5": [("21", t("Near: that article protects those served. Whose data are given away here?"))],
    "case_6": [("14", t("The agreement may fix how early. The duty to tell in time stands in an article of its own.")),
               ("25", t("He may say no. But he has to say it."))],
    "case_7": [("22", t("That article is about keeping a promise. Was this one given freely?")),
               ("21", t("Nobody takes pay from those served here. Who is forced?"))],
}


def _near(given: dict[str, Any], name: str, right: int, label: str, slips: list[Slip]) -> Criterion:
    """Judge a choice of many options; one that no slip explains gets a word of its own."""
    found = marking.choice(given, name, right, label, slips=slips)
    return Criterion(found.label, found.credit, found.weight, t("Look for the word in the table that fits the case."),
                     found.slip) if found.slip == "other" else found


def q2(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Seven cases and the article of each."""
    return [_near(given, name, ARTICLES.index(article), label,
                  [Slip(ARTICLES.index(other), f"article-{other}", reason) for other, reason in NEAR[name]])
            for name, (article, label) in CASES.items()]


def _column(given: dict[str, Any], column: str, label: str, right: pd.Series, tolerance: float,
            slips: list[tuple[dict[str, float], Slip]]) -> Criterion:
    """Judge one column of the table by its rows; an empty one is not wrong, it is missing."""
    if "by_risk" in given and not any(column in row for row in given["by_risk"].values()):
        empty = Said("The column {column} is still empty.", {"column": column})
        return Criterion(label, 0.0, 1.0, empty, "no-answer-yet")
    return marking.rows(given, "by_risk", right.to_dict(), column, label, tolerance=tolerance, slips=slips)


def q3(given: dict[str, Any], found: Truth) -> list[Criterion]:
    """Incidents and their rate by risk."""
    frame = found.by_risk
    return [
        _column(given, "incidents", t("Incidents of each risk"), frame["incidents"], 0.0, []),
        _column(given, "rate", t("Incidents for each 10,000 hours"), frame["rate"], RATE, [
            ((frame["rate"] / 10).to_dict(), Slip(0, "per-1000", t(
                "These are incidents for each 1,000 hours. The table asks for each 10,000."), 0.5)),
            ((SCALE * frame["incidents"] / frame["attendances"]).to_dict(), Slip(0, "per-attendance", t(
                "The denominator is attendances. Take the hours."))),
            ((100 * frame["incidents"] / frame["incidents"].sum()).to_dict(), Slip(0, "share-of-incidents", t(
                "This is each risk's share of all incidents. It says nothing of how dangerous an hour is."))),
            ((SCALE * frame["incidents"] / frame["hours"].sum()).to_dict(), Slip(0, "all-hours", t(
                "The denominator is the hours of all risks together. Take the hours of the same row."))),
        ]),
    ]


def q4(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Eight fields of a form, sorted."""
    ask, apart, out = range(3)
    why = {
        ("ask", apart): t("This is not sensitive in the sense of article 28. Registration names it."),
        ("ask", out): t("Registration names it: identity, skills, time, contact."),
        ("apart", ask): t(
            "This is sensitive (PIPL, article 28): biometric, health, location, or a child under 14."),
        ("apart", out): t(
            "Often the best choice, but the question is how it would have to be asked: it is sensitive."),
        ("no", ask): t("Registration does not name it. Which purpose would it serve?"),
        ("no", apart): t("Separate consent is for sensitive data. Here there is no purpose at all."),
    }
    return [marking.choice(given, name, SORTS.index(sort), label, slips=[
        Slip(place, f"{sort}-wrong", why[sort, place]) for place in range(3) if (sort, place) in why])
        for name, (sort, label) in FIELDS.items()]


def q5(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Hours that a group may certify, and what it may charge."""
    return [
        marking.number(given, "certified_hours", found.certified, t("Hours that the group may certify"),
                       slips=_differing([
            Slip(found.with_group, "unverified-too", t("Some of these records are not verified. Leave them out.")),
            Slip(found.verified_all, "others-too", t(
                "These are verified, but another group recorded some of them. Who records, certifies.")),
            Slip(found.everything, "all-records", t("These are all records. Take the verified ones of this group.")),
        ], found.certified)),
        marking.number(given, "fee", 0, t("What the certificate costs"), otherwise=t(
            "Records and certificates are free of charge (article 19).")),
    ]


PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
TASKS = (
    Task("q1", t("The papers of one district"), 3, (
        Number("told_here", **PEOPLE), Number("ready_here", **PEOPLE),
        Number("ready_rate", unit=t("for each 100"), low=0)), q1,
        hints=(
            t("A column of true and false can be summed: here[\"told\"].sum()."),
            t("Both at once, row by row: (here[\"told\"] & here[\"insured\"]).sum(). Mind the brackets."),
            t("The denominator is everybody who was sent here: len(here). Times 100.")),
        solution=t("Count the rows in which told is true; then those in which both are true; then divide by all rows."),
        code="told_here = here[\"told\"].sum()\n"
             "ready_here = (here[\"told\"] & here[\"insured\"]).sum()\n"
             "ready_rate = 100 * ready_here / len(here)"),
    Task("q2", t("Seven cases, seven articles"), 7, tuple(
        Choice(name, ARTICLES, lettered=False) for name in CASES), q2,
        hints=(
            t("Ask of each case: when does it happen? When people are asked, when they are sent, on duty, or after?"),
            t("Each case has another article. Cases 1 to 4 happen before the work, 6 on the day."),
            t("12 told, 15 fit, 16 trained, 17 insured, 20 kept private, 22 tells in time, 25 free.")),
        solution=t("Case 1: 12, the risk was kept back. Case 2: 15, the task does not fit. Case 3: 16, training first. "
                   "Case 4: 17, insurance before. Case 5: 20, disclosed without consent. Case 6: 22, told nobody. "
                   "Case 7: 25, forced."),
        code="\n".join(f"{name} = \"{article}\"" for name, (article, _) in CASES.items())),
    Task("q3", t("Where is the danger?"), 3, (Table("by_risk", "risk", ("incidents", "rate")),), q3,
        hints=(
            t("`counts` has the number of incidents of each risk; map puts it beside the hours."),
            t("by_risk[\"risk\"].map(counts)"),
            t("Incidents divided by the hours of the same row, times 10,000.")),
        solution=t("Put the incidents beside the hours of the same risk, divide row by row, and multiply by 10,000. "
                   "Low risk has by far the most hours; high risk has by far the highest rate."),
        code="by_risk[\"incidents\"] = by_risk[\"risk\"].map(counts)\n"
             "by_risk[\"rate\"] = 10_000 * by_risk[\"incidents\"] / by_risk[\"hours\"]"),
    Task("q4", t("Eight fields of a form"), 4, tuple(Choice(name, SORTS, lettered=False) for name in FIELDS), q4,
        hints=(
            t("First: does registration name it (identity, skills, time, contact)? Then ask."),
            t("Then: is it biometric, health, location, or of a child under 14? Then apart. Else no.")),
        solution=t("Registration names telephone, skills and free days. Face, health, location and a child's name are "
                   "sensitive: only if needed, and with separate consent (for a child, look up who may give it). "
                   "For the income there is no purpose."),
        code="\n".join(f"{name} = \"{sort}\"" for name, (sort, _) in FIELDS.items())),
    Task("q5", t("A certificate that holds"), 2, (
        Number("certified_hours", unit=t("hours"), low=0), Number("fee", unit=t("yuan"), low=0)), q5,
        hints=(
            t("`with_group` has the records of the group. Which of them are verified?"),
            t("with_group[with_group[\"verify_state\"] == \"verified\"][\"hours\"].sum()"),
            t("What the fee may be stands in one word of article 19.")),
        solution=t("The group certifies what it recorded and what is verified, and takes nothing for it."),
        code="checked_rows = with_group[with_group[\"verify_state\"] == \"verified\"]\n"
             "certified_hours = checked_rows[\"hours\"].sum()\n"
             "fee = 0"),
)
