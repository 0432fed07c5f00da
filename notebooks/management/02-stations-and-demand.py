"""Checks of the lesson "Where is a station worth its rent?": a station's year, a checklist, kinds, open requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vsim.course import Choice, Criterion, Number, Table, Task, marking, t
from vsim.course.marking import Slip
from vsim.course.words import Said
from vsim.errors import UsageError, did_you_mean

RATE = 0.051                                     # half of a tenth, so that a rate rounded to one decimal is right
YUAN = 0.51                                      # half a yuan, so that a price rounded to whole yuan is right
SIX = 6
QUIET = 12                                       # attendances in a year: one in a month
LETTERS = ("A", "B", "C", "D")
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 61))


@dataclass(frozen=True)
class Truth:
    """What is true of the station that the learner counts, of the audits, and of all districts."""

    rent: float
    mine: pd.Series = field(repr=False)
    county_seats: int
    county_came: int
    stations: int
    complete: int
    quiet: int
    all_quiet: int
    silent: int
    by_district: pd.DataFrame = field(repr=False)


def truth(tables: Mapping[str, Any]) -> Truth:
    """Return the truth about a station, the audits and the districts, with the lesson's station and rent."""
    shifts, stations, audit = tables["shifts"], tables["stations"], tables["audit"]
    code = tables["station"]
    if code not in set(stations["station_id"]):
        near = did_you_mean(str(code), list(stations["station_id"]))
        raise UsageError(f"station is '{code}'; allowed a code of the table stations.{near} "
                         "Change it in the cell of parameters.")
    here = shifts[shifts["station_id"] == code]
    taken = tables["attendance"]["activity_id"].isin(here["activity_id"]).sum()
    mine = pd.Series({"shifts": len(here), "seats": here["people_needed"].sum(), "came": here["came"].sum(),
                      "taken": taken})
    last = audit.sort_values("week").drop_duplicates("station_id", keep="last").set_index("station_id")
    came = shifts.groupby("station_id")["came"].sum().reindex(last.index).fillna(0)
    six = last["haves"] == SIX
    frame = tables["districts"][["district", "residents"]].set_index("district").copy()
    requests = tables["requests"]
    for name, rows in (("requests", requests), ("unmet", requests[requests["state"] != "done"])):
        frame[name] = rows["district"].value_counts()
    frame = frame.fillna(0).astype(int)
    frame["rate"] = 1000 * frame["unmet"] / frame["residents"]
    return Truth(float(tables["rent"]), mine, int(shifts["people_needed"].sum()), int(shifts["came"].sum()), len(last),
                 int(six.sum()), int((six & (came < QUIET)).sum()), int((came < QUIET).sum()),
                 int((six & (came == 0)).sum()), frame)


