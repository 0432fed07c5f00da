"""Where things stand in a data package of vsim, and how its versions of the standard are called."""

from __future__ import annotations

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
DESCRIPTOR = "datapackage.json"
DICTIONARY = "DICTIONARY.md"
README = "README.md"
RECIPE = "recipe.yaml"
CHECKSUMS = "SHA256SUMS"
TRUTH = "truth"
DATA = "data"
TWINS = "excel"
BOM = b"\xef\xbb\xbf"
FIXED = (DESCRIPTOR, DICTIONARY, README, RECIPE)


def data_path(table: str) -> str:
    """Return where a table stands inside its package."""
    return f"{DATA}/{table}.csv"


def twin_path(table: str) -> str:
    """Return where a table's copy for spreadsheets stands inside its package."""
    return f"{TWINS}/{table}.csv"
