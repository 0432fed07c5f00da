"""Ties, compiled: the twin of `vsim.world.ties`.

Residents of a class are put in the order of their words by one pass of buckets, as many as the class has residents, so
that a bucket holds about one; what is left out of order is put right by moving each a few places.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.words import SOME, WORDS, fill_words
from vsim.rng import Stream
from vsim.world.people import ADULT, STUDENT
from vsim.world.ties import LONG, RING

TIES = np.int64(Stream.TIES)
YEARS = 256                   # numbers of employers, and of years of age


def meet_by_day(people, classes):
    """Write where each resident meets others by day: employer, year of school in the district, or in the community."""
    age, traits, community, employer = people.age, people.traits, people.community, people.employer
    for i in range(age.size):
        a = np.int64(age[i])
        year = YEARS + a if a >= ADULT else 2 * YEARS + np.int64(community[i]) * ADULT + a
        classes[i] = year if traits[i] & STUDENT else np.int64(employer[i])


def sort_classes(k0, k1, first_id, layer, classes, begins, drawn, words, buckets, starts, keys):
    """Put residents in the order of class, word, position: `keys` holds word and position; `begins` the classes."""
    n = classes.size
    for c in range(begins.size):
        begins[c] = 0
    for i in range(n):
        begins[classes[i] + 1] += 1
    for start in range(0, n, SOME):
        count = min(SOME, n - start)
        fill_words(k0, k1, TIES, layer, first_id + start, count, drawn)
        for j in range(count):
            words[start + j] = drawn[0, j]
    before = 0
    for c in range(begins.size):                            # begins[c + 1] still counts class c
        before += begins[c]
        begins[c] = before
    for i in range(n):
        starts[i] = 0
    starts[n] = 0
    for i in range(n):
        begin = np.int64(begins[classes[i]])
        size = np.int64(begins[classes[i] + 1]) - begin
        buckets[i] = begin + (np.int64(words[i]) * size >> 32)
        starts[buckets[i] + 1] += 1
    for i in range(n):
        starts[i + 1] += starts[i]
    for i in range(n):
        place = starts[buckets[i]]
        starts[buckets[i]] = place + 1
        keys[place] = (np.uint64(words[i]) << np.uint64(32)) | np.uint64(i)


def pair(begins, keys, partner):
    """Write each resident's partner; the odd ones of the classes are paired among themselves."""
    low = np.uint64(0xFFFFFFFF)
    waiting = np.int64(-1)
    for c in range(begins.size - 1):
        begin, end = np.int64(begins[c]), np.int64(begins[c + 1])
        for here in range(begin + 1, end):
            key = keys[here]
            place = here
            while place > begin and keys[place - 1] > key:
                keys[place] = keys[place - 1]
                place -= 1
            keys[place] = key
        for here in range(begin, end - 1, 2):
            one, other = np.int64(keys[here] & low), np.int64(keys[here + 1] & low)
            partner[one], partner[other] = other, one
        if (end - begin) & 1:
            last = np.int64(keys[end - 1] & low)
            if waiting < 0:
                waiting = last
            else:
                partner[last], partner[waiting] = waiting, last
                waiting = np.int64(-1)
    if waiting >= 0:
        partner[waiting] = waiting


def make_ties(k0, k1, first_id, communities, people, ties):
    """Write the contacts of each resident as positions in the district, shape (n, 6); a self-tie means none."""
    n = people.age.size
    if n == 0:
        return
    classes = np.empty(n, dtype=np.int32)
    begins = np.empty(2 * YEARS + communities * ADULT + 1, dtype=np.int32)
    drawn = np.empty((WORDS, SOME), dtype=np.uint32)
    words = np.empty(n, dtype=np.uint32)
    buckets = np.empty(n, dtype=np.int32)
    starts = np.empty(n + 1, dtype=np.int32)
    keys = np.empty(n, dtype=np.uint64)
    partners = np.empty((LONG, n), dtype=np.int32)
    meet_by_day(people, classes)
    sort_classes(k0, k1, first_id, np.int64(0), classes, begins, drawn, words, buckets, starts, keys)
    pair(begins, keys, partners[0])
    for i in range(n):
        classes[i] = people.field[i]
    sort_classes(k0, k1, first_id, np.int64(1), classes, begins, drawn, words, buckets, starts, keys)
    pair(begins, keys, partners[1])
    for i in range(n):
        for step in range(4):
            there = i + RING[step]
            if there < 0 or there >= n:
                there %= n
            ties[i, step] = there
        ties[i, 4] = partners[0, i]
        ties[i, 5] = partners[1, i]
