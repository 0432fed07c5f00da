"""What policy can do: one file a lever, its card beside it. STEMS lists the levers by clause of the policy text."""

from __future__ import annotations

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


def _class(stem: str) -> type[Lever]:
    found: type[Lever] = getattr(import_module(f"vsim.levers.{stem}"), class_name(stem))
    return found


ALL: tuple[type[Lever], ...] = tuple(_class(stem) for stem in STEMS)
BY_NAME = {lever.name: lever for lever in ALL}
BY_CLASS = {lever.__name__: lever for lever in ALL}

__all__ = ["ALL", "BY_CLASS", "BY_NAME", "STEMS", "Edit", "Lever", "Span", "class_name"]
