"""What policy can do: one file a lever, its card beside it. STEMS lists the levers by clause of the policy text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from vsim.levers.base import Edit, Lever, Span

STEMS = (
    "stars", "points", "training_gate",
    # IV.2 to IV.3: organisations, people, training
    "supervision", "governance", "agreements", "conduct", "org_registration", "incubation", "teams", "hosting",
    "dormancy", "federation", "disclosure", "recruitment", "leaders", "coordinators", "learning", "skills",
    "training_tiers", "trainers", "showcase",
    # V.1 to V.2: stations and the service itself
    "station_network", "new_housing", "public_places", "venues", "mobile_stations", "open_resources", "coordination",
    "pooling", "station_standard", "needs_intake", "posting", "induction", "shifts", "records", "audit", "publicity",
    "regular_service", "quality_funding",
    # VII.3.d: time credits
    "time_bank",
    # VI.1 to VI.3.a: culture, media, the pledge, the sign, daily life
    "culture", "research", "media", "role_models", "volunteer_day", "pledge", "logo", "everyday",
    # VII.2: rights and protection
    "duty_of_care", "safety", "insurance", "certificates", "autonomy", "grievance", "reimbursement",
    # V.3.a: the digital platform
    "online_registration", "discovery", "matching", "dispatch", "rating", "promotion",
    # V.3.b1 to V.3.f: data, command, exchange, protection, service online
    "data_hub", "decision_support", "emergency", "command", "interoperability", "privacy", "security", "online_service",
    # VI.3 and VII.3: schools, compacts, incentives
    "service_learning", "student_assessment", "compacts", "honours", "courtesy", "credit_signals",
    "awards", "hiring",
    # VII.1: policy and money
    "local_policies", "public_budget", "purchase", "fund", "donations", "tax", "partnerships",
)


def class_name(stem: str) -> str:
    """Return the name of a lever's class.

    >>> class_name("training_gate")
    'TrainingGate'
    """
    return "".join(part.capitalize() for part in stem.split("_"))


class _Levers(Mapping[str, type[Lever]]):
    """Levers by name, each imported when it is asked for: a run without policies needs none."""

    def __init__(self, stems: Mapping[str, str]) -> None:
        self._stems = stems

    def __getitem__(self, key: str) -> type[Lever]:
        stem = self._stems[key]
        found: type[Lever] = getattr(import_module(f"vsim.levers.{stem}"), class_name(stem))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._stems)

    def __len__(self) -> int:
        return len(self._stems)


BY_NAME: Mapping[str, type[Lever]] = _Levers({stem: stem for stem in STEMS})
BY_CLASS: Mapping[str, type[Lever]] = _Levers({class_name(stem): stem for stem in STEMS})

__all__ = ["BY_CLASS", "BY_NAME", "STEMS", "Edit", "Lever", "Span", "class_name"]
