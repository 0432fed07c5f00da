"""The bench of a trial: one small district in which the real weeks run, with a control arm and a treated arm.

Both arms meet the same people and the same luck. An arm is made of what the week reads (the integers of the cards, the
tables of policy), so a coefficient may be tried beyond the range of its card; the weeks themselves are the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vsim.exact import share16, units
from vsim.levers import Edit
from vsim.rng import stream_key
from vsim.run.district import Progress, advance, begin
from vsim.run.settle import Settled, settle
from vsim.run.settle_cards import quarter_weights, settle_lookups, settle_params
from vsim.spec.experiments import Experiment
from vsim.spec.scenario import Scenario
from vsim.spec.world_spec import WorldSpec
from vsim.world.city import Unit, districts_of, unit_of
from vsim.world.ledgers import SHOWED, UNUSED, Book
from vsim.world.weekly import PERSONAL, Weekly

Int = NDArray[np.int64]
Positions = NDArray[np.int32]
START = date(2025, 6, 2)      # a Monday; seasons are set aside in the trials
EVERYBODY = share16(1.0)


class Bench:
    """A district for one experiment.

    Parameters
    ----------
    row : Experiment
    seed : int
        The luck; the people come from the world's own seed.
    """

    def __init__(self, row: Experiment, seed: int) -> None:
        self.row, self.seed = row, seed
        self.scenario = Scenario(
            name=row.id, start=START, weeks=row.weeks, parameters=dict(row.parameters),
            world=WorldSpec(residents=row.residents, districts=1, prefectures=1, registered_share=1),
        )
        (self.district,) = districts_of(self.scenario.world, self.scenario.values)
        self._unit = cache(self._make)
        self._plain = settle(self.scenario, [self.unit({}, 0.0)])

    def values(self, cards: Mapping[str, float]) -> dict[str, float]:
        """Return every number of the model with some cards at other values, inside their range or not."""
        return {**self.scenario.values, **cards}

    def unit(self, cards: Mapping[str, float], taste: float) -> Unit:
        """Return the people and places under some cards, with everybody's taste moved by so many logits."""
        made: Unit = self._unit(tuple(sorted(cards.items())))
        people = made.people
        return made._replace(people=people._replace(taste=(people.taste + units(taste)).astype(np.int32)))

    def _make(self, cards: tuple[tuple[str, float], ...]) -> Unit:
        made = unit_of(self.scenario.world, self.district, 0, self.values(dict(cards)))
        if self.row.arm.get("contacts") == "none":
            return made._replace(ties=np.broadcast_to(here(made)[:, None], made.ties.shape).copy())
        if self.row.arm.get("contacts") == "pair":
            ties = np.broadcast_to(here(made)[:, None], made.ties.shape).copy()
            ties[:, 0] = mate(made)
            return made._replace(ties=ties)
        return made

    def arm(self, cards: Mapping[str, float], edits: Mapping[str, Int | int] | None = None,
            ladder: tuple[int, ...] | None = None) -> Settled:
        """Return what the weeks read under some cards and edits of the tables.

        Parameters
        ----------
        edits : mapping of table to int or ndarray, shape (weeks,)
            What a table holds in the trial, in the week's own units.
        ladder : tuple of int, optional
            A ladder of stars in force in every week.
        """
        v = self.values(cards)
        tables = {name: getattr(self._plain.weekly, name).copy() for name in self._plain.weekly._fields}
        tables["heard"][:] = EVERYBODY if self.row.arm.get("aware") == "all" else 0
        tables["base"][:, 0] += units(self.row.arm.get("gathering", 0))
        for name, value in (edits or {}).items():
            column = np.broadcast_to(np.asarray(value, dtype=np.int64), (self.row.weeks,))
            tables[name][:] = column[None, :, None] if name in PERSONAL else column[None, :]
        ladders = self._plain.ladders
        if ladder is not None:
            ladders = np.concatenate((ladders, np.array(ladder, dtype=np.int64)[None, :]))
            tables["ladder"][:] = len(ladders) - 1
        return replace(
            self._plain, params=settle_params(v), lookups=settle_lookups(v, self.district.side), ladders=ladders,
            weekly=Weekly(**tables),
            quarters={side: quarter_weights(v, side) for side in self._plain.quarters},
        )

    def run(self, unit: Unit, arm: Settled, replicate: int, until: int | None = None,
            start: Progress | None = None) -> Progress:
        """Return the district after the week before `until` (or the last), from its beginning or from `start`."""
        first = begin(unit, arm) if start is None else start
        return advance(unit, arm, stream_key(self.seed, replicate), first, self.row.weeks if until is None else until)


def here(unit: Unit) -> Positions:
    """Return the positions of the residents, shape (n,)."""
    return np.arange(unit.people.ids.size, dtype=np.int32)


def mate(unit: Unit) -> Positions:
    """Return the other one of each pair of residents who stand next to each other, shape (n,); an odd last has none."""
    other = here(unit) ^ 1
    return np.where(other < other.size, other, here(unit)).astype(np.int32)


def by_week(edits: list[Edit], weeks: int) -> dict[str, Int | int]:
    """Return edits of a lever as columns of tables, one number for each week."""
    out: dict[str, Int | int] = {}
    for edit in edits:
        column = np.zeros(weeks, dtype=np.int64)
        value = np.broadcast_to(np.asarray(edit.value, dtype=np.int64), (weeks,)) if isinstance(edit.value, int) else (
            np.array(edit.value[:weeks], dtype=np.int64))
        where = list(range(value.size)) if edit.only is None else [week for week in edit.only if week < weeks]
        column[where] = value[where]
        out[edit.table] = column
    return out


def came(end: Progress, weeks: int) -> NDArray[np.bool_]:
    """Return who served in which week, shape (n, weeks)."""
    rows = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])]
    served = rows[(rows[:, 6] & (SHOWED | UNUSED)) == SHOWED]
    out = np.zeros((end.state.status.size, weeks), dtype=np.bool_)
    out[served[:, 1], served[:, 0]] = True
    return out
