"""The space of a matching: which parameters are free, between which ends, and points that fill it evenly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, did_you_mean
from vsim.spec.cards import Card, load_cards
from vsim.spec.design_points import tidy
from vsim.spec.lever_files import load_levers
from vsim.spec.plain_yaml import one_line
from vsim.spec.scenario import Scenario

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Space:
    """Free parameters with their ends; places in it are given in the unit cube, one side for each.

    Attributes
    ----------
    keys : tuple of str
        Keys of cards.
    low, high : ndarray of float, shape (keys,)
    """

    keys: tuple[str, ...]
    low: Float
    high: Float

    @property
    def cards(self) -> list[Card]:
        """The cards of the parameters."""
        return [load_cards()[key] for key in self.keys]

    def values(self, cube: Float) -> Float:
        """Return the values of places in the unit cube, shape (n, keys); whole numbers where a card asks for them."""
        whole = np.array([card.integer for card in self.cards])
        values = self.low + cube * (self.high - self.low)
        steps = np.floor(self.low + cube * (self.high - self.low + 1))
        return np.asarray(np.where(whole, np.minimum(steps, self.high), values))

    def points(self, cube: Float) -> list[dict[str, float]]:
        """Return the values of places as settings of a scenario, to twelve digits."""
        return [{key: tidy(value) for key, value in zip(self.keys, row, strict=True)} for row in self.values(cube)]

    def cube(self, values: Float) -> Float:
        """Return where values lie in the unit cube."""
        return np.asarray((values - self.low) / (self.high - self.low))


def free_cards() -> dict[str, Card]:
    """Return the numbers of the model that a scenario may set, settings of policies left out."""
    settings = {card.key for lever in load_levers().values() for card in lever.cards.values()}
    return {key: card for key, card in load_cards().items() if not card.is_list and key not in settings}


def space_of(words: Sequence[str], within: Mapping[str, tuple[float, float]] | None = None) -> Space:
    """Return the space of parameters.

    Parameters
    ----------
    words : sequence of str
        Keys of cards, "service.hours_mean", or with ends inside the card's range, "service.hours_mean=2:4".
    within : mapping of str to (low, high), optional
        Ends for those without; by default the card's range.

    Raises
    ------
    UsageError
        When a key is unknown (the nearest is named), stands twice, or its ends are not allowed.
    """
    cards = free_cards()
    ends: dict[str, tuple[float, float]] = {}
    for word in words:
        key, _, span = (part.strip() for part in word.partition("="))
        if key not in cards:
            raise UsageError(f"parameters: '{one_line(key)}' is unknown; allowed the key of a card, or key=low:high."
                             f"{did_you_mean(key, cards)} `vsim parameters` lists them.")
        if key in ends:
            raise UsageError(f"parameters: '{key}' stands twice; allowed once. Remove one.")
        card = cards[key]
        ends[key] = _ends(card, span) if span else (within or {}).get(key, (card.low, card.high))
    if not ends:
        raise UsageError("parameters: none is named; allowed keys of cards, such as participation.taste_mean.")
    low, high = np.array(list(ends.values())).T
    return Space(tuple(ends), low, high)


def _ends(card: Card, text: str) -> tuple[float, float]:
    parts = text.split(":")
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        low, high = 0.0, 0.0
    if not card.low <= low < high <= card.high:
        raise UsageError(f"parameters: {card.key} has the ends '{one_line(text)}'; allowed low:high inside "
                         f"{card.low:g}:{card.high:g} {card.unit}, such as {card.key}={card.low:g}:{card.high:g}.")
    return low, high


def around(scenario: Scenario, keys: Sequence[str], span: float) -> dict[str, tuple[float, float]]:
    """Return ends about a scenario's values: a share of each card's range to both sides, and inside it."""
    cards = load_cards()
    out = {}
    for key in keys:
        card, value = cards[key], scenario.values[key]
        side = span * (card.high - card.low)
        low, high = max(card.low, value - side), min(card.high, value + side)
        out[key] = (float(np.floor(low)), float(np.ceil(high))) if card.integer else (low, high)
    return out


def even(points: int, dimensions: int, seed: int, first: int = 0) -> Float:
    """Return points that fill the unit cube evenly, shape (points, dimensions): a scrambled Sobol sequence.

    Parameters
    ----------
    points, dimensions : int
    seed : int
        Of the scrambling.
    first : int
        Place in the sequence of the first point.

    Raises
    ------
    UsageError
        When scipy is missing.
    """
    try:
        from scipy.stats import qmc
    except ImportError:
        raise UsageError("match: scipy is missing. Install it with `pip install vsim[research]`.") from None
    size = 1 << (first + points - 1).bit_length()
    sampler = qmc.Sobol(dimensions, rng=seed)
    return np.asarray(sampler.random(size)[first : first + points])
