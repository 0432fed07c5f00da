"""Rival structures: the model with one mechanism off, each a set of values of cards (`vsim/structures.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

from vsim.errors import UsageError, did_you_mean
from vsim.spec.cards import check_value, load_cards
from vsim.spec.loading import PACKAGE, Document, pick, read_yaml
from vsim.spec.plain_yaml import one_line

FILE = "structures.yaml"
NEEDED = ("label", "off")
OPTIONAL = ("unused",)


@dataclass(frozen=True, slots=True)
class Structure:
    """One structure of the model.

    Attributes
    ----------
    name, label : str
    off : mapping of card key to number
        Values that switch a mechanism off; none in the whole model.
    unused : tuple of str
        Further parameters that do nothing once the mechanism is off, and are not fitted.
    """

    name: str
    label: str
    off: Mapping[str, float]
    unused: tuple[str, ...]

    def left(self, free: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        """Return the free parameters that still do something in this structure."""
        return {key: pair for key, pair in free.items() if key not in self.off and key not in self.unused}


@cache
def load_structures() -> Mapping[str, Structure]:
    """Return every structure by name, in the order of the file, the whole model first (read once).

    Raises
    ------
    UsageError
        When an entry is incomplete or a value is not allowed; file and line are named.
    """
    document = read_yaml(PACKAGE / FILE)
    return MappingProxyType({name: _read(document, name) for name in document.data})


def structure(name: str) -> Structure:
    """Return a structure.

    Raises
    ------
    UsageError
        When no structure has this name; the nearest is named.
    """
    return pick("structure", load_structures(), name)


def _read(document: Document, name: str) -> Structure:
    fields = document.entry(name, NEEDED, OPTIONAL)
    fault = partial(document.fault, name)
    if not isinstance(fields["off"], dict):
        raise fault(f"off is {one_line(fields['off'])}; allowed keys of cards with numbers.", "off")
    try:
        off = {str(key): check_value(str(key), value) for key, value in fields["off"].items()}
    except UsageError as error:
        raise fault(f"off: {error}", "off") from None
    unused = fields.get("unused", [])
    for key in unused if isinstance(unused, list) else [unused]:
        if key not in load_cards():
            raise fault(f"unused names '{one_line(key)}'; allowed keys of cards.{did_you_mean(str(key), load_cards())}",
                        "unused")
    return Structure(name, str(fields["label"]), MappingProxyType(off), tuple(str(key) for key in unused))
