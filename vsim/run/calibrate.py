"""Calibrate: a first fit of a preset to its targets by simulated moments.

The loss is the sum of squared distances of moments from targets, in units of half the target's range, plus a weak
pull towards the values that the evidence suggests (a distribution alone does not identify the behaviour: many
mechanisms give the same spread). The same luck is used at every trial, so the loss is a function and not a lottery.
The result is kept in `proofs/` with hashes of what it depends on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, listing
from vsim.run.run import MODEL_VERSION, simulate
from vsim.run.validate import moments
from vsim.spec.cards import load_cards
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.targets import targets_for

Float = NDArray[np.float64]
PULL = 0.02                   # weight of the pull towards the evidence, per squared quarter of a card's range
TRIAL_SEED = 20240412         # the luck of every trial; validation uses others

# What each preset is fitted by: the value that the evidence suggests (it pulls weakly), and where the search begins.
FREE: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "cn_registry": {
        "participation.taste_mean": (-2.0, -1.4), "registration.activation": (0.30, 0.52),
        "service.hours_mean": (3.13, 2.95),
    },
    "cn_mobilised": {
        "participation.taste_mean": (-2.0, -2.635), "participation.taste_sd": (1.0, 1.494),
        "participation.habit_weight": (3.0, 4.25), "retention.habit_rate": (0.5, 0.472),
        "retention.exit_base": (-1.6, 0.551), "retention.exit_tenure": (1.4, 1.622),
        "retention.exit_frailty": (1.1, 0.872), "choice.extra_mean": (2.4, 0.701),
        "choice.extra_dispersion": (0.55, 0.993), "choice.extra_by_taste": (0.0, 1.785),
        "registration.base": (-7.0, -7.178),
    },
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


def calibrate(
    preset: str, *, trials: int = 200, progress: Callable[[int, float], None] | None = None
) -> Fit:
    """Fit the free parameters of a preset to its targets and return the best trial (Nelder-Mead, fixed luck).

    Parameters
    ----------
    preset : {"cn_registry", "cn_mobilised"}
    trials : int
        Simulations to spend.
    progress : callable, optional
        Called with (trials done, best loss).

    Raises
    ------
    UsageError
        When the preset has nothing to fit, or scipy is missing.
    """
    if preset not in FREE:
        raise UsageError(f"calibrate: preset is '{preset}'; allowed {listing(FREE)}.")
    try:
        from scipy.optimize import minimize
    except ImportError:
        raise UsageError("calibrate: scipy is missing. Install it with `pip install vsim[research]`.") from None
    free = FREE[preset]
    scenario = load_scenario(preset)
    targets = targets_for(preset, "fit")
    cards = [load_cards()[name] for name in free]
    low, high = np.array([c.low for c in cards]), np.array([c.high for c in cards])
    middle = np.array([float(t.value or 0.0) for t in targets])
    spread = np.array([(float(t.high or 0) - float(t.low or 0)) / 2 for t in targets])
    suggested, start = np.array(list(free.values())).T
    best: dict[str, Any] = {"loss": np.inf}
    done = 0

    def loss(point: Float) -> float:
        nonlocal done
        inside = np.clip(point, low, high)
        trial = scenario.with_values(dict(zip(free, map(float, inside), strict=True)))
        found = moments(simulate(trial, TRIAL_SEED), targets)
        pull = PULL * float((((inside - suggested) / (high - low) * 4) ** 2).sum())
        total = float((((found - middle) / spread) ** 2).sum()) + pull + float(((point - inside) ** 2).sum())
        total = total if np.isfinite(total) else 1e6
        done += 1
        if total < best["loss"]:
            best.update(loss=total, point=inside, moments=found)
        if progress is not None:
            progress(done, best["loss"])
        return total

    simplex = np.vstack([start, start + np.diag(np.where(start + (high - low) / 40 > high, -1, 1) * (high - low) / 40)])
    minimize(loss, start, method="Nelder-Mead",
             options={"maxfev": trials, "initial_simplex": simplex, "adaptive": True, "xatol": 1e-3, "fatol": 1e-3})
    return Fit(
        preset=preset, parameters={k: round(float(v), 3) for k, v in zip(free, best["point"], strict=True)},
        loss=round(best["loss"], 4),
        moments={t.id: round(float(m), 4) for t, m in zip(targets, best["moments"], strict=True)},
        targets={t.id: float(t.value or 0) for t in targets}, trials=done, seed=TRIAL_SEED,
        model_version=MODEL_VERSION, depends_on=evidence_hash(scenario, free),
    )


def write_proof(fit: Fit, folder: Path) -> Path:
    """Write a fit as JSON into the folder of proofs, whole or not at all; return its path."""
    from vsim.kernels.build import write_whole

    path = folder / f"calibration-{fit.preset}.json"
    write_whole(path, json.dumps(asdict(fit), indent=2, sort_keys=True) + "\n")
    return path
