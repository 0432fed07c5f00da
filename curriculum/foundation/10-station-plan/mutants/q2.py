# Answers to q2.

# %% mutant the-two-mixed-up earns 0
most_in_number = by_district.sort_values("empty_per_1000")["district"].iloc[-1]
most_for_its_size = by_district.sort_values("empty")["district"].iloc[-1]

# %% mutant the-number-for-both earns 1
most_in_number = by_district.sort_values("empty")["district"].iloc[-1]
most_for_its_size = most_in_number

# %% mutant the-rate-for-both earns 1
most_for_its_size = by_district.sort_values("empty_per_1000")["district"].iloc[-1]
most_in_number = most_for_its_size

# %% mutant the-lowest earns 0
most_in_number = by_district.sort_values("empty")["district"].iloc[0]
most_for_its_size = by_district.sort_values("empty_per_1000")["district"].iloc[0]

# %% mutant values-for-codes earns 0
most_in_number = by_district["empty"].max()
most_for_its_size = by_district["empty_per_1000"].max()

# %% mutant the-second earns 0
most_in_number = by_district.sort_values("empty")["district"].iloc[-2]
most_for_its_size = by_district.sort_values("empty_per_1000")["district"].iloc[-2]

# %% mutant names-for-codes earns 0
named = by_district.merge(districts[["district", "name"]])
most_in_number = named.sort_values("empty")["name"].iloc[-1]
most_for_its_size = named.sort_values("empty_per_1000")["name"].iloc[-1]

# %% equivalent idxmax
most_in_number = by_district.set_index("district")["empty"].idxmax()
most_for_its_size = by_district.set_index("district")["empty_per_1000"].idxmax()

# %% equivalent small-letters
most_in_number = by_district.sort_values("empty", ascending=False)["district"].iloc[0].lower()
most_for_its_size = " " + by_district.sort_values("empty_per_1000", ascending=False)["district"].iloc[0]
