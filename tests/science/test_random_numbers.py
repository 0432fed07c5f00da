"""Draws are Philox4x32-10, keyed by what they decide, the same in plain NumPy and compiled, and independent."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.engine_worlds import z_score
from vsim.kernels.build import kernels
from vsim.rng import Stream, draw, leading_bytes, mix64, philox4x32, stream_key, weekly_uniform

# Random123, kat_vectors, philox4x32 with 10 rounds: counter, key, answer
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
# A number, once given, never changes its meaning; new streams are added here.
FROZEN = {
    "PLACE": 1, "PERSON": 2, "TASTE": 3, "HOME": 4, "TIES": 5, "HISTORY": 6, "ORGANISATION": 7, "STATUS": 10,
    "STATUS_TAIL": 11, "TAKE_PART": 12, "TAKE_PART_TAIL": 13, "EXTRA": 14, "CHOICE": 15, "MENU": 16, "DEMAND": 17,
    "SHIFT": 18, "SERVICE": 19, "RECORD": 20, "TRAINING": 21, "REDEEM": 22, "ACTIVATION": 23, "TASK": 24, "HONOUR": 25,
    "CREDIT": 26, "CARE": 27, "INSURED": 28, "REACH": 29, "NAME": 30, "RELEASE": 31, "SAMPLE": 32,
    "RATING": 40, "COMPLAINT": 41, "CERTIFICATE": 42, "CLAIM": 43, "BENEFIT": 44, "SIGNAL": 45, "HIRING": 46,
    "AWARD": 47, "AUDIT": 48, "SURVEY": 49, "PLATFORM": 50, "SECURITY": 51, "CONSENT": 52, "STATION": 53,
    "RESOURCE": 54, "REQUEST": 55, "DISPATCH": 56, "FORM": 57, "ALARM": 58, "MEDIA": 59, "RESEARCH": 60, "FUND": 61,
    "DONATION": 62, "CONTRACT": 63, "PARTNER": 64, "COURSE": 65, "LOGO": 66, "COMPACT": 67, "INFORMAL": 68,
    "CONDUCT": 69, "AGREEMENT": 70, "VOICE": 71, "REGISTER": 72,
}
IDS = np.arange(40_000, dtype=np.uint32)
KEY = stream_key(2025)
WORD = st.integers(0, 2**32 - 1)


def numbers(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def chi2_z(counts: np.ndarray) -> float:
    """Return how far a chi-square of equal cells lies from its mean, in standard deviations."""
    expected = counts.sum() / counts.size
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return z_score(statistic, counts.size - 1, 2 * (counts.size - 1))


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Return the correlation of two samples in its standard errors."""
    return float(np.corrcoef(a.astype(np.float64), b.astype(np.float64))[0, 1] * np.sqrt(a.size))


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_known_answers_of_random123(counter: str, key: str, answer: str) -> None:
    k0, k1 = numbers(key)
    words = philox4x32(numbers(counter), (k0, k1))
    assert [int(word) for word in words] == numbers(answer)
    assert all(word.dtype == np.uint32 for word in words)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_compiled_philox_gives_the_known_answers_of_random123(counter: str, key: str, answer: str) -> None:
    c = [np.uint64(word) for word in numbers(counter)]
    k = [np.uint64(word) for word in numbers(key)]
    assert [int(word) for word in kernels().philox(*c, *k)] == numbers(answer)


@examples(max_examples=50)
@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_plain_and_compiled_philox_agree_for_any_counter_and_key(
    counter: tuple[int, int, int, int], key: tuple[int, int]
) -> None:
    plain = [int(word) for word in philox4x32(counter, key)]
    compiled = kernels().philox(*(np.uint64(c) for c in counter), *(np.uint64(k) for k in key))
    assert [int(word) for word in compiled] == plain


def test_a_draw_of_many_is_each_draw_alone() -> None:
    together = draw(KEY, Stream.SERVICE, IDS[:50], 12, np.arange(50))
    for i in (0, 1, 17, 49):
        assert [int(w[i]) for w in together] == [int(w) for w in draw(KEY, Stream.SERVICE, i, 12, i)]


