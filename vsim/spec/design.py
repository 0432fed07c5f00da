"""Designs: which settings of the model a study visits, declared by factors and a method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, field_validator

from vsim.spec.declared import DeclarationError, Declared, as_list, nested

Method = Literal["grid", "factorial", "fractional", "lhs", "sobol", "morris", "saltelli", "one_at_a_time", "from_frame"]
Kind = Literal["continuous", "integer", "categorical", "shares"]
METHODS = get_args(Method)
COUNTED = {                   # methods that need `points`, and what they count
    "lhs": "points of the hypercube", "sobol": "points, a power of two", "morris": "trajectories",
    "saltelli": "points of the base sample, a power of two",
}
POWERS = ("sobol", "saltelli")
INDICES = ("morris", "saltelli")          # designs whose rows are read back in their order, by factor
LEVELS = {"grid": 3, "one_at_a_time": 2, "morris": 4}
MOST_POINTS = 1_000_000


class Factor(Declared):
    """What a study varies: one number between two ends, one of some values, or shares of a total.

    `low` and `high` make it continuous, in steps of a logarithm with `log`, or whole numbers with `integer`; `values`
    lists what it may be (numbers, or lists such as ladders); `shares` names settings among which a `total` is divided,
    each with the price of one unit of it.

    Raises
    ------
    UsageError
        When these do not go together.
    """

    kind: ClassVar[str] = "factor"

    low: float | None = Field(default=None, description="a number below high")
    high: float | None = Field(default=None, description="a number above low")
    integer: bool = Field(default=False, description="true or false")
    log: bool = Field(default=False, description="true or false")
    values: Annotated[list[Any] | None, BeforeValidator(as_list)] = Field(
        default=None, min_length=2, max_length=1000, description="a list of two values or more"
    )
    shares: dict[str, float] | None = Field(
        default=None, min_length=2, description="two settings or more with prices, such as {media.adverts: 100}"
    )
    total: float = Field(default=1.0, gt=0, description="a number above 0, what the shares are shares of")

    def model_post_init(self, context: Any, /) -> None:
        """Check that it is one kind of factor."""
        spans = self.low is not None or self.high is not None
        given = [spans, self.values is not None, self.shares is not None]
        if sum(given) != 1:
            raise DeclarationError(self.kind, (), "holds none or several of low with high, values, shares; allowed one "
                                                  "of the three.")
        if spans and (self.low is None or self.high is None or self.low >= self.high):
            raise DeclarationError(self.kind, ("high",), f"is {self.high}; allowed above low {self.low}.")
        if (self.integer or self.log) and not spans:
            raise DeclarationError(self.kind, ("integer" if self.integer else "log",), "goes with low and high only.")
        if self.log and (self.low is None or self.low <= 0):
            raise DeclarationError(self.kind, ("log",), f"stands beside low {self.low}; allowed with low above 0.")
        if self.integer and (self.low is None or self.low % 1 or (self.high or 0) % 1):
            raise DeclarationError(self.kind, ("integer",), "stands beside ends that are no whole numbers.")
        for name, price in (self.shares or {}).items():
            if not price > 0:
                raise DeclarationError(self.kind, ("shares", name), f"is {price}; allowed a price above 0.")
        unplain = [value for value in self.values or () if not _is_plain(value)]
        if unplain:
            raise DeclarationError(self.kind, ("values",), f"holds {unplain[0]!r}; allowed numbers and lists of them.")

    @property
    def form(self) -> Kind:
        """Which kind of factor it is."""
        if self.shares is not None:
            return "shares"
        if self.values is not None:
            return "categorical"
        return "integer" if self.integer else "continuous"

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of a number."""
        assert self.low is not None
        assert self.high is not None
        return self.low, self.high

    @property
    def width(self) -> int:
        """How many numbers between 0 and 1 make one value: one, or one less than there are shares."""
        return len(self.shares) - 1 if self.shares is not None else 1


class Design(Declared):
    """A method, its factors, and how many points.

    `points` counts what the method counts; `levels` are the steps of a number in a grid, `one_at_a_time` and Morris'
    method; `seed` draws the sample; `file` is the table of `from_frame`, a column for each factor.

    Raises
    ------
    UsageError
        When the method lacks what it needs, or has what it does not use.
    """

    kind: ClassVar[str] = "design"

    method: Method = Field(description=", ".join(METHODS))
    factors: dict[str, Factor] = Field(
        default_factory=dict, description="names such as participation.x, each with low and high, values, or shares"
    )
    points: int | None = Field(default=None, ge=1, le=MOST_POINTS, description="a whole number, 1 or more")
    levels: int | None = Field(default=None, ge=2, le=1000, description="a whole number, 2 or more")
    seed: int = Field(default=1, ge=0, le=2**32 - 1, description="a whole number, 0 or more")
    file: str | None = Field(default=None, description="the path of a CSV or Parquet file")

    @field_validator("factors", mode="before")
    @classmethod
    def _factors(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {name: item if isinstance(item, Factor) else nested("design", Factor, item, ("factors", str(name)))
                for name, item in value.items()}

    def model_post_init(self, context: Any, /) -> None:
        """Check what goes together."""
        framed = self.method == "from_frame"
        if not framed and not self.factors:
            raise DeclarationError(self.kind, ("factors",), "is empty; allowed one factor or more. Name what varies.")
        if self.file is not None and not framed:
            text = f"stands beside method {self.method}; allowed with from_frame only. Remove it."
            raise DeclarationError(self.kind, ("file",), text)
        self._check_points()
        if self.levels is not None and self.method not in LEVELS:
            raise DeclarationError(self.kind, ("levels",), f"stands beside method {self.method}; allowed with "
                                                           f"{', '.join(LEVELS)}. Remove it.")
        mixed = [name for name, factor in self.factors.items() if factor.form == "shares"]
        if mixed and self.method in (*INDICES, "fractional"):
            text = (f"is made of shares, which move together; {self.method} moves one factor at a time. Use lhs, sobol "
                    "or grid.")
            raise DeclarationError(self.kind, ("factors", mixed[0]), text)

    def _check_points(self) -> None:
        counted = COUNTED.get(self.method)
        if counted and self.points is None:
            raise DeclarationError(self.kind, ("points",), f"is missing; {self.method} counts {counted}. Add it.")
        if not counted and self.points is not None:
            text = f"stands beside method {self.method}, whose factors say how many points there are. Remove it."
            raise DeclarationError(self.kind, ("points",), text)
        if self.method in POWERS and self.points is not None and self.points & (self.points - 1):
            text = f"is {self.points}; allowed a power of two: {1 << self.points.bit_length()} is the next."
            raise DeclarationError(self.kind, ("points",), text)


def _is_plain(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, int | float) and not isinstance(item, bool) for item in items)
