"""The recommendation of a study: it is that of brute force, and always carries Goodhart's check."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import vsim
from tests.run.choosing import RECORDS, STUDY, by_hand, every, price, study
from vsim.errors import UsageError
from vsim.run.calibrate import Fit
from vsim.run.ensemble import Member, switched
from vsim.run.policy_choose import FRESH, choose, name_of
from vsim.run.run import MODEL_VERSION
from vsim.spec.structures import structure

TARGET = "hours_per_registered"


def member(name: str, **parameters: float) -> Member:
    return Member(name, Fit("town", parameters, 0.0, {}, {}, 1, 1, MODEL_VERSION, ""))


@pytest.mark.slow
def test_a_search_through_all_mixes_is_brute_force(tmp_path: Path) -> None:
    """Every set of arms as a scenario written by hand, run as twin worlds by `vsim.compare`, priced by hand."""
    loaded = study(tmp_path)
    base, budget, weeks = loaded.arms["base"], 9000.0, range(4, 20)
    gains, prices = {}, {}
    for some in every():
        one = base.with_policies(by_hand(some, loaded))
        pair = vsim.compare(base, one, replicates=2, seed=1).draws(TARGET, weeks=weeks)
        gains[some] = float((pair[1] - pair[0]).mean())
        prices[some] = float(np.mean([price(vsim.simulate(one, 1, replicate=r))
                                      - price(vsim.simulate(base, 1, replicate=r)) for r in (0, 1)]))
    best = max((some for some in every() if prices[some] <= budget), key=lambda some: gains[some])
    dearest = max(every(), key=lambda some: gains[some])
    assert prices[dearest] > budget, "the budget must bind, or the test tells nothing"
    found = choose(loaded, replicates=2, fresh=2, method="all")
    tried = {tuple(name for name, _ in mix): row for mix, row in found.chosen.tried.set_index("mix").iterrows()}
    assert set(tried) == set(every())
    for some in every():
        assert tried[some]["value"] == pytest.approx(gains[some], rel=1e-9, abs=1e-12)
        assert tried[some]["cost"] == pytest.approx(prices[some], rel=1e-9, abs=1e-9)
    assert tuple(name for name, _ in found.chosen.mix) == best  # type: ignore[attr-defined]
    assert found.provenance["chosen"] == base.with_policies(by_hand(best, loaded)).hash
    fresh = vsim.compare(base, base.with_policies(by_hand(best, loaded)), replicates=2, seed=1 + FRESH)
    assert found.chosen.value.value == pytest.approx(fresh.effect(TARGET, weeks=weeks).value, rel=1e-9)
    assert found.chosen.optimism == pytest.approx(gains[best] - found.chosen.value.value, rel=1e-9)


@pytest.mark.slow
def test_finalists_in_rival_structures_are_single_runs(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    members = [member("base"), member("no_habit", **{"participation.taste_mean": 0.2})]
    found = choose(loaded, replicates=2, fresh=2, members=members, threshold=0.1)
    assert found.robust is not None
    assert found.structures == ("base", "no_habit")
    table = found.robust.table.set_index("policy")
    mixes = list(found.chosen.fresh)
    assert table.index.tolist() == [name_of(mix) for mix in mixes]
    for mix in [mix for mix in mixes if isinstance(mix, tuple)][:2]:
        values = []
        for one in members:
            base = switched(loaded.arms["base"], structure(one.structure)).with_values(one.fit.parameters)
            pilot = base.with_policies(by_hand(tuple(name for name, _ in mix), loaded))
            values.append(vsim.compare(base, pilot, replicates=2, seed=1).effect(TARGET, weeks=range(4, 20)).value)
        row = table.loc[name_of(mix)]
        assert row["mean"] == pytest.approx(np.mean(values), rel=1e-9, abs=1e-12)
        assert row["worst"] == pytest.approx(min(values), rel=1e-9, abs=1e-12)
        assert row["satisfied"] == np.mean([value >= 0.1 for value in values])
    assert set(found.robust.choices) == {"mean", "worst", "low", "regret", "satisfied"}


@pytest.mark.slow
def test_a_policy_that_only_moves_records_is_called_out(tmp_path: Path) -> None:
    """Nobody serves more for a code that is read on the spot: the register tells more hours, and the truth does not."""
    loaded = study(tmp_path, RECORDS)
    found = choose(loaded, replicates=3, fresh=4)
    assert name_of(found.chosen.mix) == "code"
    check = found.chosen.goodhart
    assert (check.verdict, check.true.value) == ("gamed", 0.0)
    assert check.recorded.low > 0
    assert found.to_dict()["goodhart"]["verdict"] == "gamed"
    true = choose(loaded, target="hours_per_registered", replicates=3, fresh=4)
    assert name_of(true.chosen.mix) == "nothing"
    assert true.chosen.goodhart.recorded.value == 0.0


@pytest.mark.slow
def test_every_row_of_a_recommendation_has_goodhart_s_verdict_and_all_of_it_is_plain(tmp_path: Path) -> None:
    found = choose(study(tmp_path), replicates=2, fresh=2)
    assert set(found.chosen.table["verdict"]) <= {"sound", "inflated", "gamed", "no gain"}
    assert {"nothing", "districts at random", "districts by need"} <= set(found.chosen.table["baseline"])
    told = found.to_dict()
    assert json.loads(json.dumps(told))["goodhart"]["verdict"] == found.chosen.goodhart.verdict
    assert told["provenance"]["base"] == found.provenance["base"]
    again = choose(study(tmp_path / "again"), replicates=2, fresh=2, threads=1)
    assert json.dumps(again.to_dict()) == json.dumps(told)


@pytest.mark.slow
def test_less_can_be_better(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    found = choose(loaded, target="no_show_share", less=True, replicates=2, fresh=2, budget=1e9)
    assert "shifts" in name_of(found.chosen.mix)
    assert found.chosen.value.value > 0
    assert found.to_dict()["less_is_better"]


def test_what_describes_no_choice_is_refused(tmp_path: Path) -> None:
    loaded = study(tmp_path, STUDY.replace("budget: {yuan: 9000}\n", ""))
    with pytest.raises(UsageError, match="there is no budget"):
        choose(loaded)
    with pytest.raises(UsageError, match="under 0 lucks"):
        choose(loaded, budget=1, costed=0)
    with pytest.raises(UsageError, match="indicator is 'hour'"):
        choose(loaded, budget=1, target="hour")
