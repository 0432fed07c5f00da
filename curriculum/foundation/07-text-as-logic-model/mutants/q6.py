# Answers to q6: every option but the right one, in the author's words; letters differ between learners.

# %% mutant figure-in-the-text earns 0
goal = unit.options("q6").letter("The text asks that half of all residents take part by the year 2035.")

# %% mutant no-denominator earns 0
goal = unit.options("q6").letter("There shall be more names on the register than last year.")

# %% mutant office-not-people earns 0
goal = unit.options("q6").letter("We shall send out more appeals each year until 2035.")

# %% mutant two-letters earns 0
goal = "A and D"

# %% mutant a-number earns 0
goal = 8

# %% equivalent small-letter
goal = unit.options("q6").letter(
    "The text sets no figure. We set ours: 8 of 100 residents with a service record within 52 weeks, by 2028.").lower()

# %% equivalent full-stop
goal = unit.options("q6").letter(
    "The text sets no figure. We set ours: 8 of 100 residents with a service record within 52 weeks, by 2028.") + "."
