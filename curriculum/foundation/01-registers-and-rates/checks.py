"""Checks of the unit "Registers and rates": the learner's own city, the truth about it, and how each answer earns."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

import vsim
from vsim.course import Choice, Criterion, Function, Number, Table, Task, marking, t
from vsim.course.marking import Slip

WEEKS = 78
YEAR = pd.Timedelta(weeks=52)
LAST_DAY = pd.Timestamp("2026-07-05")            # the Sunday on which the register of 78 weeks closes
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 9))
RATE = 0.051                                     # half of a tenth, so that a rate rounded to one decimal is right
KEPT = {
    "districts": ["district", "name", "population", "residents"],
    "volunteers": ["volunteer_id", "district", "registered_on"],
    "service_records": ["record_id", "volunteer_id", "date", "hours", "verify_state"],
}


def city(seed: int) -> dict[str, pd.DataFrame]:
    """Return the registers of a learner's own city: its size, its register and its luck all come from the seed."""
    base = vsim.scenario("cn_registry")
    world = base.world.model_copy(update={
        "residents": 9_000 + seed % 6_007, "districts": len(DISTRICTS), "prefectures": 2, "seed": seed,
        "registered_share": 0.14 + 0.1 * (seed // 6_007 % 1_009) / 1_009,
    })
    scenario = vsim.Scenario(name="my_city", world=world, start=base.start, weeks=WEEKS, warmup_weeks=base.warmup_weeks,
                             parameters={**base.parameters, "demand.tasks": 5 + 4 * (seed // 6_061_063 % 101) / 101})
    seen = vsim.registers(vsim.simulate(scenario, seed=seed))
    return {name: seen[name][columns] for name, columns in KEPT.items()}


@dataclass(frozen=True)
class Truth:
    """What is true of one city, and what each known slip would make of it."""

    residents: int
    population: int
    registered: int
    active: int
    ever: int
    records: int
    recent: int
    verified: int
    by_district: pd.DataFrame = field(repr=False)

    @property
    def lowest(self) -> int:
        """Place among DISTRICTS of the district with the fewest active for each 100 registered."""
        return DISTRICTS.index(str(self.by_district["active_rate"].idxmin()))


def truth(tables: dict[str, pd.DataFrame]) -> Truth:
    """Return the truth about a city's registers."""
    districts, volunteers, records = (tables[name] for name in ("districts", "volunteers", "service_records"))
    recent = records[records["date"] > LAST_DAY - YEAR]
    return Truth(
        residents=int(districts["residents"].sum()), population=int(districts["population"].sum()),
        registered=len(volunteers), active=recent["volunteer_id"].nunique(), ever=records["volunteer_id"].nunique(),
        records=len(records), recent=len(recent),
        verified=recent.loc[recent["verify_state"] == "verified", "volunteer_id"].nunique(),
        by_district=_by_district(districts, volunteers, recent),
    )


def _by_district(districts: pd.DataFrame, volunteers: pd.DataFrame, recent: pd.DataFrame) -> pd.DataFrame:
    home = volunteers.set_index("volunteer_id")["district"]
    served = pd.Series(recent["volunteer_id"].unique())
    frame = pd.DataFrame({
        "residents": districts.set_index("district")["residents"],
        "registered": volunteers.groupby("district").size(),
        "active": served.map(home).value_counts(),
        "records": recent["volunteer_id"].map(home).value_counts(),
    }).fillna(0).astype(int)
    frame["active_rate"] = 100 * frame["active"] / frame["registered"]
    return frame


def faults(found: Truth) -> list[str]:
    """Return why a city is no fair question: a wrong way that leads to the right value, or a tie."""
    wrong = []
    frame = found.by_district
    rates = frame["active_rate"].nsmallest(2)
    if rates.iloc[1] - rates.iloc[0] < 0.4:
        wrong.append("two districts are nearly lowest")
    if frame["active"].min() < 8:
        wrong.append("a district has fewer than 8 active volunteers")
    if found.ever < 1.1 * found.active or found.recent < 1.3 * found.active:
        wrong.append("the window or the doubled records hardly matter")
    if frame["active"].idxmin() == rates.index[0]:
        wrong.append("the lowest count is also the lowest rate")
    return wrong


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Three counts: residents, registered, active."""
    return [
        marking.number(given, "residents", found.residents, t("Residents of volunteering age"), slips=[
            Slip(found.population, "population", t("This is the whole population. Children and the very old are in it; "
                                                   "they could not register.")),
        ]),
        marking.number(given, "registered", found.registered, t("Registered volunteers"), slips=[
            Slip(found.records, "records-not-people", t("These are records. One person can have many.")),
            Slip(found.ever, "served-not-registered", t("These are people with a record. The register also holds those "
                                                        "who never served.")),
        ]),
        marking.number(given, "active", found.active, t("Active volunteers in the last 52 weeks"), slips=[
            Slip(found.recent, "records-not-people", t("These are records of the last 52 weeks. "
                                                            "Count each volunteer once.")),
            Slip(found.ever, "no-window", t("These people have a record at any time. "
                                               "Active means within the last 52 weeks.")),
            Slip(found.records, "records-not-people", t("These are all records. "
                                                             "Count people, and only the last 52 weeks.")),
            Slip(found.verified, "verified-only", t("Here every record counts that was entered, verified or not.")),
        ]),
    ]


def _rate(given: dict[str, float], name: str, top: int, bottom: int, label: str, slips: list[Slip]) -> Criterion:
    """Judge a rate per 100; a share (0.2 in place of 20) and the rate upside down are slips of every rate."""
    share = Slip(top / bottom, "share-not-per-100", t("This is a share between 0 and 1. The question asks how many for "
                                                      "each 100."), 0.5)
    upside_down = Slip(100 * bottom / top, "upside-down", t("Numerator and denominator have changed places."))
    if given.get(name) is not None and abs(given[name] - share.value) <= 0.0051:
        return Criterion(label, share.credit, 1.0, share.reason, share.name)
    return marking.number(given, name, 100 * top / bottom, label, tolerance=RATE, slips=[*slips, upside_down])


def q2(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Three rates with three denominators."""
    population = t("The denominator is the whole population. Take those who could register.")
    records = t("The numerator counts records. Take people.")
    ever = t("The numerator counts everybody who ever served. Take the last 52 weeks.")
    return [
        _rate(given, "registered_per_100_residents", found.registered, found.residents,
              t("Registered for each 100 residents"),
              [Slip(100 * found.registered / found.population, "population", population)]),
        _rate(given, "active_per_100_registered", found.active, found.registered, t("Active for each 100 registered"), [
            Slip(100 * found.recent / found.registered, "records-not-people", records),
            Slip(100 * found.ever / found.registered, "no-window", ever),
            Slip(100 * found.active / found.residents, "wrong-denominator", t("The denominator is residents. Take the "
                                                                              "register.")),
        ]),
        _rate(given, "active_per_100_residents", found.active, found.residents, t("Active for each 100 residents"), [
            Slip(100 * found.active / found.population, "population", population),
            Slip(100 * found.recent / found.residents, "records-not-people", records),
            Slip(100 * found.ever / found.residents, "no-window", ever),
            Slip(100 * found.active / found.registered, "wrong-denominator", t("The denominator is the register. Take "
                                                                               "residents.")),
        ]),
    ]


def q3(given: dict[str, object], found: Truth) -> list[Criterion]:
    """The table of districts, and the district with the lowest rate."""
    frame = found.by_district
    records = Slip(0, "records-not-people", t("The counts are records. Count each volunteer once."))
    share = Slip(0, "share-not-per-100", t("These are shares between 0 and 1. The table asks for each 100."), 0.5)
    residents = Slip(0, "wrong-denominator", t("The denominator is residents. Take the registered of the district."))
    places = {"fewest-people": frame["active"].idxmin(), "most-registered": frame["registered"].idxmax(),
              "highest": frame["active_rate"].idxmax(),
              "per-residents": (frame["active"] / frame["residents"]).idxmin()}
    reasons = {
        "fewest-people": t("This district has the fewest active people. "
                           "A small district may still have a high rate."),
        "most-registered": t("This district has the most registered. "
                             "The question is about active for each 100 registered."),
        "highest": t("This district has the highest rate. The question asks for the lowest."),
        "per-residents": t("This district is lowest for each 100 residents. "
                           "The question is about each 100 registered."),
    }
    return [
        marking.rows(given, "by_district", frame["active"].to_dict(), "active", t("Active volunteers of each district"),
                     tolerance=0.0, slips=[(frame["records"].to_dict(), records)]),
        marking.rows(given, "by_district", frame["active_rate"].to_dict(), "active_rate",
                     t("Active for each 100 registered, by district"), tolerance=RATE, weight=2.0, slips=[
                         ((100 * frame["records"] / frame["registered"]).to_dict(), records),
                         ((frame["active_rate"] / 100).to_dict(), share),
                         ((100 * frame["active"] / frame["residents"]).to_dict(), residents)]),
        marking.choice(given, "lowest", found.lowest, t("The district with the lowest rate"), slips=[
            Slip(DISTRICTS.index(str(place)), name, reasons[name]) for name, place in places.items()
            if DISTRICTS.index(str(place)) != found.lowest]),
    ]


def q4(given: dict[str, int], found: Truth) -> list[Criterion]:
    """Which sentence of the yearbook the registers support."""
    return [marking.choice(given, "sentence", 2, t("The sentence that the registers support"), slips=[
        Slip(0, "registered-is-active", t("Registering is not serving: most people on a register have no service "
                                          "in the last 52 weeks.")),
        Slip(1, "records-are-people", t("Records are not people: one volunteer can have many, "
                                      "and some are entered twice.")),
        Slip(3, "no-record-no-service", t("No record is not no service: some service is never recorded, "
                                          "so this cannot be known from the register.")),
    ])]


def active_rate(records: pd.DataFrame, registered: int, last_day: pd.Timestamp) -> float:
    """Return active volunteers for each 100 registered, in the 52 weeks up to and including the last day."""
    window = records[(records["date"] > last_day - YEAR) & (records["date"] <= last_day)]
    return 100 * window["volunteer_id"].nunique() / registered


def _rows(records: pd.DataFrame, registered: int, last_day: pd.Timestamp) -> float:
    window = records[(records["date"] > last_day - YEAR) & (records["date"] <= last_day)]
    return 100 * len(window) / registered


def _ever(records: pd.DataFrame, registered: int, last_day: pd.Timestamp) -> float:
    return 100 * records["volunteer_id"].nunique() / registered


def _share(records: pd.DataFrame, registered: int, last_day: pd.Timestamp) -> float:
    return active_rate(records, registered, last_day) / 100


def probes(seed: int) -> list[list[object]]:
    """Return six small registers: with doubled records, with old and with later ones, one without any service."""
    found: list[list[object]] = []
    for place in range(6):
        number = (seed >> (8 * place)) & 0xFFFF
        last = pd.Timestamp("2024-12-29") + pd.Timedelta(weeks=number % 40)
        ago = {step: pd.Timedelta(days=(number * step * 37) % 560 - 30) for step in range(1, 9 + number % 17)}
        rows = [] if place == 5 else [[f"V-{1 + number * step % 23}", str((last - ago[step]).date())] for step in ago]
        edges = {"V-90": last, "V-91": last - YEAR, "V-92": last + pd.Timedelta(days=3)}      # in, too old, too late
        rows += [*rows[:3], *([who, str(day.date())] for who, day in edges.items() if rows)]
        found.append([{"columns": ["volunteer_id", "date"], "rows": rows, "dates": ["date"]}, 40 + number % 61,
                      {"date": str(last.date())}])
    return found


def q5(given: dict[str, object], _found: Truth) -> list[Criterion]:
    """A rate for any register."""
    return [marking.outputs(given, "active_rate", active_rate, t("The rate for registers that you have not seen"),
                            tolerance=RATE, slips=[
        (_rows, Slip(0, "records-not-people", t("It counts records. Count each volunteer once."))),
        (_ever, Slip(0, "no-window", t("It counts everybody who ever served. Use only the rows in `window`."))),
        (_share, Slip(0, "share-not-per-100", t("It returns a share between 0 and 1. Return how many for each 100."),
                      0.5)),
    ])]


PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
PER_100 = {"unit": t("for each 100"), "low": 0}
EXAMPLE = ({"columns": ["volunteer_id", "date"], "dates": ["date"],
            "rows": [["V-1", "2024-05-01"], ["V-1", "2024-05-08"], ["V-2", "2022-01-01"]]}, 10, {"date": "2024-12-29"})

TASKS = (
    Task("q1", t("Count residents, registered and active people"), 3, (
        Number("residents", **PEOPLE), Number("registered", **PEOPLE), Number("active", **PEOPLE)), q1, hints=(
        t("Each of the three numbers counts people, and each comes from another table."),
        t("`nunique()` counts different values. Before it, keep the records later than LAST_DAY minus 52 weeks."))),
    Task("q2", t("Three rates with three denominators"), 3, (
        Number("registered_per_100_residents", **PER_100), Number("active_per_100_registered", **PER_100),
        Number("active_per_100_residents", **PER_100)), q2, hints=(
        t("The words behind 'for each 100' name the denominator."),
        t("100 * part / whole: the part is the smaller group, and it lies inside the whole."))),
    Task("q3", t("The same rate in every district"), 4, (
        Table("by_district", "district", ("active", "active_rate")),
        Choice("lowest", DISTRICTS, lettered=False)), q3, hints=(
        t("A volunteer lives in one district; the register of volunteers says in which."),
        t("Join the district to the recent records, drop repeated volunteers, and count by district."))),
    Task("q4", t("Which sentence of the yearbook do the registers support?"), 2, (Choice("sentence", (
        t("The register holds this many people, so this many people volunteer in our city."),
        t("The year had this many service records, so this many volunteers served."),
        t("At least this many registered people served in the last 52 weeks: each of them has a record."),
        t("The registered people without a record did not serve in the last 52 weeks."))),), q4, hints=(
        t("Ask of each sentence what would have to be true of the records."),
        t("Records can be missing, late or doubled. Which sentence still holds?"))),
    Task("q5", t("A function that gives the rate for any register"), 3, (
        Function("active_rate", Number("active_rate", **PER_100), EXAMPLE),), q5, probes=probes, hints=(
        t("`window` already holds the records of the 52 weeks. What must be counted in it?"),
        t("Different volunteers in `window`, times 100, divided by `registered`."))),
)
