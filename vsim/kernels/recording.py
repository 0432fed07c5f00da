"""Recording, compiled; see `vsim.process.recording`."""

from __future__ import annotations

from vsim.kernels.arithmetic import either
from vsim.kernels.draws import RECORD, words


def enter(person_id, source_id, hours, params, lookups, weekly, pos, c, k0, k1, week):
    """Return flags, quarter hours as entered and the week of entry for one attendance."""
    w0, w1, w2, w3 = words(k0, k1, RECORD, person_id, week, source_id)
    due = week + lookups.late[w1 >> 20]
    if (w0 & 0xFFFF) < either((params.missing * weekly.missing[pos]) >> 10, weekly.lost[pos]):
        return 0, 0, due
    flags = 1 + ((w3 >> 30) << 8)
    entered = hours
    if (w0 >> 16) < (params.duplicate * weekly.duplicate[pos]) >> 10:
        flags += 2
    if (w1 & 0xFFFF) < either(params.verified, weekly.checked[pos]):
        flags += 4
    if (w2 & 0xFFFF) < either((params.inflated * weekly.inflated[pos]) >> 10, weekly.inflate[pos, c]):
        flags += 8
        entered += lookups.added[w2 >> 20]
    if (w3 & 0xFFFF) < (params.rounded_half * weekly.rounded[pos]) >> 10:
        flags += 16
        entered = ((entered + 1) >> 1) << 1
    elif (w3 & 0xFFFF) < ((params.rounded_half + params.rounded_up) * weekly.rounded[pos]) >> 10:
        flags += 32
        entered = ((entered + 3) >> 2) << 2
    return flags, min(entered, 64), due
