"""Rule 2: modules of 80-250 lines, none over 300; one stem, one idea."""

from __future__ import annotations

import ast

import pytest

from tests.house.repo import PACKAGE, ROOT, parsed, sources

MOST = 300
ENGINE = {                       # kernel files that hold no idea of the week, and what each is instead
    "arithmetic": "the twin of vsim.exact",
    "draws": "the twin of vsim.rng",
    "build": "joins and compiles the stems",
    "packing": "names of scalars and tables to places in arrays, used by build",
    "layout": "the arrays that the kernels are given",
    "agenda": "who may act in which week; the plain week looks at everybody",
    "ceilings": "bounds on chances for the agenda",
    "turnover": "the agenda filled, and step 13 for those on it, whose plain twin is vsim.process.retention",
    "stocks": "what stands at the end of a week, carried on; the plain week counts it",
    "records": "residents brought together and taken apart",
    "attendance": "steps 8 and 9 of the week, whose plain twin is vsim.run.attendance",
    "recognition": "steps 11 and 12 fused: stars, points, credits and courses, whose plain twin is vsim.run.simulate",
    "words": "many keyed draws at once, whose plain twin is vsim.rng",
    "needs": "organisations and sources of need, whose plain twins are in vsim.world",
    "residents": "who the residents are, whose plain twins are vsim.world.people and vsim.world.work",
    "ties": "whom they know, whose plain twin is vsim.world.ties",
    "standing": "who is on the register before the first week, whose plain twin is vsim.world.state",
    "week": "the fused loop, whose plain twin is vsim.run.simulate",
}
HOMES = {                        # card files of a process whose own name names the cards of a world file already
    "process": {"lifecycle": "organisations", "trust": "organisations"},
}
LEVER_BASE = {"base"}           # what every lever is made of; not a lever itself


def stems(room: str) -> set[str]:
    return {name.rpartition("/")[2][:-3] for name in sources(room)} - {"__init__"}


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {name: text.count("\n") for name, text in sources().items()}
    assert lengths
    middling = {name for name, lines in lengths.items() if 80 <= lines <= 250}
    print(f"{len(lengths)} modules, {len(middling)} of 80 to 250 lines")
    assert {name: lines for name, lines in lengths.items() if lines > MOST} == {}


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    silent = [name for name, text in sources().items() if not (ast.get_docstring(parsed(text)) or "").strip()]
    assert silent == []


def test_every_lever_is_one_stem_with_code_card_and_test() -> None:
    levers = stems("levers") - LEVER_BASE
    cards = {path.stem for path in (PACKAGE / "levers").glob("*.yaml")}
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "levers").glob("test_*.py")}
    assert levers
    assert levers == cards
    assert levers - tests == set()


def test_every_lever_is_in_the_one_list() -> None:
    import vsim.levers

    listed = {lever.__module__.rpartition(".")[2] for lever in vsim.levers.BY_NAME.values()}
    assert listed == stems("levers") - LEVER_BASE


def test_every_idea_of_the_week_is_written_twice_plain_and_compiled() -> None:
    processes, kernels = stems("process"), stems("kernels")
    assert set(ENGINE) <= kernels
    assert kernels - set(ENGINE) == processes


@pytest.mark.parametrize("room", ["process", "world", "observe"])
def test_every_card_file_stands_beside_the_code_that_reads_it(room: str) -> None:
    homes = HOMES.get(room, {})
    cards = {path.stem for path in (PACKAGE / room).glob("*.yaml")}
    assert {homes.get(card, card) for card in cards} - stems(room) == set()
    assert set(homes) <= cards
    taken = {path.stem for path in (PACKAGE / "world").glob("*.yaml")}
    assert set(homes.values()) <= taken, "a card file takes the name of the code that reads it where it can"


def test_every_package_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py") if "assets" not in path.relative_to(PACKAGE).parts}
    assert [folder.name for folder in folders if not (folder / "__init__.py").exists()] == []


def test_only_the_command_line_prints() -> None:
    loud = {
        name
        for name, text in sources().items()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if not name.startswith("cli/")
    }
    assert loud == set()
