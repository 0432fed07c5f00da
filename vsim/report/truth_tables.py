"""What a policy truly did by its twin worlds, as tables of a data set: in all, by district, by cohort of a roll-out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vsim.run.study import Study
from vsim.spec.tables import load_study_tables, load_tables

if TYPE_CHECKING:
    import pandas as pd

EFFECTS = ("hours_per_registered", "person_times_per_registered", "recorded_hours_per_registered", "unplaced_share")
SPAN = 13                     # weeks of a span of the table by cohort: a quarter of a year


def effects_truth(study: Study, keys: Sequence[str] = EFFECTS) -> pd.DataFrame:
    """Return the table of true effects: in all districts together ("all") and in each."""
    import pandas as pd

    parts = [study.effects(keys).assign(district="all")]
    if study.pilot_districts:
        parts.append(study.effects(keys, estimand="att").assign(district="all"))
    parts.append(study.effects(keys, by="district"))
    whole = pd.concat(parts, ignore_index=True)
    return whole[list(load_tables()["effects_truth"].names)].dropna(subset=["value"]).reset_index(drop=True)


def cohorts(study: Study) -> dict[int, list[str]]:
    """Return the districts that started in each week; those that never start are in none."""
    found: dict[int, list[str]] = {}
    for code, week in zip(study.districts, study.touched, strict=True):
        if week is not None:
            found.setdefault(max(week, 0), []).append(code)
    return dict(sorted(found.items()))


def rollout_truth(study: Study, keys: Sequence[str] = EFFECTS) -> pd.DataFrame:
    """Return the true effects of a staggered roll-out, for each cohort in spans of 13 weeks since its own start."""
    import pandas as pd

    rows = []
    for key in keys:
        for start, districts in cohorts(study).items():
            for first in range(start, study.base.weeks, SPAN):
                weeks = range(first, min(first + SPAN, study.base.weeks))
                found = study.effect(key, districts=districts, weeks=weeks)
                rows.append({
                    "indicator": key, "start_week": start, "districts": len(districts), "since_week": first - start,
                    "weeks": len(weeks), "value": found.value, "se": found.se, "unit": found.unit, "n": found.n,
                    "base": study.draws(key, districts=districts, weeks=weeks)[0].mean(),
                })
    names = list(load_study_tables()["rollout_truth"].names)
    return pd.DataFrame(rows, columns=names).dropna(subset=["value"]).reset_index(drop=True)
