# Answers to q6. The cell's own lines above the blanks are repeated, since an answer replaces the whole cell.

# %% mutant first-is-best earns 3
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("kept")["district"].iloc[-1]
clear = ((by_district["low"] > kept) | (by_district["high"] < kept)).sum()
claim = unit.options("q6").letter("The first district leads its volunteers best.")

# %% mutant overlap-is-equal earns 3
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("kept")["district"].iloc[-1]
clear = ((by_district["low"] > kept) | (by_district["high"] < kept)).sum()
claim = unit.options("q6").letter("Districts whose interval holds the city's rate keep their people equally well.")

# %% mutant most-people-first earns 3
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("stayed")["district"].iloc[-1]
clear = ((by_district["low"] > kept) | (by_district["high"] < kept)).sum()
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")

# %% mutant inside-for-outside earns 3
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("kept")["district"].iloc[-1]
clear = ((by_district["low"] <= kept) & (by_district["high"] >= kept)).sum()
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")

# %% mutant above-the-city earns 3 to 3.5
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("kept")["district"].iloc[-1]
clear = (by_district["kept"] > kept).sum()
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")

# %% mutant stocks earns 2
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
arrived = pd.Series([home[who] for who in now]).value_counts()
by_district["kept"] = 100 * by_district["district"].map(arrived) / by_district["cohort"]
top = by_district.sort_values("cohort")["district"].iloc[0]
top = "D11"
clear = ((by_district["low"] > kept) | (by_district["high"] < kept)).sum()
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")

# %% mutant shares-and-last-for-first earns 2.5
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("kept")["district"].iloc[0]
clear = ((by_district["low"] > kept) | (by_district["high"] < kept)).sum()
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")

# %% mutant small-is-sure earns 1
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("kept")["district"].iloc[0]
clear = ((by_district["low"] <= kept) & (by_district["high"] >= kept)).sum()
claim = unit.options("q6").letter("The small districts have the narrow intervals, so their rates are surest.")

# %% mutant nothing-right earns 0
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 66.0
top = by_district.sort_values("cohort")["district"].iloc[0]
top = None
clear = None
claim = unit.options("q6").letter("The first district leads its volunteers best.")

# %% mutant kept-of-two-stocks earns 3 to 3.75
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
top = by_district.sort_values("kept")["district"].iloc[-1]
kept = 100 * len(now) / len(before)
clear = ((by_district["low"] > kept) | (by_district["high"] < kept)).sum()
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")

# %% equivalent rounded-and-indexed
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = (100 * by_district["stayed"] / by_district["cohort"]).round(1)
top = by_district.loc[by_district["kept"].idxmax(), "district"].lower()
clear = int(len(by_district) - by_district.apply(lambda row: row["low"] <= kept <= row["high"], axis=1).sum())
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")
by_district = by_district.set_index("district")[["kept"]]

# %% equivalent another-order
def interval(part, whole):
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)


home = volunteers.set_index("volunteer_id")["district"]
people = pd.DataFrame({"district": [home[who] for who in before], "stayed": [who in now for who in before]})
by_district = people.groupby("district")["stayed"].agg(cohort="size", stayed="sum").reset_index()
ends = [interval(part, whole) for part, whole in zip(by_district["stayed"], by_district["cohort"])]
by_district["low"], by_district["high"] = [low for low, high in ends], [high for low, high in ends]
by_district["kept"] = 100 * by_district["stayed"] / by_district["cohort"]
by_district = by_district.sort_values("kept", ascending=False)
top = by_district["district"].iloc[0] + " "
clear = float((by_district["low"].gt(kept) | by_district["high"].lt(kept)).sum())
claim = unit.options("q6").letter("Only where the interval leaves out the city's rate does a district differ by more than luck.")
