"""The tournament: estimators on designs whose assumption holds, and on the same designs when it fails, over many seeds.

The truth of each replication comes from its own twin runs. A named estimator must cover when its assumption holds; when
it fails, the bias must have the sign that the design predicts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vsim.errors import UsageError, VsimError, did_you_mean
from vsim.evaluate.scoring import Score, score
from vsim.run.backend import in_processes
from vsim.run.designs import DESIGNS, Design
from vsim.run.run import default_threads
from vsim.spec.estimate import Estimate

CHUNK = 10                    # seeds of a job
NOMINAL = 0.93                # a named estimator may not cover significantly less than this
SURE = 2.0                    # Monte Carlo errors that a predicted bias must reach
Said = tuple[str, Estimate | None, Estimate]


@dataclass(frozen=True, slots=True)
class Row:
    """How one estimator did on one design with its assumption on or off."""

    design: str
    question: str
    estimator: str
    named: bool
    holds: bool
    unit: str
    sign: int
    score: Score

    @property
    def verdict(self) -> str:
        """What the row shows: "covers", "covers too little", "biased as predicted", "not as predicted", or nothing."""
        if not self.named:
            return "shown"
        if self.holds:
            return "covers too little" if self.score.covers_less_than(NOMINAL) else "covers"
        told = self.score.bias * self.sign > SURE * self.score.bias_se
        return "biased as predicted" if told else "not as predicted"

    @property
    def good(self) -> bool:
        """Whether the row is as the design says it must be."""
        return self.verdict in {"covers", "biased as predicted", "shown"}


def designs_of(names: Sequence[str]) -> list[Design]:
    """Return designs by name, all of them for none; another name is refused with the nearest."""
    for name in names:
        if name not in DESIGNS:
            raise UsageError(f"tournament: design is '{name}'; allowed {', '.join(DESIGNS)}."
                             f"{did_you_mean(name, DESIGNS)}")
    return [DESIGNS[name] for name in names] if names else list(DESIGNS.values())


def replications(job: tuple[str, bool, int, int]) -> list[list[Said]]:
    """Return what the entrants of a design said for some seeds; an error of the library's or ours is a failure."""
    name, holds, first, last = job
    out = []
    for seed in range(first, last):
        drawn = DESIGNS[name].draw(seed, holds)
        said: list[Said] = []
        for entrant in DESIGNS[name].entrants:
            try:
                said.append((entrant.name, entrant.estimate(drawn.frame), drawn.truth))
            except VsimError:
                said.append((entrant.name, None, drawn.truth))
        out.append(said)
    return out


def play(
    names: Sequence[str] = (), seeds: int = 1000, *, jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Run the tournament.

    Parameters
    ----------
    names : sequence of str
        Designs; all by default.
    seeds : int
        Replications, each with its own luck and its own assignment.
    jobs : int, optional
        Processes; the result does not depend on it.
    progress : callable, optional
        Called with (jobs done, jobs in all).
    """
    if seeds < 2:
        raise UsageError(f"tournament: seeds is {seeds}; allowed 2 or more.")
    played = designs_of(names)
    work = [(one.id, holds, first, min(first + CHUNK, seeds + 1))
            for one in played for holds in (True, False) for first in range(1, seeds + 1, CHUNK)]
    parts: dict[int, list[list[Said]]] = {}
    for place, part in in_processes(replications, work, jobs or default_threads()):
        parts[place] = part
        if progress is not None:
            progress(len(parts), len(work))
    rows = []
    for one in played:
        for holds in (True, False):
            said = [reply for place, job in enumerate(work) if job[:2] == (one.id, holds) for reply in parts[place]]
            for number, entrant in enumerate(one.entrants):
                pairs = [(reply[number][1], reply[number][2]) for reply in said]
                rows.append(Row(one.id, one.question, entrant.name, entrant.named, holds, pairs[0][1].unit, one.sign,
                                score(pairs)))
    return rows
