# Answers to q4.

# %% mutant before-after earns 0.9 to 1.1
expected = with_it["before"].sum()
extra_hours = with_it["after"].sum() - with_it["before"].sum()
yuan_each = 30 * with_it["residents"].sum() / with_it["after"].sum()

# %% mutant no-trend-carried-on earns 1.7 to 1.8
expected = with_it["before"].sum()
extra_hours = with_it["after"].sum() - expected
yuan_each = 30 * with_it["residents"].sum() / extra_hours

# %% mutant all-hours earns 1
expected = with_it["before"].sum() * (1 + change_without / 100)
extra_hours = with_it["after"].sum()
yuan_each = 30 * with_it["residents"].sum() / with_it["before"].sum()

# %% mutant one-resident earns 2
expected = with_it["before"].sum() * (1 + change_without / 100)
extra_hours = with_it["after"].sum() - expected
yuan_each = 30 / extra_hours

# %% mutant whole-city earns 2
expected = with_it["before"].sum() * (1 + change_without / 100)
extra_hours = with_it["after"].sum() - expected
yuan_each = 30 * districts["residents"].sum() / extra_hours

# %% mutant upside-down earns 2
expected = with_it["before"].sum() * (1 + change_without / 100)
extra_hours = with_it["after"].sum() - expected
yuan_each = extra_hours / (30 * with_it["residents"].sum())

# %% mutant change-not-level earns 1.9 to 2
expected = with_it["before"].sum() * change_without / 100
extra_hours = with_it["after"].sum() - expected
yuan_each = 30 * with_it["residents"].sum() / extra_hours

# %% equivalent by-the-others-ratio
ratio = without_it["after"].sum() / without_it["before"].sum()
expected = round(with_it["before"].sum() * ratio, 1)
extra_hours = with_it["after"].sum() - expected
yuan_each = round(residents_with * 30 / extra_hours, 1)

# %% equivalent by-percentage-points
extra_hours = with_it["before"].sum() * difference / 100
expected = with_it["after"].sum() - extra_hours
yuan_each = with_it["residents"].mul(30).sum() / extra_hours
