"""The voice of volunteers: grievances with their clocks (VII.2.g); requests, refusals, a survey of pressure (VII.2.f).

A grievance follows an incident, a breach that was noted and is disputed, or a journey in vain; it is brought only where
there is a channel. A case that is open at the end of the run has no number of days yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.attended import ends, grid, of_attendance, waits, with_tasks
from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import QUARTER
from vsim.world.ledgers import BREACH, INCIDENT, UNUSED

if TYPE_CHECKING:
    import pandas as pd

FILED, TOOK, UPHELD, ASKED, FELT, TIMES, BY = range(7)           # numbers of the draws
CHANNELS = ("telephone", "form", "app")
LOWEST, HIGHEST = 1, 5          # of the scale of pressure


def work(desk: Desk) -> Papers:
    """Return tables grievances, offers and pressure_survey, and what cases and the survey cost."""
    papers = Papers()
    papers.tables["grievances"] = table = _grievances(desk)
    place = table["district"], table["week"]
    papers.pay("grievance", "government", "staff", *place, desk.force.value("grievance", "price", *place))
    papers.tables["offers"] = _offers(desk)
    papers.tables["pressure_survey"] = table = _survey(desk)
    place = table["district"], table["week"]
    papers.pay("pressure_survey", "government", "staff", *place, desk.force.value("autonomy", "answer_cost", *place))
    return papers


def _grievances(desk: Desk) -> pd.DataFrame:
    """Return the cases brought: those who know the channel, more of them where a case needs no name."""
    p = desk.raw["placements"]
    bad = with_tasks(desk.raw, p[(p["week"] >= 0) & (p["flags"] & (INCIDENT | BREACH | UNUSED) > 0)])
    place = bad["district"].to_numpy(), bad["week"].to_numpy()
    nameless = desk.force.value("grievance", "anonymous", *place) >= 1
    chance = desk.value["voice.files"] * np.where(nameless, desk.value["voice.nameless"], 1.0)
    chance = desk.force.value("grievance", "open", *place) * np.minimum(chance, 1.0)
    filed = desk.uniform(Stream.VOICE, bad["person"], bad["week"], of_attendance(bad, FILED)) < chance
    g = bad.assign(nameless=nameless)[filed]
    g = g.sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)
    who, week = g["person"], g["week"]
    promised = desk.force.value("grievance", "response_days", g["district"], week)
    took = desk.uniform(Stream.VOICE, who, week, of_attendance(g, TOOK))
    days = waits(took, desk.value["voice.pace"] * promised)
    closed = ends(week, days, desk.weeks)
    there = closed >= 0
    good = desk.uniform(Stream.VOICE, who, week, of_attendance(g, UPHELD)) < desk.value["voice.upheld"]
    by = (desk.uniform(Stream.VOICE, who, week, of_attendance(g, BY)) * len(CHANNELS)).astype(np.int64)
    return g[["week", "district", "organisation"]].assign(
        case_no=[f"V{number + 1:06d}" for number in range(len(g))], person=np.where(g["nameless"], -1, who),
        true_person=who, channel=np.array(CHANNELS)[by], anonymous=g["nameless"],
        cause=np.select([g["flags"] & INCIDENT > 0, g["flags"] & BREACH > 0], ["incident", "breach_noted"], "unused"),
        promised_days=promised, closed_week=closed, days=np.where(there, days, np.nan),
        late=there & (days > promised), result=np.select([~there, good], ["open", "upheld"], "dismissed"))


def _offers(desk: Desk) -> pd.DataFrame:
    """Return requests to volunteers and refusals by district and week: counts, rounded, without a draw."""
    import pandas as pd

    places, volunteers = grid(desk, "volunteers")
    code, week = (a.ravel() for a in np.meshgrid(np.array(places, dtype=object), np.arange(desk.weeks), indexing="ij"))
    people = volunteers.ravel()
    level = desk.force.value("autonomy", "requests", code, week, off=desk.value["autonomy.usual"])
    requests = np.rint(people * level).astype(np.int64)
    duty = np.rint(requests * desk.force.value("autonomy", "mandatory", code, week)).astype(np.int64)
    free = desk.force.value("autonomy", "refusal_free", code, week) >= 1
    share = desk.value["voice.refuses"] * np.where(free, 1.0, desk.value["voice.daunted"])
    return pd.DataFrame({
        "week": week.astype(np.int64), "district": code, "volunteers": people, "requests": requests, "mandatory": duty,
        "refused": np.rint((requests - duty) * share).astype(np.int64), "free_to_refuse": free,
    })


def _survey(desk: Desk) -> pd.DataFrame:
    """Return answers of a keyed sample of volunteers, every 13 weeks in which the policy holds: 1 free to 5 pressed."""
    import pandas as pd

    people = desk.raw["people"]
    asked_here = people["registered"] & desk.force.anywhere("autonomy")          # else no rows, with their columns
    p = people.loc[asked_here, ["person", "district", "since"]]
    p = p.merge(pd.DataFrame({"week": np.arange(0, desk.weeks, QUARTER)}), how="cross")
    p = p[(p["since"] <= p["week"]) & desk.force.on("autonomy", p["district"], p["week"])].reset_index(drop=True)
    drawn = desk.uniform(Stream.VOICE, p["person"], p["week"], ASKED) < desk.value["voice.sample"]
    p = p[drawn].reset_index(drop=True)
    place = p["district"].to_numpy(), p["week"].to_numpy()
    names = ("requests", "refusal_free", "mandatory")
    requests, refuse, duty = (desk.force.value("autonomy", name, *place) for name in names)
    own = desk.uniform(Stream.VOICE, p["person"], p["week"], TIMES)                # 0 to twice the usual
    asked = np.rint(2 * own * requests).astype(np.int64)
    beyond = np.maximum(asked - desk.value["autonomy.bearable"], 0)
    level = desk.value["voice.pressed"] * beyond * (1 - desk.value["autonomy.relief"] * (refuse >= 1)) + duty
    mood = 0.5 * (HIGHEST - LOWEST) * desk.uniform(Stream.VOICE, p["person"], p["week"], FELT)
    return p[["week", "district", "person"]].assign(
        asked=asked, pressure=np.clip(np.floor(LOWEST + level + mood), LOWEST, HIGHEST).astype(np.int64))
