"""Time credits: an account of hours - earned by verified service and by helping, spent on help, given away, lapsing.

For every district and week: earned + seeded = spent + donated + expired + the change in what is held. An account is
never below its limit. Help on credit is given by somebody who wanted to serve this week and found no seat; it is paid
for by the one who is helped and earned by the helper.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.world.people import People
from vsim.world.settings import Params
from vsim.world.state import VOLUNTEER, State
from vsim.world.weekly import Weekly

Int = NDArray[np.int64]
EARN, HELP, SEED, SPEND, DONATE, EXPIRE = 0, 1, 2, 3, 4, 5
KIN = (1, 2)                  # columns of the ties to the next neighbours on the ring: the household


class Booked(NamedTuple):
    """Ledger rows (person, kind, signed quarter hours, balance), and people whose request found no helper."""

    rows: list[tuple[int, int, int, int]]
    refused: list[int]


def entitled(people: People, ties: NDArray[np.int32], person: int, now: Weekly) -> bool:
    """Return whether a person may spend: old enough, or with kin who are, where kin count."""
    if int(people.age[person]) >= now.credit_age:
        return True
    kin = [int(ties[person, column]) for column in KIN]
    return now.credit_kin == 1 and any(int(people.age[k]) >= now.credit_age for k in kin)


def settle(
    state: State, people: People, ties: NDArray[np.int32], credited: Int, reserve: list[int], now: Weekly,
    reach: NDArray[np.uint8], params: Params, words: NDArray[np.uint32],
) -> Booked:
    """Book the week's time credits of one district, person by person; helpers come off the front of `reserve`."""
    rows: list[tuple[int, int, int, int]] = []
    refused: list[int] = []

    def book(person: int, kind: int, amount: int) -> None:
        state.credit[person] += amount
        rows.append((person, kind, amount, int(state.credit[person])))

    all_look = now.credit_seed > 0 or now.credit_cap > 0 or now.credit_need > 0
    for person in range(people.ids.size) if all_look else np.flatnonzero(credited).tolist():
        earned = int(credited[person] * now.credit_hour[reach[person]] >> 10)
        if earned > 0:
            book(person, EARN, earned)
        if now.credit_seed > 0 and int(people.age[person]) >= params.seed_age:
            book(person, SEED, int(now.credit_seed))
        if 0 < now.credit_cap < int(state.credit[person]):
            book(person, DONATE, int(now.credit_cap) - int(state.credit[person]))
        member = now.credit_limit > 0 and state.status[person] == VOLUNTEER
        floor = -int(now.credit_limit) if member else 0
        if (
            now.credit_need == 0 or int(state.credit[person]) - params.visit < floor
            or int(words[person]) >= now.credit_need or not entitled(people, ties, person, now)
        ):
            continue
        helper = next((other for other in reserve if other != person), None)
        if helper is None:
            refused.append(person)
            continue
        reserve.remove(helper)
        book(person, SPEND, -params.visit)
        book(helper, HELP, params.visit)
    if now.credit_expire == 1:
        for person in np.flatnonzero(state.credit > 0).tolist():
            book(person, EXPIRE, -int(state.credit[person]))
    return Booked(rows, refused)
