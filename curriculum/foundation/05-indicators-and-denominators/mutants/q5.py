# Answers to q5.

# %% mutant of-those-who-answered earns 3
rated, content = services["stars"].notna().sum(), (services["stars"] >= 4).sum()
groups = services.groupby("asked")["stars"].agg(services="size", ratings="count", mean="mean")
answered = 100 * rated / len(services)
at_least = 100 * content / rated
at_most = 100 * content / rated
weighted = (groups["services"] * groups["mean"]).sum() / groups["services"].sum()
limit = unit.options("q5").letter("That in each group the content answer more readily than the others.")

# %% mutant plain-mean earns 4
rated, content = services["stars"].notna().sum(), (services["stars"] >= 4).sum()
answered = 100 * rated / len(services)
at_least = 100 * content / len(services)
at_most = 100 * (content + len(services) - rated) / len(services)
weighted = services["stars"].mean()
limit = unit.options("q5").letter("That in each group the content answer more readily than the others.")

# %% mutant halves-and-between-groups earns 3
rated, content = services["stars"].notna().sum(), (services["stars"] >= 4).sum()
answered = 100 * rated / len(services)
at_least = 100 * content / len(services)
at_most = 100 * (content + len(services) - rated) / len(services)
weighted = services.groupby("asked")["stars"].mean().mean()
limit = unit.options("q5").letter("That some districts ask everybody, and others nobody.")

# %% mutant silent-alone-and-size earns 2
rated, content = services["stars"].notna().sum(), (services["stars"] >= 4).sum()
answered = 100 * rated / len(services)
at_least = 100 * content / len(services)
at_most = 100 * (len(services) - rated) / len(services)
weighted = services["stars"].mean()
limit = unit.options("q5").letter("That the districts which ask have many ratings for their services.")

# %% mutant weighed-by-ratings earns 3
rated, content = services["stars"].notna().sum(), (services["stars"] >= 4).sum()
groups = services.groupby("asked")["stars"].agg(services="size", ratings="count", mean="mean")
answered = 100 * rated / len(services)
at_least = 100 * content / len(services)
at_most = 100 * (content + len(services) - rated) / len(services)
weighted = (groups["ratings"] * groups["mean"]).sum() / groups["ratings"].sum()
limit = unit.options("q5").letter("That a rating may have come in twice.")

# %% mutant shares-and-everybody earns 2
rated, content = services["stars"].notna().sum(), (services["stars"] >= 4).sum()
answered = rated / len(services)
at_least = content / len(services)
at_most = 100.0
weighted = services["stars"].mean()
limit = unit.options("q5").letter("That in each group the content answer more readily than the others.")

# %% mutant silent-for-answered earns 0
rated = services["stars"].notna().sum()
answered = 100 * (len(services) - rated) / len(services)
at_least = 0
at_most = 100
weighted = 5
limit = unit.options("q5").letter("That some districts ask everybody, and others nobody.")

# %% equivalent stars-of-groups-by-hand
stars, all_services = services["stars"], services.shape[0]
answered = round(100 * stars.count() / all_services, 1)
at_least = round(100 * (stars > 3).sum() / all_services, 1)
at_most = round(100 - 100 * (stars <= 3).sum() / all_services, 1)
yes, no = services[services["asked"]], services[~services["asked"]]
weighted = round((len(yes) * yes["stars"].mean() + len(no) * no["stars"].mean()) / all_services, 2)
limit = unit.options("q5").letter("That in each group the content answer more readily than the others.").lower()

# %% equivalent weights-of-each-rating
import numpy as np
rated = services.dropna(subset=["stars"])
answered = np.float64(len(rated)) / len(services) * 100
at_least = (services["stars"].fillna(0) >= 4).mean() * 100
at_most = (services["stars"].fillna(5) >= 4).mean() * 100
weight = services.groupby("asked").size() / rated.groupby("asked").size()
weighted = np.average(rated["stars"], weights=rated["asked"].map(weight))
limit = unit.options("q5").letter("That in each group the content answer more readily than the others.")
