"""Residents, compiled: the twin of `vsim.world.people.people_of` and `vsim.world.work.work_of`.

Residents are made a block at a time, inside one community: what leans with the community is one number for the block.
Each loop decides one thing for all of the block with few arrays, so that the compiler takes several residents at a
time. What follows from sex, age group, student, Party, degree and children alone is read from tables of 128 kinds.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.words import SOME, WORDS, fill_words
from vsim.rng import Stream
from vsim.spec.groups import bit
from vsim.world.communities import HOUSEHOLD
from vsim.world.people import (
    ADULT,
    COLLEGE,
    GRADUATE,
    LOWER,
    MATURE,
    MIDDLE,
    OLD,
    POSTGRADUATE,
    STUDENT_AGE,
    UPPER,
    YOUNG,
)

PERSON, TASTE, HOME = np.int64(Stream.PERSON), np.int64(Stream.TASTE), np.int64(Stream.HOME)
WORKERS, NEW_EMPLOYMENT, VETERANS = bit("workers"), bit("new_employment"), bit("veterans")
SKILLED, CREDENTIALED, NEW_HOUSING = bit("skilled"), bit("credentialed"), bit("new_housing")
WORK, PAPERS = 2, 3           # numbers of the draws of work among those of a person


def decide_age(who, places, number, profile, count, age, kind):
    """Write ages in years, and the age group as the two lowest bits of the kind."""
    word = who[0]
    edges = places.edges[number]
    e1, e2, e3, e4 = edges[1], edges[2], edges[3], edges[4]
    l0, l1, l2, l3 = profile.low[0], profile.low[1], profile.low[2], profile.low[3]
    s0, s1, s2, s3 = profile.span[0], profile.span[1], profile.span[2], profile.span[3]
    w0, w1, w2, w3 = max(e1, 1), max(e2 - e1, 1), max(e3 - e2, 1), max(e4 - e3, 1)
    for j in range(count):
        w = np.int64(word[j])
        one, two, three = w >= e1, w >= e2, w >= e3
        start = e3 if three else e2 if two else e1 if one else 0
        width = w3 if three else w2 if two else w1 if one else w0
        low = l3 if three else l2 if two else l1 if one else l0
        span = s3 if three else s2 if two else s1 if one else s0
        years = np.int64(np.float64((w - start) * span) / np.float64(width))     # exact: both are below 2**53, see test
        age[j] = np.uint8(low + years)
        kind[j] = np.uint8(np.int64(one) + np.int64(two) + np.int64(three))


def decide_traits(who, more, school, places, number, cards, count, age, kind):
    """Add sex, student, Party membership, degree and children to the kind, a bit each from the third on."""
    sex, study, party, family = who[1], who[2], more[0], more[2]
    young, old = places.young[number], places.old[number]
    students, members = places.students[number], places.members[number]
    for j in range(count):
        kind[j] |= np.uint8(np.int64(np.int64(sex[j]) < cards.women) << 2)
    for j in range(count):
        a = np.int64(age[j])
        w = np.int64(study[j])
        pupil = (a < ADULT) & (w < cards.pupils)
        student = (a >= ADULT) & (a < STUDENT_AGE) & (w < students)
        kind[j] |= np.uint8(np.int64(pupil | student) << 3)
    for j in range(count):
        member = (np.int64(age[j]) >= ADULT) & (np.int64(party[j]) < members)
        kind[j] |= np.uint8(np.int64(member) << 4)
    for j in range(count):
        a = np.int64(age[j])
        chance = young if a < MATURE else old
        kind[j] |= np.uint8(np.int64((a >= GRADUATE) & (np.int64(school[j]) < chance)) << 5)
    for j in range(count):
        group = kind[j] & 3
        w = np.int64(family[j])
        parent = ((group == YOUNG) & (w < cards.parent_young)) | ((group == MIDDLE) & (w < cards.parent_old))
        kind[j] |= np.uint8(np.int64(parent) << 6)


def keep_house(who, more, homes, doors, begins, head, later, households, cards, count, school, schooling, household):
    """Number the households; those who do as their household read the words of its first member.

    `begins` says whether a community begins; if not, the household of the block before may go on, whose first member
    drew `head` and `later`. Returns these two and the households so far.
    """
    own, further, alike, door = who[3], more[3], homes[2], doors[0]
    for j in range(count):                                   # no branch: a household that opens cannot be foreseen
        opens = np.int64(np.int64(door[j]) < cards.opens) | np.int64(begins & (j == 0))
        head ^= (head ^ np.int64(own[j])) & -opens
        later ^= (later ^ np.int64(further[j])) & -opens
        households += opens
        school[j] = np.uint32(head)
        schooling[j] = np.uint32(later)
        household[j] = np.int32(households - 1)
    for j in range(count):
        same = np.int64(alike[j]) < cards.alike
        school[j] = school[j] if same else own[j]
        schooling[j] = schooling[j] if same else further[j]
    return head, later, households


def count_edges(words, edges, count, out):
    """Write the number of the share that each word falls into, from 1, or 0 for the rest: `work.by_share`."""
    for j in range(count):
        out[j] = 1
    for k in range(edges.size):
        edge = edges[k]
        for j in range(count):
            out[j] += np.uint8(np.int64(words[j]) >= edge)
    for j in range(count):
        out[j] = 0 if out[j] > edges.size else out[j]


def decide_work(words, papers, cards, shares, count, kind, skill, credential, employer, groups):
    """Write skill, credential, employer, and the groups that come from work."""
    work, modern, army = words[0], words[1], words[2]
    pick = papers[0]
    count_edges(words[3], shares.skill, count, skill)
    count_edges(papers[1], shares.credential, count, credential)
    for j in range(count):
        skill[j] = skill[j] if kind[j] & 3 > 0 else 0
    for j in range(count):
        credential[j] = credential[j] if skill[j] > 0 else 0
    for j in range(count):
        group, student = kind[j] & 3, kind[j] & 8
        chance = cards.worker if group < OLD else cards.worker_old
        worker = (group > 0) & (student == 0) & (np.int64(work[j]) < chance)
        new = worker & (group < OLD) & (np.int64(modern[j]) < cards.modern)
        veteran = (group > 0) & (np.int64(army[j]) < (cards.veteran_women if kind[j] & 4 else cards.veteran_men))
        groups[j] = np.uint16(
            (WORKERS if worker else 0) | (NEW_EMPLOYMENT if new else 0) | (VETERANS if veteran else 0)
        )
    for j in range(count):
        groups[j] |= np.uint16((SKILLED if skill[j] > 0 else 0) | (CREDENTIALED if credential[j] == 1 else 0))
    for j in range(count):
        place = np.int64(shares.guide[pick[j] >> np.uint32(20)])
        place += np.int64(np.int64(pick[j]) >= shares.employer[place])          # one edge in a cell is common
        while np.int64(pick[j]) >= shares.employer[place]:
            place += 1
        employed = groups[j] & (WORKERS | NEW_EMPLOYMENT) == WORKERS
        employer[j] = np.uint8(place + 1 if employed else 0)


def decide_rest(homes, more, schooling, places, number, cards, kinds, count, people, start, kind, join_trait):
    """Write where a resident lives, the preferred field, the highest school, and what the kind says."""
    end = start + count
    x, y, community, quarter = people.x[start:end], people.y[start:end], people.community[start:end], people.quarter
    across, along, likes = homes[0], homes[1], more[1]
    west, south = places.west[number], places.south[number]
    width, height, near = places.width[number], places.height[number], places.quarter[number]
    housing = np.uint16(NEW_HOUSING if places.new_housing[number] else 0)
    quarter = quarter[start:end]
    for j in range(count):
        x[j] = np.int16(west + (np.int64(across[j]) * width >> 32))
        y[j] = np.int16(south + (np.int64(along[j]) * height >> 32))
    for j in range(count):
        community[j] = np.uint8(number)
        quarter[j] = np.uint8(near)
    field, education, age = people.field[start:end], people.education[start:end], people.age[start:end]
    for j in range(count):
        field[j] = np.uint8(likes[j] >> 29)
    for j in range(count):
        w = np.int64(schooling[j])
        further = POSTGRADUATE if w < cards.postgraduate else COLLEGE
        without = UPPER if (w < cards.upper) & (np.int64(age[j]) >= ADULT) else LOWER
        education[j] = np.uint8(further if kind[j] & 32 else without)
    traits, cell, groups = people.traits[start:end], people.cell[start:end], people.groups[start:end]
    for j in range(count):
        traits[j] = kinds.traits[kind[j]]
        cell[j] = kinds.cell[kind[j]]
        groups[j] |= kinds.groups[kind[j]] | housing
    trait = people.trait[start:end]
    joining = join_trait[start:end]
    for j in range(count):
        trait[j] = kinds.trait[kind[j]]
        joining[j] = kinds.join_trait[kind[j]]


def decide_taste(words, normal, cards, count, people, start):
    """Write taste, frailty, reliability, and who can be steered."""
    end = start + count
    taste, trait, keen = people.taste[start:end], people.trait[start:end], people.keen[start:end]
    intrinsic, steered = people.intrinsic[start:end], people.steered[start:end]
    frailty, reliability = people.frailty[start:end], people.reliability[start:end]
    first, second, third, fourth = words[0], words[1], words[2], words[3]
    for j in range(count):
        z = np.int64(normal[first[j] >> np.uint32(20)])
        taste[j] = np.int32(cards.taste_mean + np.int64(trait[j]) + (cards.taste_sd * z >> 16))
        keen[j] = np.int16(z >> 6)
    for j in range(count):
        intrinsic[j] = np.int16(first[j] >> 24)
        steered[j] = np.uint8(np.int64(fourth[j] >> np.uint32(16)) < cards.steered)
    for j in range(count):
        frailty[j] = np.int32((cards.frailty * np.int64(normal[second[j] >> np.uint32(20)]) >> 16) - cards.frailty_mean)
    for j in range(count):
        reliability[j] = np.int32(cards.reliability * np.int64(normal[third[j] >> np.uint32(20)]) >> 16)


def make_people(k0, k1, first_id, places, profile, cards, shares, kinds, normal, people, join_trait, kind, counted,
                households):
    """Write the residents of a district: `people`, shapes (n,), and their kinds, 0 to 127, with the count of each.

    places : what leans with each community, arrays of shape (c,), and where its residents begin, shape (c + 1,); see
        `vsim.run.making` for these and the other tables; households : shape (c,), written.
    """
    who = np.empty((WORDS, SOME), dtype=np.uint32)
    more = np.empty((WORDS, SOME), dtype=np.uint32)
    homes = np.empty((WORDS, SOME), dtype=np.uint32)
    doors = np.empty((WORDS, SOME), dtype=np.uint32)
    words = np.empty((WORDS, SOME), dtype=np.uint32)
    papers = np.empty((WORDS, SOME), dtype=np.uint32)
    school = np.empty(SOME, dtype=np.uint32)
    schooling = np.empty(SOME, dtype=np.uint32)
    head, later, total = np.int64(0), np.int64(0), np.int64(0)
    for number in range(households.size):
        begin, stop = places.begin[number], places.begin[number + 1]
        before = total
        for start in range(begin, stop, SOME):
            count = min(SOME, stop - start)
            entity = first_id + start
            fill_words(k0, k1, PERSON, np.int64(0), entity, count, who)
            fill_words(k0, k1, PERSON, np.int64(1), entity, count, more)
            fill_words(k0, k1, HOME, np.int64(0), entity, count, homes)
            fill_words(k0, k1, HOME, np.int64(HOUSEHOLD), entity, count, doors)
            end = start + count
            ids, age, mine = people.ids[start:end], people.age[start:end], kind[start:end]
            head, later, total = keep_house(who, more, homes, doors, start == begin, head, later, total, cards, count,
                                            school, schooling, people.household[start:end])
            decide_age(who, places, number, profile, count, age, mine)
            decide_traits(who, more, school, places, number, cards, count, age, mine)
            fill_words(k0, k1, PERSON, np.int64(WORK), entity, count, words)
            fill_words(k0, k1, PERSON, np.int64(PAPERS), entity, count, papers)
            decide_work(words, papers, cards, shares, count, mine, people.skill[start:end],
                        people.credential[start:end], people.employer[start:end], people.groups[start:end])
            decide_rest(homes, more, schooling, places, number, cards, kinds, count, people, start, mine, join_trait)
            fill_words(k0, k1, TASTE, np.int64(0), entity, count, words)
            decide_taste(words, normal, cards, count, people, start)
            for j in range(count):
                ids[j] = np.uint32(entity + j)
            for j in range(count):
                counted[mine[j]] += 1
        households[number] = total - before
