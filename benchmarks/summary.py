"""From the workers' measurements to one table: rates, paired ratios, memory, and whether the totals agree."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from benchmarks.worker import CONTENDERS

QUANTITIES = ("services", "hours", "active", "points")
Measurement = dict[str, Any]


def rate(m: Measurement, which: str = "cpu") -> float:
    """Return agent-weeks per CPU second, over all runs of one worker; `which` is cpu or weeks_cpu."""
    return m["n"] * m["weeks"] * m["repeats"] / sum(m[which])


def pick(measurements: Iterable[Measurement], contender: str, n: int) -> list[Measurement]:
    """Return a contender's measurements at one size, in the order of the rounds."""
    return [m for m in measurements if m["contender"] == contender and m["n"] == n]


def ratios(measurements: list[Measurement], contender: str, n: int, peer: str = "mesa") -> list[float]:
    """Return, round by round, how many times the peer's rate a contender reaches.

    The peer's making of its population is not counted against it (its weeks alone are timed), the contender's
    is.
    """
    pairs = zip(pick(measurements, contender, n), pick(measurements, peer, n), strict=True)
    return [rate(own) / rate(other, "weeks_cpu") for own, other in pairs]


def spread(measurements: list[Measurement]) -> dict[str, float]:
    """Return, for each quantity, the sampling standard deviation of a run's total divided by sqrt(n).

    From the replicates of the dense contender at the size with most of them: volunteers are independent of
    each other, so the variance of a total grows with n.
    """
    sizes = {m["n"]: sum(k["repeats"] for k in pick(measurements, "dense", m["n"])) for m in measurements}
    n = max(sizes, key=lambda size: sizes[size])
    runs = [t for m in pick(measurements, "dense", n) for t in m["totals"]]
    return {q: statistics.stdev(t[q] for t in runs) / n**0.5 for q in QUANTITIES}


def agreement(measurements: list[Measurement], contender: str, n: int) -> dict[str, dict[str, float]]:
    """Return the mean total by quantity of a contender and of vsim at one size, and z of the difference."""
    own = [t for m in pick(measurements, contender, n) for t in m["totals"]]
    ours = [t for m in pick(measurements, "dense", n) for t in m["totals"]]
    per_root = spread(measurements)
    out = {}
    for q in QUANTITIES:
        mine, theirs = statistics.fmean(t[q] for t in ours), statistics.fmean(t[q] for t in own)
        error = per_root[q] * n**0.5 * (1 / len(ours) + 1 / len(own)) ** 0.5
        out[q] = {"value": theirs, "vsim": mine, "se": error, "z": (theirs - mine) / error}
    return out


def span(values: list[float], form: str = ",.0f") -> str:
    """Return "median (least - most)"."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} - {max(values):{form}})"


def mega(value: float | None) -> str:
    return "" if value is None else f"{value / 1e6:,.0f}"


def grid(rows: list[tuple[str, ...]]) -> str:
    """Return rows as aligned text, the first as the head; the first two columns stand to the left."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        padded = zip(row, widths, strict=True)
        cells = [c.ljust(w) if k < 2 else c.rjust(w) for k, (c, w) in enumerate(padded)]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines)


def speed_table(measurements: list[Measurement]) -> str:
    """Return rates, paired ratios and memory as text, one row for each size and contender."""
    rows = [(
        "agents", "contender", "M agent-weeks / CPU-s", "times Mesa, paired", "times NumPy, paired",
        "state B/agent", "run B/agent", "peak MB", "warm-up CPU-s",
    )]
    for n in sorted({m["n"] for m in measurements}):
        for name, label in CONTENDERS.items():
            found = pick(measurements, name, n)
            if not found:
                continue
            against = ["", ""]
            for k, peer in enumerate(("mesa", "numpy")):
                if peer != name and pick(measurements, peer, n):
                    form = ",.3f" if name == "mesa" else ",.0f"
                    against[k] = span(ratios(measurements, name, n, peer), form)
            state = found[0]["state_bytes"]          # growth below this was hidden by the warm-up's peak
            grown = [m["run_bytes"] / n for m in found if (m["run_bytes"] or 0) > state]
            rows.append((
                f"{n:,}", label, span([rate(m) / 1e6 for m in found], ",.2f" if name == "mesa" else ",.0f"),
                *against, f"{state / n:.0f}" if state else "",
                f"{statistics.median(grown):,.0f}" if grown else "",
                f"{max(m['peak_bytes'] for m in found) / 1e6:,.0f}",
                f"{max(m['warm_up_cpu'] for m in found):.1f}",
            ))
    return grid(rows)


def agreement_table(measurements: list[Measurement]) -> str:
    """Return totals of each contender beside vsim's, with z, as text."""
    rows = [("agents", "contender", "runs", *(f"{q} (z)" for q in QUANTITIES))]
    for n in sorted({m["n"] for m in measurements}):
        for name, label in CONTENDERS.items():
            found = pick(measurements, name, n)
            if not found:
                continue
            seen = agreement(measurements, name, n).items()
            cells = [f"{s['value']:,.0f}" + (f" ({s['z']:+.1f})" if name != "dense" else "") for _, s in seen]
            rows.append((f"{n:,}", label, str(sum(m["repeats"] for m in found)), *cells))
    return grid(rows)
