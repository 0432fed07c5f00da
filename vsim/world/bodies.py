"""What changes about organisations and the district: small integer arrays beside the state of the residents."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.world.organisations import Organisations

Int = NDArray[np.int64]
LATENT, FORMING, GROWING, MATURE, CLOSED = 0, 1, 2, 3, 4       # stages of an organisation
TRUST, SERVED = 0, 1                                           # places in the state of a district
AREA = 2
PERIOD = 4                    # weeks between two looks at an organisation
INSTITUTION, BY_LAW, FILED, UNLISTED = 1, 2, 3, 4              # places in LEGAL_FORMS; up to BY_LAW: registered by law
ENTITIES = 65536              # organisations that a district may have: the entity of their draws


class Event(IntEnum):
    """What can happen to an organisation; the book of events says which."""

    STARTED = 0
    PASSED = 1                # from forming to growing
    MATURED = 2
    CLOSED = 3
    REGISTERED = 4            # by law
    INSPECTED = 5
    VIOLATION = 6             # found by an inspection
    ADOPTED = 7               # a good practice
    RULES = 8                 # items of governance, value: how many are in place


class Bodies(NamedTuple):
    """State of the organisations of one district, arrays of shape (k,), and of the district, shape (2,)."""

    stage: Int
    form: Int                 # index into LEGAL_FORMS
    quality: Int              # 0 to 65536
    rules: Int                # items of governance in place, 0 to 10
    practice: Int             # 1 when a good practice is in use
    regulars: Int             # people who serve with it in a week, smoothed, 1/256
    cash: Int                 # fen
    suspended: Int            # first week in which it may post again
    ran: Int                  # tasks since the last look
    turned: Int               # tasks that it could not run since the last look
    came: Int                 # attendances since the last look
    hours: Int                # quarter hours served since the last look
    district: Int             # (2,) trust 0 to 65536, persons who served last week


def first_bodies(organisations: Organisations, trust: int) -> Bodies:
    """Return organisations as they stand before the run-up; `trust` is the level of the cards, 16 bit."""
    k = organisations.weight.size
    zero = np.zeros(k, dtype=np.int64)
    rules = sum(((organisations.governance >> bit) & 1 for bit in range(10)), zero).astype(np.int64)
    return Bodies(
        stage=np.where(organisations.latent == 1, LATENT, GROWING).astype(np.int64),
        form=organisations.form.astype(np.int64), quality=organisations.quality.astype(np.int64), rules=rules,
        practice=zero.copy(), regulars=zero.copy(), cash=organisations.cash.astype(np.int64),
        suspended=zero - (1 << 20),
        ran=zero.copy(), turned=zero.copy(), came=zero.copy(), hours=zero.copy(),
        district=np.array([trust, 0], dtype=np.int64),
    )


def can_run(leaders: Int, run: int, capacity: int) -> Int:
    """Return the tasks that organisations can run in a week: one, and more with more leaders.

    `run` is what a leader can run, `capacity` the factor of policy, both 1/1024.
    """
    return np.maximum((leaders * run >> 10) * capacity >> 10, 1)


def copy_bodies(bodies: Bodies) -> Bodies:
    """Return a copy that shares no memory."""
    return Bodies._make(array.copy() for array in bodies)


class Sites(NamedTuple):
    """Where the tasks of each source take place, for each layout of the stations; arrays of shape (layouts, j)."""

    station: Int              # position among the stations of the district
    x: Int                    # 10 m
    y: Int
    quarter: Int
    found: Int                # share of its needs that are found, 16 bit
