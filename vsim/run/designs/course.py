"""Q10: a course is offered to half of the volunteers by lot; the question is how much longer they stay within a year.

The model's own courses are open to whole districts and give a certificate; nobody is drawn for them. The course here is
guided reflection on service, which lowers leaving and can be offered to single persons. It lasts eight weeks. Who has
finished it was there for eight weeks: compared with all others, who may have left in the first, the finished have lived
through time in which they could not leave (immortal time). The register is read every four weeks.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.survival import rmst
from vsim.rng import stream_key
from vsim.run.designs.kinds import Design, Drawn, Entrant, city_for, small, true, under
from vsim.run.district import advance, begin
from vsim.run.settle import settle
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.spec.scenario import Scenario
from vsim.world.metrics import MONTH
from vsim.world.state import NEVER, VOLUNTEER

RESIDENTS, DISTRICTS, WEEKS, WEEKLY = 2500, 1, 52, "weeks"
COURSE = 8                    # weeks
LEVER, HALF = "service_learning", 0.5
REFLECTION: dict[str, float | list[float]] = {"required": 0.0, "reflection": 1.0}
LEAVING = {"retention.exit_base": -2.0, "retention.exit_tenure": 0.6, "retention.return_base": 0.0,
           "retention.return_asked": 0.0, "registration.history_lapsed": 0.1, "participation.ask": 0.0,
           "service_learning.told": 0.0, "service_learning.kept": -0.4}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return the weeks that volunteers stayed, by whom the lot chose or by who finished the course."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, LEAVING)
    policy = Policy(lever=LEVER, values=REFLECTION)
    lot = Policy(lever=LEVER, values=REFLECTION, share=HALF, salt=seed)
    trial = stays(under(base, lot), seed)
    none, everybody = (stays(scenario, seed)["weeks"] for scenario in (base, under(base, policy)))
    finished = trial["offered"] * (trial["weeks"] > COURSE)
    frame = trial.assign(finished=finished, course=trial["offered"] if holds else finished)
    return Drawn(frame, true(everybody.mean() - none.mean(), "rmst_difference", WEEKLY, len(frame)))


def stays(scenario: Scenario, seed: int) -> pd.DataFrame:
    """Return the volunteers of week 0: weeks until they are found to have left, whether they did, who had the offer."""
    city = city_for(scenario)
    settled, key = settle(scenario, city), stream_key(seed, 0)
    parts = []
    for unit in city:
        now = advance(unit, settled, key, begin(unit, settled), 0)
        cohort = np.flatnonzero((now.state.status == VOLUNTEER) & (now.state.first != NEVER))
        weeks, there = np.zeros(cohort.size, dtype=np.int64), np.ones(cohort.size, dtype=np.bool_)
        for week in range(MONTH, WEEKS + 1, MONTH):
            weeks[there] = week
            now = advance(unit, settled, key, now, week)
            there &= now.state.status[cohort] == VOLUNTEER
        parts.append(pd.DataFrame({"weeks": weeks, "left": (~there).astype(int),
                                   "offered": settled.reach(unit)[cohort].astype(int)}))
    return pd.concat(parts, ignore_index=True)


def by_course(frame: pd.DataFrame) -> Estimate:
    """Return how much longer those with the course stay, within the year."""
    return rmst(frame, duration="weeks", event="left", treated="course", until=WEEKS, measured_in=WEEKLY)


def by_finishing(frame: pd.DataFrame) -> Estimate:
    """Return how much longer those stay who finished the course."""
    return rmst(frame, duration="weeks", event="left", treated="finished", until=WEEKS, measured_in=WEEKLY)


def from_a_landmark(frame: pd.DataFrame) -> Estimate:
    """Return the same from the end of the course on, among those who were still there: the first weeks are lost."""
    there = frame[frame["weeks"] > COURSE]
    return rmst(there.assign(weeks=there["weeks"] - COURSE), duration="weeks", event="left", treated="finished",
                until=WEEKS - COURSE, measured_in=WEEKLY)


COURSE_OFFER = Design(
    "course_offer", "Q10", "How much longer do volunteers stay within a year who are offered a course?",
    "those whom the lot chose are compared with those whom it did not, from the day of the lot",
    "those who finished the course are compared with all others: only who stayed could finish", +1, drawn,
    (Entrant("restricted mean time", by_course), Entrant("who finished and who did not", by_finishing, False),
     Entrant("from the end of the course on", from_a_landmark, False)))
