"""Indicators of money, time credits, stars and churn.

Arguments are as in `vsim.evaluate.kpi.people`. `costs` is any table with a column of yuan: a budget, or what
`vsim.costs` returns. What hours are worth is not what they cost: replacement value is a price of others' work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import UsageError
from vsim.evaluate.kpi.parts import Parts
from vsim.evaluate.kpi.rows import YEAR, Day, days, floats, inside, needs, once, per, window

if TYPE_CHECKING:
    import pandas as pd

WAGE = 20.0                   # yuan for an hour of work like it, to be named with the result
FRINGE = 0.12                 # of the wage, as Independent Sector adds it


def _over(top_frame: pd.DataFrame, top: str, bottom_frame: pd.DataFrame, bottom: str, who: str, unit: str,
          method: str = "") -> Parts:
    """Return the sum of a column of one table over that of another; the two share no rows."""
    import pandas as pd

    up, down = needs(who, top_frame, top), needs(who, bottom_frame, bottom)
    shared = [name for name in up.columns if name in down.columns and name not in (top, bottom)]
    rows = pd.concat([up[shared], down[shared]], ignore_index=True)
    tops = np.concatenate([np.nan_to_num(floats(up, top)), np.zeros(len(down))])
    bottoms = np.concatenate([np.zeros(len(up)), np.nan_to_num(floats(down, bottom))])
    cluster = "district" if "district" in shared else ""
    return Parts(rows, tops, bottoms, "ratio", unit, cluster=cluster, method=method)


def cost_per_hour(costs: pd.DataFrame, service_records: pd.DataFrame, *, yuan: str = "yuan", hours: str = "hours",
                  verify_state: str = "verify_state") -> Parts:
    """Return the cost of a programme for each verified hour (33); the marginal cost asks for twin worlds."""
    rows = needs("cost_per_hour", service_records, hours, verify_state)
    rows = rows[rows[verify_state] == "verified"]
    return _over(costs, yuan, rows, hours, "cost_per_hour", "yuan per h")


def cost_per_retained(costs: pd.DataFrame, volunteers: pd.DataFrame, service_records: pd.DataFrame, *,
                      yuan: str = "yuan", volunteer: str = "volunteer_id", date: str = "date",
                      registered_on: str = "registered_on", months: int = 12, end: Day = None) -> Parts:
    """Return cost for each volunteer who is active a year after registering (34)."""
    people = needs("cost_per_retained", volunteers, volunteer, registered_on)
    once("cost_per_retained", people, volunteer)
    rows = needs("cost_per_retained", service_records, volunteer, date)
    since = days(people, registered_on) + np.timedelta64(months * YEAR // 12, "D")
    last = window("cost_per_retained", days(rows, date), None, end)[1]
    seen = rows[volunteer].map(since.set_axis(people[volunteer]))
    after = rows[days(rows, date) >= seen]
    kept = (per(after, volunteer, people[volunteer]) > 0) & np.asarray(since < last)
    return _over(costs, yuan, people.assign(kept=kept.astype(np.float64)), "kept", "cost_per_retained",
                 "yuan per volunteer")


def replacement_value(service_records: pd.DataFrame, *, hours: str = "hours", wage: float = WAGE,
                      fringe: float = FRINGE, wage_column: str | None = None, volunteer: str = "volunteer_id") -> Parts:
    """Return what the hours would cost at the wage of those who do such work (35): sum h w (1 + fringe)."""
    rows = needs("replacement_value", service_records, hours, volunteer, *([] if wage_column is None else
                                                                           [wage_column]))
    price = np.full(len(rows), wage) if wage_column is None else floats(rows, wage_column)
    return Parts(rows, floats(rows, hours) * price * (1 + fringe), np.ones(len(rows)), "total", "yuan",
                 method=f"wage {wage:g} yuan, fringe {fringe:g}" if wage_column is None else f"fringe {fringe:g}")


def opportunity_cost(service_records: pd.DataFrame, *, hours: str = "hours", own_wage: str = "own_wage") -> Parts:
    """Return what volunteers would have earned in their hours at their own net wage (36)."""
    rows = needs("opportunity_cost", service_records, hours, own_wage)
    return Parts(rows, floats(rows, hours) * floats(rows, own_wage), np.ones(len(rows)), "total", "yuan")


def viva(service_records: pd.DataFrame, costs: pd.DataFrame, *, hours: str = "hours", yuan: str = "yuan",
         wage: float = WAGE, fringe: float = FRINGE) -> Parts:
    """Return replacement value over programme cost (37)."""
    rows = needs("viva", service_records, hours)
    rows = rows.assign(worth=floats(rows, hours) * wage * (1 + fringe))
    return _over(rows, "worth", costs, yuan, "viva", "ratio", f"wage {wage:g} yuan, fringe {fringe:g}")


def sroi(outcomes: pd.DataFrame, inputs: pd.DataFrame, *, year: str = "year", quantity: str = "quantity",
         proxy: str = "proxy", deadweight: str = "deadweight", displacement: str = "displacement",
         attribution: str = "attribution", drop_off: str = "drop_off", yuan: str = "yuan", rate: float = 0.03) -> Parts:
    """Return the social return on investment (38): present value of outcomes over that of inputs; less 1 it is net.

    A row of `outcomes` is an outcome in a year (1, 2, ...): quantity x proxy x (1 - deadweight)(1 - displacement)
    (1 - attribution to others)(1 - drop-off)^(year - 1). Deadweight and displacement are what twin worlds measure.
    """
    if not rate > -1:
        raise UsageError(f"sroi: rate is {rate}; allowed above -1, such as 0.03.")
    rows = needs("sroi", outcomes, year, quantity, proxy, deadweight, displacement, attribution, drop_off)
    spent = needs("sroi", inputs, year, yuan)
    t = floats(rows, year)
    kept = np.prod([1 - floats(rows, name) for name in (deadweight, displacement, attribution)], axis=0)
    worth = floats(rows, quantity) * floats(rows, proxy) * kept * (1 - floats(rows, drop_off)) ** (t - 1)
    worth, paid = worth / (1 + rate) ** t, floats(spent, yuan) / (1 + rate) ** floats(spent, year)
    return _over(rows.assign(worth=worth), "worth", spent.assign(paid=paid), "paid", "sroi", "ratio",
                 f"discounted at {rate:g}")


def credit_balance(timebank_transactions: pd.DataFrame, *, hours: str = "hours") -> Parts:
    """Return the hours outstanding in a time bank (39): all entries in, less all entries out."""
    rows = needs("credit_balance", timebank_transactions, hours)
    return Parts(rows, floats(rows, hours), np.ones(len(rows)), "total", "h")


def credit_velocity(timebank_book: pd.DataFrame, *, spent: str = "spent", outstanding: str = "outstanding",
                    months: int = 13, cluster: str = "district") -> Parts:
    """Return hours spent over the mean hours outstanding (40), for a year of thirteen months of four weeks."""
    rows = needs("credit_velocity", timebank_book, spent, outstanding, cluster)
    return Parts(rows, floats(rows, spent), floats(rows, outstanding) / months, "ratio", "per year", cluster=cluster)


def _last_balances(who: str, accounts: pd.DataFrame, volunteer: str, balance: str, week: str) -> pd.DataFrame:
    rows = needs(who, accounts, volunteer, balance, week)
    return rows.sort_values([volunteer, week], kind="stable").drop_duplicates(volunteer, keep="last",
                                                                             ignore_index=True)


def credit_hoarding(timebank_accounts: pd.DataFrame, *, volunteer: str = "volunteer_id", balance: str = "balance",
                    week: str = "week") -> Parts:
    """Return the Gini coefficient of balances at the end, those overdrawn counted as 0 (41)."""
    rows = _last_balances("credit_hoarding", timebank_accounts, volunteer, balance, week)
    return Parts(rows, np.maximum(floats(rows, balance), 0), np.ones(len(rows)), "shape", "index", shape="gini")


def debtors(timebank_accounts: pd.DataFrame, *, volunteer: str = "volunteer_id", balance: str = "balance",
            week: str = "week") -> Parts:
    """Return the share of accounts below zero at the end (41)."""
    rows = _last_balances("debtors", timebank_accounts, volunteer, balance, week)
    return Parts(rows, (floats(rows, balance) < 0).astype(np.float64), np.ones(len(rows)), "share")


def idle_accounts(timebank_accounts: pd.DataFrame, *, volunteer: str = "volunteer_id", spent: str = "spent",
                  week: str = "week", weeks: int = 52) -> Parts:
    """Return the share of accounts without spending in the last year (41)."""
    rows = needs("idle_accounts", timebank_accounts, volunteer, spent, week)
    late = rows[rows[week] > rows[week].max() - weeks] if len(rows) else rows
    sums = late.assign(s=floats(late, spent)).groupby(volunteer, sort=True)["s"].sum().reset_index()
    return Parts(sums, (sums["s"].to_numpy(dtype=np.float64) == 0).astype(np.float64), np.ones(len(sums)), "share")


def reciprocity(timebank_accounts: pd.DataFrame, *, volunteer: str = "volunteer_id", earned: str = "earned",
                spent: str = "spent") -> Parts:
    """Return the share of hours earned that their earner has spent (42): sum min(earned, spent) / sum earned."""
    rows = needs("reciprocity", timebank_accounts, volunteer, earned, spent)
    sums = rows.assign(e=floats(rows, earned), s=floats(rows, spent)).groupby(volunteer)[["e", "s"]].sum().reset_index()
    made = sums["e"].to_numpy(dtype=np.float64)
    return Parts(sums, np.minimum(made, sums["s"].to_numpy(dtype=np.float64)), made, "ratio", cluster=volunteer)


def star_share(volunteers: pd.DataFrame, *, star: str = "star", least: int = 1) -> Parts:
    """Return the share of volunteers with `least` stars or more (32)."""
    rows = needs("star_share", volunteers, star)
    return Parts(rows, (floats(rows, star) >= least).astype(np.float64), np.ones(len(rows)), "share")


def churn(activities: pd.DataFrame, *, project: str = "org_id", date: str = "date", planned: str = "planned_hours",
          needed: str = "people_needed", length: int = YEAR // 2, end: Day = None) -> Parts:
    """Return 1 - overlap of the shares of hours that projects had in one window and have in the next (47)."""
    rows = needs("churn", activities, project, date, planned, needed)
    on, size = days(rows, date), floats(rows, planned) * floats(rows, needed)
    first, last = window("churn", on, None, end, length)
    names = rows[[project]].drop_duplicates().sort_values(project, key=lambda s: s.map(str), ignore_index=True)
    sides = []
    for ends in ((first - np.timedelta64(length, "D"), first), (first, last)):
        part = inside(on, ends)
        held = per(rows[part], project, names[project], size[part])
        sides.append(held / held.sum() if held.sum() else held)
    before, now = sides
    some = float(before.sum() > 0 and now.sum() > 0)
    return Parts(names, some * (before - np.minimum(before, now)), some * before, "ratio", "index", cluster=project)
