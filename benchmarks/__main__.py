"""`python -m benchmarks`: vsim beside its peers on one reduced model, in paired rounds.

Each round runs every contender once, one after the other, each in a process of its own, so that a busy
machine slows all of them. Exit code 1 when totals disagree, the compiled forms differ, or the headline misses
its target.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import grading, summary
from benchmarks.reduced import WEEKS

ROOT = Path(__file__).resolve().parent.parent
TARGET = 100                  # times Mesa's agent-weeks per CPU second
HEADLINE = 100_000            # agents, for both
LIMIT = 4.0                   # largest |z| of a total; twenty figures would pass it by chance once in 800
EXACT_AT = 3_001              # agents in the comparison with the plain integer form
EVERY = ("mesa", "dense", "numpy", "lazy")
FULL = ((10_000, 3, EVERY), (HEADLINE, 5, EVERY), (1_000_000, 3, EVERY[1:]))      # agents, rounds, contenders
QUICK = ((2_000, 2, ("mesa", "dense")),)
FILL = {"mesa": 0, "numpy": 500_000, "dense": 2_000_000, "lazy": 2_000_000}    # agents in all repeats


def child(module: str, *words: object, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Run a module in a process of its own and return the JSON that it prints last."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)], cwd=ROOT, capture_output=True, text=True,
        encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}, check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise SystemExit(f"{module} {' '.join(map(str, words))} failed: {last}")
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    packages = ", ".join(f"{package} {version(package)}" for package in ("numpy", "numba", "mesa"))
    return {
        "processor": f"{name}, {os.cpu_count()} cores", "system": platform.system(),
        "python": platform.python_version(), "packages": packages, "load": load,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def rounds(plan: tuple[Any, ...], environment: dict[str, str]) -> list[dict[str, Any]]:
    """Run the plan and return the measurements."""
    out = []
    for n, times, names in plan:
        for number in range(times):
            for name in names:
                line = f"  {n:,} agents, round {number + 1} of {times}: {name}"
                print(line.ljust(60), end="\r", file=sys.stderr, flush=True)
                words = (name, n, 10_000 * (number + 1), max(1, FILL[name] // n))
                out.append(child("benchmarks.worker", *words, environment=environment))
    print(" " * 60, end="\r", file=sys.stderr, flush=True)
    return out


def equal_runs(measurements: list[dict[str, Any]]) -> tuple[int, int]:
    """Return in how many runs dense and lazy, given the same seeds, gave the same totals, and of how many."""
    same = every = 0
    for n in {m["n"] for m in measurements}:
        lazy = summary.pick(measurements, "lazy", n)
        for a, b in zip(summary.pick(measurements, "dense", n), lazy, strict=bool(lazy)):
            every += len(a["totals"])
            same += sum(x == y for x, y in zip(a["totals"], b["totals"], strict=True))
    return same, every


def equals_plain_form() -> bool:
    """Return whether the compiled forms equal the plain integer NumPy form in every reported integer."""
    from benchmarks.reduced_numpy import simulate_exact
    from benchmarks.reduced_vsim import simulate

    plain = simulate_exact(EXACT_AT, 1)[:4]
    return all(
        np.array_equal(a, b) for mode in ("dense", "lazy")
        for a, b in zip(plain, simulate(EXACT_AT, 1, mode=mode)[:4], strict=True)
    )


NOTES = """\
Rates and ratios: median (least - most) of the rounds. A run makes its population and simulates it; in ratios
to Mesa only Mesa's weeks are timed. Warm-up (in the first round: compiling from nothing) is not in the rates.
run B/agent: growth of resident memory during the runs."""


def problems_in(found: dict[str, Any]) -> list[str]:
    """Return what is wrong with the figures, one line each."""
    measured, out = found["measurements"], []
    for n, name in sorted({(m["n"], m["contender"]) for m in measured if m["contender"] != "dense"}):
        for quantity, seen in summary.agreement(measured, name, n).items():
            if abs(seen["z"]) > LIMIT:
                out.append(f"{name} at {n:,} agents: {quantity} differ from vsim's, z = {seen['z']:.1f}")
    if not found["quick"]:
        same, every = equal_runs(measured)
        if same != every or not found["plain_equal"]:
            out.append("the compiled forms of the one model differ from each other or from plain NumPy")
        times = statistics.median(summary.ratios(measured, "dense", HEADLINE))
        if times < TARGET:
            out.append(f"vsim is {times:.0f} times Mesa; the target is {TARGET}")
    out += grading.problems(found.get("grading", []))
    return out


def report(found: dict[str, Any]) -> str:
    """Return the whole text."""
    measured, where, quick = found["measurements"], found["machine"], found["quick"]
    lines = [
        f"Reduced model, {WEEKS} weeks, one thread.",
        (f"{where['processor']}, load {where['load']}; {where['system']}, Python {where['python']}, "
        f"{where['packages']}; {where['when']}"),
        "", summary.speed_table(measured), NOTES,
        "", "Totals, mean of the runs (z of the difference from vsim's):",
        summary.agreement_table(measured), "",
    ]
    if not quick:
        same, every = equal_runs(measured)
        equal = "equal" if found["plain_equal"] else "DIFFERENT"
        lines.append(f"dense = lazy in {same} of {every} runs; both and plain integer NumPy at {EXACT_AT:,} "
                     f"agents: {equal}")
    size = max(m["n"] for m in measured if m["contender"] == "mesa")
    times = summary.span(summary.ratios(measured, "dense", size))
    target = "too small and short to cite" if quick else f"target {TARGET}"
    lines.append(f"Headline, both with {size:,} agents: vsim dense does {times} times Mesa's agent-weeks per "
                 f"CPU second ({target})")
    if full := found.get("full"):
        lines += [
            (f"Full model, {full['scenario']}, {full['residents']:,} residents, {full['weeks']} weeks with "
             f"run-up: {full['rate'] / 1e6:,.1f} M agent-weeks per CPU second,"),
            (f"  {full['state_bytes_per_resident']:.0f} bytes per resident; "
             f"{summary.span(full['cpu'], '.2f')} CPU-s a run, "
             f"{statistics.median(full['wall']):.2f} s wall, peak {full['peak_bytes'] / 1e6:,.0f} MB;"),
            f"  first run, kernels compiled or loaded: {full['first_cpu']:.1f} CPU-s",
        ]
    if found.get("grading"):
        lines += ["", "Grading the model answer of a unit in one process, seconds a submission (ratios: median):",
                  grading.table(found["grading"])]
    return "\n".join([*lines, *(f"PROBLEM: {problem}" for problem in found["problems"])])


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="vsim beside its peers")
    parser.add_argument("--quick", action="store_true", help="a few seconds, to see that it works")
    parser.add_argument("--without-full", action="store_true", help="leave the full model out")
    parser.add_argument("--without-grading", action="store_true", help="leave the grading of notebooks out")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json", help="for the figures")
    options = parser.parse_args(words)
    if importlib.util.find_spec("mesa") is None:
        raise SystemExit("benchmarks: Mesa is not installed; it comes with the extra bench. "
                         "Use `make bench`, or pip install -e '.[bench]'.")
    start = time.perf_counter()
    found: dict[str, Any] = {"machine": machine(), "quick": options.quick}
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as folder:
        fresh = {} if options.quick else {"VSIM_CACHE": folder}      # so that compiling is seen whole, once
        found["measurements"] = rounds(QUICK if options.quick else FULL, fresh)
    if not options.quick:
        found["plain_equal"] = equals_plain_form()
        if not options.without_full:
            found["full"] = child("benchmarks.full_model")
        if not options.without_grading and grading.possible():
            found["grading"] = child("benchmarks.grading")
    found |= {"problems": problems_in(found), "seconds": time.perf_counter() - start}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(report(found))
    print(f"{found['seconds']:.0f} s; every figure is in {options.out}")
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
