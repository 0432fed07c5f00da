"""Feedback at edges of epochs: equal to an ordinary run of the edited schedule; edges alone change nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import SEED, town
from tests.run.test_nation import DISTRICTS, WORLD, made, same
from vsim.errors import UsageError
from vsim.levers.points import Points
from vsim.levers.publicity import Publicity
from vsim.levers.stars import Stars
from vsim.run import nation_batch
from vsim.run.compare import compare
from vsim.run.nation import moves_of, nation_of, outcome, read, replay
from vsim.run.nation_feedback import FILE, METRICS, Move, check_past, edges_of, edited, moves_at, read_moves, seen_by
from vsim.run.nation_progress import load, progress_file
from vsim.run.run import simulate
from vsim.run.settle import in_force, settle
from vsim.spec.feedback import Feedback
from vsim.spec.policy import Policy, Rollout, ScheduledPolicy
from vsim.spec.scenario import Scenario
from vsim.world.city import city_of, districts_of

pytestmark = pytest.mark.slow
PRICE = Feedback(policy="points", parameter="price", follows="attended", per="registered", target=500, gain=-4, least=2,
                 most=9, every=6)
POSTS = Feedback(policy="publicity", parameter="posts", follows="willing", target=2000, gain=3, least=1, most=12,
                 every=8)
POLICIES = (Stars(thresholds=[2, 5, 10]), Points(per_hour=2.0, price=5.0, start_week=2),
            Publicity(posts=4, start_week=4, end_week=20))


def ruled(*rules: Feedback, policies: tuple[object, ...] = POLICIES) -> Scenario:
    scenario = town(residents=2100, districts=DISTRICTS, policies=policies)
    return Scenario(**{**{name: getattr(scenario, name) for name in Scenario.model_fields}, "feedback": list(rules)})


RULED = ruled(PRICE, POSTS)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feedback") / "run"
    made(folder, RULED)
    return folder


def as_policies(schedule: tuple[ScheduledPolicy, ...] | list[ScheduledPolicy]) -> list[Policy]:
    """Return a schedule as a person would write it."""
    return [Policy(lever=p.lever, start_week=p.start_week, end_week=p.end_week, districts=list(p.districts),
                   values={name: list(v) if isinstance(v, tuple) else v for name, v in p.values.items()})
            for p in schedule]


@pytest.mark.parametrize("epoch", [3, 13, 24, 99])
def test_edges_alone_change_no_value(tmp_path: Path, epoch: int) -> None:
    plain, cut = made(tmp_path / "plain"), made(tmp_path / "cut", epoch=epoch)
    assert cut.checksum == plain.checksum
    for name in plain.rows:
        same(read(tmp_path / "cut", name), read(tmp_path / "plain", name))
    assert not list((tmp_path / "cut").glob("progress/*/*.bin"))


def test_a_run_with_rules_is_an_ordinary_run_of_the_edited_schedule(moved: Path, tmp_path: Path) -> None:
    moves = outcome(moved).moves
    assert {move.week for move in moves} == {6, 8, 12, 16, 18}, "publicity ends in week 20, points go on"
    assert {move.policy for move in moves if move.after != move.before} == {"points", "publicity"}
    schedule = edited(in_force(RULED, districts_of(RULED.world, RULED.values)), moves)
    assert len(schedule) == len(POLICIES) + sum(move.after != move.before for move in moves)
    ordinary = town(residents=2100, districts=DISTRICTS, policies=tuple(as_policies(schedule)))
    assert made(tmp_path / "run", ordinary).checksum == outcome(moved).checksum
    for name in outcome(moved).rows:
        same(read(tmp_path / "run", name), read(moved, name))
    assert made(tmp_path / "still", ruled()).checksum != outcome(moved).checksum, "the rules do something"


def test_what_a_rule_saw_is_what_the_tables_say(moved: Path) -> None:
    weekly = read(moved, "weekly").groupby("week").sum()
    value = {"points": 5.0, "publicity": 4.0}
    for move in outcome(moved).moves:
        rule = RULED.feedback[move.rule]
        window = weekly.loc[move.week - rule.every : move.week - 1]
        assert len(window) == rule.every
        seen = (1000 * window["attended"].sum() / window["registered"].sum() if move.policy == "points"
                else window["willing"].sum() / rule.every)
        assert move.seen == pytest.approx(seen, rel=1e-12)
        assert move.before == value[move.policy]
        expected = np.clip(move.before + rule.gain * (rule.target - seen) / rule.target, rule.least, rule.most)
        assert move.after == pytest.approx(float(expected), abs=1e-6)
        value[move.policy] = move.after
    assert [Move(**one) for one in json.loads((moved / FILE).read_text())] == list(outcome(moved).moves)


@pytest.mark.parametrize("how", [{"batch": 1, "threads": 2}, {"batch": DISTRICTS, "threads": 1}, {"epoch": 5},
                                 {"records": "none"}])
def test_neither_batches_nor_threads_nor_more_edges_change_what_rules_do(
    moved: Path, tmp_path: Path, how: dict[str, object]
) -> None:
    other = made(tmp_path / "run", RULED, **how)
    assert (other.checksum, other.moves) == (outcome(moved).checksum, outcome(moved).moves)


@pytest.mark.parametrize("lost", ["progress", "cut", "of another week", "notes", "edits"])
def test_it_goes_on_inside_any_epoch_whatever_is_lost(
    moved: Path, tmp_path: Path, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in an epoch, and then something of what it kept is gone: the same end."""
    folder, kept, noted = tmp_path / "run", progress_file(tmp_path / "run", 1, 1), nation_batch.write_epoch_note

    def stopping(out: Path, epoch: int, number: int, *rest: object) -> None:
        noted(out, epoch, number, *rest)                                           # type: ignore[arg-type]
        if (epoch, number) == (1, 1):
            raise InterruptedError

    monkeypatch.setattr(nation_batch, "write_epoch_note", stopping)
    with pytest.raises(InterruptedError):
        made(folder, RULED, threads=1)
    monkeypatch.undo()
    assert kept.exists()
    if lost == "progress":
        kept.unlink()
    elif lost == "cut":
        kept.write_bytes(kept.read_bytes()[:-10])
        assert load(kept, 3, 8) is None
    elif lost == "of another week":
        assert load(kept, 3, 8) is not None
        assert load(kept, 3, 7) is None
        assert load(kept, 2, 8) is None
        kept.write_bytes(kept.read_bytes().replace(b'"week": 8,', b'"week": 7,'))
        assert load(kept, 3, 8) is None
    elif lost == "notes":
        for note in folder.glob("notes/epoch-000/*.json"):
            note.write_text('{"totals": [[1.5]]}', encoding="utf-8")
    else:
        (folder / FILE).write_text("[]", encoding="utf-8")
    ended = made(folder, RULED, threads=1)
    assert (ended.checksum, ended.moves) == (outcome(moved).checksum, outcome(moved).moves)
    assert not list(folder.glob("progress/*/*.bin"))


