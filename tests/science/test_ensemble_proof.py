"""Evidence of the rival structures: each has a fit that is not stale; targets missed stand in it and are told.

The proof is made by `vsim run ensemble cn_mobilised --refit`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from vsim.run.calibrate import FREE, TRIAL_SEED
from vsim.run.ensemble import Member, fitted, is_fresh, read_proof
from vsim.run.run import MODEL_VERSION, simulate
from vsim.run.validate import moments
from vsim.spec.cards import load_cards
from vsim.spec.structures import load_structures, structure
from vsim.spec.targets import targets_for

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
ENSEMBLE = "cn_mobilised"
REFIT = f"run `vsim run ensemble {ENSEMBLE} --refit`"


def members() -> list[Member]:
    return read_proof(ENSEMBLE, PROOFS)


def test_every_structure_has_a_fit_that_is_not_stale() -> None:
    assert [member.structure for member in members()] == list(load_structures()), REFIT
    assert [member.structure for member in members() if not is_fresh(member)] == [], REFIT
    for member in members():
        left = structure(member.structure).left(FREE[ENSEMBLE])
        assert set(member.fit.parameters) == set(left)
        cards = load_cards()
        outside = [k for k, v in member.fit.parameters.items() if not cards[k].low <= v <= cards[k].high]
        assert outside == []
        assert (member.fit.preset, member.fit.seed, member.fit.model_version) == (ENSEMBLE, TRIAL_SEED, MODEL_VERSION)


def test_the_loss_of_a_fit_is_no_less_than_its_misses() -> None:
    """The loss is that of the moments beside the targets, and a pull: nobody wrote a prettier one."""
    targets = {target.id: target for target in targets_for(ENSEMBLE, "fit")}
    for member in members():
        assert member.fit.targets == {name: target.value for name, target in targets.items()}
        parts = [
            ((member.fit.moments[name] - float(t.value or 0)) / ((float(t.high or 0) - float(t.low or 0)) / 2)) ** 2
            for name, t in targets.items()
        ]
        assert member.fit.loss >= sum(parts) - 0.01
        assert member.misses == [name for name, t in targets.items() if not t.holds(member.fit.moments[name])]


@pytest.mark.slow
def test_the_moments_of_one_structure_are_those_of_the_model_today() -> None:
    """One run of the structure without fatigue, whose numbers are rounded to three digits, so nearly."""
    member = next(one for one in members() if one.structure == "no_fatigue")
    targets = targets_for(ENSEMBLE, "fit")
    found = moments(simulate(fitted(member), TRIAL_SEED), targets)
    for target, value in zip(targets, found, strict=True):
        room = 0.1 * (float(target.high or 0) - float(target.low or 0))
        assert value == pytest.approx(member.fit.moments[target.id], abs=room), REFIT
