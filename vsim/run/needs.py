"""Needs of a run, found or not: drawn again by the keys of their weeks, as the processes drew them.

The books keep what was posted; a need that nobody heard of leaves no row there. Offices that take requests see all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.exact import either16, exp32
from vsim.rng import Stream, draw, stream_key
from vsim.run.run import Run

if TYPE_CHECKING:
    import pandas as pd


def needs_of(run: Run) -> pd.DataFrame:
    """Return every need that arose in the weeks of the run, found or not; drawn again by the keys of the weeks."""
    import pandas as pd

    key, parts = stream_key(run.seed, run.replicate), []
    settled = run.settled
    for place, u in enumerate(run.city):
        weeks = np.arange(settled.weeks)[:, None]
        pos = weeks[:, 0] + settled.warmup
        word = draw(key, Stream.DEMAND, u.sources.ids[None, :], weeks)
        factor = exp32(settled.weekly.demand[place, pos]) >> 8
        arisen = word[0].astype(np.int64) < (u.sources.rate >> 8)[None, :] * factor[:, None] >> 16
        week, source = np.nonzero(arisen)
        found = settled.sites[place].found[settled.weekly.layout[place, pos]][week, source]
        known = either16(found, settled.weekly.found[place, pos][week])
        parts.append({
            "district": np.full(week.size, u.district.code), "week": week, "source": u.sources.ids[source].astype(int),
            "field25": u.sources.field25[source], "mode": u.sources.mode[source], "risk": u.sources.risk[source],
            "beneficiary": u.sources.beneficiary[source], "x": u.sources.need_x[source], "y": u.sources.need_y[source],
            "recurring": u.sources.recurring[source],
            "found": (word[1].astype(np.int64) >> 16)[week, source] < known,
        })
    return pd.DataFrame({name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]})
