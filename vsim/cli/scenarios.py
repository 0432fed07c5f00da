"""vsim run diff, lint and reforms: scenario files compared, looked over, and changed by a name."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, Quiet, print_json, say, screen, speak
from vsim.errors import UsageError, did_you_mean
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.run.look import Found
    from vsim.spec.scenario_diff import Diff

PARTS = {"world": "world", "calendar": "calendar", "parameters": "parameters", "policies": "policies",
         "feedback": "feedback", "words": "words, which change no result"}
ScenarioName = Annotated[str, typer.Argument(help="Name of a scenario, or path of its file.")]


def diff_command(
    one: ScenarioName,
    other: Annotated[str, typer.Argument(help="Another scenario.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Show what differs between two scenarios, with both hashes; the same meaning has the same hash."""
    speak(lang)
    from vsim.spec.scenario import load_scenario
    from vsim.spec.scenario_diff import diff

    found = diff(load_scenario(one), load_scenario(other))
    if as_json:
        print_json(found.to_dict())
        return
    for scenario in (found.one, found.other):
        screen().print(f"{scenario.hash}  {scenario.name}", highlight=False, soft_wrap=True)
    if found.same:
        screen().print(t("Nothing differs that changes results."))
    if found.found or found.words:
        screen().print(_differences(found))


def _differences(found: Diff) -> Table:
    table = Table(title=t("What differs"), title_justify="left")
    for head in (t("Part"), t("What"), found.one.name, found.other.name, t("Unit")):
        table.add_column(head, overflow="fold")
    for item in found.found:
        label = f"{item.what}\n{t(item.label)}" if item.label else item.what
        table.add_row(t(PARTS[item.part]), label, _said(item.one), _said(item.other), t(item.unit) if item.unit else "")
    for item in found.words:
        table.add_row(t(PARTS[item.part]), item.what, _said(item.one), _said(item.other), "")
    return table


def _said(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def lint_command(
    files: Annotated[list[str], typer.Argument(help="Scenarios and study files, by name or path.")],
    strict: Annotated[bool, typer.Option("--strict", help="Count notes as findings.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Look over scenarios and studies: what is wrong, cancels, does nothing or stands at an edge; exit 1 on findings.

    Notes are printed too, and count with --strict only.
    """
    speak(lang)
    from vsim.run.look import look

    found = [item for name in files for item in look(name)]
    notes = sum(item.note for item in found)
    if as_json:
        print_json([asdict(item) for item in found])
    else:
        for item in found:
            if not (quiet and item.note):
                screen().print(_line(item), highlight=False, markup=False, soft_wrap=True)
        say(t("{files} files, {count} findings, {notes} notes.").format(
            files=len(files), count=len(found) - notes, notes=notes), quiet)
    if len(found) > (0 if strict else notes):
        raise typer.Exit(1)


def _line(item: Found) -> str:
    kind = t("note: {kind}").format(kind=item.kind) if item.note else item.kind
    return f"{item.where}: {kind}: {item.text}"


def reforms_command(
    name: Annotated[str | None, typer.Argument(help="One reform; all are listed when none is named.")] = None,
    base: Annotated[
        str | None, typer.Option("--base", help="A scenario: write it with the reform, as a scenario file.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file to write, with --base.")] = None,
    start_week: Annotated[
        int | None, typer.Option("--start-week", help="First week of its policies, with --base.", min=0)
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Run the hamlet and compare with the tables kept.")] = False,
    remake: Annotated[bool, typer.Option("--remake", help="Write the tables again (the model has changed).")] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """List named reforms with their clauses, and what each does to a hamlet; write one onto a scenario.

    With --check, exit 1 when a reform does not give the table that stands beside it.
    """
    speak(lang)
    from vsim.run import sweep_reforms as tables
    from vsim.spec.reforms import load_reforms, reform

    chosen = [reform(name)] if name is not None else list(load_reforms().values())
    if (out is None) != (base is None):
        raise UsageError("run reforms: --base and --out go together; give both, or none.")
    if remake or check:
        changed = tables.remake([one.name for one in chosen]) if remake else [
            line for one in chosen for line in tables.differences(one.name)]
        for line in changed:
            screen().print(line, highlight=False, soft_wrap=True)
        if check and changed and not remake:
            raise typer.Exit(1)
        return
    if base is not None and out is not None:
        if name is None:
            raise UsageError(f"run reforms: name one reform beside --base; allowed {', '.join(load_reforms())}."
                             f"{did_you_mean(base, load_reforms())}")
        from vsim.run.look import write_reformed

        write_reformed(chosen[0], base, out, start_week)
        say(t("Written: {path}").format(path=out))
        return
    if as_json:
        print_json([{**one.model_dump(exclude_defaults=True), "hamlet": _moved(tables.expected(one.name))}
                    for one in chosen])
        return
    table = Table(title=t("Named reforms"), title_justify="left")
    for head in ("Reform", "Clauses", "What it is", "True quarter hours in a hamlet, without and with"):
        table.add_column(t(head), overflow="fold")
    for one in chosen:
        hours = {row[0]: row[1:] for row in tables.expected(one.name)}["hours"]
        table.add_row(one.name, ", ".join(one.clauses), f"{t(one.title)}\n{t(one.sentence)}",
                      f"{hours[0]:,} → {hours[1]:,}")
    screen().print(table)
    if name is not None:
        screen().print(_counts(tables.expected(name)))


def _moved(rows: list[tuple[str, int, int]]) -> dict[str, list[int]]:
    return {key: [without, with_it] for key, without, with_it in rows if without != with_it}


def _counts(rows: list[tuple[str, int, int]]) -> Table:
    table = Table(title=t("What it moves in the hamlet"), title_justify="left")
    for head in ("Count", "Without", "With"):
        table.add_column(t(head), justify="left" if head == "Count" else "right")
    for key, (without, with_it) in _moved(rows).items():
        table.add_row(key, f"{without:,}", f"{with_it:,}")
    return table
