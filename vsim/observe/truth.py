"""The truth beside the registers: who people are, what truly happened, what became of each record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.observe.registers import (
    INFLATED,
    ROUNDED,
    SHOWED,
    UNUSED,
    Raw,
    activity_codes,
    codes,
    days,
    opaque,
    service_records,
)

if TYPE_CHECKING:
    import pandas as pd


def truth_tables(raw: Raw, *, start: date, weeks: int, seed: int) -> dict[str, pd.DataFrame]:
    """Return the truth tables of a run, by table name; arguments as for `registers`."""
    return {"people_truth": people_truth(raw, seed), "service_truth": service_truth(raw, start, weeks, seed)}


def people_truth(raw: Raw, seed: int) -> pd.DataFrame:
    """Return one row for each resident, registered or not."""
    import pandas as pd

    p = raw["people"]
    ids: Any = np.array(opaque("V-", p["person"], seed), dtype=object)
    return pd.DataFrame({
        "resident_key": codes("Q", len(p)), "volunteer_id": np.where(p["registered"], ids, None),
        "registered": p["registered"], "taste": p["true_taste"], "reliability": p["true_reliability"],
        "steered": p["true_steered"], "ever_served": p["true_ever"], "true_hours_total": p["true_served"],
        "exited": p["true_exited"],
    })


def service_truth(raw: Raw, start: date, weeks: int, seed: int) -> pd.DataFrame:
    """Return one row for each seat taken, and one for each second copy, with its record where there is one."""
    import pandas as pd

    records, origin = service_records(raw, start, weeks, seed)
    firsts = origin[~origin["copy"]]
    record_of = pd.Series(records["record_id"].to_numpy()[firsts.index], index=firsts["placement"])
    p = raw["placements"].reset_index(names="placement")
    p = p[p["week"] >= 0]
    own = p.assign(record_id=record_of.reindex(p["placement"]).to_numpy(), duplicate_of=None)
    second = origin[origin["copy"]]
    copies = p.set_index("placement").loc[second["placement"]].reset_index()
    copies["record_id"] = records["record_id"].to_numpy()[second.index]
    copies["duplicate_of"] = record_of.loc[second["placement"]].to_numpy()
    copies["true_hours"] = 0                  # the first row has them already
    rows = pd.concat([own.astype({"duplicate_of": object}), copies.astype({"duplicate_of": object})], ignore_index=True)
    slot = raw["tasks"]["slot"].to_numpy()[rows["task"]]
    flags = rows["flags"].to_numpy()
    return pd.DataFrame({
        "service_key": codes("K", len(rows)), "record_id": rows["record_id"].where(rows["record_id"].notna(), None),
        "volunteer_id": opaque("V-", rows["person"], seed), "activity_id": activity_codes(raw)[rows["task"]],
        "date": days(start, rows["week"], slot // 3), "true_hours": rows["true_hours"] / 4,
        "showed_up": flags & SHOWED > 0, "sent_home": flags & UNUSED > 0,
        "recorded": rows["record_id"].notna().to_numpy(),
        "duplicate_of": rows["duplicate_of"], "inflated": flags & INFLATED > 0, "rounded": flags & ROUNDED > 0,
    })
