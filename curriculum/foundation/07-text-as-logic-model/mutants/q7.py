# Answers to q7: every option but the right one, in the author's words; letters differ between learners.

# %% mutant double-posts earns 0
first = unit.options("q7").letter("Hosts plan together (V.1.g).")

# %% mutant no-seats-elsewhere earns 0
first = unit.options("q7").letter("Stations work as one and pass people on (V.1.h).")

# %% mutant study-of-nothing earns 0
first = unit.options("q7").letter("A study of what volunteers need (VI.1.b).")

# %% mutant the-clause-itself earns 0
first = "VII.1.a"

# %% mutant two-letters earns 0
first = "A or B"

# %% equivalent small-letter
first = unit.options("q7").letter("A local package whose officer asks around for needs (VII.1.a).").lower()

# %% equivalent blanks
first = "  " + unit.options("q7").letter("A local package whose officer asks around for needs (VII.1.a).") + " "
