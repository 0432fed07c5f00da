"""The agenda: who may act in which week, so that nobody else is looked at.

The leading bits of the weekly uniforms of a resident lie across in eight words of 64 bits, a bit for a week. Given a
bound on the chance that holds for the whole block of 64 weeks, one comparison of these words finds the weeks in which
the uniform can lie below the chance at all. The resident is noted for these weeks, with the leading byte; when such a
week has come the exact chance decides. Nothing of this changes a draw: the uniforms do not know the bound, so a bound
may be as generous as it likes, but never too low.

Whether somebody is asked by a contact who served is not known beforehand and changes much. The weeks for taking part
are therefore those of one who is not asked; whom a contact asks is looked at as well, where the week is one of `wide`,
the weeks in which the chance may suffice even so.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.draws import philox

STATUS_LIST, PART_LIST = np.int64(0), np.int64(1)  # changes of status, taking part
WHO = (1 << 24) - 1                              # of an entry: the resident; the leading byte lies above
SHEET = 64                                         # entries of a sheet; a list is a chain of sheets


def draw_planes(k0, k1, stream, ids, count, block, planes):
    """Write the leading bits of the uniforms of a block for the first `count` of `ids` into `planes`, shape (8, span).

    A loop for each draw, so that it vectorises.
    """
    for call in range(4):
        for j in range(count):
            a, b, c, d = philox(ids[j], np.uint64(call), np.uint64(block), np.uint64(stream), k0, k1)
            planes[2 * call, j] = a | (b << np.uint64(32))
            planes[2 * call + 1, j] = c | (d << np.uint64(32))


def lead_in(planes, j, offset):
    """Return the leading byte of a uniform in one week of the block."""
    move = np.uint64(offset)
    value = np.uint64(0)
    for plane in range(8):
        value = (value << np.uint64(1)) | ((planes[plane, j] >> move) & np.uint64(1))
    return value


def weeks_at_most(planes, j, bound):
    """Return the weeks, a bit each, whose leading byte is at most `bound`: below 0 none, from 255 on all."""
    if bound < 0:
        return np.uint64(0)
    bound = min(bound, 255)
    below = np.uint64(0)
    equal = ~np.uint64(0)
    for plane in range(8):
        word = planes[plane, j]
        one = np.uint64(0) - np.uint64((bound >> (7 - plane)) & 1)        # all ones where this bit of the bound is one
        below |= equal & ~word & one
        equal &= ~(word ^ one)
    return below | equal


def weeks_from(first, end):
    """Return the weeks of a block from `first` to `end` - 1, a bit each; 0 <= first, end <= 64."""
    if first >= end:
        return np.uint64(0)
    return (~np.uint64(0) << np.uint64(first)) & (~np.uint64(0) >> np.uint64(64 - end))


def first_of(weeks):
    """Return the number of the lowest bit that is set; `weeks` is not 0."""
    rest = (weeks & (~weeks + np.uint64(1))) - np.uint64(1)               # ones below the lowest bit: counted
    rest = rest - ((rest >> np.uint64(1)) & np.uint64(0x5555555555555555))
    rest = (rest & np.uint64(0x3333333333333333)) + ((rest >> np.uint64(2)) & np.uint64(0x3333333333333333))
    rest = (rest + (rest >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((rest * np.uint64(0x0101010101010101)) >> np.uint64(56))


def clear_lists(agenda):
    """Empty all lists and gather the sheets."""
    agenda.heads[:, :, 0] = -1
    for sheet in range(agenda.after.size):
        agenda.after[sheet] = sheet + 1
    agenda.after[agenda.after.size - 1] = -1
    agenda.spare[0], agenda.spare[1] = 0, 0


def note_weeks(agenda, q, i, weeks, planes, j):
    """Note a resident for each of `weeks`, a bit each. `spare[1]` becomes 1 when there are no sheets left."""
    while weeks != np.uint64(0):
        week = first_of(weeks)
        weeks &= weeks - np.uint64(1)
        head = agenda.heads[q, week]
        if head[0] < 0 or head[1] == SHEET:
            sheet = agenda.spare[0]
            if sheet < 0:
                agenda.spare[1] = 1
                return
            agenda.spare[0] = agenda.after[sheet]
            agenda.after[sheet] = head[0]
            head[0], head[1] = sheet, 0
        agenda.sheets[head[0], head[1]] = np.uint32((lead_in(planes, j, week) << np.uint64(24)) | np.uint64(i))
        head[1] += 1


def note_wide(agenda, i, weeks):
    """Note the weeks, a bit each, in which a resident may take part when asked."""
    while weeks != np.uint64(0):
        agenda.wide[first_of(weeks), i >> 3] |= np.uint8(1 << (i & 7))
        weeks &= weeks - np.uint64(1)


def is_wide(wide, i):
    """Return whether a resident may take part when asked, in the week of a row of `agenda.wide`."""
    return (wide[i >> 3] >> (i & 7)) & 1 == 1


def take_list(agenda, q, offset, out):
    """Take the entries of one week into `out` and return their number; the sheets are free again."""
    count = np.int64(0)
    sheet, used = agenda.heads[q, offset, 0], agenda.heads[q, offset, 1]
    while sheet >= 0:
        for k in range(used):
            out[count + k] = agenda.sheets[sheet, k]
        count += used
        used = SHEET
        after = agenda.after[sheet]
        agenda.after[sheet] = agenda.spare[0]
        agenda.spare[0] = sheet
        sheet = after
    agenda.heads[q, offset, 0] = -1
    return count


def touch(agenda, state, people, entries, count):
    """Read a number of each line of the records of a list, one after the other and without waiting.

    What the visits read comes into the cache together; a visit that waits for the one before would fetch it alone.
    """
    total = np.int64(0)
    for k in range(count):
        i = np.int64(entries[k]) & WHO
        total += np.int64(state.status[i]) + np.int64(people.cell[i])
    agenda.spare[2] = total                        # so that the loop is not taken for useless
