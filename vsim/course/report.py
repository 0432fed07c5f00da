"""What a trainer should know of a course today, from its ledger: plain values, for a page and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from vsim.course.calendar import calendar_of
from vsim.course.calendar_dates import clock_of
from vsim.course.editions import translations_of
from vsim.course.folder import Course
from vsim.course.gate import released_units
from vsim.course.gate_rules import rules_of
from vsim.course.integrity import Integrity, integrity_of
from vsim.course.items import ItemAnalysis, item_analysis
from vsim.course.items_table import Marks, attempts_of, marks_of
from vsim.course.report_calls import Call, calls_of
from vsim.course.standing import Standing, standings
from vsim.course.unit import Unit
from vsim.course.words import Words
from vsim.errors import UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """Where one learner stands in one unit.

    Attributes
    ----------
    learner, state : str
        State as in `vsim.course.standing.Standing`.
    share : float or None
        Share of the unit's points so far; None where nothing is marked.
    late_days : int
    attempt : int or None
    tier : str
        Where the code was run; "" where nothing was.
    items : dict of str to (float or None)
        Share of each task's and written answer's points; None where a person has still to mark.
    """

    learner: str
    state: str
    share: float | None
    late_days: int
    attempt: int | None
    tier: str
    items: dict[str, float | None]


@dataclass(frozen=True)
class UnitReport:
    """One unit of a class.

    Attributes
    ----------
    unit, title, due : str
        Title in the language of the report; due date on the course's clock, "" where none is set.
    points, needed : float
        Points in all, and the share that the unit asks for.
    items : dict of str to float
        Points by task and written answer.
    places : tuple of Place
        In the order of the roster.
    analysis : ItemAnalysis
    integrity : Integrity
    """

    unit: str
    title: str
    due: str
    points: float
    needed: float
    items: dict[str, float]
    places: tuple[Place, ...]
    analysis: ItemAnalysis
    integrity: Integrity

    @property
    def states(self) -> dict[str, int]:
        """How many learners stand how."""
        counts = Counter(one.state for one in self.places)
        return {state: counts[state] for state in ("complete", "open", "failed", "missing")}

    @property
    def tiers(self) -> dict[str, int]:
        """How many attempts that count were run in which jail."""
        return dict(sorted(Counter(one.tier for one in self.places if one.tier).items()))

    @property
    def late(self) -> list[Place]:
        """Those whose counting attempt came late, the latest first."""
        return sorted((one for one in self.places if one.late_days > 0), key=lambda one: -one.late_days)

    @property
    def unmarked(self) -> dict[str, int]:
        """By written answer, how many a person has still to mark."""
        counts = Counter(item for one in self.places for item, share in one.items.items() if share is None)
        return {item: counts[item] for item in self.items if counts[item]}


@dataclass(frozen=True)
class ClassReport:
    """A class on one or more units.

    Attributes
    ----------
    course, cohort, made, lang : str
        `made` is when, on the course's clock.
    counts : str
        "best" or "last": the attempt that counts.
    learners : dict of str to (str, str)
        Name and section by id.
    units : tuple of UnitReport
        In the order in which they are due.
    calls : tuple of Call
    words : mapping of str to Words
        By unit, in the language of the report; not among the plain values.
    """

    course: str
    cohort: str
    made: str
    lang: str
    counts: str
    learners: dict[str, tuple[str, str]]
    units: tuple[UnitReport, ...]
    calls: tuple[Call, ...]
    words: Mapping[str, Words]

    def plain(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON; what the checks' messages say is told in the report's language."""
        found = asdict(self)
        found.pop("words")
        found["learners"] = [{"learner": who, "name": name, "section": section}
                             for who, (name, section) in self.learners.items()]
        for unit, told in zip(self.units, found["units"], strict=True):
            told |= {"states": unit.states, "tiers": unit.tiers, "unmarked": unit.unmarked,
                     "late": [one.learner for one in unit.late]}
            say = self.words[unit.unit]
            for item in told["analysis"]["items"]:
                item["title"] = say(item["title"])
                for one in (*item["options"], *item["wrong"]):
                    for key in ("text", "label"):
                        if key in one:
                            one[key] = say(one[key])
        return found


