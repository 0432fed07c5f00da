"""One or few treated units beside many: synthetic control and synthetic difference in differences.

Synthetic control (Abadie, Diamond and Hainmueller 2010) on the outcomes before the start, by `pysyncon`; synthetic
difference in differences (Arkhangelsky and others 2021) by `diff-diff`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import labels_of, level_of, library, once_each, prepared
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

ALIKE = ("the weighted others would have gone on like the treated unit", "the others are not moved by the treatment")
TINY = 1e-300                 # a fit before the start that is perfect
DIGITS = 6                    # of a weight
POOR = 20                     # placebos whose squared error before is larger by this tell nothing (Abadie 2010)
DONORS = 3                    # others that a placebo distribution needs at least


class SyntheticControl(NamedTuple):
    """The effect, the weights of the others by label, the fit before the start, and the share of placebos as large.

    `path` has one row for each time: the treated unit, its synthetic twin, and their gap.
    """

    effect: Estimate
    weights: dict[str, float]
    rmse_before: float
    pvalue: float
    path: pd.DataFrame


def synthetic_control(
    frame: pd.DataFrame, *, outcome: str, unit: str, time: str, treated: str, measured_in: str = "",
    level: float = 0.95,
) -> SyntheticControl:
    """Return the mean effect on one treated unit after its start.

    Parameters
    ----------
    frame : DataFrame
        One row for each unit and time, none missing.
    treated : str
        Column: 1 in the rows of the treated unit from its start on.

    Notes
    -----
    The error is the spread of placebo effects, each of the others taken for treated in turn; the p-value is the share
    of units whose ratio of error after to error before is at least as large.
    """
    import pandas as pd

    wide, on, labels = _wide("synthetic_control", frame, outcome, unit, time, treated, level)
    units = np.flatnonzero(on.any(axis=1)).tolist()
    if len(units) != 1:
        raise DataError(f"synthetic_control: {len(units)} units are treated; allowed one. Use synthetic_did for some.")
    me = units[0]
    after, before = on[me], ~on[me]
    others = [k for k in range(len(wide)) if k != me]
    weights = {k: _weights(wide, k, [j for j in others if j != k], after) for k in range(len(wide))}
    gaps = np.array([wide[k] - sum(w * wide[j] for j, w in weights[k].items()) for k in range(len(wide))])
    gap, times = gaps[me], labels_of(frame[time])
    misfit = (gaps[:, before] ** 2).mean(axis=1)
    placebos = [k for k in others if misfit[k] <= POOR * misfit[me]]
    if len(placebos) < DONORS:
        raise DataError(f"synthetic_control: {len(placebos)} placebos fit their past within {POOR} times the error of "
                        f"the treated unit; needed {DONORS} or more. More units, or synthetic_did.")
    ratio = (gaps[:, after] ** 2).mean(axis=1) / np.maximum(misfit, TINY)
    effect = answer(gap[after].mean(), gaps[placebos][:, after].mean(axis=1).std(ddof=1), level=level, n=len(wide),
                    estimand="att", method="synthetic control, placebo error", library="pysyncon", unit=measured_in,
                    assumptions=ALIKE)
    path = pd.DataFrame({"time": times, "treated": wide[me], "synthetic": wide[me] - gap, "gap": gap})
    return SyntheticControl(effect, {labels[k]: w for k, w in weights[me].items() if w > 0},
                            float(np.sqrt((gap[before] ** 2).mean())), float((ratio >= ratio[me]).mean()), path)


def _weights(wide: np.ndarray, one: int, others: list[int], after: np.ndarray) -> dict[int, float]:
    """Return the weights of others whose mix is nearest to one before the start."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")              # of a text in the library that Python reads as a wrong escape
        from pysyncon import Synth

    before = wide[:, ~after]
    past = pd.DataFrame(before[others].T, columns=others)
    own = pd.Series(before[one], name=one)
    with library("synthetic_control"):
        synth = Synth()
        spread = pd.concat([past, own], axis=1).std(axis=1)        # by which the library divides each row
        synth.fit(X0=past, X1=own, Z0=past, Z1=own, custom_V=np.maximum(spread.to_numpy(), TINY) ** 2)
    # with weights of rows given, `synth.weights()` forgets the names of the units (pysyncon 1.7)
    return dict(zip(others, np.round(synth.W, DIGITS).tolist(), strict=True))


def synthetic_did(
    frame: pd.DataFrame, *, outcome: str, unit: str, time: str, treated: str, measured_in: str = "",
    level: float = 0.95, seed: int = 1,
) -> Estimate:
    """Return synthetic difference in differences for units that all start at one time.

    Parameters
    ----------
    treated : str
        Column: 1 in the rows of treated units from their common start on.
    seed : int
        Of the placebo error.
    """
    import diff_diff
    import pandas as pd

    who = "synthetic_did"
    wide, on, _ = _wide(who, frame, outcome, unit, time, treated, level)
    rows = [(k, t, int(on[k].any()), wide[k, t]) for k in range(len(wide)) for t in range(wide.shape[1])]
    table = pd.DataFrame(rows, columns=["unit", "time", "treated", "outcome"])
    after = np.flatnonzero(on.any(axis=0)).tolist()
    with library(who):
        found = diff_diff.SyntheticDiD(variance_method="placebo", seed=seed, alpha=1 - level).fit(
            table, outcome="outcome", treatment="treated", unit="unit", time="time", post_periods=after)
    low, high = found.conf_int
    return answer(found.att, found.se, level=level, n=len(wide), estimand="att",
                  method="synthetic difference in differences, placebo error", library="diff-diff", unit=measured_in,
                  assumptions=ALIKE, low=low, high=high)


def _wide(
    who: str, frame: pd.DataFrame, outcome: str, unit: str, time: str, treated: str, level: float
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return outcomes and status by unit and time, shape (units, times), and the labels of units."""
    level_of(who, level)
    table = prepared(who, frame, {"unit": (unit, "group"), "time": (time, "group"), "outcome": (outcome, "number"),
                                  "treated": (treated, "yes_no")})
    once_each(who, table)
    wide = table.pivot_table(index="unit", columns="time", values="outcome", observed=True)
    if wide.isna().to_numpy().any() or len(table) != wide.size:
        missing = wide.size - len(table)
        raise DataError(f"{who}: {missing:,} pairs of {unit} and {time} are not there; needed every one.")
    on = table.pivot_table(index="unit", columns="time", values="treated", observed=True).to_numpy() == 1
    starts = np.where(on.any(axis=1), on.argmax(axis=1), -1)
    begun = np.arange(on.shape[1])[None, :] >= np.where(starts < 0, on.shape[1], starts)[:, None]
    if not np.array_equal(on, begun) or np.unique(starts[starts >= 0]).size != 1 or starts.max() < 2:
        raise DataError(f"{who}: '{treated}' must turn to 1 once, at one time for all treated, after two times or "
                        "more. Use staggered_did for a roll-out in steps.")
    if int((starts < 0).sum()) < DONORS:
        raise DataError(f"{who}: {int((starts < 0).sum())} units are never treated; needed {DONORS} or more.")
    return wide.to_numpy(), on, labels_of(frame[unit])
