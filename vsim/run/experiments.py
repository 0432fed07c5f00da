"""Published experiments in silico: the coefficient that gives each effect, and whether the model then lies inside.

Indirect inference, one coefficient for each experiment. The control arm is set to the published base rate; then the
coefficient is solved for at which the simulated effect is the published one, and at the ends of the published interval.
The effect is measured again under a luck that took no part in the search, there and at the default of the card.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.kernels.build import kernels, write_whole
from vsim.run.run import MODEL_VERSION, default_threads
from vsim.run.trials.awards import Newcomers, Stay, Veterans
from vsim.run.trials.bench import Bench
from vsim.run.trials.kinds import Trial
from vsim.run.trials.ladders import Stamps
from vsim.run.trials.mandates import Mandate
from vsim.run.trials.peers import Pairs
from vsim.run.trials.places import OneSpot
from vsim.run.trials.rates import Rates
from vsim.run.trials.solve import Root, bracket, meet
from vsim.spec.cards import load_cards
from vsim.spec.experiments import Experiment, load_experiments

Float = NDArray[np.float64]
SEARCH_SEED, CHECK_SEED = 20240412, 1     # the luck of the search, and the one by which its result is looked at
KINDS: dict[str, type[Trial]] = {
    "rates": Rates, "newcomers": Newcomers, "veterans": Veterans, "stay": Stay, "stamps": Stamps, "mandate": Mandate,
    "pairs": Pairs, "one_spot": OneSpot,
}
FAR = 8.0                     # logits of taste to either side in which a base rate is looked for
NEAR = 0.001                  # a base rate as near as this is met
DIGITS = 3                    # of a coefficient
WORDS = frozenset({"label", "source", "how", "note", "base_source", "target"})   # of a row: no number follows from them


@dataclass(frozen=True, slots=True)
class Result:
    """What one experiment found.

    Attributes
    ----------
    id : str
    coefficient, low, high : float
        At the published effect and at the ends of its interval, in the order of the coefficient.
    reached : tuple of bool
        Whether effect and both ends were met inside the search; where not, the number is an end of the search.
    coefficient_se : float or None
        How far the simulated effect's error reaches in the coefficient.
    default : float or None
        Of the card, with whether the coefficient and the default lie inside the card's range and the interval.
    base, effect, se : float
        Simulated at the coefficient, under a luck of its own.
    inside : bool
        Whether that effect lies in the published interval.
    default_effect, default_se : float or None
        Simulated at the card's default.
    knob : float
        What met the base rate.
    depends_on : str
        Hash of the row, the world, the default of the card and the model version.
    """

    id: str
    card: str
    coefficient: float
    low: float
    high: float
    reached: tuple[bool, bool, bool]
    coefficient_se: float | None
    in_card: bool | None
    default: float | None
    default_in_interval: bool | None
    base: float | None
    effect: float
    se: float
    inside: bool
    default_effect: float | None
    default_se: float | None
    default_inside: bool | None
    knob: float
    model_version: str
    depends_on: str


def depends_on(row: Experiment) -> str:
    """Return the hash of what a result follows from: the row but for its words, the card, the model version."""
    card = load_cards().get(row.card)
    told = {name: value for name, value in asdict(row).items() if name not in WORDS}
    text = [told, None if card is None else [card.default, card.low, card.high], MODEL_VERSION]
    return hashlib.sha256(json.dumps(text, sort_keys=True, default=str).encode()).hexdigest()


def trial(row: Experiment, seed: int) -> Trial:
    """Return the trial of an experiment under a luck."""
    if row.trial not in KINDS:
        raise UsageError(f"experiment {row.id}: trial is '{row.trial}'; allowed {', '.join(KINDS)}.")
    return KINDS[row.trial](Bench(row, seed))


def set_base(made: Trial, x: float, near: float = 0.0) -> float:
    """Return the setting of the knob at which the control arm has the published base rate.

    `near` is where the search begins; for a knob that is a card the search begins at its default.
    """
    row = made.bench.row
    if row.base is None:
        return 0.0
    card = load_cards().get(row.knob)
    low, high = (-FAR, FAR) if card is None else (card.low, card.high)
    start = float(card.default) if card is not None and near == 0.0 else near  # type: ignore[arg-type]
    seen: dict[float, float] = {}

    def base(knob: float) -> float:
        if knob not in seen:
            seen[knob] = made.base(knob, x)
        return seen[knob]

    one, other = bracket(base, row.base, start, low, high)
    found = meet(base, row.base, one, other, close=NEAR, step=1 / 1024)
    if not found.met:
        raise UsageError(f"experiment {row.id}: base is {row.base:g}; {row.knob} from {low:g} to {high:g} does not "
                         f"reach it (nearest {found.y:.3f}). Change the row.")
    return found.x


class Curve:
    """The simulated effect by coefficient under one luck, each coefficient tried once."""

    def __init__(self, row: Experiment, seed: int, near: float = 0.0) -> None:
        self.made, self.near = trial(row, seed), near
        self.fixed: float | None = None
        self.seen: dict[float, Float] = {}

    def knob(self, x: float) -> float:
        """Return the knob that goes with a coefficient; one for all, unless the coefficient moves the control arm."""
        if self.made.base_moves or self.fixed is None:
            self.fixed = set_base(self.made, x, self.near if self.fixed is None else self.fixed)
        return self.fixed

    def draws(self, x: float) -> Float:
        """Return the effect of a coefficient, one for each replicate."""
        if x not in self.seen:
            self.seen[x] = self.made.effects(x, self.knob(x))
        return self.seen[x]

    def mean(self, x: float) -> float:
        """Return the mean effect of a coefficient."""
        return float(self.draws(x).mean())

    def measured(self, x: float) -> tuple[float, float]:
        """Return the mean effect of a coefficient and its Monte Carlo error."""
        draws = self.draws(x)
        return float(draws.mean()), float(draws.std(ddof=1) / np.sqrt(draws.size)) if draws.size > 1 else float("nan")


def solve(row: Experiment, seed: int = SEARCH_SEED) -> tuple[list[Root], float, float]:
    """Return where the effect and the ends of its interval are met, the slope there, and the knob."""
    found = Curve(row, seed)
    close, step = 0.1 * 10.0**-row.digits, 0.5 * 10.0**-DIGITS
    roots = []
    for value in (row.effect, row.low, row.high):
        low, high = around({x: float(draws.mean()) for x, draws in found.seen.items()}, value, row.search)
        roots.append(meet(found.mean, value, low, high, close=close, step=step))
    width = (row.search[1] - row.search[0]) / 16
    one, other = (min(max(roots[0].x + part, row.search[0]), row.search[1]) for part in (-width, width))
    slope = (found.mean(other) - found.mean(one)) / (other - one)
    return roots, slope, found.knob(roots[0].x)


def around(seen: dict[float, float], value: float, search: tuple[float, float]) -> tuple[float, float]:
    """Return the narrowest two points already tried between which a curve passes a value; else the whole search.

    >>> around({0.0: 0.0, 1.0: 4.0, 2.0: 9.0}, 5.0, (0.0, 2.0))
    (1.0, 2.0)
    """
    known = sorted(seen)
    for a, b in pairwise(known):
        if (seen[a] - value) * (seen[b] - value) <= 0:
            return a, b
    return search


def run_experiment(row: Experiment) -> Result:
    """Return what one experiment finds."""
    (middle, one, other), slope, near = solve(row)
    x = round(middle.x, DIGITS)
    check = Curve(row, CHECK_SEED, near)
    effect, se = check.measured(x)
    knob = check.knob(x)
    base = None if row.base is None else check.made.base(knob, x)
    card = load_cards().get(row.card)
    default = None if card is None else float(card.default)  # type: ignore[arg-type]
    told = None if default is None else check.measured(default)
    ends = sorted((one, other), key=lambda root: root.x)
    return Result(
        id=row.id, card=row.card, coefficient=x, low=round(ends[0].x, DIGITS), high=round(ends[1].x, DIGITS),
        reached=(middle.met, ends[0].met, ends[1].met), coefficient_se=abs(se / slope) if slope else None,
        in_card=None if card is None else card.low <= x <= card.high, default=default,
        default_in_interval=None if default is None else ends[0].x <= default <= ends[1].x, base=base, effect=effect,
        se=se, inside=row.holds(effect), default_effect=told and told[0], default_se=told and told[1],
        default_inside=told and row.holds(told[0]), knob=round(knob, 4),
        model_version=MODEL_VERSION, depends_on=depends_on(row),
    )


def run_experiments(
    names: Sequence[str] | None = None, *, threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """Return what the experiments find, all of them or those named, in the order of the file.

    Parameters
    ----------
    threads : int, optional
        Experiments run side by side; the values do not depend on it. Default: the processors available.
    progress : callable, optional
        Called with (experiments done, experiments in all).
    """
    rows = [row for row in load_experiments().values() if names is None or row.id in names]
    done = 0

    def one(row: Experiment) -> Result:
        nonlocal done
        found = run_experiment(row)
        done += 1
        if progress is not None:
            progress(done, len(rows))
        return found

    kernels()                                                 # compiled once, in this thread
    with ThreadPoolExecutor(max_workers=threads or default_threads()) as pool:
        return list(pool.map(one, rows))


def write_proof(results: Sequence[Result], folder: Path) -> Path:
    """Write results into `experiments.json`, those of other experiments kept; whole or not at all; return the path."""
    path = folder / "experiments.json"
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known |= {result.id: asdict(result) for result in results}
    kept = {name: known[name] for name in load_experiments() if name in known}
    write_whole(path, json.dumps(kept, indent=2) + "\n")
    return path
