"""Matching of a real week: vsim's rule beside scipy's and OR-tools' optimum of the same instance."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.children import child, note
from benchmarks.environments import environment
from benchmarks.matching_instance import instance
from benchmarks.matching_solvers import LABELS
from benchmarks.summary import grid, span

ROUNDS = 5
PEERS = ("flow", "sparse", "dense")


def measure() -> dict[str, Any]:
    """Return, for a county's week with its seats and with half of them, what each matcher took and reached."""
    home = environment("matching")
    out: dict[str, Any] = {"rows": [], "missing": {} if home.python else {"matching": home.reason}, "pins": home.pin}
    note("  matching: a county is run to an ordinary week")
    week = instance()
    out |= {"residents": week["residents"], "week": week["week"], "persons": int(week["menu"].shape[0]),
            "tasks": int(week["seats"].size)}
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as folder:
        for label, seats in (("all seats", week["seats"]), ("a quarter of the seats", -(-week["seats"] // 4))):
            path = Path(folder) / "instance.npz"
            short = {**week, "seats": seats}
            if label != "all seats":
                from benchmarks.matching_solvers import by_priority

                short["placed"] = by_priority(short)         # the plain form knows the real seats alone
            np.savez(path, **short)
            for number in range(ROUNDS):
                note(f"  matching, {label}, round {number + 1} of {ROUNDS}")
                found = child("benchmarks.matching_solvers", path, "vsim")
                if home.python:
                    found += child("benchmarks.matching_solvers", path, *PEERS, python=home.python)
                out["rows"] += [{**one, "case": label, "all": int(seats.sum())} for one in found]
    note("")
    return out


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table as text."""
    rows = [("seats", "matcher", "CPU ms", "times vsim's", "seats taken", "of the optimum's seats", "of its benefit")]
    for case in dict.fromkeys(row["case"] for row in found["rows"]):
        here = [row for row in found["rows"] if row["case"] == case]
        best = max(row["value"] for row in here)
        most = max(row["seats"] for row in here if row["value"] == best)
        ours = [row["cpu"] for row in here if row["solver"] == "vsim"]
        for name, label in LABELS.items():
            mine = [row for row in here if row["solver"] == name]
            if not mine:
                continue
            times = [row["cpu"] / own for row, own in zip(mine, ours, strict=True)]
            rows.append((
                f"{case} ({mine[0]['all']:,})", label, span([1e3 * row["cpu"] for row in mine], ",.3g"),
                f"{statistics.median(times):,.0f}", f"{mine[0]['seats']:,}", f"{mine[0]['seats'] / most:.1%}",
                f"{mine[0]['value'] / best:.1%}",
            ))
    return [
        (f"A county of {found['residents']:,} volunteers, week {found['week']}: {found['persons']:,} would serve, "
         f"{found['tasks']:,} tasks; {found['pins']}."),
        grid(rows),
        "Benefit: score above the least of the instance and one logit. Menus and scores are given and not timed.",
        *(f"{name}: MISSING, {reason}" for name, reason in found["missing"].items()),
    ]


def problems(found: dict[str, Any]) -> list[str]:
    """Return what is wrong: missing solvers, optima that differ, a compiled rule that is not vsim's."""
    out = [f"{name} is missing: {reason}" for name, reason in found["missing"].items()]
    for case in dict.fromkeys(row["case"] for row in found["rows"]):
        values = {row["value"] for row in found["rows"] if row["case"] == case and row["solver"] != "vsim"}
        ours = max(row["value"] for row in found["rows"] if row["case"] == case and row["solver"] == "vsim")
        if len(values) > 1 or any(ours > value for value in values):
            out.append(f"{case}: the optima differ ({sorted(values)}; vsim's rule {ours})")
    if not all(row["equals_plain"] for row in found["rows"] if row["solver"] == "vsim"):
        out.append("the compiled rule places people otherwise than vsim.process.matching")
    return out
