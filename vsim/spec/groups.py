"""Groups of residents that a policy may name, and the bit of each in `People.groups`.

A group is a fact about a person that no policy changes. The place of a name in the list is its bit, so names are
only appended; sixteen fit.
"""

from __future__ import annotations

from vsim.errors import UsageError, did_you_mean

GROUPS = (
    "women", "men", "age_14_17", "age_18_34", "age_35_59", "age_60", "students", "workers", "new_employment",
    "party_members", "veterans", "degree", "skilled", "credentialed", "new_housing", "parents",
)
LABELS = {
    "women": "Women",
    "men": "Men",
    "age_14_17": "Aged 14 to 17",
    "age_18_34": "Aged 18 to 34",
    "age_35_59": "Aged 35 to 59",
    "age_60": "Aged 60 and over",
    "students": "Students",
    "workers": "Workers",
    "new_employment": "Workers in new forms of employment",
    "party_members": "Party members",
    "veterans": "Veterans",
    "degree": "With a college degree",
    "skilled": "With a skill that service can use",
    "credentialed": "With a valid credential for their skill",
    "new_housing": "Residents of new housing",
    "parents": "Parents of a child below 18",
}


def bit(name: str) -> int:
    """Return the bit of a group, a power of two.

    >>> bit("women"), bit("age_14_17")
    (1, 4)

    Raises
    ------
    UsageError
        When no group has the name; the nearest one is named.
    """
    if name not in GROUPS:
        raise UsageError(f"groups: unknown group '{name}'.{did_you_mean(name, GROUPS)} Allowed {', '.join(GROUPS)}.")
    return 1 << GROUPS.index(name)
