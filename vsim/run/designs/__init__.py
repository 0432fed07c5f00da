"""Designs of the tournament: worlds in which an assumption holds, and the same worlds in which it fails.

Each design draws a data set from a run and the truth of the same luck from its twin runs. DESIGNS lists them.
"""

from __future__ import annotations

from vsim.run.designs.audit_sample import AUDIT_SAMPLE
from vsim.run.designs.before_after import BEFORE_AFTER
from vsim.run.designs.best_group import BEST_GROUP
from vsim.run.designs.cost_per_hour import COST_PER_HOUR
from vsim.run.designs.course import COURSE_OFFER
from vsim.run.designs.dose import DOSE
from vsim.run.designs.double_cohort import DOUBLE_COHORT
from vsim.run.designs.early_service import EARLY_SERVICE
from vsim.run.designs.forecast import FORECAST
from vsim.run.designs.goal_bunching import GOAL_BUNCHING
from vsim.run.designs.kinds import Design, Drawn, Entrant
from vsim.run.designs.neighbours import NEIGHBOURS
from vsim.run.designs.offer import ACTIVE_ONLY, OFFER
from vsim.run.designs.pilot_city import PILOT_CITY
from vsim.run.designs.rollout import ROLLOUT
from vsim.run.designs.saturation import INTERFERENCE, SATURATION
from vsim.run.designs.selection import SELECTION
from vsim.run.designs.star_cutoff import STAR_CUTOFF
from vsim.run.designs.station_lottery import STATION_LOTTERY
from vsim.run.designs.switchback import SWITCHBACK
from vsim.run.designs.time_bank import TIME_BANK
from vsim.run.designs.transport import TRANSPORT

DESIGNS: dict[str, Design] = {one.id: one for one in (
    OFFER, ACTIVE_ONLY, SELECTION, BEFORE_AFTER, ROLLOUT, STAR_CUTOFF, DOSE, DOUBLE_COHORT, COURSE_OFFER,
    AUDIT_SAMPLE, BEST_GROUP, TRANSPORT, EARLY_SERVICE, COST_PER_HOUR, FORECAST,
    STATION_LOTTERY, TIME_BANK, NEIGHBOURS, PILOT_CITY, SATURATION,
    INTERFERENCE, SWITCHBACK, GOAL_BUNCHING,
)}

__all__ = ["DESIGNS", "Design", "Drawn", "Entrant"]
