# Answers to q1. The cell's own lines above the blanks are repeated, since an answer replaces the whole cell.

# %% mutant records-not-hours earns 0
by_district = districts[["district", "residents"]].copy()
by_district["before"] = by_district["district"].map(before["district"].value_counts())
by_district["after"] = by_district["district"].map(after["district"].value_counts())
by_district["change"] = 100 * (by_district["after"] / by_district["before"] - 1)

# %% mutant share-not-percent earns 2
by_district = districts[["district", "residents"]].copy()
by_district["before"] = by_district["district"].map(before.groupby("district")["hours"].sum())
by_district["after"] = by_district["district"].map(after.groupby("district")["hours"].sum())
by_district["change"] = by_district["after"] / by_district["before"] - 1

# %% mutant level-not-change earns 2
by_district = districts[["district", "residents"]].copy()
by_district["before"] = by_district["district"].map(before.groupby("district")["hours"].sum())
by_district["after"] = by_district["district"].map(after.groupby("district")["hours"].sum())
by_district["change"] = 100 * by_district["after"] / by_district["before"]

# %% mutant hours-not-percent earns 2
by_district = districts[["district", "residents"]].copy()
by_district["before"] = by_district["district"].map(before.groupby("district")["hours"].sum())
by_district["after"] = by_district["district"].map(after.groupby("district")["hours"].sum())
by_district["change"] = by_district["after"] - by_district["before"]

# %% mutant wrong-base earns 2
by_district = districts[["district", "residents"]].copy()
by_district["before"] = by_district["district"].map(before.groupby("district")["hours"].sum())
by_district["after"] = by_district["district"].map(after.groupby("district")["hours"].sum())
by_district["change"] = 100 * (by_district["after"] - by_district["before"]) / by_district["after"]

# %% mutant both-years earns 1
by_district = districts[["district", "residents"]].copy()
by_district["before"] = by_district["district"].map(before.groupby("district")["hours"].sum())
by_district["after"] = by_district["district"].map(served.groupby("district")["hours"].sum())
by_district["change"] = 100 * (by_district["after"] / by_district["before"] - 1)

# %% mutant only-the-hours earns 1
by_district = districts[["district", "residents"]].copy()
by_district["before"] = by_district["district"].map(before.groupby("district")["hours"].sum())
by_district["after"] = by_district["district"].map(after.groupby("district")["hours"].sum())
by_district["change"] = None

# %% equivalent rounded-and-indexed
by_district = pd.DataFrame({"before": before.groupby("district")["hours"].sum(),
                            "after": after.groupby("district")["hours"].sum()}).rename_axis("district")
by_district["change"] = ((by_district["after"] - by_district["before"]) * 100 / by_district["before"]).round(1)

# %% equivalent pivot
half = served.assign(when=["after" if day >= START else "before" for day in served["date"]])
by_district = half.pivot_table(index="district", columns="when", values="hours", aggfunc="sum").reset_index()
by_district["change"] = by_district["after"] / by_district["before"] * 100 - 100
