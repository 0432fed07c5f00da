# Answers to q4.

# %% mutant all-denominators earns 2
ratings = active = hours = kept_people = cover = "B"

# %% mutant all-numerators earns 1
ratings = active = hours = kept_people = cover = "A"

# %% mutant list-of-one-day-is-a-window earns 4
ratings, active, hours, kept_people, cover = "B", "C", "D", "A", "C"

# %% mutant sources-are-bad earns 1
ratings = active = hours = kept_people = cover = "D"

# %% mutant no-window-anywhere earns 1
ratings = active = hours = kept_people = cover = "C"

# %% mutant numerator-for-denominator earns 2
ratings, active, hours, kept_people, cover = "A", "C", "D", "B", "A"

# %% mutant lists-are-sources earns 3
ratings, active, hours, kept_people, cover = "D", "C", "D", "A", "D"

# %% mutant two-open earns 3
ratings, active, hours = "B", "C", "D"

# %% mutant words-for-letters earns 0
ratings, active, hours, kept_people, cover = "denominator", "window", "source", "numerator", "denominator"

# %% equivalent small-letters
ratings, active, hours, kept_people, cover = "b", "c", "d", "a", " b."

# %% equivalent full-width
ratings, active, hours, kept_people, cover = (chr(ord(letter) + 0xFEE0) for letter in "BCDAB")
