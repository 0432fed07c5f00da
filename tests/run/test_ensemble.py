"""The ensemble: policies put on structures, what they say together, proofs written and read, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.small import vsim
from vsim.errors import UsageError
from vsim.run import ensemble
from vsim.run.calibrate import TRIAL_SEED, Fit, evidence_hash, free_of
from vsim.run.ensemble import Member, across, fitted, is_fresh, read_proof, switched, with_policy, write_proof
from vsim.run.run import MODEL_VERSION
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.structures import load_structures, structure
from vsim.spec.targets import targets_for

PRESET = "cn_mobilised"


def member(name: str, **changes: object) -> Member:
    """Return a member whose fit is that of the preset itself, fresh today."""
    targets = {t.id: float(t.value or 0) for t in targets_for(PRESET, "fit")}
    scenario, left = switched(load_scenario(PRESET), structure(name)), structure(name).left(free_of(PRESET))
    numbers = {key: load_scenario(PRESET).values[key] for key in left}
    rests_on = evidence_hash(scenario, list(left))
    fit = Fit(PRESET, numbers, 1.0, targets, targets, 10, TRIAL_SEED, MODEL_VERSION, rests_on)
    return Member(name, replace(fit, **changes))  # type: ignore[arg-type]


def test_a_fit_is_stale_when_what_it_depends_on_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(is_fresh(member(name)) for name in load_structures())
    assert not is_fresh(member("base", depends_on="0"))
    assert len({member(name).fit.depends_on for name in load_structures()}) == len(load_structures())
    monkeypatch.setattr(ensemble, "load_scenario", lambda name: load_scenario(name).with_values({"service.fear": 0.77}))
    assert not is_fresh(member("base"))


def test_a_fitted_structure_keeps_its_mechanism_off() -> None:
    for name, what in load_structures().items():
        scenario = fitted(member(name))
        assert {key: scenario.values[key] for key in what.off} == dict(what.off)


def test_misses_are_named_never_hidden() -> None:
    good = member("base")
    assert good.misses == []
    assert member("base", moments={**good.fit.moments, "D1": 0.1}).misses == ["D1"]


def test_a_policy_is_a_lever_by_name_or_the_policies_of_a_scenario(tmp_path: Path) -> None:
    base = load_scenario(PRESET)
    assert [p.lever for p in with_policy(base, "stars").policies] == ["stars"]
    path = tmp_path / "pilot.yaml"
    path.write_text(f"extends: {PRESET}\npolicies:\n- {{lever: points, start_week: 4}}\n", encoding="utf-8")
    pilot = with_policy(base, str(path))
    assert [(p.lever, p.start_week) for p in pilot.policies] == [("points", 4)]
    assert isinstance(pilot, Scenario)
    with pytest.raises(UsageError, match=r"policy is 'starz'.*stars"):
        with_policy(base, "starz")
    with pytest.raises(UsageError, match="has no policies"):
        with_policy(base, PRESET)
    with pytest.raises(UsageError):
        with_policy(base, str(tmp_path / "nothing.yaml"))


def test_what_the_structures_say_together_is_range_and_agreement_on_the_sign() -> None:
    rows = [("a", "base", 1.0, 0.5, 1.5), ("a", "no_habit", 0.2, 0.1, 0.3), ("b", "base", 1.0, 0.5, 1.5),
            ("b", "no_habit", -0.2, -0.3, -0.1), ("c", "base", 0.1, -0.1, 0.3), ("c", "no_habit", 0.2, 0.1, 0.3)]
    table = pd.DataFrame(rows, columns=["indicator", "structure", "value", "low", "high"]).assign(label="x", unit="y")
    found = across(table).set_index("indicator")
    assert found["agree"].to_dict() == {"a": True, "b": False, "c": False}
    assert found.loc["a", ["whole_model", "lowest", "highest"]].tolist() == [1.0, 0.2, 1.0]
    assert found.loc["b", ["lowest_in", "highest_in"]].tolist() == ["no_habit", "base"]
    assert found[["up", "down", "structures"]].loc["c"].tolist() == [1, 0, 2]


def test_a_proof_is_read_as_it_was_written_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    assert read_proof(PRESET, tmp_path) == []
    members = [member("base"), member("no_habit")]
    path = write_proof(PRESET, members, tmp_path)
    assert read_proof(PRESET, tmp_path) == members
    for text in ("[]", "{}", "{", json.dumps({"structures": {"base": {"preset": 1}}})):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=path.name):
            read_proof(PRESET, tmp_path)


def test_the_command_prints_the_fits_and_refuses_stale_or_absent_ones(tmp_path: Path) -> None:
    absent = vsim("run", "ensemble", PRESET, "--proofs", tmp_path)
    assert absent.code == 2
    assert "--refit" in absent.err
    write_proof(PRESET, [member("base"), member("no_fatigue")], tmp_path)
    said = vsim("run", "ensemble", PRESET, "--proofs", tmp_path, "--json")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    assert [row["structure"] for row in found["structures"]] == ["base", "no_fatigue"]
    assert found["effects"] == []
    assert "no_fatigue" in vsim("run", "ensemble", PRESET, "--proofs", tmp_path, "--lang", "zh_CN").out
    write_proof(PRESET, [member("base", depends_on="0")], tmp_path)
    stale = vsim("run", "ensemble", PRESET, "--proofs", tmp_path)
    assert stale.code == 2
    assert "base" in stale.err
    assert vsim("run", "ensemble", "riverside", "--proofs", tmp_path).code == 2
    assert vsim("run", "ensemble", PRESET, "starz", "--proofs", tmp_path).code == 2


@pytest.mark.slow
def test_the_effect_of_a_policy_is_told_for_every_structure(monkeypatch: pytest.MonkeyPatch) -> None:
    small = load_scenario(PRESET)
    world = small.world.model_copy(update={"residents": 1200, "districts": 2})
    tiny = Scenario(**{**{n: getattr(small, n) for n in type(small).model_fields}, "world": world, "weeks": 20,
                       "warmup_weeks": 4})
    monkeypatch.setattr(ensemble, "load_scenario", lambda name: tiny if name == PRESET else load_scenario(name))
    told: list[tuple[int, int]] = []
    table = ensemble.effects([member("base"), member("no_habit")], "training_gate", ["trained", "hours_per_registered"],
                             replicates=2, threads=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    assert table["structure"].tolist() == ["base", "base", "no_habit", "no_habit"]
    assert (table.loc[table["indicator"] == "trained", "value"] > 0).all()
    assert across(table)["structures"].tolist() == [2, 2]
