# Answers to q2.

# %% mutant on-the-list-at-any-time earns 1.2
listed = sent["registered_on"] <= sent["policy_begins"]
exposed = len(sent)
covered = listed.sum()
cover_per_100 = 100 * covered / exposed
ready_per_100 = 100 * (sent["told"] & listed).sum() / exposed
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.")

# %% mutant policy-begun-list-forgotten earns 1.2
begun = sent["policy_begins"] <= sent["date"]
exposed = len(sent)
covered = begun.sum()
cover_per_100 = 100 * covered / exposed
ready_per_100 = 100 * (sent["told"] & begun).sum() / exposed
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.")

# %% mutant register-as-denominator earns 1.6
insured = (sent["registered_on"] <= sent["policy_begins"]) & (sent["policy_begins"] <= sent["date"])
exposed = len(volunteers)
covered = insured.sum()
cover_per_100 = 100 * covered / exposed
ready_per_100 = 100 * (sent["told"] & insured).sum() / exposed
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.")

# %% mutant shares earns 3
insured = (sent["registered_on"] <= sent["policy_begins"]) & (sent["policy_begins"] <= sent["date"])
exposed = len(sent)
covered = insured.sum()
cover_per_100 = covered / exposed
ready_per_100 = (sent["told"] & insured).sum() / exposed
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.")

# %% mutant told-or-insured earns 2.8
insured = (sent["registered_on"] <= sent["policy_begins"]) & (sent["policy_begins"] <= sent["date"])
exposed = len(sent)
covered = insured.sum()
cover_per_100 = 100 * covered / exposed
ready_per_100 = 100 * (sent["told"] | insured).sum() / exposed
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.")

# %% mutant one-paper earns 2
insured = (sent["registered_on"] <= sent["policy_begins"]) & (sent["policy_begins"] <= sent["date"])
exposed = len(sent)
covered = insured.sum()
cover_per_100 = 100 * covered / exposed
ready_per_100 = 100 * sent["told"].sum() / exposed
who = unit.options("q2").letter("The volunteers themselves: they came of their own will.")

# %% mutant multiplied-and-the-platform earns 2
insured = (sent["registered_on"] <= sent["policy_begins"]) & (sent["policy_begins"] <= sent["date"])
exposed = len(sent)
covered = insured.sum()
cover_per_100 = 100 * covered / exposed
ready_per_100 = cover_per_100 * sent["told"].mean()
who = unit.options("q2").letter("The platform on which the task was posted.")

# %% mutant everybody-insured-nobody-responsible earns 0.4
exposed = len(sent)
covered = len(sent)
cover_per_100 = 100
ready_per_100 = 100 * sent["told"].sum() / exposed
who = unit.options("q2").letter("Nobody in particular, as long as nothing has happened.")

# %% mutant only-who earns 0.8
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.")

# %% mutant whole-register-and-the-volunteers earns 0
exposed = len(volunteers)
covered = (sent["registered_on"] <= sent["policy_begins"]).sum()
cover_per_100 = 100 * covered / exposed
ready_per_100 = 100 * sent["told"].sum() / exposed
who = unit.options("q2").letter("The volunteers themselves: they came of their own will.")

# %% equivalent one-decimal
insured = (sent["registered_on"] <= sent["policy_begins"]) & (sent["policy_begins"] <= sent["date"])
exposed = sent.shape[0]
covered = float(insured.sum())
cover_per_100 = round(100 * insured.mean(), 1)
ready_per_100 = round(100 * (insured & sent["told"]).mean(), 1)
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.").lower()

# %% equivalent between
insured = sent["policy_begins"].between(sent["registered_on"], sent["date"])
both = sent[insured & sent["told"]]
exposed = int(sent["volunteer_id"].count())
covered = len(sent[insured])
cover_per_100 = covered / (exposed / 100)
ready_per_100 = len(both) / (exposed / 100)
who = unit.options("q2").letter("The museum, which uses them, and the group, which recruited them.") + "."
