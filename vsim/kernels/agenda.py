"""The agenda: who may act in which week, so that nobody else is looked at.

The leading bits of the weekly uniforms of a resident lie across in eight words of 64 bits, a bit for a week. Given a
bound on the chance that holds for the whole block of 64 weeks, one comparison of these words finds the weeks in which
the uniform can lie below the chance at all. A resident stands in the list of the first such week; when that week has
come the exact chance decides, and the resident moves to the list of the next one. Nothing of this changes a draw: the
uniforms do not know the bound, so a bound may be as generous as it likes, but never too low.

Whether somebody is asked by a contact who served is not known beforehand and changes much. The list for taking part is
therefore made for those who are not asked; whom a contact asks is looked at as well, where the week is one of `wide`,
the weeks in which the chance may suffice even so.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.draws import philox

STATUS_LIST, PART_LIST, COURSE_LIST = 0, 1, 2      # changes of status, taking part, asking for a course
TOUCHED = 14                                       # a column of the tops that nobody reads


def fill_planes(k0, k1, stream, ids, block, planes):
    """Write the leading bits of the weekly uniform for the 64 weeks of a block into `planes`, shape (n, 8).

    Plane by plane for a number of residents at a time, so that the loop of the draws vectorises.
    """
    n = ids.size
    span = 512
    part = np.empty((8, span), dtype=np.uint64)
    here = np.empty(span, dtype=np.uint64)
    for start in range(0, n, span):
        count = min(span, n - start)
        for j in range(count):
            here[j] = ids[start + j]
        for call in range(4):
            for j in range(count):
                a, b, c, d = philox(here[j], np.uint64(call), np.uint64(block), np.uint64(stream), k0, k1)
                part[2 * call, j] = a | (b << np.uint64(32))
                part[2 * call + 1, j] = c | (d << np.uint64(32))
        for j in range(count):
            for plane in range(8):
                planes[start + j, plane] = part[plane, j]


def lead_in(planes, q, i, offset):
    """Return the leading byte of a resident's uniform in one week of the block."""
    move = np.uint64(offset)
    value = np.uint64(0)
    for plane in range(8):
        value = (value << np.uint64(1)) | ((planes[q, i, plane] >> move) & np.uint64(1))
    return np.int64(value)


def weeks_at_most(planes, q, i, bound):
    """Return the weeks, a bit each, whose leading byte is at most `bound`: below 0 none, from 255 on all."""
    if bound < 0:
        return np.uint64(0)
    bound = min(bound, 255)
    below = np.uint64(0)
    equal = ~np.uint64(0)
    for plane in range(8):
        word = planes[q, i, plane]
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


def enlist(agenda, q, i, weeks):
    """Put a resident, who is on no list of the kind, on that of the first of `weeks`, a bit each, if there is one."""
    agenda.links[q, i, 2] = 0
    if weeks != np.uint64(0):
        week = first_of(weeks)
        other = agenda.heads[q, week]
        agenda.links[q, i, 0] = other
        agenda.links[q, i, 1] = -1
        if other >= 0:
            agenda.links[q, other, 1] = i
        agenda.heads[q, week] = i
        agenda.links[q, i, 2] = 1 + week


def strike(agenda, q, i):
    """Take a resident from the list of the kind, if on one."""
    if agenda.links[q, i, 2] == 0:
        return
    before, after = agenda.links[q, i, 1], agenda.links[q, i, 0]
    if before >= 0:
        agenda.links[q, before, 0] = after
    else:
        agenda.heads[q, agenda.links[q, i, 2] - 1] = after
    if after >= 0:
        agenda.links[q, after, 1] = before
    agenda.links[q, i, 2] = 0


def take_list(agenda, q, offset, state, out, at):
    """Take everybody from the list of a week, write them into `out` from `at` on, and return where they end.

    Then each is touched once, one after the other and without waiting: what the visits read comes into the cache
    together, where a visit that waited for the one before would fetch it alone.
    """
    end = at
    other = agenda.heads[q, offset]
    while other >= 0:
        agenda.links[q, other, 2] = 0
        out[end] = other
        end += 1
        other = agenda.links[q, other, 0]
    agenda.heads[q, offset] = -1
    touch(agenda, q, state, out, at, end)
    return end


def touch(agenda, q, state, out, at, end):
    """Read one number of each record and of each resident's planes."""
    total = np.int64(0)
    for k in range(at, end):
        total += np.int64(state.status[out[k]]) + np.int64(agenda.planes[q, out[k], 0] & np.uint64(1))
    agenda.tops[0, TOUCHED] = total
