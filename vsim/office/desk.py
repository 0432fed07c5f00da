"""The desk of an office: raw tables of a run, cards, policy in force and keyed draws; and what an office hands back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.rng import Stream, Words, draw
from vsim.spec.policy import ScheduledPolicy
from vsim.spec.units import FEN
from vsim.world.ledgers import SHOWED, UNUSED

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
WORD = 1 << 32                # a word of 32 bits, as a share


def needed(placements: pd.DataFrame) -> pd.Series:
    """Return which placements were served: somebody came, and was not sent home."""
    flags = placements["flags"]
    return (flags & SHOWED > 0) & (flags & UNUSED == 0)


class Force:
    """Which policies are in force, by lever, district and week of the run; the later start wins where two meet."""

    def __init__(self, policies: Iterable[ScheduledPolicy], districts: Iterable[str], weeks: int) -> None:
        self._place = {code: place for place, code in enumerate(districts)}
        self._shape = len(self._place), weeks
        self._on: dict[str, Bool] = {}
        self._values: dict[tuple[str, str], Float] = {}
        for policy in policies:                                # in the order of application: the last one stays
            where = np.array([self._place[code] for code in policy.districts if code in self._place], dtype=np.int64)
            when = np.arange(max(policy.start_week, 0), min(policy.end_week, weeks))
            spot = np.ix_(where, when)
            self._on.setdefault(policy.lever, np.zeros(self._shape, np.bool_))[spot] = True
            for name, value in policy.values.items():
                if not isinstance(value, tuple):
                    key = policy.lever, name
                    self._values.setdefault(key, np.full(self._shape, np.nan))[spot] = value

    def anywhere(self, lever: str) -> bool:
        """Return whether a lever is in force in any district and week of the run."""
        return lever in self._on and bool(self._on[lever].any())

    def on(self, lever: str, districts: ArrayLike, weeks: ArrayLike) -> Bool:
        """Return whether a lever is in force at districts (codes) and weeks, one by one; never outside the run."""
        table = self._on.get(lever, np.zeros(self._shape, np.bool_))
        return np.asarray(self._at(table, districts, weeks, False), dtype=np.bool_)

    def value(self, lever: str, name: str, districts: ArrayLike, weeks: ArrayLike, off: ArrayLike = 0.0) -> Float:
        """Return a value of a lever at districts (codes) and weeks, and `off` where it is not in force."""
        table = self._values.get((lever, name), np.full(self._shape, np.nan))
        found = np.asarray(self._at(table, districts, weeks, np.nan), dtype=np.float64)
        return np.where(np.isnan(found), off, found)

    def _at(self, table: NDArray[Any], districts: ArrayLike, weeks: ArrayLike, outside: Any) -> NDArray[Any]:
        codes, when = np.broadcast_arrays(np.asarray(districts), np.asarray(weeks, dtype=np.int64))
        kinds, inverse = np.unique(codes, return_inverse=True)
        where = np.array([self._place[str(code)] for code in kinds], dtype=np.int64)[inverse.reshape(codes.shape)]
        inside = (when >= 0) & (when < self._shape[1])
        found: NDArray[Any] = np.where(inside, table[where, np.clip(when, 0, self._shape[1] - 1)], outside)
        return found


@dataclass(frozen=True)
class Desk:
    """What an office works with.

    Attributes
    ----------
    raw : mapping of table name to DataFrame
        Raw tables of the run (`vsim.run.record.raw_tables`), and what the offices before this one wrote.
    value : mapping of card key to number
    force : Force
    key : Philox key of the run
    start, weeks : the Monday of week 0, and the weeks of the run
    """

    raw: Mapping[str, pd.DataFrame]
    value: Mapping[str, float]
    force: Force
    key: tuple[int, int]
    start: date
    weeks: int

    def words(self, stream: Stream, entity: ArrayLike, week: ArrayLike = 0, item: ArrayLike = 0) -> Words:
        """Return a 32-bit word for each entity: the first word of the draw `stream` (others: another `item`)."""
        return draw(self.key, stream, entity, week, item)[0]

    def uniform(self, stream: Stream, entity: ArrayLike, week: ArrayLike = 0, item: ArrayLike = 0) -> Float:
        """Return a keyed number in [0, 1) for each entity, a multiple of 2**-32: the same on every machine."""
        return self.words(stream, entity, week, item) / WORD


@dataclass
class Papers:
    """What an office hands back: tables by name, and lines of money.

    `money` has columns week, district, line (what for), payer, payee, fen (whole, above zero).
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    money: list[pd.DataFrame] = field(default_factory=list)

    def pay(
        self, line: str, payer: str, payee: str, districts: ArrayLike, weeks: ArrayLike, yuan: ArrayLike
    ) -> None:
        """Add lines of money, rounded to whole fen; amounts of zero are left out."""
        import pandas as pd

        codes, when, amount = np.broadcast_arrays(np.asarray(districts), np.asarray(weeks), np.asarray(yuan, float))
        fen = np.rint(amount * FEN).astype(np.int64)
        kept = fen > 0
        self.money.append(pd.DataFrame({
            "week": when[kept].astype(np.int64), "district": codes[kept].astype(object), "line": line, "payer": payer,
            "payee": payee, "fen": fen[kept],
        }))
