"""Towns in which every weekly table is moved away from what it holds without policy, written directly by a seeded draw.

No lever does this: the tables are filled within ranges that keep the town alive and that let every branch of every
kernel be entered. Two patterns of persons make four classes, so that tables of persons differ inside a district.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tests.engine_worlds import SEED, town
from vsim.rng import stream_key
from vsim.run.district import Engine, advance, begin
from vsim.run.reach import Pattern
from vsim.run.run import Run
from vsim.run.settle import Settled, settle
from vsim.run.siting import layouts
from vsim.spec.groups import bit
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit, city_of
from vsim.world.settings import NO_LADDER
from vsim.world.weekly import PLANS, Weekly

Int = NDArray[np.int64]
DRAWS = (1, 2, 3)
PATTERNS: tuple[Pattern, ...] = ((0, 1 << 31, 5), (bit("women"), 1 << 32, 0))
LADDERS = (NO_LADDER, (4, 12, 30, 60, 120, 600, 200, 300), (8, 9, 1 << 40, 1 << 40, 1 << 40, 300, 0, 500))
SHARE, CHANCE = (4_000, 60_000), (1 << 28, 1 << 31)
RANGES: dict[str, tuple[int, int]] = {            # lowest and highest value written
    "base": (-200, 400), "join": (-400, 1500), "leave": (-300, 600), "show": (-1200, 300), "heard": (1000, 30000),
    "ladder": (0, 2), "points_logit": (20, 300), "crowding": (20, 300), "points_hour": (512, 4096),
    "honour": CHANCE, "oath": (1 << 26, 1 << 29), "team": CHANCE, "courtesy": (20, 300), "duty": (4, 24),
    "duty_logit": (20, 400), "credit_hour": (512, 2048), "credit_logit": (20, 300), "inflate": (4000, 30000),
    "demand": (-300, 400), "calm": SHARE, "found": (20_000, 60_000), "gated": (4000, 40000), "seats": (512, 9000),
    "more_seats": (512, 9000), "uptake": (1 << 26, 1 << 30), "passed": SHARE, "redeem": (1 << 28, 1 << 32),
    "price": (2, 12), "expire": (0, 1), "honour_new": (0, 1), "courtesy_star": (1, 3), "duty_reset": (0, 1),
    "credit_cap": (6, 60), "credit_limit": (0, 12), "credit_need": (1 << 28, 1 << 31), "credit_age": (14, 70),
    "credit_kin": (0, 1), "credit_seed": (0, 8), "credit_expire": (0, 1), "missing": (0, 3000),
    "duplicate": (0, 3000), "rounded": (0, 1500), "inflated": (0, 3000), "lost": (1000, 20000), "checked": SHARE,
    "overbook": (1100, 2500), "stand_in": SHARE, "overflow": (0, 1), "tries": (1, 6), "equity": (50, 800),
    "nearness": (50, 400), "fitness": (50, 400), "online": (4000, 30000), "twice": (1100, 6000),
    "hazard": (4000, 60000), "conduct": (1100, 8000), "cover_asked": (0, 1), "cover": SHARE, "felt": (-9000, 9000),
    "capacity": (700, 3000), "org_quality": (-9000, 9000), "org_close": (-300, 2500), "org_found": SHARE,
    "org_grow": SHARE, "org_register": SHARE, "org_income": (1000, 40000), "org_task": (100, 900),
    "org_inspect": SHARE, "org_target": SHARE, "org_suspend": (1, 6), "org_rules": (3, 10), "org_adopt": (2000, 20000),
    "disclose": SHARE, "alarm": (0, 1), "command": (0, 1), "haves": (1, 6), "by_need": (0, 1),
    **dict.fromkeys(PLANS, (4_000, 65_536)),
}
RARE = {"expire", "duty_reset", "credit_expire", "credit_seed"}        # in one week of six
SITING = {*PLANS, "haves", "by_need"}                                  # change twice in a run: each change is a layout
PARAMETERS = {
    "organisations.latent_per_thousand": 20.0, "organisations.per_thousand": 20.0, "credits.seed_age": 60.0,
    "service.incident_rate": 10.0, "service.breach": 0.1, "sources.skilled_share": 0.2, "sources.risk_high": 0.3,
    "participation.peer": 1.0, "demand.tasks": 200.0, "demand.people_median": 1.5, "demand.people_log_sd": 0.5,
}


def scenario(weeks: int = 14) -> Scenario:
    return town(PARAMETERS, residents=480, districts=3, weeks=weeks, warmup=6, name="moved")


@cache
def city() -> list[Unit]:
    made = scenario()
    return city_of(made.world, made.warmup_weeks, made.values)


def shuffled(weekly: Weekly, rng: np.random.Generator) -> Weekly:
    """Return the tables with every value but the layout drawn anew within its range."""
    out = {}
    for name in Weekly._fields:
        table = getattr(weekly, name)
        if name == "layout":
            out[name] = table.copy()
            continue
        low, high = RANGES[name]
        if name in SITING:
            parts = np.arange(table.shape[1]) * 3 // table.shape[1]
            drawn = rng.integers(low, high, (table.shape[0], 3), endpoint=True)[:, parts]
        else:
            drawn = rng.integers(low, high, table.shape, endpoint=True)
        if name in RARE:
            drawn = np.where(rng.random(table.shape) < 1 / 6, np.maximum(drawn, 1), 0)
        out[name] = drawn + table if name in ("base", "demand") else drawn
    return Weekly(**out)


@cache
def settled_of(draw: int) -> Settled:
    """Return the moved town settled: every table drawn by the seed `draw`, the sites laid out for it."""
    plain = settle(scenario(), city(), PATTERNS)
    weekly = shuffled(plain.weekly, np.random.default_rng(draw))
    sites = []
    for place, unit in enumerate(city()):
        found, row = layouts(unit, weekly, scenario().values)
        sites.append(found)
        weekly.layout[place] = row
    return replace(plain, weekly=weekly, ladders=np.array(LADDERS, dtype=np.int64), sites=tuple(sites))


@cache
def run_of(draw: int, engine: Engine = "kernels") -> Run:
    """Return a run of a moved town; it must not be changed."""
    settled, key = settled_of(draw), stream_key(SEED, draw)
    ends = [advance(unit, settled, key, begin(unit, settled), settled.weeks, engine) for unit in city()]
    return Run(scenario(), SEED, draw, settled, city(), ends)


def unmoved(draw: int) -> list[str]:
    """Return the tables that hold no other value than without policy."""
    plain, moved = settle(scenario(), city(), PATTERNS).weekly, settled_of(draw).weekly
    return [name for name in Weekly._fields if np.array_equal(getattr(plain, name), getattr(moved, name))]


assert set(RANGES) == set(Weekly._fields) - {"layout"}
