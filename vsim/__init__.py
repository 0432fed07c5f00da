"""vsim: a laboratory and a school for volunteer service, in which the truth is known.

>>> import vsim
>>> base = vsim.scenario("cn_registry")
>>> pilot = base.with_levers(vsim.Stars(thresholds=[10, 20, 30, 40, 50], start_week=26, districts=["D03", "D07"]))
>>> pilot.policies[0].lever
'stars'

`simulate` runs a scenario, `compare` runs it beside its twin world, `truths` measures what a policy truly does under
interference, `sweep` runs a study; `registers` and `paperwork` give what an
agency has of a run, `costs` what its policies cost; `open_lesson` and `open_unit` open a notebook of the course. Each
lever is here by the name of its class: `vsim.Points`.
Everything is loaded on first use, so `import vsim` is light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vsim.course.desk import open_lesson, open_unit
    from vsim.errors import DataError, UsageError, VsimError
    from vsim.run.compare import compare
    from vsim.run.costs import costs
    from vsim.run.offices import paperwork
    from vsim.run.record import registers, truth
    from vsim.run.run import MODEL_VERSION, Run, simulate
    from vsim.run.study import Study
    from vsim.run.sweep import sweep
    from vsim.run.truth_compliance import encouragement
    from vsim.run.truth_cutoff import reward_effect, title_effect
    from vsim.run.truth_dose import dose_response
    from vsim.run.truth_replicates import truths_until
    from vsim.run.truth_twins import truths
    from vsim.spec.estimate import Estimate
    from vsim.spec.policy import Policy
    from vsim.spec.scenario import Scenario, scenario_names
    from vsim.spec.scenario import load_scenario as scenario
    from vsim.spec.schemes import scheme, scheme_names
    from vsim.spec.world_spec import WorldSpec

_HOME = {
    "open_lesson": ("vsim.course.desk", "open_lesson"),
    "open_unit": ("vsim.course.desk", "open_unit"),
    "DataError": ("vsim.errors", "DataError"),
    "UsageError": ("vsim.errors", "UsageError"),
    "VsimError": ("vsim.errors", "VsimError"),
    "Study": ("vsim.run.study", "Study"),
    "compare": ("vsim.run.compare", "compare"),
    "sweep": ("vsim.run.sweep", "sweep"),
    "encouragement": ("vsim.run.truth_compliance", "encouragement"),
    "reward_effect": ("vsim.run.truth_cutoff", "reward_effect"),
    "title_effect": ("vsim.run.truth_cutoff", "title_effect"),
    "dose_response": ("vsim.run.truth_dose", "dose_response"),
    "truths_until": ("vsim.run.truth_replicates", "truths_until"),
    "truths": ("vsim.run.truth_twins", "truths"),
    "costs": ("vsim.run.costs", "costs"),
    "paperwork": ("vsim.run.offices", "paperwork"),
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
    "scheme": ("vsim.spec.schemes", "scheme"),
    "scheme_names": ("vsim.spec.schemes", "scheme_names"),
}

__all__ = [
    "MODEL_VERSION",
    "DataError",
    "Estimate",
    "Policy",
    "Run",
    "Scenario",
    "Study",
    "UsageError",
    "VsimError",
    "WorldSpec",
    "__version__",
    "compare",
    "costs",
    "dose_response",
    "encouragement",
    "open_lesson",
    "open_unit",
    "paperwork",
    "registers",
    "reward_effect",
    "scenario",
    "scenario_names",
    "scheme",
    "scheme_names",
    "simulate",
    "sweep",
    "title_effect",
    "truth",
    "truths",
    "truths_until",
]


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name in _HOME:
        module, attribute = _HOME[name]
        found = getattr(import_module(module), attribute)
    else:
        found = _lever(name)
    globals()[name] = found
    return found


def _lever(name: str) -> Any:
    """Return the class of a lever by its name; any other name is refused without loading the levers."""
    levers = import_module("vsim.levers").BY_CLASS if name[:1].isupper() else {}
    if name not in levers:
        from vsim.errors import did_you_mean

        raise AttributeError(f"vsim has no '{name}'.{did_you_mean(name, [*_HOME, *levers])}")
    return levers[name]


def __dir__() -> list[str]:
    """Return the public names, levers included."""
    return sorted({*__all__, *import_module("vsim.levers").BY_CLASS})
