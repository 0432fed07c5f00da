"""Forms: applications to register, from those who got through and those who did not (clause IV.2.d).

Whoever is on the register applied. Besides them some residents begin a form and leave it, and minors below the lowest
age are turned down; residents who never registered are the only ones who may be in these. Where the engine registered
somebody below the lowest age, the form says that the check of age failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import ADULT, YEAR

if TYPE_CHECKING:
    import pandas as pd

CHANNELS = ("system", "organisation")
USUAL_FORM = 12               # entries of the form of article 7


def work(desk: Desk) -> Papers:
    """Return table applications: one row an application, with channel, stage, age check and consent."""
    import pandas as pd

    people = desk.raw["people"]
    on = people["registered"].to_numpy() & (people["since"].to_numpy() >= 0)
    joined = people.loc[on, ["person", "district", "age", "since"]].rename(columns={"since": "week"})
    off = people.loc[~people["registered"].to_numpy(), ["person", "district", "age"]]
    tried = _tries(desk, off)
    rows = pd.concat([joined.assign(stage="registered"), tried], ignore_index=True)
    code, week, who = rows["district"], rows["week"], rows["person"]
    least = desk.force.value("recruitment", "min_age", code, week)
    young = rows["age"].to_numpy() < least
    done = (rows["stage"] == "registered").to_numpy()
    asked = desk.force.value("recruitment", "guardian_consent", code, week) >= 1
    minor = rows["age"].to_numpy() < ADULT
    share = desk.value["forms.by_organisation"]
    personal = desk.force.value("recruitment", "in_person", code, week, off=share)
    channel = (desk.uniform(Stream.FORM, who, 0, 2) < personal).astype(np.int64)
    rows = rows.assign(
        channel=np.array(CHANNELS)[channel], stage=np.where(young & ~done, "refused", rows["stage"].to_numpy()),
        entries=desk.force.value("recruitment", "form_items", code, week, off=USUAL_FORM).astype(np.int64),
        age_check=np.where(young, "failed", "passed"),
        guardian_consent=np.where(minor & asked, "given", np.where(minor, "not_asked", "not_needed")))
    return Papers({"applications": rows.drop(columns="age").sort_values(
        ["week", "person"], kind="stable").reset_index(drop=True)})


def _tries(desk: Desk, people: pd.DataFrame) -> pd.DataFrame:
    """Return residents who began a form and did not get through: at most one each, in a week of its own."""
    week = (desk.uniform(Stream.FORM, people["person"], 0, 0) * desk.weeks).astype(np.int64)
    entries = desk.force.value("recruitment", "form_items", people["district"], week, off=USUAL_FORM)
    chance = desk.value["forms.left"] * desk.weeks / YEAR * entries / USUAL_FORM
    begun = desk.uniform(Stream.FORM, people["person"], 0, 1) < chance
    return people.assign(week=week, stage="in_process")[begun]
