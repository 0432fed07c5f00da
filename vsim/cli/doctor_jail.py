"""The part of `vsim doctor` about jails: which there are, why the stronger one is not, and what each of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from vsim.cli.common import screen
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.course.jail import Tier

TIERS: tuple[Tier, ...] = ("bwrap", "unshare", "landlock")


def tiers() -> dict[str, dict[str, Any]]:
    """Return for each tier, the strongest first, whether it works here, as whom, and else why not."""
    from vsim.course.jail import probed

    found = {name: probed(name) for name in TIERS}
    return {name: {"works": one.way is not None, "way": one.way, "why": one.why} for name, one in found.items()}


def meanings() -> dict[str, str]:
    """Return what each tier is."""
    return {
        "bwrap": t("The strongest: bubblewrap gives student code files, network and processes of its own."),
        "unshare": t("The second: the same by unshare and Landlock, for machines without bubblewrap."),
        "landlock": t("No jail, only with --allow-weak: Landlock, a filter of calls and limits around a process of"
                      " yours."),
    }


def show_tiers() -> None:
    """Print which jails there are, and the one in which student code will run."""
    from vsim.course.jail import tier

    table = Table(title=t("Jails for student code"), title_justify="left")
    for head in ("", t("Tier"), t("What it means")):
        table.add_column(head, overflow="fold")
    for name, one in tiers().items():
        table.add_row(t("yes") if one["works"] else t("no"), name,
                      meanings()[name] + ("" if one["works"] else f" ({one['why']})"))
    screen().print(table)
    best = tier()
    say = t("Student code runs in {tier}.").format(tier=best) if best != "none" else t("Student code is refused.")
    screen().print(say, highlight=False)


def tried() -> dict[str, list[dict[str, Any]]]:
    """Try the jails that work here, the poor relation included, by a hostile program; return what it got in each."""
    from vsim.course.jail_probes import probe

    return {
        name: [{"attempt": one.name, "held": one.held, "got": one.got} for one in probe(name)]
        for name in TIERS if tiers()[name]["works"]
    }


def show_tried(found: dict[str, list[dict[str, Any]]]) -> None:
    """Print a line for each attempt, and what it got where a wall did not hold."""
    names = dict.fromkeys(one["attempt"] for rows in found.values() for one in rows)
    by_name = {tier: {one["attempt"]: one for one in rows} for tier, rows in found.items()}
    table = Table(title=t("What a hostile program reached in each jail"), title_justify="left")
    for head in (t("What it tried"), *found):
        table.add_column(head, overflow="fold")
    for name in names:
        table.add_row(name, *(_cell(by_name[tier].get(name)) for tier in found))
    screen().print(table)
    for tier, rows in found.items():
        held = sum(one["held"] for one in rows)
        screen().print(t("{tier}: {held} of {all} attempts were held.").format(tier=tier, held=held, all=len(rows)),
                       highlight=False)


def _cell(one: dict[str, Any] | None) -> str:
    if one is None:
        return ""
    return t("held") if one["held"] else t("open: {got}").format(got=one["got"].replace("[", r"\[")[:60])
