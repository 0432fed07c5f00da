# Answers to q6: every option but the right one, in the author's words; letters differ between learners.

# %% mutant posted-is-needed earns 0
silence = unit.options("q6").letter("People there need less help than elsewhere, so few seats were posted.")

# %% mutant few-empty-is-good earns 0
silence = unit.options("q6").letter("The stations there work best, for few seats stayed empty.")

# %% mutant blames-people earns 0
silence = unit.options("q6").letter("The people there are less willing to serve.")

# %% mutant two-letters earns 0
silence = "A or B"

# %% mutant the-sentence-itself earns 0
silence = "Few seats were posted there."

# %% equivalent small-letter
silence = unit.options("q6").letter(
    "Few seats were posted there. Whether people need little or nobody asked them, these tables do not say.").lower()

# %% equivalent full-stop-and-blank
silence = " " + unit.options("q6").letter(
    "Few seats were posted there. Whether people need little or nobody asked them, these tables do not say.") + "."
