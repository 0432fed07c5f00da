"""The office of needs: needs that were found become requests; the rest stays unknown (clause V.2.b1)."""

from __future__ import annotations

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.world.sources import BENEFICIARIES, MODES, SERVICE_FIELDS

CHANNELS = ("counter", "hotline", "app", "visit", "grid_worker")
URGENCY = 4
ASKED, URGENT, ANSWERED = range(3)


def work(desk: Desk) -> Papers:
    """Return the requests, and every need of the run with whether it was found (the truth)."""
    needs = desk.raw["needs"].reset_index(drop=True)
    requests = needs[needs["found"]].reset_index(drop=True)
    source, week, district = (requests[name].to_numpy() for name in ("source", "week", "district"))
    channels = desk.force.value("needs_intake", "channels", district, week, desk.value["needs.channels"])
    promised = desk.force.value("needs_intake", "response_days", district, week, desk.value["needs.response_days"])
    days = 1 + np.floor(
        -desk.value["needs.answer_days"] * np.log(1.0 - desk.uniform(Stream.REQUEST, source, week, ANSWERED)))
    kept = desk.force.on("needs_intake", district, week)
    days = np.where(kept, np.minimum(days, 2 * promised), days).astype(np.int64)
    tasks = desk.raw["tasks"]
    posted = tasks[tasks["week"] >= 0].drop_duplicates(["source", "week"])[["source", "week", "task", "filled",
                                                                            "true_staffed"]]
    met = requests[["source", "week"]].merge(posted, how="left", on=["source", "week"])
    state = np.select(
        [met["task"].isna(), met["true_staffed"].fillna(0) > 0, met["filled"].fillna(0) > 0],
        ["rejected", "done", "cancelled"], "dispatched")
    asked = np.floor(desk.uniform(Stream.REQUEST, source, week, ASKED) * channels).astype(np.int64)
    out = requests[["week", "district"]].assign(
        request_id=[f"N{s}-{w}" for s, w in zip(source.tolist(), week.tolist(), strict=True)],
        beneficiary_type=np.array(BENEFICIARIES)[requests["beneficiary"]],
        need_type=np.array(SERVICE_FIELDS)[requests["field25"]],
        urgency=1 + np.floor(desk.uniform(Stream.REQUEST, source, week, URGENT) * URGENCY).astype(np.int64),
        mode=np.array(MODES)[requests["mode"]], channel=np.array(CHANNELS)[asked],
        answer_days=days, in_time=days <= promised, state=state,
    )
    truth = needs[["week", "district"]].assign(
        true_source=needs["source"], true_need_type=np.array(SERVICE_FIELDS)[needs["field25"]],
        true_found=needs["found"])
    return Papers({"requests": out, "needs_truth": truth})
