# Answers to q1. `mutant` cells are plausible wrong answers, with the points that they still earn; `equivalent` cells earn all.

# %% mutant population-for-residents earns 2
residents = districts["population"].sum()
registered = len(volunteers)
active = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)]["volunteer_id"].nunique()

# %% mutant records-for-active earns 2
residents = districts["residents"].sum()
registered = len(volunteers)
active = len(records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)])

# %% mutant ever-for-active earns 2
residents = districts["residents"].sum()
registered = len(volunteers)
active = records["volunteer_id"].nunique()

# %% mutant records-for-registered earns 1
residents = districts["residents"].sum()
registered = len(records)
active = records["volunteer_id"].nunique()

# %% mutant served-for-registered earns 2
residents = districts["residents"].sum()
registered = records["volunteer_id"].nunique()
active = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)]["volunteer_id"].nunique()

# %% mutant verified-only earns 2
residents = districts["residents"].sum()
registered = len(volunteers)
recent = records[(records["date"] > LAST_DAY - pd.Timedelta(weeks=52)) & (records["verify_state"] == "verified")]
active = recent["volunteer_id"].nunique()

# %% mutant everybody-is-active earns 2
residents = districts["residents"].sum()
registered = len(volunteers)
active = registered

# %% mutant numbers-as-text earns 1
residents = str(districts["residents"].sum())
registered = len(volunteers)
active = "about 500"

# %% mutant one-left-open earns 2
residents = districts["residents"].sum()
registered = len(volunteers)

# %% equivalent shape-and-groupby
residents = int(sum(districts.residents))
registered = volunteers.shape[0]
active = records.loc[records.date.gt("2025-07-06")].groupby("volunteer_id").ngroups

# %% equivalent sets-and-floats
import datetime
import numpy as np
residents = float(np.sum(districts["residents"].to_numpy()))
registered = np.int64(volunteers["volunteer_id"].nunique())
active = len(set(records["volunteer_id"][records["date"] >= LAST_DAY - datetime.timedelta(days=363)]))
