# Answers to q5.

# %% mutant no-dates earns 0.5 to 1.5
def ready(people, day):
    return (people["told"] & people["trained"] & people["insured_from"].notna()).sum()

# %% mutant end-forgotten earns 0.5 to 1.5
def ready(people, day):
    return (people["told"] & people["trained"] & (people["insured_from"] <= day)).sum()

# %% mutant papers-only earns 0 to 1
def ready(people, day):
    return (people["told"] & people["trained"]).sum()

# %% mutant insured-only earns 0 to 1
def ready(people, day):
    return ((people["insured_from"] <= day) & (day <= people["insured_to"])).sum()

# %% mutant or-for-and earns 0 to 1
def ready(people, day):
    fit = people["told"] & people["trained"]
    insured = (people["insured_from"] <= day) & (day <= people["insured_to"])
    return (fit | insured).sum()

# %% mutant edges-left-out earns 0.5 to 1
def ready(people, day):
    fit = people["told"] & people["trained"]
    insured = (people["insured_from"] < day) & (day < people["insured_to"])
    return (fit & insured).sum()

# %% mutant everybody earns 0.5
def ready(people, day):
    return len(people)

# %% mutant own-city-only earns 0
def ready(people, day):
    return len(sent)

# %% mutant forgets-to-return earns 0
def ready(people, day):
    fit = people["told"] & people["trained"]
    insured = (people["insured_from"] <= day) & (day <= people["insured_to"])
    number = (fit & insured).sum()

# %% mutant rows-not-number earns 0
def ready(people, day):
    fit = people["told"] & people["trained"]
    return people[fit]

# %% equivalent query
def ready(people, day):
    return len(people[people["told"] & people["trained"] & (people["insured_from"] <= day) & (people["insured_to"] >= day)])

# %% equivalent a-loop
def ready(people, day):
    number = 0
    for told, trained, first, last in people[["told", "trained", "insured_from", "insured_to"]].itertuples(index=False):
        if told and trained and first <= day <= last:
            number += 1
    return number
