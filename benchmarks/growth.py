"""How the cost of the full model grows with residents, weeks, participation and levers."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.children import child, note
from benchmarks.summary import grid, span

KINDS = ("residents", "weeks", "participation", "levers")
FLAT = 0.20                   # cost per resident-week from the smallest to the largest
LEVER = 0.02                  # cost of one declarative lever
ALIKE = 0.01                  # services with the lever and without may differ by this share for the cost to be its own


def measure() -> dict[str, Any]:
    """Return the measurements by kind and case."""
    out = {}
    for kind in KINDS:
        note(f"  growth with {kind}")
        out[kind] = child("benchmarks.growth_worker", kind)
    note("")
    return out


def middle(rows: list[dict[str, Any]], what: str = "ns") -> float:
    """Return the median of one figure."""
    return statistics.median(row[what] for row in rows)


def added(found: dict[str, Any], many: str) -> list[float]:
    """Return, round by round, the share of CPU time that levers add."""
    pairs = zip(found["levers"][many], found["levers"]["0"], strict=True)
    return [with_them["cpu"] / without["cpu"] - 1 for with_them, without in pairs]


def at_least(found: dict[str, Any], many: str) -> float:
    """Return the share of CPU time that levers add, from the least of all rounds: other work only ever adds to it."""
    least = {name: min(row["cpu"] for row in found["levers"][name]) for name in (many, "0")}
    return least[many] / least["0"] - 1


def against_yardstick(rows: list[dict[str, Any]]) -> float:
    """Return the cost per resident-week of a size beside that of one usual county in the same minutes, the median."""
    return statistics.median(row["ns"] / row["yardstick"] for row in rows)


def steepness(found: dict[str, Any]) -> float:
    """Return the largest difference in cost per resident-week between sizes, as a share of the least.

    Each size is held against a county that was run beside it, since the largest lasts minutes and the smallest half a
    second, and the machine's speed drifts between them.
    """
    costs = [against_yardstick(rows) for rows in found["residents"].values()]
    return max(costs) / min(costs) - 1


def lines(found: dict[str, Any]) -> list[str]:
    """Return the tables as text."""
    rows = [("grows with", "case", "ns / resident-week", "CPU-s", "take part a week")]
    for kind in KINDS:
        for name, measured in found[kind].items():
            rows.append((kind, name, span([one["ns"] for one in measured]), f"{middle(measured, 'cpu'):,.2f}",
                         f"{middle(measured, 'share'):.2%}"))
    out = [
        grid(rows),
        "Cost per resident-week beside one usual county that was run before, amid and after: " + ", ".join(
            f"{name} {against_yardstick(measured):.2f}" for name, measured in found["residents"].items()) + ".",
        f"Between sizes it differs by {steepness(found):.0%} (target {FLAT:.0%}).",
    ]
    for many in found["levers"]:
        if many != "0":
            out.append(f"{many} declarative lever{'s' if many != '1' else ''}, slight: "
                       f"{100 * at_least(found, many):+.1f} % of CPU time by the least of the rounds, "
                       f"{span([100 * share for share in added(found, many)], '+.1f')} % in pairs"
                       + (f" (target below {LEVER:.0%})" if many == "1" else ""))
    return out


def problems(found: dict[str, Any]) -> list[str]:
    """Return which targets are missed."""
    out = []
    if steepness(found) > FLAT:
        out.append(f"cost per resident-week differs by {steepness(found):.0%} between sizes; the target is {FLAT:.0%}")
    one, none = found["levers"]["1"], found["levers"]["0"]
    if abs(middle(one, "share") / middle(none, "share") - 1) > ALIKE:
        out.append("the slight lever moves people, so its cost is not that of its tables alone")
    if at_least(found, "1") > LEVER:
        out.append(f"a lever costs {at_least(found, '1'):.1%}; the target is {LEVER:.0%}")
    return out
