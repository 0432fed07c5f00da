"""An ensemble of structures: each is fitted to the same targets, and a policy's effect is told across all of them.

The spread of service over people does not say which mechanism made it: a model without habit, or without differences
of taste, fits about as well. What holds in every structure may be said; what changes sign may not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.run.calibrate import TRIAL_SEED, Fit, evidence_hash, free_of, search
from vsim.run.compare import compare
from vsim.run.run import MODEL_VERSION
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.structures import Structure, load_structures, structure
from vsim.spec.targets import targets_for

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Member:
    """One structure of an ensemble with its fit."""

    structure: str
    fit: Fit

    @property
    def misses(self) -> list[str]:
        """The targets whose fitted moment lies outside their range: printed, never hidden."""
        return [t.id for t in targets_for(self.fit.preset, "fit") if not t.holds(self.fit.moments[t.id])]


def switched(preset: Scenario, what: Structure) -> Scenario:
    """Return a preset with the mechanism of a structure switched off."""
    return preset.with_values(what.off)


def fit_structure(
    preset: str, name: str, *, trials: int = 80, threads: int | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Member:
    """Return one structure fitted to the targets of a preset, its other parameters kept.

    The search begins at the numbers of the preset; those of the mechanism that is off are left out of it.
    """
    what = structure(name)
    carried = load_scenario(preset)
    scenario = switched(carried, what)
    left = what.left(free_of(preset))
    free = {key: (suggested, carried.values[key]) for key, (suggested, _) in left.items()}
    targets = targets_for(preset, "fit")
    best = search(scenario, free, targets, trials, method="slopes", threads=threads, progress=progress)
    return Member(name, Fit(
        preset=preset, parameters={k: round(float(v), 3) for k, v in zip(free, best.point, strict=True)},
        loss=round(best.loss, 4),
        moments={t.id: round(float(m), 4) for t, m in zip(targets, best.moments, strict=True)},
        targets={t.id: float(t.value or 0) for t in targets}, trials=best.trials, seed=TRIAL_SEED,
        model_version=MODEL_VERSION, depends_on=evidence_hash(scenario, free),
    ))


def fitted(member: Member) -> Scenario:
    """Return the scenario of a fitted structure."""
    return switched(load_scenario(member.fit.preset), structure(member.structure)).with_values(member.fit.parameters)


def is_fresh(member: Member) -> bool:
    """Return whether a fit rests on what is there today: scenario, targets, model version, free parameters."""
    what = structure(member.structure)
    scenario = switched(load_scenario(member.fit.preset), what)
    return member.fit.depends_on == evidence_hash(scenario, list(what.left(free_of(member.fit.preset))))


def proof_path(preset: str, folder: Path) -> Path:
    """Return where the fits of an ensemble are kept."""
    return folder / f"ensemble-{preset}.json"


def write_proof(preset: str, members: Sequence[Member], folder: Path) -> Path:
    """Write the fits of an ensemble as JSON, whole or not at all; return the path."""
    from vsim.kernels.build import write_whole

    path = proof_path(preset, folder)
    rows = {member.structure: asdict(member.fit) for member in members}
    write_whole(path, json.dumps({"preset": preset, "structures": rows}, indent=2, sort_keys=True) + "\n")
    return path


def read_proof(preset: str, folder: Path) -> list[Member]:
    """Return the fits that are kept, in the order of `vsim/structures.yaml`; none when there is no file."""
    path = proof_path(preset, folder)
    if not path.is_file():
        return []
    try:
        rows: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["structures"]
        return [Member(name, Fit(**rows[name])) for name in load_structures() if name in rows]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(f"{path}: is no file of an ensemble. Run `vsim run ensemble {preset} --refit`.") from None


def with_policy(scenario: Scenario, policy: str) -> Scenario:
    """Return a scenario under a policy: a lever by name at the values of its cards, or the policies of a scenario.

    Raises
    ------
    UsageError
        When nothing has this name.
    """
    from vsim.levers import BY_NAME

    if policy in BY_NAME:
        return scenario.with_levers(BY_NAME[policy]())
    try:
        policies: list[Policy] = load_scenario(policy).policies
    except UsageError:
        if "/" in policy or "." in policy:
            raise
        raise UsageError(f"ensemble: policy is '{policy}'; allowed a lever such as {listing(BY_NAME, 5)}, or a "
                         f"scenario with policies.{did_you_mean(policy, BY_NAME)}") from None
    if not policies:
        raise UsageError(f"ensemble: scenario '{policy}' has no policies; allowed one with policies, or a lever.")
    return scenario.with_levers(*policies)


def effects(
    members: Iterable[Member], policy: str, keys: Sequence[str], *, replicates: int = 5, seed: int = 1,
    threads: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return the effect of a policy in every structure: a row for each indicator and structure.

    Parameters
    ----------
    members : iterable of Member
    policy : str
        As for `with_policy`.
    keys : sequence of str
        Indicators.
    """
    import pandas as pd

    chosen = list(members)
    parts = []
    for place, member in enumerate(chosen):
        base = fitted(member)
        study = compare(base, with_policy(base, policy), replicates=replicates, seed=seed, threads=threads)
        parts.append(study.effects(keys).assign(structure=member.structure, misses=" ".join(member.misses)))
        if progress is not None:
            progress(place + 1, len(chosen))
    return pd.concat(parts, ignore_index=True)


def signs(table: pd.DataFrame) -> list[str]:
    """Return what the Monte Carlo interval of each row says: "up", "down", or "open" where it holds zero."""
    return ["up" if low > 0 else "down" if high < 0 else "open"
            for low, high in zip(table["low"], table["high"], strict=True)]


def across(table: pd.DataFrame) -> pd.DataFrame:
    """Return what the structures say together: range of the effect, and how many agree on its sign.

    `up` and `down` count structures whose Monte Carlo interval lies above or below zero; `agree` says that all of them
    lie on one side.
    """
    import pandas as pd

    rows = []
    for key, part in table.groupby("indicator", sort=False):
        up, down, n = int((part["low"] > 0).sum()), int((part["high"] < 0).sum()), len(part)
        order = part.sort_values("value", kind="stable")["structure"].tolist()
        rows.append({
            "indicator": key, "label": part["label"].iloc[0], "unit": part["unit"].iloc[0],
            "whole_model": float(part["value"].iloc[0]), "lowest": float(part["value"].min()),
            "lowest_in": order[0], "highest": float(part["value"].max()),
            "highest_in": order[-1], "up": up, "down": down, "structures": n,
            "agree": n in (up, down),
        })
    return pd.DataFrame(rows)
