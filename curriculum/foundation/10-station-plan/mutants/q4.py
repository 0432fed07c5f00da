# Answers to q4.

# %% mutant all-empty-seats earns 2.5
active, registered = people["volunteer_id"].nunique(), len(volunteers)
empty_d03 = by_district.loc[by_district["district"] == "D03", "empty"].sum()
seats_a_week = empty_d03 / 52
shifts_each = len(people) / active / 52
active_needed = seats_a_week / shifts_each
sign_ups = active_needed / (active / registered)

# %% mutant whole-city earns 2.5
active, registered = people["volunteer_id"].nunique(), len(volunteers)
seats_a_week = by_district["empty"].sum() / 3 / 52
shifts_each = len(people) / active / 52
active_needed = seats_a_week / shifts_each
sign_ups = active_needed / (active / registered)

# %% mutant shifts-of-the-registered earns 2.5 to 3
active, registered = people["volunteer_id"].nunique(), len(volunteers)
empty_d03 = by_district.loc[by_district["district"] == "D03", "empty"].sum()
seats_a_week = empty_d03 / 3 / 52
shifts_each = len(people) / registered / 52
active_needed = seats_a_week / shifts_each
sign_ups = active_needed / (active / registered)

# %% mutant a-year-for-a-week earns 3
active, registered = people["volunteer_id"].nunique(), len(volunteers)
empty_d03 = by_district.loc[by_district["district"] == "D03", "empty"].sum()
seats_a_week = empty_d03 / 3 / 52
shifts_each = len(people) / active
active_needed = seats_a_week / shifts_each
sign_ups = active_needed / (active / registered)

# %% mutant sign-ups-are-active earns 3
active, registered = people["volunteer_id"].nunique(), len(volunteers)
empty_d03 = by_district.loc[by_district["district"] == "D03", "empty"].sum()
seats_a_week = empty_d03 / 3 / 52
shifts_each = len(people) / active / 52
active_needed = seats_a_week / shifts_each
sign_ups = active_needed

# %% mutant times-for-divided earns 2
active, registered = people["volunteer_id"].nunique(), len(volunteers)
empty_d03 = by_district.loc[by_district["district"] == "D03", "empty"].sum()
seats_a_week = empty_d03 / 3 / 52
shifts_each = len(people) / active / 52
active_needed = seats_a_week * shifts_each
sign_ups = active_needed * (active / registered)

# %% mutant only-the-first-step earns 1
empty_d03 = by_district.loc[by_district["district"] == "D03", "empty"].sum()
seats_a_week = empty_d03 / 3 / 52

# %% equivalent rounded-steps
active, registered = people["volunteer_id"].nunique(), len(volunteers)
seats_a_week = round(float(by_district.set_index("district")["empty"]["D03"]) / 156, 2)
shifts_each = round(len(people) / active / 52, 4)
active_needed = round(seats_a_week / shifts_each, 1)
sign_ups = round(active_needed * registered / active)

# %% equivalent people-counted-by-person
active, registered = len(people["volunteer_id"].unique()), len(volunteers)
seats_a_week = by_district[by_district["district"] == "D03"]["empty"].iloc[0] / 52 / 3
shifts_each = (people["volunteer_id"].value_counts() / 52).mean()
active_needed = seats_a_week / shifts_each
sign_ups = registered * seats_a_week / (len(people) / 52)