def _differing(slips: list[Slip], right: float) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if abs(slip.value - right) > RATE]


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """One station: seats, attendances, how full, and the rent of each attendance."""
    shifts, seats, came, taken = (int(found.mine[name]) for name in ("shifts", "seats", "came", "taken"))
    full = 100 * came / seats if seats else 0.0
    if seats and abs(given.get("full_here", -1.0) - came / seats) <= 0.0051:
        filled = Criterion(t("Attendances for each 100 seats"), 0.5, 1.0, t(
            "This is a share between 0 and 1. Times 100, it says how many for each 100."), "share-not-per-100")
    else:
        filled = marking.number(given, "full_here", full, t("Attendances for each 100 seats"), tolerance=RATE,
                                slips=_differing([
            Slip(100 * seats / came if came else 0.0, "upside-down", t(
                "Numerator and denominator have changed places. The smaller number goes on top.")),
            Slip(100 * came / shifts if shifts else 0.0, "shifts-not-seats", t(
                "The denominator counts shifts. Take the seats that they offered.")),
            Slip(100 * taken / seats if seats else 0.0, "signed-up-not-came", t(
                "The numerator counts everybody who signed up. Take those who came.")),
            Slip(100 * found.county_came / found.county_seats, "whole-county", t(
                "This is the rate of the whole county. Take the shifts of the station.")),
        ], full))
    each = found.rent / came if came else 0.0
    return [
        marking.number(given, "seats_here", seats, t("Seats that the station offered"), slips=_differing([
            Slip(shifts, "shifts-not-seats", t("These are shifts. One shift can have many seats: add them up.")),
            Slip(found.county_seats, "whole-county", t(
                "These are the seats of the whole county. `mine` has the shifts of the station.")),
            Slip(came, "came-not-offered", t("These are the people who came. First comes what was offered.")),
        ], seats)),
        marking.number(given, "came_here", came, t("Attendances of the station"), slips=_differing([
            Slip(taken, "signed-up-not-came", t(
                "These people signed up. Some of them stayed away: the column `came` has those who came.")),
            Slip(found.county_came, "whole-county", t(
                "These are the attendances of the whole county. `mine` has the shifts of the station.")),
            Slip(shifts, "shifts-not-people", t("These are shifts. Add up the column `came`.")),
        ], came)),
        filled,
        marking.number(given, "each_here", each, t("Rent for each attendance (yuan)"), tolerance=YUAN,
                       slips=_differing([
            Slip(found.rent / seats if seats else 0.0, "rent-per-seat", t(
                "This is the rent for each seat. An empty seat helps nobody: divide by the attendances.")),
            Slip(found.rent / shifts if shifts else 0.0, "rent-per-shift", t(
                "This is the rent for each shift. Divide by the attendances.")),
            Slip(came / found.rent, "upside-down", t("Upside down: these are attendances for each yuan.")),
        ], each)),
    ]


def q2(given: dict[str, float], found: Truth) -> list[Criterion]:
    """How many stations have all six, and how many of these are quiet."""
    return [
        marking.number(given, "complete", found.complete, t("Stations that have all six"), slips=_differing([
            Slip(found.stations, "all-stations", t("These are all stations. Keep the rows with six of six.")),
            Slip(found.stations - found.complete, "the-others", t("These are the stations that lack something.")),
        ], found.complete)),
        marking.number(given, "quiet", found.quiet, t("Complete stations with fewer than 12 attendances"),
                       slips=_differing([
            Slip(found.all_quiet, "all-quiet", t(
                "These are all quiet stations. Count only those that have all six.")),
            Slip(found.silent, "nobody-at-all", t(
                "These had nobody at all. Fewer than 12 is quiet, too.")),
            Slip(found.complete - found.quiet, "the-busy", t("These are the complete stations that are not quiet.")),
        ], found.quiet)),
    ]


