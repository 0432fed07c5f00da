"""Settle a scenario: cards, seasons and policies become the integers and tables that the week reads.

Inside one lever the later start wins where two policies meet, then the one with fewer districts, then the canonical
order of their text; levers meet by the rule of each table. So nothing depends on the order of the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import share16, threshold32, units
from vsim.levers import BY_NAME, Edit, Span
from vsim.rng import Stream, draw, stream_key
from vsim.run.reach import Pattern, covered, patterns_of, reach_of
from vsim.run.settle_cards import quarter_weights, settle_lookups, settle_params
from vsim.run.siting import layouts
from vsim.spec.cards import values
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.rollout import DistrictFacts, resolve
from vsim.spec.scenario import Scenario
from vsim.world.bodies import Sites
from vsim.world.city import Unit
from vsim.world.drawing import Draw
from vsim.world.metrics import YEAR
from vsim.world.places import District
from vsim.world.seasons import demand_season, willing_season
from vsim.world.settings import LADDER, NO_LADDER, Lookups, Params
from vsim.world.weekly import PERSONAL, Weekly, meet, neutral, rule

Int = NDArray[np.int64]
AREA = tuple(name for name in Weekly._fields if name not in PERSONAL)
NEUTRAL_PERSONS, NEUTRAL_AREA = (np.array([neutral(name) for name in names]) for names in (PERSONAL, AREA))
NOT_OLD = 200                 # an age that nobody reaches: time credits cannot be spent


@dataclass(frozen=True, slots=True)
class Settled:
    """A scenario as the engine reads it.

    `sites` holds the places of tasks of each district, `policies` what is in force where and when (roll-outs
    resolved), `patterns` whom they cover, `people_key` the key by which shares of people are drawn, `quarters`
    the weight of tasks by quarter for each side of a district.
    """

    params: Params
    lookups: Lookups
    weekly: Weekly
    ladders: Int              # (l, 8)
    sites: tuple[Sites, ...]
    policies: tuple[ScheduledPolicy, ...]
    patterns: tuple[Pattern, ...]
    people_key: tuple[int, int]
    quarters: Mapping[int, Int]
    start: date
    weeks: int
    warmup: int
    first: int = 0            # number in the region of the first district of the tables

    @property
    def length(self) -> int:
        """Weeks of the tables: run-up and run."""
        return self.weeks + self.warmup

    def place(self, unit: Unit) -> int:
        """Return the row of a district in the tables."""
        return unit.district.index - self.first

    def looks(self, district: District) -> Lookups:
        """Return the small tables of a district: rural ones are wider, so a task in another quarter is farther away."""
        return self.lookups._replace(menu_quarter=self.quarters[district.side])

    def reach(self, unit: Unit, draw: Draw = draw) -> NDArray[np.uint8]:
        """Return the class of each resident of a district in the tables of persons, shape (n,)."""
        return reach_of(unit.people, self.patterns, self.people_key, draw)


class Fixed(NamedTuple):
    """What is settled of a scenario without knowing a district; it is kept, so nobody can write into it."""

    values: Mapping[str, float]
    params: Params
    willing: Int              # season of taking part, shape (t,)
    demand: Int               # season of demand


@lru_cache(maxsize=8)
def _fixed(parameters: tuple[tuple[str, float], ...], start: date, warmup: int, weeks: int) -> Fixed:
    v, span = values(dict(parameters)), range(-warmup, weeks)
    fixed = Fixed(MappingProxyType(v), settle_params(v), willing_season(start, span, v), demand_season(start, span, v))
    fixed.willing.setflags(write=False)
    fixed.demand.setflags(write=False)
    return fixed


@lru_cache(maxsize=16)
def _lookups(parameters: tuple[tuple[str, float], ...], side: int) -> Lookups:
    return settle_lookups(values(dict(parameters)), side)


def fixed_of(scenario: Scenario) -> Fixed:
    """Return what is the same for all districts of a scenario, worked out once: a nation settles them one by one."""
    return _fixed(_changed(scenario), scenario.start, scenario.warmup_weeks, scenario.weeks)


def _changed(scenario: Scenario) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(scenario.parameters.items()))


def lookups_of(scenario: Scenario, side: int) -> Lookups:
    """Return the small tables of a scenario for districts of one side, 10 m; the caller's own."""
    return Lookups(*(table.copy() if table.flags.writeable else table for table in _lookups(_changed(scenario), side)))


