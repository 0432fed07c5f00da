"""vsim: a laboratory and a school for volunteer service, in which the truth is known.

>>> import vsim
>>> base = vsim.scenario("cn_registry")
>>> pilot = base.with_levers(vsim.Stars(thresholds=[10, 20, 30, 40, 50], start_week=26, districts=["D03", "D07"]))
>>> pilot.policies[0].lever
'stars'

`simulate` runs a scenario, `compare` runs it beside its twin world, `registers` gives what an agency would see.
Everything is loaded on first use, so `import vsim` is light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vsim.errors import DataError, UsageError, VsimError
    from vsim.levers import Points, Stars, TrainingGate
    from vsim.run.compare import compare
    from vsim.run.record import registers, truth
    from vsim.run.run import MODEL_VERSION, Run, simulate
    from vsim.run.study import Study
    from vsim.spec.estimate import Estimate
    from vsim.spec.policy import Policy
    from vsim.spec.scenario import Scenario, scenario_names
    from vsim.spec.scenario import load_scenario as scenario
    from vsim.spec.world_spec import WorldSpec

_HOME = {
    "DataError": ("vsim.errors", "DataError"),
    "UsageError": ("vsim.errors", "UsageError"),
    "VsimError": ("vsim.errors", "VsimError"),
    "Points": ("vsim.levers", "Points"),
    "Stars": ("vsim.levers", "Stars"),
    "TrainingGate": ("vsim.levers", "TrainingGate"),
    "Study": ("vsim.run.study", "Study"),
    "compare": ("vsim.run.compare", "compare"),
    "registers": ("vsim.run.record", "registers"),
    "truth": ("vsim.run.record", "truth"),
    "MODEL_VERSION": ("vsim.run.run", "MODEL_VERSION"),
    "Run": ("vsim.run.run", "Run"),
    "simulate": ("vsim.run.run", "simulate"),
    "Estimate": ("vsim.spec.estimate", "Estimate"),
    "Policy": ("vsim.spec.policy", "Policy"),
    "Scenario": ("vsim.spec.scenario", "Scenario"),
    "WorldSpec": ("vsim.spec.world_spec", "WorldSpec"),
    "scenario": ("vsim.spec.scenario", "load_scenario"),
    "scenario_names": ("vsim.spec.scenario", "scenario_names"),
}

__all__ = [
    "MODEL_VERSION",
    "DataError",
    "Estimate",
    "Points",
    "Policy",
    "Run",
    "Scenario",
    "Stars",
    "Study",
    "TrainingGate",
    "UsageError",
    "VsimError",
    "WorldSpec",
    "__version__",
    "compare",
    "registers",
    "scenario",
    "scenario_names",
    "simulate",
    "truth",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOME:
        from vsim.errors import did_you_mean

        raise AttributeError(f"vsim has no '{name}'.{did_you_mean(name, _HOME)}")
    module, attribute = _HOME[name]
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
