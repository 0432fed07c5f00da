"""What an agency's register says of each district and week: hours on file, and how many names.

It is read from the registers as they stand at the end of a run: late, doubled, rounded, inflated and missing rows are
in it as they come. Nothing here has seen the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vsim.run.record import registers
from vsim.run.run import Run

if TYPE_CHECKING:
    import pandas as pd

Int = NDArray[np.int64]
QUARTERS = 4                  # quarter hours of an hour
WEEK = 7                      # days


def register_counts(run: Run) -> dict[str, Int]:
    """Return `register_hours`, quarter hours on file by week of service, and `register_names`, both (districts, weeks).

    A record without hours, date or volunteer counts for nothing. A name counts from the week after it was entered.
    """
    seen = registers(run)
    volunteers, records = seen["volunteers"], seen["service_records"]
    places = [unit.district.code for unit in run.city]
    number = {code: place for place, code in enumerate(places)}
    weeks = run.settled.weeks
    home = volunteers.drop_duplicates("volunteer_id").set_index("volunteer_id")["district"].map(number)
    hours = np.zeros((len(places), weeks), dtype=np.int64)
    place, week = records["volunteer_id"].map(home), _week(records["date"], run)
    quarters = np.rint(records["hours"].to_numpy(dtype=np.float64) * QUARTERS)
    known = place.notna().to_numpy() & (week >= 0) & (week < weeks) & np.isfinite(quarters)
    np.add.at(hours, (place[known].to_numpy(dtype=np.int64), week[known]), quarters[known].astype(np.int64))
    joined = np.zeros((len(places), weeks + 1), dtype=np.int64)
    since = np.clip(_week(volunteers["registered_on"], run) + 1, 0, weeks)
    names = volunteers["district"].map(number)
    known = names.notna().to_numpy()
    np.add.at(joined, (names[known].to_numpy(dtype=np.int64), since[known]), 1)
    return {"register_hours": hours, "register_names": joined[:, :weeks].cumsum(axis=1)}


def _week(dates: pd.Series, run: Run) -> Int:
    """Return the week of the run in which each date lies; a missing date lies before all."""
    import pandas as pd

    days = (pd.to_datetime(dates) - pd.Timestamp(run.scenario.start)).dt.days.fillna(-WEEK)
    return np.floor_divide(days.to_numpy(dtype=np.int64), WEEK)
