"""The norm survey: by district and wave, how many hold that one ought to serve (clause VI.1.a).

People who serve answer more often, and some say what seems wanted while a campaign runs: the share among the answers
differs from that of all residents. What is said here moves nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.office.waves import asked, recent, saturated, services, stock_of
from vsim.rng import Stream

if TYPE_CHECKING:
    import pandas as pd

SAMPLE, ANSWER, NORM, WANTED = range(4)                        # draws


def work(desk: Desk) -> Papers:
    """Return table norm_survey: one row a district and wave."""
    import pandas as pd

    every = round(desk.value["surveys.weeks"])
    waves = [_wave(desk, week) for week in range(every - 1, desk.weeks, every)]
    names = {"week": np.int64, "district": object, "asked": np.int64, "answered": np.int64, "agree": np.int64,
             "true_share": np.float64}
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in names.items()})
    return Papers({"norm_survey": pd.concat(waves, ignore_index=True) if waves else empty})


def _wave(desk: Desk, week: int) -> pd.DataFrame:
    """Return one wave: who is drawn, who answers, what they hold and what they say."""
    value = desk.value
    people = desk.raw["people"][["person", "district", "true_taste"]]
    luck = desk.uniform(Stream.SURVEY, people["person"], week, SAMPLE)
    rows = asked(people.assign(week=week), round(value["surveys.sample"]), luck)
    lately = rows["person"].isin(recent(services(desk), week)["person"]).to_numpy()
    who = rows["person"]
    answers = desk.uniform(Stream.SURVEY, who, week, ANSWER) < (
        value["surveys.answer"] + value["surveys.answer_served"] * lately)
    reach = saturated(stock_of(desk, "culture", "intensity", "culture.half_life", rows), value["culture.half_exposure"])
    taste = rows["true_taste"].to_numpy() - people["true_taste"].mean()
    share = np.clip(value["surveys.norm"] + value["surveys.norm_slope"] * taste
                    + value["surveys.norm_campaign"] * reach, 0.0, 1.0)
    holds = desk.uniform(Stream.SURVEY, who, 0, NORM) < share              # the same person holds the same each time
    says = holds | (desk.uniform(Stream.SURVEY, who, 0, WANTED) < value["surveys.wanted"] * reach)
    out: pd.DataFrame = rows.assign(asked=1, answered=answers, agree=says & answers, true_share=share).groupby(
        ["week", "district"], as_index=False).agg(
            {"asked": "sum", "answered": "sum", "agree": "sum", "true_share": "mean"})
    return out