def class_report(
    course: Course, names: Sequence[str] = (), *, lang: str = "en", now: datetime | None = None, draw: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ClassReport:
    """Return the report of a course.

    Parameters
    ----------
    course : Course
    names : sequence of str
        Released units; all of them by default.
    lang : {"en", "zh_CN"}
        Language of the units' own words.
    now : datetime, optional
        Aware; by default this moment. What is due is held against it.
    draw : bool
        As in `vsim.course.items.item_analysis`.
    progress : callable, optional
        Called with (units done, units in all).

    Raises
    ------
    UsageError
        When nothing was released, or a unit was not; when the roster or calendar is wrong.
    DataError
        When the ledger is damaged.
    """
    released = [unit for some in released_units(course).values() for unit in some]
    units = [course.unit(name) for name in names] if names else released
    if not units:
        raise UsageError(f"{course.root.name}: no unit was released; there is nothing to report. Release one first: "
                         "vsim course release UNIT")
    if not course.learners:
        raise UsageError(f"{course.root.name}: learners.csv lists nobody; there is nothing to report. Read a roster "
                         "first: vsim course roster LIST")
    now = now or datetime.now(UTC)
    calendar = calendar_of(course)
    far = datetime.max.replace(tzinfo=UTC)
    units.sort(key=lambda unit: (calendar.dues.get(unit.id, far), unit.id))
    rules = rules_of(course).said.tiers
    needed = {unit.id: rules[unit.source.syllabus.tier].least_share for unit in units}
    found: dict[str, dict[str, Standing]] = {}
    marks: dict[str, Marks] = {}
    told: list[UnitReport] = []
    words: dict[str, Words] = {}
    for place, unit in enumerate(units, start=1):
        found[unit.id] = standings(course, unit)
        marks[unit.id] = marks_of(unit, found[unit.id])
        said = translations_of(unit.source, lang)
        words[unit.id] = Words(lang, {**said.known, **said.words})
        told.append(_unit_report(course, unit, found[unit.id], words[unit.id], needed[unit.id], draw))
        if progress is not None:
            progress(place, len(units))
    clock = clock_of(course.settings.utc_offset)
    return ClassReport(
        course.name, course.settings.cohort, f"{now.astimezone(clock):%Y-%m-%d %H:%M}", lang, course.settings.counts,
        {who: (one.name, one.section) for who, one in course.roster.items()}, tuple(told),
        tuple(calls_of(list(course.learners), found, marks, needed, calendar, now)), words,
    )


def _unit_report(
    course: Course, unit: Unit, found: Mapping[str, Standing], words: Words, needed: float, draw: bool
) -> UnitReport:
    most = {task.id: task.points for task in unit.checks.tasks} | unit.hand_points
    by = calendar_of(course).dues.get(unit.id)
    return UnitReport(
        unit.id, words(unit.source.syllabus.title), f"{by:%Y-%m-%d %H:%M}" if by else "", sum(most.values()), needed,
        most, tuple(_place(one, unit, most) for one in found.values()),
        item_analysis(course, unit, found, draw=draw), integrity_of(course, unit, attempts_of(course, unit)),
    )


def _place(one: Standing, unit: Unit, most: Mapping[str, float]) -> Place:
    from vsim.course.standing import cell_points

    if one.row is None:
        return Place(one.learner, one.state, None, 0, None, "", {})
    cells = cell_points(one.row, one.hand, unit.hand_points)
    shares = {item: None if cells.get(item, 0.0) is None else float(cells.get(item) or 0.0) / points
              for item, points in most.items()}
    return Place(one.learner, one.state, one.share, one.late_days, one.attempt,
                 str((one.row.get("run") or {}).get("tier", "")), shares)
