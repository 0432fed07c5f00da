"""Checks of the unit "From a sentence to a number": a package in some districts, its price, and links of a chain."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

import vsim
from vsim.course import Choice, Criterion, Number, Table, Task, marking, t
from vsim.course.marking import Slip

WEEKS, FIRST = 104, 52
START = pd.Timestamp("2026-01-05")               # Monday of week 52
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 9))
ADOPTERS = (3, 4, 5)                             # how many districts have the package
PRICE = 30                                       # yuan a year for each resident: 10 appeals at 0.4, 520 h at 0.05
LINKS = ("A", "B", "C", "D")
LINES = {"plans": 1, "rent": 0, "passed_on": 1, "placed": 2, "lonely": 3, "researcher": 0, "lot": 1, "hours": 2}
TENTH = 0.051
KEPT = {
    "districts": ["district", "name", "population", "residents"],
    "activities": ["activity_id", "district"],
    "service_records": ["record_id", "volunteer_id", "activity_id", "date", "hours"],
    "policy_register": ["week", "date", "district", "measure", "clause"],
}


def city(seed: int) -> dict[str, pd.DataFrame]:
    """Return two years of a learner's own city; who has the package comes from the seed, not from the need."""
    base = vsim.scenario("cn_registry")
    world = base.world.model_copy(update={
        "residents": 9_000 + seed % 4_001, "districts": len(DISTRICTS), "prefectures": 2, "seed": seed,
        "registered_share": 0.16 + 0.1 * (seed // 4_001 % 1_009) / 1_009,
    })
    turn, number = seed // 4_037_009 % len(DISTRICTS), ADOPTERS[seed // 32_296_072 % len(ADOPTERS)]
    chosen = sorted(DISTRICTS[(turn + 3 * place) % len(DISTRICTS)] for place in range(number))
    package = vsim.LocalPolicies(appeals=10, appeal_cost=0.4, officer_hours=10, officer_hour=50, start_week=FIRST,
                                 districts=chosen)
    plain = vsim.Scenario(name="my_city", world=world, start=base.start, weeks=WEEKS, warmup_weeks=base.warmup_weeks,
                          parameters=base.parameters, policies=[
                              vsim.Stars(thresholds=[100, 300, 600, 1000, 1500]).policy(),
                              vsim.Pooling(dispatch=1, districts=[DISTRICTS[turn], DISTRICTS[turn - 1]]).policy()])
    run = vsim.simulate(plain.with_levers(package), seed=seed)
    seen = vsim.registers(run) | vsim.paperwork(run, offices=["policies"])
    return {name: seen[name][columns].reset_index(drop=True) for name, columns in KEPT.items()}


@dataclass(frozen=True)
class Truth:
    """What is true of one city, and what each known slip would make of it."""

    by_district: pd.DataFrame = field(repr=False)
    measures: int
    districts_with_any: int

    @property
    def groups(self) -> tuple[pd.Series, pd.Series]:
        """Sums over the districts with the package, and over the others."""
        has = self.by_district["package"]
        return self.by_district[has].sum(), self.by_district[~has].sum()

    @property
    def values(self) -> dict[str, float]:
        """The numbers of tasks 3 and 4."""
        with_it, without_it = self.groups
        change_with = 100 * (with_it["after"] / with_it["before"] - 1)
        change_without = 100 * (without_it["after"] / without_it["before"] - 1)
        expected = with_it["before"] * (1 + change_without / 100)
        extra = with_it["after"] - expected
        return {"change_with": change_with, "change_without": change_without,
                "difference": change_with - change_without, "expected": expected, "extra_hours": extra,
                "yuan_each": PRICE * with_it["residents"] / extra if extra else 0.0}


def truth(tables: dict[str, pd.DataFrame]) -> Truth:
    """Return the truth about a city."""
    districts, shifts, records, policies = (
        tables[name] for name in ("districts", "activities", "service_records", "policy_register"))
    served = records.merge(shifts[["activity_id", "district"]])
    early = served["date"] < START
    package = policies[policies["measure"] == "local_policies"]
    frame = pd.DataFrame({
        "population": districts.set_index("district")["population"],
        "residents": districts.set_index("district")["residents"],
        "before": served[early].groupby("district")["hours"].sum(),
        "after": served[~early].groupby("district")["hours"].sum(),
        "records_before": served[early]["district"].value_counts(),
        "records_after": served[~early]["district"].value_counts(),
    }).fillna(0)
    frame["change"] = 100 * (frame["after"] / frame["before"] - 1)
    frame["package"] = frame.index.isin(package["district"])
    return Truth(frame, len(policies), policies["district"].nunique())


def faults(found: Truth) -> list[str]:
    """Return why a city is no fair question: too little service, or a package without a visible gain."""
    wrong = []
    values, frame = found.values, found.by_district
    if frame["before"].min() < 40 or frame["after"].min() < 40:
        wrong.append("a district has hardly any service")
    if values["difference"] < 8:
        wrong.append("the package has hardly an effect that can be seen")
    if abs(values["change_without"]) < 2:
        wrong.append("the other districts hardly change, so that the comparison does not matter")
    if abs(frame[frame["package"]]["change"].mean() - values["change_with"]) < 0.3:
        wrong.append("the mean of the districts is nearly the change of all together")
    return wrong


def q1(given: dict[str, object], found: Truth) -> list[Criterion]:
    """Hours after, and the change, by district."""
    frame = found.by_district
    counts = Slip(0, "records-not-hours", t("These are records. Add up their hours."))
    share = Slip(0, "share-not-percent", t("This is a share between 0 and 1. Times 100, it is per cent."), 0.5)
    whole = Slip(0, "level-not-change", t("100 means that nothing has changed. The change is what lies above "
                                        "100."), 0.5)
    differ = Slip(0, "hours-not-percent", t("This is the change in hours. The table asks for per cent of the hours "
                                            "before."), 0.5)
    turned = Slip(0, "wrong-base", t("The change is divided by the hours after. It belongs to the hours before."), 0.5)
    return [
        marking.rows(given, "by_district", frame["after"].to_dict(), "after", t("Hours after, by district"),
                     tolerance=TENTH, slips=[(frame["records_after"].to_dict(), counts), (
                         frame["before"].to_dict(), Slip(0, "before-not-after", t("These are the hours before."))), (
                         (frame["before"] + frame["after"]).to_dict(), Slip(0, "both-years", t(
                             "These are the hours of both years. Take those of `after`.")))]),
        marking.rows(given, "by_district", frame["change"].to_dict(), "change", t("Change in per cent, by district"),
                     tolerance=TENTH, weight=2.0, slips=[
                         ((frame["change"] / 100).to_dict(), share), ((frame["change"] + 100).to_dict(), whole),
                         ((frame["after"] - frame["before"]).to_dict(), differ),
                         ((100 * (1 - frame["before"] / frame["after"])).to_dict(), turned),
                         ((-frame["change"]).to_dict(), Slip(0, "sign-turned", t(
                             "More hours than before are a change above zero. Turn the sign."), 0.5))]),
    ]


def q2(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Districts and residents with the package."""
    frame = found.by_district
    has = frame["package"]
    number, people = int(has.sum()), int(frame[has]["residents"].sum())
    return [
        marking.number(given, "districts_with", number, t("Districts with the package"), slips=_apart([
            Slip(found.measures, "all-measures", t("These are all rows of the register of policies. Count the "
                                                   "districts "
                                                   "of the package.")),
            Slip(found.districts_with_any, "any-measure", t("These districts have some measure. The question is about "
                                                            "the package.")),
            Slip(len(frame) - number, "the-others", t("These are the districts without it.")),
            Slip(len(frame), "all-districts", t("These are all districts of the city.")),
        ], number)),
        marking.number(given, "residents_with", people, t("Residents who live in them"), slips=_apart([
            Slip(int(frame["residents"].sum()), "whole-city", t("These are the residents of the whole city.")),
            Slip(int(frame[~has]["residents"].sum()), "the-others", t("These live in the districts without it.")),
            Slip(int(frame[has]["population"].sum()), "population", t("This is the population. Children and the very "
                                                                      "old "
                                                                      "are in it.")),
            Slip(number, "districts-not-people", t("These are districts. Add up the residents who live in them.")),
        ], people)),
    ]


def _apart(slips: list[Slip], right: float, apart: float = 0.2) -> list[Slip]:
    """Return the slips that lead to another value than the right one."""
    return [slip for slip in slips if abs(slip.value - right) > apart]


def q3(given: dict[str, float], found: Truth) -> list[Criterion]:
    """The change with and without the package, and the difference."""
    right, frame = found.values, found.by_district
    mean = frame.groupby("package")["change"].mean()
    own = dict(right) | {name: given[name] for name in ("change_with", "change_without") if name in given}
    means = t("This is the mean of the districts, in which a small one counts as much as a large one. Add up the hours "
              "first.")
    share = t("This is a share between 0 and 1. Times 100, it is per cent.")
    level = t("100 means that nothing has changed. The change is what lies above 100.")

    def change(name: str, other: str, label: str, mean_of: float) -> Criterion:
        return marking.number(given, name, right[name], label, tolerance=TENTH, slips=_apart([
            Slip(mean_of, "mean-of-districts", means, 0.5), Slip(right[name] / 100, "share-not-percent", share, 0.5),
            Slip(right[name] + 100, "level-not-change", level, 0.5),
            Slip(right[other], "the-others", t("This is the change of the other group.")),
            Slip(-right[name], "sign-turned", t("More hours than before are a change above zero. Turn the sign."), 0.5),
        ], right[name], TENTH))

    return [
        change("change_with", "change_without", t("Change with the package"), float(mean.get(True, 0.0))),
        change("change_without", "change_with", t("Change without it"), float(mean.get(False, 0.0))),
        marking.number(given, "difference", right["difference"], t("Percentage points more"), tolerance=TENTH, slips=[
            Slip(own["change_with"] - own["change_without"], "carried-on", t(
                "Subtracted rightly, from changes that are not yet right."), 0.75),
            Slip(-right["difference"], "sign-turned", t("Those with the package first, less the others."), 0.5),
            Slip(right["change_with"], "no-comparison", t("This is the change with the package. Some of it would have "
                                                          "happened anyway: take off the change of the others.")),
            Slip(right["change_with"] + right["change_without"], "added", t("The two were added. Take one from the "
                                                                            "other.")),
        ]),
    ]


def q4(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Expected hours, extra hours, and the price of one; each later step is judged by the earlier ones too."""
    right = found.values
    with_it, _ = found.groups
    own = dict(right) | {name: given[name] for name in ("expected", "extra_hours") if name in given}
    follow = t("Worked out rightly from your earlier step; mend that one.")
    cost = PRICE * float(with_it["residents"])
    return [
        marking.number(given, "expected", right["expected"], t("Hours that were to be expected"), tolerance=1.0, slips=[
            Slip(with_it["before"], "no-trend", t("These are the hours before. The others have changed since: change "
                                                  "these "
                                                  "by as much."), 0.25),
            Slip(with_it["after"], "after-not-expected", t("These are the hours that truly came. What would have come "
                                                           "without the package?")),
            Slip(with_it["before"] * right["change_without"] / 100, "change-not-level", t(
                "This is only the change. Add it to the hours before."), 0.5),
            Slip(with_it["before"] * (1 + right["change_with"] / 100), "own-change", t(
                "This is their own change. Use the change of the others.")),
        ]),
        marking.number(given, "extra_hours", right["extra_hours"], t("Extra hours"), tolerance=1.0, slips=[
            Slip(float(with_it["after"]) - own["expected"], "carried-on", follow, 0.75),
            Slip(with_it["after"] - with_it["before"], "before-after", t(
                "This is all that changed. Some of it would have changed anyway.")),
            Slip(-right["extra_hours"], "sign-turned", t("Hours after, less the expected ones."), 0.5),
            Slip(with_it["after"], "all-hours", t("These are all hours. Most of them were to be expected anyway.")),
        ]),
        marking.number(given, "yuan_each", right["yuan_each"], t("Yuan for each extra hour"), tolerance=0.051, slips=[
            Slip(cost / own["extra_hours"] if own["extra_hours"] else 0.0, "carried-on", follow, 0.75),
            Slip(cost / float(with_it["after"]), "all-hours", t("The price is divided by all hours. Only the extra "
                                                                "ones "
                                                                "come from the package.")),
            Slip(right["extra_hours"] / cost, "upside-down", t("These are hours for each yuan. Turn it round.")),
            Slip(PRICE / right["extra_hours"], "one-resident", t("30 yuan is the price for one resident. How many have "
                                                                 "the package?")),
            Slip(PRICE * float(found.by_district["residents"].sum()) / right["extra_hours"], "whole-city", t(
                "The cost is that of the whole city. Only some districts have the package.")),
        ]),
    ]


def q5(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """The link of each line of a report."""
    labels = {"plans": t("Joint plans"), "rent": t("Rent"), "passed_on": t("Passing on"), "placed": t("Came elsewhere"),
              "lonely": t("Old people alone"), "researcher": t("Paid researcher"), "lot": t("Drawing by lot"),
              "hours": t("Hours of help")}
    why = (
        t("This is paid for, in money or in paid time: it is put in. Nothing has happened by it yet."),
        t("This is something that the office itself does with its money and time."),
        t("This is service that came out of what the office did; it says how much, not how anybody fares."),
        t("This speaks of how those fare for whom the service is there: the end of the chain."),
    )
    return [marking.choice(given, name, right, labels[name], slips=[
        Slip(place, f"link-{LINKS[place].lower()}-for-{LINKS[right].lower()}", why[right])
        for place in range(len(LINKS)) if place != right]) for name, right in LINES.items()]


def q6(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Whose figure it is."""
    return [marking.choice(given, "goal", 3, t("The sentence for the council"), slips=[
        Slip(0, "figure-in-the-text", t("The text sets no figure. Whoever writes one must say that it is theirs.")),
        Slip(1, "no-denominator", t("More names than last year: out of how many, and did any of them take part?")),
        Slip(2, "office-not-people", t("Appeals are what the office does. The goal speaks of people who take part.")),
    ])]


def q7(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """The narrow link of a town."""
    return [marking.choice(given, "first", 2, t("The sentence to begin with"), slips=[
        Slip(0, "double-posts", t("Planning together takes out double posts. Here hardly anything is posted at all.")),
        Slip(1, "no-seats-elsewhere", t("Who is passed on needs a free seat elsewhere. Here every seat is taken.")),
        Slip(3, "study-of-nothing", t("A study says what works. First something must be tried.")),
    ])]


TASKS = (
    Task("q1", t("Two years, district by district"), 3, (Table("by_district", "district", ("after", "change")),), q1,
         hints=(
             t("`after` is made as `before` is, from the other table."),
             t("The change in per cent: the hours after divided by the hours before, less one, times 100."))),
    Task("q2", t("Who has the package"), 2, (
        Number("districts_with", unit=t("districts"), whole=True, low=0),
        Number("residents_with", unit=t("people"), whole=True, low=0)), q2, hints=(
        t("`package` has one row for each district that has it. `nunique()` counts different values."),
        t("`districts[districts[\"district\"].isin(package[\"district\"])]` keeps their rows. Then add up a column."))),
    Task("q3", t("Beyond what happened anyway"), 3, (
        Number("change_with", unit="%"), Number("change_without", unit="%"),
        Number("difference", unit=t("percentage points"))), q3, hints=(
        t("`with_it[\"after\"].sum()` is the hours of all districts with the package together."),
        t("First add up, then divide after by before, take one away, and multiply by 100. Do it for both groups."))),
    Task("q4", t("What an extra hour cost"), 3, (
        Number("expected", unit=t("hours")), Number("extra_hours", unit=t("hours")),
        Number("yuan_each", unit=t("yuan"))),
        q4, hints=(
            t("If the others have lost a tenth, the expected hours are nine tenths of the hours before."),
            t("One, and a hundredth of `change_without` more, is what each hour before has become elsewhere."),
            t("The cost is that of all residents who have the package; it is divided by the extra hours alone."))),
    Task("q5", t("Which link is it?"), 4, tuple(Choice(name, LINKS, lettered=False) for name in LINES), q5, hints=(
        t("A can be bought: money, rent, paid time. B is what somebody in the office does with it."),
        t("C is service given or received, counted. D is how people fare."))),
    Task("q6", t("A sentence for the council"), 1, (Choice("goal", (
        t("The text asks that half of all residents take part by the year 2035."),
        t("There shall be more names on the register than last year."),
        t("We shall send out more appeals each year until 2035."),
        t("The text sets no figure. We set ours: 8 of 100 residents with a service record within 52 weeks, by 2028."),
    )),), q6, hints=(
        t("Which sentence puts words into the text, and which says that the words are one's own?"),
        t("A goal that can be missed has a numerator, a denominator and a window."))),
    Task("q7", t("The narrow link"), 1, (Choice("first", (
        t("Hosts plan together (V.1.g)."),
        t("Stations work as one and pass people on (V.1.h)."),
        t("A local package whose officer asks around for needs (VII.1.a)."),
        t("A study of what volunteers need (VI.1.b)."))),), q7, hints=(
        t("Go through the chain: need, post, seat, person, service. Where does it stop?"),
        t("People wait, and seats are gone at once. What would have to exist before a seat can be posted?"))),
)
