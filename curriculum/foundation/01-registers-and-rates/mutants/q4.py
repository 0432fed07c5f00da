# Answers to q4: every option but the right one, in the author's words; letters differ between learners.

# %% mutant register-is-volunteering earns 0
sentence = unit.options("q4").letter("The register holds this many people, so this many people volunteer in our city.")

# %% mutant records-are-people earns 0
sentence = unit.options("q4").letter("The year had this many service records, so this many volunteers served.")

# %% mutant no-record-no-service earns 0
sentence = unit.options("q4").letter("The registered people without a record did not serve in the last 52 weeks.")

# %% mutant two-letters earns 0
sentence = "A or C"

# %% mutant the-sentence-itself earns 0
sentence = "At least this many registered people served in the last 52 weeks: each of them has a record."

# %% equivalent small-letter-and-full-stop
sentence = unit.options("q4").letter(
    "At least this many registered people served in the last 52 weeks: each of them has a record.").lower() + "."

# %% equivalent full-width-letter
letter = unit.options("q4").letter("At least this many registered people served in the last 52 weeks: each of them has a record.")
sentence = chr(ord(letter) + 0xFEE0)
