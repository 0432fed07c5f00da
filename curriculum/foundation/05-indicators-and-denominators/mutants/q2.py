# Answers to q2.

# %% mutant nobody-is-too-early earns 2
OPEN_FROM, OPEN_TO = LAST_DAY - HALF - YEAR + pd.Timedelta(days=1), LAST_DAY - HALF
had_time = volunteers[volunteers["registered_on"] >= OPEN_FROM]
ripe = len(had_time)
inside = had_time["registered_on"] <= OPEN_TO
begun = (inside & (had_time["wait"] <= HALF)).sum()
begun_rate = 100 * begun / ripe
too_early = (volunteers["registered_on"] > OPEN_TO).sum()

# %% mutant whenever-they-began earns 2
OPEN_FROM, OPEN_TO = LAST_DAY - HALF - YEAR + pd.Timedelta(days=1), LAST_DAY - HALF
had_time = volunteers[volunteers["registered_on"].between(OPEN_FROM, OPEN_TO)]
ripe = len(had_time)
begun = had_time["wait"].notna().sum()
begun_rate = 100 * begun / ripe
too_early = (volunteers["registered_on"] > OPEN_TO).sum()

# %% mutant whole-register earns 0
had_time = volunteers
ripe = len(had_time)
begun = (had_time["wait"] <= HALF).sum()
begun_rate = 100 * begun / ripe
too_early = (volunteers["registered_on"] > LAST_DAY).sum()

# %% mutant everybody-else-too-early earns 3
OPEN_FROM, OPEN_TO = LAST_DAY - HALF - YEAR + pd.Timedelta(days=1), LAST_DAY - HALF
had_time = volunteers[volunteers["registered_on"].between(OPEN_FROM, OPEN_TO)]
ripe = len(had_time)
begun = (had_time["wait"] <= HALF).sum()
begun_rate = 100 * begun / ripe
too_early = len(volunteers) - ripe

# %% mutant share earns 3.5
OPEN_FROM, OPEN_TO = LAST_DAY - HALF - YEAR + pd.Timedelta(days=1), LAST_DAY - HALF
had_time = volunteers[volunteers["registered_on"].between(OPEN_FROM, OPEN_TO)]
ripe = len(had_time)
begun = (had_time["wait"] <= HALF).sum()
begun_rate = begun / ripe
too_early = (volunteers["registered_on"] > OPEN_TO).sum()

# %% mutant half-too-late earns 0 to 1
OPEN_FROM, OPEN_TO = LAST_DAY - YEAR + pd.Timedelta(days=1), LAST_DAY
had_time = volunteers[volunteers["registered_on"].between(OPEN_FROM, OPEN_TO)]
ripe = len(had_time)
begun = (had_time["wait"] <= HALF).sum()
begun_rate = 100 * begun / ripe
too_early = (volunteers["registered_on"] > OPEN_TO).sum()

# %% mutant only-the-counts earns 2
OPEN_FROM, OPEN_TO = LAST_DAY - HALF - YEAR + pd.Timedelta(days=1), LAST_DAY - HALF
had_time = volunteers[volunteers["registered_on"].between(OPEN_FROM, OPEN_TO)]
ripe = len(had_time)
begun = (had_time["wait"] <= HALF).sum()

# %% equivalent two-conditions
OPEN_TO = LAST_DAY - HALF
day = volunteers["registered_on"]
had_time = volunteers[(day > OPEN_TO - YEAR) & (day <= OPEN_TO)]
ripe = had_time["volunteer_id"].nunique()
begun = int((had_time["wait"] <= pd.Timedelta(days=182)).sum())
begun_rate = round(100 * begun / ripe, 1)
too_early = len(volunteers[day > OPEN_TO])

# %% equivalent dates-written-out
had_time = volunteers[volunteers["registered_on"].between("2025-07-07", "2026-07-05")]
ripe = float(len(had_time))
begun = had_time["wait"].dt.days.le(182).sum()
begun_rate = begun / ripe * 100
too_early = volunteers["registered_on"].gt("2026-07-05").sum()
