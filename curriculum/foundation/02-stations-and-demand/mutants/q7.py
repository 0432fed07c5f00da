# Answers to q7: every option but the right one, in the author's words; letters differ between learners.

# %% mutant few-requests-few-needs earns 0
conclusion = unit.options("q7").letter("Its people need little. Close its station and use the rent elsewhere.")

# %% mutant past-requests-rule earns 0
conclusion = unit.options("q7").letter(
    "Let a computer learn from past requests where help is needed, and follow its list.")

# %% mutant standard-finds-needs earns 0
conclusion = unit.options("q7").letter(
    "First see to it that its station has all six things; then the needs will come by themselves.")

# %% mutant two-letters earns 0
conclusion = "A or C"

# %% mutant the-sentence-itself earns 0
conclusion = "Its needs are not known. Send somebody there to ask, and count how many residents share one station."

# %% equivalent small-letter-and-full-stop
conclusion = unit.options("q7").letter(
    "Its needs are not known. Send somebody there to ask, and count how many residents share one station.").lower() + "."

# %% equivalent full-width-letter
letter = unit.options("q7").letter(
    "Its needs are not known. Send somebody there to ask, and count how many residents share one station.")
conclusion = chr(ord(letter) + 0xFEE0)