def test_the_compiled_draw_is_the_plain_one_also_before_week_zero() -> None:
    k0, k1 = np.uint64(KEY[0]), np.uint64(KEY[1])
    for week in (-520, -1, 0, 1, 1039):
        plain = [int(w) for w in draw(KEY, Stream.RECORD, 4_000_000_000, week, 3)]
        compiled = kernels().words(k0, k1, int(Stream.RECORD), np.uint32(4_000_000_000), np.int64(week), np.int64(3))
        assert list(compiled) == plain


@pytest.mark.parametrize("block", [-9, -1, 0, 1, 16])
def test_leading_bytes_are_equal_plain_and_compiled_also_in_negative_blocks(block: int) -> None:
    ids = IDS[7 : 7 + 1030]
    k0, k1 = np.uint64(KEY[0]), np.uint64(KEY[1])
    planes, module = np.zeros((8, ids.size), dtype=np.uint64), kernels()
    module.draw_planes(k0, k1, int(Stream.STATUS), ids.astype(np.uint64), ids.size, np.int64(block), planes)
    lead = leading_bytes(KEY, Stream.STATUS, ids, block)
    for offset in (0, 1, 31, 32, 63):
        week = np.int64(64 * block + offset)
        assert [int(module.lead_in(planes, j, offset)) for j in range(ids.size)] == lead[offset].tolist()
        found = [int(module.lead_of(k0, k1, int(Stream.STATUS), ids[j], week)) for j in range(60)]
        assert found == lead[offset][:60].tolist()
    for bound in (-1, 0, 1, 7, 128, 254, 255, 999):
        weeks = np.array([int(module.weeks_at_most(planes, j, np.int64(bound))) for j in range(200)], dtype=np.uint64)
        bits = (weeks[None, :] >> np.arange(64, dtype=np.uint64)[:, None]) & np.uint64(1)
        assert np.array_equal(bits == 1, lead[:, :200] <= bound), bound


def test_weeks_of_a_block_are_a_bit_each() -> None:
    module = kernels()
    for first, end in ((0, 64), (0, 1), (63, 64), (5, 5), (9, 3), (64, 64), (10, 52)):
        assert int(module.weeks_from(first, end)) == sum(1 << week for week in range(first, end))
    for week in range(64):
        assert int(module.first_of(np.uint64(1 << week) | np.uint64(1 << 63))) == week


