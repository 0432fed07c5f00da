"""Checks of the lesson "Five numbers for the council": a cohort, newcomers with time, silent raters, a list, cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vsim.course import Choice, Criterion, Number, Task, marking, t
from vsim.course.marking import Slip
from vsim.errors import UsageError

YEAR, HALF = pd.Timedelta(weeks=52), pd.Timedelta(weeks=26)
RATE = 0.051                                     # half of a tenth, so that a rate rounded to one decimal is right
LETTERS = ("A", "B", "C", "D", "E")
CONTENT = 4                                      # stars from which somebody is content


@dataclass(frozen=True)
class Truth:
    """What is true of the learner's district, of all services and of the list of venues."""

    cohort: int
    came: int
    stayed: int
    city: tuple[int, int]                        # cohort of the whole city, and who of it stayed
    joined: int
    ripe: int
    soon: int
    ever: int
    early: int                                   # first record within the time, of all who joined in two years
    services: int
    ratings: int
    good: int
    mean: float
    listed: int
    covered: int
    listed_first: int
    covered_first: int


def truth(tables: Mapping[str, Any]) -> Truth:
    """Return the truth about a district and the five indicators, from the lesson's own tables."""
    volunteers, records, last_day = tables["volunteers"], tables["service_records"], tables["last_day"]
    venues, services = tables["venues"], tables["services"]
    here = volunteers[volunteers["district"] == tables["district"]]
    if here.empty:
        raise UsageError(f"district is '{tables['district']}'; allowed {volunteers['district'].min()} to "
                         f"{volunteers['district'].max()}. Change it in the cell of parameters.")
    before = set(records.loc[records["date"] <= last_day - YEAR, "volunteer_id"])
    now = set(records.loc[records["date"] > last_day - YEAR, "volunteer_id"])
    live = set(here["volunteer_id"])
    joined = here["registered_on"]
    wait = here["volunteer_id"].map(records.groupby("volunteer_id")["date"].min()) - joined
    ripe = (joined > last_day - HALF - YEAR) & (joined <= last_day - HALF)
    if not before & now & live or not ripe.any() or not services["stars"].notna().any():
        raise UsageError(f"district {tables['district']} has too few people to count: nobody came again, nobody is "
                         "new, or the city has no rating. Choose another district or more people above.")
    recent = joined > last_day - 2 * YEAR
    weeks = venues["week"]
    today, first = venues[weeks == weeks.max()], venues[weeks == weeks.min()]
    return Truth(
        cohort=len(before & live), came=len(now & live), stayed=len(before & now & live),
        city=(len(before), len(before & now)), joined=int(recent.sum()), ripe=int(ripe.sum()),
        soon=int((ripe & (wait <= HALF)).sum()), ever=int((ripe & wait.notna()).sum()),
        early=int((recent & (wait <= HALF)).sum()), services=len(services),
        ratings=int(services["stars"].notna().sum()), good=int((services["stars"] >= CONTENT).sum()),
        mean=float(services["stars"].mean()), listed=len(today), covered=int(today["has_station"].sum()),
        listed_first=len(first), covered_first=int(first["has_station"].sum()))


def _rate(given: dict[str, Any], name: str, top: int, bottom: int, label: str, slips: list[Slip]) -> Criterion:
    """Judge a rate for each 100; a share and the rate upside down are slips of every rate."""
    share = top / bottom if bottom else 0.0
    if share and abs(given.get(name, -1.0) - share) <= 0.0051:
        return Criterion(label, 0.5, 1.0, t("This is a share between 0 and 1. Times 100, it says how many for each "
                                            "100."), "share-not-per-100")
    turned = Slip(100 / share if share else 0.0, "upside-down", t(
        "Numerator and denominator have changed places."))
    return marking.number(given, name, 100 * share, label, tolerance=RATE, slips=_differing([*slips, turned],
                                                                                            100 * share))


def _differing(slips: list[Slip], right: float) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if slip.value != right]


def q1(given: dict[str, Any], found: Truth) -> list[Criterion]:
    """One district: its cohort, who stayed, and the two rates."""
    cohort, stayed, came = found.cohort, found.stayed, found.came
    stock = 100 * came / cohort
    return [
        marking.number(given, "cohort_here", cohort, t("People of the cohort"), slips=_differing([
            Slip(came, "this-year", t("These are the people of this year. The cohort is closed a year before.")),
            Slip(found.city[0], "whole-city", t("This is the cohort of the whole city. Take `cohort_there`.")),
        ], cohort)),
        marking.number(given, "stayed_here", stayed, t("Those of the cohort who came again"), slips=_differing([
            Slip(came, "stock", t("These are all who came this year. Some of them were not in the cohort.")),
            Slip(cohort - stayed, "left", t("These are those who did not come again.")),
            Slip(found.city[1], "whole-city", t("These are the people of the whole city.")),
        ], stayed)),
        _rate(given, "kept_here", stayed, cohort, t("Kept, for each 100 of the cohort"), [
            Slip(stock, "stock", t("This compares two stocks. In the numerator stand only people of the cohort.")),
            Slip(100 * stayed / came, "this-year", t("The denominator is the people of this year. Take the cohort.")),
            Slip(100 - 100 * stayed / cohort, "left", t("This is how many are gone, for each 100.")),
        ]),
        _rate(given, "stock_here", came, cohort, t("The number that the sheet would give"), [
            Slip(100 * stayed / cohort, "cohort", t("This is the rate of the cohort. The sheet divided this year's "
                                                    "people by last year's.")),
        ]),
    ]


