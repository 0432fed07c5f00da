# Answers to q7: every option but the right one, in the author's words; letters differ between learners.

# %% mutant names-not-service earns 0
proof = unit.options("q7").letter("The number of people on the register of the station.")

# %% mutant moved-not-made earns 0
proof = unit.options("q7").letter("The hours that were recorded at the station in the year.")

# %% mutant before-after earns 0
proof = unit.options("q7").letter("How much the filled seats for each 100 posted in the district have changed in a year.")

# %% mutant two-letters earns 0
proof = "C or D"

# %% mutant nothing-earned-by-words earns 0
proof = "the last one"

# %% equivalent small-letter
proof = unit.options("q7").letter(
    "How much the filled seats for each 100 posted have changed in a year, less the same change in districts without "
    "a new station.").lower()

# %% equivalent full-stop
proof = unit.options("q7").letter(
    "How much the filled seats for each 100 posted have changed in a year, less the same change in districts without "
    "a new station.") + "."
