"""The cards that lie beside a notebook: what unit or lesson it is, and whose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vsim.errors import DataError, UsageError
from vsim.spec.loading import read_text

UNIT, LEARNER, DATA = "unit.json", "learner.json", "data"
PROBES = ".probe"             # hidden inputs, there only while a unit is marked
FRONT = "vsim-front"          # id of a released notebook's first cell, which tells the due date
FORMAT = 1


def read_card(path: Path, kind: str) -> dict[str, Any]:
    """Return the sidecar of a notebook.

    Raises
    ------
    UsageError
        When it is not there.
    DataError
        When it is no sidecar of that kind.
    """
    if not path.is_file():
        raise UsageError(
            f"{path.name}: not found in {path.parent}; allowed a notebook in the folder it was handed out "
            "in. Unpack the whole handout and open the notebook from there."
        )
    try:
        card = json.loads(read_text(path))
    except ValueError:
        card = None
    if not isinstance(card, dict) or card.get("format") != FORMAT or card.get("kind") != kind:
        raise DataError(
            f"{path.name}: is no {kind} of format {FORMAT}; it may be half copied, or from another version of "
            "vsim. Unpack the handout again."
        )
    return card
