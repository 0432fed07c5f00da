"""Stars, compiled; see `vsim.process.stars`."""

from __future__ import annotations


def rise(state, ladder, i, week):
    """Grant one resident the stars that verified hours have reached; return how many."""
    count = 0
    while state.star[i] < 5 and state.verified[i] >= ladder[state.star[i]]:
        state.star[i] += 1
        count += 1
    if count > 0:
        state.star_week[i] = week
    return count