def q3(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Four places, four kinds of station."""
    a, b, c, d = range(4)
    far = t("They live far apart and are few. A room in one hamlet is out of reach for ten others.")
    return [
        marking.choice(given, "hamlets", d, t("Eleven hamlets"), slips=[
            Slip(a, "room-out-of-reach", far), Slip(c, "room-out-of-reach", far),
            Slip(b, "nobody-passes-by", t("A desk lives on people who pass by. Nobody passes by here."))]),
        marking.choice(given, "travellers", b, t("Travellers"), slips=[
            Slip(a, "they-do-not-come-back", t("They will not look for a room in an estate. The station goes where "
                                               "they pass.")),
            Slip(d, "they-do-not-wait", t("They cannot wait until the vehicle calls. The desk must be there daily.")),
            Slip(c, "one-strength", t("They need a little of everything. One strength does not help them."))]),
        marking.choice(given, "neighbours", a, t("6,000 neighbours"), slips=[
            Slip(b, "not-passing-by", t("They do not pass by, they stay. They need a room where one knows them.")),
            Slip(c, "one-strength", t("They need all sorts of help. One strength is too little for them.")),
            Slip(d, "many-in-one-place", t("So many people in one place need an open door, not a stop."))]),
        marking.choice(given, "hearing", c, t("Signing for deaf people"), slips=[
            Slip(a, "few-of-one-kind", t("In one estate hardly anybody asks for it. It must gather people from all "
                                         "over the city.")),
            Slip(b, "not-passing-by", t("Signing cannot be kept ready at each desk. Those who need it will come on "
                                        "purpose, if they know where.")),
            Slip(d, "few-of-one-kind", t("A vehicle reaches places, not a few people scattered over a city."))]),
    ]


def _column(given: dict[str, Any], column: str, label: str, right: pd.Series, tolerance: float,
            slips: list[tuple[dict[str, float], Slip]]) -> Criterion:
    """Judge one column of the table by its rows; an empty one is not wrong, it is missing."""
    if "by_district" in given and not any(column in row for row in given["by_district"].values()):
        empty = Said("The column {column} is still empty.", {"column": column})
        return Criterion(label, 0.0, 1.0, empty, "no-answer-yet")
    return marking.rows(given, "by_district", right.to_dict(), column, label, tolerance=tolerance, slips=slips)


def q4(given: dict[str, Any], found: Truth) -> list[Criterion]:
    """The table of districts, and the district where most requests are left open."""
    frame = found.by_district
    everything = Slip(0, "all-requests", t("The counts are all requests. Count those that were left open."))
    share = Slip(0, "share-not-per-1000", t(
        "These are shares of the residents. Times 1,000, they say how many for each 1,000."), 0.5)
    hundred = Slip(0, "per-100", t("This is for each 100 residents. The column wants each 1,000."), 0.5)
    of_requests = Slip(0, "wrong-denominator", t("The denominator is the requests. Take the residents."))
    right = _place(frame["rate"].idxmax())
    places = {
        "lowest": (frame["rate"].idxmin(), t("This district has the lowest rate. Look at the other end.")),
        "largest-count": (frame["unmet"].idxmax(), t(
            "This district has most open requests. But it also has many residents: look at the rate.")),
        "most-requests": ((frame["requests"] / frame["residents"]).idxmax(), t(
            "Here most is asked. The question is what was left open.")),
        "share-of-requests": ((frame["unmet"] / frame["requests"].clip(lower=1)).idxmax(), t(
            "Here the largest part of the requests was left open. The question is about each 1,000 residents.")),
    }
    return [
        _column(given, "unmet", t("Requests left open in each district"), frame["unmet"], 0.0,
                [(frame["requests"].to_dict(), everything)]),
        _column(given, "rate", t("Left open for each 1,000 residents"), frame["rate"], RATE, [
            ((1000 * frame["requests"] / frame["residents"]).to_dict(), everything),
            ((frame["rate"] / 1000).to_dict(), share), ((frame["rate"] / 10).to_dict(), hundred),
            ((1000 * frame["unmet"] / frame["requests"].clip(lower=1)).to_dict(), of_requests)]),
        marking.choice(given, "worst", right, t("The district with the highest rate"), slips=_differing([
            Slip(_place(place), name, reason) for name, (place, reason) in places.items()], right)),
    ]


def _place(district: object) -> int:
    return DISTRICTS.index(str(district))


def q5(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """What may be concluded from a table of requests."""
    return [marking.choice(given, "meaning", 1, t("What a table of requests says"), slips=[
        Slip(0, "requests-are-needs", t("Look at the last figure: where most is asked, not most is needed.")),
        Slip(2, "few-requests-few-needs", t(
            "Look at the second bar: where hardly anybody asks, most of the needs are there all the same.")),
        Slip(3, "throw-it-away", t(
            "Each request is a real need, and its way to a service can be followed. Only what is missing cannot be "
            "seen in it.")),
    ])]


PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
SEATS = {"unit": t("seats"), "whole": True, "low": 0}
PLACES = {"unit": t("stations"), "whole": True, "low": 0}
PER_100 = {"unit": t("for each 100"), "low": 0}
PRICE = {"unit": t("yuan"), "low": 0}

TASKS = (
    Task("q1", t("One station, four gaps"), 4, (
        Number("seats_here", **SEATS), Number("came_here", **PEOPLE), Number("full_here", **PER_100),
        Number("each_here", **PRICE)), q1,
        hints=(
            t("Look at the worked example, steps 1 to 4. Write the same with `mine`."),
            t("`table[\"column\"].sum()` adds up a column. Seats stand in `people_needed`, attendances in `came`."),
            t("Full: 100 * attendances / seats. Rent: `rent` / attendances.")),
        solution=t(
            "Add up the seats and the attendances of the shifts in `mine`. The attendances, for each 100 seats, say "
            "how full it was; the rent, divided by the attendances, what the room cost for each of them."),
        code="seats_here = mine[\"people_needed\"].sum()\ncame_here = mine[\"came\"].sum()\n"
             "full_here = 100 * came_here / seats_here\neach_here = rent / came_here"),
    Task("q2", t("Complete, and quiet"), 2, (Number("complete", **PLACES), Number("quiet", **PLACES)), q2,
        hints=(
            t("First keep the rows of `book` with six of six, and give this smaller table a name."),
            t("In the smaller table keep the rows with `came` below 12, and count again.")),
        solution=t("Two filters, one after the other: six of six, then fewer than 12 attendances. Count the rows "
                   "after each."),
        code="full_list = book[book[\"haves\"] == 6]\ncomplete = len(full_list)\n"
             "quiet = len(full_list[full_list[\"came\"] < 12])"),
    Task("q3", t("Which kind of station?"), 4, (
        Choice("hamlets", LETTERS, lettered=False), Choice("travellers", LETTERS, lettered=False),
        Choice("neighbours", LETTERS, lettered=False), Choice("hearing", LETTERS, lettered=False)), q3,
        hints=(
            t("Ask of each: do the people live close together, do they pass by, are they scattered, or is it one "
              "special need?"),
            t("Close together and of all sorts: a room. Passing by: a desk. Scattered over the land: a vehicle. "
              "Scattered, with one need: a station known for it.")),
        solution=t(
            "Hamlets far apart: the station must come to them (D). Travellers: a desk where they pass (B). A large "
            "estate: a room in the complex (A). A rare need from the whole city: a themed station (C)."),
        code="hamlets = \"D\"\ntravellers = \"B\"\nneighbours = \"A\"\nhearing = \"C\""),
    Task("q4", t("Where most requests are left open"), 3, (
        Table("by_district", "district", ("unmet", "rate")), Choice("worst", DISTRICTS, lettered=False)), q4,
        hints=(
            t("First the count: for each district, how many rows has `left_open`?"),
            t("`by_district[\"district\"].map(left_open[\"district\"].value_counts())` puts it beside each district."),
            t("The rate divides two columns of the same table: 1000 * unmet / residents. Sort by it and read the "
              "last row.")),
        solution=t(
            "Count the open requests of each district, divide by its residents, times 1,000, and sort. The last row "
            "has the highest rate."),
        code="by_district[\"unmet\"] = by_district[\"district\"].map(left_open[\"district\"].value_counts())\n"
             "by_district[\"rate\"] = 1000 * by_district[\"unmet\"] / by_district[\"residents\"]\n"
             "worst = by_district.sort_values(\"rate\")[\"district\"].iloc[-1]"),
    Task("q5", t("What does a table of requests say?"), 1, (Choice("meaning", (
        t("Where the needs are: most needs are where most requests are."),
        t("Where somebody asked and somebody listened. Where nothing is asked, it says nothing about the need."),
        t("Where hardly anybody asks, hardly anybody needs anything."),
        t("Nothing at all: one need not keep it."))),), q5,
        hints=(
            t("Compare the first and the second bar of the last figure: the part written down, and the whole."),
            t("A request has two sides: somebody who asks, and somebody who writes it down.")),
        solution=t(
            "B. A request is a true need that somebody expressed where somebody listened. Plan the service of known "
            "needs from it; look for the others where many people have few stations."),
        code="meaning = \"B\""),
)
