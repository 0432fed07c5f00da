"""Twin worlds: same people, same luck; what differs is the policy, where and when it holds."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.engine_worlds import SEED, levers, scenario_of, study_of, town
from vsim.errors import UsageError, VsimError
from vsim.levers.points import Points
from vsim.levers.stars import Stars
from vsim.levers.training_gate import TrainingGate
from vsim.run.compare import compare
from vsim.run.run import COLUMNS, Run, simulate
from vsim.run.study import GROUPS, Study
from vsim.spec.scenario import Scenario
from vsim.world.metrics import A, M

pytestmark = pytest.mark.slow

LADDER = Stars(thresholds=[1, 2, 4, 8, 16], start_week=6, districts=["D02"])
SHOP = Points(per_hour=5.0, price=5.0, start_week=6, districts=["D02"])
GATE = TrainingGate(gated_share=0.6, seats=10.0, uptake=0.2, start_week=6, districts=["D02"])
OWN_BOOK = {"stars": {"STARS"}, "points": {"POINTS_EARNED", "POINTS_SPENT", "POINTS_EXPIRED", "POINTS_HELD"}}
NO_EFFECT = {
    "stars": {"stars.goal": 0.0, "stars.reset": 0.0, "stars.award": 0.0, "retention.exit_award": 0.0},
    "points": {"points.pull": 0.0, "points.crowding": 0.0},
}


@cache
def local() -> Study:
    """Return the study of a local ladder, shop and gate in D02 from week 6."""
    return compare(town(), town(policies=(LADDER, SHOP, GATE)), replicates=5, seed=SEED)


def separately(scenario: Scenario, replicate: int) -> Run:
    return simulate(scenario, SEED, replicate=replicate)


@pytest.mark.parametrize(("lever", "policy"), [("stars", LADDER), ("points", SHOP)])
def test_a_lever_without_effect_leaves_behaviour_as_it_was(lever: str, policy: object) -> None:
    silent = NO_EFFECT[lever]
    study = compare(town(silent), town(silent, policies=(policy,)), replicates=2, seed=SEED)
    base, pilot = study.people
    differing = {metric.name for metric in M if not np.array_equal(base[..., metric], pilot[..., metric])}
    assert differing == OWN_BOOK[lever]
    assert np.array_equal(study.tasks[0], study.tasks[1])
    assert study.effect("hours").value == study.effect("hours").se == 0


@pytest.mark.parametrize(("lever", "policy"), [("stars", LADDER), ("points", SHOP)])
def test_the_same_lever_with_its_effect_does_change_behaviour(lever: str, policy: object) -> None:
    study = compare(town(), town(policies=(policy,)), replicates=2, seed=SEED)
    assert not np.array_equal(study.people[0][..., M.WILLING], study.people[1][..., M.WILLING]), lever


def test_a_policy_that_repeats_what_holds_already_touches_no_district() -> None:
    base = town()
    value = base.values
    same = TrainingGate(gated_share=value["training.gated_share"], seats=value["training.seats"],
                        uptake=value["training.uptake"])
    study = compare(base, base.with_levers(same), replicates=1)
    assert study.touched == (None, None, None)
    assert study.pilot_districts == ()
    assert np.array_equal(study.people[0], study.people[1])


def test_two_arms_without_a_difference_have_equal_checksums() -> None:
    silent = town(NO_EFFECT["stars"])
    policy = Stars(thresholds=[5000])
    one, other = (separately(scenario, 0) for scenario in (silent, silent.with_levers(policy)))
    assert one.checksum == other.checksum


def test_nothing_changes_before_the_first_week_of_the_policy() -> None:
    study = local()
    assert study.touched == (None, 6, None)
    assert study.first_week == 6
    assert np.array_equal(study.people[0, :, :, :6], study.people[1, :, :, :6])
    assert np.array_equal(study.tasks[0, :, :, :6], study.tasks[1, :, :, :6])
    assert not np.array_equal(study.people[0, :, 1, 6:], study.people[1, :, 1, 6:])


def test_a_local_policy_leaves_the_other_districts_equal_to_the_bit() -> None:
    base, pilot = (separately(scenario, 0) for scenario in (town(), town(policies=(LADDER, SHOP, GATE))))
    for i in (0, 2):
        one, other = base.ends[i], pilot.ends[i]
        assert all(np.array_equal(a, b) for a, b in zip(one.state, other.state, strict=True))
        assert np.array_equal(one.counts.people, other.counts.people)
        assert all(np.array_equal(one.ledgers[k][: one.ledgers.counts[k]], other.ledgers[k][: other.ledgers.counts[k]])
                   for k in range(5))
    assert not np.array_equal(base.ends[1].counts.people, pilot.ends[1].counts.people)


def test_a_policy_that_ends_leaves_the_tables_as_before() -> None:
    brief = town(policies=(Stars(thresholds=[1], start_week=3, end_week=9), TrainingGate(start_week=3, end_week=9)))
    from tests.engine_worlds import alone

    plain, short = alone(town())[1], alone(brief)[1]
    for name in short.weekly._fields:
        a, b = getattr(plain.weekly, name), getattr(short.weekly, name)
        assert np.array_equal(a[:, : 6 + 3], b[:, : 6 + 3])
        assert np.array_equal(a[:, 6 + 9 :], b[:, 6 + 9 :])


def test_the_fork_equals_two_separate_runs() -> None:
    study = local()
    for r in (0, 4):
        for arm, scenario in enumerate((study.base, study.pilot)):
            run = separately(scenario, r)
            assert np.array_equal(study.people[arm, r], run.people.sum(axis=2))
            assert np.array_equal(study.tasks[arm, r], run.tasks)
            assert np.array_equal(study.cells[arm, r], run.people.sum(axis=0).transpose(1, 0, 2))


def test_a_changed_parameter_forks_everywhere_from_the_first_week_of_the_run_up() -> None:
    base, pilot = town(), town({"participation.taste_mean": 1.0})
    study = compare(base, pilot, replicates=1, seed=SEED)
    assert study.touched == (-6, -6, -6)
    assert study.first_week == 0
    for arm, scenario in enumerate((base, pilot)):
        assert np.array_equal(study.people[arm, 0], separately(scenario, 0).people.sum(axis=2))
    assert study.effect("hours").value > 0


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_a_study_is_the_same_for_any_number_of_threads(threads: int) -> None:
    again = compare(local().base, local().pilot, replicates=5, seed=SEED, threads=threads)
    assert np.array_equal(again.people, local().people)
    assert np.array_equal(again.tasks, local().tasks)
    assert np.array_equal(again.cells, local().cells)


def test_the_oracle_gives_the_same_study() -> None:
    base = town(residents=120, districts=1, weeks=5, warmup=2)
    pilot = base.with_levers(Stars(thresholds=[1], start_week=2))
    one, other = (compare(base, pilot, replicates=1, engine=engine) for engine in ("kernels", "oracle"))
    assert np.array_equal(one.people, other.people)
    assert not np.array_equal(one.people[0], one.people[1])


def test_fewer_replicates_are_the_first_of_many() -> None:
    few = compare(local().base, local().pilot, replicates=2, seed=SEED)
    assert np.array_equal(few.people, local().people[:, :2])


def test_common_luck_makes_the_difference_far_steadier_than_luck_of_its_own() -> None:
    pilot = town(policies=(Stars(thresholds=[1, 2, 4, 8, 16], start_week=14),))
    study = compare(town(), pilot, replicates=16, seed=SEED)
    base, treated = study.draws("hours")
    paired = (treated - base).var(ddof=1)
    independent = base.var(ddof=1) + treated.var(ddof=1)
    print(f"variance of the difference: paired {paired:.0f}, independent {independent:.0f}")
    assert paired < 0.6 * independent


def test_the_total_is_the_effect_inside_and_the_spill_over_is_none() -> None:
    study = local()
    total, inside, outside = (study.effect("hours", estimand) for estimand in ("total", "att", "spillover"))
    assert study.pilot_districts == ("D02",)
    assert outside.value == outside.se == 0
    assert total.value == pytest.approx(inside.value)
    by_hand = (study.people[1, :, 1, 6:, M.HOURS] - study.people[0, :, 1, 6:, M.HOURS]).sum(axis=1) / 4 * 52 / 18
    assert inside.value == pytest.approx(by_hand.mean())
    assert inside.se == pytest.approx(by_hand.std(ddof=1) / np.sqrt(5))
    assert (inside.estimand, inside.unit, inside.n) == ("att", "h per year", 5)


def test_the_interval_is_students_around_the_mean_paired_difference() -> None:
    found = local().effect("hours", level=0.95)
    assert found.low < found.value < found.high
    assert (found.high - found.low) / 2 / found.se == pytest.approx(2.776, abs=2e-3)       # t, 4 degrees of freedom
    wider = local().effect("hours", level=0.99)
    assert wider.high > found.high


@pytest.mark.parametrize("by", sorted(GROUPS))
@pytest.mark.parametrize("key", ["hours", "attendances", "joined", "left", "stars", "trained"])
def test_subgroups_add_up_to_the_total(by: str, key: str) -> None:
    study = local()
    parts = [study.effect(key, group=(by, name)).value for name in GROUPS[by]]
    assert sum(parts) == pytest.approx(study.effect(key).value, abs=1e-9)
    stocks = [study.draws("registered", group=(by, name)) for name in GROUPS[by]]
    assert np.allclose(sum(stocks), study.draws("registered"))


def test_districts_add_up_to_the_total() -> None:
    table = local().effects(["hours", "attendances"], by="district")
    assert list(table["district"]) == ["D01", "D02", "D03"] * 2
    for key in ("hours", "attendances"):
        own = table[table["indicator"] == key]
        assert own["value"].sum() == pytest.approx(local().effect(key).value)
        assert (own["pilot"] - own["base"]).to_numpy() == pytest.approx(own["value"].to_numpy())


def test_the_weeks_of_an_effect_average_to_it() -> None:
    study = local()
    weekly = study.weekly("hours")
    assert list(weekly["week"]) == list(range(24))
    assert (weekly["effect"][:6] == 0).all()
    assert weekly["effect"][6:].mean() == pytest.approx(study.effect("hours").value)


def test_a_window_of_weeks_counts_those_weeks_only() -> None:
    study = local()
    assert study.effect("hours", weeks=range(6)).value == 0
    late = study.effect("attendances", weeks=range(20, 24))
    counts = study.people[:, :, :, 20:24, M.ATTENDED].sum(axis=(2, 3)) * 13
    assert late.value == pytest.approx((counts[1] - counts[0]).mean())


def test_a_gate_displaces_nobody_outside_and_trains_more_people_inside() -> None:
    study = local()
    assert study.effect("trained", "att").low > 0
    assert (study.tasks[1, :, 1, 6:, A.GATED] >= study.tasks[0, :, 1, 6:, A.GATED]).all()


def test_the_shared_worlds_of_presets_can_be_compared() -> None:
    study = study_of("plain", "lively", 2)
    assert study.touched[0] is not None
    assert study.touched[0] >= 0
    assert [column.upper() for column in COLUMNS] == [metric.name for metric in M]


@pytest.mark.parametrize(("arguments", "message"), [
    ({"key": "huors"}, r"Did you mean 'hours'\?"),
    ({"key": "hours", "districts": ["D09"]}, r"district 'D09' is unknown; allowed D01, D02, D03"),
    ({"key": "hours", "group": ("sex", "woman")}, r"allowed men, women"),
    ({"key": "hours", "group": ("gender", "women")}, r"allowed sex, age, party_member"),
    ({"key": "hours", "group": ("sex", "women"), "districts": ["D01"]}, r"cannot be combined"),
    ({"key": "fill_rate", "group": ("sex", "women")}, r"counts tasks and has no subgroups"),
    ({"key": "hours", "estimand": "att effect"}, r"allowed total, att, spillover"),
    ({"key": "hours", "estimand": "ATT"}, r"allowed total, att, spillover"),
    ({"key": "hours", "weeks": range(24, 30)}, r"weeks"),
    ({"key": "hours", "weeks": range(-4, 0)}, r"weeks"),
    ({"key": "hours", "weeks": range(5, 5)}, r"weeks"),
    ({"key": "hours", "weeks": range(0, 24, 2)}, r"weeks"),
    ({"key": "hours", "districts": []}, r"district"),
])
def test_a_wrong_question_is_refused_with_what_is_allowed(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        local().effect(**arguments)            # type: ignore[arg-type]


@pytest.mark.parametrize("level", [0, 1.0, 95, -0.5])
def test_a_level_that_is_no_share_is_refused_with_an_example(level: float) -> None:
    with pytest.raises(VsimError, match=r"0\.95"):
        local().effect("hours", level=level)


def test_a_district_named_twice_counts_once() -> None:
    once, twice = (local().effect("hours", districts=codes) for codes in (["D02"], ["D02", "D02"]))
    assert once.value == twice.value != 0


def test_an_effect_of_a_subgroup_inside_is_that_of_the_subgroup_inside_or_is_refused() -> None:
    """The answer must be what its label says: here D02 alone is treated, the others hold most women."""
    study = local()
    try:
        found = study.effect("registered", "att", group=("sex", "women"))
        bases = study.effects(["registered"], by="sex", estimand="att")
    except UsageError:
        return
    inside = study.draws("registered", districts=["D02"])[0].mean()
    assert found.estimand == "att"
    assert bases["base"].sum() == pytest.approx(inside)


def test_effects_by_an_unknown_split_are_refused() -> None:
    with pytest.raises(UsageError, match="allowed district, sex, age, party_member"):
        local().effects(["hours"], by="gender")


def test_an_estimand_without_districts_is_refused() -> None:
    same = compare(town(), town(), replicates=1)
    with pytest.raises(UsageError, match="estimand 'att' has no district"):
        same.effect("hours", "att")


@pytest.mark.parametrize(("fields", "message"), [
    ({"weeks": 23}, "weeks differs"), ({"warmup_weeks": 5}, "warmup_weeks differs"),
])
def test_arms_with_another_calendar_are_refused(fields: dict[str, int], message: str) -> None:
    own = {name: getattr(town(), name) for name in Scenario.model_fields}
    with pytest.raises(UsageError, match=message):
        compare(town(), Scenario(**{**own, **fields}))


def test_arms_with_another_world_or_no_replicate_are_refused() -> None:
    with pytest.raises(UsageError, match="world differs"):
        compare(town(), town(residents=601))
    with pytest.raises(UsageError, match="replicates is 0; allowed 1 or more"):
        compare(town(), town(), replicates=0)


def test_progress_is_told_for_every_district_of_every_replicate() -> None:
    seen: list[tuple[int, int]] = []
    compare(town(), town(policies=levers()[:1]), replicates=2, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i + 1, 6) for i in range(6)]
    assert scenario_of("plain").hash == town().hash
