"""Looking over scenario and study files: each finding with its file and line; and reforms written onto a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vsim.errors import UsageError
from vsim.kernels.build import write_whole
from vsim.run.idle import idle
from vsim.run.sweep import read
from vsim.run.sweep_plan import runs_of
from vsim.spec.design_study import find_study, study_names
from vsim.spec.lint import Finding, lint
from vsim.spec.loading import Document, read_yaml, shown
from vsim.spec.policy import Policy
from vsim.spec.reforms import Reform
from vsim.spec.scenario import SUFFIXES, Scenario, find_scenario, load_scenario

STUDY = {"base", "outcomes"}  # keys by which a file is a study


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the place where it stands: "file:line", or the file alone for what another file brought in."""

    where: str
    kind: str
    text: str
    note: bool = False


def look(name: str) -> Iterator[Found]:
    """Yield what to look at in a scenario or a study, by name or path; what is not allowed is the only finding then.

    Raises
    ------
    UsageError
        When there is no such file.
    """
    path = find_study(name) if name in study_names() else find_scenario(name, Path())
    if not path.exists():
        raise UsageError(f"{shown(path)}: no such file. Check the spelling and the folder you are in.")
    try:
        document = read_yaml(path)
        if set(document.data) >= STUDY:
            yield from _study(path)
            return
        scenario = load_scenario(path)
    except UsageError as error:
        yield _wrong(path, error)
        return
    yield from _scenario(document, scenario)


def _wrong(path: Path, error: UsageError) -> Found:
    """Return an error as a finding; it names file and line itself."""
    where, parted, text = str(error).partition(": ")
    return Found(where, "wrong", text) if parted and where.startswith(shown(path)) else Found(
        shown(path), "wrong", str(error))


def _scenario(document: Document, scenario: Scenario) -> Iterator[Found]:
    for item in (*lint(scenario), *idle(scenario)):
        where = document.where(item.place) if item.place[0] in document.data else shown(document.path)
        yield Found(where, item.kind, item.text, item.note)


def _study(path: Path) -> Iterator[Found]:
    """Yield what is wrong with a study, and what to look at in the arms that it makes itself."""
    loaded = read(path)
    runs_of(loaded)
    seen: set[tuple[str, str]] = set()
    base = {(item.kind, item.text) for item in _all(loaded.arms["base"])}
    for name, arm in loaded.plan.arms.items():
        if arm.scenario is not None:
            continue
        for item in _all(loaded.arms[name]):
            if (item.kind, item.text) not in base | seen:
                seen.add((item.kind, item.text))
                yield Found(read_yaml(path).where(("arms", name)), item.kind, f"{name}: {item.text}", item.note)


def _all(scenario: Scenario) -> list[Finding]:
    return [*lint(scenario), *idle(scenario)]


def write_reformed(one: Reform, base: str, out: Path, start_week: int | None = None) -> Scenario:
    """Write a scenario file: a base with a reform, every policy in full; return the scenario that it holds.

    Raises
    ------
    UsageError
        When the file is there already, or base and reform do not go together.
    """
    if out.exists():
        raise UsageError(f"run reforms: {out} exists. Name another file, or remove it.")
    if out.suffix not in SUFFIXES:
        raise UsageError(f"run reforms: {out} is no name of a scenario file; allowed names that end in .yaml.")
    source = find_scenario(base, Path())
    pilot = one.on(load_scenario(base), start_week=start_week)
    extends = base if source.parent.name == "scenarios" and source.stem == base else str(source.resolve())
    fields: dict[str, Any] = {
        "title": one.title, "question": one.sentence, "extends": extends, "parameters": dict(one.parameters),
        "policies": [plain(policy) for policy in pilot.policies],
    }
    text = yaml.safe_dump({key: value for key, value in fields.items() if value}, sort_keys=False, allow_unicode=True,
                          width=120)
    write_whole(out, f"# {one.name} on {base}: clauses {', '.join(one.clauses)}\n{text}")
    return pilot


def plain(policy: Policy) -> dict[str, Any]:
    """Return a policy as it is written in a file, without what is left out."""
    return {name: value for name, value in policy.model_dump(exclude_defaults=True).items() if value is not None}
