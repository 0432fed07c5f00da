"""The matchers, each a function of an instance: `python -m benchmarks.matching_solvers FILE NAME...` prints JSON.

`vsim` is the rule of `vsim.process.matching` compiled by itself: in the order of keyed priority each person takes the
best task with a seat left, within so many tries. The others compute the optimum of the sum of benefits: scipy's dense
and sparse assignment over copies of seats, OR-tools' minimum-cost flow.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching_instance import benefits, read, value_of

REPEATS = {"vsim": 200}
LABELS = {"vsim": "vsim: priority and preference", "flow": "OR-tools min-cost flow, optimum",
          "sparse": "scipy sparse assignment, optimum", "dense": "scipy linear_sum_assignment, optimum"}


def by_priority(found: dict[str, Any]) -> np.ndarray:
    """Return vsim's placement."""
    return _compiled()(found["menu"], found["seats"], int(found["tries"]))


def _compiled() -> Any:
    if "rule" not in _KEPT:
        from numba import njit

        @njit(nogil=True)
        def rule(menu, seats, tries):
            left, placed = seats.copy(), np.full(menu.shape[0], -1)
            for i in range(menu.shape[0]):
                for k in range(min(tries, menu.shape[1])):
                    task = menu[i, k]
                    if task < 0:
                        break
                    if left[task] > 0:
                        left[task] -= 1
                        placed[i] = task
                        break
            return placed

        _KEPT["rule"] = rule
    return _KEPT["rule"]


_KEPT: dict[str, Any] = {}


def pairs(found: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return person, task and benefit of every pair that may meet."""
    person, place = np.nonzero(found["menu"] >= 0)
    return person, found["menu"][person, place], benefits(found)[person, place]


def by_flow(found: dict[str, Any]) -> np.ndarray:
    """Return the optimum by OR-tools: persons to tasks to one sink, or straight to the sink for nothing."""
    from ortools.graph.python import min_cost_flow

    persons, tasks = found["menu"].shape[0], found["seats"].size
    person, task, benefit = pairs(found)
    sink, source = persons + tasks, persons + tasks + 1
    flow = min_cost_flow.SimpleMinCostFlow()
    everyone, places = np.arange(persons), persons + np.arange(tasks)
    one, nothing = np.ones(persons, dtype=np.int64), np.zeros(persons, dtype=np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(person, persons + task, np.ones(person.size, np.int64), -benefit)
    for tail, head, room in ((everyone, sink, one), (places, sink, found["seats"]), (source, everyone, one)):
        ends = np.broadcast_to(tail, room.shape), np.broadcast_to(head, room.shape)
        flow.add_arcs_with_capacity_and_unit_cost(*ends, room, nothing[0] * room)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([persons, -persons]))
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("benchmarks.matching: OR-tools found no optimum")
    used = flow.flows(arcs) > 0
    placed = np.full(persons, -1)
    placed[person[used]] = task[used]
    return placed


def copies(found: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return the task of each copy of a seat (never more of a task than persons), and where each task begins."""
    seats = np.minimum(found["seats"], np.bincount(found["menu"][found["menu"] >= 0], minlength=found["seats"].size))
    return np.repeat(np.arange(seats.size), seats), np.concatenate([[0], np.cumsum(seats)])


def by_sparse(found: dict[str, Any]) -> np.ndarray:
    """Return the optimum by scipy's sparse matching, with a seat at home for everybody."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    persons = found["menu"].shape[0]
    of, start = copies(found)
    person, task, benefit = pairs(found)
    many = start[task + 1] - start[task]
    row, worth = np.repeat(person, many), np.repeat(benefit, many)
    column = np.repeat(start[task], many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    top = int(benefit.max()) + 1
    everyone = np.arange(persons)
    cost = np.concatenate([top - worth, np.full(persons, top)]).astype(float)
    where = (np.concatenate([row, everyone]), np.concatenate([column, of.size + everyone]))
    rows, columns = min_weight_full_bipartite_matching(csr_array((cost, where), shape=(persons, of.size + persons)))
    placed = np.full(persons, -1)
    real = columns < of.size
    placed[rows[real]] = of[columns[real]]
    return placed


def by_dense(found: dict[str, Any]) -> np.ndarray:
    """Return the optimum by scipy's dense assignment; a pair that may not meet is worth nothing and is dropped."""
    from scipy.optimize import linear_sum_assignment

    of, _ = copies(found)
    worth = np.zeros((found["menu"].shape[0], found["seats"].size))
    person, task, benefit = pairs(found)
    worth[person, task] = benefit
    rows, columns = linear_sum_assignment(worth[:, of], maximize=True)
    placed = np.full(worth.shape[0], -1)
    real = worth[rows, of[columns]] > 0
    placed[rows[real]] = of[columns[real]]
    return placed


SOLVERS = {"vsim": by_priority, "flow": by_flow, "sparse": by_sparse, "dense": by_dense}


def main(path: str, names: list[str]) -> None:
    found = read(Path(path))
    out = []
    for name in names:
        SOLVERS[name](found)
        repeats = REPEATS.get(name, 1)
        start = time.process_time()
        for _ in range(repeats):
            placed = SOLVERS[name](found)
        spent = (time.process_time() - start) / repeats
        seats, value = value_of(found, placed)
        same = bool(np.array_equal(placed, found["placed"])) if name == "vsim" else None
        out.append({"solver": name, "cpu": spent, "seats": seats, "value": value, "equals_plain": same})
    print(json.dumps(out))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
