"""What stands on offer in one district for one week: tasks, where they are, who runs them, and what policy says."""

from __future__ import annotations

from typing import NamedTuple

from vsim.world.bodies import Bodies, Sites
from vsim.world.organisations import Sources
from vsim.world.settings import Params
from vsim.world.tasks import Tasks
from vsim.world.weekly import Weekly


class Board(NamedTuple):
    """Tasks of a week with all that is needed to choose among them and to serve."""

    tasks: Tasks
    sources: Sources
    sites: Sites
    bodies: Bodies
    params: Params
    now: Weekly               # tables of the district in the week
    layout: int               # row of the sites
