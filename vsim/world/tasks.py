"""Tasks: what is posted in one district for one week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MENU = 16                     # tasks that a person looks at in a week
PARTS = 3                     # morning, afternoon, evening

Int = NDArray[np.int64]


class Tasks(NamedTuple):
    """Tasks posted in one district for one week; arrays of shape (k,)."""

    source: Int               # position among the sources of the district
    seats: Int
    slot: Int                 # day * 3 + part of the day, Monday morning 0
    hours_log: Int            # ln hours of the task, 1/1024
    gated: Int                # 1 when a certificate is asked for
    lead: Int                 # days between posting and task
    needed: Int               # people needed; the seats may be more
    online: Int               # 1 when it is done from anywhere
    skill: Int                # 0, or the skill group that is needed
    risk: Int                 # 0 low, 1 middle, 2 high
