"""Limiting cases, where the answer is known without a model: nobody, nothing to do, nobody told, no records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests import moved_worlds
from tests.engine_worlds import SEED, alone, book, town
from vsim.levers.points import Points
from vsim.levers.stars import Stars
from vsim.levers.training_gate import TrainingGate
from vsim.process.recording import COPIED, HALF, INFLATED, RECORDED, VERIFIED
from vsim.rng import stream_key
from vsim.run.district import Engine, Progress, advance, begin
from vsim.run.run import Run
from vsim.run.settle import Settled, settle
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit, unit_of
from vsim.world.ledgers import SHOWED, UNUSED, Book
from vsim.world.metrics import A, M
from vsim.world.state import UNREGISTERED

pytestmark = pytest.mark.slow

KEY = stream_key(SEED)
ENGINES = pytest.mark.parametrize("engine", ["kernels", "oracle"])
HOURS, ENTERED, DUE, FLAGS = 3, 4, 5, 6
LADDER = Stars(thresholds=[1, 2])
SHOP = Points(per_hour=2.0, price=5.0)


def world(parameters: dict[str, float] | None = None, *policies: object, share: float = 0.8) -> tuple[Unit, Settled]:
    return alone(scene(parameters, *policies, share=share))


def scene(parameters: dict[str, float] | None = None, *policies: object, share: float = 0.8) -> Scenario:
    return town(parameters, residents=250, districts=1, weeks=8, warmup=2, share=share, policies=policies)


def run(unit: Unit, settled: Settled, engine: Engine = "kernels") -> Progress:
    return advance(unit, settled, KEY, begin(unit, settled), settled.weeks, engine)


def total(end: Progress, *metrics: M | A) -> list[int]:
    """Return sums over weeks and cells."""
    return [
        int((end.counts.people if isinstance(metric, M) else end.counts.tasks)[..., metric].sum()) for metric in metrics
    ]


def attended(end: Progress) -> np.ndarray:
    rows = book(end, Book.PLACEMENTS)
    return rows[(rows[:, FLAGS] & (SHOWED | UNUSED)) == SHOWED]            # who came and was needed


@ENGINES
def test_the_ordinary_town_is_alive(engine: Engine) -> None:
    """Without this, every test below could pass in an empty world."""
    end = run(*world(None, LADDER, SHOP), engine)
    assert min(total(end, M.JOINED, M.HOURS, M.ABSENT, M.COPIES, M.STARS, M.POINTS_EARNED, M.TRAINED, A.GATED)) > 0


@ENGINES
def test_without_registered_or_joining_people_nobody_serves(engine: Engine) -> None:
    end = run(*world({"registration.base": -16.0, "registration.contact": 0.0}, share=0.0), engine)
    assert total(end, M.REGISTERED, M.JOINED, M.WILLING, M.PLACED, M.HOURS, M.SERVING) == [0] * 6
    assert total(end, A.POSTED)[0] > 0
    assert (end.state.status == UNREGISTERED).all()


@ENGINES
def test_a_register_of_everybody_has_nobody_left_to_join(engine: Engine) -> None:
    unit, settled = world(share=1.0)
    end = run(unit, settled, engine)
    outside = int((unit.state.status == UNREGISTERED).sum())
    assert outside <= 2                     # the logistic table ends at 12 logits
    assert total(end, M.JOINED)[0] <= outside


@ENGINES
def test_without_demand_nothing_is_posted_or_placed(engine: Engine) -> None:
    end = run(*world({"demand.discovered": 0.0, "demand.discovered_far": 0.0}), engine)
    assert total(end, A.POSTED, A.SEATS, A.FILLED, M.WILLING, M.PLACED, M.HOURS) == [0] * 6
    assert total(end, A.ARISEN)[0] > 0, "needs arise, only nobody sees them"


@ENGINES
def test_without_awareness_nobody_takes_part(engine: Engine) -> None:
    silent = {f"participation.{name}": 0.0 for name in ("aware_base", "aware_platform", "ask", "keep")}
    end = run(*world(silent), engine)
    assert total(end, M.WILLING, M.PLACED) == [0, 0]
    assert total(end, A.POSTED)[0] > 0


@ENGINES
def test_with_full_awareness_and_endless_taste_everybody_takes_part(engine: Engine) -> None:
    eager = {"participation.aware_base": 0.6, "participation.aware_platform": 0.6, "participation.keep": 1.0,
             "participation.taste_mean": 3.0, "participation.taste_sd": 0.0, "choice.menu_reference": 0.1}
    unit, settled = world(eager)
    settled = replace(settled, lookups=settled.lookups._replace(aware=np.full_like(settled.lookups.aware, 65536)))
    settled = replace(settled, params=settled.params._replace(menu_reference=-40 * 1024, fatigue_weight=0))
    end = run(unit, settled, engine)
    posted = end.counts.tasks[:, A.POSTED] > 0
    began = end.counts.people[..., M.VOLUNTEERS] + end.counts.people[..., M.LEFT] - end.counts.people[..., M.RETURNED]
    shut_out = 2e-5 * began.sum()           # the logistic table ends just below one
    assert abs(total(end, M.WILLING)[0] - began[posted].sum()) <= max(1, shut_out)


@ENGINES
def test_an_activation_of_zero_leaves_a_register_of_zeros(engine: Engine) -> None:
    scenario = scene()
    values = {**scenario.values, "registration.activation": 0.0}
    made = alone(scenario)[0]
    unit = unit_of(scenario.world, made.district, scenario.warmup_weeks, values)
    end = run(unit, settle(scenario, [unit]), engine)
    assert not unit.ready.any()
    assert total(end, M.VOLUNTEERS, M.LAPSED, M.WILLING, M.HOURS) == [0] * 4
    assert min(total(end, M.REGISTERED, M.JOINED)) > 0


@ENGINES
def test_an_activation_of_one_leaves_nobody_waiting(engine: Engine) -> None:
    end = run(*world({"registration.activation": 1.0}), engine)
    registered, volunteers, lapsed = total(end, M.REGISTERED, M.VOLUNTEERS, M.LAPSED)
    assert registered == volunteers + lapsed


def test_in_a_huge_district_nobody_comes_from_far_away() -> None:
    unit, settled = world({"places.district_side": 60.0, "service.show_distance": 0.4, "choice.distance": 0.05})
    end = run(unit, settled)
    rows, tasks = book(end, Book.PLACEMENTS), book(end, Book.TASKS)
    source = tasks[rows[:, 2], 1]
    km = (np.abs(unit.people.x[rows[:, 1]] - unit.sources.x[source])
          + np.abs(unit.people.y[rows[:, 1]] - unit.sources.y[source])) / 100
    came = (rows[:, FLAGS] & SHOWED) > 0
    assert (km > 35).sum() > 20
    assert not came[km > 35].any()
    assert came[km < 10].any()


def test_a_larger_district_makes_service_rarer_and_no_shows_more_frequent() -> None:
    ends = [run(*world({"places.district_side": side})) for side in (0.5, 3.0, 20.0, 60.0)]
    hours = [total(end, M.HOURS)[0] for end in ends]
    absent = [total(end, M.ABSENT)[0] / total(end, M.PLACED)[0] for end in ends]
    assert hours[0] > hours[2] > hours[3]
    assert absent[0] < absent[2] < absent[3]


@ENGINES
def test_when_every_record_is_missing_the_register_is_empty_and_the_hours_are_true(engine: Engine) -> None:
    unit, settled = world(None, LADDER, SHOP)
    lost = replace(settled, params=settled.params._replace(missing=65536))
    end = run(unit, lost, engine)
    hidden = (M.RECORDED, M.RECORDED_HOURS, M.COPIES, M.VERIFIED_HOURS, M.ACTIVE_YEAR, M.STARS, M.POINTS_EARNED)
    assert total(end, *hidden) == [0] * len(hidden)
    assert total(end, M.HOURS, M.SERVED_YEAR)[0] > 0
    assert not (attended(end)[:, FLAGS] & RECORDED).any()


def test_what_the_register_misses_does_not_change_what_people_do() -> None:
    """Without stars and points, behaviour never looks at the register."""
    true_ones = [M.WILLING, M.PLACED, M.ATTENDED, M.HOURS, M.LEFT, M.JOINED, M.TRAINED]
    ends = [run(*world(wrong)) for wrong in (
        {}, {"recording.missing": 0.9}, {"recording.verified": 0.0}, {"recording.inflated": 0.5},
    )]
    for end in ends[1:]:
        assert np.array_equal(end.counts.people[..., true_ones], ends[0].counts.people[..., true_ones])


def test_without_duplicates_there_is_no_second_copy() -> None:
    end = run(*world({"recording.duplicate": 0.0}))
    assert total(end, M.COPIES, M.COPIED_HOURS) == [0, 0]
    assert not (attended(end)[:, FLAGS] & COPIED).any()


def test_without_errors_the_register_is_the_truth() -> None:
    flawless = {f"recording.{name}": 0.0 for name in ("missing", "rounded_half", "rounded_up", "inflated", "duplicate")}
    end = run(*world({**flawless, "recording.verified": 1.0, "recording.late_mean": 0.001}))
    rows = attended(end)
    assert np.array_equal(rows[:, HOURS], rows[:, ENTERED])
    assert not (rows[:, FLAGS] & (COPIED | INFLATED | HALF)).any()
    hours, recorded, verified = total(end, M.HOURS, M.RECORDED_HOURS, M.VERIFIED_HOURS)
    assert hours == recorded == verified


def test_a_mean_delay_of_zero_weeks_enters_every_record_at_once() -> None:
    end = run(*world({"recording.late_mean": 0.0}))
    rows = attended(end)
    assert np.array_equal(rows[:, DUE], rows[:, 0])


def test_a_mean_inflation_of_a_quarter_hour_adds_a_quarter_hour() -> None:
    one = {"recording.inflated_hours": 0.25, "recording.inflated": 0.5, "recording.rounded_half": 0.0,
           "recording.rounded_up": 0.0}
    rows = attended(run(*world(one)))
    added = rows[(rows[:, FLAGS] & INFLATED) > 0]
    assert len(added) > 10
    assert (added[:, ENTERED] - added[:, HOURS] == 1).all()


@ENGINES
def test_without_verification_there_are_no_stars_and_no_points(engine: Engine) -> None:
    end = run(*world({"recording.verified": 0.0}, LADDER, SHOP), engine)
    assert total(end, M.VERIFIED_HOURS, M.STARS, M.POINTS_EARNED, M.POINTS_HELD) == [0] * 4
    assert total(end, M.RECORDED)[0] > 0
    assert not (attended(end)[:, FLAGS] & VERIFIED).any()


@ENGINES
def test_a_gate_on_every_task_without_a_seat_shuts_everybody_out(engine: Engine) -> None:
    end = run(*world({"training.gated_share": 1.0, "training.seats": 0.0}), engine)
    assert total(end, M.WILLING, M.PLACED, M.TRAINED, M.COURSE_HOURS, A.COURSE_SEATS) == [0] * 5
    assert total(end, A.POSTED, A.GATED)[0] == total(end, A.GATED)[0] > 0


def test_a_gate_of_zero_adds_none_to_those_there_are_and_a_gate_of_one_gates_everything() -> None:
    for share, before in ((0.0, 0.0), (1.0, 0.0), (1.0, 0.1)):
        end = run(*world({"training.gated_share": before}, TrainingGate(gated_share=share, seats=50.0, uptake=0.5)))
        ran = slice(2, None)                # the run-up knows no policy
        gated, posted = end.counts.tasks[ran, A.GATED].sum(), end.counts.tasks[ran, A.POSTED].sum()
        assert gated == share * posted
        assert posted > 0


def test_with_a_bad_menu_nobody_leaves_home() -> None:
    unit, settled = world()
    far = replace(settled, params=settled.params._replace(menu_reference=40 * 1024))
    assert total(run(unit, far), M.WILLING)[0] <= 1


def test_a_course_that_nobody_passes_certifies_nobody() -> None:
    unit, settled = world({}, TrainingGate(gated_share=0.5, seats=50.0, uptake=0.5))
    end = run(unit, replace(settled, params=settled.params._replace(course_passed=0)))
    assert total(end, M.TRAINED, A.GATED_FILLED) == [0, 0]
    assert total(end, M.COURSE_HOURS)[0] > 0


def test_without_exit_and_return_the_volunteers_only_grow() -> None:
    unit, settled = world()
    stay = settled.params._replace(exit_base=-(1 << 20), return_base=0, return_asked=0)
    end = run(unit, replace(settled, params=stay))
    assert total(end, M.LEFT, M.RETURNED) == [0, 0]
    assert (np.diff(end.counts.people[..., M.VOLUNTEERS].sum(axis=1)) >= 0).all()


def test_one_seat_for_all_goes_to_the_first_in_the_queue() -> None:
    unit, settled = world({"demand.people_median": 1.0, "demand.people_log_sd": 0.0, "demand.twice": 0.0})
    end = run(unit, settled)
    assert (book(end, Book.TASKS)[:, 2] == 1).all()
    assert total(end, A.FILLED)[0] <= total(end, A.POSTED)[0]
    assert total(end, M.UNPLACED)[0] > 0


def test_a_run_of_one_week_without_a_run_up_is_a_run() -> None:
    unit, settled = alone(town(residents=120, districts=1, weeks=1, warmup=0, share=0.8))
    end = run(unit, settled)
    assert end.counts.people.shape[0] == 1
    assert end.counts.people[0, :, M.REGISTERED].sum() > 0


def test_the_smallest_world_runs() -> None:
    for engine in ("kernels", "oracle"):
        unit, settled = alone(town(residents=100, districts=2, weeks=3, warmup=0, share=0.8), 1)
        end = run(unit, settled, engine)      # type: ignore[arg-type]
        assert end.week == 3


# ---- terms of policy without weight, and tables of policy at zero ----------------------------------


MOVED = moved_worlds.settled_of(1)
MOVED_UNIT = moved_worlds.city()[0]


def moved(tables: dict[str, int] | None = None, engine: Engine = "kernels", **params: int) -> Progress:
    """Run a district of a world in which every table is moved, with some tables and scalars set."""
    weekly = MOVED.weekly._replace(**{
        name: np.full_like(getattr(MOVED.weekly, name), value) for name, value in (tables or {}).items()
    })
    settled = replace(MOVED, weekly=weekly, params=MOVED.params._replace(**params))
    return advance(MOVED_UNIT, settled, KEY, begin(MOVED_UNIT, settled), settled.weeks, engine)


def sum_of(end: Progress) -> str:
    return Run(moved_worlds.scenario(), SEED, 0, MOVED, [MOVED_UNIT], [end]).checksum


# a term without weight -> what then makes no difference whatever it is (tables, scalars)
WEIGHTLESS: dict[str, tuple[dict[str, int], dict[str, int], list[tuple[dict[str, int], dict[str, int]]]]] = {
    "oath": ({"oath": 0}, {}, [({}, {"oath": 900, "oath_show": 900})]),
    "team_exit": ({"team": 0}, {}, [({}, {"exit_team": -900})]),
    "duty": ({"duty": 0}, {}, [({"duty_logit": 900}, {"duty_cost": 900, "duty_quality": 900})]),
    "cover": ({"cover_asked": 0, "cover": 0}, {}, [({}, {"cover_pull": 900})]),
    "incident": ({"hazard": 0}, {}, [({}, {"incident": 9000, "trust_shock": 9000})]),
    "unused": ({"overbook": 1024, "twice": 0}, {}, [({}, {"unused": 60000})]),
    "redeem": ({"redeem": 0}, {}, [({"price": 1}, {}), ({"price": 90}, {})]),
    "courtesy": ({"courtesy": 0}, {}, [({"courtesy_star": 0}, {}), ({"courtesy_star": 5}, {})]),
    "credit_need": ({"credit_need": 0}, {}, [({"credit_age": 0}, {}), ({"credit_kin": 1}, {"visit": 9})]),
    "inspect": ({"org_inspect": 0}, {}, [({"org_target": 65536, "org_suspend": 52}, {"org_violation": 65536})]),
    "command": ({"overflow": 0, "command": 0}, {}, [({"alarm": 1}, {})]),
    "practice": ({"org_adopt": 0}, {}, [({}, {"spread": 65536, "practice": 9000})]),
    "seed": ({"credit_seed": 0}, {}, [({}, {"seed_age": 1})]),
}


@pytest.mark.parametrize("term", WEIGHTLESS)
def test_a_term_that_is_switched_off_leaves_the_checksum_alone(term: str) -> None:
    tables, params, others = WEIGHTLESS[term]
    usual = moved(tables, **params)
    for more_tables, more_params in others:
        assert sum_of(moved({**tables, **more_tables}, **{**params, **more_params})) == sum_of(usual), term
    assert sum_of(usual) != sum_of(moved()), "the term did something before"


def behaviour(end: Progress) -> list[np.ndarray]:
    kept = [M.WILLING, M.PLACED, M.ATTENDED, M.HOURS, M.LEFT, M.RETURNED, M.JOINED]
    return [end.counts.people[..., kept], end.state.satisfaction, end.state.habit]


@pytest.mark.parametrize(("table", "zeros"), [
    ("honour", {"honour": 0, "exit_award": 0}), ("oath", {"oath": 0, "oath_show": 0}), ("team", {"exit_team": 0}),
])
def test_with_coefficients_of_zero_an_honour_a_pledge_or_a_team_changes_nobodys_service(
    table: str, zeros: dict[str, int]
) -> None:
    with_it, without = moved(None, **zeros), moved({table: 0}, **zeros)
    count = {"honour": M.HONOURED, "oath": M.SWORN, "team": M.TEAMED}[table]
    assert total(with_it, count)[0] > 0
    assert total(without, count) == [0]
    assert all(np.array_equal(a, b) for a, b in zip(behaviour(with_it), behaviour(without), strict=True))
    felt = [behaviour(moved(tables, exit_team=-4000)) for tables in ({table: 0}, None)]
    assert not all(np.array_equal(a, b) for a, b in zip(*felt, strict=True)), "with its coefficient it does"


def test_without_weight_peers_pull_nobody_and_with_it_they_do() -> None:
    quiet_town, same, pulled = moved(peer=0), moved(peer=0), moved(peer=2000)
    assert sum_of(quiet_town) == sum_of(same) != sum_of(pulled)


def test_without_weight_trust_brings_nobody_in() -> None:
    one, other = moved(trust_join=0), moved(trust_join=0, trust_shock=9000)
    assert total(one, A.TRUST) != total(other, A.TRUST)
    assert all(np.array_equal(a, b) for a, b in zip(behaviour(one), behaviour(other), strict=True))


@pytest.mark.parametrize(("tables", "metrics"), [
    ({"stand_in": 0}, [M.STOOD_IN]), ({"overbook": 1024, "twice": 0}, [M.UNUSED]), ({"hazard": 0}, [M.INCIDENTS]),
    ({"conduct": 0}, [M.BREACHES]), ({"online": 0}, [M.ONLINE, A.ONLINE_TASKS]), ({"honour": 0}, [M.HONOURED]),
    ({"oath": 0}, [M.SWORN]), ({"team": 0}, [M.TEAMED]), ({"duty": 0}, [M.DUTY_DONE]),
    ({"credit_hour": 0, "credit_need": 0}, [M.CREDIT_EARNED, M.CREDIT_SPENT, M.CREDIT_REFUSED]),
    ({"credit_seed": 0}, [M.CREDIT_SEEDED]), ({"credit_cap": 0}, [M.CREDIT_DONATED]),
    ({"credit_expire": 0}, [M.CREDIT_EXPIRED]), ({"overflow": 0, "alarm": 0}, [A.HELPED_ON]),
    ({"org_inspect": 0}, [A.INSPECTED, A.VIOLATIONS, A.SUSPENDED]), ({"twice": 0}, [A.TWICE]),
    ({"org_income": 0, "org_task": 0}, [A.ORG_INCOME]), ({"seats": 0, "more_seats": 0}, [M.TRAINED, A.COURSE_SEATS]),
])
@ENGINES
def test_a_table_of_policy_at_zero_counts_nothing(
    engine: Engine, tables: dict[str, int], metrics: list[M | A]
) -> None:
    assert total(moved(tables, engine), *metrics) == [0] * len(metrics)
