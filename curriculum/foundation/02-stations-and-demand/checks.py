"""Checks of the unit "Stations and demand": the learner's own county, the truth about it, and how each answer earns."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

import vsim
from vsim.course import Choice, Criterion, Number, Table, Task, marking, t
from vsim.course.marking import Slip

WEEKS = 52
RENT = 3000                                      # yuan a year; the same number stands in the notebook
RATE = 0.051                                     # half of a tenth, so that a rate rounded to one decimal is right
YUAN = 0.51                                      # a little over half: right when rounded to whole yuan or people
SIX = 6
QUIET = 12
BUSIEST = 8                                      # stations of which three are drawn
APART = 6                                        # weeks by which the steadiest must lead, to be seen in a figure
NEAR = 0.01                                      # of the highest rate: nearer than that is a tie
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 11))
STATIONS = ("A", "B", "C")
KINDS = ("A", "B", "C", "D", "E")
KEPT = {
    "districts": ["district", "residents"],
    "stations": ["station_id", "district", "kind"],
    "requests": ["request_id", "district", "urgency", "channel", "state"],
    "activities": ["activity_id", "station_id", "district", "week", "people_needed"],
    "attendance": ["activity_id", "volunteer_id", "status"],
    "station_audit": ["station_id", "venue", "team", "projects", "equipment", "rules", "signage", "haves"],
    "postings": ["activity_id", "has_title", "has_place", "has_time", "has_people", "has_skills", "has_contact",
                 "has_risk", "has_description"],
    "station_recruits": ["volunteer_id", "station_id", "days", "censored"],
}


def city(seed: int) -> dict[str, pd.DataFrame]:
    """Return the files of a learner's own county: its size, its needs and its luck all come from the seed."""
    base = vsim.scenario("hillcounty")
    world = base.world.model_copy(update={
        "residents": 6_000 + seed % 2_003, "districts": len(DISTRICTS), "prefectures": 1, "seed": seed,
        "rural_share": 0.5 + 0.3 * (seed // 2_003 % 1_009) / 1_009})
    own = {"demand.tasks": 8 + 4 * (seed // 2_021_027 % 101) / 101, "demand.people_median": 2.0,
           "stations.have_venue": 0.92, "stations.have_team": 0.9, "stations.have_projects": 0.85,
           "stations.have_equipment": 0.85, "stations.have_rules": 0.85, "stations.have_signage": 0.92}
    scenario = vsim.Scenario(name="my_county", world=world, start=base.start, weeks=WEEKS,
                             warmup_weeks=base.warmup_weeks, parameters={**base.parameters, **own})
    run = vsim.simulate(scenario, seed=seed)
    tables = vsim.registers(run) | vsim.paperwork(run, offices=["needs", "stations", "hosts", "postings"])
    return {name: tables[name][columns].reset_index(drop=True) for name, columns in KEPT.items()}


@dataclass(frozen=True)
class Truth:
    """What is true of one county, and what each known slip would make of it."""

    collected: int
    posted: int
    signed: int
    met: int
    mine: dict[str, float]
    county_seats: int
    county_came: int
    three: pd.DataFrame = field(repr=False)
    files: dict[str, float]
    by_district: pd.DataFrame = field(repr=False)

    @property
    def thin(self) -> int:
        """Place among DISTRICTS of the district with most residents for each station."""
        return _place(self.by_district["per_station"].idxmax())


def _place(district: object) -> int:
    return DISTRICTS.index(str(district))


def truth(tables: dict[str, pd.DataFrame]) -> Truth:
    """Return the truth about a county's files."""
    requests, attendance = tables["requests"], tables["attendance"]
    state = requests["state"].value_counts()
    met = int(state.get("done", 0))
    signed = met + int(state.get("cancelled", 0))
    shifts = _shifts(tables["activities"], attendance)
    by_station = shifts.groupby("station_id").agg(
        shifts=("week", "size"), seats=("people_needed", "sum"), came=("came", "sum"), signed=("signed_up", "sum"))
    return Truth(
        collected=len(requests), posted=signed + int(state.get("dispatched", 0)), signed=signed, met=met,
        mine=_mine(shifts, by_station), county_seats=int(shifts["people_needed"].sum()),
        county_came=int(shifts["came"].sum()), three=_three(shifts, by_station),
        files=_files(tables, by_station["came"]),
        by_district=_by_district(tables["districts"], tables["stations"], requests))


def _shifts(activities: pd.DataFrame, attendance: pd.DataFrame) -> pd.DataFrame:
    """Return the shifts with how many signed up and how many came, as the notebook makes them."""
    came = attendance[attendance["status"] == "came"]
    return activities.assign(**{
        name: activities["activity_id"].map(rows["activity_id"].value_counts()).fillna(0).astype(int)
        for name, rows in (("signed_up", attendance), ("came", came))})


def _weeks(shifts: pd.DataFrame, code: str) -> pd.Series:
    sums = shifts[shifts["station_id"] == code].groupby("week")["came"].sum()
    return sums.reindex(range(WEEKS), fill_value=0)


def _mine(shifts: pd.DataFrame, by_station: pd.DataFrame) -> dict[str, float]:
    """Return the counts of the station with most shifts, and by how many it has more than the next."""
    first, second = by_station["shifts"].nlargest(2)
    code = str(by_station["shifts"].idxmax())
    weeks = _weeks(shifts, code)
    here = by_station.loc[code]
    return {
        "lead": int(first - second), "shifts": int(here["shifts"]), "seats": int(here["seats"]),
        "came": int(here["came"]), "signed": int(here["signed"]), "weeks": int((weeks > 0).sum()),
        "posted_weeks": int(shifts.loc[shifts["station_id"] == code, "week"].nunique()),
        "top4": int(weeks.nlargest(4).sum()), "march": int(weeks[7:11].sum())}


def _three(shifts: pd.DataFrame, by_station: pd.DataFrame) -> pd.DataFrame:
    """Return three of the busiest stations in the order of their codes, as the notebook draws them.

    They are the one with anybody in most weeks and the two with anybody in fewest, so that a figure tells them apart.
    """
    weeks = {str(code): _weeks(shifts, code) for code in by_station.sort_values(["came", "shifts"]).index[-BUSIEST:]}
    order = sorted(weeks, key=lambda code: (int((weeks[code] > 0).sum()), code))
    drawn = [weeks[code] for code in sorted([order[0], order[1], order[-1]])]
    return pd.DataFrame({
        "came": [int(week.sum()) for week in drawn], "weeks": [int((week > 0).sum()) for week in drawn],
        "peak": [int(week.max()) for week in drawn]}, index=list(STATIONS))


def _files(tables: dict[str, pd.DataFrame], came: pd.Series) -> dict[str, float]:
    """Return what the files of audits, postings and recruits say, and what the slips would make of them."""
    audit = tables["station_audit"].set_index("station_id")
    visits = came.reindex(audit.index).fillna(0)
    six, recruits, postings = audit["haves"] == SIX, tables["station_recruits"], tables["postings"]
    fields = [name for name in postings if str(name).startswith("has_")]
    return {
        "stations": len(audit), "complete": int(six.sum()), "quiet": int((six & (visits < QUIET)).sum()),
        "all_quiet": int((visits < QUIET).sum()), "silent": int((six & (visits == 0)).sum()),
        "no_risk": 100 * float((~postings["has_risk"]).mean()),
        "defective": 100 * float((~postings[fields].all(axis=1)).mean()),
        "waiting": 100 * float(recruits["censored"].mean()), "recruits": len(recruits),
        "waiting_people": int(recruits["censored"].sum())}


def _by_district(districts: pd.DataFrame, stations: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    frame = districts.set_index("district")[["residents"]].copy()
    left_open = requests[requests["state"] != "done"]
    for name, rows in (("stations", stations), ("requests", requests), ("unmet", left_open)):
        frame[name] = rows["district"].value_counts()
    frame = frame.fillna(0).astype(int)
    frame["rate"] = 1000 * frame["unmet"] / frame["residents"]
    frame["per_station"] = frame["residents"] / frame["stations"]
    return frame


def faults(found: Truth) -> list[str]:
    """Return why a county is no fair question: a wrong way that leads to the right value, or a tie."""
    wrong = []
    frame, mine, files = found.by_district, found.mine, found.files
    sizes = frame["per_station"].nlargest(2)
    if sizes.iloc[0] - sizes.iloc[1] < NEAR * sizes.iloc[0]:
        wrong.append("two districts nearly have most residents for each station")
    asked = frame["requests"] / frame["residents"]
    if sizes.index[0] in (asked.idxmax(), asked.idxmin(), frame["unmet"].idxmax(), frame["rate"].idxmax()):
        wrong.append("a list of requests leads to the right district")
    if mine["lead"] < 1 or mine["came"] < QUIET or mine["signed"] - mine["came"] < 2:
        wrong.append("the learner's station is not the only one with most shifts, or hardly anybody came")
    if mine["top4"] == mine["march"] or mine["weeks"] == mine["posted_weeks"]:
        wrong.append("the four busiest weeks are those of March, or every week has anybody")
    weeks = found.three["weeks"].nlargest(2)
    if weeks.iloc[0] - weeks.iloc[1] < APART:
        wrong.append("two stations are nearly as steady")
    if files["complete"] < 4 or not 1 <= files["quiet"] <= files["complete"] - 2 or files["silent"] == files["quiet"]:
        wrong.append("hardly any station is complete, or all of them are quiet, or none")
    if files["all_quiet"] == files["quiet"] or 2 * files["quiet"] == files["complete"]:
        wrong.append("a wrong count of quiet stations leads to the right one")
    if files["waiting_people"] == files["recruits"]:
        wrong.append("no recruit has served")
    return wrong


def _per_100(given: dict[str, float], name: str, top: float, bottom: float, label: str,
             slips: list[Slip]) -> Criterion:
    """Judge a rate for each 100; a share (0.2 in place of 20) and the rate upside down are slips of every rate."""
    right = 100 * top / bottom
    if given.get(name) is not None and abs(given[name] - right / 100) <= 0.0051:
        return Criterion(label, 0.5, 1.0, t(
            "This is a share between 0 and 1. The question asks how many for each 100."), "share-not-per-100")
    known = [*slips, Slip(100 * bottom / top if top else 0.0, "upside-down", t(
        "Numerator and denominator have changed places."))]
    return marking.number(given, name, right, label, tolerance=RATE, slips=_differing(known, right))


def _differing(slips: list[Slip], right: float) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if abs(slip.value - right) > RATE]


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """The way of a request: collected, posted, met, and how many of each hundred are met."""
    collected, posted, signed, met = found.collected, found.posted, found.signed, found.met
    people = found.county_came
    return [
        marking.number(given, "collected", collected, t("Requests that were written down"), slips=_differing([
            Slip(posted, "posted-not-collected", t("These are shifts that were posted. Some requests never got so "
                                                   "far.")),
            Slip(met, "met-not-collected", t("These are requests that were met. Count all of them first.")),
        ], collected)),
        marking.number(given, "posted", posted, t("Requests that were posted"), slips=_differing([
            Slip(collected - posted, "the-lost", t("These are the requests that nobody took on. The others were "
                                                   "posted.")),
            Slip(posted - signed, "dispatched-only", t(
                "These were posted and found nobody. Those that found somebody were posted, too.")),
            Slip(signed, "signed-not-posted", t("These found somebody. Some were posted and found nobody.")),
            Slip(collected, "all-requests", t("These are all requests. Some were rejected.")),
        ], posted)),
        marking.number(given, "met", met, t("Requests that ended in a service"), slips=_differing([
            Slip(signed, "signed-not-met", t("Somebody signed up for these. For some of them nobody came.")),
            Slip(posted, "posted-not-met", t("These were posted. Being posted is not yet being met.")),
            Slip(people, "people-not-requests", t("These are attendances. One request may need many people.")),
            Slip(collected - met, "left-open", t("These are the requests that were left open.")),
        ], met)),
        _per_100(given, "met_per_100", met, collected, t("Met, for each 100 requests"), [
            Slip(100 * met / posted, "wrong-denominator", t("The denominator is what was posted. Take all "
                                                            "requests.")),
            Slip(100 * (collected - met) / collected, "left-open", t("These were left open. The question asks for "
                                                                     "those that were met.")),
            Slip(100 * signed / collected, "signed-not-met", t("Somebody signed up for these. For some of them nobody "
                                                               "came.")),
        ]),
    ]


def q2(given: dict[str, float], found: Truth) -> list[Criterion]:
    """One station: seats, attendances, how full, and the rent of each attendance."""
    mine = found.mine
    seats, came, shifts, signed = (int(mine[name]) for name in ("seats", "came", "shifts", "signed"))
    each = RENT / came
    return [
        marking.number(given, "seats", seats, t("Seats that your station offered"), slips=_differing([
            Slip(shifts, "shifts-not-seats", t("These are shifts. One shift can have many seats: add them up.")),
            Slip(found.county_seats, "whole-county", t("These are the seats of the whole county.")),
        ], seats)),
        marking.number(given, "visits", came, t("Attendances of your station"), slips=_differing([
            Slip(signed, "signed-up-not-came", t("These people signed up. Some of them stayed away.")),
            Slip(found.county_came, "whole-county", t("These are the attendances of the whole county.")),
            Slip(shifts, "shifts-not-people", t("These are shifts. Add up those who came.")),
        ], came)),
        _per_100(given, "visits_per_100_seats", came, seats, t("Attendances for each 100 seats"), [
            Slip(100 * signed / seats, "signed-up-not-came", t("The numerator counts everybody who signed up.")),
            Slip(100 * came / shifts, "shifts-not-seats", t("The denominator counts shifts. Take the seats.")),
            Slip(100 * found.county_came / found.county_seats, "whole-county", t(
                "This is the rate of the whole county.")),
        ]),
        marking.number(given, "rent_each", each, t("Rent for each attendance (yuan)"), tolerance=YUAN,
                       slips=_differing([
            Slip(RENT / seats, "rent-per-seat", t("This is the rent for each seat. An empty seat helps nobody.")),
            Slip(RENT / shifts, "rent-per-shift", t("This is the rent for each shift. Divide by the attendances.")),
            Slip(RENT / signed, "signed-up-not-came", t("This divides by everybody who signed up.")),
            Slip(came / RENT, "upside-down", t("Upside down: these are attendances for each yuan.")),
        ], each)),
    ]


def q3(given: dict[str, object], found: Truth) -> list[Criterion]:
    """The table of districts, and the district that the visiting worker goes to."""
    frame = found.by_district
    everything = Slip(0, "all-requests", t("The counts are all requests. Count those that were left open."))
    met = Slip(0, "met-not-open", t("These requests were met. Count those that were left open."))
    share = Slip(0, "share-not-per-1000", t("These are shares of the residents. The table asks for each 1,000."), 0.5)
    hundred = Slip(0, "per-100", t("This is for each 100 residents. The table asks for each 1,000."), 0.5)
    of_requests = Slip(0, "wrong-denominator", t("The denominator is the requests. Take the residents."))
    upside_down = Slip(0, "upside-down", t("These are stations for each 1,000 residents. The table asks for residents "
                                           "for each station."), 0.5)
    asked = frame["requests"] / frame["residents"]
    places = {
        "most-requests": (asked.idxmax(), t("Here most is asked: this is the list of the service desk. Most is asked "
                                            "where somebody listens already.")),
        "fewest-requests": (asked.idxmin(), t("Here least is asked. That may be because it has few people; look at "
                                              "how many share one station.")),
        "most-left-open": (frame["unmet"].idxmax(), t("Here most requests are left open. They are known already; the "
                                                      "worker is to find those that are not.")),
        "highest-rate": (frame["rate"].idxmax(), t("Here most is left open for each 1,000 residents. That is known "
                                                   "already; the worker is to find what is not.")),
        "best-served": (frame["per_station"].idxmin(), t("Here the fewest residents share one station. Look at the "
                                                         "other end.")),
        "most-residents": (frame["residents"].idxmax(), t("Most residents live here, but they have more stations. "
                                                          "Divide.")),
    }
    open_all = 1000 * frame["requests"] / frame["residents"]
    per_request = 1000 * frame["unmet"] / frame["requests"].clip(lower=1)
    return [
        marking.rows(given, "by_district", frame["unmet"].to_dict(), "unmet", t("Requests left open in each district"),
                     tolerance=0.0, slips=[(frame["requests"].to_dict(), everything),
                                           ((frame["requests"] - frame["unmet"]).to_dict(), met)]),
        marking.rows(given, "by_district", frame["rate"].to_dict(), "rate",
                     t("Left open for each 1,000 residents, by district"), tolerance=RATE, slips=[
                         (open_all.to_dict(), everything), ((frame["rate"] / 1000).to_dict(), share),
                         ((frame["rate"] / 10).to_dict(), hundred), (per_request.to_dict(), of_requests)]),
        marking.rows(given, "by_district", frame["per_station"].to_dict(), "per_station",
                     t("Residents for each station, by district"), tolerance=YUAN, slips=[
                         ((1000 * frame["stations"] / frame["residents"]).to_dict(), upside_down)]),
        marking.choice(given, "worker", found.thin, t("The district of the visiting worker"), slips=[
            Slip(_place(place), name, reason) for name, (place, reason) in places.items()
            if _place(place) != found.thin]),
    ]


def q4(given: dict[str, float], found: Truth) -> list[Criterion]:
    """A station's calendar in two numbers, and the steadiest of three stations read from a figure."""
    mine, three = found.mine, found.three
    steady = STATIONS.index(str(three["weeks"].idxmax()))
    others = {"most-people": three["came"].idxmax(), "highest-bar": three["peak"].idxmax(),
              "least-steady": three["weeks"].idxmin()}
    reasons = {
        "most-people": t("Most people came to this one. Count the weeks with a bar, not the height of the bars."),
        "highest-bar": t("This one has the highest bar. One full week is not a steady year."),
        "least-steady": t("This one has the fewest weeks with a bar."),
    }
    return [
        marking.number(given, "weeks_open", mine["weeks"], t("Weeks in which anybody came to your station"),
                       slips=_differing([
            Slip(mine["posted_weeks"], "posted-not-came", t(
                "In these weeks a shift was posted. In some of them nobody came.")),
            Slip(mine["shifts"], "shifts-not-weeks", t("These are shifts. Two shifts in one week are one week.")),
            Slip(WEEKS - mine["weeks"], "empty-weeks", t("These are the weeks without anybody.")),
        ], mine["weeks"])),
        _per_100(given, "top4_per_100", mine["top4"], mine["came"], t(
            "Of each 100 attendances, those in the four busiest weeks"), [
            Slip(100 * mine["march"] / mine["came"], "first-campaign", t(
                "These are the four weeks round 5 March. The busiest four may be others.")),
            Slip(mine["top4"], "count-not-rate", t("These are attendances. The question asks how many of each 100.")),
        ]),
        marking.choice(given, "steady", steady, t("The steadiest of the three stations"), slips=[
            Slip(STATIONS.index(str(place)), name, reasons[name]) for name, place in others.items()
            if STATIONS.index(str(place)) != steady]),
    ]


def q5(given: dict[str, float], found: Truth) -> list[Criterion]:
    """What the files say: complete and quiet stations, postings without a risk, recruits who wait."""
    files = found.files
    return [
        marking.number(given, "complete", files["complete"], t("Stations that have all six"), slips=_differing([
            Slip(files["stations"], "all-stations", t("These are all stations. Keep the rows with six of six.")),
            Slip(files["stations"] - files["complete"], "the-others", t("These lack something.")),
        ], files["complete"])),
        marking.number(given, "quiet", files["quiet"], t("Complete stations with fewer than 12 attendances"),
                       slips=_differing([
            Slip(files["all_quiet"], "all-quiet", t("These are all quiet stations. Count those that have all six.")),
            Slip(files["silent"], "nobody-at-all", t("These had nobody at all. Fewer than 12 is quiet, too.")),
            Slip(files["complete"] - files["quiet"], "the-busy", t("These are complete, and not quiet.")),
        ], files["quiet"])),
        _per_100(given, "no_risk_per_100", files["no_risk"], 100, t("Postings without a word on risks, of each 100"), [
            Slip(100 - files["no_risk"], "the-good", t("These name the risks. The question asks for those that do "
                                                       "not.")),
            Slip(files["defective"], "any-defect", t("These lack anything at all. The question is about risks.")),
        ]),
        _per_100(given, "waiting_per_100", files["waiting"], 100, t("Recruits without a first service, of each 100"), [
            Slip(100 - files["waiting"], "the-served", t("These have served. The question asks for those who still "
                                                         "wait.")),
            Slip(files["waiting_people"], "count-not-rate", t("These are people. The question asks how many of each "
                                                              "100.")),
        ]),
    ]


def q6(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Five vignettes: which kind of station fits, or which host."""
    room, desk, theme, mobile, host = range(5)
    one = t("They need all sorts of help. A station with one strength is too narrow.")
    return [
        marking.choice(given, "estate", room, t("The new estate"), slips=[
            Slip(desk, "not-passing-by", t("They live here and come back. They need a room, not a desk on the way.")),
            Slip(theme, "one-strength", one),
            Slip(mobile, "many-in-one-place", t("So many people in one place need an open door, not a stop.")),
            Slip(host, "team-not-station", t("The question is where people in need can go, not where a team meets."))]),
        marking.choice(given, "ferry", desk, t("The ferry"), slips=[
            Slip(room, "they-do-not-come-back", t("Travellers do not look for a room in an estate.")),
            Slip(theme, "one-strength", one),
            Slip(mobile, "they-do-not-wait", t("They cannot wait until the vehicle calls.")),
            Slip(host, "team-not-station", t("The question is where people in need can go, not where a team meets."))]),
        marking.choice(given, "parents", theme, t("The parents"), slips=[
            Slip(room, "few-of-one-kind", t("In one estate hardly anybody needs this. It must gather people from the "
                                            "whole county.")),
            Slip(desk, "few-of-one-kind", t("This help cannot be kept ready at every desk.")),
            Slip(mobile, "few-of-one-kind", t("A vehicle reaches places, not a few people scattered over a county.")),
            Slip(host, "team-not-station", t("A room alone does not know what to do. They look for one strength."))]),
        marking.choice(given, "hamlets", mobile, t("The mountain hamlets"), slips=[
            Slip(room, "room-out-of-reach", t("A room in one hamlet is out of reach for the others.")),
            Slip(desk, "nobody-passes-by", t("A desk lives on people who pass by. Nobody passes by here.")),
            Slip(theme, "one-strength", one),
            Slip(host, "room-out-of-reach", t("There is no host in any of the hamlets; that is why they are "
                                              "left out."))]),
        marking.choice(given, "electricians", host, t("The electricians"), slips=[
            Slip(room, "rent-for-three-hours", t("A station of their own for three hours a week? Next door a room is "
                                                 "free.")),
            Slip(desk, "rent-for-three-hours", t("They do not wait for people who pass by; they need a room for their "
                                                 "tools.")),
            Slip(theme, "rent-for-three-hours", t("One strength they have. What they lack is a room, and next door one "
                                                  "is free.")),
            Slip(mobile, "rent-for-three-hours", t("Nobody here is out of reach. They need a room."))]),
    ]


def q7(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """What the list of requests says about a district in which hardly anybody asks."""
    return [marking.choice(given, "conclusion", 2, t("What follows for the quiet district"), slips=[
        Slip(0, "few-requests-few-needs", t("No request is not no need. Nobody may know whom to ask.")),
        Slip(1, "past-requests-rule", t("A list made from past requests sends help where people have always asked.")),
        Slip(3, "standard-finds-needs", t("A full checklist is an open house. It does not go out and ask.")),
    ])]


COUNT = {"unit": t("requests"), "whole": True, "low": 0}
SEATS = {"unit": t("seats"), "whole": True, "low": 0}
PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
PLACES = {"unit": t("stations"), "whole": True, "low": 0}
PER_100 = {"unit": t("for each 100"), "low": 0}
PRICE = {"unit": t("yuan"), "low": 0}

TASKS = (
    Task("q1", t("The way of a request, in four numbers"), 4, (
        Number("collected", **COUNT), Number("posted", **COUNT), Number("met", **COUNT),
        Number("met_per_100", **PER_100)), q1, hints=(
        t("Each request is one row. What became of it stands in the column `state`."),
        t("Posted are all but the rejected ones. Met are those that are done. The rate divides by all requests."))),
    Task("q2", t("One station's year"), 4, (
        Number("seats", **SEATS), Number("visits", **PEOPLE), Number("visits_per_100_seats", **PER_100),
        Number("rent_each", **PRICE)), q2, hints=(
        t("`mine` has the shifts of your station only. Add up the column `people_needed`, and then `came`."),
        t("100 * attendances / seats; and RENT / attendances."))),
    Task("q3", t("Left open, and never heard of"), 4, (
        Table("by_district", "district", ("unmet", "rate", "per_station")),
        Choice("worker", DISTRICTS, lettered=False)), q3, hints=(
        t("`left_open` has one row for each request that did not end in a service. Count them by district, and the "
          "stations likewise."),
        t("Two divisions: unmet by residents, for each thousand, and residents by stations. Needs that nobody heard of "
          "are looked for where most residents share one station."))),
    Task("q4", t("Regular or bunched?"), 3, (
        Number("weeks_open", unit=t("weeks"), whole=True, low=0, high=WEEKS), Number("top4_per_100", **PER_100),
        Choice("steady", STATIONS, lettered=False)), q4, hints=(
        t("`weeks` has 52 numbers, one for each week. Those above nothing are weeks with anybody."),
        t("For the busiest weeks use `nlargest`, as the text shows, and divide by the sum of all weeks. In the figure "
          "count bars, not heights."))),
    Task("q5", t("What the files say"), 4, (
        Number("complete", **PLACES), Number("quiet", **PLACES), Number("no_risk_per_100", **PER_100),
        Number("waiting_per_100", **PER_100)), q5, hints=(
        t("Filter first, then count the rows: `len(table[table[\"column\"] == value])`."),
        t("Of yes and no, `mean()` gives the share of yes. The others are the rest of the whole; then times 100."))),
    Task("q6", t("Which kind of station, or which host?"), 3, (
        Choice("estate", KINDS, lettered=False), Choice("ferry", KINDS, lettered=False),
        Choice("parents", KINDS, lettered=False), Choice("hamlets", KINDS, lettered=False),
        Choice("electricians", KINDS, lettered=False)), q6, hints=(
        t("Ask of each: do people live close together, pass by, live scattered, or share one special need? And who "
          "asks: people in need, or a team?"),
        t("Each letter is the best answer exactly once."))),
    Task("q7", t("A district in which hardly anybody asks"), 2, (Choice("conclusion", (
        t("Its people need little. Close its station and use the rent elsewhere."),
        t("Let a computer learn from past requests where help is needed, and follow its list."),
        t("Its needs are not known. Send somebody there to ask, and count how many residents share one station."),
        t("First see to it that its station has all six things; then the needs will come by themselves."))),), q7,
        hints=(
        t("What would you see in the file if the people there needed much and nobody listened?"),
        t("A need becomes a request only where somebody asks and somebody writes it down."))),
)
