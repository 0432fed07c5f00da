# Answers to q5.

# %% mutant all-put-in earns 1
plans = rent = passed_on = placed = lonely = researcher = lot = hours = "A"

# %% mutant all-done earns 1.5
plans = rent = passed_on = placed = lonely = researcher = lot = hours = "B"

# %% mutant service-is-the-end earns 3
plans, rent, passed_on, placed, lonely, researcher, lot, hours = "B", "A", "B", "D", "D", "A", "B", "D"

# %% mutant doing-is-coming-out earns 2.5
plans, rent, passed_on, placed, lonely, researcher, lot, hours = "C", "A", "C", "C", "D", "A", "C", "C"

# %% mutant paid-time-is-doing earns 3.5
plans, rent, passed_on, placed, lonely, researcher, lot, hours = "B", "A", "B", "C", "D", "B", "B", "C"

# %% mutant the-end-is-service earns 3.5
plans, rent, passed_on, placed, lonely, researcher, lot, hours = "B", "A", "B", "C", "C", "A", "B", "C"

# %% equivalent small-letters
plans, rent, passed_on, placed, lonely, researcher, lot, hours = "b", "a", "b", "c", "d", "a", "b", "c"

# %% equivalent with-a-bracket
plans, rent, passed_on, placed, lonely, researcher, lot, hours = "B)", "A)", "B)", "C)", "D)", "A)", "B)", "C)"
