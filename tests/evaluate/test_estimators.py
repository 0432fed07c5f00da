"""What holds of every estimator: it refuses bad input, leaves the table alone, and answers by values alone."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.evaluate.worlds import USES, answer, luck, run
from vsim import evaluate
from vsim.errors import DataError, UsageError, VsimError
from vsim.spec.estimate import Estimate

pytestmark = pytest.mark.slow
OLDER = {"before_after", "difference_in_differences", "with_without"}       # one row a district, in test_comparisons
NO_ESTIMATORS = {"bias", "covers"}
EVERY = pytest.mark.parametrize("name", sorted(USES))
WITH_TREATMENT = sorted(name for name, use in USES.items() if {"treated", "treatment"} & set(use.columns))
WITH_COVARIATES = sorted(name for name, use in USES.items() if "covariates" in use.more)
FORGIVING = {"lee", "manski"}                                                # a missing outcome is what they are for
RANDOM = {"causal_forest": 0.2, "mediation": 0.1, "synthetic_did": 1e-9}     # resampling follows the order of rows


@cache
def plain_answer(name: str) -> float:
    """Return what an estimator answers on its own data as it is."""
    return answer(name, USES[name].data())


def test_every_estimator_is_looked_at() -> None:
    assert set(evaluate.__all__) == set(USES) | OLDER | NO_ESTIMATORS


@EVERY
def test_the_table_is_left_as_it_was(name: str) -> None:
    frame = USES[name].data()
    before = frame.copy(deep=True)
    run(name, frame)
    pd.testing.assert_frame_equal(frame, before)


@EVERY
def test_the_answer_follows_from_values_alone(name: str) -> None:
    use = USES[name]
    frame = use.data()
    plain = plain_answer(name)
    shuffled = frame.iloc[luck(1).permutation(len(frame))]
    assert answer(name, shuffled) == pytest.approx(plain, rel=RANDOM.get(name, 1e-9), abs=1e-12)
    odd = frame.set_index(pd.Index(["行"] * len(frame)))
    assert answer(name, odd) == pytest.approx(plain, rel=1e-12)
    chinese = dict(zip(frame.columns, (f"列 {k}" for k in range(frame.shape[1])), strict=True))
    more = {"covariates": [chinese[c] for c in use.more["covariates"]]} if "covariates" in use.more else {}
    renamed = run(name, frame.rename(columns=chinese), {k: chinese[c] for k, c in use.columns.items()}, **more)
    assert float(use.read(renamed)) == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize("name", sorted(name for name, use in USES.items() if {"unit", "cluster"} & set(use.columns)))
@pytest.mark.parametrize("kind", ["category", "int8", "str", "object"])
def test_labels_may_be_of_any_kind(name: str, kind: str) -> None:
    use = USES[name]
    frame = use.data()
    column = use.columns.get("unit", use.columns.get("cluster", ""))
    codes = pd.Series(pd.factorize(frame[column], sort=True)[0], index=frame.index)
    labels = codes.astype(kind) if kind == "int8" else codes.map(lambda k: f"{k:03d}").astype(kind)
    assert answer(name, frame.assign(**{column: labels})) == pytest.approx(plain_answer(name), rel=1e-9)


@EVERY
def test_a_missing_column_is_named_with_the_nearest(name: str) -> None:
    use = USES[name]
    role, column = next(iter(use.columns.items()))
    with pytest.raises(DataError, match=rf"(?s){name}.*column '{column}s'.*Did you mean '{column}'"):
        run(name, use.data(), {**use.columns, role: f"{column}s"})


@EVERY
def test_missing_values_are_counted_and_refused(name: str) -> None:
    use = USES[name]
    for role, column in use.columns.items():
        if role in {"start", "unit", "cluster", "by"} or (name in FORGIVING and role == "outcome"):
            continue
        frame = use.data().astype({column: float})
        frame.loc[frame.index[:3], column] = np.nan
        with pytest.raises(DataError, match=rf"column '{column}' .* has [3-9]\d* missing values"):
            run(name, frame)


@EVERY
def test_infinite_and_worded_numbers_are_refused(name: str) -> None:
    use = USES[name]
    column = next(c for r, c in use.columns.items() if r in {"outcome", "running", "duration"})
    frame = use.data().astype({column: float})
    frame.loc[frame.index[0], column] = np.inf
    with pytest.raises(DataError, match="infinite"):
        run(name, frame)
    words = use.data().assign(**{column: "many"})
    with pytest.raises(DataError, match="allowed numbers"):
        run(name, words)


@EVERY
def test_an_empty_table_and_what_is_no_table_are_refused(name: str) -> None:
    use = USES[name]
    with pytest.raises(DataError, match="no rows"):
        run(name, use.data().iloc[:0])
    with pytest.raises(UsageError, match="allowed a pandas DataFrame"):
        run(name, use.data().to_dict())               # type: ignore[arg-type]


@pytest.mark.parametrize("name", WITH_TREATMENT)
def test_a_constant_treatment_is_refused(name: str) -> None:
    use = USES[name]
    column = use.columns.get("treated", use.columns.get("treatment", ""))
    with pytest.raises(DataError, match=rf"'{column}'"):
        run(name, use.data().assign(**{column: 1}))


@pytest.mark.parametrize("name", ["difference_in_means", "did", "iv", "cox"])
def test_one_cluster_is_refused(name: str) -> None:
    use = USES[name]
    with pytest.raises(DataError, match="there is 1 cluster"):
        run(name, use.data().assign(all_of_them=1), {**use.columns, "cluster": "all_of_them"})


@pytest.mark.parametrize("name", ["did", "staggered_did", "event_study", "synthetic_control", "synthetic_did"])
def test_a_unit_stands_once_at_a_time(name: str) -> None:
    frame = USES[name].data()
    with pytest.raises(DataError, match="repeat a pair of unit and time"):
        run(name, pd.concat([frame, frame.iloc[:2]]))


@pytest.mark.parametrize("name", ["rd", "rd_density", "bunching"])
def test_too_few_rows_at_a_cutoff_are_refused(name: str) -> None:
    with pytest.raises(DataError, match="needed 20 or more on each side"):
        run(name, USES[name].data(), cutoff=199.9)


@EVERY
def test_a_level_outside_nought_to_one_is_refused(name: str) -> None:
    if name in {"randomisation_test", "rd_density", "logrank"}:
        return
    for level in (0.0, 1.0, 95.0):
        with pytest.raises(UsageError, match="level is"):
            run(name, USES[name].data(), level=level)


@EVERY
def test_no_error_but_our_own_comes_out_of_nonsense(name: str) -> None:
    use = USES[name]
    frame = use.data()
    for rows in (1, 2, 3, 5):
        few = frame.iloc[:: max(1, len(frame) // rows)].head(rows)
        try:
            run(name, few)
        except VsimError:
            continue


@pytest.mark.parametrize("name", WITH_COVARIATES)
def test_a_text_is_no_list_of_covariates(name: str) -> None:
    with pytest.raises(UsageError, match="allowed a list"):
        run(name, USES[name].data(), covariates="before")


def test_the_hash_seed_of_python_moves_no_answer() -> None:
    code = ("from tests.evaluate.worlds import USES, answer\n"
            "print([answer(name, USES[name].data()).hex() for name in ('did', 'staggered_did', 'iv', 'cox')])")
    said = set()
    for seed in ("0", "2"):
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True,
                              cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": seed})
        said.add(done.stdout)
    assert len(said) == 1


def estimate(**changes: object) -> Estimate:
    return Estimate(**{"value": 2.0, "se": 0.5, "low": 1.0, "high": 3.0, "level": 0.95, "unit": "h", "n": 9,     # type: ignore[arg-type]
                       "estimand": "att", "method": "m", **changes})


def test_an_estimate_is_held_against_a_truth_of_its_own_kind() -> None:
    assert evaluate.bias(estimate(), estimate(value=1.5)) == 0.5
    assert evaluate.covers(estimate(), estimate(value=1.5, low=1.0, high=2.0))
    assert not evaluate.covers(estimate(), estimate(value=3.5, low=3.0, high=4.0))
    with pytest.raises(DataError, match="estimate is of 'att', the truth of 'total'"):
        evaluate.bias(estimate(), estimate(estimand="total"))
    with pytest.raises(DataError, match="in 'h', the truth in 'min'"):
        evaluate.bias(estimate(), estimate(unit="min"))
    assert evaluate.bias(estimate(unit=""), estimate()) == 0.0


def test_an_unknown_estimator_is_told_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="Did you mean 'did'"):
        _ = evaluate.didd


def test_no_estimator_bears_the_name_of_its_module() -> None:
    # importing the module would put it into the estimator's place
    homes = {path.stem for path in Path(evaluate.__file__).parent.glob("*.py")}
    assert homes.isdisjoint(evaluate.__all__)
    assert "randomised" in homes
