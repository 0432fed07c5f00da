"""A study of a small town from which policies are to be chosen, for the tests of choosing."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from tests.cli.small import write_town
from vsim.evaluate.indicators import indicator
from vsim.levers import BY_NAME
from vsim.run.policy_seen import Luck
from vsim.run.run import Run
from vsim.spec.design_study import Loaded, load_study
from vsim.spec.policy import Policy

GATE = "{lever: training_gate, start_week: 4, values: {gated_share: 0.3, seats: 20, uptake: 0.2}}"
SHIFTS = "{lever: shifts, start_week: 2, values: {overbook: 1.3, stand_in: 0.8, reminder: 1}}"
LOW = "{lever: stars, values: {thresholds: [1, 2, 3, 4, 5]}}"
LATE = "{lever: stars, start_week: 6, values: {thresholds: [1, 3, 9, 27, 81]}}"
STUDY = f"""question: Which policies are worth their cost?
base: town.yaml
arms:
  gate: {{policies: [{GATE}]}}
  shifts: {{policies: [{SHIFTS}]}}
  low: {{policies: [{LOW}]}}
  late: {{policies: [{LATE}]}}
outcomes: [hours_per_registered]
weeks: [4, 20]
budget: {{yuan: 9000}}
"""
SEATS = """design:
  method: lhs
  points: 2
  factors:
    training_gate.seats: {low: 1, high: 20, integer: true}
"""
ARMS = ("gate", "shifts", "low", "late")
LUCKS: list[Luck] = [(1, 0), (1, 1)]
RECORDS = """question: Is what is recorded what happens?
base: quiet.yaml
arms:
  code: {policies: [{lever: records, values: {code: 1.0, verified: 0.0}}]}
outcomes: [recorded_hours_per_registered, hours_per_registered]
budget: {yuan: 1000}
"""


def study(folder: Path, text: str = STUDY) -> Loaded:
    """Return a study of the small town, written to a folder."""
    base, _ = write_town(folder)
    lines = base.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "quiet.yaml").write_text("".join(line for line in lines[: lines.index("policies:\n")]), encoding="utf-8")
    path = folder / "choice.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path, indicator)


def by_hand(some: tuple[str, ...], loaded: Loaded) -> list[Policy]:
    """Return the policies of a mix, written out: a ladder from week 0 takes the place of the base's."""
    stars, points = loaded.arms["base"].policies
    own = {name: loaded.arms[name].policies[-1] for name in ARMS}
    kept = [points] if "low" in some else [stars, points]
    return [*kept, *(own[name] for name in ARMS if name in some)]


def every() -> list[tuple[str, ...]]:
    """Return every set of arms that may be combined: at most one of the two ladders."""
    sets = [tuple(name for name, on in zip(ARMS, mask, strict=True) if on)
            for mask in product([False, True], repeat=len(ARMS))]
    return [some for some in sets if not {"low", "late"} <= set(some)]


def price(run: Run) -> float:
    """Return what the policies of a run of the town cost, from sums of its weekly table."""
    weekly, total = run.weekly("district"), 0.0
    for policy in run.settled.policies:
        here = weekly[weekly["district"].isin(policy.districts) & weekly["week"].between(
            policy.start_week, policy.end_week - 1)]
        counted = {name: float(here[name].sum()) for name in ("stars", "points_spent", "course_seats", "placed")}
        total += BY_NAME[policy.lever].cost(policy.values, counted)
    return total
