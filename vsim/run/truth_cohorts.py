"""The effects of a staggered roll-out cohort by cohort and week by week, and of exposure to those who are covered.

ATT(g, t) is the mean effect in window t on residents first covered in week g. `effect` is arm z less arm 0; it is the
sum of `own` (arm z less the roll-out without cohort g) and `others` (that arm less arm 0: what the other cohorts do to
this one). Weights are residents of treated cells over all treated cells, so they sum to one and give the ATT.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from vsim.errors import UsageError, did_you_mean
from vsim.run.truth_arms import NEVER, NOBODY, ROLLOUT
from vsim.run.truth_effects import LEVEL, Bool, Float, Truths
from vsim.run.truth_people import outcome_of
from vsim.run.truth_run import Stratum
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

Weights = Literal["size", "equal"]
WEIGHTS = ("size", "equal")
PARTS = {"effect": "arm z less arm 0", "own": "arm z less arm -g", "others": "arm -g less arm 0"}
NONE_COVERED, MOST = "none", 6


def group_time(found: Truths, outcome: str = "hours", *, level: float = LEVEL) -> pd.DataFrame:
    """Return ATT(g, t): one row for each cohort, window from its start on, and part.

    Columns: cohort (week), window, since (windows from the start), part ("effect", "own", "others"), weight (of the
    cell in the ATT), value, se, low, high, unit, n.
    """
    import pandas as pd

    place = outcome_of(outcome)
    total = found.number(found.treated()).mean()
    rows = []
    for cohort in found.arms.cohorts:
        for window in range(found.windows.holding(cohort), found.windows.count):
            cells = _cells(found, cohort, window)
            weight = float(found.number(cells).mean() / total)
            for part, (one, other) in _parts(found, cohort).items():
                made = found.estimate(found.mean(one, other, place, cells, "att"), "att_gt", found.unit(outcome),
                                      level, PARTS[part])
                rows.append({
                    "cohort": cohort, "window": window, "since": window - found.windows.holding(cohort), "part": part,
                    "weight": weight, **_numbers(made),
                })
    return pd.DataFrame(rows)


def dynamic(
    found: Truths, outcome: str = "hours", *, weights: Weights = "size", balanced: bool = False, part: str = "effect",
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return theta(e): the effect in the e-th window since the start, over the cohorts that are seen then.

    Columns: since, cohorts and shares (whose effects enter, and by how much), value, se, low, high, unit, n.

    Parameters
    ----------
    weights : {"size", "equal"}
        By residents of a cohort, or each cohort alike.
    balanced : bool
        Only windows in which every cohort is seen, so that who is averaged over never changes.
    part : {"effect", "own", "others"}
    """
    import pandas as pd

    if weights not in WEIGHTS:
        raise UsageError(f"dynamic: weights is '{weights}'; allowed {', '.join(WEIGHTS)}."
                         f"{did_you_mean(weights, WEIGHTS)}")
    if part not in PARTS:
        raise UsageError(f"dynamic: part is '{part}'; allowed {', '.join(PARTS)}.{did_you_mean(part, PARTS)}")
    starts = {cohort: found.windows.holding(cohort) for cohort in found.arms.cohorts}
    rows = []
    for since in range(found.windows.count - min(starts.values(), default=found.windows.count)):
        seen = [cohort for cohort, start in starts.items() if start + since < found.windows.count]
        if balanced and len(seen) < len(starts):
            break
        effects = np.array([_cell_effect(found, cohort, starts[cohort] + since, part, outcome) for cohort in seen])
        sizes = np.array([found.number(_cells(found, cohort, starts[cohort] + since)) for cohort in seen], dtype=float)
        shares = sizes / sizes.sum(axis=0) if weights == "size" else np.full_like(sizes, 1 / len(seen))
        made = found.estimate((effects * shares).sum(axis=0), "dynamic", found.unit(outcome), level, PARTS[part])
        rows.append({
            "since": since, "cohorts": ", ".join(map(str, seen)),
            "shares": ", ".join(f"{share:.3f}" for share in shares.mean(axis=1)), **_numbers(made),
        })
    return pd.DataFrame(rows)


def spillover_by_contacts(found: Truths, outcome: str = "hours", *, level: float = LEVEL) -> pd.DataFrame:
    """Return the spill-over on residents whom no policy ever covers, by how many of their six contacts are covered.

    Columns: contacts, residents (mean number), value, se, low, high, unit, n. Windows from the first start on.
    """
    return _by(found, outcome, level, "contacts", list(range(MOST + 1)), lambda s, key: s.contacts == key)


def spillover_by_share(
    found: Truths, outcome: str = "hours", *, edges: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0),
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return the spill-over on residents whom no policy ever covers, by the share of their district that is covered.

    Columns: share ("none" or "0.25 to 0.5", upper end included), residents, value, se, low, high, unit, n.

    Parameters
    ----------
    edges : tuple of float
        Ends of the classes of shares, from 0 to 1.
    """
    saturation = [float((cohort != NEVER).mean()) for cohort in found.arms.cohort]
    classes = np.digitize(saturation, edges, right=True)
    names = [NONE_COVERED, *(f"{low:g} to {high:g}" for low, high in pairwise(edges))]
    return _by(found, outcome, level, "share", names, lambda s, key: names[int(classes[s.district])] == key)


def _by(found: Truths, outcome: str, level: float, name: str, keys: list[int] | list[str], belongs: object
        ) -> pd.DataFrame:
    import pandas as pd

    assert callable(belongs)
    after = np.arange(found.windows.count) >= found.windows.holding(min(found.arms.cohorts, default=0))
    rows = []
    for key in keys:
        def wanted(stratum: Stratum, key: int | str = key) -> bool:
            return stratum.cohort == NEVER and bool(belongs(stratum, key))

        cells = found.where(wanted) & after
        if not found.number(cells).all():
            continue
        draws = found.mean(ROLLOUT, NOBODY, outcome_of(outcome), cells, "spillover")
        made = found.estimate(draws, "spillover", found.unit(outcome), level, PARTS["effect"])
        rows.append({name: key, "residents": float(found.number(cells).mean() / after.sum()), **_numbers(made)})
    return pd.DataFrame(rows)


def _cells(found: Truths, cohort: int, window: int) -> Bool:
    return found.treated(cohort) & (np.arange(found.windows.count) == window)


def _cell_effect(found: Truths, cohort: int, window: int, part: str, outcome: str) -> Float:
    one, other = _parts(found, cohort)[part]
    return found.mean(one, other, outcome_of(outcome), _cells(found, cohort, window), "att")


def _parts(found: Truths, cohort: int) -> dict[str, tuple[str, str]]:
    without = found.without(cohort)
    return {"effect": (ROLLOUT, NOBODY), "own": (ROLLOUT, without), "others": (without, NOBODY)}


def _numbers(made: Estimate) -> dict[str, object]:
    return {"value": made.value, "se": made.se, "low": made.low, "high": made.high, "unit": made.unit, "n": made.n}
