# Answers to q2.

# %% mutant all-measures earns 0 to 1
package = policies
districts_with = len(package)
residents_with = districts["residents"].sum()

# %% mutant the-others earns 0 to 1
package = policies[policies["measure"] == "local_policies"]
districts_with = len(districts) - package["district"].nunique()
residents_with = districts[~districts["district"].isin(package["district"])]["residents"].sum()

# %% mutant whole-city earns 1
package = policies[policies["measure"] == "local_policies"]
districts_with = package["district"].nunique()
residents_with = districts["residents"].sum()

# %% mutant population earns 1
package = policies[policies["measure"] == "local_policies"]
districts_with = package["district"].nunique()
residents_with = districts[districts["district"].isin(package["district"])]["population"].sum()

# %% mutant districts-not-people earns 1
package = policies[policies["measure"] == "local_policies"]
districts_with = package["district"].nunique()
residents_with = len(package)

# %% equivalent merged
package = policies[policies["measure"] == "local_policies"]
districts_with = len(set(package["district"]))
residents_with = int(package.merge(districts)["residents"].sum())

# %% equivalent by-clause
package = policies[policies["measure"].eq("local_policies")]
districts_with = int(districts["district"].isin(package["district"]).sum())
residents_with = float(districts.set_index("district").loc[package["district"].unique(), "residents"].sum())
