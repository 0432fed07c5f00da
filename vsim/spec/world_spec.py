"""The size and the cut of a world: residents, districts and their codes."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from pydantic import Field

from vsim.spec.declared import DeclarationError, Declared

SMALLEST_DISTRICT = 50


class WorldSpec(Declared):
    """How large a world is and how it is cut, and the seed of its people."""

    kind: ClassVar[str] = "world"

    region: str = Field(
        default="yunchuan", pattern=r"^[a-z][a-z0-9_]{0,39}$", description="small letters, digits and _"
    )
    residents: int = Field(ge=100, le=300_000_000, description="a whole number, 100 to 300,000,000")
    districts: int = Field(ge=1, le=3_000, description="a whole number, 1 to 3,000")
    prefectures: int = Field(ge=1, le=3_000, description="a whole number, 1 up to the number of districts")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="a whole number, 0 or more")
    registered_share: float = Field(ge=0, le=1, description="a share, 0 to 1")
    rural_share: float = Field(default=0.0, ge=0, le=1, description="a share of the districts, 0 to 1")

    def model_post_init(self, context: Any, /) -> None:
        """Check that prefectures and districts are no finer than people."""
        if self.prefectures > self.districts:
            text = f"is {self.prefectures}; allowed 1 to {self.districts}, one a district. Use fewer."
            raise DeclarationError(self.kind, ("prefectures",), text)
        if self.residents < SMALLEST_DISTRICT * self.districts:
            most = self.residents // SMALLEST_DISTRICT
            text = (f"is {self.districts}; allowed 1 to {most} for {self.residents:,} residents "
                    f"({SMALLEST_DISTRICT} people each at least). Use fewer districts or more residents.")
            raise DeclarationError(self.kind, ("districts",), text)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the districts, "D01" on."""
        return district_codes(self.districts)


@cache
def district_codes(districts: int) -> tuple[str, ...]:
    """Return the codes of a region with so many districts, in order, as wide as their number asks for.

    >>> district_codes(3)
    ('D01', 'D02', 'D03')
    >>> district_codes(120)[0]
    'D001'
    """
    width = max(2, len(str(districts)))
    return tuple(f"D{number:0{width}d}" for number in range(1, districts + 1))
