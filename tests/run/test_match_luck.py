"""Lucks of a matching: settings take turns, what a luck adds is taken off, and the covariance of one luck."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.run.match_luck import POOL, adjusted, schedule, within, without


def test_every_luck_is_met_equally_often_and_a_setting_meets_none_twice() -> None:
    found = schedule(50, 4)
    assert np.bincount(found.ravel()).tolist() == [8] * POOL
    assert all(len(set(row)) == 4 for row in found.tolist())


def test_what_a_luck_adds_is_taken_off_exactly_where_it_is_the_same_everywhere() -> None:
    rng = np.random.default_rng(1)
    lucks = schedule(40, 3)
    truth, pool = rng.normal(0, 1, (40, 2)), rng.normal(0, 5, (POOL, 2))
    pool -= pool.mean(axis=0)
    outputs = truth[:, None, :] + pool[lucks]
    means, adds = adjusted(outputs, lucks)
    assert means == pytest.approx(truth)
    assert adds == pytest.approx(pool)
    assert without(outputs, lucks, adds) == pytest.approx(truth)
    outputs[3, 1, 0], outputs[5, :, 1] = np.nan, np.nan
    found, _ = adjusted(outputs, lucks)
    assert np.isnan(found[5, 1])
    assert np.delete(found[:, 1], 5) == pytest.approx(np.delete(truth[:, 1], 5))
    assert found[:, 0] == pytest.approx(truth[:, 0])


def test_when_every_setting_meets_the_whole_pool_it_is_the_plain_mean() -> None:
    outputs = np.random.default_rng(2).normal(0, 1, (6, 5, 2))
    assert adjusted(outputs, schedule(6, 5, 5), 5)[0] == pytest.approx(outputs.mean(axis=1))


def test_the_covariance_of_luck_is_pooled_within_settings() -> None:
    rng = np.random.default_rng(0)
    found = rng.normal(0, 1, (500, 3, 2)) @ np.array([[1.0, 0.5], [0.0, 1.0]]) + rng.normal(0, 9, (500, 1, 2))
    assert within(found) == pytest.approx(np.array([[1.0, 0.5], [0.5, 1.25]]), abs=0.15)
    assert within(found[:, :1]).tolist() == [[0.0, 0.0], [0.0, 0.0]]
