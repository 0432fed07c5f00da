# Answers to q3. The cell's own lines above the blanks are repeated, since an answer replaces the whole cell.

# %% mutant per-1000 earns 4
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 1_000 * by_risk["incidents"] / by_risk["hours"]
sentence = unit.options("q3").letter(
    "An hour at high risk is several times as dangerous as one at low risk; places are harder to tell apart.")
in_time_per_100 = 100 * (letter_box["days"] <= 15).sum() / len(letter_box)

# %% mutant all-hours earns 2 to 3
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 10_000 * by_risk["incidents"] / by_risk["hours"].sum()
sentence = unit.options("q3").letter(
    "Tasks of low risk need the most protection, for most hours are served there.")
in_time_per_100 = 100 * (letter_box["days"] <= 15).sum() / len(letter_box)

# %% mutant attendances earns 3
by_risk = exposure.groupby("risk")[["hours", "attendances"]].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 10_000 * by_risk["incidents"] / by_risk["attendances"]
sentence = unit.options("q3").letter(
    "An hour at high risk is several times as dangerous as one at low risk; places are harder to tell apart.")
in_time_per_100 = 100 * (letter_box["days"] <= 15).sum() / len(letter_box)

# %% mutant closed-only earns 4.25
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 10_000 * by_risk["incidents"] / by_risk["hours"]
sentence = unit.options("q3").letter(
    "An hour at high risk is several times as dangerous as one at low risk; places are harder to tell apart.")
in_time_per_100 = 100 * (letter_box["days"] <= 15).sum() / letter_box["days"].notna().sum()

# %% mutant ever-answered-and-zero-is-safe earns 3.25
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 10_000 * by_risk["incidents"] / by_risk["hours"]
sentence = unit.options("q3").letter("The district without an incident is the safest place to serve.")
in_time_per_100 = 100 * letter_box["days"].notna().sum() / len(letter_box)

# %% mutant nothing-known earns 4
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 10_000 * by_risk["incidents"] / by_risk["hours"]
sentence = unit.options("q3").letter("With so few incidents nothing at all can be said.")
in_time_per_100 = 100 * (letter_box["days"] <= 15).sum() / len(letter_box)

# %% mutant shares-of-incidents earns 1
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 100 * by_risk["incidents"] / by_risk["incidents"].sum()
sentence = unit.options("q3").letter("The district without an incident is the safest place to serve.")
in_time_per_100 = (letter_box["days"] > 15).sum()

# %% mutant one-number-for-all earns 0 to 0.25
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = len(incident_log)
by_risk["rate"] = 10_000 * len(incident_log) / by_risk["hours"].sum()
sentence = unit.options("q3").letter(
    "Tasks of low risk need the most protection, for most hours are served there.")
in_time_per_100 = 100 * letter_box["days"].notna().sum() / len(letter_box)

# %% mutant share-of-the-box earns 3.5
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = by_risk["risk"].map(incident_log["risk"].value_counts())
by_risk["rate"] = 10_000 * by_risk["incidents"] / by_risk["hours"]
sentence = unit.options("q3").letter("The district without an incident is the safest place to serve.")
in_time_per_100 = (letter_box["days"] <= 15).sum() / len(letter_box)

# %% mutant table-left-empty earns 1
by_risk = exposure.groupby("risk")["hours"].sum().reset_index()
by_risk["incidents"] = ...
by_risk["rate"] = ...
sentence = unit.options("q3").letter(
    "An hour at high risk is several times as dangerous as one at low risk; places are harder to tell apart.")

# %% equivalent pivot-and-rounded
by_risk = pd.DataFrame({"hours": exposure.groupby("risk")["hours"].sum(), "incidents": incident_log.groupby("risk").size()})
by_risk["rate"] = (10_000 * by_risk["incidents"] / by_risk["hours"]).round(1)
sentence = unit.options("q3").letter(
    "An hour at high risk is several times as dangerous as one at low risk; places are harder to tell apart.").lower()
in_time_per_100 = round(100 * (letter_box["days"] <= 15).mean(), 1)

# %% equivalent another-order
by_risk = exposure.groupby("risk", as_index=False)["hours"].sum().sort_values("hours")
by_risk["incidents"] = [int((incident_log["risk"] == risk).sum()) for risk in by_risk["risk"]]
by_risk["rate"] = by_risk["incidents"] / (by_risk["hours"] / 10_000)
sentence = unit.options("q3").letter(
    "An hour at high risk is several times as dangerous as one at low risk; places are harder to tell apart.")
quick = letter_box[(letter_box["closed_on"] - letter_box["date"]) <= pd.Timedelta(days=15)]
in_time_per_100 = len(quick) / len(letter_box) * 100
