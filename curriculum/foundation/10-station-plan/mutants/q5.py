# Answers to q5.

# %% mutant everything-first earns 1
snow = fee = first_aid = door_list = letter = sunday = "A"

# %% mutant everything-forbidden earns 1
snow = fee = first_aid = door_list = letter = sunday = "B"

# %% mutant everything-free earns 1
snow = fee = first_aid = door_list = letter = sunday = "C"

# %% mutant danger-is-forbidden earns 2
snow = first_aid = "B"
fee = door_list = "B"
letter = sunday = "C"

# %% mutant a-notice-is-consent earns 2.5
snow = first_aid = door_list = "A"
fee = "B"
letter = sunday = "C"

# %% mutant a-small-fee-is-free earns 2.5
snow = first_aid = "A"
door_list = "B"
fee = letter = sunday = "C"

# %% mutant training-may-follow earns 2.5
snow = "A"
fee = door_list = "B"
first_aid = letter = sunday = "C"

# %% equivalent small-letters
snow, first_aid, fee, door_list, letter, sunday = "a", "a", "b", "b", "c", "c"

# %% equivalent with-a-full-stop
snow, first_aid, fee, door_list, letter, sunday = "A.", "A.", "B.", "B.", "C.", "C."