@pytest.mark.parametrize("week", [-129, -65, -64, -1, 0, 63, 64, 700])
def test_the_lazy_decision_equals_the_weekly_uniform_below_the_chance(week: int) -> None:
    ids = IDS[:300]
    uniform = weekly_uniform(KEY, Stream.TAKE_PART, Stream.TAKE_PART_TAIL, ids, week)
    lead = leading_bytes(KEY, Stream.TAKE_PART, ids, week // 64)[week % 64]
    below, k0, k1 = kernels().below, np.uint64(KEY[0]), np.uint64(KEY[1])
    for i in range(ids.size):
        own = int(uniform[i])
        for chance in (0, own, own + 1, own | 0xFFFFFF, 1 << 31, (1 << 32) - 1, 1 << 32):
            lazy = below(k0, k1, int(Stream.TAKE_PART_TAIL), ids[i], np.int64(week), lead[i], np.int64(chance))
            assert lazy == (own < chance)


def test_the_leading_byte_is_the_top_of_the_weekly_uniform() -> None:
    for week in (-3, 0, 77):
        uniform = weekly_uniform(KEY, Stream.STATUS, Stream.STATUS_TAIL, IDS[:99], week)
        assert np.array_equal(uniform >> 24, leading_bytes(KEY, Stream.STATUS, IDS[:99], week // 64)[week % 64])
        assert uniform.min() >= 0
        assert uniform.max() < 1 << 32


@pytest.mark.parametrize("stream", list(Stream))
def test_every_stream_is_uniform(stream: Stream) -> None:
    for word in draw(KEY, stream, IDS, 5, 1):
        assert abs(chi2_z(np.bincount(word >> np.uint32(24), minlength=256))) < 4.5
        assert abs(chi2_z(np.bincount(word & np.uint32(0xFF), minlength=256))) < 4.5


def test_the_weekly_uniform_is_uniform_over_people_and_over_weeks() -> None:
    over_people = weekly_uniform(KEY, Stream.TAKE_PART, Stream.TAKE_PART_TAIL, IDS, 30)
    assert abs(chi2_z(np.bincount(over_people >> 22, minlength=1024))) < 4.5
    ids = IDS[:800]
    over_weeks = np.concatenate([leading_bytes(KEY, Stream.TAKE_PART, ids, block).ravel() for block in (-1, 0, 1)])
    assert abs(chi2_z(np.bincount(over_weeks, minlength=256))) < 4.5


def test_streams_share_nothing() -> None:
    words = {stream: draw(KEY, stream, IDS[:5000], 5)[0] for stream in Stream}
    worst = max(abs(correlation(words[a], words[b])) for a, b in combinations(Stream, 2))
    assert worst < 4.5
    assert not any((words[a] == words[b]).any() for a, b in combinations(list(Stream)[:8], 2))


def test_seeds_replicates_weeks_and_items_share_nothing() -> None:
    ids = IDS[:20_000]
    base = draw(stream_key(1), Stream.SERVICE, ids, 5)[0]
    others = {
        "seed": draw(stream_key(2), Stream.SERVICE, ids, 5)[0],
        "replicate": draw(stream_key(1, 1), Stream.SERVICE, ids, 5)[0],
        "week": draw(stream_key(1), Stream.SERVICE, ids, 6)[0],
        "item": draw(stream_key(1), Stream.SERVICE, ids, 5, 1)[0],
        "neighbour": draw(stream_key(1), Stream.SERVICE, ids + np.uint32(1), 5)[0],
    }
    assert {name: word for name, word in others.items() if abs(correlation(base, word)) > 4.5} == {}


def test_neighbouring_weeks_of_one_person_are_independent() -> None:
    lead = leading_bytes(KEY, Stream.STATUS, IDS[:4000], 0)
    assert abs(correlation(lead[:-1].ravel(), lead[1:].ravel())) < 4.5
    assert abs(correlation(lead[:32].ravel(), lead[32:].ravel())) < 4.5


def test_stream_numbers_are_unique_and_never_change_their_meaning() -> None:
    now = {stream.name: int(stream) for stream in Stream.__members__.values()}
    assert len(Stream.__members__) == len(set(Stream)) == len(set(now.values()))
    assert {name: now.get(name) for name in FROZEN} == FROZEN
    assert set(now) - set(FROZEN) == set(), "a new stream: add it to the frozen list"


def test_keys_are_distinct_for_seeds_and_replicates() -> None:
    seeds = [0, 1, 2, 7, 2025, 2**31, 2**32, 2**32 + 1, 2**63 - 1, *range(100, 300)]
    keys = {stream_key(seed, replicate) for seed in seeds for replicate in range(60)}
    assert len(keys) == len(seeds) * 60
    assert all(0 <= word < 2**32 for key in keys for word in key)


@examples(max_examples=200)
@given(st.integers(0, 2**64 - 1))
def test_the_mixer_of_seeds_loses_nothing(value: int) -> None:
    def unshift(mixed: int, by: int) -> int:
        out = mixed
        for _ in range(3):
            out = mixed ^ (out >> by)
        return out

    back = unshift(mix64(value), 31)
    back = unshift(back * pow(0x94D049BB133111EB, -1, 2**64) % 2**64, 27)
    back = unshift(back * pow(0xBF58476D1CE4E5B9, -1, 2**64) % 2**64, 30)
    assert back == value


def test_the_arm_of_a_policy_is_no_part_of_the_key() -> None:
    assert stream_key(7, 3) == stream_key(7, replicate=3)
    assert draw(stream_key(7, 3), Stream.CHOICE, 11, 4, 2)[0] == draw(stream_key(7, 3), Stream.CHOICE, 11, 4, 2)[0]
