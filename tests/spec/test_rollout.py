"""A roll-out chooses districts in its order and starts them in batches; nothing of it is left to chance here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsim.errors import UsageError
from vsim.spec.policy import Policy, Rollout, ScheduledPolicy, ScheduledRollout
from vsim.spec.rollout import DistrictFacts, chosen, late_start, planned, resolve
from vsim.spec.scenario import load_scenario
from vsim.spec.schedule import schedule

START = date(2025, 1, 6)
CODES = tuple(f"D{number:02d}" for number in range(1, 11))
ORDERS = ("listed", "random", "need", "selective")
FACTS = {code: DistrictFacts(need=(7 * n) % 11, momentum=(3 * n) % 11, word=(5 * n) % 11)
         for n, code in enumerate(CODES, start=1)}
SMALL = """world: {residents: 1000, districts: 10, prefectures: 2, registered_share: 0.2}
start: 2025-01-06
weeks: 52
policies:
"""


def one(rollout: Any, **fields: Any) -> ScheduledPolicy:
    """Return the one policy of a run of 52 weeks."""
    return schedule([Policy(lever="stars", rollout=rollout, **fields)], START, 52, CODES, {})[0]


def refused(words: str, act: Callable[[], object]) -> None:
    with pytest.raises(UsageError) as error:
        act()
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_a_file_becomes_batches(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(SMALL + """- lever: stars
  start_week: 4
  announced_week: 2
  end_week: 40
  districts: [D09, D02, D05, D07, D01]
  rollout: {order: listed, number: 4, batch: 3, every: 6}
