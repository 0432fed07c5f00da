# Answers to q7.

# %% mutant least-forgotten earns 3 to 4
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = 100 * len(hours) / registered
    return rate


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant more-than-the-least earns 3 to 4.5
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = 100 * (hours > least).sum() / registered
    return rate


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant of-the-active earns 3 to 3.5
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = 100 * (hours >= least).sum() / max(1, len(hours))
    return rate


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant share earns 4
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = (hours >= least).sum() / registered
    return rate


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant records-and-single-long-ones earns 3
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = 100 * (hours >= least).sum() / registered
    return rate


rate_record = 100 * len(this_year) / len(volunteers)
rate_hours = 100 * (this_year["hours"] >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant asleep-for-awake earns 4
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = 100 * (hours >= least).sum() / registered
    return rate


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)
rate_roll = 100 * len(asleep) / len(volunteers)

# %% mutant on-the-roll earns 4
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = 100 * (hours >= least).sum() / registered
    return rate


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)
rate_roll = 100 * this_year["volunteer_id"].nunique() / (len(volunteers) - len(asleep))

# %% mutant numbers-without-function earns 3
def active_rate(records, registered, last_day, weeks, least):
    pass


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant own-city-for-ever earns 3 to 3.5
def active_rate(records, registered, last_day, weeks, least):
    return 100 * this_year["volunteer_id"].nunique() / len(volunteers)


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant definitions-swapped earns 3
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(weeks=weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    rate = 100 * (hours >= least).sum() / registered
    return rate


rate_record = active_rate(records, len(volunteers), LAST_DAY, 52, 20)
rate_hours = active_rate(records, len(volunteers), LAST_DAY, 52, 0)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% mutant everything-by-records earns 0 to 1
def active_rate(records, registered, last_day, weeks, least):
    return 100 * len(records) / registered


rate_record = 100 * len(records) / len(volunteers)
rate_hours = 100 * (records["hours"] >= 20).sum() / len(volunteers)
rate_roll = 100 * len(asleep) / len(volunteers)

# %% equivalent by-hand
def active_rate(records, registered, last_day, weeks, least):
    total = {}
    for who, day, hours in zip(records["volunteer_id"], records["date"], records["hours"]):
        if last_day - pd.Timedelta(weeks=weeks) < day <= last_day:
            total[who] = total.get(who, 0) + hours
    return 100 * len([who for who in total if total[who] >= least]) / registered


rate_record = 100 * this_year["volunteer_id"].nunique() / len(volunteers)
rate_hours = 100 * (this_year.groupby("volunteer_id")["hours"].sum() >= 20).sum() / len(volunteers)
rate_roll = 100 * (len(volunteers) - len(asleep)) / len(volunteers)

# %% equivalent rounded-and-called
def active_rate(records, registered, last_day, weeks, least):
    window = records[(records["date"] > last_day - pd.Timedelta(days=7 * weeks)) & (records["date"] <= last_day)]
    hours = window.groupby("volunteer_id")["hours"].sum()
    return round(len(hours[hours >= least]) / registered * 100, 1)


rate_record = active_rate(records, len(volunteers), LAST_DAY, 52, 0)
rate_hours = active_rate(records, len(volunteers), LAST_DAY, 52, 20)
rate_roll = round(100 - 100 * len(asleep) / len(volunteers), 1)
