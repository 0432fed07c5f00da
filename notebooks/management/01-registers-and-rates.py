"""Checks of the lesson "Registered is not active": one district, three denominators, a decision, a cleaned register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vsim.course import Choice, Criterion, Number, Table, Task, marking, t
from vsim.course.marking import Slip
from vsim.course.words import Said
from vsim.errors import UsageError

YEAR = pd.Timedelta(weeks=52)
RATE = 0.051                                     # half of a tenth, so that a rate rounded to one decimal is right
LETTERS = ("A", "B", "C")
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 41))


@dataclass(frozen=True)
class Truth:
    """What is true of the district that the learner counts, and of all districts."""

    place: str
    ever: int
    city_registered: int
    city_active: int
    by_district: pd.DataFrame = field(repr=False)

    @property
    def here(self) -> pd.Series:
        """The counts of the learner's district."""
        return self.by_district.loc[self.place]


def truth(tables: Mapping[str, Any]) -> Truth:
    """Return the truth about the registers, with the lesson's last day and district among the tables."""
    districts, volunteers, records = (tables[name] for name in ("districts", "volunteers", "service_records"))
    recent = records[records["date"] > tables["last_day"] - YEAR]
    home = volunteers.set_index("volunteer_id")["district"]
    frame = pd.DataFrame({
        "residents": districts.set_index("district")["residents"],
        "registered": volunteers.groupby("district").size(),
        "active": pd.Series(recent["volunteer_id"].unique()).map(home).value_counts(),
        "records": recent["volunteer_id"].map(home).value_counts(),
    }).fillna(0).astype(int)
    frame["rate"] = 100 * frame["active"] / frame["registered"]
    if tables["district"] not in frame.index:
        raise UsageError(f"district is '{tables['district']}'; allowed {frame.index[0]} to {frame.index[-1]}. "
                         "Change it in the cell of parameters.")
    ever = records["volunteer_id"].drop_duplicates().map(home).value_counts().get(tables["district"], 0)
    return Truth(tables["district"], int(ever), len(volunteers), recent["volunteer_id"].nunique(), frame)


def _differing(slips: list[Slip], right: float) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if slip.value != right]


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """One district: registered, active, and the rate."""
    here = found.here
    registered, active, records = int(here["registered"]), int(here["active"]), int(here["records"])
    share = active / registered
    if abs(given.get("rate_here", -1.0) - share) <= 0.0051:
        rate = Criterion(t("Active for each 100 registered"), 0.5, 1.0, t(
            "This is a share between 0 and 1. Times 100, it says how many for each 100."), "share-not-per-100")
    else:
        rate = marking.number(given, "rate_here", 100 * share, t(
            "Active for each 100 registered"), tolerance=RATE, slips=[
            Slip(100 / share if share else 0.0, "upside-down", t(
                "Numerator and denominator have changed places. The smaller group goes on top.")),
            Slip(100 * active / int(here["residents"]), "wrong-denominator", t(
                "The denominator is the residents. The question is about each 100 registered.")),
            Slip(100 * records / registered, "records-not-people", t(
                "The numerator counts records. Count each person once.")),
            Slip(100 * found.ever / registered, "no-window", t(
                "The numerator counts everybody who ever served. Take the last 52 weeks only.")),
            Slip(100 * found.city_active / found.city_registered, "whole-city", t(
                "This is the rate of the whole city. Take the people of the district.")),
        ])
    return [
        marking.number(given, "registered_here", registered, t(
            "Registered volunteers of the district"), slips=_differing([
            Slip(found.city_registered, "whole-city", t(
                "These are the registered of the whole city. `here` has those of the district.")),
            Slip(int(here["residents"]), "residents", t(
                "These are the residents. Not everybody who could register has done so.")),
            Slip(records, "records-not-people", t("These are records. Count the rows of `here`.")),
        ], registered)),
        marking.number(given, "active_here", active, t("Active people of the district"), slips=_differing([
            Slip(records, "records-not-people", t(
                "These are records. One person can have many: count each volunteer once.")),
            Slip(found.ever, "no-window", t(
                "These people have a record at any time. `recent_here` has only the last 52 weeks.")),
            Slip(found.city_active, "whole-city", t(
                "These are the active people of the whole city. `recent_here` has those of the district.")),
            Slip(registered, "registered-is-active", t(
                "These are the registered. Most of them have no record in the last 52 weeks.")),
        ], active)),
        rate,
    ]


