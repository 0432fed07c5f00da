"""Arms of a study, and what it may spend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, field_validator

from vsim.spec.declared import DeclarationError, Declared, as_list, nested
from vsim.spec.policy import Policy
from vsim.spec.reforms import patched, reform
from vsim.spec.scenario import Scenario, find_scenario, load_scenario

Names = Annotated[list[str], BeforeValidator(as_list)]


class Arm(Declared):
    """One arm of a study: a scenario by itself, or the base with a reform, policies or parameters.

    Raises
    ------
    UsageError
        When it says neither or both.
    """

    kind: ClassVar[str] = "arm"

    scenario: str | None = Field(default=None, description="the name of a scenario, or a path to its file")
    reform: str | None = Field(default=None, description="the name of a reform")
    policies: Annotated[list[Policy], BeforeValidator(as_list)] = Field(
        default_factory=list, description="a list of policies that are added to the base"
    )
    parameters: dict[str, float] = Field(default_factory=dict, description="names of parameters with numbers")
    start_week: int | None = Field(default=None, ge=0, description="a whole number of weeks, 0 or more")
    districts: Names | None = Field(default=None, min_length=1, description="a list of district codes")

    @field_validator("policies", mode="before")
    @classmethod
    def _policies(cls, value: object) -> object:
        if not isinstance(value, list):
            return value
        return [item if isinstance(item, Policy) else nested("arm", Policy, item, ("policies", i))
                for i, item in enumerate(value)]

    def model_post_init(self, context: Any, /) -> None:
        """Check that it is one thing."""
        patch = bool(self.reform or self.policies or self.parameters)
        if bool(self.scenario) == patch:
            raise DeclarationError(self.kind, (), "holds neither a scenario nor a change, or both; allowed a scenario, "
                                                  "or reform, policies and parameters.")
        if self.scenario and (self.start_week is not None or self.districts):
            raise DeclarationError(self.kind, ("scenario",), "stands beside start_week or districts; allowed with a "
                                                             "reform or policies.")

    def on(self, base: Scenario, folder: Path) -> Scenario:
        """Return the scenario of the arm; paths are seen from a folder."""
        if self.scenario:
            return load_scenario(find_scenario(self.scenario, folder))
        found = reform(self.reform) if self.reform else None
        policies = [*(found.policies if found else ()), *self.policies]
        parameters = {**(found.parameters if found else {}), **self.parameters}
        return patched(base, policies, parameters, start_week=self.start_week, districts=self.districts)


class Budget(Declared):
    """What a study may spend: runs of the simulator, and yuan of a policy.

    `runs` refuses a study that would take more. `yuan` marks in the table which settings cost no more than that beyond
    the base, counted over the run.
    """

    kind: ClassVar[str] = "budget"

    runs: int | None = Field(default=None, ge=1, description="a whole number of runs, 1 or more")
    yuan: float | None = Field(default=None, ge=0, description="yuan, 0 or more")
