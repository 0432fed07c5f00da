"""Checks of the capstone "A plan for a station": empty seats of the learner's own city, the team, the rules."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

import vsim
from vsim.course import Choice, Criterion, Number, Table, Task, marking, t
from vsim.course.marking import Slip

WEEKS, YEAR = 78, 52
LAST_DAY = pd.Timestamp("2026-07-05")            # the Sunday on which the register of 78 weeks closes
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 9))
NEIGHBOUR = "D03"
DAYS = {f"{day} {hour}": days for day, days in (("working day", 260), ("weekend", 104))
        for hour in ("morning", "afternoon", "evening")}
TIMES = tuple(DAYS)
LETTERS = ("A", "B", "C")
TENTH = 0.051                                    # half of a tenth, so that a rate rounded to one decimal is right
KEPT = {
    "districts": ["district", "name", "population", "residents"],
    "stations": ["station_id", "district", "kind", "opened_on"],
    "volunteers": ["volunteer_id", "district"],
    "activities": ["activity_id", "date", "district", "start_slot", "people_needed"],
    "service_records": ["record_id", "volunteer_id", "activity_id", "date", "hours"],
}


def city(seed: int) -> dict[str, pd.DataFrame]:
    """Return the registers of a learner's own city over its last 52 weeks; all of it comes from the seed."""
    base = vsim.scenario("cn_registry")
    world = base.world.model_copy(update={
        "residents": 12_000 + seed % 4_001, "districts": len(DISTRICTS), "prefectures": 2, "seed": seed,
        "registered_share": 0.16 + 0.1 * (seed // 4_001 % 1_009) / 1_009,
    })
    scenario = vsim.Scenario(name="my_city", world=world, start=base.start, weeks=WEEKS, warmup_weeks=base.warmup_weeks,
                             parameters={**base.parameters, "demand.tasks": 4 + 3 * (seed // 4_037_009 % 101) / 101})
    seen = vsim.registers(vsim.simulate(scenario, seed=seed))
    shifts = seen["activities"]
    shifts = shifts[shifts["date"] > LAST_DAY - pd.Timedelta(weeks=YEAR)]
    tables = {
        **seen, "activities": shifts,
        "service_records": seen["service_records"][seen["service_records"]["activity_id"].isin(shifts["activity_id"])],
    }
    return {name: tables[name][columns].reset_index(drop=True) for name, columns in KEPT.items()}


@dataclass(frozen=True)
class Truth:
    """What is true of one city, and what each known slip would make of it."""

    records: int
    people: int
    active: int
    registered: int
    by_district: pd.DataFrame = field(repr=False)
    by_time: pd.DataFrame = field(repr=False)

    @property
    def team(self) -> dict[str, float]:
        """The sum of the colleague's team, step by step."""
        seats = float(self.by_district["empty"][NEIGHBOUR]) / 3 / YEAR
        each = self.people / self.active / YEAR
        return {"seats_a_week": seats, "shifts_each": each, "active_needed": seats / each,
                "sign_ups": seats / each * self.registered / self.active}


def truth(tables: dict[str, pd.DataFrame]) -> Truth:
    """Return the truth about a city's registers."""
    districts, volunteers, shifts, records = (
        tables[name] for name in ("districts", "volunteers", "activities", "service_records"))
    people = records.drop_duplicates(["volunteer_id", "activity_id"])
    home = shifts.set_index("activity_id")["district"]
    frame = pd.DataFrame({
        "residents": districts.set_index("district")["residents"],
        "registered": volunteers["district"].value_counts(),
        "seats": shifts.groupby("district")["people_needed"].sum(),
        "came": people["activity_id"].map(home).value_counts(),
        "records": records["activity_id"].map(home).value_counts(),
        "shifts": shifts["district"].value_counts(),
    }).fillna(0).astype(int)
    frame["empty"] = frame["seats"] - frame["came"]
    frame["empty_per_1000"] = 1000 * frame["empty"] / frame["residents"]
    return Truth(records=len(records), people=len(people), active=people["volunteer_id"].nunique(),
                 registered=len(volunteers), by_district=frame, by_time=_by_time(shifts, people))


def _by_time(shifts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    day = shifts["start_slot"].floordiv(3).map(lambda number: "weekend" if number > 4 else "working day")
    hour = shifts["start_slot"].mod(3).map({0: "morning", 1: "afternoon", 2: "evening"})
    came = shifts["activity_id"].map(people["activity_id"].value_counts()).fillna(0)
    time = day + " " + hour
    frame = pd.DataFrame({"empty": (shifts["people_needed"] - came).groupby(time).sum(),
                          "seats": shifts["people_needed"].groupby(time).sum(), "days": pd.Series(DAYS)}).fillna(0)
    frame["empty_per_day"] = frame["empty"] / frame["days"]
    return frame


def faults(found: Truth) -> list[str]:
    """Return why a city is no fair question: a tie, or a wrong way that leads to the right value."""
    wrong = []
    frame, times = found.by_district, found.by_time
    rates, day = frame["empty_per_1000"].nlargest(2), times["empty_per_day"].nlargest(2)
    if rates.iloc[1] > 0.985 * rates.iloc[0] or frame["empty"].nlargest(2).iloc[1] > 0.985 * frame["empty"].max():
        wrong.append("two districts have nearly the most empty seats")
    if frame["empty"].idxmax() == rates.index[0]:
        wrong.append("the most empty seats are also the most for the size")
    if day.iloc[1] > 0.985 * day.iloc[0]:
        wrong.append("two times are nearly the scarcest")
    if times["empty"].idxmax() == day.index[0]:
        wrong.append("the most empty seats in a year are also the most on one day")
    if frame["came"].min() < 5 or (frame["records"] == frame["came"]).any():
        wrong.append("a district has hardly any service, or no doubled record")
    return wrong


def q1(given: dict[str, object], found: Truth) -> list[Criterion]:
    """The table of districts: who came, empty seats, and empty seats for each 1,000 residents."""
    frame = found.by_district
    rows = Slip(0, "records-not-people", t("The doubled records are in it. Count the rows of `came_to`: each person at "
                                           "each shift stands there once."))
    shifts = Slip(0, "shifts-not-people", t("These are shifts. One shift has several seats, and several people come."))
    filled = Slip(0, "came-for-empty", t("These are the people who came. The empty seats are those that are left."))
    upside = Slip(0, "sign-turned", t("Seats less those who came, not the other way round."))
    half = t("The way is right, but the doubled records are still in the numerator.")
    registered = Slip(0, "wrong-denominator", t("The denominator is the registered. A station serves all residents."))
    share = Slip(0, "share-not-per-1000", t("This is how many for each single resident. Times 1,000, it can be read."),
                 0.5)
    hundred = Slip(0, "per-100", t("This is for each 100 residents. The table asks for each 1,000."), 0.5)
    came = Slip(0, "came-per-1000", t("The numerator is the people who came. Take the empty seats."))
    seats = Slip(0, "seats-per-1000", t("The numerator is all posted seats. Take those that stayed empty."))
    rate = frame["empty_per_1000"]
    with_copies = frame["seats"] - frame["records"]
    return [
        marking.rows(given, "by_district", frame["came"].to_dict(), "came", t("People who came, by district"),
                     tolerance=0.0, slips=[(frame["records"].to_dict(), rows), (frame["shifts"].to_dict(), shifts)]),
        marking.rows(given, "by_district", frame["empty"].to_dict(), "empty", t("Empty seats, by district"),
                     tolerance=0.0, slips=[
                         (with_copies.to_dict(), Slip(0, "records-not-people", half, 0.5)),
                         (frame["came"].to_dict(), filled), ((-frame["empty"]).to_dict(), upside)]),
        marking.rows(given, "by_district", rate.to_dict(), "empty_per_1000",
                     t("Empty seats for each 1,000 residents, by district"), tolerance=TENTH, weight=2.0, slips=[
                         ((1000 * with_copies / frame["residents"]).to_dict(),
                          Slip(0, "records-not-people", half, 0.5)),
                         ((1000 * frame["empty"] / frame["registered"]).to_dict(), registered),
                         ((rate / 1000).to_dict(), share), ((rate / 10).to_dict(), hundred),
                         ((1000 * frame["came"] / frame["residents"]).to_dict(), came),
                         ((1000 * frame["seats"] / frame["residents"]).to_dict(), seats)]),
    ]


def _differing(slips: list[Slip], right: int) -> list[Slip]:
    """Return the slips that lead to another option than the right one."""
    return [slip for slip in slips if slip.value != right]


def q2(given: dict[str, int], found: Truth) -> list[Criterion]:
    """The most empty seats in number, and for the size of the district."""
    frame = found.by_district
    number = DISTRICTS.index(str(frame["empty"].idxmax()))
    size = DISTRICTS.index(str(frame["empty_per_1000"].idxmax()))
    least = DISTRICTS.index(str(frame["empty"].idxmin()))
    low = DISTRICTS.index(str(frame["empty_per_1000"].idxmin()))
    names = DISTRICTS.index(str((frame["empty"] / frame["registered"]).idxmax()))
    posted = DISTRICTS.index(str(frame["seats"].idxmax()))
    return [
        marking.choice(given, "most_in_number", number, t("The most empty seats in number"), slips=_differing([
            Slip(size, "rate-for-number", t("This district has the most for its size. The question is about the number "
                                            "alone.")),
            Slip(least, "lowest", t("Here the fewest seats stayed empty. The question asks for the most.")),
            Slip(posted, "posted-not-empty", t("Here the most seats were posted. How many of them stayed empty?"))],
            number)),
        marking.choice(given, "most_for_its_size", size, t("The most empty seats for its size"), slips=_differing([
            Slip(number, "number-for-rate", t("This district has the most empty seats in number. A large district has "
                                              "more of everything: divide by its residents.")),
            Slip(low, "lowest", t("Here the fewest seats stayed empty for the size. The question asks for the most.")),
            Slip(names, "wrong-denominator", t("Here empty seats are most for each registered volunteer. The "
                                               "federation "
                                               "asks about the people who live there."))], size)),
    ]


def q3(given: dict[str, object], found: Truth) -> list[Criterion]:
    """Empty seats on one day, by time."""
    frame = found.by_time
    right = TIMES.index(str(frame["empty_per_day"].idxmax()))
    weekly = (frame["empty"] / 52).to_dict()
    return [
        marking.rows(given, "by_time", frame["empty_per_day"].to_dict(), "empty_per_day", t("Empty seats on one day"),
                     tolerance=TENTH, weight=2.0, slips=[
                         (frame["empty"].to_dict(), Slip(0, "no-denominator", t(
                             "These are the empty seats of the year. Divide by the days."))),
                         (weekly, Slip(0, "per-week", t(
                             "These are empty seats a week. A working week has five working days: divide by `days`."))),
                         ((frame["empty"] / 364).to_dict(), Slip(0, "all-days", t(
                             "The denominator is all days of the year. Divide each row by its own days."))),
                         ((frame["seats"] / frame["days"]).to_dict(), Slip(0, "posted-not-empty", t(
                             "These are all posted seats on one day. Take those that stayed empty."))),
                         ((frame["days"] / frame["empty"]).to_dict(), Slip(0, "upside-down", t(
                             "Numerator and denominator have changed places.")))]),
        marking.choice(given, "scarcest", right, t("The time with the most empty seats on one day"), slips=_differing([
            Slip(TIMES.index(str(frame["empty"].idxmax())), "no-denominator", t(
                "At this time the most seats stay empty in a year. But a year has more working days than days of the "
                "weekend: look at one day.")),
            Slip(TIMES.index(str(frame["empty_per_day"].idxmin())), "lowest", t(
                "At this time the fewest seats stay empty on one day. The station opens when hands are scarcest.")),
        ], right)),
    ]


def q4(given: dict[str, float], found: Truth) -> list[Criterion]:
    """The sum of the colleague's team; a later step is judged by the learner's own earlier ones as well."""
    right = found.team
    frame = found.by_district
    steps = ("seats_a_week", "shifts_each", "active_needed")
    own = dict(right) | {name: given[name] for name in steps if name in given}
    share = found.active / found.registered
    follow = t("Worked out rightly from your earlier step; mend that one.")

    def later(name: str, label: str, value: float, slips: list[Slip]) -> Criterion:
        """Judge a step: rightly worked out from a wrong earlier step earns three quarters."""
        reach = 0.011 * min(right[name], value or right[name])
        carried = Slip(value, "carried-on", follow, 0.75)
        return marking.number(given, name, right[name], label, tolerance=reach, slips=[carried, *slips])

    return [
        marking.number(given, "seats_a_week", right["seats_a_week"], t("A third of the empty seats, a week"),
                       tolerance=TENTH, slips=[
            Slip(3 * right["seats_a_week"], "not-a-third", t("These are all empty seats a week. She wants a third.")),
            Slip(YEAR * right["seats_a_week"], "no-window", t("This is a third of the empty seats of the year. Divide "
                                                              "by "
                                                              "52 weeks."), 0.5),
            Slip(3 * YEAR * right["seats_a_week"], "no-window", t("These are the empty seats of the year. She wants a "
                                                                  "third of them, a week.")),
            Slip(float(frame["seats"][NEIGHBOUR]) / 3 / YEAR, "posted-not-empty", t(
                "This is a third of all posted seats. Take the empty ones.")),
            Slip(float(frame["empty"].sum()) / 3 / YEAR, "whole-city", t("This is the whole city. Take the row of "
                                                                         "D03.")),
        ]),
        marking.number(given, "shifts_each", right["shifts_each"], t("Shifts of one active volunteer, a week"),
                       tolerance=0.011 * right["shifts_each"], slips=[
            Slip(YEAR * right["shifts_each"], "no-window", t("These are the shifts of one person in a year. Divide by "
                                                             "52 "
                                                             "weeks."), 0.5),
            Slip(found.people / found.registered / YEAR, "wrong-denominator", t(
                "The denominator is the registered. Most of them never came: take the active.")),
            Slip(found.people / YEAR, "no-denominator", t("These are the shifts of all together, a week. Divide by the "
                                                          "active people.")),
            Slip(1 / right["shifts_each"], "upside-down", t("Numerator and denominator have changed places.")),
            Slip(found.records / found.active / YEAR, "records-not-people", t(
                "The doubled records are in it. Take the rows of `people`."), 0.5),
        ]),
        later("active_needed", t("Active people that it takes"), own["seats_a_week"] / (own["shifts_each"] or 1), [
            Slip(right["seats_a_week"] * right["shifts_each"], "times-not-divided", t(
                "Seats were multiplied by shifts. If everybody takes less than one shift a week, it takes more people "
                "than seats."))]),
        later("sign_ups", t("Sign-ups that it takes"), own["active_needed"] / share, [
            Slip(own["active_needed"] * share, "times-not-divided", t(
                "Only some of those who sign up become active. So it takes more sign-ups than active people, not "
                "fewer.")),
            Slip(own["active_needed"], "registered-is-active", t(
                "Not everybody who signs up becomes active. Divide by the share that does."))]),
    ]


def q5(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """What must be settled first, what is forbidden, what is free."""
    first, never, free = range(3)
    lawful = t("The shift itself is lawful, and useful. Something must be settled before it.")
    return [
        marking.choice(given, "snow", first, t("Clearing snow"), slips=[
            Slip(never, "forbidden-not-first", lawful),
            Slip(free, "free-not-first", t("People may fall. Before service with danger to the body, insurance must be "
                                           "bought: article 17 of the Regulation."))]),
        marking.choice(given, "fee", never, t("Money for a certificate"), slips=[
            Slip(first, "price-can-be-settled", t("No price is the right one. Certificates are free of charge: "
                                                  "article 19 "
                                                  "of the Regulation.")),
            Slip(free, "free-not-forbidden", t("Certificates of service are free of charge: article 19 of the "
                                               "Regulation, and Order 67, article 3."))]),
        marking.choice(given, "first_aid", first, t("First aid"), slips=[
            Slip(never, "forbidden-not-first", lawful),
            Slip(free, "free-not-first", t("Where a task needs special skills, training comes first: article 16 of the "
                                           "Regulation."))]),
        marking.choice(given, "door_list", never, t("The list at the door"), slips=[
            Slip(first, "notice-is-not-consent", t("As it hangs there, it shows what nobody has agreed to. It comes "
                                                   "down, "
                                                   "whatever is settled later: article 20 of the Regulation.")),
            Slip(free, "free-not-forbidden", t("Nothing about a volunteer may be disclosed without consent: article 20 "
                                               "of the Regulation."))]),
        marking.choice(given, "letter", free, t("The letter of thanks"), slips=[
            Slip(first, "nice-not-needed", t("Thanks are good practice. No rule asks for a letter, and service can "
                                             "begin "
                                             "without it.")),
            Slip(never, "thanks-not-pay", t("A letter is no pay. What is unpaid may still be thanked for."))]),
        marking.choice(given, "sunday", free, t("Open on Sunday"), slips=[
            Slip(first, "hours-not-ruled", t("No rule of these two names opening hours. They follow from your "
                                             "numbers.")),
            Slip(never, "hours-not-ruled", t("No rule of these two forbids a day. Open when people can come."))]),
    ]


def q6(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """What few posted seats say."""
    return [marking.choice(given, "silence", 1, t("The quiet district"), slips=[
        Slip(0, "posted-is-needed", t("Seats are posted by organisers. A need that nobody asked about is posted by "
                                      "nobody.")),
        Slip(2, "few-empty-is-good", t("Few empty seats can mean that few were posted. Look at the seats as well.")),
        Slip(3, "blames-people", t("People can fill only seats that are there. The table says nothing about their "
                                   "will.")),
    ])]


def q7(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """What shows that a station was worth its money."""
    return [marking.choice(given, "proof", 3, t("The number that answers the council"), slips=[
        Slip(0, "names-not-service", t("A register fills with names. The council asks whether people were helped.")),
        Slip(1, "moved-not-made", t("Hours at this station may have moved here from another one. And how many would "
                                    "have "
                                    "been given anyway?")),
        Slip(2, "before-after", t("A year can be good or bad for all districts. Without a comparison the station is "
                                  "praised, or blamed, for the year.")),
    ])]


COLUMNS = ("came", "empty", "empty_per_1000")
DESK = ("snow", "fee", "first_aid", "door_list", "letter", "sunday")

TASKS = (
    Task("q1", t("Where seats stay empty"), 4, (Table("by_district", "district", COLUMNS),), q1, hints=(
        t("`came_to` has one row for each person at each shift, with the district. `value_counts()` counts the rows of "
          "each district; look at how `seats` puts a number beside each district."),
        t("Columns of one table are subtracted and divided row by row: by_district[\"seats\"] - "
          "by_district[\"came\"]."),
        t("For each thousand: the part times a thousand, divided by the residents."))),
    Task("q2", t("Two districts that are easily mixed up"), 2, (
        Choice("most_in_number", DISTRICTS, lettered=False), Choice("most_for_its_size", DISTRICTS, lettered=False)),
        q2,
        hints=(
            t("Both answers stand in the table of the first task, in two columns."),
            t("`by_district.sort_values(\"empty\")` sorts by a column; the last row has the most."))),
    Task("q3", t("When hands are scarcest"), 3, (
        Table("by_time", "time", ("empty_per_day",)), Choice("scarcest", TIMES, lettered=False)), q3, hints=(
        t("The column `days` says how many such days a year has. Which column is divided by it?"),
        t("Sort by the new column, and copy the name of the time as it stands."))),
    Task("q4", t("How many people a station needs"), 4, (
        Number("seats_a_week", unit=t("seats a week"), low=0), Number("shifts_each", unit=t("shifts a week"), low=0),
        Number("active_needed", unit=t("people"), low=0), Number("sign_ups", unit=t("people"), low=0)), q4, hints=(
        t("One step at a time, and ask after each: should the number become larger or smaller?"),
        t("`len(people)` counts the shifts that were taken. Shared among the active people, and among 52 weeks, it is "
          "less than one."),
        t("Who takes a tenth of a shift a week fills one seat in ten weeks: so it takes ten such people for one seat a "
          "week. Sign-ups are more again."))),
    Task("q5", t("First, never, or free"), 3, tuple(Choice(name, LETTERS, lettered=False) for name in DESK), q5, hints=(
        t("Ask of each: does a rule speak of it? If not, the station is free."),
        t("If a rule does: can it be met by doing something first, or does the thing itself break it?"))),
    Task("q6", t("The quiet district"), 1, (Choice("silence", (
        t("People there need less help than elsewhere, so few seats were posted."),
        t("Few seats were posted there. Whether people need little or nobody asked them, these tables do not say."),
        t("The stations there work best, for few seats stayed empty."),
        t("The people there are less willing to serve."))),), q6, hints=(
        t("Who writes a shift into the table, and what must have happened before?"),
        t("Take a need that no station has heard of. In which column would you see it?"))),
    Task("q7", t("The question after a year"), 1, (Choice("proof", (
        t("The number of people on the register of the station."),
        t("The hours that were recorded at the station in the year."),
        t("How much the filled seats for each 100 posted in the district have changed in a year."),
        t("How much the filled seats for each 100 posted have changed in a year, less the same change in districts "
          "without "
          "a new station."))),), q7, hints=(
        t("What would the number be if the station had never opened?"),
        t("A year can lift or lower all districts at once. Which number takes that out?"))),
)
