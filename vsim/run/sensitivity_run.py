"""Sensitivity of a scenario, or of a policy's effect: the simulator behind the indices, with common lucks.

An output is a level in one world or, with a pilot, the difference of twin worlds: what a policy changes may hang on
other numbers than the level does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import UsageError, did_you_mean, listing
from vsim.kernels.build import write_whole
from vsim.run.match_model import Model, units
from vsim.run.match_space import Space, around, free_cards, space_of
from vsim.run.run import MODEL_VERSION
from vsim.run.sensitivity import SETS, Float, Index, Indices, Int, sobol
from vsim.run.sensitivity_screen import Move, chosen, morris
from vsim.run.store import Store
from vsim.spec.plain_yaml import one_line
from vsim.spec.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

STEMS = ("participation", "choice", "registration", "retention", "service")     # whose cards are looked at by default
SPAN = 0.25                   # of a card's range, to both sides of the scenario's value
FILE = "sensitivity.json"
TWINS = ("world", "start", "weeks", "warmup_weeks")
Told = Callable[[str, int, int], None]    # part, points done, points in all


@dataclass(frozen=True)
class Asked:
    """What a sensitivity analysis is a function of.

    Attributes
    ----------
    scenario : Scenario
    pilot : Scenario or None
        With one, the output is the effect of its policies.
    output : str
        A moment or an indicator.
    space : Space
    points : int
        Base sample of the indices.
    trajectories : int
        Of the screening; 0 leaves it out.
    most : int
        Parameters that go on from the screening, at most.
    replicates : int
        Lucks of a set; the output is their mean.
    seed : int
    """

    scenario: Scenario
    pilot: Scenario | None
    output: str
    space: Space
    points: int = 64
    trajectories: int = 10
    most: int = 6
    replicates: int = 2
    seed: int = 1

    def __post_init__(self) -> None:
        known = units()
        if self.output not in known:
            raise UsageError(f"sensitivity: output is '{one_line(self.output)}'; allowed moments and indicators such "
                             f"as {listing(known, 6)}.{did_you_mean(self.output, known)}")
        if self.replicates < 1:
            raise UsageError(f"sensitivity: replicates is {self.replicates}; allowed 1 or more.")
        for name in TWINS if self.pilot is not None else ():
            if getattr(self.scenario, name) != getattr(self.pilot, name):
                raise UsageError(f"sensitivity: {name} differs between '{self.scenario.name}' and its pilot; twin "
                                 "worlds share world and calendar. Write the pilot with `extends`.")
        if self.pilot is not None and self.pilot.canonical() == self.scenario.canonical():
            raise UsageError("sensitivity: the pilot is the scenario itself, so its effect is 0 everywhere. Name one "
                             "with a policy.")


    @property
    def most_points(self) -> tuple[int, int]:
        """Points of the screening, and of the indices at most; each is run under every luck of its set, in each arm."""
        sides = len(self.space.keys)
        goes = min(sides, self.most) if self.trajectories else sides
        return self.trajectories * (sides + 2), self.points * (goes + 3)


@dataclass(frozen=True)
class Found:
    """A sensitivity analysis: the moves of the screening (none without one), and the indices of what went on."""

    asked: Asked
    moves: list[Move]
    indices: Indices
    runs: int

    @property
    def verdict(self) -> str:
        """One of "settled", "not settled", or "noise" where no parameter lies above the index of luck."""
        return "noise" if not self.indices.above() else "settled" if self.indices.settled else "not settled"

    def table(self) -> pd.DataFrame:
        """Return a row for each number of points and parameter, with both indices and their intervals."""
        import pandas as pd

        return pd.DataFrame([{"points": points, **asdict(one)}
                             for points, rows in self.indices.steps.items() for one in rows])

    def screened(self) -> pd.DataFrame:
        """Return a row for each parameter of the screening."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.moves])


def names_of(words: Sequence[str], scenario: Scenario, span: float = SPAN,
             within: Mapping[str, tuple[float, float]] | None = None) -> Space:
    """Return the space of parameters: keys, keys with ends, or stems that stand for all their cards.

    Parameters
    ----------
    words : sequence of str
        None for the stems that people's behaviour hangs on.
    scenario : Scenario
        Its values are the middle of the ranges.
    span : float
        Share of a card's range to both sides.
    within : mapping of str to (low, high), optional
        Ends in place of those, such as the intervals of a matching.

    Raises
    ------
    UsageError
        As for `vsim.run.match_space.space_of`.
    """
    if not 0 < span <= 1:
        raise UsageError(f"sensitivity: span is {span}; allowed a share of a card's range, above 0 to 1.")
    cards = free_cards()
    keys: list[str] = []
    for word in words or STEMS:
        stem = [key for key in cards if key.partition(".")[0] == word.strip()]
        keys += stem or [word]
    plain = [key for key in keys if key in cards]
    return space_of(list(dict.fromkeys(keys)), {**around(scenario, plain, span), **(within or {})})