def q2(given: dict[str, Any], found: Truth) -> list[Criterion]:
    """Newcomers who have had their time."""
    return [
        marking.number(given, "ripe_here", found.ripe, t("Newcomers who have had 26 weeks"), slips=_differing([
            Slip(found.joined, "no-time", t("These are all newcomers of the table. Some have not had 26 weeks yet, "
                                            "others registered long before.")),
        ], found.ripe)),
        marking.number(given, "soon_here", found.soon, t("Those with a first record within 26 weeks"),
                       slips=_differing([
            Slip(found.ever, "ever", t("These have a record at any time. Count those whose wait is at most 26 weeks.")),
            Slip(found.early, "no-time", t("These are of all newcomers of the table. Take the rows of `had_time`.")),
        ], found.soon)),
        _rate(given, "begun_here", found.soon, found.ripe, t("For each 100 newcomers who have had the time"), [
            Slip(100 * found.ever / found.ripe, "ever", t("The numerator counts everybody who ever came.")),
            Slip(100 * found.early / found.joined, "no-time", t("The denominator holds people who have not had "
                                                                "their time, or registered long before.")),
        ]),
    ]


def q3(given: dict[str, Any], found: Truth) -> list[Criterion]:
    """Ratings with their silent: response, content, least and most."""
    ratings, good, every = found.ratings, found.good, found.services
    among = Slip(100 * good / ratings, "of-those-who-answered", t(
        "The denominator is the ratings. Here it is all services."))
    return [
        _rate(given, "answered", ratings, every, t("Ratings for each 100 services"), [
            Slip(100 - 100 * ratings / every, "silent", t("These are the silent. Count those who answered."))]),
        _rate(given, "content", good, ratings, t("Content, for each 100 ratings"), [
            Slip(100 * good / every, "of-all-services", t("The denominator is all services. Here it is the ratings.")),
            Slip(found.mean, "mean-stars", t("This is the mean of the stars. Count the ratings of four or five."))]),
        _rate(given, "at_least", good, every, t("Surely content, for each 100 services"), [among]),
        _rate(given, "at_most", good + every - ratings, every, t("At most content, for each 100 services"), [
            among, Slip(100 * (every - ratings) / every, "silent", t(
                "These are the silent alone. Those who said that they were content belong to them.")),
            Slip(100.0, "everybody", t("Not everybody can be content: some have said that they are not."))]),
    ]


def q4(given: dict[str, Any], found: Truth) -> list[Criterion]:
    """Cover of a list that grows, and why it dips."""
    return [
        marking.number(given, "covered_now", found.covered, t("Venues with a station"), slips=_differing([
            Slip(found.listed, "list", t("This is the whole list. Count those with a station.")),
            Slip(found.covered_first, "first-month", t("This is the first month. Take the last one.")),
        ], found.covered)),
        _rate(given, "cover_now", found.covered, found.listed, t("Cover of the last month's list"), [
            Slip(100 * found.covered / found.listed_first, "old-list", t(
                "The denominator is the first month's list. Take the list of the day.")),
            Slip(100.0, "own-list", t("The denominator is made of the numerator. Take the whole list."))]),
        _rate(given, "cover_first", found.covered_first, found.listed_first, t("Cover of the first month's list"), [
            Slip(100 * found.covered / found.listed_first, "two-months", t(
                "The numerator is of the last month, the denominator of the first. Take both of one day.")),
            Slip(100 * found.covered / found.listed, "last-month", t("This is the last month."))]),
        marking.choice(given, "dip", 1, t("Why the cover falls"), slips=[
            Slip(0, "closed", t("Look at the upper part: the line of the stations never falls.")),
            Slip(2, "visitors", t("Nothing here counts visitors or guides.")),
            Slip(3, "error", t("Both counts are right. It is their ratio that moves."))]),
    ]


CARDS = {"bend_new": (4, t("New registrations")), "bend_active": (1, t("Active on the roll")),
         "bend_kept": (3, t("Kept")), "bend_satisfied": (2, t("Content")), "bend_venues": (0, t("Venues"))}
WHY = (t("This shortens the list of venues."), t("This shortens the roll: it is the denominator of active people."),
       t("This chooses who answers."), t("This puts people of the cohort into the numerator who have gone."),
       t("This fills the register with names, whether they ever serve or not."))