""", encoding="utf-8")
    scenario = load_scenario(path)
    (planned_policy,) = scenario.schedule()
    said = planned_policy.to_dict()
    assert said["rollout"] == {"order": "listed", "number": 4, "batch": 3, "every": 6, "salt": 0}
    assert said["districts"] == ["D09", "D02", "D05", "D07", "D01"]
    assert scenario.canonical()["policies"] == [said]
    assert Policy(**scenario.policies[0].model_dump()) == scenario.policies[0]
    batches = resolve(planned_policy, {})
    assert [(b.start_week, b.end_week, b.announced_week, b.districts) for b in batches] == [
        (4, 40, 2, ("D02", "D05", "D09")), (10, 40, 8, ("D07",))]
    assert all("rollout" not in batch.to_dict() for batch in batches)


def test_the_order_says_who_is_first() -> None:
    by_need = sorted(CODES, key=lambda code: (-FACTS[code].need, code))
    by_growth = sorted(CODES, key=lambda code: (-FACTS[code].momentum, code))
    by_word = sorted(CODES, key=lambda code: (FACTS[code].word, code))
    assert len({tuple(by_need), tuple(by_growth), tuple(by_word), CODES}) == 4
    for order, expected in zip(ORDERS, (list(CODES), by_word, by_need, by_growth), strict=True):
        assert chosen(one({"order": order, "number": 3}), FACTS) == expected[:3], order
        batches = resolve(one({"order": order, "batch": 1, "every": 2}), FACTS)
        assert [batch.districts for batch in batches] == [(code,) for code in expected], order
        assert [batch.start_week for batch in batches] == list(range(0, 20, 2))


def test_ties_go_by_code_wherever_the_file_lists_them() -> None:
    same = dict.fromkeys(CODES, DistrictFacts(5, 5, 5))
    for order in ("random", "need", "selective"):
        policy = one({"order": order, "number": 2}, districts=["D09", "D03", "D06"])
        assert chosen(policy, same) == ["D03", "D06"]
        assert chosen(replace(policy, districts=("D09", "D03", "D06")), same) == ["D03", "D06"]


def test_only_the_order_listed_hears_the_order_of_the_file() -> None:
    for order in ORDERS:
        there, back = (one({"order": order, "number": 1}, districts=d) for d in (["D03", "D01"], ["D01", "D03"]))
        assert (there.to_dict() == back.to_dict()) is (order != "listed")
    assert one({"number": 1}, districts=["D03", "D01", "D03"]).districts == ("D03", "D01")


def test_districts_outside_the_policy_are_never_chosen() -> None:
    for order in ORDERS:
        batches = resolve(one({"order": order}, districts=["D08", "D02"]), FACTS)
        assert [batch.districts for batch in batches] == [("D02", "D08")]


def test_a_rollout_of_all_at_once_is_none() -> None:
    plain = schedule([Policy(lever="stars")], START, 52, CODES, {})[0]
    for all_at_once in ({}, {"order": "need"}, {"number": 10}, {"share": 1}, {"batch": 10, "every": 3},
                        {"batch": 99, "every": 900}, {"order": "random", "salt": 4}):
        assert one(all_at_once) == plain
        assert resolve(one(all_at_once), {}) == [plain]
    assert one({}, districts=["D03", "D01"]).districts == ("D01", "D03")


@pytest.mark.parametrize(("share", "districts", "number"), [
    (0.5, 10, 5), (0.25, 10, 3), (0.35, 10, 4), (0.34, 10, 3), (0.01, 10, 1), (0.5, 1, 1), (0.99, 10, 10),
    (0.15, 10, 2), (1.0, 7, 7),
])
def test_a_share_is_rounded_half_up_to_whole_districts(share: float, districts: int, number: int) -> None:
    assert planned(Rollout(share=share), districts).number == number


def test_number_and_share_that_mean_the_same_are_the_same() -> None:
    assert one({"order": "need", "share": 0.3}) == one({"order": "need", "number": 3})
    assert one({"number": 3, "batch": 3, "every": 5}) == one({"number": 3})
    plain, salted = (one({"order": "random", "number": 3, **more}) for more in ({}, {"salt": 1}))
    assert plain != salted
    assert plain.to_dict() != salted.to_dict()


def test_what_does_not_fit_is_refused_by_name() -> None:
    refused("policy: rollout is 3; allowed keys order", lambda: one(3))
    refused("rollout.order is alphabet; allowed listed, random", lambda: one({"order": "alphabet"}))
    refused("rollout.ordr is an unknown key. Did you mean 'order'?", lambda: one({"ordr": "need"}))
    refused("rollout.number is 0; allowed a whole number of districts", lambda: one({"number": 0}))
    refused("rollout.share is 0; allowed a share of the districts", lambda: one({"share": 0}))
    refused("rollout.share stands beside number", lambda: one({"share": 0.5, "number": 3}))
    refused("rollout.batch stands without every", lambda: one({"batch": 2}))
    refused("rollout.every stands without batch", lambda: one({"every": 2}))
    refused("rollout.every is 0; allowed a whole number of weeks", lambda: one({"batch": 2, "every": 0}))
    refused("rollout.salt stands beside order need", lambda: one({"order": "need", "salt": 1}))
    refused("rollout: salt stands beside order listed", lambda: Rollout(salt=1))
    refused("policies[0].rollout.number is 11; allowed 1 to 10, the districts", lambda: one({"number": 11}))
    refused("rollout.number is 3; allowed 1 to 2", lambda: one({"number": 3}, districts=["D01", "D02", "D01"]))


def test_a_last_batch_after_the_end_is_refused_with_what_is_allowed() -> None:
    late = {"batch": 2, "every": 10}
    refused("policies[0].rollout starts batch 5 of 5 in week 52; allowed up to week 51, before the policy ends: "
            "batch 3 or more or every 9 or less.", lambda: one({**late}, start_week=12))
    assert len(resolve(one(late, start_week=11), FACTS)) == 5
    assert len(resolve(one({"batch": 3, "every": 10}, start_week=12), FACTS)) == 4
    assert len(resolve(one({"batch": 2, "every": 9}, start_week=12), FACTS)) == 5
    refused("in week 40; allowed up to week 39", lambda: one(late, end_week=40))
    assert len(resolve(one(late, end_week=41), FACTS)) == 5
    refused("up to week 2, before the policy ends: batch 4 or more.",
            lambda: one({"batch": 1, "every": 1}, end_week=3))


def test_the_line_of_a_fault_is_named(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    for field, words in (("number: 40", r":7: policies\[0\]\.rollout\.number is 40; allowed 1 to 10"),
                         ("nubmer: 4", r":7: policies\[0\]\.rollout\.nubmer is an unknown key")):
        path.write_text(f"{SMALL}- lever: stars\n  rollout:\n    {field}\n", encoding="utf-8")
        with pytest.raises(UsageError, match=rf"case\.yaml{words}"):
            load_scenario(path)


@given(
    facts=st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=40), order=st.sampled_from(ORDERS),
    number=st.integers(1, 40), batch=st.integers(1, 45), every=st.integers(0, 6), start=st.integers(0, 5),
)
def test_batches_partition_the_districts_chosen(
    facts: list[tuple[int, int, int]], order: str, number: int, batch: int, every: int, start: int
) -> None:
    known = {f"D{place:02d}": DistrictFacts(*values) for place, values in enumerate(facts)}
    rollout = ScheduledRollout(order, min(number, len(known)), batch, every)                   # type: ignore[arg-type]
    policy = ScheduledPolicy("stars", start, 999, tuple(known), {}, ("women",), 0.5, 3, min(start, 2), rollout)
    batches = resolve(policy, known)
    taken = [code for item in batches for code in item.districts]
    assert len(taken) == len(set(taken)) == rollout.number
    assert set(taken) == set(chosen(policy, known)) <= set(known)
    assert [len(item.districts) for item in batches[:-1]] == [batch] * (len(batches) - 1)
    assert 1 <= len(batches[-1].districts) <= batch
    assert [item.start_week for item in batches] == [start + every * place for place in range(len(batches))]
    for item in batches:
        assert item.districts == tuple(sorted(item.districts))
        assert item == replace(policy, start_week=item.start_week, districts=item.districts, rollout=None)

    def place(code: str) -> int:
        facts = known[code]
        return {"listed": 0, "random": facts.word, "need": -facts.need, "selective": -facts.momentum}[order]

    for earlier, later in pairwise(batches):
        assert max((place(a), a) for a in earlier.districts) < min((place(b), b) for b in later.districts)
    assert all((place(a), a) < (place(b), b) for a in taken for b in set(known) - set(taken))


@given(
    number=st.integers(1, 40), batch=st.integers(1, 40), every=st.integers(1, 60), start=st.integers(0, 100),
    length=st.integers(1, 100),
)
def test_what_the_refusal_allows_is_allowed_and_nothing_less(
    number: int, batch: int, every: int, start: int, length: int
) -> None:
    rollout = planned(Rollout(number=number, batch=batch, every=every), 40)
    wrong = late_start(rollout, start, start + length)
    last = start + (rollout.batches - 1) * rollout.every
    assert (wrong is None) is (last < start + length)
    if wrong is None:
        return
    ways = dict(part.split()[:2] for part in wrong.split("ends: ")[1].rstrip(".").replace(" or less", "").replace(
        " or more", "").split(" or "))
    least = int(ways["batch"])
    for size, fits in ((least, True), (least - 1, False)):
        changed = planned(Rollout(number=number, batch=size, every=every), 40)
        assert (late_start(changed, start, start + length) is None) is fits
    if "every" in ways:
        longest = int(ways["every"])
        for gap, fits in ((longest, True), (longest + 1, False)):
            assert (late_start(replace(rollout, every=gap), start, start + length) is None) is fits
    else:
        assert late_start(replace(rollout, every=1), start, start + length) is not None
