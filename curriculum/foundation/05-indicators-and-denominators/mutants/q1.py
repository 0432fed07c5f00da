# Answers to q1. `mutant` cells are plausible wrong answers, with the points that they still earn; `equivalent` cells earn all.

# %% mutant two-stocks earns 3
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = len(before)
stayed = len(before & now)
kept = 100 * len(now) / cohort
stock = 100 * len(now) / cohort

# %% mutant everybody-of-this-year-stayed earns 2
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = len(before)
stayed = len(now)
kept = 100 * stayed / cohort
stock = 100 * len(now) / cohort

# %% mutant cohort-of-this-year earns 1
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = len(now)
stayed = len(before & now)
kept = 100 * stayed / cohort
stock = 100 * stayed / len(before)

# %% mutant records-for-people earns 0
cohort = len(last_year)
stayed = this_year["volunteer_id"].isin(last_year["volunteer_id"]).sum()
kept = 100 * stayed / cohort
stock = 100 * len(this_year) / len(last_year)

# %% mutant those-who-left earns 2
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = len(before)
stayed = len(before - now)
kept = 100 * stayed / cohort
stock = 100 * len(now) / cohort

# %% mutant shares earns 3
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = len(before)
stayed = len(before & now)
kept = stayed / cohort
stock = len(now) / cohort

# %% mutant upside-down earns 2
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = len(before)
stayed = len(before & now)
kept = 100 * cohort / stayed
stock = 100 * cohort / len(now)

# %% mutant two-left-open earns 2
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = len(before)
stayed = len(before & now)

# %% equivalent sets-in-words
before = set(last_year["volunteer_id"])
now = set(this_year["volunteer_id"])
cohort = last_year["volunteer_id"].nunique()
stayed = len([who for who in before if who in now])
kept = round(100 * stayed / cohort, 1)
stock = round(100 * this_year["volunteer_id"].nunique() / cohort, 1)

# %% equivalent with-tables
import numpy as np
cohort = np.int64(last_year.groupby("volunteer_id").ngroups)
stayed = float(last_year.drop_duplicates("volunteer_id")["volunteer_id"].isin(this_year["volunteer_id"]).sum())
kept = np.float64(stayed / cohort) * 100
stock = len(set(this_year["volunteer_id"])) / cohort * 100
