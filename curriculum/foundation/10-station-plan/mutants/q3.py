# Answers to q3.

# %% mutant no-denominator earns 0
by_time = timed.groupby("time")["empty"].sum().reset_index()
by_time["empty_per_day"] = by_time["empty"]
scarcest = by_time.sort_values("empty_per_day")["time"].iloc[-1]

# %% mutant per-week earns 0
by_time = timed.groupby("time")["empty"].sum().reset_index()
by_time["empty_per_day"] = by_time["empty"] / 52
scarcest = by_time.sort_values("empty_per_day")["time"].iloc[-1]

# %% mutant all-days-of-the-year earns 0
by_time = timed.groupby("time")["empty"].sum().reset_index()
by_time["empty_per_day"] = by_time["empty"] / 364
scarcest = by_time.sort_values("empty")["time"].iloc[-1]

# %% mutant rate-right-choice-by-total earns 2
by_time = timed.groupby("time")["empty"].sum().reset_index()
by_time["days"] = by_time["time"].map(DAYS)
by_time["empty_per_day"] = by_time["empty"] / by_time["days"]
scarcest = by_time.sort_values("empty")["time"].iloc[-1]

# %% mutant the-quietest-time earns 2
by_time = timed.groupby("time")["empty"].sum().reset_index()
by_time["days"] = by_time["time"].map(DAYS)
by_time["empty_per_day"] = by_time["empty"] / by_time["days"]
scarcest = by_time.sort_values("empty_per_day")["time"].iloc[0]

# %% mutant upside-down earns 0
by_time = timed.groupby("time")["empty"].sum().reset_index()
by_time["days"] = by_time["time"].map(DAYS)
by_time["empty_per_day"] = by_time["days"] / by_time["empty"]
scarcest = by_time.sort_values("empty")["time"].iloc[-1]

# %% mutant posted-seats earns 0 to 1
by_time = timed.groupby("time")["people_needed"].sum().reset_index()
by_time["empty_per_day"] = by_time["people_needed"] / by_time["time"].map(DAYS)
scarcest = by_time.sort_values("empty_per_day")["time"].iloc[-1]

# %% equivalent by-hand
by_time = timed.groupby("time")["empty"].sum().reset_index()
by_time["empty_per_day"] = [empty / (104 if time.startswith("weekend") else 260)
                            for time, empty in zip(by_time["time"], by_time["empty"])]
scarcest = by_time.set_index("time")["empty_per_day"].idxmax()

# %% equivalent index-and-capital
by_time = (timed.groupby("time")["empty"].sum() / pd.Series(DAYS)).round(1).rename("empty_per_day").rename_axis("time").to_frame()
exact = timed.groupby("time")["empty"].sum() / pd.Series(DAYS)
scarcest = exact.idxmax().capitalize()
