"""The best mix of a study's policies under a budget: searched, told under fresh lucks, tried in rival structures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import UsageError
from vsim.evaluate.indicators import indicator
from vsim.evaluate.robust import Robust, robust
from vsim.run.ensemble import Member, switched
from vsim.run.policy_measured import EQUITY
from vsim.run.policy_methods import Method
from vsim.run.policy_search import Chosen, search
from vsim.run.policy_seen import Luck
from vsim.run.policy_world import World, mix_words
from vsim.run.run import MODEL_VERSION
from vsim.spec.design_study import Loaded, load_study
from vsim.spec.scenario import Scenario, find_scenario, scenario_names
from vsim.spec.structures import structure

if TYPE_CHECKING:
    import pandas as pd

FRESH = 1_000_003             # added to the seed of the search for the lucks of what is told


@dataclass(frozen=True)
class Choice:
    """What is recommended for a study.

    Attributes
    ----------
    study, target, unit : str
    less : bool
        Whether less of the target is better.
    chosen : Chosen
    robust : Robust or None
        The finalists and baselines in rival structures of the model; None when there are none.
    structures : tuple of str
    scenario : Scenario
        The base with the chosen mix.
    base : str
        Name or path of the base.
    provenance : mapping
        Hashes, seeds and version that the same answer follows from.
    """

    study: str
    target: str
    unit: str
    less: bool
    chosen: Chosen
    robust: Robust | None
    structures: tuple[str, ...]
    scenario: Scenario
    base: str
    provenance: Mapping[str, Any]

    def equity(self) -> list[dict[str, Any]]:
        """Return how evenly service is spread without and with the mix, under fresh lucks: key, base, mix, change."""
        pairs, changes = self.chosen.fresh[self.chosen.mix].watched, dict(self.chosen.goodhart.watched)
        return [{"key": key, "base": float(pairs[key][0][0].mean()), "mix": float(pairs[key][0][1].mean()),
                 "change": changes[key]} for key in EQUITY if key in pairs]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        one = self.chosen
        add = one.additivity
        return {
            "study": self.study, "target": self.target, "less_is_better": self.less, "mix": mix_words(one.mix),
            "gain": one.value.to_dict(), "cost": one.cost.to_dict(), "budget": one.budget, "method": one.method,
            "optimism": one.optimism, "shadow_price": one.shadow_price,
            "goodhart": {"verdict": one.goodhart.verdict, "recorded": one.goodhart.recorded.to_dict(),
                         "true": one.goodhart.true.to_dict(), "gap": one.goodhart.gap.to_dict(),
                         "watched": {key: found.to_dict() for key, found in one.goodhart.watched}},
            "equity": [{**row, "change": row["change"].to_dict()} for row in self.equity()],
            "within_one_se": [mix_words(mix) for mix in one.within_one_se],
            "passed_over": [mix_words(mix) for mix in one.passed_over],
            "additivity": None if add is None else {"total": add.total, "joint": add.joint, "gap": add.gap,
                                                    "low": add.low, "high": add.high, "holds": add.holds},
            "table": _rows(one.table), "tried": _rows(one.tried),
            "robust": None if self.robust is None else {
                "structures": list(self.structures), "choices": self.robust.choices,
                "threshold": self.robust.threshold, "table": self.robust.table.to_dict("records")},
            "provenance": dict(self.provenance),
        }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    return [{**row, "mix": mix_words(row["mix"])} for row in rows]


def choose(
    study: str | Path | Loaded, *, budget: float | None = None, target: str | None = None, less: bool = False,
    trials: int = 40, replicates: int = 6, fresh: int = 12, costed: int | None = None, method: Method = "auto",
    seed: int = 1, members: Sequence[Member] = (), threshold: float = 0.0, threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Choice:
    """Return the mix of a study's arms and settings that gains most under a budget.

    Parameters
    ----------
    study : str, Path or Loaded
        Its arms may be combined, unless they share a lever; factors of its design are settings of their policies.
    budget : float, optional
        Yuan beyond the base; by default that of the study.
    target : str, optional
        Indicator; by default the first outcome of the study.
    less : bool
        Whether less of the target is better.
    trials : int
        Mixes to look at.
    replicates, fresh : int
        Lucks of the search, and others under which the winner is told.
    costed : int, optional
        Lucks under which costs are counted, of each kind; by default all, or two where a lever asks for paperwork.
    method : {"auto", "all", "tpe", "knapsack"}
    seed : int
    members : sequence of Member
        Fitted structures of an ensemble, in each of which finalists and baselines are tried.
    threshold : float
        Gain that is enough, for the share of structures in which a mix satisfies.
    threads : int, optional

    Raises
    ------
    UsageError
        When there is no budget, or the study does not describe a choice.
    """
    loaded = study if isinstance(study, Loaded) else load_study(study, indicator)
    most = budget if budget is not None else loaded.plan.budget.yuan if loaded.plan.budget is not None else None
    if most is None:
        raise UsageError("choose: there is no budget; allowed budget: {yuan: ...} in the study, or --budget.")
    if costed is not None and costed < 1:
        raise UsageError(f"choose: costs are counted under {costed} lucks; allowed 1 or more.")
    key = target or loaded.plan.outcomes[0]
    world = World(loaded, key, less=less, costed=costed, threads=threads)
    source = find_scenario(loaded.plan.base, loaded.folder)
    lucks: list[Luck] = [(seed, r) for r in range(replicates)]
    others: list[Luck] = [(seed + FRESH, r) for r in range(fresh)]
    chosen = search(world.space, world.look, budget=most, trials=trials, lucks=lucks, fresh=others,
                    families=world.families(), method=method, seed=seed, better=-1 if less else 1,
                    unit=indicator(key).unit, level=loaded.plan.level, progress=progress)
    return Choice(
        study=loaded.plan.name, target=key, unit=indicator(key).unit, less=less, chosen=chosen,
        robust=in_structures(world, chosen, members, lucks, threshold) if members else None,
        structures=tuple(member.structure for member in members), scenario=world.scenario(chosen.mix),
        base=loaded.plan.base if loaded.plan.base in scenario_names() else str(source.resolve()),
        provenance={"base": world.base.hash, "arms": {name: one.hash for name, one in loaded.arms.items()},
                    "chosen": world.scenario(chosen.mix).hash, "seed": seed, "fresh_seed": seed + FRESH,
                    "replicates": replicates, "fresh": fresh, "costed": min(world.costed, replicates), "trials": trials,
                    "weeks": [world.weeks.start, world.weeks.stop], "model_version": MODEL_VERSION},
    )


def in_structures(world: World, chosen: Chosen, members: Sequence[Member], lucks: Sequence[Luck],
                  threshold: float) -> Robust:
    """Return what the finalists and baselines of a search come to in rival structures of the model.

    The numbers that were fitted for a structure are laid over those of the study's base.
    """
    mixes = list(chosen.fresh)
    values, allowed = np.zeros((len(mixes), len(members))), np.zeros((len(mixes), len(members)), dtype=np.bool_)
    for column, member in enumerate(members):
        base = switched(world.base, structure(member.structure)).with_values(member.fit.parameters)
        other = world.in_world(base)
        for row, mix in enumerate(mixes):
            seen = other.look(mix, lucks)
            values[row, column], allowed[row, column] = seen.mean_value, seen.within(chosen.budget)
    return robust(values, [name_of(mix) for mix in mixes], threshold=threshold, allowed=allowed)


def name_of(mix: object) -> str:
    """Return a mix in a line.

    >>> name_of((("gate", True), ("training_gate.seats", 4.0)))
    'gate, training_gate.seats=4'
    """
    words = mix_words(mix)
    said = [name if value is True else f"{name}={value:.4g}" if isinstance(value, int | float) else f"{name}={value}"
            for name, value in words.items()]
    return ", ".join(said) or "nothing"
