"""Stocks, compiled: what stands on the register at the end of a week, carried on from what the week did."""

from __future__ import annotations

from vsim.world.metrics import M
from vsim.world.state import LAPSED, UNREGISTERED, VOLUNTEER


def stand_now(state, people, held):
    """Count by cell who is registered, serves or has lapsed, and what points and credits they hold: (cells, 5)."""
    held[:, :] = 0
    for i in range(people.ids.size):
        cell, status = people.cell[i], state.status[i]
        held[cell, 0] += status != UNREGISTERED
        held[cell, 1] += status == VOLUNTEER
        held[cell, 2] += status == LAPSED
        held[cell, 3] += state.points[i]
        held[cell, 4] += state.credit[i]


def carry_on(held, row):
    """Move what stood before the week by what the week did, and enter it; those who joined ready are in `held`."""
    for cell in range(held.shape[0]):
        line = row[cell]
        held[cell, 0] += line[M.JOINED]
        held[cell, 1] += line[M.RETURNED] - line[M.LEFT]
        held[cell, 2] += line[M.LEFT] - line[M.RETURNED]
        held[cell, 3] += line[M.POINTS_EARNED] - line[M.POINTS_SPENT] - line[M.POINTS_EXPIRED]
        held[cell, 4] += line[M.CREDIT_EARNED] + line[M.CREDIT_SEEDED]
        held[cell, 4] -= line[M.CREDIT_SPENT] + line[M.CREDIT_DONATED] + line[M.CREDIT_EXPIRED]
        line[M.REGISTERED], line[M.VOLUNTEERS], line[M.LAPSED] = held[cell, 0], held[cell, 1], held[cell, 2]
        line[M.POINTS_HELD], line[M.CREDIT_HELD] = held[cell, 3], held[cell, 4]
