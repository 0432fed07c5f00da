"""What vsim says when something is wrong: where, which value, what is allowed, what next.

`VsimError` is a problem found (exit code 1); `UsageError` is a request that cannot be carried out as it was
put (exit code 2). The command line turns both into one line; the library lets them travel.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class VsimError(Exception):
    """A problem that vsim found and names (exit code 1)."""

    exit_code = 1


class UsageError(VsimError):
    """A request that is not possible as it was put: an unknown key, a value out of range (exit code 2)."""

    exit_code = 2


class DataError(VsimError):
    """A data set, table or file that does not say what its dictionary promises (exit code 1)."""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest choice, or "" when nothing is near.

    Parameters
    ----------
    word : str
        What was written.
    choices : iterable of str
        What would have been understood.
    """
    options = sorted({str(choice) for choice in choices})
    folded = {option.casefold(): option for option in options}
    near = get_close_matches(str(word).casefold(), list(folded), n=1, cutoff=0.6)
    if not near:
        tails = {option.rsplit(".", 1)[-1].casefold(): option for option in options}
        near_tail = get_close_matches(str(word).casefold().rsplit(".", 1)[-1], list(tails), n=1, cutoff=0.7)
        return f" Did you mean '{tails[near_tail[0]]}'?" if near_tail else ""
    return f" Did you mean '{folded[near[0]]}'?"


def listing(choices: Iterable[object], most: int = 8) -> str:
    """Return choices as "a, b, c" and cut a long list with a count of the rest."""
    names = [str(choice) for choice in choices]
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f" and {len(names) - most} more"
