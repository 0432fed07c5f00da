# Answers to q5.

# %% mutant all-quiet-stations earns 3
complete = len(book[book["haves"] == 6])
quiet = len(book[book["came"] < 12])
no_risk_per_100 = 100 * (1 - postings["has_risk"].mean())
waiting_per_100 = 100 * recruits["censored"].mean()

# %% mutant risk-upside-down earns 3
complete = len(book[book["haves"] == 6])
quiet = len(book[(book["haves"] == 6) & (book["came"] < 12)])
no_risk_per_100 = 100 * postings["has_risk"].mean()
waiting_per_100 = 100 * recruits["censored"].mean()

# %% mutant served-for-waiting earns 3
complete = len(book[book["haves"] == 6])
quiet = len(book[(book["haves"] == 6) & (book["came"] < 12)])
no_risk_per_100 = 100 * (1 - postings["has_risk"].mean())
waiting_per_100 = 100 * (~recruits["censored"]).mean()

# %% mutant shares earns 3
complete = len(book[book["haves"] == 6])
quiet = len(book[(book["haves"] == 6) & (book["came"] < 12)])
no_risk_per_100 = 1 - postings["has_risk"].mean()
waiting_per_100 = recruits["censored"].mean()

# %% mutant counts-for-rates earns 2
complete = len(book[book["haves"] == 6])
quiet = len(book[(book["haves"] == 6) & (book["came"] < 12)])
no_risk_per_100 = (~postings["has_risk"]).sum()
waiting_per_100 = recruits["censored"].sum()

# %% mutant nobody-at-all earns 1
complete = len(book[book["haves"] == 6])
quiet = len(book[(book["haves"] == 6) & (book["came"] == 0)])
no_risk_per_100 = 100 * postings["has_risk"].mean()
waiting_per_100 = 100 * (~recruits["censored"]).mean()

# %% mutant incomplete-stations earns 0
complete = len(book[book["haves"] < 6])
quiet = len(book[book["came"] < 12])
no_risk_per_100 = 100 * postings["has_risk"].mean()
waiting_per_100 = recruits["censored"].sum()

# %% mutant any-defect earns 3
complete = len(book[book["haves"] == 6])
quiet = len(book[(book["haves"] == 6) & (book["came"] < 12)])
no_risk_per_100 = 100 * (~postings.filter(like="has_").all(axis=1)).mean()
waiting_per_100 = 100 * recruits["censored"].mean()

# %% mutant stations-only earns 2
complete = len(book[book["haves"] == 6])
quiet = len(book[(book["haves"] == 6) & (book["came"] < 12)])

# %% equivalent from-the-six-columns
all_six = audit[["venue", "team", "projects", "equipment", "rules", "signage"]].all(axis=1)
complete = all_six.sum()
quiet = ((book["haves"] == 6) & (book["came"] <= 11)).sum()
no_risk_per_100 = round(100 * (~postings["has_risk"]).sum() / len(postings), 1)
waiting_per_100 = round(recruits["censored"].sum() / len(recruits) * 100, 2)

# %% equivalent queries
complete = book.query("haves == 6").shape[0]
quiet = book.query("haves == 6 and came < 12").shape[0]
no_risk_per_100 = 100 - 100 * postings["has_risk"].mean()
waiting_per_100 = 100 - 100 * sum(~recruits["censored"]) / len(recruits)
