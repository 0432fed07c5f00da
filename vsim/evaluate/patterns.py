"""Patterns in a register: how service is spread over people and weeks. Each works on any table of records.

A record is one attendance of one person in one week. Functions take the person and the week of each record as
arrays; second copies of a record must have been dropped before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int = NDArray[np.int64]


def per_person(person: ArrayLike) -> Int:
    """Return the number of records of each person who has one, shape (persons,)."""
    return np.unique(np.asarray(person), return_counts=True)[1].astype(np.int64)


def gini(counts: ArrayLike) -> float:
    """Return the Gini coefficient (population formula) of non-negative counts; NaN when they sum to zero."""
    x = np.sort(np.asarray(counts, dtype=np.float64))
    if x.size == 0 or x.sum() == 0:
        return float("nan")
    rank = np.arange(1, x.size + 1)
    return float((2 * rank - x.size - 1) @ x / (x.size * x.sum()))


def top_share(counts: ArrayLike, share: float = 0.1) -> float:
    """Return the share of all records that the busiest `share` of persons hold (the last one in part)."""
    x = np.sort(np.asarray(counts, dtype=np.float64))[::-1]
    if x.size == 0 or x.sum() == 0:
        return float("nan")
    people = share * x.size
    whole = int(people)
    part = x[whole] * (people - whole) if whole < x.size else 0.0
    return float((x[:whole].sum() + part) / x.sum())


def share_single(counts: ArrayLike) -> float:
    """Return the share of persons with exactly one record; NaN without persons."""
    x = np.asarray(counts)
    return float((x == 1).mean()) if x.size else float("nan")


def transitions(person: ArrayLike, week: ArrayLike, last_week: int) -> tuple[float, float]:
    """Return the chances to be active next week after an active and after an inactive week.

    Pooled over persons, from each person's first record to `last_week` (nobody is seen to leave a register).

    Returns
    -------
    (float, float)
        P(active | active before) and P(active | inactive before); NaN where there is no such week.
    """
    pairs = np.unique(np.stack([np.asarray(person, dtype=np.int64), np.asarray(week, dtype=np.int64)], axis=1), axis=0)
    if pairs.size == 0:
        return float("nan"), float("nan")
    who, when = pairs[:, 0], pairs[:, 1]
    same = who[1:] == who[:-1]
    gaps = (when[1:] - when[:-1])[same]
    active_before = int((when < last_week).sum())
    stay = int((gaps == 1).sum())
    first = np.concatenate(([True], ~same))
    idle = int((last_week - when[first]).sum()) - active_before
    back = int((gaps > 1).sum())
    return (stay / active_before if active_before else float("nan")), (back / idle if idle else float("nan"))
