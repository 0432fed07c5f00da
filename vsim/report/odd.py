"""The description of the model by the ODD protocol (Grimm et al. 2020), made from code, cards and dictionaries.

Seven elements with their rationale; submodels are nested by process, office and lever. Nothing is written twice: words
come from docstrings, comments and declarations, and what none of them holds from `odd_text.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vsim.i18n import t
from vsim.report.odd_tables import (
    cards_of,
    cards_table,
    cited,
    clause_lines,
    fields_table,
    grid,
    patterns,
    registers,
    scenarios,
    source_list,
    table_lines,
    tables_by_office,
)
from vsim.run.run import MODEL_VERSION
from vsim.spec.cards import card_files
from vsim.spec.code_words import OFFICES, fields_of, odd_text, paragraphs, stems_of, week_notes, week_steps
from vsim.spec.lever_files import LeverFile, load_levers
from vsim.spec.loading import PACKAGE
from vsim.spec.structures import load_structures
from vsim.spec.tables import load_office_tables
from vsim.world.weekly import RULES, Weekly, rule

LEVERS = "levers/__init__.py"


def odd() -> str:
    """Return the description in Markdown, in the language in force."""
    text = odd_text()
    lines = [f"# {t(text['title'])}", "", t("Model version {version}.").format(version=MODEL_VERSION), ""]
    lines += [*_blank(t(part) for part in text["text"]), t("Protocol: {source}").format(source=cited("grimm2020")), ""]
    lines += [f"{n}. [{t(element['title'])}](#{element['id']})" for n, element in enumerate(text["elements"], 1)]
    lines += [f"{len(text['elements']) + 1}. [{t('Sources')}](#sources)", ""]
    for n, element in enumerate(text["elements"], 1):
        lines += [f'<a id="{element["id"]}"></a>', "", f"## {n} {t(element['title'])}", ""]
        lines += _blank(t(part) for part in element["text"])
        if element["rationale"]:
            lines += [f"*{t('Rationale.')}* {t(element['rationale'])}", ""]
        lines += PARTS[element["id"]](text)
    lines += ['<a id="sources"></a>', "", f"## {len(text['elements']) + 1} {t('Sources')}", "", *source_list()]
    return "\n".join(_single_blanks(lines)) + "\n"


def _blank(parts: Any) -> list[str]:
    return [line for part in parts for line in (part, "")]


def _single_blanks(lines: list[str]) -> list[str]:
    return [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]


def _purpose(text: Mapping[str, Any]) -> list[str]:
    rows = [(f"`{one.name}`", t(one.label), ", ".join(f"`{key}` = {value:g}" for key, value in one.off.items()))
            for one in load_structures().values()]
    heads = [t("Structure"), t("What it is"), t("Switched off by")]
    return [*patterns(), "", f"### {t('Rival structures')}", *grid(heads, rows)]


def _entities(text: Mapping[str, Any]) -> list[str]:
    lines = []
    for entity in text["entities"]:
        lines += [f"### {t(entity['title'])}", "", *_blank(t(part) for part in entity["text"])]
        for item in entity["of"]:
            place, _, name = item.partition(":")
            lines += fields_table(place, name, _rules() if name == "Weekly" else None)
    return lines


def _rules() -> dict[str, str]:
    words = {"set": t("one lever only"), "add": t("sum"), "either": t("either of two independent chances"),
             "chance": t("sum of chances, 1 at most"), "scale": t("product of factors"), "most": t("the largest")}
    return {name: words[RULES.get(name, rule(name))] for name in Weekly._fields}


def _process(text: Mapping[str, Any]) -> list[str]:
    rows = [(str(n), t(what), _linked(where)) for n, what, where in week_steps()]
    return [*grid([t("Step"), t("What happens"), t("Where")], rows), *_blank(t(part) for part in week_notes()[2:])]


def _linked(where: str) -> str:
    words, tick, places = where.partition("`")
    where = " ".join(filter(None, (t(words.strip()), tick + places)))
    for stem in _processes():
        for written in (f"`process.{stem}`", f"`.{stem}`"):
            where = where.replace(written, f"[process.{stem}](#process-{stem})")
    return where


def _concepts(text: Mapping[str, Any]) -> list[str]:
    lines = []
    for n, concept in enumerate(text["concepts"], 1):
        lines += [f"### 4.{n} {t(concept['title'])}", "", *_blank(t(part) for part in concept["text"])]
        if concept["title"] == "Stochasticity":
            rows = [[f"`{name}`", t(said)] for name, said in dict(fields_of("rng.py", "Stream")).items()]
            lines += grid([t("Stream"), t("What it decides")], rows)
    return lines


def _module(room: str, stem: str, depth: str = "###") -> list[str]:
    """Return a module with its docstring: a heading with an anchor, its words, the file."""
    first, *rest = paragraphs(f"{room}/{stem}.py")
    return [f'<a id="{room}-{stem}"></a>', "", f"{depth} {stem}", "", *_blank(t(part) for part in (first, *rest)),
            f"`vsim/{room}/{stem}.py`", ""]


def _initialisation(text: Mapping[str, Any]) -> list[str]:
    return [line for stem in text["made"] for line in (*_module("world", stem), *cards_table(cards_of(stem, "world")))]


def _input(text: Mapping[str, Any]) -> list[str]:
    return scenarios()


def _processes() -> list[str]:
    return sorted(path.stem for path in (PACKAGE / "process").glob("*.py") if path.stem[0] != "_")


def _submodels(text: Mapping[str, Any]) -> list[str]:
    lines = [f"### 7.1 {t('Processes of the week')}", ""]
    for stem in _processes():
        lines += _module("process", stem, "####")
        for home in (stem, *(name for name, owner in text["homes"].items() if owner == stem)):
            lines += cards_table(cards_of(home, "process"))
    lines += [f"### 7.2 {t('What an agency sees')}", "", *registers(), ""]
    for stem in text["observed"]:
        lines += [*_module("observe", stem, "####"), *cards_table(cards_of(stem, "observe"))]
    return [*lines, *_offices(), *_levers()]


def _offices() -> list[str]:
    stems, tables, written = stems_of(OFFICES), load_office_tables(), tables_by_office()
    lines = [f"### 7.3 {t('Offices')}", ""]
    files = [path.stem for path in card_files() if path.parent.name == "office"]
    for stem in stems:
        lines += _module("office", stem, "####")
        own = [name for name in files if name == stem or (name == f"{stem}_desk" and name not in stems)]
        lines += [line for name in own for line in cards_table(cards_of(name, "office"))]
        lines += [*(line for name in written.get(stem, []) for line in table_lines(tables[name])), ""]
    if written.get(""):
        lines += [f"#### {t('Tables that all offices write together')}", "",
                  *(line for name in written[""] for line in table_lines(tables[name])), ""]
    return lines


def _levers() -> list[str]:
    known = load_levers()
    lines = [f"### 7.4 {t('Levers of policy')}", ""]
    for stem in stems_of(LEVERS):
        lines += _lever(known[stem])
    return lines


def _lever(lever: LeverFile) -> list[str]:
    lines = [f'<a id="lever-{lever.name}"></a>', "", f"#### {lever.name}: {t(lever.label)}", ""]
    lines += [t(lever.description), ""] if lever.description else []
    notes = [(t("Whom and what it reaches"), t(lever.reach)),
             (t("Channels"), ", ".join(t(channel) for channel in lever.channels)),
             (t("Scope"), ", ".join(_scopes()[scope] for scope in lever.scope))]
    lines += [f"- {head}: {said}" for head, said in notes if said]
    lines += [f"- {t('Two policies of it may hold in one place and week.')}"] if lever.overlap else []
    lines += [f"- {t('Off in every preset.')}"] if lever.off_by_default else []
    lines += [f"- {t('An event that happens, not a policy.')}"] if lever.event else []
    lines += ["", t("Clauses that it carries out:"), "", *clause_lines(lever.clauses), ""]
    cards = cards_of(lever.name, "levers")
    for behaviour, title in ((False, t("What a policy may set:")), (True, t("How people and organisations respond:"))):
        chosen = [card for card in cards if card.behaviour is behaviour]
        lines += [title, *cards_table(chosen)] if chosen else []
    rows = [(effect.clause, t(effect.says), f"`{effect.measure}`", effect.sign) for effect in lever.effects]
    heads = [t("Clause"), t("What it moves (a test for each)"), t("Measure"), t("Sign")]
    return [*lines, *grid(heads, rows), f"`vsim/levers/{lever.name}.py`", ""]


def _scopes() -> dict[str, str]:
    return {"places": t("districts"), "groups": t("groups and shares of residents")}


PARTS: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "purpose": _purpose, "entities": _entities, "process": _process, "concepts": _concepts,
    "initialisation": _initialisation, "input": _input, "submodels": _submodels,
}
