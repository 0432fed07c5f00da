"""Write proofs/truth-coverage.json anew: `python -m tests.science.truth_coverage`, a few minutes.

Do the Monte Carlo intervals of the truth engine cover the truth as often as they say? The truth of a small world is
taken from many replicates; then studies of few replicates, each with lucks of its own that the reference never met,
are looked at: how many of their intervals hold it? Studies that go on until their interval is narrow enough, by the
rule of `truths_until`, are drawn with replacement from all those lucks: what does looking on the way cost?
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from vsim.evaluate.intervals import t_quantile
from vsim.levers.pledge import Pledge
from vsim.levers.service_learning import ServiceLearning
from vsim.rng import Stream, draw, stream_key
from vsim.run.run import MODEL_VERSION
from vsim.run.study import interval
from vsim.run.truth_effects import Truths
from vsim.run.truth_replicates import FEWEST, enough
from vsim.run.truth_twins import truths
from vsim.spec.scenario import Scenario
from vsim.spec.world_spec import WorldSpec

ROOT = Path(__file__).resolve().parents[2]
PROOF = ROOT / "proofs" / "truth-coverage.json"
ESTIMANDS = ("total", "overall", "att", "spillover")
OUTCOMES = ("hours", "active")
REFERENCE, REPETITIONS, SIZES = 3000, 300, (10, 20)
STUDIES, LONGEST, ASKED = 2000, 120, 40    # of the sequential rule: studies, their cap, replicates of the half-width
SEED, LEVEL, START, WINDOW = 11, 0.95, 4, 4
PARTS = ("arms", "effects", "people", "replicates", "run", "twins")


def world() -> tuple[Scenario, Scenario]:
    """Return a small lively town with scarce seats, and the same with two policies for half of its people."""
    base = Scenario(
        name="coverage", start=date(2025, 9, 1), weeks=16, warmup_weeks=2,
        world=WorldSpec(residents=1000, districts=2, prefectures=1, registered_share=0.5, seed=3),
        parameters={"participation.taste_mean": 0.5, "participation.aware_platform": 0.6, "demand.tasks": 12.0,
                    "demand.recurring_rate": 0.4, "registration.activation": 0.9, "belonging.oath": 0.3,
                    "service_learning.pull": 2.0},
    )
    half = base.with_levers(ServiceLearning(required=1.0, start_week=START, share=0.5, salt=3),
                            Pledge(chance=0.5, start_week=START, share=0.5, salt=3))
    return base, half


def depends_on() -> str:
    """Return the hash of what the proof follows from: model, worlds, numbers, and the engine but for its docstrings."""
    told = [MODEL_VERSION, *(scenario.hash for scenario in world()),
            str([REFERENCE, REPETITIONS, SIZES, STUDIES, LONGEST, ASKED, SEED, LEVEL, WINDOW])]
    told += [code(ROOT / "vsim" / "run" / f"truth_{part}.py") for part in PARTS]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def code(path: Path) -> str:
    """Return the lines of a module without those of its docstrings."""
    text = path.read_text(encoding="utf-8")
    words: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            words.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return "\n".join(line for number, line in enumerate(text.splitlines(), start=1) if number not in words)


def study(replicates: int, first: int) -> Truths:
    """Return a study of the small world."""
    return truths(*world(), replicates=replicates, first=first, seed=SEED, window=WINDOW, cohorts=False)


def coverage(reference: Truths, others: Truths) -> list[dict[str, Any]]:
    """Return one row for each estimand, outcome and number of replicates: how many intervals hold the reference."""
    rows = []
    longest = max(SIZES)
    for outcome in OUTCOMES:
        for estimand in ESTIMANDS:
            truth = reference.effect(estimand, outcome)
            blocks = others.draws(estimand, outcome).reshape(REPETITIONS, longest)
            for size in SIZES:
                ends = np.array([interval(block[:size], LEVEL) for block in blocks])
                share = float(((ends[:, 2] <= truth.value) & (truth.value <= ends[:, 3])).mean())
                rows.append({
                    "outcome": outcome, "estimand": estimand, "replicates": size, "truth": truth.value,
                    "truth_se": truth.se, "unit": truth.unit, "mean": float(ends[:, 0].mean()),
                    "half_width": float((ends[:, 3] - ends[:, 2]).mean() / 2), "coverage": share,
                    "coverage_se": math.sqrt(share * (1 - share) / REPETITIONS),
                    "first": [float(end) for end in ends[0, [0, 2, 3]]],
                })
    return rows


def until(reference: Truths, others: Truths) -> list[dict[str, Any]]:
    """Return one row for each estimand of hours: studies that stop at the half-width that ASKED replicates have."""
    rows = []
    words = draw(stream_key(SEED), Stream.SAMPLE, np.arange(STUDIES * LONGEST, dtype=np.uint32), 0, 0)[0]
    for estimand in ESTIMANDS:
        pool = np.concatenate([reference.draws(estimand), others.draws(estimand)])
        truth = float(pool.mean())
        asked = t_quantile(LEVEL, ASKED - 1) * float(pool.std()) / math.sqrt(ASKED)
        sizes, held = [], []
        for block in pool[words.astype(np.int64) * pool.size >> 32].reshape(STUDIES, LONGEST):
            n = FEWEST
            while n < (wanted := min(enough(block[:n], asked, LEVEL), LONGEST)):
                n = wanted
            _, _, low, high = interval(block[:n], LEVEL)
            sizes.append(n)
            held.append(low <= truth <= high)
        share = float(np.mean(held))
        rows.append({
            "estimand": estimand, "half_width": asked, "studies": STUDIES,
            "replicates": float(np.mean(sizes)), "given_up": int(np.sum(np.array(sizes) == LONGEST)),
            "coverage": share, "coverage_se": math.sqrt(share * (1 - share) / STUDIES),
        })
    return rows


def main() -> None:
    reference = study(REFERENCE, 0)
    others = study(REPETITIONS * max(SIZES), REFERENCE)
    told = {
        "model_version": MODEL_VERSION, "depends_on": depends_on(), "seed": SEED, "level": LEVEL,
        "reference": {"first": reference.first, "replicates": reference.replicates},
        "repetitions": {"first": others.first, "number": REPETITIONS, "replicates": list(SIZES)},
        "rows": coverage(reference, others), "until": until(reference, others),
    }
    PROOF.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
