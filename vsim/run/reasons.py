"""Why a target of the list is not computed: every row has a simulated value or one of these reasons.

The rule is the target's own id, so a new row without a moment and without a reason is noticed by a test.
"""

from __future__ import annotations

from collections.abc import Mapping

from vsim.errors import UsageError
from vsim.i18n import t
from vsim.spec.targets import Target

REASONS: Mapping[str, str] = {
    "giving": "Giving of blood or money; no preset stands for donors.",
    "elsewhere": "No preset stands for this country or platform.",
    "informal": "Help outside organisations is not simulated.",
    "practice": "A rule of practice: it is what the lever's thresholds are set to, not an outcome.",
    "input": "An input of the model, on its cards, not an outcome.",
    "trait": "Residents have no such trait, motive or stated intention.",
    "surge": "A surge of sign-ups after an appeal; no preset holds one.",
    "effect": "An effect of a policy or an experiment: twin worlds show it, no single world does.",
    "shock": "A shock from outside; no preset holds one.",
    "placebo": "A placebo of ours, computed where thresholds are taught.",
}
_EFFECTS = (
    "E8", "G1a", "G1b", "G2", "G3", "G4", "G7", "G8", "G9", "G10", "G11", "G12", "G14", "G15", "G16", "G17", "G18",
    "G19", "G20", "G21", "G22", "G23", "G24", "G25", "G26", "G27", "G28", "G29", "G31", "G34", "G35", "G36a", "G36b",
    "G37",
)
WHY: Mapping[str, str] = {
    **dict.fromkeys(("C12", "D7a", "D7b", "D8", "D9a", "D9b"), "giving"),
    **dict.fromkeys(("A5", "C3", "E10", "E11a", "E11b"), "elsewhere"),
    "A6": "informal",
    **dict.fromkeys(("B10a", "B10b", "B10c", "B10d", "B10e"), "practice"),
    **dict.fromkeys(("E9", "F7", "F8"), "input"),
    **dict.fromkeys(("D10", "F6", "F9a", "F9b", "G5", "G6", "G38", "G39"), "trait"),
    **dict.fromkeys(("E4", "E5", "E6", "E7"), "surge"),
    **dict.fromkeys(_EFFECTS, "effect"),
    "G30": "shock",
    "G13": "placebo",
}


def reason(target: Target) -> str:
    """Return why a target has no simulated value, in the language spoken.

    Raises
    ------
    UsageError
        When no reason is noted for it.
    """
    if target.id not in WHY:
        raise UsageError(f"target {target.id}: has neither an indicator nor a reason; allowed one of the two. "
                         "Name the indicator in vsim/targets.csv, or the reason in vsim/run/reasons.py.")
    return t(REASONS[WHY[target.id]])
