"""Checks of the unit "Before the first shift": the learner's own city with its papers, and how each answer earns."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

import vsim
from vsim.course import Choice, Criterion, Function, Number, Table, Task, marking, t
from vsim.course.marking import Slip
from vsim.observe import paperwork as seen_papers
from vsim.office.desk import Desk, Force
from vsim.rng import stream_key
from vsim.run import offices

FIRST, WEEKS, BEYOND = 26, 78, 6                 # first week of the policy year, weeks of the papers, weeks run on
LAST_DAY = pd.Timestamp("2026-07-05")            # the Sunday on which the papers of 78 weeks were closed
SINCE = LAST_DAY - pd.Timedelta(weeks=52)
DISTRICTS = tuple(f"D{number:02d}" for number in range(1, 9))
RISKS = ("low", "middle", "high")
OFFICES = ("agreements", "incidents", "claims", "voice")      # of all the offices, those whose papers are asked about
PROMISED = 15                                    # days in which an answer is promised
SCALE = 10_000                                   # hours to which incidents are related
RATE = 0.051                                     # half of a tenth, so that a rate rounded to one decimal is right
SHARE = 0.0051                                   # the same for a share between 0 and 1
ARTICLES = ("12", "14", "15", "16", "17", "19", "20", "21", "22", "25")
SORTS = ("ask", "apart", "no")
KEPT = {
    "agreements": ["volunteer_id", "org_id", "risk", "date", "district", "risk_disclosed"],
    "policies": ["policy_no", "district", "date", "end_on"],
    "volunteers": ["volunteer_id", "district", "registered_on"],
    "exposure": ["week", "district", "risk", "attendances", "hours"],
    "incident_log": ["incident_no", "date", "district", "risk"],
    "grievances": ["case_no", "date", "cause", "closed_on"],
}


def city(seed: int) -> dict[str, pd.DataFrame]:
    """Return the papers of a learner's own city: its size, its late offices and its luck all come from the seed."""
    base = vsim.scenario("cn_registry")
    world = base.world.model_copy(update={
        "residents": 10_000 + seed % 5_003, "districts": len(DISTRICTS), "prefectures": 2, "seed": seed,
        "registered_share": 0.15 + 0.08 * (seed // 5_003 % 1_009) / 1_009,
    })
    late = [DISTRICTS[seed // 7 % 8], DISTRICTS[(seed // 7 % 8 + 1 + seed // 61 % 7) % 8]]
    rest = [code for code in DISTRICTS if code not in late]
    plan = vsim.Scenario(
        name="my_city", world=world, start=base.start, weeks=WEEKS + BEYOND, warmup_weeks=base.warmup_weeks,
        parameters={**base.parameters, "service.incident_rate": 10, "service.breach": 0.04}).with_levers(
        vsim.Agreements(), vsim.Grievance(response_days=PROMISED), vsim.Insurance(start_week=FIRST, districts=rest),
        vsim.Insurance(start_week=FIRST + 8 + seed // 11 % 13, districts=late))
    run = vsim.simulate(plan, seed=seed)
    registers, papers = vsim.registers(run), _papers(run)
    tables = registers | papers
    tables["agreements"] = papers["agreements"].query("date > @SINCE and date <= @LAST_DAY")
    tables["policies"] = papers["policies"].query("date <= @LAST_DAY").drop_duplicates("district")
    tables["exposure"] = papers["exposure"].query("week < @WEEKS")
    tables["incident_log"] = papers["incident_log"].query("date <= @LAST_DAY")
    cases = papers["grievances"].query("date > @SINCE and date <= @LAST_DAY")
    tables["grievances"] = cases.assign(closed_on=cases["closed_on"].where(cases["closed_on"] <= LAST_DAY))
    found = {name: tables[name][columns].reset_index(drop=True) for name, columns in KEPT.items()}
    return found | _one_volunteer(registers)


def _papers(run: vsim.Run) -> dict[str, pd.DataFrame]:
    """Return what a few offices wrote: the others take three times as long and nothing here asks for them."""
    raw = offices.desk_tables(run)
    force = Force(run.settled.policies, [unit.district.code for unit in run.city], run.settled.weeks)
    written: dict[str, pd.DataFrame] = {}
    for stem, work in offices.OFFICES:
        if stem in OFFICES:
            written |= work(Desk({**raw, **written}, run.scenario.values, force, stream_key(run.seed, run.replicate),
                                 run.scenario.start, run.settled.weeks)).tables
    return seen_papers.paperwork(raw, written, start=run.scenario.start, seed=run.seed)


def _one_volunteer(registers: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the records of a volunteer who serves with two groups, their activities, and the request of a certificate.

    The volunteer has 8 records or a few more in the window, verified and other ones with the group that is asked and
    elsewhere, so that no wrong way of adding hours leads to the right sum.
    """
    activities = registers["activities"][["activity_id", "org_id"]]
    recent = registers["service_records"].query("date > @SINCE and date <= @LAST_DAY").merge(activities)
    verified = recent["verify_state"] == "verified"
    parts = recent.assign(sure=recent["hours"].where(verified, 0), open=recent["hours"].where(~verified, 0), rows=1)
    fit = parts.groupby(["volunteer_id", "org_id"])[["sure", "open", "rows"]].sum().reset_index()
    whole = fit.groupby("volunteer_id")[["sure", "open", "rows"]].transform("sum")
    others = whole - fit[["sure", "open", "rows"]]           # what the volunteer did with other groups
    fit = fit.assign(all_rows=whole["rows"])[
        (fit["sure"] > 0) & (fit["open"] > 0) & (others["sure"] > 0) & (others["open"] > 0) & (whole["rows"] >= 8)
        & (fit["open"] != fit["sure"]) & (fit["open"] != others["sure"]) & (others["open"] != fit["sure"])
        & (others["sure"] + others["open"] != fit["sure"])]
    fit = fit.sort_values(["all_rows", "volunteer_id", "org_id"])
    own = recent[recent["volunteer_id"] == fit["volunteer_id"].iloc[0]] if len(fit) else recent.head(0)
    asked = own.merge(fit.head(1)[["volunteer_id", "org_id"]]).head(1)
    columns = ["record_id", "volunteer_id", "activity_id", "date", "hours", "verify_state"]
    return {
        "service_records": own[columns].reset_index(drop=True),
        "activities": own[["activity_id", "org_id"]].drop_duplicates().reset_index(drop=True),
        "certificate_requests": asked[["volunteer_id", "org_id"]].assign(request_no="Q000001"),
    }


@dataclass(frozen=True)
class Truth:
    """What is true of one city, and what each known slip would make of it."""

    certified: float
    with_group: float
    verified_all: float
    all_hours: float
    exposed: int
    covered: int
    on_list: int
    begun: int
    registered: int
    told: int
    ready: int
    either: int
    by_risk: pd.DataFrame = field(repr=False)
    cases: int
    closed: int
    in_time: int


def truth(tables: dict[str, pd.DataFrame]) -> Truth:
    """Return the truth about a city's papers."""
    own = tables["service_records"].merge(tables["activities"])
    verified = own["verify_state"] == "verified"
    group = own["org_id"].isin(tables["certificate_requests"]["org_id"])
    policies = tables["policies"].rename(columns={"date": "begins"})[["district", "begins"]]
    sent = tables["agreements"].merge(tables["volunteers"][["volunteer_id", "registered_on"]]).merge(policies)
    on_list, begun = sent["registered_on"] <= sent["begins"], sent["begins"] <= sent["date"]
    told, insured = sent["risk_disclosed"], on_list & begun
    frame = tables["exposure"].groupby("risk")[["hours", "attendances"]].sum()
    frame["incidents"] = tables["incident_log"]["risk"].value_counts()
    frame = frame.reindex(RISKS).fillna(0)
    frame["rate"] = SCALE * frame["incidents"] / frame["hours"]
    box = tables["grievances"]
    days = (box["closed_on"] - box["date"]).dt.days
    return Truth(
        float(own["hours"][verified & group].sum()), float(own["hours"][group].sum()),
        float(own["hours"][verified].sum()), float(own["hours"].sum()), len(sent), int(insured.sum()),
        int(on_list.sum()), int(begun.sum()), len(tables["volunteers"]), int(told.sum()), int((told & insured).sum()),
        int((told | insured).sum()), frame, len(box), int(box["closed_on"].notna().sum()),
        int((days <= PROMISED).sum()))


def faults(found: Truth) -> list[str]:
    """Return why a city is no fair question: a wrong way that leads to the right value, or too little to count."""
    wrong = []
    hours = [found.certified, found.with_group, found.verified_all, found.all_hours]
    waiting = [found.with_group - found.certified, found.all_hours - found.verified_all,
               found.all_hours - found.certified, found.with_group]
    if found.certified <= 0 or len(set(hours)) < 4 or len(set(waiting)) < 4 or waiting[0] == found.certified:
        wrong.append("no volunteer whose certificate asks for both conditions")
    counts = [found.ready, found.covered, found.on_list, found.begun, found.told, found.either]
    if found.exposed < 80 or found.ready < 20 or len(set(counts)) < len(counts):
        wrong.append("too few were sent, or a paper hardly matters")
    rates = found.by_risk["rate"]
    if found.by_risk["incidents"].min() < 2 or rates["high"] < 4 * rates["low"]:
        wrong.append("too few incidents of a risk, or the danger does not show")
    if found.cases < 12 or found.closed >= found.cases or found.in_time < 4 or found.in_time >= found.closed:
        wrong.append("too few complaints, or none of them is open or late")
    return wrong


CASES = {
    "case_1": ("12", t("Case 1, the night market")), "case_2": ("15", t("Case 2, the tables")),
    "case_3": ("16", t("Case 3, the first-aid post")), "case_4": ("17", t("Case 4, the roof")),
    "case_5": ("19", t("Case 5, the paper")), "case_6": ("21", t("Case 6, the photograph")),
    "case_7": ("20", t("Case 7, the notice board")), "case_8": ("22", t("Case 8, the empty place")),
    "case_9": ("25", t("Case 9, the mark")),
}
NEAR = {
    "case_1": [("14", t("An agreement may fix safety. But here people were not told when they were asked to come.")),
               ("16", t("Training comes later. What was kept back when people were asked?"))],
    "case_2": [("17", t("Insurance does not make the tables lighter. Does the task fit the person?")),
               ("16", t("No special skill is needed here. Look for age and body."))],
    "case_3": [("15", t("Near: the task does not fit yet. For special skill there is an article of its own.")),
               ("17", t("They may be insured. What is missing is the skill."))],
    "case_4": [("16", t("They may know how. What must be bought before a service with bodily danger?")),
               ("14", t("An agreement may name the danger, but one article names insurance itself."))],
    "case_5": [("21", t("Nobody served pays here. The question is what a certificate may cost.")),
               ("25", t("Near: nobody may make a profit. For certificates there is an article of its own."))],
    "case_6": [("20", t("Near: that article protects the volunteers' data. Whose privacy is hurt here?"))],
    "case_7": [("21", t("Near: that article protects those served. Whose data are shown here?"))],
    "case_8": [("14", t("The agreement may fix how early. The duty to tell stands in an article of its own.")),
               ("25", t("She may say no. But she has to say it in time."))],
    "case_9": [("22", t("That article is about keeping a promise. Was this one given freely?")),
               ("15", t("The task may fit everybody. Who decides about coming?"))],
}


def _near(given: dict[str, int], name: str, right: str, label: str) -> Criterion:
    """Judge a choice among the articles; a wrong one that no slip explains gets a word of its own."""
    slips = [Slip(ARTICLES.index(other), f"article-{other}", reason) for other, reason in NEAR[name]]
    found = marking.choice(given, name, ARTICLES.index(right), label, slips=slips)
    if found.slip != "other":
        return found
    return Criterion(label, 0.0, 1.0, t("Another article fits the case. Who did what, and when?"), "other")


FIELDS = {
    "telephone": (0, t("Telephone")), "skills": (0, t("Skills")), "fingerprint": (1, t("Fingerprint")),
    "illnesses": (1, t("Illnesses")), "bank_account": (1, t("Bank account")),
    "size_of_home": (2, t("Size of the home")),
}


def _fields(given: dict[str, int]) -> list[Criterion]:
    ask, apart, out = range(3)
    why = {
        (ask, apart): t("This is not sensitive in the sense of PIPL, article 28. Registration names it."),
        (ask, out): t("Registration names it (Regulation, article 7)."),
        (apart, ask): t("This is sensitive (PIPL, article 28) and needs a consent of its own."),
        (apart, out): t("Leaving it out may be best. But if it is asked, how? It is sensitive."),
        (out, ask): t("Registration does not name it. Which purpose would it serve?"),
        (out, apart): t("It is not sensitive; it has no purpose here at all."),
    }
    return [marking.choice(given, name, right, label, slips=[
        Slip(place, f"{SORTS[right]}-wrong", why[right, place]) for place in range(3) if place != right])
        for name, (right, label) in FIELDS.items()]


def q4(given: dict[str, int], _found: Truth) -> list[Criterion]:
    """Nine cases and the article of each, and six fields of a form."""
    return [
        *(_near(given, name, right, label) for name, (right, label) in CASES.items()),
        *_fields(given),
    ]


def q1(given: dict[str, float], found: Truth) -> list[Criterion]:
    """What a group may certify from the learner's own records, and what it cannot certify yet."""
    return [
        marking.number(given, "certified_hours", found.certified, t("Hours that the group may certify"), weight=2.0,
                       slips=[
            Slip(found.with_group, "unverified-too", t("Some of these records are not verified."), 0.25),
            Slip(found.verified_all, "others-too", t("Some of these were recorded by another group. Who records, "
                                                     "certifies."), 0.25),
            Slip(found.all_hours, "all-records", t("These are all records: of every group, verified or not.")),
        ]),
        marking.number(given, "open_hours", found.with_group - found.certified, t("Hours of the group that are not "
                                                                                  "verified"), slips=[
            Slip(found.all_hours - found.verified_all, "others-too", t("Some of these belong to another group."), 0.25),
            Slip(found.all_hours - found.certified, "all-the-rest", t("These are all other hours, other groups' too."),
                 0.25),
            Slip(found.with_group, "verified-too", t("These are all hours of the group. Leave out the verified ones.")),
        ]),
    ]


def _rate(given: dict[str, float], name: str, top: float, bottom: float, label: str, slips: list[Slip], weight: float
          ) -> Criterion:
    """Judge a rate for each 100; a share (0.2 in place of 20) is a slip of every rate."""
    if given.get(name) is not None and abs(given[name] - top / bottom) <= SHARE:
        return Criterion(label, 0.5, weight, t("This is a share between 0 and 1. The question asks how many for each "
                                               "100."), "share-not-per-100")
    return marking.number(given, name, 100 * top / bottom, label, tolerance=RATE, weight=weight, slips=slips)


WHO = (
    t("The volunteers themselves: they came of their own will."),
    t("The platform on which the task was posted."),
    t("The museum, which uses them, and the group, which recruited them."),
    t("Nobody in particular, as long as nothing has happened."),
)


def q2(given: dict[str, float], found: Truth) -> list[Criterion]:
    """Who was exposed, who was insured on the day, who was ready, and who has to see to it."""
    return [
        marking.number(given, "exposed", found.exposed, t("First tasks of risk"), weight=0.5, slips=[
            Slip(found.registered, "register", t("These are the people on the register. Only some were sent.")),
            Slip(found.covered, "covered-not-exposed", t("These were insured. The denominator is everybody who was "
                                                         "sent.")),
        ]),
        marking.number(given, "covered", found.covered, t("Insured on the day"), slips=[
            Slip(found.on_list, "list-not-day", t("Some were sent before the policy of their district began.")),
            Slip(found.begun, "day-not-list", t("Some registered after the list was closed.")),
            Slip(found.exposed, "all-insured", t("This is everybody who was sent. Two conditions must hold.")),
        ]),
        _rate(given, "cover_per_100", found.covered, found.exposed, t("Insured for each 100 who were sent"), [
            Slip(100 * found.on_list / found.exposed, "list-not-day", t("The numerator has people whose policy had not "
                                                                        "begun.")),
            Slip(100 * found.covered / found.registered, "register", t("The denominator is the register. Take those "
                                                                       "who were exposed.")),
        ], 1.0),
        _rate(given, "ready_per_100", found.ready, found.exposed, t("Told and insured for each 100 who were sent"), [
            Slip(100 * found.told / found.exposed, "one-paper", t("These were told. Were they insured as well?")),
            Slip(100 * found.covered / found.exposed, "one-paper", t("These were insured. Were they told as well?")),
            Slip(100 * found.either / found.exposed, "or-not-and", t("These were told or insured. Both are needed.")),
            Slip(100 * found.told * found.covered / found.exposed**2, "multiplied", t(
                "Two shares were multiplied. Count the rows in which both hold.")),
        ], 1.5),
        marking.choice(given, "who", 2, t("Who has to see to protection"), weight=1.0, slips=[
            Slip(0, "volunteers", t("Coming freely is no reason to come unprotected.")),
            Slip(1, "platform", t("A platform posts. Look at who uses and who recruits.")),
            Slip(3, "nobody-yet", t("Protection comes before the work, not after an accident."))]),
    ]


SENTENCES = (
    t("The district without an incident is the safest place to serve."),
    t("Tasks of low risk need the most protection, for most hours are served there."),
    t("An hour at high risk is several times as dangerous as one at low risk; places are harder to tell apart."),
    t("With so few incidents nothing at all can be said."),
)


def q3(given: dict[str, object], found: Truth) -> list[Criterion]:
    """Incidents by risk, what they support, and how the letter box was answered."""
    frame = found.by_risk
    return [
        marking.rows(given, "by_risk", frame["incidents"].to_dict(), "incidents", t("Incidents of each risk"),
                     tolerance=0.0, weight=1.0),
        marking.rows(given, "by_risk", frame["rate"].to_dict(), "rate", t("Incidents for each 10,000 hours"),
                     tolerance=RATE, weight=2.0, slips=[
            ((frame["rate"] / 10).to_dict(), Slip(0, "per-1000", t(
                "These are incidents for each 1,000 hours. The table asks for each 10,000."), 0.5)),
            ((frame["rate"] / 100).to_dict(), Slip(0, "per-100", t(
                "These are incidents for each 100 hours. The table asks for each 10,000."), 0.5)),
            ((SCALE * frame["incidents"] / frame["attendances"]).to_dict(), Slip(0, "per-attendance", t(
                "The denominator is attendances. Take the hours."))),
            ((SCALE * frame["incidents"] / frame["hours"].sum()).to_dict(), Slip(0, "all-hours", t(
                "The denominator is the hours of all risks. Take those of the same row."))),
            ((100 * frame["incidents"] / frame["incidents"].sum()).to_dict(), Slip(0, "share-of-incidents", t(
                "This is each risk's share of the incidents, not how dangerous an hour is."))),
        ]),
        marking.choice(given, "sentence", 2, t("The sentence that the counts support"), weight=1.0, slips=[
            Slip(0, "zero-is-safe", t("None is a small number: with few hours it comes by luck.")),
            Slip(1, "hours-not-rate", t("Many hours are no danger. Compare an hour here with an hour there.")),
            Slip(3, "nothing-known", t("Small numbers hide small differences. This one is large."))]),
        _rate(given, "in_time_per_100", found.in_time, found.cases, t("Complaints answered in time, of each 100"), [
            Slip(100 * found.in_time / found.closed, "closed-only", t("The denominator is the closed cases. An open "
                                                                      "case is not answered."), 0.25),
            Slip(100 * found.closed / found.cases, "ever-answered", t("These were answered at some time. In time is "
                                                                      "within 15 days."), 0.25),
        ], 1.0),
    ]


def ready(people: pd.DataFrame, day: pd.Timestamp) -> float:
    """Return how many people may start on a day: told, trained, and insured on that day."""
    insured = (people["insured_from"] <= day) & (day <= people["insured_to"])
    return float((people["told"] & people["trained"] & insured).sum())


def _no_dates(people: pd.DataFrame, _day: pd.Timestamp) -> float:
    return float((people["told"] & people["trained"] & people["insured_from"].notna()).sum())


def _only_begun(people: pd.DataFrame, day: pd.Timestamp) -> float:
    return float((people["told"] & people["trained"] & (people["insured_from"] <= day)).sum())


def _papers_only(people: pd.DataFrame, _day: pd.Timestamp) -> float:
    return float((people["told"] & people["trained"]).sum())


def _insured_only(people: pd.DataFrame, day: pd.Timestamp) -> float:
    return float(((people["insured_from"] <= day) & (day <= people["insured_to"])).sum())


def probes(seed: int) -> list[list[object]]:
    """Return six lists for a shift: policies that end before, begin after or on the day, people without one."""
    found: list[list[object]] = []
    for place in range(6):
        number = (seed >> (8 * place)) & 0xFFFF
        day = pd.Timestamp("2025-03-01") + pd.Timedelta(days=number % 400)
        rows: list[list[object]] = []
        for step in range(1, 0 if place == 5 else 14 + number % 9):
            mix = number * step * 37 + step * 11
            begins, ends = day + pd.Timedelta(days=mix % 50 - 40), day + pd.Timedelta(days=mix // 7 % 80 - 15)
            dates = [None, None] if mix % 9 == 0 else [str(begins.date()), str(max(begins, ends).date())]
            rows.append([mix % 5 > 0, mix % 4 > 0, *dates])
        if rows:                                             # the edges: from the day, to the day, over, not yet
            for first, last in ((0, 30), (-30, 0), (-30, -1), (1, 30)):
                rows.append([True, True, *(str((day + pd.Timedelta(days=days)).date()) for days in (first, last))])
        found.append([{"columns": ["told", "trained", "insured_from", "insured_to"], "rows": rows,
                       "dates": ["insured_from", "insured_to"]}, {"date": str(day.date())}])
    return found


def q5(given: dict[str, object], _found: Truth) -> list[Criterion]:
    """How many may start, for any list and day."""
    return [marking.outputs(given, "ready", ready, t("People who may start, on lists that you have not seen"),
                            tolerance=0.0, slips=[
        (_no_dates, Slip(0, "no-dates", t("It asks whether somebody was ever insured. Ask for the day."), 0.25)),
        (_only_begun, Slip(0, "only-begun", t("It does not ask whether the insurance has ended."), 0.25)),
        (_papers_only, Slip(0, "papers-only", t("It does not ask for insurance."))),
        (_insured_only, Slip(0, "insured-only", t("It asks for insurance only. Told and trained are needed too."))),
    ])]


PEOPLE = {"unit": t("people"), "whole": True, "low": 0}
PER_100 = {"unit": t("for each 100"), "low": 0}
EXAMPLE = ({"columns": ["told", "trained", "insured_from", "insured_to"], "dates": ["insured_from", "insured_to"],
            "rows": [[True, True, "2024-01-01", "2024-12-31"], [True, False, "2024-01-01", "2024-12-31"]]},
           {"date": "2024-06-01"})

TASKS = (
    Task("q1", t("A certificate that holds"), 3, (
        Number("certified_hours", unit=t("hours"), low=0), Number("open_hours", unit=t("hours"), low=0)), q1, hints=(
        t("Two conditions for the hours: the group's own records, and only one state of checking."),
        t("Join conditions with & and put each in brackets. What is not verified yet may be a draft or rejected."))),
    Task("q2", t("Told and insured, on the day"), 4, (
        Number("exposed", **PEOPLE), Number("covered", **PEOPLE), Number("cover_per_100", **PER_100),
        Number("ready_per_100", **PER_100), Choice("who", WHO)), q2, hints=(
        t("Insured on the day: registered by the day the list was closed, and sent on or after the day on which the "
          "policy began."),
        t("Two conditions joined with & give a column of true and false; its sum counts the true ones."))),
    Task("q3", t("Incidents and complaints"), 5, (
        Table("by_risk", "risk", ("incidents", "rate")), Choice("sentence", SENTENCES),
        Number("in_time_per_100", **PER_100)), q3, hints=(
        t("Divide the incidents of a row by the hours of the same row, and only then scale up."),
        t("An open case has no number of days, so the comparison is false for it. It stays in the denominator."))),
    Task("q4", t("Nine cases and a form"), 5, (
        *(Choice(name, ARTICLES, lettered=False) for name in CASES),
        *(Choice(name, SORTS, lettered=False) for name in FIELDS)), q4, hints=(
        t("Find out first who is wronged: the volunteer, the person served, or the team that waits."),
        t("The rules come in the order of a shift: asked, agreed, sent, insured, recorded, on duty, free. For the "
          "form: does registration name it? If not, is it biometric, health or a bank account?"))),
    Task("q5", t("Who may start?"), 3, (Function("ready", Number("ready", **PEOPLE), EXAMPLE),), q5, probes=probes,
         hints=(
        t("Insurance has a first and a last day. What must each of them be, beside the day of the shift?"),
        t("`fit & insured` is true where all conditions hold; .sum() counts."))),
)
