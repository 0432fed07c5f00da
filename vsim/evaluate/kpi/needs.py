"""Indicators of need, place and quality: unmet need, coverage, standard of stations, ratings, training, digital steps.

Arguments are as in `vsim.evaluate.kpi.people`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import UsageError
from vsim.evaluate.kpi.parts import Parts
from vsim.evaluate.kpi.rows import floats, needs

if TYPE_CHECKING:
    import pandas as pd

WALK = 4.8                    # km/h on foot
DETOUR = 1.3                  # of a walk over the straight line, where no network is at hand
HAVES = ("venue", "team", "projects", "equipment", "rules", "signage")
AT_ONCE = 4096                # places whose distances to all stations are worked out together


def unmet_need(requests: pd.DataFrame, *, state: str = "state", done: str = "done", weight: str | None = None,
               cluster: str = "district") -> Parts:
    """Return the share of need that is not served (20): requests, or hours where `weight` names them."""
    rows = needs("unmet_need", requests, state, cluster, *([] if weight is None else [weight]))
    need = np.ones(len(rows)) if weight is None else floats(rows, weight)
    missed = need * np.asarray(rows[state] != done, dtype=np.float64)
    return Parts(rows, missed, need, "share" if weight is None else "ratio", cluster=cluster)


def coverage(places: pd.DataFrame, stations: pd.DataFrame, *, x: str = "x_km", y: str = "y_km",
             district: str = "district", persons: str = "persons", open_column: str | None = None,
             minutes: float = 15.0, detour: float = DETOUR) -> Parts:
    """Return the share of residents with a station within a walk (21): straight lines times a detour.

    Coordinates are those inside a district, so only stations of a resident's own district count. Where distances of a
    network are at hand, use them: a straight line reaches too far across rivers and railways.
    """
    if not minutes > 0 or not detour >= 1:
        raise UsageError(f"coverage: minutes is {minutes} and detour {detour}; allowed above 0, and 1 or more.")
    homes = needs("coverage", places, x, y, district, persons)
    sites = needs("coverage", stations, x, y, district, *([] if open_column is None else [open_column]))
    if open_column is not None:
        sites = sites[floats(sites, open_column) > 0]
    far = WALK * minutes / 60 / detour
    near = np.zeros(len(homes))
    for name, part in homes.groupby(district, sort=True):
        own = sites[sites[district] == name]
        if own.empty:
            continue
        sx, sy = floats(own, x), floats(own, y)
        rows = part.index.to_numpy()
        for start in range(0, rows.size, AT_ONCE):
            some = part.iloc[start : start + AT_ONCE]
            away = (floats(some, x)[:, None] - sx) ** 2 + (floats(some, y)[:, None] - sy) ** 2
            near[rows[start : start + AT_ONCE]] = away.min(axis=1) <= far**2
    people = floats(homes, persons)
    return Parts(homes, near * people, people, "ratio", cluster=district, method=f"detour {detour:g}")


def station_standard(station_audit: pd.DataFrame, *, items: tuple[str, ...] = HAVES, station: str = "station_id",
                     week: str = "week") -> Parts:
    """Return the share of the six haves that stations show at their last audit (23)."""
    rows = needs("station_standard", station_audit, station, week, *items)
    rows = rows.sort_values([station, week], kind="stable").drop_duplicates(station, keep="last", ignore_index=True)
    met = sum((floats(rows, item) for item in items), np.zeros(len(rows)))
    return Parts(rows, met, np.full(len(rows), float(len(items))), "ratio", cluster=station)


def satisfaction(ratings: pd.DataFrame, *, score: str = "stars", rater: str = "rater", by: str = "beneficiary",
                 cluster: str = "activity_id") -> Parts:
    """Return the mean rating by those served (26); see `response_rate` beside it: who answers is not everybody."""
    rows = needs("satisfaction", ratings, score, rater, cluster)
    rows = rows[rows[rater] == by].reset_index(drop=True)
    return Parts(rows, floats(rows, score), np.ones(len(rows)), "ratio", "points", cluster=cluster)


def net_promoters(ratings: pd.DataFrame, *, score: str = "stars", rater: str = "rater", by: str = "beneficiary",
                  promoters: float = 5, detractors: float = 3, cluster: str = "activity_id") -> Parts:
    """Return promoters less detractors in points of 100 (26), -100 to 100.

    On the scale of 0 to 10 promoters give 9 or more and detractors 6 or less; on five stars they are here taken as 5,
    and 3 or less, which is another number: never compare the two.
    """
    rows = needs("net_promoters", ratings, score, rater, cluster)
    rows = rows[rows[rater] == by].reset_index(drop=True)
    given = floats(rows, score)
    points = (given >= promoters).astype(np.float64) - (given <= detractors)
    return Parts(rows, points, np.ones(len(rows)), "ratio", "points", 100.0, cluster=cluster)


def response_rate(matches: pd.DataFrame, *, rated: str = "rated", outcome: str = "outcome",
                  served: str = "served") -> Parts:
    """Return the share of services that those served have rated (26)."""
    rows = needs("response_rate", matches, rated, outcome)
    counts = np.asarray(rows[outcome] == served, dtype=np.float64)
    return Parts(rows, counts * floats(rows, rated), counts, "share")


def training_completion(training_records: pd.DataFrame, *, passed: str = "passed") -> Parts:
    """Return the share of those on a course who pass it (27)."""
    rows = needs("training_completion", training_records, passed)
    return Parts(rows, floats(rows, passed), np.ones(len(rows)), "share")


def digital_step(form_events: pd.DataFrame, *, volunteer: str = "volunteer_id", step: str = "step",
                 first: str = "opened", then: str = "submitted") -> Parts:
    """Return the share of those who came to one step of an online form who came to a later one (2, 48)."""
    rows = needs("digital_step", form_events, volunteer, step)
    began = rows[rows[step] == first].drop_duplicates(volunteer, ignore_index=True)
    came = began[volunteer].isin(rows[volunteer][rows[step] == then])
    return Parts(began, np.asarray(came, dtype=np.float64), np.ones(len(began)), "share")


def fully_online(form_events: pd.DataFrame, *, volunteer: str = "volunteer_id", step: str = "step",
                 assisted: str = "assisted", last: str = "submitted") -> Parts:
    """Return the share of finished forms that nobody at a desk helped with (48)."""
    rows = needs("fully_online", form_events, volunteer, step, assisted)
    rows = rows.assign(helped=floats(rows, assisted))
    helped = rows.groupby(volunteer)["helped"].max()
    ends = rows[rows[step] == last].drop_duplicates(volunteer, ignore_index=True)
    alone = 1 - np.asarray(ends[volunteer].map(helped), dtype=np.float64)
    return Parts(ends, alone, np.ones(len(ends)), "share")


def campaign_lift(recall_survey: pd.DataFrame, *, asked: str = "asked", recalled: str = "recalled",
                  exposed: str = "exposed") -> Parts:
    """Return the share that recalls a message where it was shown less that where it was not (52)."""
    rows = needs("campaign_lift", recall_survey, asked, recalled, exposed)
    rows = rows.assign(**{exposed: floats(rows, exposed).astype(np.int64)})
    return Parts(rows, floats(rows, recalled), floats(rows, asked), "difference", "points", 100.0, by=exposed)