def precedence(policy: ScheduledPolicy) -> tuple[int, int, str]:
    """Return the place of a policy in the order of application; the last one wins."""
    return policy.start_week, -len(policy.districts), json.dumps(policy.to_dict(), sort_keys=True)


def in_force(scenario: Scenario, districts: Sequence[District]) -> list[ScheduledPolicy]:
    """Return the policies of a scenario with roll-outs resolved to districts and weeks, in the order of application."""
    key = stream_key(scenario.world.seed)
    found = []
    for policy in scenario.schedule():
        salt = policy.rollout.salt if policy.rollout else 0
        words = draw(key, Stream.REACH, [d.index for d in districts], 1, salt)[0].tolist()
        facts = {d.code: DistrictFacts(d.need, d.momentum, word) for d, word in zip(districts, words, strict=True)}
        found += resolve(policy, facts)
    return sorted(found, key=precedence)


def empty_weekly(v: Mapping[str, float], districts: Sequence[District], weeks: int, classes: int) -> Weekly:
    """Return the tables before seasons and policies."""
    d = len(districts)
    persons, area = np.empty((len(PERSONAL), d, weeks, classes), np.int64), np.empty((len(AREA), d, weeks), np.int64)
    persons[:], area[:] = NEUTRAL_PERSONS[:, None, None, None], NEUTRAL_AREA[:, None, None]
    tables = dict(zip((*PERSONAL, *AREA), (*persons, *area), strict=True))
    seats = [units(v["training.seats"] * u.residents / 1000) for u in districts]
    tables["seats"] += np.array(seats, dtype=np.int64)[:, None]
    tables["gated"] += share16(v["training.gated_share"])
    tables["uptake"] += threshold32(v["training.uptake"])
    drift = units(v["places.growth"]) * (np.array([u.momentum for u in districts])[:, None] - (1 << 15))
    tables["base"] += (drift * np.arange(weeks) // (YEAR << 16))[:, :, None]
    tables["credit_age"] += NOT_OLD
    tables["courtesy_star"] += LADDER
    return Weekly(**tables)


class Sheet:
    """What one lever writes: a value and a mark for every cell of the tables that it touches."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.shape = shape
        self.tables: dict[str, tuple[Int, NDArray[np.bool_]]] = {}

    def write(self, edit: Edit, value: Int | int, where: Int, when: Int, classes: Int) -> None:
        """Write a value (or one for each week) into districts, weeks and classes."""
        shape = self.shape if edit.table in PERSONAL else self.shape[:2]
        if edit.table not in self.tables:
            self.tables[edit.table] = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
        table, mark = self.tables[edit.table]
        spot = np.ix_(where, when, classes) if edit.table in PERSONAL else np.ix_(where, when)
        column = np.asarray(value, dtype=np.int64)
        if column.ndim == 1:
            column = column[None, :, None] if edit.table in PERSONAL else column[None, :]
        elif column.ndim == 2:
            column = column[:, :, None] if edit.table in PERSONAL else column
        table[spot], mark[spot] = column, True

    def merge(self, weekly: Weekly) -> None:
        """Let the lever's tables meet those of the levers before it."""
        for name, (own, mark) in self.tables.items():
            table = getattr(weekly, name)
            table[mark] = meet(rule(name), table[mark], own[mark])


def settle(
    scenario: Scenario, city: Sequence[Unit], patterns: tuple[Pattern, ...] | None = None,
    policies: list[ScheduledPolicy] | None = None,
) -> Settled:
    """Return a scenario as the engine reads it.

    Parameters
    ----------
    scenario : Scenario
    city : sequence of Unit
        Of the scenario's world, or a part of it: districts that follow one another.
    patterns : tuple, optional
        Whom policies cover; twin arms are settled with those of both. By default the scenario's own.
    policies : list of ScheduledPolicy, optional
        What is in force, from `in_force` over all districts; a part of a world needs it, since a roll-out is resolved
        over the whole.
    """
    fixed, districts = fixed_of(scenario), [unit.district for unit in city]
    v = fixed.values
    policies = in_force(scenario, districts) if policies is None else policies
    patterns = patterns_of(policies) if patterns is None else patterns
    weekly = empty_weekly(v, districts, fixed.demand.size, 1 << len(patterns))
    weekly.base[:] += fixed.willing[None, :, None]
    rows: list[tuple[int, ...]] = [NO_LADDER]
    places = {district.code: place for place, district in enumerate(districts)}
    for lever in sorted({policy.lever for policy in policies}):
        sheet = Sheet(weekly.base.shape)
        for policy in policies:
            if policy.lever == lever:
                classes = np.array(covered(patterns, policy), dtype=np.int64)
                _enter(policy, sheet, scenario, v, rows, places, districts, classes)
        sheet.merge(weekly)
    season = fixed.demand[None, :]
    weekly.demand[:] += season - (np.maximum(season, 0) * weekly.calm >> 16)
    sites = []
    for place, unit in enumerate(city):
        found, row = layouts(unit, weekly, v, place)
        sites.append(found)
        weekly.layout[place] = row
    side = districts[0].side if districts else round(100 * v["places.district_side"])
    sides = {d.side for d in districts} | {side}
    return Settled(
        params=fixed.params, lookups=lookups_of(scenario, side), weekly=weekly,
        ladders=np.array(rows, dtype=np.int64).reshape(-1, LADDER), sites=tuple(sites), policies=tuple(policies),
        patterns=patterns, people_key=stream_key(scenario.world.seed),
        quarters={wide: quarter_weights(v, wide) for wide in sides},
        start=scenario.start, weeks=scenario.weeks, warmup=scenario.warmup_weeks,
        first=districts[0].index if districts else 0,
    )


def _enter(
    policy: ScheduledPolicy, sheet: Sheet, scenario: Scenario, v: Mapping[str, float], rows: list[tuple[int, ...]],
    places: Mapping[str, int], districts: Sequence[District], classes: Int,
) -> None:
    """Write one policy into the sheet of its lever."""
    if len(places) == 1:                                     # a nation: many districts named, one to settle
        (code,) = places
        where = np.zeros(int(code in policy.districts), dtype=np.int64)
    else:
        where = np.array([places[code] for code in policy.districts if code in places], dtype=np.int64)
    first, end = policy.start_week, policy.end_week
    span = Span(scenario.start + timedelta(weeks=first), end - first, scenario.weeks - first)
    for edit in BY_NAME[policy.lever].edits(policy.values, v, span):
        value: Int | int
        if edit.ladder:
            if edit.ladder not in rows:
                rows.append(edit.ladder)
            value = rows.index(edit.ladder)
        else:
            value = np.array(edit.value, dtype=np.int64) if isinstance(edit.value, tuple) else edit.value
        length = value.size if isinstance(value, np.ndarray) else span.weeks
        offsets = range(min(length, span.left)) if edit.only is None else edit.only
        when = np.array([first + scenario.warmup_weeks + week for week in offsets if 0 <= week < span.left],
                        dtype=np.int64)
        if isinstance(value, np.ndarray):
            value = value[: when.size]
        if edit.per_thousand:
            people = np.array([districts[place].residents for place in where.tolist()], dtype=np.int64)
            value = np.multiply.outer(people, np.broadcast_to(value, when.shape)) // 1000
        if when.size and where.size:
            sheet.write(edit, value, where, when, classes)


def week_dates(settled: Settled) -> list[date]:
    """Return the Monday of each week of the run, run-up excluded."""
    return [settled.start + timedelta(weeks=w) for w in range(settled.weeks)]
