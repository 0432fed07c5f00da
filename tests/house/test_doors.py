"""What the READMEs, the Makefile, .ci/run and the command line say agrees: a command that is written down works."""

from __future__ import annotations

import re
import shlex
import subprocess
from functools import cache
from typing import Any

import pytest

from tests.house.repo import ROOT, files, texts

READMES = ("README.md", "README.zh-CN.md")
RECIPES = ("lever", "parameter", "table", "lesson", "estimator")
BUILT_IN = {"--help", "--version", "--install-completion", "--show-completion"}


def blocks(text: str) -> list[str]:
    """Return the contents of the fenced code blocks of a Markdown text."""
    return re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def written(text: str, program: str) -> list[list[str]]:
    """Return the words of each command of a program in code blocks and in inline code."""
    lines = [line for block in blocks(text) for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", text)
    found = []
    for line in lines:
        plain = re.sub(r"\s(#|→|-->).*$", "", line.strip().removeprefix("$ ").removeprefix("> "))
        plain = re.sub(r"^(?:\.venv[/\\](?:bin|Scripts)[/\\])", "", plain)
        if plain == program or plain.startswith(f"{program} "):
            found.append(shlex.split(plain.replace("\\", "/")))
    return found


@cache
def targets() -> dict[str, str]:
    """Return the targets of the Makefile with their recipes."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z]+):[^=\n]*\n((?:\t[^\n]*\n)+)", text, re.MULTILINE))


@cache
def commands() -> dict[tuple[str, ...], Any]:
    """Return every command of the command line by its words, groups included; () is vsim itself."""
    from typer.main import get_command

    from vsim.cli.main import app

    found: dict[tuple[str, ...], Any] = {}

    def walk(words: tuple[str, ...], command: Any) -> None:
        found[words] = command
        for name, child in getattr(command, "commands", {}).items():
            if not getattr(child, "hidden", False):
                walk((*words, name), child)

    walk((), get_command(app))
    return found


def options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | BUILT_IN


def fault(words: list[str]) -> str | None:
    """Return what is wrong with a command line that begins with "vsim", or None."""
    known = commands()
    path: tuple[str, ...] = ()
    rest = words[1:]
    while rest and (*path, rest[0]) in known:
        path, rest = (*path, rest[0]), rest[1:]
    here = known[path]
    if getattr(here, "commands", None) and rest and not rest[0].startswith(("-", "<", "[")):
        return f"vsim {' '.join(path)} has no command {rest[0]}"
    given = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    unknown = given - options(here) - options(known[()])
    return f"vsim {' '.join(path)} has no option {sorted(unknown)}" if unknown else None


def test_every_target_of_the_makefile_is_listed_and_does_something() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    helped = set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE))
    assert phony == helped == set(targets())
    assert {"demo", "check", "test", "prove", "lab", "datasets", "bench", "messages", "setup", "clean"} <= phony
    for name, recipe in targets().items():
        assert re.sub(r"^\t@?(echo|true|:)\b.*\n", "", recipe, flags=re.MULTILINE).strip(), f"{name} is a stub"


def test_every_vsim_command_of_the_makefile_exists() -> None:
    used = [line for recipe in targets().values() for line in re.findall(r"\.venv/bin/(vsim .*)", recipe)]
    assert used
    assert [wrong for line in used if (wrong := fault(shlex.split(line)))] == []


@pytest.mark.parametrize("target", ["help", "demo", "check", "test", "clean"])
def test_make_understands_its_targets(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_make_alone_lists_every_command() -> None:
    done = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert {line.split()[1] for line in done.stdout.splitlines()} == set(targets())


def test_files_that_the_makefile_and_ci_call_can_be_run() -> None:
    called = set(re.findall(r"\.ci/[a-z-]+", (ROOT / "Makefile").read_text(encoding="utf-8"))) | {".ci/run"}
    for name in called:
        assert (ROOT / name).stat().st_mode & 0o111, name
        assert (ROOT / name).read_text(encoding="utf-8").startswith("#!"), name


def test_the_build_server_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for name in READMES:
        assert ["make", "test"] in written((ROOT / name).read_text(encoding="utf-8"), "make"), name


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_every_make_command_that_is_written_down_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    used = {word for words in written(text, "make") for word in words[1:] if re.fullmatch(r"[a-z]+", word)}
    assert used
    assert used - set(targets()) == set()


def test_every_vsim_command_that_is_written_down_exists_with_its_options() -> None:
    faults = [
        f"{name}: {wrong}"
        for name, text in texts().items()
        if name.endswith(".md") and not name.startswith("tests/")
        for words in written(text, "vsim") if (wrong := fault(words))
    ]
    assert faults == []


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_every_command_of_the_command_line(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    leaves = [words for words, command in commands().items() if words and not getattr(command, "commands", None)]
    assert leaves
    assert [f"vsim {' '.join(words)}" for words in leaves if f"vsim {' '.join(words)}" not in text] == []


def test_every_command_says_what_it_does_and_every_option_what_it_means() -> None:
    for words, command in commands().items():
        assert (command.help or "").strip(), f"vsim {' '.join(words)}"
        for parameter in command.params:
            if getattr(parameter, "opts", [""])[0].startswith("-"):
                assert (parameter.help or "").strip(), f"vsim {' '.join(words)} {parameter.opts[0]}"


def test_a_command_that_does_not_exist_is_found() -> None:
    assert fault(["vsim", "conjure"]) is not None
    assert fault(["vsim", "demo", "--no-such-option"]) is not None
    assert fault(["vsim", "demo"]) is None


def test_both_readmes_show_the_same_commands() -> None:
    def shown(name: str) -> list[list[str]]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return [words for program in ("make", "vsim", "git", "pip", "conda") for words in written(text, program)]

    assert sorted(map(tuple, shown(READMES[0]))) == sorted(map(tuple, shown(READMES[1])))


def test_every_link_to_a_file_leads_somewhere() -> None:
    dead = []
    for name, text in texts().items():
        if name.endswith(".md"):
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
                if "://" not in target and not target.startswith("mailto:"):
                    if not (ROOT / name).parent.joinpath(target).exists():
                        dead.append(f"{name}: {target}")
    assert dead == []


def test_the_five_recipes_have_ten_lines_at_most_and_name_what_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipes = dict(re.findall(r"^## Add an? (\w+)\n+(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert tuple(recipes) == RECIPES
    for name, body in recipes.items():
        assert 1 <= len([line for line in body.strip().splitlines() if line.strip()]) <= 10, name
    named = set(re.findall(r"`((?:vsim|tests|datasets|benchmarks)/[\w./-]+)`", text))
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_documents_of_the_house_are_there() -> None:
    wanted = {*READMES, "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-CONTENT"}
    assert wanted - set(files()) == set()
