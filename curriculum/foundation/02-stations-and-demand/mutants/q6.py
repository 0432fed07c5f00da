# Answers to q6: wrong kinds, by the misconception that leads to them.

# %% mutant a-room-for-everybody earns 0.6
estate = ferry = parents = hamlets = electricians = "A"

# %% mutant hamlets-and-parents-exchanged earns 1.8
estate, ferry, parents, hamlets, electricians = "A", "B", "D", "C", "E"

# %% mutant team-gets-a-station earns 2.4
estate, ferry, parents, hamlets, electricians = "A", "B", "C", "D", "C"

# %% mutant desk-for-the-estate earns 1.8
estate, ferry, parents, hamlets, electricians = "B", "A", "C", "D", "E"

# %% mutant host-for-the-hamlets earns 1.8
estate, ferry, parents, hamlets, electricians = "A", "B", "C", "E", "D"

# %% mutant vehicle-everywhere earns 0.6
estate = ferry = parents = hamlets = electricians = "D"

# %% mutant two-known earns 1.2
estate, ferry, parents, hamlets, electricians = "A", "B", "E", "C", "D"

# %% mutant words-for-letters earns 2.4
estate, ferry, parents, hamlets, electricians = "A", "B", "C", "D", "social work station"

# %% equivalent small-letters
estate, ferry, parents, hamlets, electricians = "a", "b.", " c", "d", "e"

# %% equivalent full-width-letters
estate, ferry, parents, hamlets, electricians = (chr(ord(letter) + 0xFEE0) for letter in "ABCDE")
