"""The answer to a question, from its store alone: tables in which every row names the runs that it follows from.

Nothing is simulated here. The same store gives the same tables, so a number can be traced to its runs and worked out
again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import DataError, UsageError, did_you_mean, listing
from vsim.evaluate.equity import gini
from vsim.evaluate.goodhart import goodhart
from vsim.evaluate.indicators import indicator
from vsim.run.question import DRIVERS, EFFECTS, MAIN, Question
from vsim.run.question_prices import acceptable, costs
from vsim.run.question_register import seen
from vsim.run.question_told import KEY, RUNS, Told, named
from vsim.run.store import Store
from vsim.run.study import GROUPS, Study, four_weeks, interval
from vsim.run.sweep_plan import Cell, runs_of
from vsim.run.sweep_table import study_of
from vsim.spec.calendar import date_of

if TYPE_CHECKING:
    import pandas as pd

RECORDED = "recorded_hours_per_registered"
WATCHED = ("staffed_rate", "no_show_share", "record_ratio", "unplaced_share")


@dataclass(frozen=True)
class Answer:
    """Tables by name, and the keys of the runs behind each set that their rows name.

    Attributes
    ----------
    question : Question
    study : Study
        Base and pilot as measured.
    tables : dict of str to DataFrame
        Each has `row`, its name, and `runs`, the SHA-256 of the sorted keys behind it.
    sets : dict of str to tuple of str
    """

    question: Question
    study: Study
    tables: dict[str, pd.DataFrame]
    sets: dict[str, tuple[str, ...]]

    def row(self, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return a row by "table/row", and the keys of its runs.

        Raises
        ------
        UsageError
            When there is no such row.
        """
        table, _, key = name.partition("/")
        names = [f"{one}/{row}" for one, frame in self.tables.items() for row in frame[KEY]]
        if name not in names:
            raise UsageError(f"trace: '{name}' is no row of the answer; allowed {listing(names, 12)}."
                             f"{did_you_mean(name, names)}")
        frame = self.tables[table]
        found = {str(k): v for k, v in frame[frame[KEY] == key].iloc[0].items()}
        return found, self.sets[found[RUNS]]


def answer(question: Question, store: Store) -> Answer:
    """Return the answer to a question from a store that holds its runs.

    Raises
    ------
    DataError
        When a run is missing; its key is named.
    """
    studies = question.studies()
    base, pilot = runs_of(studies[EFFECTS]).cells
    told = Told(question, store, base, pilot, study_of(pilot, store))
    makers: dict[str, Callable[[Told], pd.DataFrame]] = {
        "effects": effects, "weeks": weeks, "groups": groups, "districts": districts, "costs": costs,
        "acceptable": acceptable, "seen": seen, "recorded": recorded, "spread": spread,
    }
    tables = {name: maker(told) for name, maker in makers.items()}
    if DRIVERS in studies:
        tables["drivers"] = drivers(told, runs_of(studies[DRIVERS]).cells, list(question.drivers))
    return Answer(question, told.study, {name: table for name, table in tables.items() if len(table)}, told.sets)


def effects(told: Told) -> pd.DataFrame:
    """Return the true effect on every indicator: over the region, where the policy holds, and where it does not."""
    import pandas as pd

    inside, parts = told.study.pilot_districts, []
    for estimand in ("total", "att", "spillover"):
        some = estimand == "total" or (inside if estimand == "att" else len(inside) < len(told.study.districts))
        if some and (estimand == "total" or len(inside) < len(told.study.districts)):
            parts.append(told.study.effects(told.question.outcomes, estimand=estimand, level=told.question.level))
    frame = pd.concat(parts, ignore_index=True)
    return named(frame, frame["indicator"] + "." + frame["estimand"], told.both)


def weeks(told: Told) -> pd.DataFrame:
    """Return both worlds and the effect on the main indicator where the policy holds, as means of four weeks."""
    import pandas as pd

    study, outcome = told.study, told.question.outcome
    if indicator(outcome).kind == "share_year":
        return pd.DataFrame({KEY: []})
    frame = four_weeks(study.weekly(outcome, districts=study.pilot_districts or None, level=told.question.level),
                       study.first_week)
    first = pd.Timestamp(date_of(study.first_week, study.base.start))
    keys = frame["date"].dt.strftime("%Y-%m-%d")
    return named(frame.assign(date=keys, after=frame["date"] >= first, unit=indicator(outcome).unit), keys, told.both)