def intervals(folder: Path) -> dict[str, tuple[float, float]]:
    """Return the 90 % intervals of a matching that was written to a folder, by parameter.

    Raises
    ------
    UsageError
        When the folder holds none.
    """
    import pandas as pd

    path = folder / "parameters.csv"
    try:
        rows = pd.read_csv(path).to_dict("records")
        return {str(row["parameter"]): (float(row["low"]), float(row["high"])) for row in rows}
    except (OSError, ValueError, KeyError):
        raise UsageError(f"sensitivity: {path} holds no intervals; allowed the folder of a matching (`vsim run match "
                         "--out`) that left some settings.") from None


def analyse(asked: Asked, *, store: Store | None = None, threads: int | None = None,
            progress: Told | None = None) -> Found:
    """Screen the parameters, then work out the indices of those that matter.

    Parameters
    ----------
    asked : Asked
    store : Store, optional
        Where runs are kept; what it holds is not run again.
    threads : int, optional
        Points run side by side; the values do not depend on it.
    progress : callable, optional
        Called with (part, points done, points in all); the parts are "screening" and "indices".

    Raises
    ------
    UsageError
        When it cannot be carried out as it was asked for.
    VsimError
        When the output never moves, or is not there to be measured.
    """
    model = Model(asked.scenario, (asked.output,), asked.seed, pilot=asked.pilot, store=store, threads=threads)
    moves: list[Move] = []
    space = asked.space
    if asked.trajectories:
        moves = morris(space.keys, _answer(model, space, asked, "screening", progress),
                       trajectories=asked.trajectories, seed=asked.seed)
        kept = [place for place, key in enumerate(space.keys) if key in chosen(moves, asked.most)]
        space = Space(tuple(space.keys[place] for place in kept), space.low[kept], space.high[kept])
    found = sobol(space.keys, _answer(model, space, asked, "indices", progress), points=asked.points, seed=asked.seed)
    return Found(asked, moves, found, model.runs)


def _answer(
    model: Model, space: Space, asked: Asked, part: str, progress: Told | None
) -> Callable[[Float, Int], Float]:
    def answer(cube: Float, sets: Int) -> Float:
        lucks = [range(int(one) * asked.replicates, (int(one) + 1) * asked.replicates) for one in sets]
        told = None if progress is None else (lambda done, total: progress(part, done, total))
        return np.asarray(model(space.points(cube), lucks, told)[:, :, 0])

    return answer


def report(found: Found) -> dict[str, Any]:
    """Return an analysis as plain values."""
    asked, indices = found.asked, found.indices

    def plain(one: Index | Move) -> dict[str, Any]:
        return asdict(one)

    return {
        "model_version": MODEL_VERSION, "scenario": asked.scenario.hash,
        "pilot": None if asked.pilot is None else asked.pilot.hash, "output": asked.output,
        "unit": units()[asked.output], "effect": asked.pilot is not None, "points": asked.points,
        "replicates": asked.replicates, "sets_of_lucks": SETS, "seed": asked.seed, "runs": found.runs,
        "ranges": {key: [float(low), float(high)] for key, low, high in
                   zip(asked.space.keys, asked.space.low, asked.space.high, strict=True)},
        "screening": [plain(one) for one in found.moves],
        "indices": {str(points): [plain(one) for one in rows] for points, rows in indices.steps.items()},
        "mean": indices.mean, "sd": indices.sd, "noise_floor": indices.floor,
        "noise_share": indices.noise if asked.replicates > 1 else None,
        "above_noise": indices.above(), "verdict": found.verdict,
        "doubtful": [list(one) for one in indices.doubtful], "lost": indices.lost,
        "by_luck": [dict(zip(indices.names, row, strict=True)) for row in indices.lucks.tolist()],
    }


def write(found: Found, folder: Path) -> Path:
    """Write indices.csv, screening.csv where there was one, and sensitivity.json, which is written last."""
    write_whole(folder / "indices.csv", found.table().to_csv(index=False, lineterminator="\n"))
    if found.moves:
        write_whole(folder / "screening.csv", found.screened().to_csv(index=False, lineterminator="\n"))
    write_whole(folder / FILE, json.dumps(report(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return folder
