# Answers to q3.

# %% mutant mean-of-districts earns 1.7 to 1.8
has = by_district["district"].isin(package["district"])
with_it, without_it = by_district[has], by_district[~has]
change_with = with_it["change"].mean()
change_without = without_it["change"].mean()
difference = change_with - change_without

# %% mutant shares earns 1.7 to 1.8
has = by_district["district"].isin(package["district"])
with_it, without_it = by_district[has], by_district[~has]
change_with = with_it["after"].sum() / with_it["before"].sum() - 1
change_without = without_it["after"].sum() / without_it["before"].sum() - 1
difference = change_with - change_without

# %% mutant the-wrong-way-round earns 0.7 to 0.8
has = by_district["district"].isin(package["district"])
with_it, without_it = by_district[~has], by_district[has]
change_with = 100 * (with_it["after"].sum() / with_it["before"].sum() - 1)
change_without = 100 * (without_it["after"].sum() / without_it["before"].sum() - 1)
difference = change_with - change_without

# %% mutant no-comparison earns 2
has = by_district["district"].isin(package["district"])
with_it, without_it = by_district[has], by_district[~has]
change_with = 100 * (with_it["after"].sum() / with_it["before"].sum() - 1)
change_without = 100 * (without_it["after"].sum() / without_it["before"].sum() - 1)
difference = change_with

# %% mutant added earns 2
has = by_district["district"].isin(package["district"])
with_it, without_it = by_district[has], by_district[~has]
change_with = 100 * (with_it["after"].sum() / with_it["before"].sum() - 1)
change_without = 100 * (without_it["after"].sum() / without_it["before"].sum() - 1)
difference = change_with + change_without

# %% mutant levels earns 2
has = by_district["district"].isin(package["district"])
with_it, without_it = by_district[has], by_district[~has]
change_with = 100 * with_it["after"].sum() / with_it["before"].sum()
change_without = 100 * without_it["after"].sum() / without_it["before"].sum()
difference = change_with - change_without

# %% equivalent grouped
sums = by_district.assign(has=by_district["district"].isin(package["district"])).groupby("has")[["before", "after"]].sum()
gains = (100 * (sums["after"] - sums["before"]) / sums["before"]).round(2)
change_with, change_without = gains[True], gains[False]
difference = change_with - change_without

# %% equivalent step-by-step
own = by_district["district"].isin(set(package["district"]))
change_with = by_district.loc[own, "after"].sum() / by_district.loc[own, "before"].sum() * 100 - 100
change_without = by_district.loc[~own, "after"].sum() / by_district.loc[~own, "before"].sum() * 100 - 100
difference = round(change_with - change_without, 1)
