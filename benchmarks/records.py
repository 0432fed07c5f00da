"""Records per second: vsim's writer beside pyarrow's defaults, pandas' CSV, and persons of Faker."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.children import child, note
from benchmarks.records_worker import LABELS
from benchmarks.summary import grid, span, times

AGAINST = {"vsim": ("pyarrow", "pandas"), "persons": ("faker",)}


def measure() -> dict[str, Any]:
    """Return the measurements of all rounds."""
    note("  records: counties are run, then written")
    found = child("benchmarks.records_worker")
    note("")
    return found


def rates(found: dict[str, Any], name: str) -> list[float]:
    """Return rows per CPU second, round by round."""
    return [row["rows"] / row["cpu"] for row in found["rows"] if row["writer"] == name]


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table as text."""
    rows = [("rows", "writer", "M rows / CPU-s", "bytes / row")]
    for name, label in LABELS.items():
        mine = [row for row in found["rows"] if row["writer"] == name]
        seen = [rate / 1e6 for rate in rates(found, name)]
        rows.append((f"{mine[0]['rows']:,}", label, span(seen, ",.3g"), f"{mine[0]['bytes'] / mine[0]['rows']:.2f}"))
    out = [grid(rows)]
    for name, others in AGAINST.items():
        for other in others:
            paired = [a / b for a, b in zip(rates(found, name), rates(found, other), strict=True)]
            out.append(f"{LABELS[name]}: {times(paired)} times {LABELS[other]}")
    return out


def problems(found: dict[str, Any]) -> list[str]:
    """Return where vsim's writer is the slower or the larger one."""
    out = [f"{LABELS[name]} is slower than {LABELS[other]}" for name, others in AGAINST.items() for other in others
           if statistics.median(rates(found, name)) < statistics.median(rates(found, other))]
    size = {row["writer"]: row["bytes"] / row["rows"] for row in found["rows"]}
    return [*out, *(["vsim's file is larger than pyarrow's"] if size["vsim"] > size["pyarrow"] else [])]
