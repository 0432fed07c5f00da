"""Indicators beside the truth: the same arithmetic on what was recorded and on what truly happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from vsim.errors import DataError
from vsim.evaluate.kpi.card import load_kpis
from vsim.evaluate.kpi.compute import Tables, compute
from vsim.evaluate.kpi.rows import Day, days, floats, needs

if TYPE_CHECKING:
    import pandas as pd

ABOUT_RECORDS = frozenset({"ledger_faults", "double_records", "hours_inflation", "data_quality", "timely_records"})


def as_recorded(service_truth: pd.DataFrame) -> pd.DataFrame:
    """Return the service that truly happened as a register without errors would have it."""
    import pandas as pd

    rows = needs("as_recorded", service_truth, "volunteer_id", "date", "true_hours")
    rows = rows[floats(rows, "true_hours") > 0].reset_index(drop=True)
    keep = [name for name in ("volunteer_id", "activity_id", "district", "date") if name in rows.columns]
    return pd.concat([rows[keep], pd.DataFrame({
        "recorded_on": rows["date"], "hours": rows["true_hours"], "verify_state": "verified",
    }, index=rows.index)], axis=1)


def with_truth(
    keys: Iterable[str] | None, tables: Tables, *, by: str | Sequence[str] = (), period: str | None = None,
    start: Day = None, end: Day = None, level: float = 0.95, seed: int = 1,
) -> pd.DataFrame:
    """Return `compute` with two more columns: `true`, the value of true service, and `error`, recorded less true.

    They are empty for indicators that do not read records of service. Arguments are those of `compute`.

    Raises
    ------
    DataError
        When there is no table `service_truth`: an agency has none, a simulator has.
    """
    import pandas as pd

    if "service_truth" not in tables or "service_records" not in tables:
        raise DataError("indicators: the truth of service is not there; needed tables service_records and "
                        "service_truth. Only a simulated run has them.")
    if end is None:
        last = max(days(tables[name], "date").max() for name in ("service_records", "service_truth"))
        end = last + pd.Timedelta(days=1)
    found = compute(keys, tables, by=by, period=period, start=start, end=end, level=level, seed=seed)
    known = load_kpis()
    chosen = [key for key in dict.fromkeys(found["key"]) if "service_records" in known[key].tables
              and key not in ABOUT_RECORDS]
    groups = list(found.columns[: list(found.columns).index("value")])
    if not chosen:
        return found.assign(true=float("nan"), error=float("nan"))
    true = compute(chosen, {**tables, "service_records": as_recorded(tables["service_truth"])}, by=by, period=period,
                   start=start, end=end, level=level, seed=seed)
    out = found.merge(true[[*groups, "value"]].rename(columns={"value": "true"}), on=groups, how="left")
    return out.assign(error=out["value"] - out["true"])

