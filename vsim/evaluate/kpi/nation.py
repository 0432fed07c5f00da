"""Tables of a large run as an agency's registers have them, so that one arithmetic serves both; for what fits memory.

A week becomes its Monday, counted from one that stands for week 0. For what does not fit, see `large`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

WEEK_0 = "2001-01-01"         # a Monday that stands for the first of the run
SENT_HOME, STAND_IN, INCIDENT = 1, 2, 8      # bits of the flags of a service
COPIED, VERIFIED = 1, 2                      # bits of the flags of a record
TASKS, WEEKS = 1 << 24, 1 << 16              # more than a district has tasks in a week, and a run weeks
QUARTERS = 4
TYPES = ("earn", "help", "seed", "spend", "donate", "expire")


def is_nation(folder: Path) -> bool:
    """Return whether a folder holds the tables of a large run."""
    return (folder / "weekly" / "batch-0000.parquet").is_file()


def nation_tables(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a large run under the names and columns of registers.

    Raises
    ------
    UsageError
        When the folder holds no large run.
    """
    import pyarrow.parquet as pq

    where = Path(folder)
    if not is_nation(where):
        raise UsageError(f"{folder}: holds no tables of a large run; allowed the folder of `vsim run nation --out`.")
    names = ("weekly", "volunteers", "services", "records", "tasks", "credits")
    raw = {name: pq.read_table(where / name).to_pandas() for name in names if (where / name).is_dir()}
    return register_like(raw)


def register_like(raw: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of a large run, read whole, as registers have them."""
    import pandas as pd

    weekly = raw["weekly"]
    out = {"weekly": weekly.assign(date=_monday(weekly["week"]))}
    if "volunteers" in raw:
        people = raw["volunteers"]
        out["volunteers"] = pd.DataFrame({
            "volunteer_id": people["volunteer"], "district": people["district"], "sex": people["sex"].astype(str),
            "registered_on": _monday(people["registered_week"]), "star": people["star"],
        })
    if "tasks" in raw:
        tasks = raw["tasks"]
        out["activities"] = pd.DataFrame({
            "activity_id": _activity(tasks), "date": _monday(tasks["week"]), "district": tasks["district"],
            "people_needed": tasks["seats"], "gated": tasks["gated"],
        })
    if "services" in raw:
        out |= _served(raw["services"])
        if "records" in raw:
            out["service_records"] = _records(raw["services"], raw["records"], int(weekly["week"].max()))
    if "credits" in raw:
        out |= _credits(raw["credits"])
    return out


def _monday(weeks: pd.Series) -> pd.Series:
    import pandas as pd

    day = np.datetime64(WEEK_0, "D") + weeks.to_numpy(dtype=np.int64) * np.timedelta64(7, "D")
    return pd.Series(day.astype("datetime64[s]"), index=weeks.index)


def _activity(rows: pd.DataFrame) -> pd.Series:
    return (rows["district"].astype("int64") * WEEKS + rows["week"]) * TASKS + rows["task"]


def _served(services: pd.DataFrame) -> dict[str, pd.DataFrame]:
    import pandas as pd

    flags = services["flags"].to_numpy()
    came = (services["hours"].to_numpy() > 0) | (flags & SENT_HOME > 0)
    status = np.select([~came, flags & SENT_HOME > 0], ["absent", "sent_home"], "came")
    common = {"volunteer_id": services["volunteer"], "district": services["district"]}
    seats = pd.DataFrame({**common, "activity_id": _activity(services), "date": _monday(services["week"]),
                          "status": status, "stand_in": flags & STAND_IN > 0})
    true = pd.DataFrame({**common, "date": seats["date"], "true_hours": services["hours"] / QUARTERS})
    incidents = seats.loc[flags & INCIDENT > 0, ["volunteer_id", "district", "date"]].reset_index(drop=True)
    exposure = true.rename(columns={"true_hours": "hours"})[["district", "date", "hours"]]
    return {"attendance": seats, "service_truth": true, "incident_log": incidents, "exposure": exposure}


def _records(services: pd.DataFrame, records: pd.DataFrame, last: int) -> pd.DataFrame:
    import pandas as pd

    rows = records.merge(services.drop(columns=["hours", "flags"]), on="service", how="inner")
    rows = rows[rows["week"] + rows["lag"] <= last]
    rows = pd.concat([rows, rows[rows["flags"] & COPIED > 0]], ignore_index=True)
    return pd.DataFrame({
        "volunteer_id": rows["volunteer"], "activity_id": _activity(rows), "date": _monday(rows["week"]),
        "recorded_on": _monday(rows["week"].astype("int64") + rows["lag"]), "hours": rows["entered"] / QUARTERS,
        "verify_state": np.where(rows["flags"] & VERIFIED > 0, "verified", "draft"), "district": rows["district"],
    })


def _credits(entries: pd.DataFrame) -> dict[str, pd.DataFrame]:
    import pandas as pd

    hours = entries["quarter_hours"] / QUARTERS
    kind = np.array(TYPES)[entries["kind"].to_numpy()]
    ledger = pd.DataFrame({"volunteer_id": entries["volunteer"], "district": entries["district"],
                           "week": entries["week"], "type": kind, "hours": hours,
                           "balance": entries["balance"] / QUARTERS})
    accounts = ledger.assign(earned=hours.where(kind == "earn", 0.0), spent=(-hours).where(kind == "spend", 0.0))
    return {"timebank_transactions": ledger, "timebank_accounts": accounts.drop(columns=["type", "hours"])}
