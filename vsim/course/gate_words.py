"""What the gates say, in the learner's words and language."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor

from vsim.course.editions import translations_of
from vsim.course.gate_rules import Both
from vsim.course.gate_waivers import Waiver
from vsim.course.unit import Unit
from vsim.i18n import language, t

UNMET = {
    "missing": "{title}: not handed in yet",
    "failed": "{title}: could not be marked; your trainer sees to it",
    "open": "{title}: your written answers are not marked yet",
    "low": "{title}: {share} % of the points; {least} % are needed",
}


def title_of(unit: Unit) -> str:
    """Return the title of a unit in the language in force."""
    title = unit.source.syllabus.title
    return translations_of(unit.source, language()).known.get(title, title)


def of_both(text: Both) -> str:
    """Return a text of the curriculum in the language in force."""
    return text.get(language())


def percent(share: float, *, needed: bool = False) -> str:
    """Return a share in per cent, rounded so that what falls short never looks as if it were enough.

    >>> percent(0.5999), percent(0.5999, needed=True)
    ('59.9', '60')
    """
    tenths = ceil(share * 1000 - 1e-6) / 10 if needed else floor(share * 1000 + 1e-6) / 10
    return f"{tenths:g}"


def unmet(title: str, state: str, share: float | None, least: float) -> str:
    """Return why a unit does not count yet."""
    return t(UNMET[state]).format(title=title, share=percent(share or 0.0), least=percent(least, needed=True))


def low_mean(mean: float, least: float) -> str:
    """Return that every unit is enough and the mean is not."""
    return t("The mean over the units is {mean} %; {least} % are needed").format(
        mean=percent(mean), least=percent(least, needed=True))


def waived(waiver: Waiver) -> str:
    """Return who waived something, when and why."""
    return t("waived by {by} on {day}: {reason}").format(by=waiver.by, day=waiver.time[:10], reason=waiver.reason)


def admitted(tier: str) -> str:
    """Return that the course begins above a tier."""
    return t("{tier} is not part of this course; whoever is on its roster is taken to have it").format(tier=tier)


def closed(tier: str, missing: Iterable[str]) -> str:
    """Return that the tier before must be passed, and what is missing there."""
    return t("Pass {tier} first. {missing}").format(tier=tier, missing=t("; ").join(missing))


def nothing_released() -> str:
    """Return that there is nothing to pass yet."""
    return t("No unit of this tier is released yet")


def too_few(short: int, released: int, needed: int) -> str:
    """Return that so many more units are needed."""
    if released < needed:
        return t("{released} of the {needed} units that are needed are released").format(
            released=released, needed=needed)
    return t("Needed: {short} more of these units").format(short=short)


def capstone_not_released(unit: str) -> str:
    """Return that the capstone is still to come."""
    return t("The capstone {unit} is not released yet").format(unit=unit)
