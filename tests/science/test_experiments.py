"""The evidence of the experiments: there for each, not stale, and found again when some are run anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vsim.run.experiments import CHECK_SEED, Curve, depends_on
from vsim.run.run import MODEL_VERSION
from vsim.spec.cards import load_cards
from vsim.spec.experiments import load_experiments

PROOF = Path(__file__).resolve().parents[2] / "proofs" / "experiments.json"
REFRESH = "run `vsim run experiments --out proofs`"
AGAIN = ("G14", "G25", "G35")


def proof() -> dict[str, dict[str, Any]]:
    assert PROOF.is_file(), f"{PROOF.name} is missing: {REFRESH}"
    found: dict[str, dict[str, Any]] = json.loads(PROOF.read_text(encoding="utf-8"))
    return found


def test_every_experiment_has_its_evidence() -> None:
    assert list(proof()) == list(load_experiments()), REFRESH


@pytest.mark.parametrize("name", load_experiments())
def test_the_evidence_is_not_stale_and_says_what_it_means(name: str) -> None:
    row, found = load_experiments()[name], proof()[name]
    assert (found["depends_on"], found["model_version"]) == (depends_on(row), MODEL_VERSION), REFRESH
    assert found["low"] <= found["coefficient"] <= found["high"] or not all(found["reached"])
    assert found["inside"] == row.holds(found["effect"])
    assert row.base is None or found["base"] == pytest.approx(row.base, abs=0.01)
    if row.card:
        card = load_cards()[row.card]
        assert found["default"] == card.default
        assert found["in_card"] == (card.low <= found["coefficient"] <= card.high)
    else:
        assert (found["default"], found["default_effect"], found["in_card"]) == (None, None, None)


@pytest.mark.slow
@pytest.mark.parametrize("name", AGAIN)
def test_an_experiment_that_is_run_anew_gives_the_same_effect(name: str) -> None:
    """The same luck, the coefficient of the proof; the knob is looked for again from where it was found."""
    found = proof()[name]
    curve = Curve(load_experiments()[name], CHECK_SEED, found["knob"])
    effect, _ = curve.measured(found["coefficient"])
    assert effect == pytest.approx(found["effect"], abs=2 * found["se"])
