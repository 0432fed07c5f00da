# Answers to q3. The cell's own lines above the blanks are repeated, since an answer replaces the whole cell.

# %% mutant records-not-people earns 1
home = volunteers[["volunteer_id", "district"]]
recent = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)].merge(home)
by_district = volunteers.groupby("district").size().rename("registered").reset_index()
by_district["active"] = by_district["district"].map(recent["district"].value_counts())
by_district["active_rate"] = 100 * by_district["active"] / by_district["registered"]
active = recent.drop_duplicates("volunteer_id")["district"].value_counts()
rate = active / volunteers["district"].value_counts()
lowest = rate.idxmin()

# %% mutant shares earns 3
people = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)].drop_duplicates("volunteer_id").merge(volunteers)
by_district = volunteers.groupby("district").size().rename("registered").reset_index()
by_district["active"] = by_district["district"].map(people["district"].value_counts())
by_district["active_rate"] = by_district["active"] / by_district["registered"]
place = by_district.sort_values("active_rate")["district"].iloc[0]
lowest = place

# %% mutant per-residents earns 1 to 2
people = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)].drop_duplicates("volunteer_id").merge(volunteers)
by_district = districts[["district", "residents"]].copy()
by_district["active"] = by_district["district"].map(people["district"].value_counts())
by_district["active_rate"] = 100 * by_district["active"] / by_district["residents"]
place = by_district.sort_values("active_rate")["district"].iloc[0]
lowest = place

# %% mutant fewest-people earns 3
people = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)].drop_duplicates("volunteer_id").merge(volunteers)
by_district = volunteers.groupby("district").size().rename("registered").reset_index()
by_district["active"] = by_district["district"].map(people["district"].value_counts())
by_district["active_rate"] = 100 * by_district["active"] / by_district["registered"]
place = by_district.sort_values("active")["district"].iloc[0]
lowest = place

# %% mutant highest earns 3
people = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)].drop_duplicates("volunteer_id").merge(volunteers)
by_district = volunteers.groupby("district").size().rename("registered").reset_index()
by_district["active"] = by_district["district"].map(people["district"].value_counts())
by_district["active_rate"] = 100 * by_district["active"] / by_district["registered"]
place = by_district.sort_values("active_rate")["district"].iloc[-1]
lowest = place

# %% mutant no-window earns 0 to 1
people = records.drop_duplicates("volunteer_id").merge(volunteers)
by_district = volunteers.groupby("district").size().rename("registered").reset_index()
by_district["active"] = by_district["district"].map(people["district"].value_counts())
by_district["active_rate"] = 100 * by_district["active"] / by_district["registered"]
place = by_district.sort_values("active_rate")["district"].iloc[0]
lowest = place

# %% mutant one-number-for-all earns 0
by_district = volunteers.groupby("district").size().rename("registered").reset_index()
by_district["active"] = 0
by_district["active_rate"] = 20.0

# %% equivalent district-left-in-the-index
people = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)].drop_duplicates("volunteer_id").merge(volunteers)
by_district = pd.DataFrame({"registered": volunteers.groupby("district").size(), "active": people.groupby("district").size()})
by_district["active_rate"] = (100 * by_district["active"] / by_district["registered"]).round(1)
place = by_district["active_rate"].sort_values().index[0]
by_district = by_district[["active", "active_rate"]]
lowest = place.lower() + " "

# %% equivalent another-order-and-more-columns
people = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)].groupby("volunteer_id").size()
by_district = volunteers.assign(active=volunteers["volunteer_id"].isin(people.index)).groupby("district").agg(
    active=("active", "sum"), registered=("active", "size")).reset_index().sort_values("district", ascending=False)
by_district["active_rate"] = by_district["active"] / by_district["registered"] * 100
by_district["note"] = "synthetic"
place = by_district.loc[by_district["active_rate"].idxmin(), "district"]
lowest = place
