"""Arms at the scale of a city: a district is run again only where a policy touches it, from the week it does so."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.run import compare as module
from vsim.run.compare import compare
from vsim.run.run import simulate
from vsim.spec.scenario import load_scenario

pytestmark = pytest.mark.slow


def test_only_touched_districts_are_run_again_and_the_arms_equal_full_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    base, pilot = load_scenario("riverside"), load_scenario("riverside_pilot")
    ran: dict[str, list[tuple[int, int]]] = {}
    advance = module.advance

    def noted(unit: object, settled: object, key: object, progress: object, until: int, engine: str) -> object:
        code, week = unit.district.code, progress.week                             # type: ignore[attr-defined]
        ran.setdefault(code, []).append((week, until))
        return advance(unit, settled, key, progress, until, engine)                # type: ignore[arg-type]

    monkeypatch.setattr(module, "advance", noted)
    study = compare(base, pilot, replicates=1, seed=3)
    touched = {code for policy in pilot.schedule() if policy.start_week > 0 for code in policy.districts}
    assert (len(touched), len(base.districts)) == (12, 40)
    first = -base.warmup_weeks
    for place, code in enumerate(base.districts):
        week = study.touched[place]
        if code in touched:
            assert week is not None
            assert ran[code] == [(first, week), (week, base.weeks), (week, base.weeks)]
        else:
            assert week is None
            assert ran[code] == [(first, base.weeks)]
    for arm, scenario in enumerate((base, pilot)):
        run = simulate(scenario, 3)
        assert np.array_equal(study.people[arm, 0], run.people.sum(axis=2))
        assert np.array_equal(study.tasks[arm, 0], run.tasks)
    assert not np.array_equal(study.people[0], study.people[1])
