"""vsim clauses: the 84 mechanisms of the policy text, and what of vsim carries each out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, print_json, screen, speak
from vsim.errors import UsageError, did_you_mean
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.spec.clauses import Clause


def chosen(clause_id: str | None) -> list[Clause]:
    """Return one clause, the clauses below a section ("VII.3"), or all 84."""
    from vsim.spec.clauses import load_clauses

    known = load_clauses()
    if clause_id is None:
        return list(known.values())
    found = [clause for key, clause in known.items() if key == clause_id or key.startswith(f"{clause_id}.")]
    if not found:
        raise UsageError(f"clauses: '{clause_id}' is unknown; allowed ids such as VII.3.b or a section such as VII.3."
                         f"{did_you_mean(clause_id, known)}")
    return found


def lessons_there() -> set[str]:
    """Return the names of the lessons that are written."""
    from vsim.course.lessons import lessons, notebooks_folder

    return set(lessons(notebooks_folder()))


def show_coverage(found: list[Clause]) -> None:
    """Print, clause by clause, the lever, what it moves with its sign, tables and lessons; then how many are whole."""
    table = Table(title=t("What carries out each clause"), title_justify="left")
    for head in ("Clause", "In English", "Lever", "Moves (a test for each)", "Data", "Lessons"):
        table.add_column(t(head), overflow="fold")
    written = lessons_there()
    for c in found:
        moved = ", ".join(f"{effect.measure} {effect.sign}" for _, effect in c.effects)
        short = {name: name[:name.index("/") + 3] for name in c.lessons}            # "policy/02"
        taught = ", ".join(short[name] if name in written else f"({short[name]})" for name in c.lessons)
        table.add_row(c.id, c.en, ", ".join(c.levers) or "-", moved or "-", ", ".join(c.data) or "-", taught)
    screen().print(table)
    now = sum(any(name in written for name in c.lessons) for c in found)
    screen().print(t("{done} of {all} clauses are taught by a lesson; those in brackets are planned.").format(
        done=now, all=len(found)))
    whole = sum(bool(c.levers and c.effects and c.data) for c in found)
    screen().print(t("{done} of {all} clauses have lever, data and test.").format(done=whole, all=len(found)))


def clauses(
    clause_id: Annotated[str | None, typer.Argument(help="An id such as VII.3.b, or a section such as VII.3.")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="Count what is done and what is planned.")] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """List clauses of the policy text with what carries them out."""
    speak(lang)
    found = chosen(clause_id)
    if as_json:
        print_json([
            {"id": c.id, "zh": c.zh, "en": c.en, "lever": c.lever, "observed": c.observed, "tables": list(c.data),
             "module": c.module, "tier": c.tier, "lessons": list(c.lessons), "units": list(c.units), "status": c.status}
            for c in found
        ])
        return
    if coverage:
        show_coverage(found)
        return
    table = Table(title=t("Clauses of the policy text"), title_justify="left")
    for head in ("Clause", "Chinese original", "In English", "Module", "Status"):
        table.add_column(t(head), overflow="fold")
    for c in found:
        table.add_row(c.id, c.zh, c.en, c.module or "-", t(c.status))
    screen().print(table)
    if len(found) == 1:
        one = found[0]
        for head, text in (("Element", one.element), ("Lever", one.lever), ("Data", one.observed),
                           ("Lesson", one.lesson), ("Assessment", one.assessment), ("Lessons", one.taught_by)):
            screen().print(f"[bold]{t(head)}[/bold]: {text}", highlight=False)
        for name, effect in one.effects:
            screen().print(f"[bold]{name}[/bold]: {t(effect.says)} ({effect.measure} {effect.sign})", highlight=False)
