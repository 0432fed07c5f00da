"""Real schemes of time credits as values of the lever time_bank: what each rules, and what the lever cannot express."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.cards import source_keys
from vsim.spec.lever_files import check_settings
from vsim.spec.loading import PACKAGE, Document, pick, read_yaml
from vsim.spec.plain_yaml import one_line
from vsim.spec.sources import load_sources

FILE = "schemes/time_banks.yaml"
LEVER = "time_bank"
NEEDED = ("label", "zh", "source", "values", "assumed", "beyond")


@dataclass(frozen=True, slots=True)
class Scheme:
    """A real scheme.

    Attributes
    ----------
    name, label, zh : str
        Its key, and its name in English and Chinese.
    source : str
        Keys of sources.yaml, with what was seen there.
    values : mapping of str to float
        Values of the lever time_bank.
    assumed : tuple of str
        Numbers that the scheme must have and the source does not give; what the source does not mention is off.
    beyond : tuple of str
        What the lever cannot express, one sentence each.
    """

    name: str
    label: str
    zh: str
    source: str
    values: Mapping[str, float]
    assumed: tuple[str, ...]
    beyond: tuple[str, ...]


@cache
def load_schemes() -> Mapping[str, Scheme]:
    """Return every scheme by name, in the order of the file (read once).

    Raises
    ------
    UsageError
        When an entry is incomplete or a value is not allowed; file and line are named.
    """
    document = read_yaml(PACKAGE / FILE)
    return MappingProxyType({name: _read(document, name) for name in document.data})


def scheme_names() -> list[str]:
    """Return the names of the schemes that come with vsim."""
    return list(load_schemes())


def scheme_facts(name: str) -> Scheme:
    """Return a scheme with its source, its assumptions and what the lever cannot express.

    Raises
    ------
    UsageError
        When no scheme has this name; the nearest is named.
    """
    return pick("scheme", load_schemes(), name)


def scheme(name: str) -> dict[str, float]:
    """Return the values of a real time bank for the lever: `vsim.TimeBank(**vsim.scheme("beijing"))`.

    Raises
    ------
    UsageError
        When no scheme has this name; the nearest is named.
    """
    return dict(scheme_facts(name).values)


def _read(document: Document, name: str) -> Scheme:
    fields = document.entry(name, NEEDED)
    fault = partial(document.fault, name)
    for key, kind in (("values", dict), ("assumed", list), ("beyond", list)):
        if not isinstance(fields[key], kind):
            raise fault(f"{key} is {one_line(fields[key])}; allowed a {'mapping' if kind is dict else 'list'}.", key)
    try:
        values = check_settings(LEVER, fields["values"])
    except UsageError as error:
        raise fault(str(error), "values") from None
    assumed = tuple(str(item) for item in fields["assumed"])
    for item in assumed:
        if item not in values:
            raise fault(f"assumed names '{one_line(item)}'; allowed {listing(values, 20)}.{did_you_mean(item, values)}",
                        "assumed")
    for key in source_keys(str(fields["source"])):
        if key not in load_sources():
            raise fault(f"source is '{key}'; allowed keys of vsim/sources.yaml.{did_you_mean(key, load_sources())}",
                        "source")
    numbers = {key: value for key, value in values.items() if isinstance(value, float)}
    return Scheme(name, str(fields["label"]), str(fields["zh"]), str(fields["source"]), MappingProxyType(numbers),
                  assumed, tuple(str(item) for item in fields["beyond"]))
