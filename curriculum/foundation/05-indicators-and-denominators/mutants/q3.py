# Answers to q3.

# %% mutant month-off-the-list earns 3
monthly = venues.groupby("week")["has_station"].agg(listed="size", covered="sum").reset_index(drop=True)
cover = 100 * monthly["covered"] / monthly["listed"]
cover_last = cover.iloc[-1]
cover_mean = cover.mean()
dip_month = len(cover) + 1
reason = unit.options("q3").letter("A venue without a station came onto the list.")

# %% mutant rise-for-dip earns 3
monthly = venues.groupby("week")["has_station"].agg(listed="size", covered="sum").reset_index(drop=True)
cover = 100 * monthly["covered"] / monthly["listed"]
cover_last = cover.iloc[-1]
cover_mean = cover.mean()
dip_month = cover.diff().idxmax() + 1
reason = unit.options("q3").letter("A venue without a station came onto the list.")

# %% mutant counted-from-zero earns 3.5
monthly = venues.groupby("week")["has_station"].agg(listed="size", covered="sum").reset_index(drop=True)
cover = 100 * monthly["covered"] / monthly["listed"]
cover_last = cover.iloc[-1]
cover_mean = cover.mean()
dip_month = cover.diff().idxmin()
reason = unit.options("q3").letter("A venue without a station came onto the list.")

# %% mutant closed earns 3
monthly = venues.groupby("week")["has_station"].agg(listed="size", covered="sum").reset_index(drop=True)
cover = 100 * monthly["covered"] / monthly["listed"]
cover_last = cover.iloc[-1]
cover_mean = cover.mean()
dip_month = cover.diff().idxmin() + 1
reason = unit.options("q3").letter("A station was closed.")

# %% mutant old-list-and-counting-error earns 2
monthly = venues.groupby("week")["has_station"].agg(listed="size", covered="sum").reset_index(drop=True)
cover = 100 * monthly["covered"] / monthly["listed"]
cover_mean = cover.mean()
cover_last = 100 * monthly["covered"].iloc[-1] / monthly["listed"].iloc[0]
dip_month = cover.diff().idxmin() + 1
reason = unit.options("q3").letter("The two counts of that month are wrong.")

# %% mutant own-list earns 1
cover_last = cover_mean = 100.0
dip_month = 99
reason = unit.options("q3").letter("A venue without a station came onto the list.")

# %% mutant first-month-for-last earns 1
monthly = venues.groupby("week")["has_station"].agg(listed="size", covered="sum").reset_index(drop=True)
cover = 100 * monthly["covered"] / monthly["listed"]
cover_last = cover.iloc[0]
cover_mean = (cover.iloc[0] + cover.iloc[-1]) / 2
dip_month = cover.diff().idxmin() + 1
reason = unit.options("q3").letter("A venue with a station was taken off the list.")

# %% mutant shares earns 3
monthly = venues.groupby("week")["has_station"].agg(listed="size", covered="sum").reset_index(drop=True)
cover = monthly["covered"] / monthly["listed"]
cover_last = cover.iloc[-1]
cover_mean = cover.mean()
dip_month = cover.diff().idxmin() + 1
reason = unit.options("q3").letter("A venue without a station came onto the list.")

# %% equivalent means
cover = 100 * venues.groupby("week")["has_station"].mean()
cover_last = round(cover.iloc[-1], 1)
cover_mean = round(sum(cover) / len(cover), 1)
dip_month = list(cover.index).index(cover.diff().idxmin()) + 1
reason = unit.options("q3").letter("A venue without a station came onto the list.").lower()

# %% equivalent by-hand
weeks = sorted(set(venues["week"]))
cover = [100 * sum(venues["has_station"][venues["week"] == week]) / sum(venues["week"] == week) for week in weeks]
falls = [b - a for a, b in zip(cover, cover[1:])]
import statistics
cover_last, cover_mean = cover[-1], statistics.fmean(cover)
dip_month = float(falls.index(min(falls)) + 2)
reason = unit.options("q3").letter("A venue without a station came onto the list.") + "."
