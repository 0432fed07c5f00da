"""What common random numbers save: how many replicates an effect needs when both arms meet the same luck, and when not.

The arms of a study meet the same people and the same luck, so the difference of a pair varies by the policy alone. Had
each arm a luck of its own, both variances would add up. From a study of R pairs: s_d is the standard deviation of the
differences, s_0 and s_1 those of the arms; for a standard error of a share e of the effect d one needs
ceil((s_d / (e d))^2) pairs, or ceil((s_0^2 + s_1^2) / (e d)^2) times two runs of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from vsim.errors import UsageError
from vsim.evaluate.indicators import indicator
from vsim.run.compare import compare
from vsim.run.study import Study
from vsim.spec.policy import Policy
from vsim.spec.reforms import Reform
from vsim.spec.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

RELATIVE = 0.05               # standard error that is wished for, as a share of the effect
REACHES = ("everywhere", "local", "as written")
FEWEST = 2                    # replicates that have a variance


def needed(sd: float, effect: float, relative: float) -> float:
    """Return the replicates after which the standard error is a share of the effect; infinite where there is none.

    >>> needed(2.0, 1.0, 0.1), needed(0.0, 1.0, 0.1), needed(1.0, 0.0, 0.1)
    (400.0, 1.0, inf)
    """
    if effect == 0 or math.isnan(effect) or math.isnan(sd):
        return math.inf
    return float(max(1, math.ceil(round((sd / (relative * effect)) ** 2, 9))))


def luck_of(study: Study, keys: Iterable[str], *, relative: float = RELATIVE) -> pd.DataFrame:
    """Return what pairing saves in a study, one row for each indicator.

    Columns: indicator, unit, effect, sd_paired, sd_independent, ratio (of variances; infinite when the
    differences are all the same), paired and independent (replicates needed), identical (share of pairs that are the
    same in both arms).

    Parameters
    ----------
    study : Study
    keys : iterable of str
        Indicators.
    relative : float
        Standard error wished for, as a share of the effect.

    Raises
    ------
    UsageError
        When there are too few replicates for a variance, or `relative` is no share.
    """
    import numpy as np
    import pandas as pd

    if study.replicates < FEWEST:
        raise UsageError(f"luck: replicates is {study.replicates}; allowed {FEWEST} or more, ten say something.")
    if not 0 < relative < 1:
        raise UsageError(f"luck: relative is {relative}; allowed above 0, below 1. Write 0.05 for 5 % of the effect.")
    rows = []
    for key in keys:
        base, pilot = study.draws(key)
        difference = pilot - base
        effect, paired = float(difference.mean()), float(difference.std(ddof=1))
        apart = math.sqrt(float(base.var(ddof=1) + pilot.var(ddof=1)))
        rows.append({
            "indicator": key, "unit": indicator(key).unit, "effect": effect, "sd_paired": paired,
            "sd_independent": apart, "ratio": math.inf if paired == 0 else (apart / paired) ** 2,
            "paired": needed(paired, effect, relative), "independent": needed(apart, effect, relative),
            "identical": float(np.mean(base == pilot)),
        })
    return pd.DataFrame(rows)


def reaches(base: Scenario, pilot: Scenario | Reform, local: float) -> dict[str, Scenario]:
    """Return a pilot everywhere, in a share of the districts, and as it is written, by name.

    Only policies that the base does not have are moved. "as written" is left out when it is one of the others.

    Raises
    ------
    UsageError
        When the share is none, or the pilot has no policy of its own.
    """
    if not 0 < local <= 1:
        raise UsageError(f"luck: local is {local}; allowed a share of the districts, above 0, at most 1.")
    some = list(base.districts[: max(1, round(local * len(base.districts)))])
    if isinstance(pilot, Reform):
        return {REACHES[0]: pilot.on(base), REACHES[1]: pilot.on(base, districts=some)}
    own = [policy for policy in pilot.policies if policy not in base.policies]
    if not own:
        raise UsageError(f"luck: '{pilot.name}' has no policy that '{base.name}' has not. Name another pilot.")
    found = {REACHES[0]: _placed(pilot, own, None), REACHES[1]: _placed(pilot, own, some)}
    if pilot.hash not in {scenario.hash for scenario in found.values()}:
        found[REACHES[2]] = pilot
    return found


def _placed(pilot: Scenario, own: list[Policy], districts: list[str] | None) -> Scenario:
    """Return the pilot with its own policies in other districts, each of them there from the start."""
    moved = []
    for policy in pilot.policies:
        if policy in own:
            fields = {name: getattr(policy, name) for name in type(policy).model_fields}
            moved.append(Policy(**{**fields, "districts": districts, "rollout": None}))
        else:
            moved.append(policy)
    return pilot.with_policies(moved)


def luck(
    base: Scenario, pilots: Mapping[str, Scenario], keys: Iterable[str], *, replicates: int = 20, seed: int = 1,
    relative: float = RELATIVE, threads: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run twin worlds for each pilot and return `luck_of`, with its policy and how many districts that touches."""
    import pandas as pd

    tables, wanted = [], list(keys)
    for place, (name, pilot) in enumerate(pilots.items()):
        def move(done: int, total: int, place: int = place) -> None:
            if progress is not None:
                progress(place * total + done, len(pilots) * total)

        study = compare(base, pilot, replicates=replicates, seed=seed, threads=threads, progress=move)
        table = luck_of(study, wanted, relative=relative)
        table.insert(0, "policy", name)
        table.insert(1, "districts", len(study.pilot_districts))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