def groups(told: Told) -> pd.DataFrame:
    """Return the effect on the main indicator by sex, age and Party membership; none where it has no subgroups."""
    import pandas as pd

    try:
        parts = [told.study.effects([told.question.outcome], by=by, level=told.question.level).rename(
            columns={by: "group"}).assign(by=by) for by in GROUPS]
    except UsageError:
        return pd.DataFrame({KEY: []})
    frame = pd.concat(parts, ignore_index=True)
    return named(frame, frame["by"] + "." + frame["group"], told.both)


def districts(told: Told) -> pd.DataFrame:
    """Return the effect on the main indicator by district, and whether the policy reaches it."""
    frame = told.study.effects([told.question.outcome], by="district", level=told.question.level)
    frame["reached"] = frame["district"].isin(told.study.pilot_districts)
    return named(frame, frame["district"], told.both)


def recorded(told: Told) -> pd.DataFrame:
    """Return Goodhart's check: the recorded gain, the true one and the gap, and what else is known to suffer."""
    import pandas as pd

    pairs = {key: told.study.draws(key) for key in (RECORDED, MAIN, *WATCHED)}
    try:
        found = goodhart(pairs[RECORDED], pairs[MAIN], {key: (pairs[key], indicator(key).unit) for key in WATCHED
                                                        if np.isfinite(pairs[key]).all()}, level=told.question.level)
    except DataError:
        return pd.DataFrame({KEY: []})
    rows = [("recorded", found.recorded), ("true", found.true), ("gap", found.gap), *found.watched]
    frame = pd.DataFrame([{"what": key, "value": one.value, "se": one.se, "low": one.low, "high": one.high,
                           "unit": one.unit, "n": one.n, "verdict": found.verdict} for key, one in rows])
    return named(frame, frame["what"], told.both)


def spread(told: Told) -> pd.DataFrame:
    """Return how unequal hours are between districts, in both worlds: Gini of hours per registered person."""
    import pandas as pd

    each = np.stack([told.study.draws(MAIN, districts=[code]) for code in told.study.districts], axis=-1)
    weight = np.stack([told.study.draws("registered", districts=[code]) for code in told.study.districts], axis=-1)
    if not np.isfinite(each).all() or each.shape[-1] < 2:
        return pd.DataFrame({KEY: []})
    index = np.array([[gini(each[a, r], weight[a, r]) for r in range(each.shape[1])] for a in range(2)])
    gap = each.max(axis=-1) - each.min(axis=-1)
    rows = []
    for name, unit, pair in (("gini", "Gini coefficient, 0 to 1", index),
                             ("range", indicator(MAIN).unit, gap)):
        value, se, low, high = interval(pair[1] - pair[0], told.question.level)
        rows.append({"what": name, "unit": unit, "base": pair[0].mean(), "pilot": pair[1].mean(), "value": value,
                     "se": se, "low": low, "high": high, "n": pair.shape[1]})
    frame = pd.DataFrame(rows)
    return named(frame, frame["what"], told.both)


def drivers(told: Told, cells: Sequence[Cell], names: Sequence[str]) -> pd.DataFrame:
    """Return the effect when one number at a time is moved down and up, beside the effect where none is."""
    import pandas as pd

    question = told.question
    estimand = "att" if 0 < len(told.study.pilot_districts) < len(told.study.districts) else "total"
    inside = list(told.study.pilot_districts) if estimand == "att" else None
    rows = []
    points = [(None, "")] + [(name, end) for name in names for end in ("low", "high")]
    for (name, end), base, pilot in zip(points, cells[::2], cells[1::2], strict=True):
        study = study_of(pilot, told.store)
        weeks = range(told.study.first_week, question.base.weeks)
        found = study.effect(question.outcome, "total", districts=inside, weeks=weeks, level=question.level)
        rows.append({
            "parameter": name or "", "end": end, "at": base.scenario.values[name] if name else np.nan,
            "usual": question.base.values[name] if name else np.nan, "estimand": estimand, "value": found.value,
            "se": found.se, "low": found.low, "high": found.high, "unit": found.unit, "n": found.n,
            RUNS: told.behind(base, pilot), KEY: f"{name}.{end}" if name else "as it is",
        })
    return pd.DataFrame(rows)