def test_a_person_is_told_again_as_moved(moved: Path) -> None:
    points = read(moved, "points")
    spent = points[(points["week"] > 6) & (points["kind"] == 1)]["volunteer"].unique()[:12].tolist()
    after, before, others = nation_of(RULED, SEED, moves_of(RULED, SEED, moved)), nation_of(RULED, SEED), 0
    for volunteer in spent:
        told, still = (pd.DataFrame(replay(nation, volunteer)["points"]) for nation in (after, before))
        others += not told.equals(still)
        same(told, points[points["volunteer"] == volunteer])
    assert others > 0, "without the moves nobody is another: the test tells nothing"
    with pytest.raises(UsageError, match="allowed with --run"):
        moves_of(RULED, SEED, None)
    with pytest.raises(UsageError, match="with seed"):
        moves_of(RULED, SEED + 1, moved)
    assert moves_of(WORLD, SEED, None) == ()


def test_a_policy_that_is_rolled_out_moves_in_every_batch() -> None:
    rollout = Rollout(order="need", batch=2, every=4)
    stars = Policy(lever="points", values={"price": 5.0}, start_week=2, rollout=rollout)
    rule = PRICE.model_copy(update={"per": None, "target": 10})
    scenario = ruled(rule, policies=(stars,))
    policies = in_force(scenario, districts_of(scenario.world, scenario.values))
    counts = np.zeros((6, len(METRICS)), dtype=np.int64)
    counts[:, METRICS.index("attended")] = 20
    moves = moves_at(scenario, policies, 6, counts)
    assert moves == [Move(6, 0, "points", "price", 20.0, 5.0, 9.0)]
    after = edited(policies, moves)
    assert {(p.start_week, p.end_week, p.values["price"]) for p in after} == {
        (2, 6, 5.0), (6, 24, 9.0), (10, 24, 9.0), (14, 24, 9.0)}
    assert moves_at(scenario, policies, 7, counts) == []


def test_a_rule_of_which_nobody_is_seen_rests() -> None:
    counts = np.zeros((12, len(METRICS)), dtype=np.int64)
    assert seen_by(PRICE, counts) is None
    scenario = RULED
    policies = in_force(scenario, districts_of(scenario.world, scenario.values))
    assert moves_at(scenario, policies, 6, counts) == [Move(6, 0, "points", "price", None, 5.0, 5.0)]
    assert edited(policies, moves_at(scenario, policies, 6, counts)) == tuple(policies)


def test_weeks_gone_by_cannot_be_changed() -> None:
    city = city_of(RULED.world, RULED.warmup_weeks, RULED.values)[:1]
    policies = in_force(RULED, [city[0].district])
    move = Move(8, 0, "points", "price", 1.0, 5.0, 6.0)
    before, after = settle(RULED, city, policies=policies), settle(RULED, city, policies=list(edited(policies, [move])))
    check_past(before, after, 8, [move])
    with pytest.raises(UsageError, match="to move points in week 9 would change week 8, which was run"):
        check_past(before, after, 9, [move])


def test_edges_are_those_of_every_rule_and_of_the_epoch() -> None:
    assert edges_of(RULED, None) == [6, 8, 12, 16, 18, 24]
    assert edges_of(RULED, 10) == [6, 8, 10, 12, 16, 18, 20, 24]
    assert edges_of(WORLD, None) == [24]
    for name, given, words in (("follows", "atended", "is 'atended'.*attended"),
                               ("per", "joined", "is 'joined'; allowed registered")):
        with pytest.raises(UsageError, match=rf"feedback\[0\].{name} {words}"):
            edges_of(ruled(PRICE.model_copy(update={name: given})), None)
    with pytest.raises(UsageError, match="epoch is 0"):
        edges_of(WORLD, 0)


def test_a_run_in_memory_refuses_rules_that_it_cannot_follow() -> None:
    for ask in (lambda: simulate(RULED), lambda: compare(RULED, RULED, replicates=1)):
        with pytest.raises(UsageError, match="allowed in `vsim run nation`"):
            ask()


def test_moves_that_are_spoilt_are_refused(tmp_path: Path) -> None:
    for text in ("", "[1]", '[{"week": 1}]'):
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=f"holds no {FILE}"):
            read_moves(tmp_path)
