# Answers to q1: the hours of one volunteer.

# %% mutant unverified-too earns 1.5
of_group = own[own["org_id"] == group]
certified_hours = of_group["hours"].sum()
open_hours = of_group[of_group["verify_state"] != "verified"]["hours"].sum()

# %% mutant other-groups-too earns 0.75
certified_hours = own[own["verify_state"] == "verified"]["hours"].sum()
open_hours = own[own["verify_state"] != "verified"]["hours"].sum()

# %% mutant all-records earns 0
certified_hours = own["hours"].sum()
open_hours = 0

# %% mutant the-rest-of-everybody earns 2.25
of_group = own[own["org_id"] == group]
certified_hours = of_group[of_group["verify_state"] == "verified"]["hours"].sum()
open_hours = own["hours"].sum() - certified_hours

# %% mutant drafts-of-all-groups earns 2.25
of_group = own[own["org_id"] == group]
certified_hours = of_group[of_group["verify_state"] == "verified"]["hours"].sum()
open_hours = own[own["verify_state"] != "verified"]["hours"].sum()

# %% mutant rows-for-hours earns 0 to 1.5
of_group = own[own["org_id"] == group]
certified_hours = (of_group["verify_state"] == "verified").sum()
open_hours = (of_group["verify_state"] != "verified").sum()

# %% mutant everything-of-the-group-twice earns 0.5
of_group = own[own["org_id"] == group]
certified_hours = of_group["hours"].sum()
open_hours = of_group["hours"].sum()

# %% mutant one-left-open earns 2
of_group = own[own["org_id"] == group]
certified_hours = of_group[of_group["verify_state"] == "verified"]["hours"].sum()

# %% mutant as-text earns 1
certified_hours = "about 15"
open_hours = own[(own["org_id"] == group) & (own["verify_state"] != "verified")]["hours"].sum()

# %% equivalent query
certified_hours = own.query("org_id == @group and verify_state == 'verified'").hours.sum()
open_hours = own.query("org_id == @group").hours.sum() - certified_hours

# %% equivalent a-loop
certified_hours = open_hours = 0
for place, hours, state in zip(own["org_id"], own["hours"], own["verify_state"]):
    if place == group:
        if state == "verified":
            certified_hours += hours
        else:
            open_hours += hours
