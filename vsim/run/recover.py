"""Recovery: simulate from known parameters, calibrate as if they were unknown, and say how near one comes.

The truths fill a box about the numbers of a preset evenly (a rank-1 lattice, no luck in it); each search begins at the
truth of another draw, half the draws on. What is stated for each parameter is a point and an
interval from the curvature of the moments; the report says how often the interval holds the truth, and the condition of
the curvature says where a ridge keeps the moments from telling parameters apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.run.calibrate import PULL, TRIAL_SEED, Best, Method, evidence_hash, free_of, limits, search
from vsim.run.moments import moments
from vsim.run.run import MODEL_VERSION, simulate
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.targets import Target, targets_for

Float = NDArray[np.float64]
BOX = 0.125                   # half the side of the box of truths, as a share of a card's range
DATA_SEED = 20250601          # the luck of the data; the search never meets it
LUCKS = 10                    # replicates from which the noise of the moments is taken
Z95 = 1.959964
STEP = 1 / 80                 # step of the curvature, as a share of a card's range


@dataclass(frozen=True, slots=True)
class Recovered:
    """One draw: the truth, where the search began, what it found and the interval that it states."""

    truth: dict[str, float]
    start: dict[str, float]
    found: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    loss: float
    condition: float | None   # largest over smallest singular value of the scaled slopes; None for more than moments
    trials: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """The result of a recovery, with what it depends on."""

    preset: str
    method: Method
    pull: float
    draws: list[Recovered]
    model_version: str
    depends_on: str


def lattice(count: int, dimensions: int) -> Float:
    """Return points that fill the unit cube evenly, shape (count, dimensions): a rank-1 lattice of square roots.

    >>> lattice(2, 1).round(3).tolist()
    [[0.914], [0.328]]
    """
    primes = [n for n in range(2, 200) if all(n % k for k in range(2, n))][:dimensions]
    return np.asarray((0.5 + np.outer(np.arange(1, count + 1), np.sqrt(primes))) % 1.0)


def truths(scenario: Scenario, free: Sequence[str], count: int) -> Float:
    """Return the truths of the draws, shape (count, parameters): a box about the preset, inside the cards."""
    low, high = limits(free)
    middle = np.array([scenario.values[key] for key in free])
    side = (high - low) * BOX
    return np.clip(middle + side * (2 * lattice(count, len(free)) - 1), low, high)


def noise(scenario: Scenario, targets: Sequence[Target], threads: int | None = None) -> Float:
    """Return the covariance of the moments over lucks, shape (targets, targets)."""
    runs = [moments(simulate(scenario, DATA_SEED, replicate=1 + r, threads=threads), targets) for r in range(LUCKS)]
    return np.asarray(np.cov(np.array(runs).T))


def stated(
    scenario: Scenario, free: Sequence[str], best: Best, targets: Sequence[Target], covariance: Float, pull: float,
    threads: int | None = None,
) -> tuple[Float, float | None]:
    """Return the standard error of each parameter and the condition of the curvature.

    The sandwich of simulated moments: (J'WJ + P)^-1 J'W S WJ (J'WJ + P)^-1 with S twice the noise of one luck, since
    data and model both have it; J by differences at the best point under the luck of the search.
    """
    low, high = limits(free)
    columns = []
    for k in range(len(free)):
        step = np.zeros(len(free))
        step[k] = (high - low)[k] * STEP * (-1 if best.point[k] + (high - low)[k] * STEP > high[k] else 1)
        there = dict(zip(free, map(float, best.point + step), strict=True))
        moved = moments(simulate(scenario.with_values(there), TRIAL_SEED, threads=threads), targets)
        columns.append((moved - best.moments) / step[k])
    slopes = np.array(columns).T
    spread = np.array([(float(t.high or 0) - float(t.low or 0)) / 2 for t in targets])
    weight = np.diag(1 / spread**2)
    held = np.diag(pull * (4 / (high - low)) ** 2)
    inverse = np.linalg.pinv(slopes.T @ weight @ slopes + held)
    middle = slopes.T @ weight @ (2 * covariance) @ weight @ slopes
    values = np.linalg.svd(slopes * (high - low) / spread[:, None], compute_uv=False)
    condition = round(float(values[0] / values[-1]), 1) if values.size >= len(free) and values[-1] > 0 else None
    return np.sqrt(np.diag(inverse @ middle @ inverse)), condition


def recover(
    preset: str, *, draws: int = 12, trials: int = 30, method: Method = "slopes", pull: float = PULL,
    threads: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> Recovery:
    """Simulate from known parameters of a preset and recover them, draw by draw, as `calibrate` would.

    Parameters
    ----------
    preset : {"cn_registry", "cn_mobilised"}
    draws : int
        Truths.
    trials : int
        Simulations to spend on each.
    method : {"slopes", "simplex"}
        How `calibrate` searches.
    pull : float
        Weight of the pull towards the evidence; 0 leaves it out.
    progress : callable, optional
        Called with (draws done, draws in all).
    """
    suggested = free_of(preset)
    free = list(suggested)
    scenario = load_scenario(preset)
    targets = targets_for(preset, "fit")
    covariance = noise(scenario, targets, threads)
    points = truths(scenario, free, draws)
    done = []
    for k, truth in enumerate(points):
        begin = points[(k + draws // 2) % draws] if draws > 1 else np.array([suggested[key][0] for key in free])
        data = moments(simulate(scenario.with_values(_named(free, truth)), DATA_SEED, replicate=100 + k,
                                threads=threads), targets)
        begins = {key: (suggested[key][0], float(at)) for key, at in zip(free, begin, strict=True)}
        best = search(scenario, begins, targets, trials, goal=data, pull=pull, method=method, threads=threads)
        error, condition = stated(scenario, free, best, targets, covariance, pull, threads)
        done.append(Recovered(
            _named(free, truth), _named(free, begin), _named(free, best.point), _named(free, best.point - Z95 * error),
            _named(free, best.point + Z95 * error), round(best.loss, 4), condition, best.trials,
        ))
        if progress is not None:
            progress(k + 1, draws)
    return Recovery(preset, method, pull, done, MODEL_VERSION, evidence_hash(scenario, free))


def _named(free: Sequence[str], point: Float) -> dict[str, float]:
    return {key: round(float(value), 4) for key, value in zip(free, point, strict=True)}


def summary(recovery: Recovery) -> list[dict[str, Any]]:
    """Return a row for each parameter: bias, error, how much of the truths' spread it explains, coverage."""
    rows = []
    for key in recovery.draws[0].truth:
        truth = np.array([draw.truth[key] for draw in recovery.draws])
        off = np.array([draw.found[key] for draw in recovery.draws]) - truth
        held = sum(draw.low[key] <= draw.truth[key] <= draw.high[key] for draw in recovery.draws)
        low, high = share_interval(held, truth.size)
        rows.append({
            "parameter": key, "n": int(truth.size), "truth_low": float(truth.min()), "truth_high": float(truth.max()),
            "bias": float(off.mean()), "rmse": float(np.sqrt((off**2).mean())),
            "rmse_over_sd": float(np.sqrt((off**2).mean()) / truth.std()),
            "coverage": held / truth.size, "coverage_low": low, "coverage_high": high,
            "half_width": float(np.mean([draw.high[key] - draw.low[key] for draw in recovery.draws]) / 2),
        })
    return rows


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score.

    >>> [round(end, 3) for end in share_interval(11, 12)]
    [0.646, 0.985]
    """
    share, room = hits / n, Z95**2 / n
    middle = (share + room / 2) / (1 + room)
    half = Z95 * ((share * (1 - share) + room / 4) / n) ** 0.5 / (1 + room)
    return middle - half, middle + half


def proof_path(preset: str, folder: Path) -> Path:
    """Return where a recovery is kept."""
    return folder / f"recovery-{preset}.json"


def write_proof(found: Sequence[Recovery], folder: Path) -> Path:
    """Write recoveries of one preset (with and without the pull) as JSON, whole or not at all; return the path."""
    from vsim.kernels.build import write_whole

    path = proof_path(found[0].preset, folder)
    rows = [{**asdict(one), "summary": summary(one)} for one in found]
    write_whole(path, json.dumps({"preset": found[0].preset, "recoveries": rows}, indent=2, sort_keys=True) + "\n")
    return path


def read_recovery(row: Mapping[str, Any]) -> Recovery:
    """Return a recovery as it is kept in a proof."""
    draws = [Recovered(**draw) for draw in row["draws"]]
    return Recovery(row["preset"], row["method"], row["pull"], draws, row["model_version"], row["depends_on"])
