"""Write tests/science/golden.json anew: `python -m tests.science.refresh`, after raising MODEL_VERSION.

The file holds, for each preset, the hash of its scenario and the checksum of its small variant: an output byte that
changes, in the engine or in a preset, is seen, and then the model version must rise (`vsim/run/run.py`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.engine_worlds import PRESETS, SEED, run_of, scenario_of
from vsim.run.run import MODEL_VERSION
from vsim.spec.scenario import load_scenario

GOLDEN = Path(__file__).parent / "golden.json"
OTHERS = ("lively", "crowded")


def now() -> dict[str, Any]:
    """Return what golden.json should hold now."""
    presets = {
        name: {"scenario": load_scenario(name).hash, "variant": scenario_of(name).hash,
               "checksum": run_of(name).checksum}
        for name in PRESETS
    }
    others = {name: {"variant": scenario_of(name).hash, "checksum": run_of(name).checksum} for name in OTHERS}
    return {"model_version": MODEL_VERSION, "seed": SEED, "presets": presets, "others": others}


def main() -> None:
    GOLDEN.write_text(json.dumps(now(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
