"""What an agency would conclude from its register, luck by luck, beside what the policy truly did in the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.evaluate.comparisons import before_after, difference_in_differences, with_without
from vsim.evaluate.indicators import YEAR, indicator
from vsim.evaluate.scoring import score
from vsim.run.question import MAIN
from vsim.run.question_told import HOUR, KEY, RUNS, Float, Told
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

LEAST = 4                     # weeks on both sides of the start, below which nothing is compared
COMPARED = ("before_after", "with_without", "did")


def seen(told: Told) -> pd.DataFrame:
    """Return the comparisons that a register allows: of one luck, and how they do over all lucks.

    Columns: what ("truth" first), value, low, high (of the first luck, as one agency would have it), unit, truth
    (mean), bias, bias_se, covers (share of intervals that hold the truth of their luck), n. Empty where the policy
    begins too early or too late for any comparison.
    """
    import pandas as pd

    study, unit = told.study, indicator(MAIN).unit
    inside = [code in study.pilot_districts for code in study.districts]
    start, end = study.first_week, study.base.weeks
    if min(start, end - start) < LEAST or sum(inside) < 2:
        return pd.DataFrame({KEY: []})
    before = _yearly(told, max(0, start - YEAR), start)
    after = _yearly(told, start, end)
    pair = study.draws(MAIN, districts=study.pilot_districts, weeks=range(start, end))
    truths = [_true(value, unit, told) for value in (pair[1] - pair[0]).tolist()]
    said: dict[str, list[Estimate]] = {}
    for luck in range(study.replicates):
        frame = pd.DataFrame({"pilot": inside, "before": before[luck], "after": after[luck]}).dropna()
        common: dict[str, Any] = {"treated": "pilot", "after": "after", "unit": unit, "level": told.question.level}
        if frame["pilot"].sum() < 2:
            return pd.DataFrame({KEY: []})
        said.setdefault("before_after", []).append(before_after(frame, before="before", **common))
        if (~frame["pilot"]).sum() > 1:
            said.setdefault("with_without", []).append(with_without(frame, **common))
            said.setdefault("did", []).append(difference_in_differences(frame, before="before", **common))
    first = truths[0]
    mean = float(np.mean([one.value for one in truths]))
    rows = [{"what": "truth", "value": first.value, "low": first.low, "high": first.high, "unit": unit, "truth": mean,
             "bias": np.nan, "bias_se": np.nan, "covers": np.nan, "n": len(truths), RUNS: told.both}]
    for name in COMPARED:
        if len(said.get(name, ())) == len(truths):
            found = score(list(zip(said[name], truths, strict=True)))
            one = said[name][0]
            rows.append({"what": name, "value": one.value, "low": one.low, "high": one.high, "unit": unit,
                         "truth": mean, "bias": found.bias, "bias_se": found.bias_se, "covers": found.coverage,
                         "n": found.n, RUNS: told.both})
    frame = pd.DataFrame(rows)
    return frame.assign(**{KEY: frame["what"]})


def _yearly(told: Told, first: int, last: int) -> Float:
    """Return hours on file for a name and year by luck and district, shape (lucks, districts)."""
    hours = told.kept(told.pilot, "register_hours")[:, :, first:last].sum(axis=2) * HOUR
    names = told.kept(told.pilot, "register_names")[:, :, first:last].mean(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(names > 0, hours / names * YEAR / (last - first), np.nan), dtype=np.float64)


def _true(value: float, unit: str, told: Told) -> Estimate:
    return Estimate(value, 0.0, value, value, told.question.level, unit, 1, "att", "twin worlds, this luck",
                    ("the model",))
