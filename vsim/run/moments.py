"""Moments: figures of a run that a target can be held against, each by the name in the column `indicator`.

Those of the register are computed from records as an analyst would from the real ones; those of the truth from every
resident, as a survey without error would. Windows end with the last week of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.evaluate.patterns import gini, per_person, share_single, top_share, transitions
from vsim.run.run import Run
from vsim.run.window import Lives, Window, lives_of, window_of
from vsim.spec.calendar import MONTH, YEAR
from vsim.spec.targets import Target

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
HUNDRED = 400                 # quarter hours
QUARTERS = 4                  # in an hour
WEEKDAYS = 5
MARCH = 3
YOUNG = (18, 24)              # ages of B9
ADULT = 16                    # lowest age in the surveys of the United States and England
GROWN = 25                    # lowest age of a comparison by schooling
MIDDLE, YOUNGEST = (35, 44), (20, 24)     # ages of F2
LOWER_SECONDARY, DEGREE = 0, 2            # indices of schooling
NONE = float("nan")


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else NONE


def _per_task(window: Window) -> NDArray[np.int64]:
    return np.unique(window.task, return_counts=True)[1].astype(np.int64)


def _hundred(window: Window) -> float:
    _, place = np.unique(window.person, return_inverse=True)
    return float((np.bincount(place, weights=window.hours) >= HUNDRED).sum() / window.registered)


def since_registration(window: Window) -> Float:
    """Return recorded hours since registration for each registered person, by district.

    A run begins with people who have been on the register for years and with empty books, so the hours of the window
    for each week on the register are taken over the mean time that people have been on it.
    """
    hours = np.bincount(window.district, weights=window.hours, minlength=window.stock.size) / QUARTERS
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(hours / window.stock / window.weeks * window.tenure, dtype=np.float64)


def _since_all(window: Window) -> float:
    return float(np.average(np.nan_to_num(since_registration(window)), weights=window.stock))


def _weekdays(window: Window) -> float:
    return float((window.day < WEEKDAYS).mean()) if window.day.size else NONE


def _weekly(window: Window) -> NDArray[np.int64]:
    return np.bincount(window.week - (window.last_week + 1 - window.weeks), minlength=window.weeks).astype(np.int64)


def peak_month(window: Window) -> float:
    """Return the records of the fullest 4-week window over those of the middle one, the last whole windows."""
    weekly = _weekly(window)
    whole = weekly[weekly.size % MONTH :].reshape(-1, MONTH).sum(axis=1)
    return _ratio(float(whole.max()), float(np.median(whole)))


def march(window: Window) -> float:
    """Return the records of an average week of March over those of an average other week."""
    weekly, here = _weekly(window), window.months == MARCH
    return _ratio(float(weekly[here].mean()), float(weekly[~here].mean())) if here.any() and not here.all() else NONE


def _young(window: Window) -> float:
    _, one = np.unique(window.person, return_index=True)
    age = window.age[one]
    return float(((age >= YOUNG[0]) & (age <= YOUNG[1])).mean()) if age.size else NONE


REGISTER: Mapping[str, Callable[[Window], float]] = {
    "person_times_per_registered_year": lambda w: w.person.size / w.registered,
    "recorded_hours_per_registered_year": lambda w: float(w.hours.sum()) / QUARTERS / w.registered,
    "hours_per_record": lambda w: float(w.hours.mean()) / QUARTERS if w.hours.size else NONE,
    "active_share_year": lambda w: np.unique(w.person).size / w.registered,
    "share_100_hours_year": _hundred,
    "gini_participations": lambda w: gini(per_person(w.person)),
    "top_decile_share": lambda w: top_share(per_person(w.person)),
    "share_single": lambda w: share_single(per_person(w.person)),
    "stay_active": lambda w: transitions(w.person, w.week, w.last_week)[0],
    "become_active": lambda w: transitions(w.person, w.week, w.last_week)[1],
    "volunteers_per_task_median": lambda w: float(np.median(_per_task(w))) if w.task.size else NONE,
    "volunteers_per_task_mean": lambda w: float(_per_task(w).mean()) if w.task.size else NONE,
    "volunteers_per_task_p90": lambda w: float(np.quantile(_per_task(w), 0.9)) if w.task.size else NONE,
    "registered_share": lambda w: _ratio(w.on_list, w.population),
    "hours_since_registration": _since_all,
    "hours_since_registration_highest": lambda w: float(np.nanmax(since_registration(w))),
    "records_per_posted": lambda w: _ratio(w.person.size, w.posted),
    "share_young": _young,
    "weekday_share": _weekdays,
    "peak_month": peak_month,
    "march_ratio": march,
    "gini_organisers": lambda w: gini(per_person(w.organisation)),
    "credits_spent_per_member_year": lambda w: _ratio(w.spent / QUARTERS * YEAR / w.weeks, w.registered),
    "credits_spent_over_earned": lambda w: _ratio(w.spent, w.earned),
}


def rate(lives: Lives, among: Bool | None = None) -> float:
    """Return the share of adults, or of some of them, who served in the window."""
    counted = lives.age >= ADULT if among is None else among & (lives.age >= ADULT)
    return _ratio(float((lives.times[counted] > 0).sum()), float(counted.sum()))


def _aged(lives: Lives, ages: tuple[int, int]) -> Bool:
    return np.asarray((lives.age >= ages[0]) & (lives.age <= ages[1]))


def _hours(lives: Lives) -> Float:
    return lives.hours[(lives.times > 0) & (lives.age >= ADULT)] / QUARTERS


def _gone(lives: Lives) -> float:
    first = (lives.before > 0) & (lives.age >= ADULT)
    return 1 - _ratio(float((first & (lives.after > 0)).sum()), float(first.sum()))


def _online(lives: Lives) -> float:
    active = (lives.times > 0) & (lives.age >= ADULT)
    return _ratio(float((active & (lives.online > 0)).sum()), float(active.sum()))


def _schooling(lives: Lives) -> float:
    grown = lives.age >= GROWN
    return _ratio(rate(lives, grown & (lives.education >= DEGREE)),
                  rate(lives, grown & (lives.education == LOWER_SECONDARY)))


TRUTH: Mapping[str, Callable[[Lives], float]] = {
    "adult_rate": rate,
    "adult_rate_month": lambda p: float(p.months[p.age >= ADULT].mean() / p.windows),
    "online_share": _online,
    "hours_median": lambda p: float(np.median(_hours(p))) if _hours(p).size else NONE,
    "hours_mean": lambda p: float(_hours(p).mean()) if _hours(p).size else NONE,
    "not_returning": _gone,
    "women_minus_men": lambda p: 100 * (rate(p, p.female) - rate(p, ~p.female)),
    "adult_rate_35_44": lambda p: rate(p, _aged(p, MIDDLE)),
    "adult_rate_20_24": lambda p: rate(p, _aged(p, YOUNGEST)),
    "degree_over_lower_secondary": _schooling,
    "adult_rate_parents": lambda p: rate(p, p.parent),
    "adult_rate_others": lambda p: rate(p, ~p.parent),
    "employed_over_others": lambda p: _ratio(rate(p, p.worker), rate(p, ~p.worker)),
}
MOMENTS = frozenset(REGISTER) | frozenset(TRUTH)


def moments(run: Run, targets: Sequence[Target]) -> Float:
    """Return the moment of each target from one run, shape (targets,).

    A window that is not counted in weeks is the last year. Of the truth a 4-week window is one drawn at random from the
    last year, so all of that year's are averaged.

    Raises
    ------
    UsageError
        When a target asks for a moment that does not exist, or for more weeks than the run has, run-up included.
    """
    windows: dict[int, Window] = {}
    lives: dict[int, Lives] = {}
    found = []
    for target in targets:
        weeks = target.weeks or YEAR
        room = run.settled.length if target.indicator in TRUTH else run.settled.weeks
        if target.indicator not in MOMENTS or weeks > room:
            raise UsageError(f"target {target.id}: indicator is '{target.indicator}' over {weeks} weeks; allowed a "
                             f"moment of vsim.run.moments over {room} weeks at most. Correct vsim/targets.csv.")
        if target.indicator in TRUTH:
            weeks = max(weeks, min(YEAR, room))
            if weeks not in lives:
                lives[weeks] = lives_of(run, weeks)
            found.append(TRUTH[target.indicator](lives[weeks]))
        else:
            if weeks not in windows:
                windows[weeks] = window_of(run, weeks)
            found.append(REGISTER[target.indicator](windows[weeks]))
    return np.array(found, dtype=np.float64)
