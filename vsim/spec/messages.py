"""Collects every message and keeps the Chinese catalogue in step: `python -m vsim.spec.messages [--check]`.

Messages are the words inside `t("...")` and `both("...")`, the labels and units of indicators, and what a
reader sees of cards, levers, tables and scenarios. Babel, which does the catalogue work, is needed here only;
vsim itself reads the compiled catalogue with the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

from vsim.spec.cards import EVIDENCE, load_cards
from vsim.spec.clauses import STATUS
from vsim.spec.code_words import code_messages
from vsim.spec.experiments import load_experiments
from vsim.spec.lever_files import load_levers
from vsim.spec.loading import PACKAGE, read_text, read_yaml, shown
from vsim.spec.message_calls import in_source
from vsim.spec.reforms import load_reforms
from vsim.spec.structures import load_structures
from vsim.spec.tables import load_office_tables, load_platform_tables, load_study_tables, load_tables
from vsim.spec.targets import USES, VIEWS, load_targets

SKIPPED = {"i18n.py", "messages.py"}
KPI_WORDS = ("label", "numerator", "denominator", "unit", "window", "source")      # of a card that a reader sees

Found = tuple[str, str]


def collect() -> dict[str, list[str]]:
    """Return every message with the files that it stands in, both in a fixed order."""
    messages: dict[str, set[str]] = {}
    for message, place in [*from_code(), *from_declarations()]:
        if message.strip():
            messages.setdefault(message, set()).add(place)
    return {message: sorted(messages[message]) for message in sorted(messages)}


def from_code() -> Iterator[Found]:
    """Yield the messages in the code of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name not in SKIPPED and "assets" not in path.relative_to(PACKAGE).parts:
            for message in in_source(read_text(path)):
                yield message, shown(path)


def from_declarations() -> Iterator[Found]:
    """Yield what a reader sees of cards, levers, tables and scenarios, and what the code says of itself."""
    for card in load_cards().values():
        yield from ((text, card.path) for text in (card.label, card.unit))
    for lever in load_levers().values():
        place = f"vsim/levers/{lever.name}.yaml"
        yield from ((text, place) for text in (lever.label, lever.reach, lever.description, *lever.channels))
        yield from ((effect.says, place) for effect in lever.effects)
    tables = {"tables": load_tables(), "tables/office": load_office_tables(), "tables/study": load_study_tables(),
              "observe/tables": load_platform_tables()}
    for at, table in ((at, table) for at, some in tables.items() for table in some.values()):
        place = f"vsim/{at}/{table.name}.yaml"
        yield from ((text, place) for text in (table.title, table.label, table.description))
        for column in table.columns:
            texts = (column.label, column.description, column.unit or "", *column.enum_labels.values())
            yield from ((text, place) for text in texts)
    yield from ((word, "vsim/spec/") for word in (*EVIDENCE, *STATUS, *USES, *VIEWS))
    yield from ((target.quantity, "vsim/targets.csv") for target in load_targets().values())
    for row in load_experiments().values():
        yield from ((text, "vsim/experiments.yaml") for text in (row.label, row.unit, row.how, row.note))
    yield from ((one.label, "vsim/structures.yaml") for one in load_structures().values())
    kpis = PACKAGE / "evaluate" / "kpi" / "cards.yaml"
    yield from ((str(card.get(key) or ""), shown(kpis)) for card in read_yaml(kpis).data.values() for key in KPI_WORDS)
    yield from code_messages()
    yield from ((text, f"vsim/reforms/{one.name}.yaml") for one in load_reforms().values()
                for text in (one.title, one.sentence))
    for path in sorted((*(PACKAGE / "scenarios").glob("*.yaml"), *(PACKAGE / "studies").glob("*.yaml"))):
        data = read_yaml(path).data
        yield from ((str(data.get(key) or ""), shown(path)) for key in ("title", "question"))


def placeholders(message: str) -> set[str]:
    """Return the names in the braces of a message.

    >>> sorted(placeholders("{n} of {total:,} weeks"))
    ['n', 'total']
    """
    try:
        return {name for _, name, _, _ in Formatter().parse(message) if name is not None}
    except ValueError:
        return set()


def problems(folder: Path | None = None) -> list[str]:
    """Return what is wrong with the catalogue, in plain lines; none when it is complete and fresh."""
    from vsim.spec import catalogue

    book = catalogue.read(folder)
    messages = collect()
    lines = [f"not in the catalogue: {_short(message)} ({messages[message][0]})" for message in messages
             if book.get(message) is None]
    for message in book:
        text = message.string if isinstance(message.string, str) else ""
        name = str(message.id)
        if not name:
            continue
        if name not in messages:
            lines.append(f"no longer in vsim: {_short(name)}")
        elif message.fuzzy:
            lines.append(f"fuzzy: {_short(name)}")
        elif not text:
            lines.append(f"no translation: {_short(name)} ({messages[name][0]})")
        elif placeholders(name) != placeholders(text):
            lines.append(f"braces differ: {_short(name)} | {_short(text)}")
    if not catalogue.is_compiled(book, folder):
        lines.append("vsim.mo is older than vsim.po")
    return lines


def _short(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= 70 else text[:67] + "..."


def main(arguments: Iterable[str] = ()) -> int:
    """Bring the catalogue up to date, or with --check say what is wrong with it. Return the exit code."""
    words = list(arguments)
    if words not in ([], ["--check"]):
        sys.stderr.write(f"messages: arguments are {' '.join(words)}; allowed --check, or none.\n")
        return 2
    try:
        from vsim.spec import catalogue
    except ImportError:
        sys.stderr.write("messages: Babel is not installed. Install the extra dev: pip install -e '.[dev]'\n")
        return 2
    if words:
        found = problems()
        sys.stdout.writelines(f"{line}\n" for line in found)
        last = f"{len(found)} problems in the catalogue. Run make messages, then translate."
        sys.stdout.write(f"{last if found else 'the catalogue is complete'}\n")
        return 1 if found else 0
    catalogue.update(collect())
    left = problems()
    sys.stdout.write(f"catalogue written; {len(left)} messages to translate or to check\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
