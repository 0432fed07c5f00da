"""Organisations and sources of need, compiled: the twin of `vsim.world.organisations` and `vsim.world.sources`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.words import WORDS, draw_words
from vsim.rng import Stream
from vsim.world.organisations import LATENT, MEANS
from vsim.world.sources import DAILY, KIND, LATENT_SOURCES, NEED, PAIRED

ORGANISATION = np.int64(Stream.ORGANISATION)


def share_of(word, edges):
    """Return the number of the share that a word falls into, from 1, or 0 for the rest: `work.by_share`."""
    number = 1
    for k in range(edges.size):
        number += np.int64(np.int64(word) >= edges[k])
    return 0 if number > edges.size else number


def picked(totals, word):
    """Return the position that a word picks in proportion to weights, given their running totals."""
    whole = totals[totals.size - 1]
    target = ((word >> 16) * whole + ((word & 0xFFFF) * whole >> 16)) >> 16
    low, high = 0, totals.size - 1
    while low < high:
        middle = (low + high) // 2
        if totals[middle] <= target:
            low = middle + 1
        else:
            high = middle
    return low


def draw_items(k0, k1, entities, weeks, item, words):
    """Write one draw of each entity; `item` is its number, a word for all."""
    items = np.empty(1, dtype=np.int64)
    items[0] = item
    draw_words(k0, k1, ORGANISATION, entities, weeks, items, words)


def make_organisations(k0, k1, first, alive, cards, forms, places, exponential, normal, made):
    """Write the organisations of a district, latent ones last: `made`, arrays of shape (k,).

    `first` is the number of the first in its two rows, `places` the stations that are open before the run.
    """
    count = made.weight.size
    entities = np.empty(count, dtype=np.int64)
    weeks = np.empty(count, dtype=np.int64)
    chances = np.empty(count, dtype=np.int64)
    words = np.empty((WORDS, count), dtype=np.uint32)
    for i in range(count):
        made.latent[i] = np.int64(i >= alive)
        entities[i] = first + i - (alive if i >= alive else 0)
        weeks[i] = made.latent[i] * LATENT
    draw_items(k0, k1, entities, weeks, np.int64(0), words)
    for i in range(count):
        size = np.int64(normal[words[0, i] >> np.uint32(20)])
        own = cards.latent_size + (cards.latent_sd * size >> 16)
        logs = own if made.latent[i] else cards.size_sd * size >> 16
        made.weight[i] = max(exponential[min(max(logs + 16384, 0), exponential.size - 1)] >> 22, 1)
        good = cards.quality_mean + (cards.quality_sd * np.int64(normal[words[1, i] >> np.uint32(20)]) >> 16)
        made.quality[i] = min(max(good, 0), 65536)
        made.field[i] = np.int64(words[2, i] >> 29)
        weeks[i] = MEANS + made.latent[i]
    draw_items(k0, k1, entities, weeks, np.int64(0), words)
    for i in range(count):
        form = forms.unregistered if made.latent[i] else forms.form[share_of(words[0, i], forms.edges)]
        leaders = max(np.int64(1), np.int64(np.sqrt(np.float64((cards.square * made.weight[i] >> 16) // 1024))))
        made.form[i], made.leaders[i] = form, leaders
        made.federated[i] = np.int64(np.int64(words[1, i]) < cards.federated) * (1 - made.latent[i])
        made.platform[i] = share_of(words[2, i], forms.platforms)
        made.coordinators[i] = 0 if forms.team[form] else leaders * cards.tenths >> 16
        made.cash[i] = leaders * forms.cash[form]
        place = np.int64(words[3, i])
        made.host[i] = places[(place & 0xFFFF) * places.size >> 16] if place >> 16 < cards.hosted else -1
        chances[i] = (cards.governance_mean + (cards.slope * (made.quality[i] - cards.quality_mean) >> 16)
                      + forms.registered[form] * cards.governance_registered)
        made.governance[i] = 0
    for call in range(cards.calls):
        draw_items(k0, k1, entities, weeks, np.int64(1 + call), words)
        for place in range(min(WORDS, cards.items - WORDS * call)):
            for i in range(count):
                has = np.int64(np.int64(words[place, i] >> np.uint32(16)) < chances[i])
                made.governance[i] |= has << (WORDS * call + place)


def make_sources(k0, k1, first, alive, rates, cards, fields, communities, stations, places, organisations, made):
    """Write the sources of need of a district, those of latent organisations last: `made`, arrays of shape (j,).

    `first` is the id of the first, `rates` what `vsim.world.sources.rates_of` says of those of an ordinary week.
    """
    count, ordinary = made.rate.size, rates.many + rates.few
    entities = np.empty(count, dtype=np.int64)
    weeks = np.empty(1, dtype=np.int64)
    weeks[0] = 1
    words = np.empty((WORDS, count), dtype=np.uint32)
    where = np.empty((WORDS, count), dtype=np.uint32)
    kind = np.empty((WORDS, count), dtype=np.uint32)
    totals = np.empty(alive, dtype=np.int64)
    for j in range(count):
        entities[j] = first + j
    draw_items(k0, k1, entities, weeks, np.int64(0), words)
    draw_items(k0, k1, entities, weeks, np.int64(NEED), where)
    draw_items(k0, k1, entities, weeks, np.int64(KIND), kind)
    whole = np.int64(0)
    for o in range(alive):
        whole += organisations.weight[o]
        totals[o] = whole
    share = (rates.many * rates.steady + rates.few * rates.single) // whole
    per = communities.x.size // (communities.quarter[communities.quarter.size - 1] + 1)
    for j in range(count):
        latent, steady = j >= ordinary, j < rates.many
        o = alive + (j - ordinary) // LATENT_SOURCES if latent else picked(totals, np.int64(words[0, j]))
        station = places[j % places.size]
        if latent and organisations.host[o] >= 0:
            station = organisations.host[o]
        own = min(share * organisations.weight[o] // LATENT_SOURCES, 1 << 32)
        area = organisations.field[o] if np.int64(words[1, j]) < cards.own_field else np.int64(words[2, j] >> 29)
        number = fields.order[fields.begins[area] + (np.int64(words[3, j]) * fields.sizes[area] >> 32)]
        c = stations.quarter[station] * per + (np.int64(where[2, j]) * per >> 32)
        wide, high = communities.width[c], communities.height[c]
        w = np.int64(kind[0, j])
        danger = np.int64(kind[1, j])
        top = cards.risk_emergency if area == fields.emergency else cards.risk_high
        made.ids[j] = np.uint32(np.uint64(first + j) & np.uint64(0xFFFFFFFF))
        made.station[j], made.organisation[j], made.field[j] = station, o, area
        made.quarter[j] = stations.quarter[station]
        made.x[j], made.y[j] = stations.x[station], stations.y[station]
        made.rate[j] = own if latent else rates.steady if steady else rates.single
        made.recurring[j] = np.int64(steady)
        made.quality[j] = organisations.quality[o]
        made.need_x[j] = communities.x[c] - wide // 2 + (np.int64(where[0, j]) * wide >> 32)
        made.need_y[j] = communities.y[c] - high // 2 + (np.int64(where[1, j]) * high >> 32)
        made.field25[j] = number
        once = fields.once[share_of(w, fields.modes)]
        made.mode[j] = (PAIRED if w < cards.paired else DAILY) if steady else once
        made.risk[j] = np.int64(danger < top) + np.int64(danger < top + cards.risk_middle)
        made.skill[j] = fields.skill[number] if np.int64(kind[2, j]) < cards.skilled else 0
        made.beneficiary[j] = fields.served[number]
