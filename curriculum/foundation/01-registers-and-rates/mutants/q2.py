# Answers to q2, after a right q1.

# %% mutant shares earns 1.5
registered_per_100_residents = registered / residents
active_per_100_registered = active / registered
active_per_100_residents = active / residents

# %% mutant upside-down earns 0
registered_per_100_residents = 100 * residents / registered
active_per_100_registered = 100 * registered / active
active_per_100_residents = 100 * residents / active

# %% mutant population earns 1
registered_per_100_residents = 100 * registered / districts["population"].sum()
active_per_100_registered = 100 * active / registered
active_per_100_residents = 100 * active / districts["population"].sum()

# %% mutant records earns 1
recent = records[records["date"] > LAST_DAY - pd.Timedelta(weeks=52)]
registered_per_100_residents = 100 * registered / residents
active_per_100_registered = 100 * len(recent) / registered
active_per_100_residents = 100 * len(recent) / residents

# %% mutant ever earns 1
ever = records["volunteer_id"].nunique()
registered_per_100_residents = 100 * registered / residents
active_per_100_registered = 100 * ever / registered
active_per_100_residents = 100 * ever / residents

# %% mutant denominators-swapped earns 1
registered_per_100_residents = 100 * registered / residents
active_per_100_registered = 100 * active / residents
active_per_100_residents = 100 * active / registered

# %% mutant rounded-to-tens earns 0
registered_per_100_residents = round(100 * registered / residents, -1)
active_per_100_registered = round(100 * active / registered, -1)
active_per_100_residents = round(100 * active / residents, -1)

# %% equivalent rounded-to-one-decimal
registered_per_100_residents = round(100 * registered / residents, 1)
active_per_100_registered = round(active / registered * 100, 1)
active_per_100_residents = round(active / (residents / 100), 1)

# %% equivalent numpy
import numpy as np
registered_per_100_residents = np.float64(registered) / np.float64(residents) * 100
active_per_100_registered = np.divide(active, registered) * 100
active_per_100_residents = np.array(active / residents * 100)
