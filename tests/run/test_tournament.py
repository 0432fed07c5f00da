"""The tournament: designs draw what they say, the truth is that of twin runs, and the proof shows what is taught."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.run import tournament, tournament_proof
from vsim.run.designs import DESIGNS
from vsim.run.designs.kinds import covered, person_hours, run, small, under
from vsim.run.designs.rollout import STARTS
from vsim.run.run import MODEL_VERSION, simulate
from vsim.spec.policy import Policy

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
SEEDS = 1000
EVERY = pytest.mark.parametrize("name", sorted(DESIGNS))


@pytest.mark.slow
@EVERY
def test_a_design_draws_the_same_for_a_seed_and_another_for_another(name: str) -> None:
    one, again, other = (DESIGNS[name].draw(seed, True) for seed in (1, 1, 2))
    assert one.frame.equals(again.frame)
    assert one.truth == again.truth
    assert not one.frame.equals(other.frame)
    assert one.truth.se == 0.0


@pytest.mark.slow
@EVERY
def test_every_entrant_answers_the_question_of_the_truth(name: str) -> None:
    for holds in (True, False):
        drawn = DESIGNS[name].draw(3, holds)
        for entrant in DESIGNS[name].entrants:
            said = entrant.estimate(drawn.frame)
            assert (said.estimand, said.unit) == (drawn.truth.estimand, drawn.truth.unit)


@pytest.mark.slow
def test_the_truth_of_an_offer_is_everybody_less_nobody_person_by_person() -> None:
    drawn = DESIGNS["offer"].draw(2, True)
    from vsim.run.designs import offer

    base = small(offer.RESIDENTS, offer.DISTRICTS, offer.WEEKS, {**offer.APART, **offer.PLENTY})
    none, everybody = (simulate(scenario, 2, engine="oracle") for scenario in (
        base, under(base, Policy(lever=offer.LEVER))))
    hours = [sum(int(end.state.served.sum()) for end in made.ends) / 4 for made in (none, everybody)]
    before = [float(person_hours(made, first=-99).sum() - person_hours(made).sum()) for made in (none, everybody)]
    effect = (hours[1] - before[1] - hours[0] + before[0]) / offer.RESIDENTS
    assert drawn.truth.value == pytest.approx(effect)


@pytest.mark.slow
def test_who_is_covered_is_drawn_by_lot_and_hours_are_those_of_the_books() -> None:
    base = small(2000, 2, 8, {})
    made = run(under(base, Policy(lever="service_learning", share=0.5, salt=7)), 1)
    on = covered(made)
    assert set(on.tolist()) == {0, 1}
    assert on.mean() == pytest.approx(0.5, abs=0.05)
    assert person_hours(made).sum() == pytest.approx(made.weekly("all")["hours"].sum() / 4)
    other = covered(run(under(base, Policy(lever="service_learning", share=0.5, salt=8)), 1))
    assert (on != other).mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.slow
def test_a_roll_out_starts_where_and_when_it_says() -> None:
    frame = DESIGNS["rollout"].draw(5, True).frame
    first = frame.groupby("district")["first"].first()
    assert sorted(first.dropna().unique().tolist()) == [float(week) for week in STARTS]
    assert first.isna().sum() == len(first) // 2
    assert ((frame["under"] == 1) == (frame["week"] >= frame["first"])).all()


@pytest.mark.slow
def test_the_number_of_jobs_changes_nothing() -> None:
    one, two = (tournament.play(["offer"], 12, jobs=jobs) for jobs in (1, 2))
    assert one == two
    assert [(row.holds, row.score.n) for row in one] == [(True, 12), (False, 12)]


def test_an_unknown_design_and_too_few_seeds_are_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean 'offer'"):
        tournament.play(["ofer"], 10)
    with pytest.raises(UsageError, match="allowed 2 or more"):
        tournament.play(["offer"], 1)


@EVERY
def test_the_proof_is_not_stale(name: str) -> None:
    told, rows = tournament_proof.read_proof(PROOFS)
    assert told["model_version"] == MODEL_VERSION
    one = told["designs"][name]
    assert one["depends_on"] == tournament_proof.depends_on(name), (
        f"run `vsim run tournament {name} --seeds {SEEDS} --out proofs`")
    assert one["seeds"] >= SEEDS
    assert {row.holds for row in rows if row.design == name} == {True, False}
    assert {row.score.n for row in rows if row.design == name} == {one["seeds"]}


def test_a_design_follows_from_its_module_its_neighbours_and_its_estimators(tmp_path: Path) -> None:
    names = {path.stem for path in tournament_proof._sources(Path(inspect.getfile(DESIGNS["rollout"].draw)))}
    assert {"rollout", "kinds", "panel", "staggered"} <= names
    assert "selection" not in names


def test_a_proof_of_one_design_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    _, rows = tournament_proof.read_proof(PROOFS)
    mine, others = ([row for row in rows if (row.design == "offer") == own] for own in (True, False))
    tournament_proof.write_proof(others, 7, tmp_path)
    tournament_proof.write_proof(mine, 9, tmp_path)
    told, again = tournament_proof.read_proof(tmp_path)
    assert again == rows
    assert {one["seeds"] for one in told["designs"].values()} == {7, 9}
    tournament_proof.write_proof(mine, 11, tmp_path)
    assert tournament_proof.read_proof(tmp_path)[0]["designs"]["offer"]["seeds"] == 11


def test_named_estimators_cover_when_assumptions_hold_and_are_biased_as_predicted_when_not() -> None:
    _, rows = tournament_proof.read_proof(PROOFS)
    assert [(row.design, row.estimator, row.holds, row.verdict) for row in rows if not row.good] == []
    assert all(row.score.failed == 0 for row in rows)
    assert any(row.verdict == "shown" for row in rows)


def test_a_verdict_tells_a_design_that_does_not_hold() -> None:
    _, rows = tournament_proof.read_proof(PROOFS)
    failing = next(row for row in rows if row.named and not row.holds)
    from dataclasses import replace

    assert replace(failing, sign=-failing.sign).verdict == "not as predicted"
    low = replace(failing.score, coverage=0.5)
    assert replace(failing, holds=True, score=low).verdict == "covers too little"
    assert not np.isnan(failing.score.bias)
