"""Searching over policies on made surfaces whose best point is known, with noise that mixes share or do not."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import product
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from vsim.errors import DataError, UsageError
from vsim.run.policy_search import Chosen, search, shadow_price
from vsim.run.policy_seen import NOTHING, Looking, Luck, Seen, affordable
from vsim.run.policy_space import Setting, Space, switch

LUCKS: list[Luck] = [(1, r) for r in range(6)]
FRESH: list[Luck] = [(2, r) for r in range(12)]


def world(gain: Callable[[dict[str, Any]], float], price: Callable[[dict[str, Any]], float], noise: float = 0.0,
          shared: bool = True, true: Callable[[dict[str, Any]], float] | None = None) -> Callable[..., Seen]:
    """Return a look at a made world; noise is that of the luck, or of luck and mix when it is not shared."""

    def look(what: Hashable, lucks: Sequence[Luck]) -> Seen:
        mix = dict(what)  # type: ignore[call-overload]
        name = 0 if shared else crc32(repr(what).encode())
        away = np.array([np.random.default_rng([seed, r, name]).normal() for seed, r in lucks]) * noise
        n = len(lucks)
        value = np.full(n, gain(mix)) + (away if mix and not shared else 0.0)
        base = 100 + (away if shared else 0.0) + np.zeros(n)
        real = value if true is None else np.full(n, true(mix))
        return Seen(np.full(n, price(mix)), value, np.stack([base, base + value]), np.stack([base, base + real]))

    return look


ITEMS = {"a": (6.0, 4.0), "b": (5.0, 3.0), "c": (4.0, 3.0), "d": (1.0, 5.0)}       # gain and price of a switch


def additive(mix: dict[str, Any]) -> float:
    return sum(ITEMS[name][0] for name in mix if mix[name])


def prices(mix: dict[str, Any]) -> float:
    return sum(ITEMS[name][1] for name in mix if mix[name])


SWITCHES = Space(tuple(switch(name) for name in ITEMS))


@pytest.mark.parametrize("method", ["all", "tpe", "knapsack", "auto"])
@pytest.mark.parametrize("budget", [0.0, 3.0, 6.0, 7.0, 100.0])
def test_every_method_finds_the_best_of_all_mixes_that_a_budget_allows(method: Any, budget: float) -> None:
    found = search(SWITCHES, world(additive, prices), budget=budget, trials=40, lucks=LUCKS, fresh=FRESH,
                   method=method)
    best = max((sum(ITEMS[k][0] for k in some), some) for some in (
        tuple(name for name, on in zip(ITEMS, mask, strict=True) if on) for mask in product([False, True], repeat=4))
        if sum(ITEMS[k][1] for k in some) <= budget)
    assert found.value.value == best[0]
    assert found.cost.value <= budget
    assert tuple(name for name, _ in found.mix) == best[1]  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_peak_between_two_ends_is_found_and_the_budget_bounds_it() -> None:
    """Gain 10 - (x - 0.7)^2 - (n - 3)^2; the price is 10 x + n: at a budget of 8 the best is x = 0.5, n = 3."""
    space = Space((Setting("x", 0.0, 1.0), Setting("n", 0, 6, integer=True)))

    def gain(mix: dict[str, Any]) -> float:
        return 10 - 10 * (mix["x"] - 0.7) ** 2 - (mix["n"] - 3) ** 2 if mix else 0.0

    look = world(gain, lambda mix: 10 * mix["x"] + mix["n"] if mix else 0.0)
    rich = search(space, look, budget=100, trials=80, lucks=LUCKS, fresh=FRESH)
    assert rich.value.value > 9.9
    assert rich.shadow_price == 0
    poor = search(space, look, budget=8, trials=80, lucks=LUCKS, fresh=FRESH)
    assert 9.3 < poor.value.value <= 9.6 + 1e-9
    assert poor.cost.value <= 8
    assert poor.shadow_price > 0


def test_mixes_that_exclude_themselves_or_come_again_use_up_no_trial() -> None:
    space = Space((switch("a", "ladder"), switch("b", "ladder"), switch("c", "ladder"),
                   Setting("k", 1, 60, integer=True)))
    look = world(lambda mix: mix.get("k", 0) / 60, lambda mix: 0.0)
    found = search(space, look, budget=1, trials=30, lucks=LUCKS, fresh=FRESH, method="tpe")
    assert len(found.tried) == 31                                  # and doing nothing
    assert all(space.allowed(mix) for mix in found.tried["mix"] if mix)


def test_the_same_seed_searches_the_same_mixes() -> None:
    space = Space((Setting("x", 0.0, 1.0), switch("a")))
    look = world(lambda mix: mix.get("x", 0.0), lambda mix: 0.0)
    one, other = (search(space, look, budget=1, trials=25, lucks=LUCKS, fresh=FRESH, seed=3) for _ in range(2))
    assert one.tried["mix"].tolist() == other.tried["mix"].tolist()
    different = search(space, look, budget=1, trials=25, lucks=LUCKS, fresh=FRESH, seed=4)
    assert one.tried["mix"].tolist() != different.tried["mix"].tolist()


def test_fresh_lucks_take_the_optimism_out_of_the_winner() -> None:
    """Forty worthless choices under noise of their own: the winner of the search shines, and not when told."""
    space = Space((Setting("k", values=tuple(range(40))),))
    look = world(lambda mix: 0.0, lambda mix: 0.0, noise=1.0, shared=False)
    found = search(space, look, budget=1, trials=60, lucks=LUCKS, fresh=FRESH)
    assert found.optimism > 0.4
    assert abs(found.value.value) < 4 * found.value.se
    assert len(found.within_one_se) > 1
    shared = search(space, world(lambda mix: mix.get("k", 0) / 40, lambda mix: 0.0, noise=1.0), budget=1, trials=60,
                    lucks=LUCKS, fresh=FRESH)
    assert shared.optimism == pytest.approx(0)
    assert dict(shared.mix) == {"k": 39}  # type: ignore[call-overload]


def test_a_gain_on_paper_alone_is_recommended_with_its_warning() -> None:
    found = search(SWITCHES, world(additive, prices, noise=0.1, true=lambda mix: -additive(mix)), budget=7,
                   lucks=LUCKS, fresh=FRESH)
    assert found.goodhart.verdict == "gamed"
    assert set(found.table.set_index("name").loc["chosen", ["verdict"]]) == {"gamed"}
    with pytest.raises(TypeError, match="goodhart"):
        Chosen(**{name: getattr(found, name) for name in Chosen.__dataclass_fields__ if name != "goodhart"})


def test_effects_that_do_not_add_up_send_a_knapsack_back_to_the_search() -> None:
    """Together a and b are worth no more than one of them; c is the better companion, though it gains less alone."""
    def crowded(mix: dict[str, Any]) -> float:
        return additive(mix) - (5.0 if mix.get("a") and mix.get("b") else 0.0)

    found = search(SWITCHES, world(crowded, prices), budget=7, lucks=LUCKS, fresh=FRESH, method="knapsack")
    assert found.additivity is not None
    assert not found.additivity.holds
    assert found.method == "all, since effects do not add up"
    assert tuple(name for name, _ in found.mix) == ("a", "c")  # type: ignore[attr-defined]


def test_a_mix_that_is_over_the_budget_under_fresh_lucks_is_passed_over() -> None:
    def look(what: Hashable, lucks: Sequence[Luck]) -> Seen:
        mix, n = dict(what), len(lucks)  # type: ignore[call-overload]
        dear = 2.0 if lucks[0][0] == 2 and mix.get("a") else 0.0
        value = np.full(n, additive(mix))
        return Seen(np.full(n, prices(mix) + dear), value, np.stack([np.full(n, 9.0), 9 + value]),
                    np.stack([np.full(n, 9.0), 9 + value]))

    found = search(SWITCHES, look, budget=7, lucks=LUCKS, fresh=FRESH)
    assert "a" not in dict(found.mix)  # type: ignore[call-overload]
    assert (("a", True), ("b", True)) in found.passed_over
    assert found.cost.value <= 7


def test_baselines_are_as_large_as_the_budget_allows_and_stand_in_the_table() -> None:
    space = Space((Setting("x", 0.0, 1.0),))
    look = world(lambda mix: mix.get("x", 0.0), lambda mix: 10 * mix.get("x", 0.0))
    found = search(space, look, budget=5, trials=30, lucks=LUCKS, fresh=FRESH, families={"uniform": space.even})
    table = found.table[found.table["baseline"] != ""].set_index("baseline")
    assert table["value"].to_dict() == pytest.approx({"nothing": 0.0, "uniform": 0.5})
    assert found.value.value >= 0.45
    looking = Looking(look)
    assert affordable(looking, space.even, 3.75, LUCKS) == (("x", 0.375),)
    assert affordable(looking, lambda f: (("x", 1.0),), 3, LUCKS) is None


def test_the_price_of_a_yuan_is_the_slope_of_the_frontier() -> None:
    found = search(SWITCHES, world(additive, prices), budget=7, lucks=LUCKS, fresh=FRESH, method="all")
    assert found.shadow_price == pytest.approx(4 / 3)            # the next step is c: 4 for 3
    assert search(SWITCHES, world(additive, prices), budget=15, lucks=LUCKS, fresh=FRESH).shadow_price == 0
    with pytest.raises(DataError, match="costs 0 yuan or less"):
        shadow_price(found.tried[found.tried["cost"] > 1], 0.0)


def test_mixes_that_would_be_one_run_are_one() -> None:
    space = Space((switch("a", "ladder"), switch("b", "ladder"), Setting("x", 1, 3, integer=True, needs=("a",))))
    mixes = list(space.every())
    assert mixes == [NOTHING, (("b", True),), *((("a", True), ("x", k)) for k in (1, 2, 3))]
    assert space.even(1.0) == (("a", True), ("x", 3))
    assert not space.allowed((("a", True), ("b", True)))
    assert Space((Setting("x", 0, 1),)).size is None


@pytest.mark.parametrize(("call", "said"), [
    (lambda: Setting("x", 1, 1), "ends are 1 and 1"), (lambda: Space(()), "one or more"),
    (lambda: Space((Setting("x"), Setting("x"))), "each name once"),
    (lambda: Space((Setting("x", needs=("y",)),)), "needs y, which"),
    (lambda: list(Space((Setting("x"),)).every()), "endlessly many"),
    (lambda: search(SWITCHES, world(additive, prices), budget=-1, lucks=LUCKS, fresh=FRESH), "budget is -1"),
    (lambda: search(SWITCHES, world(additive, prices), budget=1, lucks=LUCKS, fresh=LUCKS), "none in both"),
    (lambda: search(SWITCHES, world(additive, prices), budget=1, lucks=LUCKS, fresh=FRESH,
                    method="tpr"), "Did you mean 'tpe'"),  # type: ignore[arg-type]
    (lambda: search(Space((Setting("x"),)), world(additive, prices), budget=1, lucks=LUCKS, fresh=FRESH,
                    method="knapsack"), "switches only"),
])
def test_what_makes_no_search_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        call()
