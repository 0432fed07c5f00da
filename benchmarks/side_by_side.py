"""The reduced model in vsim and in its peers, in paired rounds: headline, other shares, and width.

Each round runs every contender of a case once, one after the other, each in a process of its own and on one thread, so
that a busy machine slows all of them.
"""

from __future__ import annotations

import statistics
import tempfile
from typing import Any

import numpy as np

from benchmarks import summary
from benchmarks.children import child, note
from benchmarks.environments import Environment, environment
from benchmarks.reduced import SHARE, WEEKS
from benchmarks.worker import CONTENDERS, VSIM

HEADLINE = 100_000            # agents, for all that can hold them
LARGE = 1_000_000
LIMIT = 4.0                   # largest |z| of a total; of a hundred figures one would pass it by chance once in 160
EXACT_AT = 3_001              # agents in the comparison with the plain integer form
IN_VSIM = ("dense", "coupled", "lazy")
TARGETS = {                   # at SHARE: form of vsim, peer, agents, times its agent-weeks per CPU second
    "lazy": (("mesa", HEADLINE, 1000), ("starsim", LARGE, 25), ("numpy", LARGE, 10), ("numpy", HEADLINE, 10)),
    "coupled": (("mesa", HEADLINE, 500), ("starsim", LARGE, 15), ("numpy", LARGE, 6), ("numpy", HEADLINE, 6)),
}
MOST = 500                    # repeats of a process
Plan = tuple[tuple[float, int, int, tuple[str, ...]], ...]         # weekly share, agents, rounds, contenders
BOTH = ("starsim", "numpy", *IN_VSIM)
HEAD: Plan = (
    (SHARE, HEADLINE, 5, ("mesa", *BOTH)), (SHARE, LARGE, 5, BOTH),
    (0.002, HEADLINE, 2, ("mesa", *BOTH)), (0.029, HEADLINE, 2, ("mesa", *BOTH)),
    (0.002, LARGE, 2, BOTH), (0.029, LARGE, 2, BOTH),
)
ARRAYS = ("starsim", "polars", "numpy", *IN_VSIM)
WIDTH: Plan = (
    (SHARE, 10_000, 3, ("mesa", "agentpy", *ARRAYS)), (SHARE, 100_000, 2, ("mesa", "agentpy", *ARRAYS)),
    (SHARE, 1_000_000, 2, ARRAYS), (SHARE, 10_000_000, 2, ARRAYS),
)
QUICK: Plan = ((SHARE, 2_000, 2, ("mesa", "lazy")),)
FILL = {"mesa": 0, "agentpy": 0, "starsim": 400_000, "polars": 400_000, "numpy": 1_000_000, "dense": 4_000_000,
        "coupled": 10_000_000, "lazy": 10_000_000}                  # agents in all repeats of a process


def measure(plan: Plan, fresh: bool = True) -> dict[str, Any]:
    """Run a plan; with `fresh` the first process of a form compiles from nothing, so that it is seen once."""
    homes: dict[str, Environment] = {}
    out: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as folder:
        for share, n, times, names in plan:
            for number in range(times):
                for name in names:
                    home = homes.setdefault(name, Environment("") if name in (*VSIM, "numpy") else environment(name))
                    if home.python is None:
                        continue
                    note(f"  {share:.1%} a week, {n:,} agents, round {number + 1} of {times}: {name}")
                    words = (name, n, 10_000 * (number + 1), min(MOST, max(1, FILL[name] // n)), share)
                    python = {"python": home.python} if home.python else {}
                    extra = {"VSIM_CACHE": folder} if fresh else {}
                    out.append(child("benchmarks.worker", *words, environment=extra, **python))
    note("")
    missing = {name: home.reason for name, home in homes.items() if home.python is None}
    pins = {name: home.pin for name, home in homes.items() if home.pin}
    return {"measurements": out, "missing": missing, "pins": pins, "plain_equal": equals_plain_form()}


def equals_plain_form() -> bool:
    """Return whether the compiled forms equal the plain integer NumPy form in every reported integer."""
    from benchmarks import reduced_plain, reduced_vsim

    plain = reduced_plain.simulate(EXACT_AT, 1)[:4]
    return all(
        np.array_equal(a, b) for form in reduced_vsim.FORMS
        for a, b in zip(plain, reduced_vsim.simulate(EXACT_AT, 1, form=form)[:4], strict=True)
    )


def problems(found: dict[str, Any]) -> list[str]:
    """Return what is wrong with the figures: peers that are missing, totals that disagree, forms that differ."""
    measured = found["measurements"]
    out = [f"{CONTENDERS[name]} is missing: {reason}" for name, reason in found["missing"].items()]
    others = {(m["contender"], summary.case_of(m)) for m in measured if m["contender"] != summary.OURS}
    for name, case in sorted(others):
        for quantity, seen in summary.agreement(measured, name, case).items():
            if abs(seen["z"]) > LIMIT:
                out.append(f"{name} at {case[0]:.1%}, {case[1]:,} agents: {quantity} differ from vsim's, "
                           f"z = {seen['z']:.1f}")
    same, every = summary.equal_runs(measured)
    if same != every or not found["plain_equal"]:
        out.append("the compiled forms of the one model differ from each other or from plain NumPy")
    return out


def verdicts(measured: list[dict[str, Any]]) -> list[tuple[str, float, int]]:
    """Return each target that these rounds can judge: words, the median ratio reached, the target."""
    out = []
    for form, targets in TARGETS.items():
        for peer, n, target in targets:
            case = (SHARE, n)
            if not summary.pick(measured, peer, case) or not summary.pick(measured, form, case):
                continue
            whole = summary.ratios(measured, form, case, peer)
            weeks = statistics.median(summary.ratios(measured, form, case, peer, "weeks_cpu"))
            words = (f"{CONTENDERS[form]}: {summary.times(whole)} times {peer} at {n:,} agents; "
                     f"{weeks:,.0f} times its weeks alone")
            out.append((words, statistics.median(whole), target))
    return out


def head_problems(found: dict[str, Any]) -> list[str]:
    """Return what is wrong, targets that are missed among it."""
    short = [f"target {target} missed: {words}" for words, reached, target in verdicts(found["measurements"])
             if reached < target]
    return problems(found) + short


def lines(found: dict[str, Any]) -> list[str]:
    """Return the tables as text."""
    measured = found["measurements"]
    same, every = summary.equal_runs(measured)
    equal = "equal" if found["plain_equal"] else "DIFFERENT"
    return [
        f"Reduced model, {WEEKS} weeks, one thread; peers: {', '.join(found['pins'].values()) or 'none'}.",
        summary.speed_table(measured),
        "Rates and ratios: median (least - most) of the rounds. A run makes its population and simulates it. Warm-up",
        "(in the first round: compiling from nothing) is not in the rates. run B/agent: growth of resident memory.",
        *(f"{name}: MISSING, {reason}" for name, reason in found["missing"].items()),
        "", "Totals, mean of the runs (z of the difference from vsim's):", summary.agreement_table(measured),
        (f"Forms of vsim under one seed: equal totals in {same} of {every} pairs; all and plain integer NumPy at "
        f"{EXACT_AT:,} agents: {equal}."),
    ]


def head_lines(found: dict[str, Any]) -> list[str]:
    """Return the tables as text, and how the targets were met."""
    judged = [f"{'met   ' if reached >= target else 'MISSED'} {target:>5,}: {words}"
              for words, reached, target in verdicts(found["measurements"])]
    return [*lines(found), "", f"Targets at {SHARE:.0%} a week, ratios of paired rounds:", *judged]
