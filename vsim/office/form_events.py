"""Form events: what happened in each online form, step by step, and where people gave up (clause V.3.a1).

Whoever applied through the system got to the end of a form. Besides them residents who were not yet on the register
opened the form and left it at a field: the more fields, the more of them. They filed nothing, so they are in no table
of applications.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vsim.office.desk import Bool, Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import YEAR

STEPS = ("opened", "identity", "consent", "submitted", "left")
WEEK, OPENED, FIELD, HELPED, FAILED = range(16, 21)      # numbers of the draws, clear of those of applications


def work(desk: Desk) -> Papers:
    """Return table form_events: one row a step of a form that was opened."""
    done = desk.raw["applications"]
    done = done.loc[done["channel"] == "system", ["week", "district", "person"]].assign(left=False)
    forms = pd.concat([done, _left(desk)], ignore_index=True).astype({"person": "int64"})
    who, week, code = (forms[name].to_numpy() for name in ("person", "week", "district"))
    ages = desk.raw["people"].set_index("person")["age"].reindex(who).to_numpy()
    fields = _fields(desk, code, week)
    left = forms["left"].to_numpy(dtype=bool)
    word = desk.uniform(Stream.FORM, who, week, FIELD)
    forms = forms.assign(
        older=ages >= desk.value["form_events.older_age"], assisted=_helped(desk, who, week, code), fields=fields,
        fields_filled=np.where(left, np.floor(word * fields), fields).astype(np.int64))
    checked = ~left & (desk.force.value("online_registration", "id_check", code, week) >= 1)
    failed = desk.uniform(Stream.FORM, who, week, FAILED) < desk.value["form_events.identity_failed"]
    reached = {"opened": np.ones(len(forms), dtype=bool), "identity": checked, "consent": ~left, "submitted": ~left,
               "left": left}
    rows = pd.concat([
        forms[reached[step]].assign(step=step, step_number=place, opened=int(step == STEPS[0]),
                                    passed=~(failed[reached[step]] & (step == "identity")))
        for place, step in enumerate(STEPS)], ignore_index=True)
    rows = rows.sort_values(["week", "person", "step_number"], kind="stable").reset_index(drop=True)
    return Papers({"form_events": rows.drop(columns="left")})


def _fields(desk: Desk, district: ArrayLike, week: ArrayLike) -> NDArray[np.int64]:
    """Return how many fields the form has at districts and weeks."""
    usual = desk.value["form_events.fields"]
    return desk.force.value("online_registration", "required_fields", district, week, usual).astype(np.int64)


def _helped(desk: Desk, who: ArrayLike, week: ArrayLike, district: ArrayLike) -> Bool:
    """Return who is helped at a desk."""
    share = desk.force.value("online_registration", "assisted", district, week)
    return np.asarray(desk.uniform(Stream.FORM, who, week, HELPED) < share, dtype=np.bool_)


def _left(desk: Desk) -> pd.DataFrame:
    """Return residents who opened the form and left it: at most one each, in a week before they registered, if ever."""
    people = desk.raw["people"]
    who, district, age = (people[name].to_numpy() for name in ("person", "district", "age"))
    week = (desk.uniform(Stream.FORM, who, 0, WEEK) * desk.weeks).astype(np.int64)
    later = ~people["registered"].to_numpy() | (people["since"].to_numpy() > week)
    opened = desk.value["form_events.opened"] * desk.weeks / YEAR
    chance = np.full(who.size, desk.value["form_events.leave_field"])
    chance *= np.where(age >= desk.value["form_events.older_age"], desk.value["form_events.older"], 1.0)
    chance *= np.where(_helped(desk, who, week, district), desk.value["form_events.left_helped"], 1.0)
    leaves = opened * (1.0 - (1.0 - np.minimum(chance, 1.0)) ** _fields(desk, district, week))
    gone = later & (desk.uniform(Stream.FORM, who, 0, OPENED) < leaves)
    forms = pd.DataFrame({"week": week, "district": district, "person": who, "left": True})
    kept: pd.DataFrame = forms[gone]
    return kept
