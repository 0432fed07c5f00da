"""Indicators and estimators: thin, over the field's libraries, on any table, without sight of the truth.

An estimator takes a DataFrame and names of columns and returns an `Estimate`, or a small record of some. It refuses bad
input with a `DataError` and never changes the table. Libraries are loaded when an estimator is called; they come with
the extra `research`.

>>> import pandas as pd
>>> import vsim.evaluate
>>> people = pd.DataFrame({"hours": [3.0, 5.0, 2.0, 9.0, 8.0, 7.0], "asked": [0, 0, 0, 1, 1, 1]})
>>> round(vsim.evaluate.difference_in_means(people, outcome="hours", treated="asked").value, 2)
4.67
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from vsim.evaluate.answers import bias, covers
    from vsim.evaluate.bounds import lee, manski
    from vsim.evaluate.comparisons import before_after, difference_in_differences, with_without
    from vsim.evaluate.discontinuity import bunching, rd, rd_density
    from vsim.evaluate.forecasting import forecast
    from vsim.evaluate.heterogeneity import causal_forest
    from vsim.evaluate.instruments import iv
    from vsim.evaluate.mediators import mediation
    from vsim.evaluate.panel import did
    from vsim.evaluate.randomised import difference_in_means, randomisation_test
    from vsim.evaluate.staggered import event_study, staggered_did
    from vsim.evaluate.survival import cox, kaplan_meier, logrank, rmst
    from vsim.evaluate.synthetic import synthetic_control, synthetic_did
    from vsim.evaluate.transport import transported
    from vsim.evaluate.weighting import weighted

_HOME = {
    "answers": ("bias", "covers"),
    "bounds": ("lee", "manski"),
    "comparisons": ("before_after", "difference_in_differences", "with_without"),
    "discontinuity": ("bunching", "rd", "rd_density"),
    "forecasting": ("forecast",),
    "heterogeneity": ("causal_forest",),
    "instruments": ("iv",),
    "mediators": ("mediation",),
    "panel": ("did",),
    "randomised": ("difference_in_means", "randomisation_test"),
    "staggered": ("event_study", "staggered_did"),
    "survival": ("cox", "kaplan_meier", "logrank", "rmst"),
    "synthetic": ("synthetic_control", "synthetic_did"),
    "transport": ("transported",),
    "weighting": ("weighted",),
}
_PLACES = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "before_after", "bias", "bunching", "causal_forest", "covers", "cox", "did", "difference_in_differences",
    "difference_in_means", "event_study", "forecast", "iv", "kaplan_meier", "lee", "logrank", "manski", "mediation",
    "randomisation_test", "rd", "rd_density", "rmst", "staggered_did", "synthetic_control", "synthetic_did",
    "transported", "weighted", "with_without",
]


def __getattr__(name: str) -> Any:
    """Load an estimator on first use."""
    if name not in _PLACES:
        raise AttributeError(f"vsim.evaluate has no '{name}'.{did_you_mean(name, _PLACES)}")
    found = _saying_what_is_missing(getattr(import_module(f"vsim.evaluate.{_PLACES[name]}"), name))
    globals()[name] = found
    return found


def _saying_what_is_missing(estimator: Callable[..., Any]) -> Callable[..., Any]:
    """Return the estimator; where its library is not installed, the error says how to get it."""

    @wraps(estimator)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return estimator(*given, **named)
        except ModuleNotFoundError as error:
            raise UsageError(f"vsim.evaluate.{estimator.__name__}: {error.name} is not installed; it is in the extra "
                             "research. Run: pip install 'vsim[research]'.") from None

    return call


def __dir__() -> list[str]:
    """Return the estimators."""
    return sorted(__all__)
