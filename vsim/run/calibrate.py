"""Calibrate: a first fit of a preset to its targets by simulated moments.

The loss is the sum of squared distances of moments from targets, in units of half the target's range, plus a weak
pull towards the values that the evidence suggests (a distribution alone does not identify the behaviour: many
mechanisms give the same spread). The same luck is used at every trial, so the loss is a function and not a lottery.
The result is kept in `proofs/` with hashes of what it depends on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, listing
from vsim.run.moments import moments
from vsim.run.run import MODEL_VERSION, simulate
from vsim.spec.cards import load_cards
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.targets import Target, targets_for

Float = NDArray[np.float64]
Method = Literal["simplex", "slopes"]
PULL = 0.02                   # weight of the pull towards the evidence, per squared quarter of a card's range
EDGE = 0.1                    # how far inside its range a fit stays, in ranges
DAMPED_OUT = 1e5              # damping of steps along the slopes at which a search gives up
TRIAL_SEED = 20240412         # the luck of every trial; validation uses others

# What each preset is fitted by: the value that the evidence suggests (it pulls weakly), and where the search begins.
FREE: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "cn_registry": {
        "participation.taste_mean": (-2.0, -2.032), "registration.activation": (0.30, 0.683),
        "service.hours_mean": (3.13, 2.945),
    },
    "cn_mobilised": {
        "participation.taste_mean": (-2.0, -2.678), "participation.taste_sd": (1.0, 1.5),
        "participation.habit_weight": (3.0, 4.26), "retention.habit_rate": (0.5, 0.462),
        "retention.exit_base": (-1.6, 0.973), "retention.exit_tenure": (1.4, 1.631),
        "retention.exit_frailty": (1.1, 0.866), "choice.extra_mean": (2.4, 0.69),
        "choice.extra_dispersion": (0.55, 1.447), "choice.extra_by_taste": (0.0, 1.795),
        "registration.base": (-7.0, -6.781),
    },
    "us_cps": {
        "participation.taste_mean": (-2.0, -1.346), "participation.women": (0.32, 0.208),
        "participation.degree": (0.5, 1.012), "registration.base": (-7.0, -7.041),
        "retention.exit_base": (-2.0, -2.069),
    },
    "uk_cls": {"participation.taste_mean": (-2.0, -1.0), "registration.base": (-7.0, -7.3)},
}


@dataclass(frozen=True, slots=True)
class Fit:
    """The result of a calibration."""

    preset: str
    parameters: dict[str, float]
    loss: float
    moments: dict[str, float]
    targets: dict[str, float]
    trials: int
    seed: int
    model_version: str
    depends_on: str


def evidence_hash(scenario: Scenario, free: Collection[str]) -> str:
    """Return the hash of what a fit depends on: the scenario without the fitted numbers, targets and model version."""
    kept = {key: value for key, value in scenario.canonical()["parameters"].items() if key not in free}
    targets = [asdict(target) for target in targets_for(scenario.name, "fit")]
    world = {key: value for key, value in scenario.canonical().items() if key != "parameters"}
    text = json.dumps([world, kept, targets, MODEL_VERSION, sorted(free)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def aim(target: Target) -> float:
    """Return what a fit steers for: the published value, kept a tenth of its range away from the range's ends.

    Where a value is an end of its own range (A3, C1), half of the lucks of a perfect fit would miss it.
    """
    low, high, value = (float(x or 0.0) for x in (target.low, target.high, target.value))
    room = EDGE * (high - low)
    return min(max(value, low + room), high - room)


@dataclass(frozen=True, slots=True)
class Best:
    """The best trial of a search."""

    loss: float
    point: Float              # values of the free parameters
    moments: Float
    trials: int


def search(
    scenario: Scenario, free: Mapping[str, tuple[float, float]], targets: Sequence[Target], trials: int, *,
    goal: Float | None = None, pull: float = PULL, method: Method = "simplex", threads: int | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Best:
    """Return the best trial of a search under fixed luck.

    Parameters
    ----------
    scenario : Scenario
    free : mapping of card key to (value that the evidence suggests, value where the search begins)
    targets : sequence of Target
        Their moments, and their ranges as weights.
    trials : int
        Simulations to spend.
    goal : ndarray, optional
        Moments to reach; by default the values of the targets.
    pull : float
        Weight of the pull towards the evidence.
    method : {"simplex", "slopes"}
        Nelder-Mead; or steps along the slopes of the moments (Levenberg-Marquardt), which reach a distant fit with
        fewer trials when there are many parameters.

    Raises
    ------
    UsageError
        When scipy is missing.
    """
    low, high = limits(free)
    middle = np.array([aim(t) for t in targets]) if goal is None else goal
    spread = np.array([(float(t.high or 0) - float(t.low or 0)) / 2 for t in targets])
    suggested, start = np.array(list(free.values())).T
    best: dict[str, Any] = {"loss": np.inf, "point": start, "moments": np.full(middle.size, np.nan)}
    done = 0

    def misses(point: Float) -> Float:
        nonlocal done
        inside = np.clip(point, low, high)
        trial = scenario.with_values(dict(zip(free, map(float, inside), strict=True)))
        found = moments(simulate(trial, TRIAL_SEED, threads=threads), targets)
        parts = (found - middle) / spread, np.sqrt(pull) * (inside - suggested) / (high - low) * 4, point - inside
        residuals = np.nan_to_num(np.concatenate(parts), nan=1e3)
        total = float((residuals**2).sum())
        done += 1
        if total < best["loss"]:
            best.update(loss=total, point=inside, moments=found)
        if progress is not None:
            progress(done, best["loss"])
        return residuals

    step = np.where(start + (high - low) / 40 > high, -1, 1) * (high - low) / 40
    if method == "slopes":
        _descend(misses, start, (low, high), np.abs(step) / 2, trials)
    else:
        _simplex(lambda point: float((misses(point) ** 2).sum()), start, step, trials)
    return Best(best["loss"], best["point"], best["moments"], done)


def _simplex(loss: Callable[[Float], float], start: Float, step: Float, trials: int) -> None:
    try:
        from scipy.optimize import minimize
    except ImportError:
        raise UsageError("calibrate: scipy is missing. Install it with `pip install vsim[research]`.") from None
    minimize(loss, start, method="Nelder-Mead", options={
        "maxfev": trials, "initial_simplex": np.vstack([start, start + np.diag(step)]), "adaptive": True,
        "xatol": 1e-3, "fatol": 1e-3,
    })


def _descend(
    misses: Callable[[Float], Float], start: Float, bounds: tuple[Float, Float], step: Float, trials: int
) -> None:
    """Spend trials on damped steps along the slopes, with parameters in units of their steps."""
    low, high = bounds
    point, damping, spent = np.clip(start, low, high), 1.0, 1
    here = misses(point)
    while spent + point.size + 1 <= trials and damping < DAMPED_OUT:
        signs = np.where(point + step > high, -1.0, 1.0)
        slopes = np.array([misses(point + np.eye(point.size)[k] * step * signs) - here for k in range(point.size)]).T
        slopes = slopes * signs
        spent += point.size
        better = False
        while not better and spent < trials and damping < DAMPED_OUT:
            square = slopes.T @ slopes
            move = -np.linalg.solve(square + damping * np.eye(point.size), slopes.T @ here) * step
            there = np.clip(point + move, low, high)
            residuals = misses(there)
            spent += 1
            better = float((residuals**2).sum()) < float((here**2).sum())
            damping = damping / 5 if better else damping * 5
        if better:
            point, here = there, residuals


def limits(free: Collection[str]) -> tuple[Float, Float]:
    """Return the lowest and the highest values that the cards of parameters allow."""
    cards = [load_cards()[name] for name in free]
    return np.array([c.low for c in cards]), np.array([c.high for c in cards])


def calibrate(
    preset: str, *, trials: int = 200, method: Method = "simplex", progress: Callable[[int, float], None] | None = None
) -> Fit:
    """Fit the free parameters of a preset to its targets and return the best trial (fixed luck).

    Parameters
    ----------
    preset : {"cn_registry", "cn_mobilised", "us_cps", "uk_cls"}
    trials : int
        Simulations to spend.
    method : {"simplex", "slopes"}
        As for `search`.
    progress : callable, optional
        Called with (trials done, best loss).

    Raises
    ------
    UsageError
        When the preset has nothing to fit, or scipy is missing.
    """
    free = free_of(preset)
    scenario = load_scenario(preset)
    targets = targets_for(preset, "fit")
    best = search(scenario, free, targets, trials, method=method, progress=progress)
    return Fit(
        preset=preset, parameters={k: round(float(v), 3) for k, v in zip(free, best.point, strict=True)},
        loss=round(best.loss, 4),
        moments={t.id: round(float(m), 4) for t, m in zip(targets, best.moments, strict=True)},
        targets={t.id: float(t.value or 0) for t in targets}, trials=best.trials, seed=TRIAL_SEED,
        model_version=MODEL_VERSION, depends_on=evidence_hash(scenario, free),
    )


def free_of(preset: str) -> Mapping[str, tuple[float, float]]:
    """Return the free parameters of a preset; refuse one that has none."""
    if preset not in FREE:
        raise UsageError(f"calibrate: preset is '{preset}'; allowed {listing(FREE)}.")
    return FREE[preset]


def write_proof(fit: Fit, folder: Path) -> Path:
    """Write a fit as JSON into the folder of proofs, whole or not at all; return its path."""
    from vsim.kernels.build import write_whole

    path = folder / f"calibration-{fit.preset}.json"
    write_whole(path, json.dumps(asdict(fit), indent=2, sort_keys=True) + "\n")
    return path
