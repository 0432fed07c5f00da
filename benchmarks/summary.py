"""From the workers' measurements to tables: rates, paired ratios, memory, and whether the totals agree."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from benchmarks.worker import CONTENDERS, VSIM

QUANTITIES = ("services", "hours", "active", "points")
OURS = "lazy"                 # whose totals the others are compared with; dense and coupled must equal it
Measurement = dict[str, Any]
Case = tuple[float, int]      # weekly share, agents


def rate(m: Measurement, which: str = "cpu") -> float:
    """Return agent-weeks per CPU second, over all runs of one worker; `which` is cpu or weeks_cpu."""
    return m["n"] * m["weeks"] * m["repeats"] / sum(m[which])


def case_of(m: Measurement) -> Case:
    """Return the weekly share and the number of agents of a measurement."""
    return m["share"], m["n"]


def pick(measurements: Iterable[Measurement], contender: str, case: Case) -> list[Measurement]:
    """Return a contender's measurements in one case, in the order of the rounds."""
    return [m for m in measurements if m["contender"] == contender and case_of(m) == case]


def ratios(
    measurements: list[Measurement], contender: str, case: Case, peer: str, which: str = "cpu"
) -> list[float]:
    """Return, round by round, how many times the peer's rate a contender reaches.

    A run is making the population, the weeks, the report. With `which` weeks_cpu the peer's weeks alone are counted,
    and the whole run of the contender.
    """
    pairs = zip(pick(measurements, contender, case), pick(measurements, peer, case), strict=True)
    return [rate(own) / rate(other, which) for own, other in pairs]


def spread(measurements: list[Measurement], share: float) -> dict[str, float]:
    """Return, for each quantity, the sampling standard deviation of a run's total divided by sqrt(n).

    From the replicates of vsim at the size with most of them: volunteers are independent of each other, so the
    variance of a total grows with n.
    """
    ours = [m for m in measurements if m["contender"] == OURS and m["share"] == share]
    sizes = {m["n"]: sum(k["repeats"] for k in ours if k["n"] == m["n"]) for m in ours}
    n = max(sizes, key=lambda size: sizes[size])
    runs = [t for m in ours if m["n"] == n for t in m["totals"]]
    return {q: statistics.stdev(t[q] for t in runs) / n**0.5 for q in QUANTITIES}


def agreement(measurements: list[Measurement], contender: str, case: Case) -> dict[str, dict[str, float]]:
    """Return the mean total by quantity of a contender and of vsim in one case, and z of the difference."""
    own = [t for m in pick(measurements, contender, case) for t in m["totals"]]
    ours = [t for m in pick(measurements, OURS, case) for t in m["totals"]]
    per_root = spread(measurements, case[0])
    out = {}
    for q in QUANTITIES:
        mine, theirs = statistics.fmean(t[q] for t in ours), statistics.fmean(t[q] for t in own)
        error = per_root[q] * case[1] ** 0.5 * (1 / len(ours) + 1 / len(own)) ** 0.5
        out[q] = {"value": theirs, "vsim": mine, "se": error, "z": (theirs - mine) / error}
    return out


def equal_runs(measurements: list[Measurement]) -> tuple[int, int]:
    """Return in how many runs two forms of vsim, given the same seed, gave the same totals, and of how many."""
    known: dict[tuple[float, int, int], Any] = {}
    same = every = 0
    for m in sorted(measurements, key=lambda one: one["contender"] != OURS):
        if m["contender"] not in VSIM:
            continue
        for seed, totals in enumerate(m["totals"], start=m["seed"]):
            first = known.setdefault((*case_of(m), seed), totals)
            if first is not totals:
                every += 1
                same += first == totals
    return same, every


def span(values: list[float], form: str = ",.0f") -> str:
    """Return "median (least - most)"."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} - {max(values):{form}})"


def times(values: list[float]) -> str:
    """Return ratios as "median (least - most)", three digits each."""
    three = (statistics.median(values), min(values), max(values))
    middle, least, most = (f"{float(f'{value:.3g}'):,.10g}" for value in three)
    return f"{middle} ({least} - {most})"


def grid(rows: list[tuple[str, ...]], left: int = 2) -> str:
    """Return rows as aligned text, the first as the head; the first columns stand to the left."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        padded = zip(row, widths, strict=True)
        cells = [c.ljust(w) if k < left else c.rjust(w) for k, (c, w) in enumerate(padded)]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines)


def speed_table(measurements: list[Measurement], peers: tuple[str, ...] = ("mesa", "starsim", "numpy")) -> str:
    """Return rates, paired ratios and memory as text, one row for each case and contender."""
    rows = [(
        "weekly, agents", "contender", "M agent-weeks / CPU-s", "ns / agent-year",
        *(f"times {peer}" for peer in peers), "state B/agent", "run B/agent", "peak MB", "warm-up CPU-s",
    )]
    for case in sorted({case_of(m) for m in measurements}):
        for name, label in CONTENDERS.items():
            found = pick(measurements, name, case)
            if not found:
                continue
            against = []
            for peer in peers:
                paired = peer != name and len(pick(measurements, peer, case)) == len(found)
                against.append(times(ratios(measurements, name, case, peer)) if paired else "")
            state = found[0]["state_bytes"]          # growth below this was hidden by the warm-up's peak
            grown = [m["run_bytes"] / case[1] for m in found if (m["run_bytes"] or 0) > state]
            middle = statistics.median(rate(m) for m in found)
            rows.append((
                f"{case[0]:.1%}, {case[1]:,}", label,
                span([rate(m) / 1e6 for m in found], ",.2f" if middle < 1e7 else ",.0f"),
                f"{1e9 * found[0]['weeks'] / middle:,.0f}", *against, f"{state / case[1]:.0f}" if state else "",
                f"{statistics.median(grown):,.0f}" if grown else "",
                f"{max(m['peak_bytes'] for m in found) / 1e6:,.0f}",
                f"{max(m['warm_up_cpu'] for m in found):.1f}",
            ))
    return grid(rows)


def agreement_table(measurements: list[Measurement]) -> str:
    """Return totals of each contender beside vsim's, with z, as text."""
    rows = [("weekly, agents", "contender", "runs", *(f"{q} (z)" for q in QUANTITIES))]
    for case in sorted({case_of(m) for m in measurements}):
        for name, label in CONTENDERS.items():
            found = pick(measurements, name, case)
            if not found:
                continue
            seen = agreement(measurements, name, case).items()
            cells = [f"{s['value']:,.0f}" + (f" ({s['z']:+.1f})" if name != OURS else "") for _, s in seen]
            rows.append((f"{case[0]:.1%}, {case[1]:,}", label, str(sum(m["repeats"] for m in found)), *cells))
    return grid(rows)
