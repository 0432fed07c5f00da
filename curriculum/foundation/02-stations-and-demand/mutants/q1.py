# Answers to q1. `mutant` cells are plausible wrong answers, with the points that they still earn; `equivalent` cells earn all.

# %% mutant dispatched-is-posted earns 3
collected = len(requests)
posted = len(requests[requests["state"] == "dispatched"])
met = len(requests[requests["state"] == "done"])
met_per_100 = 100 * met / collected

# %% mutant signed-up-is-met earns 2
collected = len(requests)
posted = len(requests[requests["state"] != "rejected"])
met = len(requests[requests["state"].isin(["done", "cancelled"])])
met_per_100 = 100 * met / collected

# %% mutant of-the-posted earns 3
collected = len(requests)
posted = len(requests[requests["state"] != "rejected"])
met = len(requests[requests["state"] == "done"])
met_per_100 = 100 * met / posted

# %% mutant everything-is-posted earns 3
collected = len(requests)
posted = len(requests)
met = len(requests[requests["state"] == "done"])
met_per_100 = 100 * met / collected

# %% mutant people-for-requests earns 2
collected = len(requests)
posted = len(requests[requests["state"] != "rejected"])
met = len(came)
met_per_100 = 100 * met / collected

# %% mutant share earns 3.5
collected = len(requests)
posted = len(requests[requests["state"] != "rejected"])
met = len(requests[requests["state"] == "done"])
met_per_100 = met / collected

# %% mutant left-open-for-met earns 2
collected = len(requests)
posted = len(requests[requests["state"] != "rejected"])
met = len(requests[requests["state"] != "done"])
met_per_100 = 100 * met / collected

# %% mutant shifts-for-requests earns 1
collected = len(shifts)
posted = len(requests[requests["state"] == "dispatched"])
met = len(requests[requests["state"] == "done"])
met_per_100 = 100 * met / posted

# %% mutant only-the-first earns 1
collected = len(requests)

# %% equivalent shapes-and-counts
state = requests.groupby("state").size()
collected = requests.shape[0]
posted = int(state.drop("rejected").sum())
met = int(state["done"])
met_per_100 = round(met / collected * 100, 1)

# %% equivalent sums-of-truth-values
import numpy as np
collected = requests["request_id"].nunique()
posted = (requests.state != "rejected").sum()
met = np.float64((requests.state == "done").sum())
met_per_100 = 100 * (requests["state"] == "done").mean()
