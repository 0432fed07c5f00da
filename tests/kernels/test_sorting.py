"""Keys of a queue, sorted in boxes: the same order as any other sort gives."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.kernels.build import kernels


@pytest.mark.parametrize("count", [0, 1, 2, 3, 100, 5000])
@pytest.mark.parametrize("spread", [1, 7, 1 << 16, 1 << 32], ids=["equal", "few", "low", "uniform"])
def test_keys_come_into_their_order_whatever_their_spread(count: int, spread: int) -> None:
    source = np.random.default_rng(count)
    priority = source.integers(0, spread, count) if spread > 1 else np.full(count, (1 << 32) - 1)
    keys = (priority << 31) | source.permutation(count)
    room = np.empty(count + 3, dtype=np.int64)
    given = np.concatenate((keys, np.array([-5, 9, 1 << 62])))          # what lies behind the keys stays as it is
    kernels().sort_keys(given, count, room, np.empty(1025, dtype=np.int64))
    assert given[:count].tolist() == sorted(keys.tolist())
    assert given[count:].tolist() == [-5, 9, 1 << 62]
