"""What the code says about itself: docstrings of modules and the comments beside fields, read from the source text.

The description of the model (`vsim odd`) is made of them, so a reader meets the words that stand beside the code and
nothing is written twice. They are messages like any other, and therefore stand in the catalogue.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from vsim.errors import UsageError
from vsim.spec.loading import PACKAGE, read_text, read_yaml

TEXT = "report/odd_text.yaml"
WEEK = "run/simulate.py"
OFFICES = "run/offices.py"
STEP = re.compile(r"\s{0,2}(\d+)  (.+)")
GAP = re.compile(r"\s{2,}")    # between what happens in a step and where


@cache
def odd_text() -> Mapping[str, Any]:
    """Return the texts of the description that code does not hold."""
    return read_yaml(PACKAGE / TEXT).data


@cache
def paragraphs(place: str) -> tuple[str, ...]:
    """Return the paragraphs of a module's docstring, each in one line; `place` is such as "process/stars.py"."""
    text = ast.get_docstring(ast.parse(read_text(PACKAGE / place))) or ""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


@cache
def stems_of(place: str) -> tuple[str, ...]:
    """Return the literal tuple STEMS of a module: what it names, in its order."""
    for node in ast.parse(read_text(PACKAGE / place)).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "STEMS":
            return tuple(ast.literal_eval(node.value))
    raise UsageError(f"vsim/{place}: has no STEMS. Name them in a literal tuple.")


@cache
def fields_of(place: str, name: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a class with the comment beside each ("" without one): (name, comment), in order."""
    source = read_text(PACKAGE / place)
    comments = {
        token.start[0]: (token.start[1], token.string.lstrip("# ").strip())
        for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type == tokenize.COMMENT
    }
    lines, found = source.splitlines(), []
    for node in _class(source, place, name).body:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) \
            else None
        if not isinstance(target, ast.Name):
            continue
        line = node.end_lineno or node.lineno
        words = [comments[line][1]] if line in comments else []
        while words and line + 1 in comments and not lines[line][: comments[line + 1][0]].strip():
            line += 1
            words.append(comments[line][1])
        found.append((target.id, " ".join(words)))
    return tuple(found)


def summary_of(place: str, name: str) -> str:
    """Return the first paragraph of the docstring of a class."""
    text = ast.get_docstring(_class(read_text(PACKAGE / place), place, name)) or ""
    return " ".join(text.split("\n\n")[0].split())


def _class(source: str, place: str, name: str) -> ast.ClassDef:
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    raise UsageError(f"vsim/{place}: has no class {name}. Correct vsim/{TEXT}.")


@cache
def week_steps() -> tuple[tuple[int, str, str], ...]:
    """Return the numbered week of `vsim.run.simulate`: (number, what happens, where), and no step left out."""
    doc = ast.get_docstring(ast.parse(read_text(PACKAGE / WEEK))) or ""
    steps: list[tuple[int, list[str], list[str]]] = []
    for line in doc.splitlines():
        new = STEP.match(line)
        if new is None and not (steps and line.startswith("    ")):
            continue
        words, _, where = GAP.sub("\n", new.group(2) if new else line.strip()).partition("\n")
        if new:
            steps.append((int(new.group(1)), [], []))
        steps[-1][1].append(words)
        steps[-1][2].append(where)
    return tuple((number, " ".join(words), " ".join(filter(None, where))) for number, words, where in steps)


def week_notes() -> tuple[str, ...]:
    """Return the paragraphs of the week's docstring that are no numbered list: head, lead-in and what follows it."""
    return tuple(part for part in paragraphs(WEEK) if not re.match(r"1 ", part))


def described() -> Iterator[str]:
    """Yield the modules whose docstrings the description shows, by their place in the package."""
    yield WEEK
    for room in ("process", "world", "observe"):
        yield from (f"{room}/{path.name}" for path in sorted((PACKAGE / room).glob("*.py")) if path.stem[0] != "_")
    yield from (f"office/{stem}.py" for stem in stems_of(OFFICES))


def entities() -> list[tuple[str, str]]:
    """Return the classes whose fields are state variables: (place, class), in the order of the description."""
    named = [*(item for entity in odd_text()["entities"] for item in entity["of"]), "../rng.py:Stream"]
    return [(place.removeprefix("../"), name) for place, _, name in (item.partition(":") for item in named)]


def code_messages() -> Iterator[tuple[str, str]]:
    """Yield every message of the description with the file that it stands in."""
    for place in described():
        steps = (text for _, what, where in week_steps() for text in (what, where.partition("`")[0].strip()))
        words = [*week_notes(), *steps] if place == WEEK else paragraphs(place)
        yield from ((text, f"vsim/{place}") for text in words)
    for place, name in entities():
        yield summary_of(place, name), f"vsim/{place}"
        yield from ((comment, f"vsim/{place}") for _, comment in fields_of(place, name))
    yield from ((text, f"vsim/{TEXT}") for text in _texts(odd_text()))


def _texts(value: Any, name: str = "") -> Iterator[str]:
    """Yield the words of the texts: titles and paragraphs, not ids and places."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
    elif name in ("title", "text", "rationale"):
        yield str(value)
