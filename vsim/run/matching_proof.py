"""The proof of matching: figures simulated from known parameters are matched, and intervals hold the truth or not.

The truths fill the ranges evenly, as the method assumes them to be. Each has one luck of its own for the figures, an
error of measurement on top, and other lucks for the matching: were these the same for all, their error would be too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.kernels.build import write_whole
from vsim.run.match_model import Model, measured_by, units
from vsim.run.match_posterior import LEVEL
from vsim.run.match_space import Space, even, space_of
from vsim.run.matching import Matching, Plan, match
from vsim.run.recover import share_interval
from vsim.run.run import MODEL_VERSION
from vsim.run.store import canonical
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.targets_own import Aim

Float = NDArray[np.float64]
NAME = "matching"
TRUTHS = 40
RESIDENTS = 2000
PARAMETERS = ("participation.taste_mean=-3:-1", "service.hours_mean=2:5", "registration.activation=0.4:1")
NAMES = ("person_times_per_registered_year", "hours_per_record", "active_share_year", "share_single")
ERROR = 0.02                  # of measurement, as a share of the figure
SEED, DATA = 20261127, 1000   # of settings and lucks of the first truth; the luck of the data, which no matching meets
SETTINGS = {"waves": 2, "runs": 120, "replicates": 4, "draws": 10, "discrepancy": 0.0, "one_luck": True}
WRITTEN = ("match", "match_emulator", "match_luck", "match_model", "match_posterior", "match_space",
           "matching", "matching_proof")


@dataclass(frozen=True)
class Known:
    """One truth and what was stated of it: point and interval of each parameter; None where nothing was left."""

    truth: dict[str, float]
    figures: dict[str, float]
    value: dict[str, float] | None
    low: dict[str, float] | None
    high: dict[str, float] | None
    waves: int
    ended: str
    checked: float | None     # how far the ensemble's runs lay from what was foretold, in standard errors

    def holds(self, key: str) -> bool:
        """Whether the interval of a parameter holds its truth."""
        return self.low is not None and self.high is not None and self.low[key] <= self.truth[key] <= self.high[key]


def town() -> Scenario:
    """Return the world of the proof: the toy town with fewer residents."""
    toy = load_scenario("toy")
    return toy.with_world(type(toy.world)(**{**toy.world.model_dump(), "residents": RESIDENTS}))


def depends_on() -> str:
    """Return the hash of what the proof follows from: world, settings, model, and the code of matching."""
    digest = hashlib.sha256(canonical([MODEL_VERSION, measured_by(), town().canonical(), SETTINGS, PARAMETERS, NAMES]))
    for name in WRITTEN:
        text = (Path(__file__).parent / f"{name}.py").read_bytes()
        digest.update(text.replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def truths(space: Space, count: int) -> Float:
    """Return the truths in the unit cube, with one more column for the error of each figure."""
    return even(count, len(space.keys) + len(NAMES), SEED + 1)


def aims_of(model: Model, space: Space, row: Float) -> list[Aim]:
    """Return the figures of a truth: what one luck came to, with an error of measurement."""
    from scipy.stats import norm

    sides = len(space.keys)
    found = model(space.points(row[None, :sides]), [[DATA]])[0, 0]
    sd = ERROR * np.abs(found)
    values = found + sd * norm.ppf(row[sides:])
    told = units()
    return [Aim(name, float(value), float(one), told[name], "simulated")
            for name, value, one in zip(NAMES, values, sd, strict=True)]


def recover_one(space: Space, row: Float, place: int, threads: int | None = None) -> Known:
    """Return one truth, matched."""
    model = Model(town(), NAMES, SEED + place, threads=threads)
    aims = aims_of(model, space, row)
    plan = Plan(model.scenario, tuple(aims), space, seed=SEED + place, **SETTINGS)  # type: ignore[arg-type]
    return known(match(plan, model=model), space.values(row[None, : len(space.keys)])[0])


def known(found: Matching, truth: Float) -> Known:
    """Return what a matching stated of a truth."""
    keys = found.plan.space.keys
    told = {key: found.estimate(key) for key in keys} if found.found is not None else None

    def by_key(name: str) -> dict[str, float] | None:
        return None if told is None else {key: round(getattr(one, name), 6) for key, one in told.items()}

    return Known(
        {key: round(float(value), 6) for key, value in zip(keys, truth, strict=True)},
        {aim.name: round(aim.value, 6) for aim in found.plan.aims}, by_key("value"), by_key("low"), by_key("high"),
        len(found.matched.waves), found.matched.ended,
        None if found.found is None else round(found.found.checked, 3),
    )


def prove(
    count: int = TRUTHS, *, threads: int | None = None, progress: Callable[[int, int], None] | None = None
) -> list[Known]:
    """Return known truths, each matched.

    Parameters
    ----------
    count : int
        Truths.
    threads : int, optional
        Settings run side by side; the values do not depend on it.
    progress : callable, optional
        Called with (truths done, truths in all).
    """
    space = space_of(PARAMETERS)
    out = []
    for place, row in enumerate(truths(space, count)):
        out.append(recover_one(space, row, place, threads))
        if progress is not None:
            progress(place + 1, count)
    return out


def summary(found: Sequence[Known]) -> list[dict[str, Any]]:
    """Return a row for each parameter and one for all: coverage with its 95 % interval, bias, and width over range.

    The parameters of one truth are not independent: the interval of the last row is that of the mean over truths.
    """
    from vsim.run.recover import Z95

    space = space_of(PARAMETERS)
    rows: list[dict[str, Any]] = []
    for place, key in enumerate(space.keys):
        hits = sum(one.holds(key) for one in found)
        low, high = share_interval(hits, len(found))
        side = float(space.high[place] - space.low[place])
        stated = [one for one in found if one.value is not None and one.low is not None and one.high is not None]
        off = np.array([(one.value or {})[key] - one.truth[key] for one in stated])
        width = np.array([(one.high or {})[key] - (one.low or {})[key] for one in stated])
        rows.append({"parameter": key, "n": len(found), "level": LEVEL, "coverage": hits / len(found),
                     "coverage_low": low, "coverage_high": high, "bias_over_range": float(off.mean() / side),
                     "rmse_over_range": float(np.sqrt((off**2).mean()) / side),
                     "width_over_range": float(width.mean() / side)})
    each = np.array([[one.holds(key) for key in space.keys] for one in found]).mean(axis=1)
    half = Z95 * float(each.std(ddof=1)) / len(found) ** 0.5
    rows.append({"parameter": "all", "n": len(found), "level": LEVEL, "coverage": float(each.mean()),
                 "coverage_low": float(each.mean()) - half, "coverage_high": float(each.mean()) + half})
    return rows


def write_proof(found: Sequence[Known], folder: Path) -> Path:
    """Write the proof as JSON, whole or not at all; return its path."""
    path = folder / f"{NAME}.json"
    told = {"model_version": MODEL_VERSION, "depends_on": depends_on(), "settings": SETTINGS, "residents": RESIDENTS,
            "parameters": PARAMETERS, "summary": summary(found), "truths": [asdict(one) for one in found]}
    write_whole(path, json.dumps(told, indent=1, sort_keys=True) + "\n")
    return path


def read_proof(folder: Path) -> tuple[dict[str, Any], list[Known]]:
    """Return the proof as it was written, and its truths."""
    told: dict[str, Any] = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
    return told, [Known(**row) for row in told["truths"]]
