# Answers to q3. The cell's own lines above the blanks are repeated, since an answer replaces the whole cell.

# %% mutant worker-where-most-is-asked earns 3
left_open = requests[requests["state"] != "done"]
by_district = districts[["district", "residents"]].copy()
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 1000 * by_district["unmet"] / by_district["residents"]
by_district["per_station"] = by_district["residents"] / by_district["district"].map(stations["district"].value_counts())
asked = by_district["district"].map(requests["district"].value_counts()) / by_district["residents"]
worker = by_district["district"][asked.idxmax()]

# %% mutant worker-where-most-is-open earns 3
left_open = requests[requests["state"] != "done"]
by_district = districts[["district", "residents"]].copy()
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 1000 * by_district["unmet"] / by_district["residents"]
by_district["per_station"] = by_district["residents"] / by_district["district"].map(stations["district"].value_counts())
worker = by_district.sort_values("rate")["district"].iloc[-1]

# %% mutant worker-where-fewest-ask earns 3
left_open = requests[requests["state"] != "done"]
by_district = districts[["district", "residents"]].copy()
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 1000 * by_district["unmet"] / by_district["residents"]
by_district["per_station"] = by_district["residents"] / by_district["district"].map(stations["district"].value_counts())
asked = by_district["district"].map(requests["district"].value_counts()) / by_district["residents"]
worker = by_district["district"][asked.idxmin()]

# %% mutant all-requests earns 2 to 3
left_open = requests
by_district = districts[["district", "residents"]].copy()
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 1000 * by_district["unmet"] / by_district["residents"]
by_district["per_station"] = by_district["residents"] / by_district["district"].map(stations["district"].value_counts())
worker = by_district.sort_values("per_station")["district"].iloc[-1]

# %% mutant per-100 earns 3.5
by_district = districts[["district", "residents"]].copy()
left_open = requests[requests["state"] != "done"]
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 100 * by_district["unmet"] / by_district["residents"]
by_district["per_station"] = by_district["residents"] / by_district["district"].map(stations["district"].value_counts())
worker = by_district.sort_values("per_station")["district"].iloc[-1]

# %% mutant stations-for-residents earns 2.5
by_district = districts[["district", "residents"]].copy()
left_open = requests[requests["state"] != "done"]
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 1000 * by_district["unmet"] / by_district["residents"]
by_district["per_station"] = 1000 * by_district["district"].map(stations["district"].value_counts()) / by_district["residents"]
worker = by_district.sort_values("per_station")["district"].iloc[-1]

# %% mutant of-the-requests earns 1 to 2
by_district = districts[["district", "residents"]].copy()
left_open = requests[requests["state"] != "done"]
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 1000 * by_district["unmet"] / by_district["district"].map(requests["district"].value_counts())
by_district["per_station"] = ...
worker = by_district.sort_values("rate")["district"].iloc[-1]

# %% mutant counts-only earns 1
by_district = districts[["district", "residents"]].copy()
left_open = requests[requests["state"] != "done"]
by_district["unmet"] = by_district["district"].map(left_open["district"].value_counts())
by_district["rate"] = 0.0
by_district["per_station"] = 0.0
worker = by_district.sort_values("unmet")["district"].iloc[-1]

# %% mutant one-number-for-all earns 0
by_district = districts[["district", "residents"]].copy()
by_district["unmet"] = 0
by_district["rate"] = 100.0
by_district["per_station"] = 1.0

# %% equivalent grouped-and-rounded
left_open = requests[requests["state"] != "done"].groupby("district").size()
by_district = districts.set_index("district")[["residents"]].copy()
by_district["unmet"] = left_open
by_district["rate"] = (1000 * by_district["unmet"] / by_district["residents"]).round(1)
by_district["per_station"] = (by_district["residents"] / stations.groupby("district").size()).round()
worker = by_district["per_station"].idxmax().lower() + " "

# %% equivalent another-order
by_district = districts[["residents", "district"]].sort_values("residents").copy()
count = {code: (requests[requests["state"].ne("done")]["district"] == code).sum() for code in by_district["district"]}
rooms = {code: (stations["district"] == code).sum() for code in by_district["district"]}
by_district["unmet"] = by_district["district"].map(count)
by_district["rate"] = by_district["unmet"] * 1000 / by_district["residents"]
by_district["per_station"] = by_district["residents"] / by_district["district"].map(rooms)
by_district["note"] = "synthetic"
worker = by_district.loc[by_district["per_station"].idxmax(), "district"]
