"""Small scenarios for the tests of the engine, made once a process, and readings that several tests share.

The small variants keep the parameters of their preset; only the size, the share on the register, the calendar and the
places and dates of policies are cut down. `lively` raises demand and willingness so that every book fills quickly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.levers.points import Points
from vsim.levers.stars import Stars
from vsim.levers.training_gate import TrainingGate
from vsim.rng import stream_key
from vsim.run.compare import compare
from vsim.run.district import Engine, Progress, advance, begin
from vsim.run.run import Run, simulate
from vsim.run.settle import Settled, settle
from vsim.run.study import Study
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario, load_scenario, scenario_names
from vsim.spec.world_spec import WorldSpec
from vsim.world.board import Board
from vsim.world.bodies import first_bodies
from vsim.world.city import Unit, city_of
from vsim.world.ledgers import Book
from vsim.world.tasks import Tasks
from vsim.world.weekly import PERSONAL, Weekly, neutral

Int = NDArray[np.int64]
PRESETS = ("cn_registry", "cn_mobilised", "riverside_pilot")
SEED = 7
EVENTFUL = {                      # much happens to organisations, and seats are short
    "organisations.latent_per_thousand": 20.0, "organisations.per_thousand": 20.0, "service.incident_rate": 10.0,
    "service.breach": 0.1, "demand.people_median": 1.5, "demand.tasks": 200.0, "demand.people_log_sd": 0.5,
}
START = date(2025, 9, 1)          # a run of 24 weeks holds 5 December and 31 December
LIVELY = {
    "participation.taste_mean": 0.5, "participation.aware_platform": 0.6, "demand.tasks": 30.0,
    "demand.recurring_rate": 0.4, "registration.activation": 0.9, "registration.base": -4.5,
    "choice.menu_reference": 9.0, "training.seats": 4.0, "training.uptake": 0.05,
}


def world_of(residents: int, districts: int, share: float, seed: int = 1, prefectures: int | None = None) -> WorldSpec:
    return WorldSpec(
        residents=residents, districts=districts, prefectures=prefectures or min(2, districts), registered_share=share,
        seed=seed,
    )


def town(
    parameters: dict[str, float] | None = None, *, residents: int = 600, districts: int = 3, share: float = 0.5,
    weeks: int = 24, warmup: int = 6, policies: tuple[object, ...] = (), start: date = START, name: str = "town",
) -> Scenario:
    """Return a lively town; `parameters` are laid over those that make it lively."""
    scenario = Scenario(
        name=name, world=world_of(residents, districts, share), start=start, weeks=weeks, warmup_weeks=warmup,
        parameters={**LIVELY, **(parameters or {})},
    )
    return scenario.with_levers(*policies) if policies else scenario       # type: ignore[arg-type]


def small(preset: str) -> Scenario:
    """Return a preset cut down to a few hundred people, with its policies moved to the places and weeks that remain."""
    whole = load_scenario(preset)
    districts, weeks = 2, 24
    world = world_of(900, districts, 0.9)
    policies = []
    for policy in whole.policies:
        fields = {name: getattr(policy, name) for name in ("lever", "values")}
        if policy.districts is not None:
            fields |= {"districts": [code for code in policy.districts if code in world.codes], "start_week": 6}
        policies.append(Policy(**fields))
    if preset == "riverside_pilot":
        policies.append(Stars(thresholds=[2, 5, 10, 20, 40], start_week=6, districts=["D02"]).policy())
        policies.append(Points(per_hour=2.0, price=8, start_week=4).policy())
    return Scenario(name=whole.name, world=world, start=START, weeks=weeks, warmup_weeks=6,
                    parameters=whole.parameters, policies=policies)


def levers() -> tuple[object, ...]:
    """Return every lever at once, overlapping in places and weeks."""
    return (
        Stars(thresholds=[2, 5, 10, 20, 40]),
        Stars(thresholds=[1, 3], start_week=12, end_week=22, districts=["D02"]),
        Points(per_hour=2.0, price=5.0, start_week=2),
        TrainingGate(gated_share=0.5, seats=20.0, uptake=0.2, start_week=5, districts=["D01", "D03"]),
    )


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an effect as a policy takes them."""
    return {key: list(value) if isinstance(value, list | tuple) else float(value) for key, value in values.items()}


def shown(lever: str, which: int, start_week: int) -> Policy:
    """Return a policy with the values at which the lever's file shows one of its effects."""
    return Policy(lever=lever, values=plain(load_levers()[lever].effects[which].policy), start_week=start_week)


@cache
def scenario_of(name: str) -> Scenario:
    """Return one of the shared scenarios by name."""
    if name in scenario_names():
        return small(name)
    if name == "plain":
        return town()
    if name == "lively":
        return town(policies=levers(), name="lively")
    if name == "crowded":          # more tasks than a menu holds, and an odd number of residents
        return town({"demand.tasks": 150.0, "choice.extra_mean": 2.4, "recording.late_mean": 3.0,
                     "lifecycle.run": 30.0},
                    residents=401, districts=2, policies=levers()[:3], name="crowded")
    if name in ("everything", "otherwise"):      # every lever at the values at which its file shows an effect
        which = 0 if name == "everything" else -1
        effects = [effect for lever in load_levers().values() for effect in lever.effects]
        together = {key: value for effect in effects for key, value in effect.parameters.items()}
        used = [shown(lever, which, 2 + place % 8) for place, lever in enumerate(sorted(load_levers()))]
        return town({**together, **EVENTFUL}, residents=900, districts=2, weeks=40 if which == 0 else 56,
                    policies=tuple(used), name=name)
    if name == "many":             # more districts than threads
        return town(residents=9 * 100, districts=9, policies=levers()[:3], name="many")
    raise KeyError(name)