def q2(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Three questions, three denominators."""
    a, b, c = range(3)
    return [
        marking.choice(given, "mayor", c, t("The mayor's question"), slips=[
            Slip(a, "registered-is-active", t("Rate A counts those who signed up. The mayor asks who volunteered.")),
            Slip(b, "wrong-denominator", t(
                "The numerator is right. But the mayor asks about all residents, not only about the registered."))]),
        marking.choice(given, "recruiting", a, t("The question of the head of recruiting"), slips=[
            Slip(b, "used-not-signed-up", t(
                "Rate B says how far the register is used. The question is how far sign-up has come.")),
            Slip(c, "active-not-registered", t(
                "The denominator is right. But the question is about signing up, not about serving."))]),
        marking.choice(given, "office", b, t("The question of the head of the office"), slips=[
            Slip(a, "signed-up-not-used", t(
                "Rate A says how many names there are. The question is how many of the names are seen.")),
            Slip(c, "wrong-denominator", t("The numerator is right. But \"these names\" are the register, not all "
                                           "residents."))]),
    ]


def _column(given: dict[str, Any], column: str, label: str, right: pd.Series, tolerance: float,
            slips: list[tuple[dict[str, float], Slip]]) -> Criterion:
    """Judge one column of the table by its rows; an empty one is not wrong, it is missing."""
    if "by_district" in given and not any(column in row for row in given["by_district"].values()):
        empty = Said("The column {column} is still empty.", {"column": column})
        return Criterion(label, 0.0, 1.0, empty, "no-answer-yet")
    return marking.rows(given, "by_district", right.to_dict(), column, label, tolerance=tolerance, slips=slips)


def q3(given: dict[str, Any], found: Truth) -> list[Criterion]:
    """The table of districts, and the district where the register is used least."""
    frame = found.by_district
    records = Slip(0, "records-not-people", t("The counts are records. Count each person once."))
    share = Slip(0, "share-not-per-100", t(
        "These are shares between 0 and 1. Times 100, they say how many for each 100."), 0.5)
    residents = Slip(0, "wrong-denominator", t(
        "The denominator is the residents. Take the registered of each district."))
    places = {
        "highest": (frame["rate"].idxmax(), t(
            "This district has the highest rate. The coordinator goes to the lowest.")),
        "fewest-people": (frame["active"].idxmin(), t(
            "This district has the fewest active people. But a small district can still use its register well: "
            "look at the rate.")),
        "fewest-signed-up": ((frame["registered"] / frame["residents"]).idxmin(), t(
            "Here the fewest have signed up. That is the list of the head of recruiting.")),
        "per-residents": ((frame["active"] / frame["residents"]).idxmin(), t(
            "This district is lowest for each 100 residents. The question is about each 100 registered.")),
    }
    right = _place(frame["rate"].idxmin())
    return [
        _column(given, "active", t("Active people of each district"), frame["active"], 0.0,
                [(frame["records"].to_dict(), records)]),
        _column(given, "rate", t("Active for each 100 registered, by district"), frame["rate"], RATE, [
            ((100 * frame["records"] / frame["registered"]).to_dict(), records),
            ((frame["rate"] / 100).to_dict(), share),
            ((100 * frame["active"] / frame["residents"]).to_dict(), residents)]),
        marking.choice(given, "lowest", right, t("The district where the register is used least"), slips=_differing([
            Slip(_place(place), name, reason) for name, (place, reason) in places.items()], right)),
    ]


def _place(district: object) -> int:
    return DISTRICTS.index(str(district))


def q4(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """What a rate says after its denominator was cleaned."""
    return [marking.choice(given, "meaning", 1, t("What the new rate says"), slips=[
        Slip(0, "rate-up-is-more", t("Look at the column of the active people. Nobody has begun to serve.")),
        Slip(2, "records-truer", t("Not one record was touched. Service that was never recorded is still missing.")),
        Slip(3, "cleaning-is-cheating", t(
            "A register without people who have gone is the better one. But the two rates have different "
            "denominators, so they cannot be compared as if nothing had happened.")),
    ])]


PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
PER_100 = {"unit": t("for each 100"), "low": 0}

TASKS = (
    Task("q1", t("One district, three gaps"), 3, (
        Number("registered_here", **PEOPLE), Number("active_here", **PEOPLE), Number("rate_here", **PER_100)), q1,
        hints=(
            t("Look at the worked example, steps 1, 3 and 4. Write the same with `here` and `recent_here`."),
            t("`len(table)` counts rows. `table[\"volunteer_id\"].nunique()` counts each person once."),
            t("For the rate: 100 * the smaller group / the larger one.")),
        solution=t(
            "The denominator is the rows of `here`, since the register has one row for each person. The "
            "numerator is the different people in `recent_here`, since there one person can have many rows."),
        code="registered_here = len(here)\nactive_here = recent_here[\"volunteer_id\"].nunique()\n"
             "rate_here = 100 * active_here / registered_here"),
    Task("q2", t("Three questions, three denominators"), 3, (
        Choice("mayor", LETTERS, lettered=False), Choice("recruiting", LETTERS, lettered=False),
        Choice("office", LETTERS, lettered=False)), q2,
        hints=(
            t("Look for two words in each question: what somebody did, and out of whom."),
            t("Signed up is a numerator of its own; volunteered and \"ever see\" are the other. Then ask: out of all "
              "residents, or out of the names on file?")),
        solution=t(
            "The mayor asks who volunteered, out of all residents: C. The head of recruiting asks who signed up, "
            "out of all who could: A. The head of the office asks who is seen, out of the names on file: B."),
        code="mayor = \"C\"\nrecruiting = \"A\"\noffice = \"B\""),
    Task("q3", t("Where the register is used least"), 3, (
        Table("by_district", "district", ("active", "rate")), Choice("lowest", DISTRICTS, lettered=False)), q3,
        hints=(
            t(
                "First the numerator: for each district, how many different people have a record in the window? "
                "The table `people` from the beginning has each active person once."),
            t(
                "`by_district[\"district\"].map(people[\"district\"].value_counts())` puts the number of active "
                "people beside each district."),
            t(
                "The rate divides two columns of the same table: 100 * active / registered. Sort by it and read "
                "the first row.")),
        solution=t(
            "Count the active people of each district, divide by the registered of the same district, and sort. "
            "The smallest count need not be the smallest rate: a small district has few people of every kind."),
        code="by_district[\"active\"] = by_district[\"district\"].map(people[\"district\"].value_counts())\n"
             "by_district[\"rate\"] = 100 * by_district[\"active\"] / by_district[\"registered\"]\n"
             "lowest = by_district.sort_values(\"rate\")[\"district\"].iloc[0]"),
    Task("q4", t("What does the new rate say?"), 1, (Choice("meaning", (
        t("More people volunteer than before."),
        t("No more people volunteer than before. The denominator has become smaller."),
        t("The service records have become truer."),
        t("Nothing: cleaning a register is a way of cheating."))),), q4,
        hints=(
            t("Which of the two columns, registered or active, has changed much? Which hardly at all?"),
            t("A rate can rise in two ways: the numerator grows, or the denominator shrinks.")),
        solution=t(
            "B. The people who have gone were taken out of the denominator, and the few of them who had a record "
            "also out of the numerator. The register is better now, and the old rate cannot be compared with the "
            "new one: say so beside the number."),
        code="meaning = \"B\""),
)
