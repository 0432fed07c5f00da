# Answers to q1. The cell's own lines above the blanks are repeated, since an answer replaces the whole cell.

# %% mutant records-not-people earns 1.4 to 1.6
came_to = records.merge(shifts[["activity_id", "district"]])
by_district = districts[["district", "residents"]].copy()
by_district["seats"] = by_district["district"].map(shifts.groupby("district")["people_needed"].sum())
by_district["came"] = by_district["district"].map(came_to["district"].value_counts())
by_district["empty"] = by_district["seats"] - by_district["came"]
by_district["empty_per_1000"] = 1000 * by_district["empty"] / by_district["residents"]

# %% mutant shifts-for-people earns 0
by_district = districts[["district", "residents"]].copy()
by_district["seats"] = by_district["district"].map(shifts.groupby("district")["people_needed"].sum())
by_district["came"] = by_district["district"].map(shifts["district"].value_counts())
by_district["empty"] = by_district["seats"] - by_district["came"]
by_district["empty_per_1000"] = 1000 * by_district["empty"] / by_district["residents"]

# %% mutant came-for-empty earns 1
came_to = people.merge(shifts[["activity_id", "district"]])
by_district = districts[["district", "residents"]].copy()
by_district["came"] = by_district["district"].map(came_to["district"].value_counts())
by_district["empty"] = by_district["came"]
by_district["empty_per_1000"] = 1000 * by_district["came"] / by_district["residents"]

# %% mutant wrong-denominator earns 2
came_to = people.merge(shifts[["activity_id", "district"]])
by_district = districts[["district", "residents"]].copy()
by_district["registered"] = by_district["district"].map(volunteers["district"].value_counts())
by_district["seats"] = by_district["district"].map(shifts.groupby("district")["people_needed"].sum())
by_district["came"] = by_district["district"].map(came_to["district"].value_counts())
by_district["empty"] = by_district["seats"] - by_district["came"]
by_district["empty_per_1000"] = 1000 * by_district["empty"] / by_district["registered"]

# %% mutant not-times-1000 earns 3
came_to = people.merge(shifts[["activity_id", "district"]])
by_district = districts[["district", "residents"]].copy()
by_district["seats"] = by_district["district"].map(shifts.groupby("district")["people_needed"].sum())
by_district["came"] = by_district["district"].map(came_to["district"].value_counts())
by_district["empty"] = by_district["seats"] - by_district["came"]
by_district["empty_per_1000"] = by_district["empty"] / by_district["residents"]

# %% mutant posted-not-empty earns 1
came_to = people.merge(shifts[["activity_id", "district"]])
by_district = districts[["district", "residents"]].copy()
by_district["seats"] = by_district["district"].map(shifts.groupby("district")["people_needed"].sum())
by_district["came"] = by_district["district"].map(came_to["district"].value_counts())
by_district["empty"] = by_district["seats"]
by_district["empty_per_1000"] = 1000 * by_district["seats"] / by_district["residents"]

# %% mutant only-the-count earns 0
came_to = people.merge(shifts[["activity_id", "district"]])
by_district = districts[["district", "residents"]].copy()
by_district["came"] = by_district["district"].map(came_to["district"].value_counts())

# %% equivalent index-and-rounding
came_to = people.merge(shifts[["activity_id", "district"]])
by_district = districts.set_index("district")[["residents"]].copy()
by_district["came"] = came_to.groupby("district").size()
by_district["empty"] = shifts.groupby("district")["people_needed"].sum() - by_district["came"]
by_district["empty_per_1000"] = (by_district["empty"] / by_district["residents"] * 1000).round(1)

# %% equivalent shift-by-shift
of_shift = shifts.assign(came=shifts["activity_id"].map(people["activity_id"].value_counts()).fillna(0))
by_district = of_shift.groupby("district")[["people_needed", "came"]].sum().reset_index().merge(districts)
by_district["empty"] = by_district["people_needed"] - by_district["came"]
by_district["empty_per_1000"] = 1000 * by_district["empty"] / by_district["residents"]
