"""Organisations: every four weeks each is looked at - it starts, grows, is inspected, learns, earns or closes.

The chances are keyed by organisation and week, so an organisation lives through the same luck in every arm. Money in
equals money out plus the balance: what cannot be paid is not spent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import ONE16, either16, hazard32, normal16, tables
from vsim.rng import Stream, draw
from vsim.world.bodies import (
    BY_LAW,
    CLOSED,
    ENTITIES,
    FILED,
    FORMING,
    GROWING,
    INSTITUTION,
    LATENT,
    MATURE,
    PERIOD,
    UNLISTED,
    Bodies,
    Event,
    can_run,
)
from vsim.world.organisations import Organisations
from vsim.world.settings import Params
from vsim.world.weekly import Weekly

Int = NDArray[np.int64]
RULES = 10                    # items of governance
REGULARS = 10                 # people a week from whom an organisation counts as mature


class Look(NamedTuple):
    """What a look at the organisations of a district found."""

    events: list[tuple[int, int, int]]      # organisation, kind, value
    income: int                             # fen
    spent: int


def look(
    bodies: Bodies, organisations: Organisations, params: Params, now: Weekly, key: tuple[int, int], district: int,
    week: int,
) -> Look:
    """Look at every organisation of a district once, in place; the books of the last four weeks are closed."""
    events: list[tuple[int, int, int]] = []
    alive = (bodies.stage == GROWING) | (bodies.stage == MATURE)
    adopted = int((bodies.practice[alive] == 1).sum()) * ONE16 // max(int(alive.sum()), 1)
    income = spent = 0
    ids = district * ENTITIES + np.arange(bodies.stage.size)
    drawn = np.concatenate([draw(key, Stream.CARE, ids, week, item) for item in (0, 1)]).T.tolist()
    for o, words in enumerate(drawn):
        _age(bodies, params, now, o, words, events)
        if FORMING <= bodies.stage[o] <= MATURE:
            _govern(bodies, params, now, o, adopted, words, week, events)
            _develop(bodies, organisations, params, now, o, words)
            got, paid = _pay(bodies, params, now, o)
            income, spent = income + got, spent + paid
        for count in (bodies.ran, bodies.turned, bodies.came, bodies.hours):
            count[o] = 0
    return Look(events, income, spent)


def _age(
    bodies: Bodies, params: Params, now: Weekly, o: int, words: list[int], events: list[tuple[int, int, int]]
) -> None:
    """Start, pass, mature or close."""
    stage = int(bodies.stage[o])
    if stage == LATENT:
        if words[0] >> 16 < either16(params.org_start, int(now.org_found)):
            bodies.stage[o] = FORMING
            events.append((o, Event.STARTED, 0))
        return
    if stage == CLOSED:
        return
    bodies.regulars[o] += (int(bodies.came[o]) * 64 - int(bodies.regulars[o])) >> 2
    people = min(int(bodies.regulars[o]) >> 8, tables().log1p.size - 1)
    months = min(int(bodies.cash[o]) // max(params.org_fixed, 1), 12)
    logs = (
        params.org_close + int(now.org_close) - (params.org_close_regulars * int(tables().log1p[people]) >> 10)
        - params.org_close_cash * months - (params.org_close_quality * int(bodies.quality[o]) >> 16)
    )
    if words[1] < int(hazard32(logs)):
        bodies.stage[o] = CLOSED
        events.append((o, Event.CLOSED, stage))
    elif stage == FORMING and words[0] >> 16 < either16(params.org_pass, int(now.org_grow)):
        bodies.stage[o] = GROWING
        events.append((o, Event.PASSED, 0))
    elif stage == GROWING and people >= REGULARS:
        bodies.stage[o] = MATURE
        events.append((o, Event.MATURED, people))


def _govern(
    bodies: Bodies, params: Params, now: Weekly, o: int, adopted: int, words: list[int], week: int,
    events: list[tuple[int, int, int]],
) -> None:
    """Register by law, put rules in place, be inspected, take up a practice."""
    if bodies.form[o] in (FILED, UNLISTED) and words[2] >> 16 < either16(params.org_register, int(now.org_register)):
        bodies.form[o] = INSTITUTION
        events.append((o, Event.REGISTERED, 0))
    if bodies.rules[o] < int(now.org_rules):
        bodies.rules[o] = min(int(bodies.rules[o]) + params.org_settle, int(now.org_rules))
        events.append((o, Event.RULES, int(bodies.rules[o])))
    weak = (RULES - int(bodies.rules[o])) * ONE16 // RULES
    chance = int(now.org_inspect) * (ONE16 + (int(now.org_target) * (2 * weak - ONE16) >> 16)) >> 16
    if words[3] >> 16 < chance:
        events.append((o, Event.INSPECTED, 0))
        if words[3] & 0xFFFF < params.org_violation * weak >> 16:
            events.append((o, Event.VIOLATION, int(now.org_suspend)))
            bodies.suspended[o] = week + 1 + int(now.org_suspend)
            bodies.rules[o] = min(int(bodies.rules[o]) + 1, RULES)
    if bodies.practice[o] == 0 and words[4] >> 16 < either16(params.spread * adopted >> 16, int(now.org_adopt)):
        bodies.practice[o] = 1
        events.append((o, Event.ADOPTED, 0))


def _develop(
    bodies: Bodies, organisations: Organisations, params: Params, now: Weekly, o: int, words: list[int]
) -> None:
    """Move quality towards what rules, practice, policy and load allow."""
    can = int(can_run(organisations.leaders[o], params.org_run, int(now.capacity))) * PERIOD
    load = min((int(bodies.ran[o]) + int(bodies.turned[o])) * ONE16 // can, 2 * ONE16)
    goal = (
        int(organisations.quality[o]) + int(now.org_quality) + params.org_rules * int(bodies.rules[o]) // RULES
        + params.practice * int(bodies.practice[o]) - (params.org_overload * max(load - ONE16, 0) >> 16)
    )
    noise = params.org_noise * int(normal16(np.array([words[5]]))[0]) >> 16
    moved = int(bodies.quality[o]) + (params.org_rate * (goal - int(bodies.quality[o])) >> 16) + noise
    bodies.quality[o] = min(max(moved, 0), ONE16)


def _pay(bodies: Bodies, params: Params, now: Weekly, o: int) -> tuple[int, int]:
    """Take in what policy pays and pay what the work costs; return both, fen."""
    hours = int(bodies.hours[o])
    got = int(now.org_income) * PERIOD + (int(now.org_task) * hours >> 2) if bodies.form[o] <= BY_LAW else 0
    paid = min(params.org_fixed + (params.org_cost * hours >> 2), int(bodies.cash[o]) + got)
    bodies.cash[o] += got - paid
    return got, paid


def trust(level: int, bodies: Bodies, incidents: int, residents: int, disclose: int, params: Params) -> int:
    """Return public trust after a week, 16 bit: drawn to quality and openness, shaken by incidents."""
    alive = (bodies.stage == GROWING) | (bodies.stage == MATURE)
    mean = int(bodies.quality[alive].sum()) // max(int(alive.sum()), 1) if alive.any() else 0
    goal = params.trust_level + (params.trust_quality * (mean - 32768) >> 16) + (params.trust_open * disclose >> 16)
    shaken = params.trust_shock * incidents * 1000 // max(residents, 1)
    return min(max(level + (params.trust_rate * (goal - level) >> 16) - shaken, 0), ONE16)
