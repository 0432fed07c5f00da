# Answers to q2.

# %% mutant shifts-for-seats earns 2
seats = len(mine)
visits = mine["came"].sum()
visits_per_100_seats = 100 * visits / seats
rent_each = RENT / visits

# %% mutant signed-up-for-came earns 1
seats = mine["people_needed"].sum()
visits = mine["signed_up"].sum()
visits_per_100_seats = 100 * visits / seats
rent_each = RENT / visits

# %% mutant rent-of-a-seat earns 3
seats = mine["people_needed"].sum()
visits = mine["came"].sum()
visits_per_100_seats = 100 * visits / seats
rent_each = RENT / seats

# %% mutant whole-county earns 0
seats = shifts["people_needed"].sum()
visits = shifts["came"].sum()
visits_per_100_seats = 100 * visits / seats
rent_each = RENT / visits

# %% mutant upside-down earns 2
seats = mine["people_needed"].sum()
visits = mine["came"].sum()
visits_per_100_seats = 100 * seats / visits
rent_each = visits / RENT

# %% mutant share earns 3.5
seats = mine["people_needed"].sum()
visits = mine["came"].sum()
visits_per_100_seats = visits / seats
rent_each = RENT / visits

# %% mutant shifts-with-people earns 1
seats = mine["people_needed"].sum()
visits = (mine["came"] > 0).sum()
visits_per_100_seats = 100 * visits / seats
rent_each = RENT / visits

# %% mutant text earns 2
seats = mine["people_needed"].sum()
visits = mine["came"].sum()
visits_per_100_seats = "about a fifth"
rent_each = "too much"

# %% mutant counts-only earns 2
seats = mine["people_needed"].sum()
visits = mine["came"].sum()

# %% equivalent whole-yuan
seats = int(mine.people_needed.sum())
visits = sum(mine.came)
visits_per_100_seats = round(visits * 100 / seats, 1)
rent_each = round(3000 / visits)

# %% equivalent from-the-list-of-those-who-came
here = came[came["activity_id"].isin(mine["activity_id"])]
seats = mine["people_needed"].to_numpy().sum()
visits = len(here)
visits_per_100_seats = visits / (seats / 100)
rent_each = round(RENT / visits, 2)
