# Answers to q4.

# %% mutant weeks-with-a-shift earns 2
weeks_open = mine["week"].nunique()
top4_per_100 = 100 * weeks.nlargest(4).sum() / weeks.sum()
steady = max("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum())

# %% mutant attendances-for-rate earns 2
weeks_open = (weeks > 0).sum()
top4_per_100 = weeks.nlargest(4).sum()
steady = max("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum())

# %% mutant share earns 2.5
weeks_open = (weeks > 0).sum()
top4_per_100 = weeks.nlargest(4).sum() / weeks.sum()
steady = max("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum())

# %% mutant round-the-fifth-of-march earns 2
weeks_open = (weeks > 0).sum()
top4_per_100 = 100 * weeks[7:11].sum() / weeks.sum()
steady = max("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum())

# %% mutant least-steady earns 2
weeks_open = (weeks > 0).sum()
top4_per_100 = 100 * weeks.nlargest(4).sum() / weeks.sum()
steady = min("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum())

# %% mutant empty-weeks earns 1
weeks_open = (weeks == 0).sum()
top4_per_100 = weeks.nlargest(4).sum()
steady = max("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum())

# %% mutant shifts-and-the-busiest-week earns 0
weeks_open = len(mine)
top4_per_100 = weeks.max()
steady = min("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum())

# %% mutant number-only earns 1
weeks_open = (weeks > 0).sum()

# %% equivalent sorted-and-small
weeks_open = int(weeks.astype(bool).sum())
top4_per_100 = round(sum(sorted(weeks)[-4:]) / sum(weeks) * 100, 1)
steady = max("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum()).lower()

# %% equivalent from-the-shifts
sums = mine.groupby("week")["came"].sum()
weeks_open = len(sums[sums > 0])
top4_per_100 = 100 * sums.sort_values().iloc[-4:].sum() / mine["came"].sum()
steady = max("ABC", key=lambda letter: (by_week(three["ABC".index(letter)]) > 0).sum()) + "."
