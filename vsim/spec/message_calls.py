"""Finds the messages in a source text: what is handed to `t`, `both` and their kin, word for word.

Besides plain text this follows the three ways in which a short table of words is written: a choice between two
texts, a loop over a literal list, and a lookup in a literal mapping of the module.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

CALLS = {"t": (0,), "both": (0,), "with_unit": (0, 1), "inside": (0,), "Indicator": (1, 2), "Said": (0,),
         "FormError": (0,), "Entrant": (0,), "Design": (2, 3, 4)}
KEYWORDS = {"Indicator": ("label", "unit")}
CONSTANTS = {"GROUPS"}                     # tables of a module whose every text is shown to readers
NAMED = re.compile(rf"\b(?:{'|'.join(sorted({*CALLS, *CONSTANTS}))})\b")       # a text without these has no message

Words = Mapping[str, list[ast.expr]]


def in_source(source: str) -> Iterator[str]:
    """Yield the messages in one source text.

    >>> list(in_source("t('one'); both('two' if x else 'three'); t(name)"))
    ['one', 'two', 'three']
    >>> list(in_source("for head in ('Key', 'Unit'): t(head)"))
    ['Key', 'Unit']
    >>> list(in_source("HELP = {'a': 'First', 'b': 'Second'}; t(HELP[key])"))
    ['First', 'Second']
    """
    if NAMED.search(source) is None:
        return
    tree = ast.parse(source)
    found: list[str] = []
    _visit(tree, _mappings(tree), found)
    yield from found
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(name, "id", "") in CONSTANTS for name in node.targets):
            rows = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            leaves = [leaf for row in rows for leaf in ast.walk(row)]
            yield from (leaf.value for leaf in leaves if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str))


def _visit(node: ast.AST, known: Words, found: list[str]) -> None:
    """Add the messages below a node, given the words that names stand for there."""
    words = _loop_words(node)
    inner = {**known, **words} if words else known
    if isinstance(node, ast.Call):
        for argument in _arguments(node):
            found.extend(_texts(argument, inner))
    for child in ast.iter_child_nodes(node):
        _visit(child, inner, found)


def _arguments(call: ast.Call) -> list[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    places = [place for place in CALLS.get(name, ()) if place < len(call.args)]
    named = [word.value for word in call.keywords if word.arg in KEYWORDS.get(name, ())]
    return [call.args[place] for place in places] + named


def _texts(node: ast.expr, known: Words) -> Iterator[str]:
    """Yield the texts that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, known)
        yield from _texts(node.orelse, known)
    elif isinstance(node, ast.Name):
        for item in known.get(node.id, []):
            yield from _texts(item, {})
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        for item in known.get(f"{node.value.id}[]", []):
            yield from _texts(item, {})


def _mappings(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Return the values of the literal mappings of a module, under "NAME[]"."""
    found: dict[str, list[ast.expr]] = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Dict):
                found[f"{target.id}[]"] = value.values
    return found


def _loop_words(node: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what the variables of a loop over a literal list stand for."""
    loops: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.For):
        loops = [(node.target, node.iter)]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        loops = [(part.target, part.iter) for part in node.generators]
    words: dict[str, list[ast.expr]] = {}
    for target, items in loops:
        if not isinstance(items, ast.List | ast.Tuple | ast.Set):
            continue
        if isinstance(target, ast.Name):
            words[target.id] = list(items.elts)
        elif isinstance(target, ast.Tuple):
            rows = [item.elts for item in items.elts if isinstance(item, ast.Tuple | ast.List)]
            for place, name in enumerate(target.elts):
                if isinstance(name, ast.Name):
                    words[name.id] = [row[place] for row in rows if place < len(row)]
    return words
