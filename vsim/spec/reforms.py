"""Named reforms: patches on any scenario, each a file of `vsim/reforms` with its clauses and one sentence.

Beside each file stands what it does to a hamlet under one luck, a table of integers (`vsim run reforms --check`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.clauses import clause
from vsim.spec.declared import DeclarationError, Declared, as_list, nested
from vsim.spec.loading import PACKAGE, read_yaml
from vsim.spec.plain_yaml import one_line
from vsim.spec.policy import Policy, ScheduledPolicy
from vsim.spec.scenario import Scenario

FOLDER = PACKAGE / "reforms"


class Reform(Declared):
    """A change of policy that has a name: policies that are added to a scenario, and parameters.

    Raises
    ------
    UsageError
        When a clause does not exist, or the reform changes nothing.
    """

    kind: ClassVar[str] = "reform"

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="small letters, digits and _")
    title: str = Field(min_length=3, max_length=100, description="text of at most 100 characters")
    sentence: str = Field(min_length=3, max_length=400, description="one sentence, at most 400 characters")
    clauses: Annotated[list[str], BeforeValidator(as_list)] = Field(
        min_length=1, description="a list of clauses such as [VII.3.b]"
    )
    policies: Annotated[list[Policy], BeforeValidator(as_list)] = Field(
        default_factory=list, description="a list of policies, each with a lever"
    )
    parameters: dict[str, float] = Field(default_factory=dict, description="names of parameters with numbers")

    def model_post_init(self, context: Any, /) -> None:
        """Check clauses, and that something changes."""
        for place, name in enumerate(self.clauses):
            try:
                clause(name)
            except UsageError as error:
                raise DeclarationError(self.kind, ("clauses", place), str(error).removeprefix("clause ")) from None
        if not self.policies and not self.parameters:
            raise DeclarationError(self.kind, ("policies",), "is empty, and so are parameters; allowed one at least.")

    def on(
        self, base: Scenario, *, start_week: int | None = None, districts: Sequence[str] | None = None
    ) -> Scenario:
        """Return a scenario with this reform.

        Parameters
        ----------
        base : Scenario
        start_week : int, optional
            First week of its policies, in place of what their file says.
        districts : sequence of str, optional
            Where they hold.
        """
        return patched(base, self.policies, self.parameters, start_week=start_week, districts=districts)


def patched(
    base: Scenario, policies: Sequence[Policy], parameters: Mapping[str, float], *, start_week: int | None = None,
    districts: Sequence[str] | None = None,
) -> Scenario:
    """Return a scenario with more policies, moved to another week or other districts when these are given.

    A policy of the base that sets the same lever for the same people, places and first week gives way: otherwise the
    order of their text would decide which of the two holds.
    """
    moved: list[Policy] = []
    for policy in policies:
        own = {name: getattr(policy, name) for name in type(policy).model_fields}
        if start_week is not None:
            own |= {"start_week": start_week, "start": None}
        if districts is not None:
            own |= {"districts": list(districts)}
        moved.append(Policy(**own))
    taken = {_footing(policy) for policy in base.with_policies(moved).schedule()}
    kept = [policy for policy, there in zip(base.policies, base.schedule(), strict=True)
            if _footing(there) not in taken]
    return base.with_policies([*kept, *moved]).with_values(parameters)


def _footing(policy: ScheduledPolicy) -> tuple[object, ...]:
    return policy.lever, policy.start_week, policy.districts, policy.groups, policy.share


@cache
def load_reforms() -> Mapping[str, Reform]:
    """Return the reforms that come with vsim, by name (read once).

    Raises
    ------
    UsageError
        One line with file and line, for whatever is wrong with one.
    """
    return MappingProxyType({path.stem: read_reform(path) for path in sorted(FOLDER.glob("*.yaml"))})


def read_reform(path: Path) -> Reform:
    """Return the reform of a file."""
    document = read_yaml(path)
    fields = {"name": path.stem, **document.data}
    try:
        if isinstance(fields.get("policies"), list):
            fields["policies"] = [nested("reform", Policy, item, ("policies", i)) for i, item in
                                  enumerate(fields["policies"])]
        return Reform(**fields)
    except DeclarationError as fault:
        said = str(fault).partition(": ")[2]
        raise UsageError(f"{document.where(fault.location)}: {said}") from None


def reform(name: str) -> Reform:
    """Return a reform; the nearest is named when there is none of this name."""
    known = load_reforms()
    if name not in known:
        raise UsageError(f"reform is '{one_line(name)}'; allowed {listing(known, 20)}.{did_you_mean(name, known)}")
    return known[name]
