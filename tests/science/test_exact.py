"""The exact tables say what they promise to the last digit; integer functions stay inside their stated error."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from vsim import exact
from vsim.errors import DataError
from vsim.kernels.build import kernels
from vsim.kernels.layout import flat_tables

SAMPLE = np.random.default_rng(1).integers
mp.mp.dps = 40
DEFINITIONS = {
    "logistic": lambda i: mp.floor(mp.mpf(2) ** 32 / (1 + mp.exp(-mp.mpf(i - 12288) / 1024))),
    "hazard": lambda i: mp.floor(mp.mpf(2) ** 32 * -mp.expm1(-mp.exp(mp.mpf(i - 16384) / 1024))),
    "exponential": lambda i: mp.nint(mp.mpf(2) ** 32 * mp.exp(mp.mpf(i - 16384) / 1024)),
    "normal": lambda i: mp.nint(65536 * mp.sqrt(2) * mp.erfinv(2 * mp.mpf(2 * i + 1) / 8192 - 1)),
    "gumbel": lambda i: mp.nint(-1024 * mp.log(-mp.log(mp.mpf(2 * i + 1) / 8192))),
    "logarithm": lambda i: mp.nint(1024 * mp.log(1 + mp.mpf(i) / 4096)),
    "log1p": lambda i: mp.nint(1024 * mp.log(1 + i)),
}
EDGES = [1, 2, 3, 2**12 - 1, 2**12, 2**12 + 1, 2**50, 2**51 - 1, 2**51, 2**52 + 1, 2**62, 2**63 - 1]


@pytest.fixture
def fresh() -> Iterator[None]:
    """Read the tables anew, before and after the test."""
    exact.tables.cache_clear()
    yield
    exact.tables.cache_clear()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: None) -> Path:
    """Return a copy of the folder of tables, from which they are read."""
    folder = tmp_path / "exact"
    shutil.copytree(exact.FOLDER, folder)
    monkeypatch.setattr(exact, "FOLDER", folder)
    return folder


@pytest.mark.parametrize("name", exact.Tables._fields)
def test_a_table_agrees_with_mpmath_at_both_ends_and_at_a_hundred_places_between(name: str) -> None:
    table = getattr(exact.tables(), name)
    places = {0, 1, table.size // 2, table.size - 2, table.size - 1, *SAMPLE(0, table.size, 100).tolist()}
    assert {i: int(table[i]) for i in places} == {i: int(DEFINITIONS[name](i)) for i in places}


def test_the_tables_are_monotone_and_cannot_be_written_to() -> None:
    for name, table in exact.tables()._asdict().items():
        assert (np.diff(table) >= 0).all(), name
        assert table.dtype == np.int64
        assert not table.flags.writeable


def test_logits_of_opposite_sign_add_up_to_one() -> None:
    logits = np.arange(-12287, 12288)
    total = exact.logistic32(logits) + exact.logistic32(-logits)
    assert set(total.tolist()) <= {exact.ONE32 - 1, exact.ONE32}


def test_the_normal_and_gumbel_tables_have_the_right_moments() -> None:
    z = exact.tables().normal / 65536
    assert abs(z.mean()) < 1e-6
    assert abs(z.std() - 1) < 2e-3
    g = exact.tables().gumbel / 1024
    assert abs(g.mean() - 0.5772) < 2e-3
    assert abs(g.std() - math.pi / math.sqrt(6)) < 6e-3


def test_a_tampered_table_is_refused(copied: Path) -> None:
    raw = bytearray((copied / "hazard.npy").read_bytes())
    raw[-1] ^= 1
    (copied / "hazard.npy").write_bytes(bytes(raw))
    with pytest.raises(DataError, match=r"hazard\.npy: not the exact table"):
        exact.tables()


def test_a_table_cut_short_is_refused(copied: Path) -> None:
    raw = (copied / "normal.npy").read_bytes()
    (copied / "normal.npy").write_bytes(raw[:-100])
    with pytest.raises(DataError, match=r"normal\.npy"):
        exact.tables()


def test_a_table_without_a_checksum_is_refused(copied: Path) -> None:
    lines = (copied / "SHA256SUMS").read_text().splitlines()
    (copied / "SHA256SUMS").write_text("\n".join(line for line in lines if "gumbel" not in line) + "\n")
    with pytest.raises(DataError):
        exact.tables()


def test_the_untouched_copy_is_accepted(copied: Path) -> None:
    assert (exact.tables().log1p[0], exact.tables().logistic[exact.LOGISTIC_ZERO]) == (0, 2**31)


@examples(max_examples=300)
@given(st.integers(1, 2**63 - 1))
@example(1)
@example(2**50)
@example(2**51)
@example(2**63 - 1)
def test_the_integer_logarithm_is_within_two_thousandths(value: int) -> None:
    assert abs(exact.log_of(value) / 1024 - math.log(value)) < 2.2e-3


def test_the_integer_logarithm_never_falls_by_more_than_its_rounding() -> None:
    values = sorted({*range(1, 5000), *(2**k + d for k in range(12, 62) for d in (-1, 0, 1))})
    logs = [exact.log_of(value) for value in values]
    assert all(b - a >= -1 for a, b in pairwise(logs))


def test_the_compiled_arithmetic_is_the_plain_one() -> None:
    compiled, tables = kernels(), flat_tables()
    for value in (*EDGES, *SAMPLE(1, 2**40, 50).tolist()):
        assert compiled.log_of(tables, np.int64(value)) == exact.log_of(int(value))
    ends = (12287, 12288, 16384, 16385, 20000, 1 << 40)
    for x in (*(-end for end in ends), -1, 0, 1, 2047, 2048, 8191, 8192, *ends):
        at = np.int64(x)
        assert compiled.exp32(tables, at) == exact.exp32(x)
        assert compiled.logistic32(tables, at) == exact.logistic32(x)
        assert compiled.hazard32(tables, at) == exact.hazard32(x)


def test_the_coarse_tables_are_bounds_and_close_ones() -> None:
    compiled, tables = kernels(), flat_tables()
    for most, whole, end in (
        (compiled.logistic_most, exact.logistic32, 12288), (compiled.hazard_most, exact.hazard32, 2048),
    ):
        for x in (-(1 << 40), -20000, *range(-12400, 12400, 37), 1 << 40):
            assert whole(x) <= most(tables, np.int64(x))
            if -12288 <= x < end:
                assert most(tables, np.int64(x)) <= whole(x + 15)


@examples(max_examples=100)
@given(st.floats(-11.9, 11.9))
def test_a_logit_becomes_its_probability_within_a_thousandth_of_a_logit(logit: float) -> None:
    p = int(exact.logistic32(exact.units(logit))) / 2**32
    assert p == pytest.approx(1 / (1 + math.exp(-logit)), rel=6e-4, abs=1e-9)


@examples(max_examples=100)
@given(st.floats(-15.9, 1.9))
def test_a_log_hazard_becomes_its_probability_within_a_thousandth(logs: float) -> None:
    p = int(exact.hazard32(exact.units(logs))) / 2**32
    assert p == pytest.approx(-math.expm1(-math.exp(logs)), rel=6e-4, abs=1e-9)


def test_thresholds_and_shares_are_exact_at_their_ends() -> None:
    assert [exact.threshold32(p) for p in (0.0, 0.5, 1.0)] == [0, 2**31, 2**32]
    assert (exact.threshold32(-0.1), exact.threshold32(1.1)) == (0, 2**32)
    assert [exact.share16(p) for p in (0.0, 0.5, 1.0, 2.0)] == [0, 32768, 65536, 131072]
    assert [exact.units(x) for x in (0.0, 1.0, -0.5)] == [0, 1024, -512]


def test_values_beyond_a_table_take_its_end() -> None:
    assert int(exact.exp32(1 << 40)) == int(exact.tables().exponential[-1])
    assert int(exact.logistic32(-(1 << 40))) == int(exact.tables().logistic[0])
    assert int(exact.hazard32(1 << 40)) == int(exact.tables().hazard[-1])


@pytest.mark.parametrize(("mean", "dispersion"), [(0.3, 0.55), (2.4, 0.55), (2.4, 20.0), (0.05, 1.0)])
def test_a_negative_binomial_table_has_its_mean_and_variance(mean: float, dispersion: float) -> None:
    table = exact.negative_binomial_table(mean, dispersion, 80)
    assert table.mean() == pytest.approx(mean, rel=0.01, abs=0.002)
    assert table.var() == pytest.approx(mean + mean**2 / dispersion, rel=0.04, abs=0.005)
    assert exact.negative_binomial_table(mean, dispersion, 3).max() <= 3


def test_a_count_of_mean_zero_is_zero() -> None:
    assert not exact.negative_binomial_table(0.0, 0.55, 15).any()


def test_a_geometric_count_of_mean_zero_is_zero() -> None:
    assert not exact.geometric_table(0.0, 12).any()


@pytest.mark.parametrize("mean", [0.05, 0.5, 1.0, 3.0])
def test_a_geometric_table_has_its_mean_and_share_of_zeros(mean: float) -> None:
    table = exact.geometric_table(mean, 60)
    assert table.mean() == pytest.approx(mean, rel=0.01, abs=0.002)
    assert (table == 0).mean() == pytest.approx(1 / (1 + mean), abs=3e-4)


def test_an_inverse_table_gives_each_value_its_share_of_cells() -> None:
    table = exact.inverse_table([Decimal("0.25"), Decimal("0.5"), Decimal("0.25")], 4096)
    assert np.bincount(table).tolist() == [1024, 2048, 1024]
    assert (np.diff(table) >= 0).all()
    rest = exact.inverse_table([Decimal("0.5"), Decimal("0.1")], 1000)
    assert np.bincount(rest).tolist() == [500, 500]


def test_the_lognormal_count_table_has_its_median_and_stays_within_its_ends() -> None:
    table = exact.lognormal_count_table(3.0, 1.15, 1, 60)
    assert (table.min(), table.max(), int(np.median(table))) == (1, 60, 3)
    assert exact.lognormal_count_table(3.0, 0.0, 1, 60).tolist() == [3] * 4096
