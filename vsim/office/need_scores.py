"""Need scores: which communities outreach goes to, and what it found there (clause V.3.a2).

A list is made for four weeks at a time. Without a model the score is the requests of the past: where nobody asked, no
one goes. With a model it is the residents, the old counting more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.office.desk import Desk, Papers
from vsim.spec.units import MONTH, PER_THOUSAND


def work(desk: Desk) -> Papers:
    """Return tables need_scores (each community and list) and outreach_outcomes (where contacts were made)."""
    parts = [_district(desk, str(code)) for code in desk.raw["districts"]["district"]]
    rows = pd.concat(parts, ignore_index=True).sort_values(["week", "community"], kind="stable").reset_index(drop=True)
    ended = rows["week"].to_numpy() + MONTH - 1
    seen = (rows["contacts"] > 0).to_numpy() & (ended < desk.weeks)
    outcomes = rows.assign(list_week=rows["week"], week=ended)[seen].reset_index(drop=True)
    names = ["week", "list_week", "district", "community", "contacts", "found", "true_hidden"]
    return Papers({"need_scores": rows.drop(columns=["found", "true_hidden"]), "outreach_outcomes": outcomes[names]})


def _district(desk: Desk, code: str) -> pd.DataFrame:
    """Return the lists of one district: a row for each community and four weeks."""
    people = desk.raw["people"]
    people = people[people["district"] == code]
    homes = people.groupby("community").agg(x=("x", "mean"), y=("y", "mean"), residents=("person", "size"))
    old = people[people["age"] >= desk.value["need_scores.older_age"]].groupby("community").size()
    older = old.reindex(homes.index, fill_value=0).to_numpy(dtype=np.int64)
    residents = homes["residents"].to_numpy(dtype=np.int64)
    asked, hidden = _needs_by_community(desk, code, homes)
    lists = np.arange(0, desk.weeks, MONTH)
    where = np.full(lists.size, code, dtype=object)
    window = int(desk.value["need_scores.window"])
    past = np.stack([asked[:, max(week - window, 0) : week].sum(axis=1) for week in lists.tolist()])
    model = desk.force.value("discovery", "model", where, lists)[:, None] >= 1
    by_people = residents + (desk.value["need_scores.older_weight"] - 1.0) * older
    score = np.where(model, _part(by_people[None, :]), _part(past))
    fair = desk.force.value("discovery", "fair_share", where, lists)[:, None]
    total = desk.force.value("discovery", "contacts", where, lists)[:, None] * residents.sum() / PER_THOUSAND * MONTH
    given = total * ((1.0 - fair) * score + fair * _part(residents[None, :]))
    contacts = np.diff(np.rint(np.cumsum(given, axis=1)), axis=1, prepend=0.0)       # whole, and adding up
    shape, size = score.shape, len(homes)
    after = np.stack([asked[:, week : week + MONTH].sum(axis=1) for week in lists.tolist()])
    unseen = np.stack([hidden[:, week : week + MONTH].sum(axis=1) for week in lists.tolist()])
    rank = np.argsort(np.argsort(-score, axis=1, kind="stable"), axis=1, kind="stable") + 1
    names = np.array([f"{code}-C{number:0{max(2, len(str(size)))}d}" for number in range(1, size + 1)], dtype=object)
    return pd.DataFrame({
        "week": np.repeat(lists, size), "district": code, "community": np.tile(names, lists.size),
        "residents": np.tile(residents, lists.size), "older": np.tile(older, lists.size), "past_requests": past.ravel(),
        "by_model": np.broadcast_to(model, shape).ravel(), "score": score.ravel(), "rank": rank.ravel(),
        "contacts": contacts.ravel().astype(np.int64), "found": after.ravel(), "true_hidden": unseen.ravel(),
    })


def _part(counts: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the part of each column in its row, even parts where a row is empty."""
    total = counts.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, counts / np.maximum(total, 1), 1.0 / counts.shape[1]), dtype=np.float64)


def _needs_by_community(
    desk: Desk, code: str, homes: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return needs found and needs hidden by community (the nearest by its homes) and week, shape (c, weeks)."""
    needs = desk.raw["needs"]
    needs = needs[needs["district"] == code]
    away = (np.abs(needs["x"].to_numpy()[:, None] - homes["x"].to_numpy())
            + np.abs(needs["y"].to_numpy()[:, None] - homes["y"].to_numpy()))
    nearest, found = away.argmin(axis=1), needs["found"].to_numpy(dtype=bool)
    out = np.zeros((2, len(homes), desk.weeks), dtype=np.int64)
    np.add.at(out, ((~found).astype(np.int64), nearest, needs["week"].to_numpy()), 1)
    return out[0], out[1]
