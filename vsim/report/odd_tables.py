"""Pieces of the description of the model: tables of cards, fields, targets, scenarios and sources in Markdown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cache

from vsim.i18n import language, t
from vsim.spec.cards import Card, load_cards
from vsim.spec.clauses import load_clauses
from vsim.spec.code_words import OFFICES, fields_of, stems_of, summary_of
from vsim.spec.loading import PACKAGE, read_text
from vsim.spec.scenario import load_scenario, scenario_names
from vsim.spec.sources import load_sources
from vsim.spec.tables import Table, load_office_tables, load_tables
from vsim.spec.targets import load_targets

KEY = re.compile(r"\b[a-z][a-z0-9]+(?=:|;|$)")


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown with an empty line before and after; nothing without rows."""
    body = [_line(row) for row in rows]
    return ["", _line(heads), _line(["---"] * len(heads)), *body, ""] if body else []


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) or "-" for cell in cells) + " |"


def cited(text: str | None) -> str:
    """Return a source of a card with its keys as links to the list of sources."""
    known = load_sources()
    return KEY.sub(lambda found: f"[{found[0]}](#src-{found[0]})" if found[0] in known else found[0], text or "")


def number(value: float | tuple[float, ...]) -> str:
    """Return the value of a card, or of a list of them."""
    return " / ".join(f"{one:g}" for one in (value if isinstance(value, tuple) else (value,)))


def cards_table(cards: Iterable[Card]) -> list[str]:
    """Return cards as a table: what it is, unit, default, range, evidence, source or reason, clause."""
    heads = [t(head) for head in ("Key", "What it is", "Unit", "Default", "Range", "Evidence", "Source or reason",
                                  "Clause")]
    return grid(heads, (
        (f"`{card.key}`", t(card.label), t(card.unit), number(card.default), f"{card.low:g} – {card.high:g}",
         t(card.evidence), "; ".join(filter(None, (cited(card.source), card.why))), card.clause or "")
        for card in cards
    ))


def cards_of(stem: str, room: str) -> list[Card]:
    """Return the cards of one file, in its order: those of "stars" in the room "levers"."""
    return [card for card in load_cards().values() if card.path == f"vsim/{room}/{stem}.yaml"]


def fields_table(place: str, name: str, rules: dict[str, str] | None = None) -> list[str]:
    """Return the fields of a class with what the comment beside each says, and how levers meet where `rules` says."""
    heads = [t("Name"), t("What it is")] + ([t("Where several levers meet")] if rules else [])
    rows = [[f"`{field}`", t(comment), *([rules[field]] if rules else [])] for field, comment in fields_of(place, name)]
    return ["", f"`{place.removesuffix('.py')}.{name}` - {t(summary_of(place, name))}", *grid(heads, rows)]


def patterns() -> list[str]:
    """Return the targets by use: fitted, held out, only known."""
    lines = []
    for use, title in (("fit", t("Patterns that presets are fitted to")),
                       ("held_out", t("Patterns held out of the fit")),
                       ("none", t("Figures that are known and not yet held against a preset"))):
        rows = [
            (target.id, t(target.quantity),
             f"{target.text} [{number(target.low)}, {number(target.high)}]"
             if target.low is not None and target.high is not None else target.text,
             f"{target.population}, {target.year}", target.preset, target.how, cited(target.source))
            for target in load_targets().values() if target.use == use
        ]
        heads = [t(head) for head in ("Target", "Quantity", "Value [range]", "Of whom, when", "Preset",
                                      "How it is taken", "Source")]
        lines += ["", f"### {title}", *grid(heads, rows)]
    return lines


def scenarios() -> list[str]:
    """Return the scenarios that come with vsim: their worlds, weeks, policies, and where they differ from the cards."""
    rows, changed = [], []
    for name in scenario_names():
        one = load_scenario(name)
        rows.append((f"`{name}`", t(one.title), t(one.question or ""), f"{one.world.residents:,}",
                     str(one.world.districts), number(one.world.registered_share), one.start.isoformat(),
                     f"{one.warmup_weeks} + {one.weeks}",
                     ", ".join(dict.fromkeys(f"[{p.lever}](#lever-{p.lever})" for p in one.policies))))
        changed += [(f"`{name}`", f"`{key}`", number(value)) for key, value in one.parameters.items()]
    heads = [t(head) for head in ("Scenario", "Title", "Question", "Residents", "Districts", "Registered share",
                                  "Start", "Weeks of run-up + weeks", "Policies")]
    more = [t(head) for head in ("Scenario", "Key", "Value")]
    return [*grid(heads, rows), t("Numbers in which a scenario differs from the cards:"), *grid(more, changed)]


def table_lines(table: Table) -> list[str]:
    """Return one table of a data set in brief: title, key and columns with their labels."""
    columns = ", ".join(f"`{column.name}` ({t(column.label)})" for column in table.columns)
    keys = ", ".join(f"`{key}`" for key in table.primary_key)
    said = " ".join(filter(None, (t(table.title), t(table.description))))
    return [f'- <a id="table-{table.name}"></a>`{table.name}`: {said} {t("Key")}: {keys}. {t("Columns")}: {columns}.']


@cache
def tables_by_office() -> dict[str, list[str]]:
    """Return which tables each office writes, read from its code; "" holds those that no office names."""
    names = load_office_tables()
    found: dict[str, str] = {}
    for stem in stems_of(OFFICES):
        for node in ast.walk(ast.parse(read_text(PACKAGE / "office" / f"{stem}.py"))):
            for name in _written(node):
                if name in names:
                    found.setdefault(name, stem)
    result: dict[str, list[str]] = {}
    for name in names:
        result.setdefault(found.get(name, ""), []).append(name)
    return result


def _written(node: ast.AST) -> list[str]:
    """Return the texts that a node writes under: keys of a literal mapping, or an item that is assigned."""
    if isinstance(node, ast.Dict):
        nodes: list[ast.expr | None] = list(node.keys)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        nodes = [node.slice]
    else:
        return []
    return [one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def registers() -> list[str]:
    """Return the tables of the registers and of the truth."""
    lines = []
    for truth, title in ((False, t("Tables of the registers")), (True, t("Tables of the truth"))):
        chosen = [table for table in load_tables().values() if table.truth is truth]
        lines += ["", f"#### {title}", "", *(line for table in chosen for line in table_lines(table))]
    return lines


def clause_lines(clauses: Iterable[str]) -> list[str]:
    """Return clauses of the policy text in the language in force."""
    known = load_clauses()
    return [f"- {key}: {known[key].zh if language() == 'zh_CN' else known[key].en}" for key in clauses]


def source_list() -> list[str]:
    """Return every source with an anchor for its key."""
    return [f'- <a id="src-{key}"></a>**{key}**: {source}' for key, source in load_sources().items()]
