"""Checks of the unit "Indicators and denominators": a city of the learner's own, its indicators, how answers earn."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from math import floor

import pandas as pd

import vsim
from vsim.course import Choice, Criterion, Function, Number, Table, Task, marking, t
from vsim.course.marking import Slip

WEEKS = 104
YEAR, HALF = pd.Timedelta(weeks=52), pd.Timedelta(weeks=26)
LAST_DAY = pd.Timestamp("2027-01-03")            # the Sunday on which the registers of 104 weeks close
OPEN_FROM, OPEN_TO = LAST_DAY - HALF - YEAR + pd.Timedelta(days=1), LAST_DAY - HALF
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 11))
ASKED = ("D01", "D02", "D03")
LETTERS = ("A", "B", "C", "D")
RATE, STARS = 0.051, 0.0051                      # half of a tenth and of a hundredth, for rounded answers
CONTENT, LEAST_HOURS = 4, 20                     # stars from which somebody is content; hours of definition B
OFFICES = ("postings", "ratings", "stations", "status")
KEPT = {
    "volunteers": ["volunteer_id", "district", "registered_on"],
    "service_records": ["record_id", "volunteer_id", "date", "hours"],
    "venues": ["week", "district", "station_id", "kind", "has_station"],
    "attendance": ["date", "district", "volunteer_id", "activity_id"],
    "ratings": ["activity_id", "volunteer_id", "stars"],
    "status_history": ["week", "step", "volunteer_id", "status"],
}


def city(seed: int) -> dict[str, pd.DataFrame]:
    """Return the papers of a learner's own city: its size, its register, its list of venues, its luck."""
    base = vsim.scenario("riverside")
    world = base.world.model_copy(update={
        "residents": 15_000 + seed % 5_003, "districts": len(DISTRICTS), "prefectures": 2, "seed": seed,
        "registered_share": 0.17 + 0.08 * (seed // 5_003 % 1_009) / 1_009,
    })
    plan = vsim.Scenario(name="my_city", world=world, start=base.start, weeks=WEEKS, warmup_weeks=base.warmup_weeks,
                         parameters={**base.parameters, "stations.venue_new": 0.4,
                                     "stations.plan_venue": 4 + seed // 509_850_727 % 3})
    plan = plan.with_levers(
        vsim.Venues(coverage=0.6 + 0.2 * (seed // 5_048_027 % 101) / 101), vsim.Dormancy(start_week=52),
        vsim.Rating(prompt=0, anonymous=0, closing=0),
        vsim.Rating(prompt=1, anonymous=1, closing=0, districts=list(ASKED)))
    run = vsim.simulate(plan, seed=seed)
    seen = vsim.registers(run) | vsim.paperwork(run, OFFICES)
    seen["attendance"] = seen["attendance"].query("status == 'came' and week >= 52")
    seen["ratings"] = seen["ratings"].query("rater == 'beneficiary' and week >= 52")
    seen["status_history"] = seen["status_history"].query("entity == 'volunteer'")
    return {name: seen[name][columns].reset_index(drop=True) for name, columns in KEPT.items()}


@dataclass(frozen=True)
class Truth:
    """What is true of one city, and what each known slip would make of it."""

    registered: int
    asleep: int
    cohort: int
    stayed: int
    now: int
    records: tuple[int, int]                     # of the first and of the second year
    joined: int
    ripe: int
    begun: int
    ever: int                                    # of the ripe, with a record at any time
    soon: int                                    # of all, with a record within 26 weeks
    early: int
    served: int                                  # services of the last 52 weeks
    rated: int
    content: int
    plain: float
    weighted: float
    halves: float
    busy: int                                    # with 20 hours or more
    long: int                                    # records of 20 hours or more
    monthly: pd.DataFrame = field(repr=False)
    by_district: pd.DataFrame = field(repr=False)

    @property
    def kept(self) -> float:
        """Kept, for each 100 of the cohort of the whole city."""
        return 100 * self.stayed / self.cohort

    @property
    def dip(self) -> int:
        """Number of the month in which the cover falls most."""
        steps = self.monthly["cover"].diff().fillna(0.0).tolist()
        return 1 + steps.index(min(steps))

    @property
    def outside(self) -> pd.Series:
        """Whether a district's interval leaves out the rate of the city."""
        frame = self.by_district
        return pd.Series((frame["low"] > self.kept) | (frame["high"] < self.kept))


def truth(tables: dict[str, pd.DataFrame]) -> Truth:
    """Return the truth about a city's papers."""
    volunteers, records = tables["volunteers"], tables["service_records"]
    joined = volunteers["registered_on"]
    wait = volunteers["volunteer_id"].map(records.groupby("volunteer_id")["date"].min()) - joined
    ripe = joined.between(OPEN_FROM, OPEN_TO)
    recent = records[records["date"] > LAST_DAY - YEAR]
    before, now = set(records.loc[records["date"] <= LAST_DAY - YEAR, "volunteer_id"]), set(recent["volunteer_id"])
    services = tables["attendance"].merge(tables["ratings"], how="left", on=["activity_id", "volunteer_id"])
    groups = services.groupby(services["district"].isin(ASKED))["stars"].agg(["size", "mean"])
    status = tables["status_history"].sort_values(["week", "step"]).groupby("volunteer_id")["status"].last()
    monthly = pd.DataFrame(tables["venues"].groupby("week")["has_station"].agg(listed="size", covered="sum"))
    monthly = monthly.reset_index(drop=True)
    monthly["cover"] = 100 * monthly["covered"] / monthly["listed"]
    hours = recent.groupby("volunteer_id")["hours"].sum()
    return Truth(
        registered=len(volunteers), asleep=int((status == "dormant").sum()), cohort=len(before),
        stayed=len(before & now), now=len(now), records=(len(records) - len(recent), len(recent)), joined=len(joined),
        ripe=int(ripe.sum()), begun=int((ripe & (wait <= HALF)).sum()), ever=int((ripe & wait.notna()).sum()),
        soon=int((wait <= HALF).sum()), early=int((joined > OPEN_TO).sum()), served=len(services),
        rated=int(services["stars"].notna().sum()), content=int((services["stars"] >= CONTENT).sum()),
        plain=float(services["stars"].mean()),
        weighted=float((groups["size"] * groups["mean"]).sum() / groups["size"].sum()),
        halves=float(groups["mean"].mean()), busy=int((hours >= LEAST_HOURS).sum()),
        long=int((recent["hours"] >= LEAST_HOURS).sum()), monthly=monthly,
        by_district=_by_district(volunteers, before, now))


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the interval of 95 % of a rate for each 100 (Wilson 1927)."""
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


def _by_district(volunteers: pd.DataFrame, before: set[str], now: set[str]) -> pd.DataFrame:
    home = volunteers.set_index("volunteer_id")["district"]
    people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
    frame = pd.DataFrame(people.groupby("district")["stayed"].agg(cohort="size", stayed="sum"))
    frame["now"] = pd.Series([home[who] for who in now]).value_counts()
    frame["kept"] = 100 * frame["stayed"] / frame["cohort"]
    ends = [interval(part, whole) for part, whole in zip(frame["stayed"], frame["cohort"], strict=True)]
    frame["low"], frame["high"] = [low for low, _ in ends], [high for _, high in ends]
    return frame


def faults(found: Truth) -> list[str]:
    """Return why a city is no fair question: a wrong way that leads to the right value, or a tie."""
    wrong = []
    frame, cover = found.by_district, found.monthly["cover"]
    falls = cover.diff().nsmallest(2)
    if found.now <= found.cohort:
        wrong.append("the stock does not grow, as the draft says")
    if len(frame) < len(DISTRICTS) or frame["cohort"].min() < 25:
        wrong.append("a district has a cohort of fewer than 25")
    if found.ripe < 60 or found.begun < 15 or found.ever < found.begun + 5 or found.early < 20:
        wrong.append("too few newcomers, or none of them begins late")
    if falls.iloc[0] > -0.4 or falls.iloc[1] - falls.iloc[0] < 0.1:
        wrong.append("the cover hardly falls, or in two months alike")
    if found.monthly["covered"].diff().min() < 0 or min(
            abs(cover.mean() - other) for other in (cover.iloc[-1], (cover.iloc[0] + cover.iloc[-1]) / 2)) < 0.11:
        wrong.append("a station closes, or the mean of the cover says no more than its ends")
    if min(abs(found.plain - found.weighted), abs(found.halves - found.weighted)) < 0.012:
        wrong.append("weighing the stars hardly matters")
    top = frame["kept"].nlargest(2)
    if top.iloc[0] - top.iloc[1] < 0.3 or frame["kept"].idxmax() in (frame["stayed"].idxmax(), frame["now"].idxmax()):
        wrong.append("two districts are nearly first, or the largest is the first")
    edges = pd.concat([frame["low"], frame["high"]]) - found.kept
    if int(found.outside.sum()) == int((frame["kept"] > found.kept).sum()) or edges.abs().min() < 0.05:
        wrong.append("an interval ends at the rate of the city")
    return wrong


def _rate(given: dict[str, float], name: str, right: float, label: str, slips: list[Slip]) -> Criterion:
    """Judge a rate for each 100; a share and the rate upside down are slips of every rate."""
    if given.get(name) is not None and abs(given[name] - right / 100) <= 0.0051:
        return Criterion(label, 0.5, 1.0, t("This is a share between 0 and 1. The question asks how many for each "
                                            "100."), "share-not-per-100")
    turned = Slip(1e4 / right if right else 0.0, "upside-down", t("Numerator and denominator have changed places."))
    return marking.number(given, name, right, label, tolerance=RATE, slips=[*slips, turned])


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """The cohort, who stayed, and the two rates."""
    cohort, stayed, now = found.cohort, found.stayed, found.now
    return [
        marking.number(given, "cohort", cohort, t("People of the cohort"), slips=[
            Slip(now, "second-year", t("These are the people of the second year. The cohort is closed in the first.")),
            Slip(found.records[0], "records-not-people", t("These are records. Count each person once."))]),
        marking.number(given, "stayed", stayed, t("Those of the cohort who came again"), slips=[
            Slip(now, "stock", t("These are all people of the second year. Some were not in the cohort.")),
            Slip(cohort - stayed, "left", t("These are those who did not come again."))]),
        _rate(given, "kept", found.kept, t("Kept, for each 100 of the cohort"), [
            Slip(100 * now / cohort, "stock", t("This compares two stocks. In the numerator belong only people of the "
                                                "cohort.")),
            Slip(100 * stayed / now, "second-year", t("The denominator is the second year. Take the cohort.")),
            Slip(100 - found.kept, "left", t("This is how many have gone, for each 100."))]),
        _rate(given, "stock", 100 * now / cohort, t("The number of the draft"), [
            Slip(found.kept, "cohort", t("This is the rate of the cohort. The draft divides the people of one year by "
                                         "those of the other.")),
            Slip(100 * found.records[1] / found.records[0], "records-not-people", t(
                "This divides records. Count each person once."))]),
    ]


def q2(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Newcomers who have had the time."""
    return [
        marking.number(given, "ripe", found.ripe, t("Newcomers who have had 26 weeks"), slips=[
            Slip(found.joined, "no-window", t("This is the whole register. Take those of the 52 weeks.")),
            Slip(found.ripe + found.early, "no-time", t("Some of these have not had 26 weeks yet."))]),
        marking.number(given, "begun", found.begun, t("Those who began within 26 weeks"), slips=[
            Slip(found.ever, "ever", t("These began at any time. Count those with a wait of at most 26 weeks.")),
            Slip(found.soon, "no-window", t("These are of the whole register. Take the rows of `had_time`."))]),
        _rate(given, "begun_rate", 100 * found.begun / found.ripe, t("For each 100 who have had the time"), [
            Slip(100 * found.ever / found.ripe, "ever", t("The numerator counts everybody who ever began.")),
            Slip(100 * found.soon / found.joined, "no-window", t("This is of the whole register.")),
            Slip(100 * found.begun / (found.ripe + found.early), "no-time", t(
                "In the denominator stand people who have not had their time."))]),
        marking.number(given, "too_early", found.early, t("Those who cannot be counted yet"), slips=[
            Slip(found.ripe, "ripe", t("These have had their time. Count those who registered after them.")),
            Slip(found.joined - found.ripe, "everybody-else", t(
                "These are all others. Those who registered long ago are not too early."))]),
    ]


def q3(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Cover of the last month and on average, the month of the dip, and why."""
    rows = found.monthly
    cover, covered, listed = (rows[name].tolist() for name in ("cover", "covered", "listed"))
    steps = [after - before for before, after in itertools.pairwise(cover)]
    return [
        _rate(given, "cover_last", cover[-1], t("Cover of the last month"), [
            Slip(cover[0], "other-end", t("This is the first month.")),
            Slip(100 * covered[-1] / listed[0], "old-list", t(
                "The denominator is the first month's list. Take the list of the same month.")),
            Slip(100.0, "own-list", t("The denominator is made of the numerator. Take the whole list."))]),
        _rate(given, "cover_mean", sum(cover) / len(cover), t("Mean of the cover over all months"), [
            Slip((cover[0] + cover[-1]) / 2, "two-ends", t("This is the mean of the first and the last month alone.")),
            Slip(cover[-1], "last-month", t("This is the last month alone.")),
            Slip(cover[0], "first-month", t("This is the first month."))]),
        marking.number(given, "dip_month", found.dip, t("The month of the dip"), slips=_differing([
            Slip(found.dip - 1, "counted-from-zero", t("This is the place in the table, from 0, or the month before. "
                                                       "The column `month` counts from 1."), 0.5),
            Slip(cover.index(min(cover)) + 1, "lowest-not-falling", t(
                "In this month the cover is lowest. The question is where it falls most against the month before.")),
            Slip(1 + steps.index(max(steps)) + 1, "rise", t("In this month the cover rises most.")),
        ], found.dip)),
        marking.choice(given, "reason", 1, t("Why the cover falls"), slips=[
            Slip(0, "closed", t("Look at the column `covered`: it never falls.")),
            Slip(2, "moved", t("Covered venues stay on the list. Look at the column `listed`.")),
            Slip(3, "error", t("Both counts are right. It is their ratio that moves."))]),
    ]


WHY = (t("The sentence says rightly who is counted. Look at the other lines."),
       t("The sentence says rightly out of whom. Look at the other lines."),
       t("The sentence says over which time. Look at the other lines."),
       t("Nothing shows that the source is bad. Look at what is divided by what, and when."))
CARDS = {"ratings": (1, t("The draft on ratings")), "active": (2, t("The draft on active people")),
         "hours": (3, t("The draft on hours")), "kept_people": (0, t("The draft on those who were kept")),
         "cover": (1, t("The draft on venues"))}


def q4(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Which line of each card is broken."""
    return [marking.choice(given, name, right, label, slips=[
        Slip(place, "other-line", why) for place, why in enumerate(WHY) if place != right])
        for name, (right, label) in CARDS.items()]


def _differing(slips: list[Slip], right: float) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if slip.value != right]


def q5(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Answers, bounds, the weighed mean and what it cannot mend."""
    served, rated, content = found.served, found.rated, found.content
    among = Slip(100 * content / rated, "of-those-who-answered", t(
        "The denominator is the ratings. Here it is all services."))
    return [
        _rate(given, "answered", 100 * rated / served, t("Services with a rating"), [
            Slip(100 - 100 * rated / served, "silent", t("These are the silent."))]),
        _rate(given, "at_least", 100 * content / served, t("Surely content"), [among]),
        _rate(given, "at_most", 100 * (content + served - rated) / served, t("At most content"), [
            among, Slip(100 * (served - rated) / served, "silent", t(
                "These are the silent alone. Those who said that they were content belong to them.")),
            Slip(100.0, "everybody", t("Not everybody can be content: some have said that they are not."))]),
        marking.number(given, "weighted", found.weighted, t("The weighed mean"), tolerance=STARS, slips=[
            Slip(found.plain, "plain-mean", t("This is the plain mean: each rating weighs the same, and the districts "
                                              "that ask are heard too loudly.")),
            Slip(found.halves, "halves", t("Here both groups weigh the same. Weigh each by its services."))]),
        marking.choice(given, "limit", 2, t("What weighing cannot mend"), slips=[
            Slip(0, "between-groups", t("That is what the weighing mends.")),
            Slip(1, "size", t("That is what the weighing mends: each group counts by its services.")),
            Slip(3, "cleaning", t("A rating counts once here, weighed or not."))]),
    ]


def q6(given: dict[str, object], found: Truth) -> list[Criterion]:
    """The table of districts, the first of them, and which differ by more than luck."""
    frame = found.by_district
    kept, stocks = _rates(frame["stayed"], frame["cohort"]), _rates(frame["now"], frame["cohort"])
    stock = Slip(0, "stock", t("These compare two stocks. Divide those who stayed by the cohort."))
    share = Slip(0, "share-not-per-100", t("These are shares between 0 and 1. The table asks for each 100."), 0.5)
    first = _place(frame["kept"].idxmax())
    places = {
        "lowest": (frame["kept"].idxmin(), t("This district has the lowest rate.")),
        "most-stayed": (frame["stayed"].idxmax(), t("In this district most people stayed. A large district has many of "
                                                    "every kind: look at the rate.")),
        "most-now": (frame["now"].idxmax(), t("This district has most active people. Look at the rate.")),
    }
    outside = int(found.outside.sum())
    inside = len(frame) - outside
    return [
        marking.rows(given, "by_district", kept, "kept", t("Kept, by district"), tolerance=RATE, slips=[
            (stocks, stock), ({place: rate / 100 for place, rate in kept.items()}, share)]),
        marking.choice(given, "top", first, t("The district with the highest rate"), slips=_differing([
            Slip(_place(place), name, reason) for name, (place, reason) in places.items()], first)),
        marking.number(given, "clear", outside, t("Districts that differ by more than luck"), slips=_differing([
            Slip(inside, "inside", t("In these districts the interval holds the city's rate.")),
            Slip(int((frame["kept"] > found.kept).sum()), "above", t(
                "These have a higher rate than the city. Look at the whole interval.")),
            Slip(int((frame["low"] > found.kept).sum()), "one-side", t(
                "These lie above. An interval can lie below too."), 0.5),
            Slip(len(frame), "follow-through", t(
                "Counted well, but with a `kept` of task 1 that is not the rate of the cohort."), 0.75)], outside)),
        marking.choice(given, "claim", 0, t("What the table supports"), slips=[
            Slip(1, "first-is-best", t("Somebody must stand first, even where all are alike.")),
            Slip(2, "overlap-is-equal", t("An interval that holds the city's rate does not show that they are equal. "
                                          "It shows that one cannot tell.")),
            Slip(3, "small-is-narrow", t("It is the other way round: few people, a wide interval."))]),
    ]


def _rates(part: pd.Series, whole: pd.Series) -> dict[str, float]:
    """Return a rate for each 100 by district."""
    return {str(place): 100 * float(part[place]) / float(whole[place]) for place in whole.index}


def _place(district: object) -> int:
    return DISTRICTS.index(str(district))


def active_rate(records: pd.DataFrame, registered: int, last_day: pd.Timestamp, weeks: int, least: float) -> float:
    """Return people with a record and the least hours in the window up to the last day, for each 100 registered."""
    return 100 * int((_hours(records, last_day, weeks) >= least).sum()) / registered


def _hours(records: pd.DataFrame, last_day: pd.Timestamp, weeks: int) -> pd.Series:
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    return window.groupby("volunteer_id")["hours"].sum()


def _share(records: pd.DataFrame, registered: int, last_day: pd.Timestamp, weeks: int, least: float) -> float:
    return active_rate(records, registered, last_day, weeks, least) / 100


def _any(records: pd.DataFrame, registered: int, last_day: pd.Timestamp, weeks: int, least: float) -> float:
    return 100 * len(_hours(records, last_day, weeks)) / registered


def _more(records: pd.DataFrame, registered: int, last_day: pd.Timestamp, weeks: int, least: float) -> float:
    return 100 * int((_hours(records, last_day, weeks) > least).sum()) / registered


def _of_active(records: pd.DataFrame, registered: int, last_day: pd.Timestamp, weeks: int, least: float) -> float:
    hours = _hours(records, last_day, weeks)
    return 100 * int((hours >= least).sum()) / max(1, len(hours))


def probes(seed: int) -> list[list[object]]:
    """Return six small registers: doubled and late records, hours that just reach the least, one without a record."""
    found: list[list[object]] = []
    for place in range(6):
        number = (seed >> (7 * place)) & 0xFFFF
        last = pd.Timestamp("2024-12-29") + pd.Timedelta(weeks=number % 40)
        weeks, least = (13, 26, 52)[(number + place) % 3], (0, 2, 6)[place % 3]
        rows: list[list[object]] = []
        for step in range(1, 12 + number % 13):
            day = last - pd.Timedelta(days=(number * step * 37) % (7 * weeks + 60) - 20)
            rows.append([f"V-{1 + number * step % 9}", str(day.date()), 0.5 + 0.25 * floor((number + step) % 7)])
        edge = last - pd.Timedelta(weeks=weeks)
        rows += [["V-90", str(last.date()), float(max(least, 1))], ["V-91", str(edge.date()), 9.0],
                 ["V-92", str((last + pd.Timedelta(days=3)).date()), 9.0]]                # just in, too old, too late
        rows = [] if place == 5 else rows
        found.append([{"columns": ["volunteer_id", "date", "hours"], "rows": rows, "dates": ["date"]},
                      40 + number % 61, {"date": str(last.date())}, weeks, least])
    return found


def q7(given: dict[str, object], found: Truth) -> list[Criterion]:
    """Three definitions of active, and one function for two of them."""
    here = found.registered
    numbers: dict[str, float] = {name: value for name, value in given.items() if isinstance(value, int | float)}
    return [
        _rate(numbers, "rate_record", 100 * found.now / here, t("Active: at least one record"), [
            Slip(100 * found.records[1] / here, "records-not-people", t("This counts records. Count people.")),
            Slip(100 * found.busy / here, "other-definition", t("This is the rate with 20 hours."))]),
        _rate(numbers, "rate_hours", 100 * found.busy / here, t("Active: 20 hours or more"), [
            Slip(100 * found.long / here, "one-record", t("This counts single records of 20 hours. Add up the hours of "
                                                          "each person first.")),
            Slip(100 * found.busy / found.now, "of-the-active", t("The denominator is those with a record. Take the "
                                                                  "registered.")),
            Slip(100 * found.now / here, "other-definition", t("This is the rate with at least one record."))]),
        _rate(numbers, "rate_roll", 100 * (here - found.asleep) / here, t("Active: not asleep on the roll"), [
            Slip(100 * found.asleep / here, "asleep", t("These are asleep. Count the others.")),
            Slip(100 * found.now / (here - found.asleep), "on-the-roll", t(
                "This is people with a record, for each 100 on the roll. The question is how many are on it."))]),
        marking.outputs(given, "active_rate", active_rate, t("The rate for registers that you have not seen"),
                        tolerance=RATE, weight=2.0, slips=[
            (_any, Slip(0, "least-forgotten", t("It counts everybody with a record, whatever the hours."), 0.25)),
            (_more, Slip(0, "more-than", t("It counts those with more than the least hours. Those who just reach it "
                                           "belong to them."), 0.5)),
            (_of_active, Slip(0, "of-the-active", t("The denominator is those with a record. Take `registered`."))),
            (_share, Slip(0, "share-not-per-100", t("It returns a share between 0 and 1. Return how many for each "
                                                    "100."), 0.5))]),
    ]


PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
PER_100 = {"unit": t("for each 100"), "low": 0}
EXAMPLE = ({"columns": ["volunteer_id", "date", "hours"], "dates": ["date"],
            "rows": [["V-1", "2024-05-01", 2.0], ["V-1", "2024-05-08", 4.0], ["V-2", "2022-01-01", 9.0]]}, 10,
           {"date": "2024-12-29"}, 52, 6)

TASKS = (
    Task("q1", t("Who was kept?"), 4, (
        Number("cohort", **PEOPLE), Number("stayed", **PEOPLE), Number("kept", **PER_100),
        Number("stock", **PER_100)), q1, hints=(
        t("Close the cohort first: whom do you follow? Nobody is added later."),
        t("`len(before & now)` counts the people with records in both years."))),
    Task("q2", t("Newcomers who have had the time"), 4, (
        Number("ripe", **PEOPLE), Number("begun", **PEOPLE), Number("begun_rate", **PER_100),
        Number("too_early", **PEOPLE)), q2, hints=(
        t("Who registered last month has not had half a year. Is she in your denominator?"),
        t("`volunteers[volunteers[\"registered_on\"].between(OPEN_FROM, OPEN_TO)]` keeps those who have had the "
          "time."))),
    Task("q3", t("Full cover, of which list?"), 4, (
        Number("cover_last", **PER_100), Number("cover_mean", **PER_100), Number("dip_month", whole=True, low=1),
        Choice("reason", (
            t("A station was closed."),
            t("A venue without a station came onto the list."),
            t("A venue with a station was taken off the list."),
            t("The two counts of that month are wrong.")))), q3, hints=(
        t("The numerator and the denominator of each month stand in the same row of `monthly`."),
        t("`monthly[\"cover\"].diff()` is the change against the month before; look for its lowest value."))),
    Task("q4", t("Which line is broken?"), 5, tuple(
        Choice(name, LETTERS, lettered=False) for name in CARDS), q4, hints=(
        t("Go through the lines one by one: who is counted, out of whom, since when, from which papers?"),
        t("Is anybody in the numerator who is not in the denominator? Is anybody missing below the line?"))),
    Task("q5", t("Few answer"), 5, (
        Number("answered", **PER_100), Number("at_least", **PER_100), Number("at_most", **PER_100),
        Number("weighted", unit=t("stars"), low=0), Choice("limit", (
            t("That some districts ask everybody, and others nobody."),
            t("That the districts which ask have many ratings for their services."),
            t("That in each group the content answer more readily than the others."),
            t("That a rating may have come in twice.")))), q5, hints=(
        t("All three rates have the same denominator: the services. The most adds the silent to the numerator."),
        t("Multiply each group's mean by its services, add up, and divide by all services."))),
    Task("q6", t("First and last"), 4, (
        Table("by_district", "district", ("kept",)), Choice("top", DISTRICTS, lettered=False),
        Number("clear", unit=t("districts"), whole=True, low=0, high=10), Choice("claim", (
            t("Only where the interval leaves out the city's rate does a district differ by more than luck."),
            t("The first district leads its volunteers best."),
            t("Districts whose interval holds the city's rate keep their people equally well."),
            t("The small districts have the narrow intervals, so their rates are surest.")))), q6, hints=(
        t("The rate divides two columns of the same row."),
        t("An interval leaves out a value when it lies wholly above it, or wholly below: `low > kept` or "
          "`high < kept`, with the city's `kept`."))),
    Task("q7", t("Active, by three definitions"), 5, (
        Function("active_rate", Number("active_rate", **PER_100), EXAMPLE), Number("rate_record", **PER_100),
        Number("rate_hours", **PER_100), Number("rate_roll", **PER_100)), q7, probes=probes, hints=(
        t("`hours` has a value for each person. How many of these values are at least `least`?"),
        t("Once the function is right, it gives two of the three rates: call it with the least hours of each."))),
)
