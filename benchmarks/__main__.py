"""`python -m benchmarks`: vsim beside its peers, in one command.

Exit code 1 when totals disagree, forms that must be equal differ, a peer is missing, or a target is missed. Each part
is kept in the output file under its name; `--only` measures some and keeps the others as they were. Parts of `SLOW` are
measured when they are named.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import floor, full_model, grading, growth, matching, nation, records, side_by_side
from benchmarks.children import child, machine

ROOT = Path(__file__).resolve().parent.parent
FIGURES = Path(__file__).parent / "figures.md"
Found = dict[str, Any]


class Part(NamedTuple):
    """One part: its title, how it is measured, told, and judged."""

    title: str
    measure: Callable[[], Found]
    lines: Callable[[Found], list[str]]
    problems: Callable[[Found], list[str]]


def graded() -> Found:
    """Return the measurements of grading, or that this machine cannot make them."""
    return {"rows": child("benchmarks.grading")} if grading.possible() else {"rows": [], "missing": grading.NEEDS}


PARTS = {
    "reduced": Part("The reduced model beside Mesa, Starsim and NumPy", lambda: side_by_side.measure(side_by_side.HEAD),
                    side_by_side.head_lines, side_by_side.head_problems),
    "floor": Part("Floors: memory and random numbers", lambda: child("benchmarks.floor"), floor.lines, floor.problems),
    "peers": Part("Width: each peer at what it can hold", lambda: side_by_side.measure(side_by_side.WIDTH),
                  side_by_side.lines, side_by_side.problems),
    "records": Part("Records per second", records.measure, records.lines, records.problems),
    "matching": Part("Matching beside the optimum", matching.measure, matching.lines, matching.problems),
    "full": Part("The full model, a city", lambda: child("benchmarks.full_model"), full_model.lines,
                 full_model.problems),
    "growth": Part("How the full model's cost grows", growth.measure, growth.lines, growth.problems),
    "nation": Part("A nation, county by county", nation.measure, nation.lines, nation.problems),
    "grading": Part("Grading beside nbgrader", graded, grading.lines, grading.problems),
}
SLOW = {
    "whole": Part("All counties of a nation", nation.measure_whole, nation.whole_lines, nation.whole_problems),
}
QUICK = {"quick": Part("To see that it works: too small and short to cite",
                       lambda: side_by_side.measure(side_by_side.QUICK, fresh=False), side_by_side.lines,
                       side_by_side.problems)}


def problems_in(found: Found) -> list[str]:
    """Return what is wrong, one line each, in the parts that were measured."""
    parts = {**PARTS, **SLOW, **QUICK}
    return [f"{name}: {problem}" for name, one in found.items()
            for problem in ([one["failed"]] if one["failed"] else parts[name].problems(one["found"]))]


def told(part: Part, one: Found) -> list[str]:
    """Return the text of one part, or why it could not be measured."""
    return [f"FAILED: {one['failed']}"] if one["failed"] else part.lines(one["found"])


def report(found: Found) -> str:
    """Return the whole text of the parts that were measured."""
    out = []
    for name, part in {**PARTS, **SLOW, **QUICK}.items():
        if name not in found:
            continue
        where = found[name]["machine"]
        out += [
            f"== {part.title} ({name})",
            (f"{where['processor']}, load {where['load']}; {where['system']}, Python {where['python']}, "
             f"{where['packages']};"),
            f"commit {where.get('commit', 'unknown')}, {where['when']}, {found[name]['seconds']:.0f} s",
            "", *told(part, found[name]), "",
        ]
    return "\n".join([*out, *(f"PROBLEM {problem}" for problem in problems_in(found))])


def figures(text: str) -> str:
    """Return the text of the committed file of figures."""
    head = "# Figures of the benchmark\n\nWritten by `make bench`; do not edit. What a README cites stands here."
    return f"{head}\n\n```text\n{text.rstrip()}\n```\n"


def files(done: list[str]) -> dict[Path, list[str]]:
    """Return the files that hold what was measured, each with the parts it tells: a slow part has a file of its own."""
    usual = {FIGURES: list(PARTS)} if set(done) & set(PARTS) else {}
    return usual | {FIGURES.with_name(f"{name}.md"): [name] for name in done if name in SLOW}


def chosen(words: str) -> list[str]:
    """Return the names of parts in a list with commas; refuse what is none."""
    names = [word.strip() for word in words.split(",") if word.strip()]
    wrong = [name for name in names if name not in {**PARTS, **SLOW}]
    if wrong or not names:
        raise SystemExit(f"benchmarks: there is no part '{', '.join(wrong)}'; parts are {', '.join((*PARTS, *SLOW))}.")
    return names


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="vsim beside its peers")
    parser.add_argument("--quick", action="store_true", help="a few seconds, to see that it works")
    parser.add_argument("--only", help=f"some parts, with commas between: {', '.join((*PARTS, *SLOW))}")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json", help="for the figures")
    options = parser.parse_args(words)
    kept: Found = {}
    if options.quick:
        doing = QUICK
    elif options.only:
        doing = {name: {**PARTS, **SLOW}[name] for name in chosen(options.only)}
        if options.out.exists():
            before = json.loads(options.out.read_text(encoding="utf-8"))
            kept = {name: one for name, one in before.items() if name in {**PARTS, **SLOW} and "found" in one}
    else:
        doing = PARTS
    for name, part in doing.items():
        start, where = time.perf_counter(), machine()
        try:
            found, failed = part.measure(), ""
        except (SystemExit, Exception) as stop:              # noqa: BLE001 - one part that fails costs no other
            found, failed = {}, str(stop) or type(stop).__name__
        kept[name] = {"found": found, "failed": failed, "machine": where, "seconds": time.perf_counter() - start}
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(report({name: one for name, one in kept.items() if name in doing}))
    if not options.quick and options.out == parser.get_default("out"):
        for path, names in files(list(doing)).items():
            path.write_text(figures(report({name: kept[name] for name in names if name in kept})), encoding="utf-8")
            print(f"\nfigures: {path.relative_to(ROOT)}")
    print(f"every figure is in {options.out}")
    return 1 if problems_in({name: kept[name] for name in doing}) else 0


if __name__ == "__main__":
    raise SystemExit(main())