def q5(given: dict[str, Any], _found: Truth) -> list[Criterion]:
    """The fifth line of five cards."""
    return [marking.choice(given, name, right, label, slips=[
        Slip(place, "other-card", why) for place, why in enumerate(WHY) if place != right])
        for name, (right, label) in CARDS.items()]


PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
PER_100 = {"unit": t("for each 100"), "low": 0}

TASKS = (
    Task("q1", t("One district, one cohort"), 4, (
        Number("cohort_here", **PEOPLE), Number("stayed_here", **PEOPLE), Number("kept_here", **PER_100),
        Number("stock_here", **PER_100)), q1,
        hints=(
            t("Look at the worked example, steps 1, 3 and 4. Write the same with `cohort_there` and `came_there`."),
            t("`len(a & b)` counts the people who are in both sets."),
            t("Kept: 100 * stayed / cohort. The sheet: 100 * this year's people / last year's people.")),
        solution=t(
            "The cohort is closed last year; who stayed is in both sets. The rate divides those by the cohort, so it "
            "cannot pass 100. The sheet's number divides one stock by another, and can."),
        code="cohort_here = len(cohort_there)\nstayed_here = len(cohort_there & came_there)\n"
             "kept_here = 100 * stayed_here / cohort_here\nstock_here = 100 * len(came_there) / cohort_here"),
    Task("q2", t("Newcomers who have had the time"), 3, (
        Number("ripe_here", **PEOPLE), Number("soon_here", **PEOPLE), Number("begun_here", **PER_100)), q2,
        hints=(
            t("First the denominator: whose registration lies between `open_from` and `open_to`?"),
            t("`newcomers[newcomers[\"registered_on\"].between(open_from, open_to)]` keeps their rows."),
            t("`(had_time[\"wait\"] <= HALF).sum()` counts those who came within 26 weeks; an empty wait counts as "
              "no.")),
        solution=t(
            "Only those belong into the denominator who have had 26 weeks to begin. The numerator counts the same "
            "people, with a first record within 26 weeks."),
        code="had_time = newcomers[newcomers[\"registered_on\"].between(open_from, open_to)]\n"
             "ripe_here = len(had_time)\nsoon_here = (had_time[\"wait\"] <= HALF).sum()\n"
             "begun_here = 100 * soon_here / ripe_here"),
    Task("q3", t("The silent in the denominator"), 4, (
        Number("answered", **PER_100), Number("content", **PER_100), Number("at_least", **PER_100),
        Number("at_most", **PER_100)), q3,
        hints=(
            t("Which word stands behind \"for each 100\"? It is the denominator: services, or ratings."),
            t("At least: those who said so, of all services. At most: those and all the silent, of all services."),
            t("The silent are `len(services) - services[\"stars\"].notna().sum()`.")),
        solution=t(
            "The same count of four and five stars, divided by the ratings, or by all services. The most adds all "
            "the silent to the numerator. The truth lies between; the ratings cannot say where."),
        code="ratings, good = services[\"stars\"].notna().sum(), (services[\"stars\"] >= 4).sum()\n"
             "answered = 100 * ratings / len(services)\ncontent = 100 * good / ratings\n"
             "at_least = 100 * good / len(services)\n"
             "at_most = 100 * (good + len(services) - ratings) / len(services)"),
    Task("q4", t("Cover of a list that grows"), 4, (
        Number("covered_now", unit=t("venues"), whole=True, low=0), Number("cover_now", **PER_100),
        Number("cover_first", **PER_100), Choice("dip", (
            t("A station has been closed."),
            t("A venue without a station has come onto the list."),
            t("Fewer visitors have come, so that fewer guides were needed."),
            t("The office has made a mistake in counting."))),), q4,
        hints=(
            t("`today[\"has_station\"].sum()` counts the venues with a station; `len(today)` counts the list."),
            t("Numerator and denominator must be of the same day: `at_first` has both for the first month."),
            t("In the month of the dip, which of the two lines in the upper part of the figure moves?")),
        solution=t(
            "Each cover divides the stations of a day by the list of the same day. The dip comes from the "
            "denominator: a venue was added that has no station yet, B."),
        code="covered_now = today[\"has_station\"].sum()\ncover_now = 100 * covered_now / len(today)\n"
             "cover_first = 100 * at_first[\"has_station\"].mean()\ndip = \"B\""),
    Task("q5", t("The fifth line of five cards"), 5, tuple(
        Choice(name, LETTERS, lettered=False) for name in CARDS), q5,
        hints=(
            t("For each line ask: does it move the numerator or the denominator, and of what?"),
            t("A and B shorten a denominator: a list of venues, a roll of names. C chooses who answers. D and E put "
              "names where no service is.")),
        solution=t(
            "New registrations: E. Active on the roll: B. Kept: D. Content: C. Venues: A. No card can stop "
            "this; but a card that names it makes somebody look."),
        code="bend_new, bend_active, bend_kept = \"E\", \"B\", \"D\"\nbend_satisfied, bend_venues = \"C\", \"A\""),
)
