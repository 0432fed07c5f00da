"""What differs between two scenarios: what changes results, and apart from it names and titles, which change none.

Two scenarios without a difference that changes results have the same hash, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from vsim.errors import listing
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file
from vsim.spec.scenario import Scenario

WORDS = ("name", "title", "question")
CALENDAR = ("start", "weeks", "warmup_weeks")
SHOWN = 6                     # districts that are named


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    Attributes
    ----------
    part : str
        "world", "calendar", "parameters", "policies", "feedback" or "words".
    what : str
        A field, the key of a card, or a lever with the number of its policy.
    one, other : value or None
        None where one of the scenarios has nothing of the kind.
    unit, label : str
        Of the card, where there is one.
    """

    part: str
    what: str
    one: Any
    other: Any
    unit: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """The differences of two scenarios, and their hashes."""

    one: Scenario
    other: Scenario
    found: list[Difference] = field(default_factory=list)
    words: list[Difference] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether nothing differs that changes results."""
        return not self.found

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "same": self.same, "hashes": [self.one.hash, self.other.hash], "names": [self.one.name, self.other.name],
            "differences": [asdict(item) for item in self.found], "words": [asdict(item) for item in self.words],
        }


def diff(one: Scenario, other: Scenario) -> Diff:
    """Return what differs between two scenarios."""
    a, b = one.canonical(), other.canonical()
    found = [*_mapping("world", a["world"], b["world"]),
             *_mapping("calendar", {name: a[name] for name in CALENDAR}, {name: b[name] for name in CALENDAR}),
             *_parameters(one, other, set(a["parameters"]) | set(b["parameters"])),
             *_policies(a["policies"], b["policies"])]
    for place, (rule, against) in enumerate(_paired(a.get("feedback", []), b.get("feedback", []))):
        if rule != against:
            found.append(Difference("feedback", f"feedback[{place}]", rule, against))
    words = [Difference("words", name, getattr(one, name), getattr(other, name)) for name in WORDS
             if getattr(one, name) != getattr(other, name)]
    return Diff(one, other, found, words)


def _mapping(part: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    for name in [*one, *(name for name in other if name not in one)]:
        if one.get(name) != other.get(name):
            yield Difference(part, name, one.get(name), other.get(name))


def _parameters(one: Scenario, other: Scenario, keys: set[str]) -> Iterator[Difference]:
    a, b, cards = one.values, other.values, load_cards()
    for key in sorted(keys):
        if a[key] != b[key]:
            yield Difference("parameters", key, a[key], b[key], cards[key].unit, cards[key].label)


def _policies(one: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]) -> Iterator[Difference]:
    left, right = _unmatched(one, other), _unmatched(other, one)
    for lever in sorted({policy["lever"] for policy in (*left, *right)}):
        mine, theirs = ([policy for policy in side if policy["lever"] == lever] for side in (left, right))
        for place, (a, b) in enumerate(_nearest(mine, theirs)):
            name = lever if max(len(mine), len(theirs)) == 1 else f"{lever} ({place + 1})"
            yield from _policy(name, a, b)
    if not left and not right and list(one) != list(other):
        yield Difference("policies", "order", _levers(one), _levers(other))


def _policy(name: str, one: dict[str, Any] | None, other: dict[str, Any] | None) -> Iterator[Difference]:
    if one is None or other is None:
        a, b = (None if policy is None else said(policy) for policy in (one, other))
        yield Difference("policies", name, a, b, label=lever_file((one or other or {})["lever"]).label)
        return
    cards = lever_file(one["lever"]).cards
    for part in _mapping("policies", {k: v for k, v in one.items() if k != "values"},
                         {k: v for k, v in other.items() if k != "values"}):
        yield Difference("policies", f"{name}.{part.what}", part.one, part.other)
    for part in _mapping("policies", one["values"], other["values"]):
        card = cards[part.what]
        yield Difference("policies", f"{name}.{part.what}", part.one, part.other, card.unit, card.label)


def said(policy: Mapping[str, Any]) -> str:
    """Return a policy in a line: weeks, districts, values."""
    values = ", ".join(f"{name} {value}" for name, value in policy["values"].items())
    rest = {name: policy[name] for name in ("groups", "share", "announced_week", "rollout") if name in policy}
    more = "".join(f"; {name} {value}" for name, value in rest.items())
    return (f"weeks {policy['start_week']} to {policy['end_week']}, {listing(policy['districts'], SHOWN)}{more}; "
            f"{values}")


def _unmatched(one: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the policies of one side that the other has not, each as often as it has one more."""
    rest, left = list(other), []
    for policy in one:
        if policy in rest:
            rest.remove(policy)
        else:
            left.append(policy)
    return left


def _nearest(
    one: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Return pairs of policies that have most in common; who finds none stands alone."""
    rest = list(other)
    pairs: list[tuple[dict[str, Any] | None, dict[str, Any] | None]] = []
    for policy in one:
        match = max(rest, key=lambda item: sum(item.get(name) == value for name, value in policy.items()), default=None)
        if match is not None:
            rest.remove(match)
        pairs.append((policy, match))
    return [*pairs, *((None, item) for item in rest)]


def _paired(one: Sequence[Any], other: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    for place in range(max(len(one), len(other))):
        yield (one[place] if place < len(one) else None), (other[place] if place < len(other) else None)


def _levers(policies: Sequence[Mapping[str, Any]]) -> list[str]:
    return [policy["lever"] for policy in policies]
