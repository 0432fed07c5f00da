# Answers to q5.

# %% mutant rows earns 0 to 0.5
def active_rate(records, registered, last_day):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=52)) & (records["date"] <= last_day)]
    return 100 * len(window) / registered

# %% mutant no-window earns 0 to 0.5
def active_rate(records, registered, last_day):
    return 100 * records["volunteer_id"].nunique() / registered

# %% mutant share earns 1.5
def active_rate(records, registered, last_day):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=52)) & (records["date"] <= last_day)]
    return window["volunteer_id"].nunique() / registered

# %% mutant own-city-only earns 0 to 0.5
def active_rate(records, registered, last_day):
    return 100 * active / len(volunteers)

# %% mutant fails-without-records earns 2.5
def active_rate(records, registered, last_day):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=52)) & (records["date"] <= last_day)]
    first = window["volunteer_id"].iloc[0]
    return 100 * window["volunteer_id"].nunique() / registered

# %% mutant forgets-to-return earns 0
def active_rate(records, registered, last_day):
    rate = 100 * records["volunteer_id"].nunique() / registered

# %% mutant later-records-too earns 0 to 2.5
def active_rate(records, registered, last_day):
    window = records[records["date"] > last_day - pd.Timedelta(weeks=52)]
    return 100 * window["volunteer_id"].nunique() / registered

# %% mutant rounded-to-tens earns 0.5 to 1
def active_rate(records, registered, last_day):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=52)) & (records["date"] <= last_day)]
    return round(100 * window["volunteer_id"].nunique() / registered, -1)

# %% equivalent sets
def active_rate(records, registered, last_day):
    first = last_day - pd.Timedelta(weeks=52)
    served = {who for who, day in zip(records["volunteer_id"], records["date"]) if first < day <= last_day}
    return round(len(served) / registered * 100, 1)

# %% equivalent a-lambda
active_rate = lambda r, n, d: r.loc[r["date"].between(d - pd.Timedelta(days=363), d), "volunteer_id"].drop_duplicates().size * 100 / n