@cache
def city_named(name: str) -> list[Unit]:
    scenario = scenario_of(name)
    return city_of(scenario.world, scenario.warmup_weeks, scenario.values)


@cache
def settled_of(name: str) -> Settled:
    return settle(scenario_of(name), city_named(name))


@cache
def run_of(name: str, engine: Engine = "kernels", seed: int = SEED, threads: int | None = None) -> Run:
    """Return a run of a shared scenario; it must not be changed."""
    return simulate(scenario_of(name), seed, engine=engine, threads=threads, city=city_named(name))


@cache
def study_of(base: str, pilot: str, replicates: int = 6) -> Study:
    """Return a study of two shared scenarios."""
    return compare(scenario_of(base), scenario_of(pilot), replicates=replicates, seed=SEED)


_cities: dict[tuple[object, ...], list[Unit]] = {}
_made: dict[str, tuple[list[Unit], Settled]] = {}


def city_for(scenario: Scenario) -> list[Unit]:
    """Return the city of a scenario, one for all that differ in policies and weeks alone; it must not be changed."""
    values = tuple(sorted((name, repr(value)) for name, value in scenario.values.items()))
    key = scenario.world.model_dump_json(), scenario.warmup_weeks, values
    if key not in _cities:
        _cities[key] = city_of(scenario.world, scenario.warmup_weeks, scenario.values)
    return _cities[key]


def alone(scenario: Scenario, district: int = 0) -> tuple[Unit, Settled]:
    """Return one district of a scenario, and the scenario settled; neither may be changed."""
    if scenario.hash not in _made:
        city = city_for(scenario)
        _made[scenario.hash] = city, settle(scenario, city)
    city, settled = _made[scenario.hash]
    return city[district], settled


@cache
def halfway(name: str, district: int = 0, week: int = 15) -> Progress:
    """Return a district of a shared scenario before a week; copy it before changing it (`advance` does)."""
    unit, settled = city_named(name)[district], settled_of(name)
    return advance(unit, settled, stream_key(SEED), begin(unit, settled), week)


def book(end: Progress, which: Book) -> Int:
    """Return the rows in use of a book, as int64."""
    return np.asarray(end.ledgers[which][: int(end.ledgers.counts[which])], dtype=np.int64)


def differences(one: Run, other: Run) -> list[str]:
    """Return where two runs differ: state, organisations, counts and books by district, with the first place."""
    found = []
    for unit, a, b in zip(one.city, one.ends, other.ends, strict=True):
        code = unit.district.code
        found += [f"{code} state.{field}" for field in a.state._fields
                  if not np.array_equal(getattr(a.state, field), getattr(b.state, field))]
        found += [f"{code} bodies.{field}" for field in a.bodies._fields
                  if not np.array_equal(getattr(a.bodies, field), getattr(b.bodies, field))]
        for field in ("people", "tasks"):
            apart = np.argwhere(getattr(a.counts, field) != getattr(b.counts, field))
            found += [f"{code} counts.{field} first at {apart[0].tolist()}"] if len(apart) else []
        for which in Book:
            left, right = book(a, which), book(b, which)
            if left.shape != right.shape:
                found.append(f"{code} {which.name}: {len(left)} rows and {len(right)}")
            elif not np.array_equal(left, right):
                found.append(f"{code} {which.name} first at {np.argwhere(left != right)[0].tolist()}")
    return found


def z_score(observed: float, expected: float, variance: float) -> float:
    """Return how many standard errors an observation lies from its expectation."""
    return (observed - expected) / max(variance, 1e-12) ** 0.5


def quiet(classes: int = 1, **changes: int | list[int]) -> Weekly:
    """Return the tables of one district in one week without policy; a change of a table of persons may be a list."""
    out = {}
    for name in Weekly._fields:
        value = changes.pop(name, neutral(name))
        out[name] = np.zeros(classes, dtype=np.int64) + value if name in PERSONAL else np.int64(value)     # type: ignore[arg-type]
    assert not changes, f"no table {sorted(changes)}"
    return Weekly(**out)        # type: ignore[arg-type]


def tasks_of(sources: list[int] | Int, unit: Unit | None = None, **columns: list[int] | int) -> Tasks:
    """Return tasks of these sources with five seats each, all needed, in slots of their own; columns may be given.

    Skill and risk are 0, or those of the sources where a unit is given.
    """
    source = np.array(sources, dtype=np.int64)
    zero = np.zeros(source.size, dtype=np.int64)
    usual = {"source": source, "seats": zero + 5, "slot": np.arange(source.size), "needed": zero + 5}
    if unit is not None:
        usual |= {"skill": unit.sources.skill[source], "risk": unit.sources.risk[source]}
    return Tasks(**{name: zero + np.asarray(columns.get(name, usual.get(name, 0)), dtype=np.int64)
                    for name in Tasks._fields})


def board_of(
    unit: Unit, settled: Settled, tasks: Tasks, now: Weekly | None = None, quality: int | None = None, **params: int
) -> Board:
    """Return a board with these tasks; scalars of the model and the quality of every organisation may be set."""
    bodies = first_bodies(unit.organisations, settled.params.trust_level)
    if quality is not None:
        bodies = bodies._replace(quality=np.full_like(bodies.quality, quality))
    sites = settled.sites[unit.district.index]
    return Board(tasks, unit.sources, sites, bodies, settled.params._replace(**params), now or quiet(), 0)


def one_class(unit: Unit) -> NDArray[np.uint8]:
    """Return the class of each resident where policies are for everybody."""
    return np.zeros(unit.people.ids.size, dtype=np.uint8)
